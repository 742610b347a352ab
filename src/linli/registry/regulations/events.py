"""What the house is told about the law's calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HolidaysEntered:
    """A year's holiday table was entered; provisional days can be recomputed.

    Whoever recomputes something says how many by ``recomputed``, which is told to the one who entered it.
    """

    year: int
    at: datetime
    counts: list[int] = field(default_factory=list)

    def recomputed(self, count: int) -> None:
        """So many promised days were made firm."""
        self.counts.append(count)
