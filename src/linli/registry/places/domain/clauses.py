"""The legal grounds that the pages of places name."""

from __future__ import annotations

AREA = "建筑物区分所有权解释第八条"
