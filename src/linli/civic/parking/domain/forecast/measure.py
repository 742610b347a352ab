"""How good the forecast was: every count of the days in question, each day from what came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from linli.civic.parking.domain.forecast.model import signs
from linli.civic.parking.domain.forecast.records import Record, Table
from linli.civic.parking.domain.forecast.walk import DayForecast, Walk
from linli.ground.kernel.errors import Invalid

FEWEST_DAYS_BEFORE = 21
HOW_MEASURED = (
    "每天只用前一天为止的记录预测；逐条记录比较，误差是占车位数的份额，取绝对值后平均；"
    "不可能的数（负数、超过车位数）截到 0 或满位后参加比较，重复的记录只算一次；"
    "对照是最近一个有记录的同星期几同时刻的数。"
)


@dataclass(frozen=True, slots=True)
class DayScore:
    """The counts of one day: how many, what was missed in all, how many lay in the band, and how wide it was.

    ``missed`` and ``widths`` are sums of shares of the capacity. The baseline is the latest same weekday,
    over the counts that have one.
    """

    on: date
    counts: int
    missed: float
    inside: int
    widths: float
    baseline_counts: int
    baseline_missed: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All days in question together, and the forecast of the day after the last record."""

    days: tuple[DayScore, ...]
    next_day: DayForecast

    @property
    def mae(self) -> float:
        """The mean absolute error, as a share of the capacity."""
        return sum(day.missed for day in self.days) / self.counts

    @property
    def baseline_mae(self) -> float:
        """The mean absolute error of the latest same weekday; zero where there is none at all."""
        return sum(day.baseline_missed for day in self.days) / max(
            sum(d.baseline_counts for d in self.days), 1
        )

    @property
    def band_width(self) -> float:
        """The mean width of the band, as a share of the capacity."""
        return sum(day.widths for day in self.days) / self.counts

    @property
    def counts(self) -> int:
        """How many counts were compared."""
        return sum(day.counts for day in self.days)

    @property
    def coverage(self) -> float:
        """The share of the counts that lay in the band of 90 of 100."""
        return sum(day.inside for day in self.days) / self.counts


def measure(table: Table, records: Sequence[Record], first: date, last: date) -> Measured:
    """Walk through all days and score those from ``first`` to ``last``.

    Refuses a first day with fewer than 21 days before it, and a time in which nothing was counted.
    """
    if table.day_of(first) < FEWEST_DAYS_BEFORE:
        raise Invalid(
            "too_little_before",
            "从 {day} 起衡量，之前要有至少 {least} 天，记录从 {start} 才开始。",
            day=first.isoformat(),
            least=FEWEST_DAYS_BEFORE,
            start=table.first_day.isoformat(),
        )
    by_day: dict[int, list[Record]] = {}
    for record in records:
        by_day.setdefault(table.day_of(record.at.date()), []).append(record)
    scores = []
    walk = Walk(table)
    for day in range(walk.day, table.days):
        made = walk.advance()
        if first <= table.date_of(day) <= last and day in by_day:
            scores.append(_score(table, by_day[day], made))
    if not scores:
        raise Invalid(
            "nothing_counted",
            "{first} 到 {last} 之间没有一条记录。",
            first=first.isoformat(),
            last=last.isoformat(),
        )
    return Measured(tuple(scores), walk.forecast())


def _score(table: Table, records: list[Record], made: DayForecast) -> DayScore:
    number = {lot: position for position, lot in enumerate(table.lots)}
    where = tuple(np.array([(number[record.lot], record.slot) for record in records]).T)
    counted = np.array([record.share for record in records])
    inside = (counted >= made.low[where] - 1e-12) & (counted <= made.high[where] + 1e-12)
    last_week = signs(table, made.day)[..., 0][where]
    known = np.isfinite(last_week)
    return DayScore(
        on=table.date_of(made.day),
        counts=len(records),
        missed=float(np.abs(counted - made.value[where]).sum()),
        inside=int(inside.sum()),
        widths=float((made.high[where] - made.low[where]).sum()),
        baseline_counts=int(known.sum()),
        baseline_missed=float(np.abs(counted - last_week)[known].sum()),
    )
