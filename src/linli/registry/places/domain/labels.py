"""Sheets of labels: how many stand on an A4 sheet, by the size that is wanted."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """A size of labels: ``columns`` by ``rows`` on a sheet. How large each is stands in the style sheet."""

    code: str
    columns: int
    rows: int

    @property
    def per_sheet(self) -> int:
        """How many labels one sheet holds."""
        return self.columns * self.rows


SIZES = (Size("s", 4, 6), Size("m", 3, 4), Size("l", 2, 2))
"""For lamps and benches, for doors and lifts, for gates and squares; each fills an A4 sheet but for its edge."""

BATCH = 240
"""So many labels one page holds, whole sheets of every size; more follow on the next page."""


def size_of(code: str) -> Size:
    """The size with this code; the middle one for any other."""
    return next((size for size in SIZES if size.code == code), SIZES[1])
