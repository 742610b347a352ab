"""Counts of parked cars as they were written down, and their table by lot, day and half-hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from linli.civic.parking.domain.gate.specification import Floats

SLOTS = 49
"""Half-hours of a day, each the nearest to the time of a count; the last is midnight at its end."""

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Record:
    """One count: the line it stands in, the lot, its capacity, the cars counted, and when."""

    line: int
    lot: str
    capacity: int
    occupied: int
    at: datetime

    @property
    def possible(self) -> bool:
        """Whether so many cars can stand there at all."""
        return 0 <= self.occupied <= self.capacity

    @property
    def share(self) -> float:
        """The share of the capacity that is taken; what is impossible is cut to 0 or 1."""
        return min(max(self.occupied, 0), self.capacity) / self.capacity

    @property
    def slot(self) -> int:
        """The nearest half-hour of the day."""
        minutes = self.at.hour * 60 + self.at.minute + self.at.second / 60
        return int(minutes / 30 + 0.5)


@dataclass(slots=True)
class Counts:
    """The records without repetition, and the lines that are repeated, contradictory or impossible.

    A repeated line says the same as an earlier one. A contradictory one gives another number for the same lot
    and time; the earlier stands. An impossible one, below zero or above the capacity, is kept and cut to the
    bounds where it is used.
    """

    rows: int = 0
    records: list[Record] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    contradictory: list[int] = field(default_factory=list)
    impossible: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """Shares by lot, day and half-hour; not a number where nothing was counted."""

    lots: tuple[str, ...]
    first_day: date
    shares: Floats

    @classmethod
    def of(cls, records: Sequence[Record]) -> Table:
        """The table of the records; counts of one half-hour are averaged."""
        lots = tuple(sorted({record.lot for record in records}))
        number = {lot: position for position, lot in enumerate(lots)}
        first = min(record.at.date() for record in records)
        last = max(record.at.date() for record in records)
        shape = (len(lots), (last - first).days + 1, SLOTS)
        totals, counts = np.zeros(shape), np.zeros(shape)
        for record in records:
            place = number[record.lot], (record.at.date() - first).days, record.slot
            totals[place] += record.share
            counts[place] += 1
        shares = np.divide(totals, counts, out=np.full(shape, np.nan), where=counts > 0)
        return cls(lots, first, shares)

    @property
    def days(self) -> int:
        """Days from the first to the last, with and without counts."""
        return int(self.shares.shape[1])

    def date_of(self, day: int) -> date:
        """The date of a day number."""
        return self.first_day + timedelta(days=day)

    def day_of(self, on: date) -> int:
        """The number of a date."""
        return (on - self.first_day).days

    def is_weekend(self, day: int) -> bool:
        """Whether a day is a Saturday or Sunday."""
        return self.date_of(day).weekday() >= SATURDAY
