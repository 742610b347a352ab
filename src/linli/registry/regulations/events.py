"""What the house is told about the law's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HolidaysEntered:
    """A year's holiday table was entered; provisional days can be recomputed."""

    year: int
    at: datetime
