"""Filling a message's template; a missing value shows as a gap, never as a fault."""

from __future__ import annotations

from collections.abc import Mapping


class _Gaps(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "……"


def fill(template: str, data: Mapping[str, object]) -> str:
    """The template with its ``{name}`` places filled."""
    return template.format_map(_Gaps(data))
