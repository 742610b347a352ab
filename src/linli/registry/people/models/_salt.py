"""The salt of a row that holds something personal."""

from __future__ import annotations

import secrets


def fresh_salt() -> bytes:
    """Sixteen random bytes. Emptying a row and drawing another salt leaves nothing to guess from the log."""
    return secrets.token_bytes(16)
