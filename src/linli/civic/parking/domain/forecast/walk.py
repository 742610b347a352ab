"""Walking through the days: each is forecast from what came before, then compared, then learned from.

The band is as wide as the errors of the latest days of its kind were, lot by lot and half-hour by half-hour;
where the days before left the band too often, the next one is wider, and narrower where too seldom (adaptive
conformal inference, Gibbs and Candès 2021).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from linli.civic.parking.domain.forecast.model import SIGNS, blend, fallback, signs
from linli.civic.parking.domain.forecast.records import SLOTS, Table
from linli.civic.parking.domain.gate.specification import Floats

MISSES = 0.10
"""The band is meant to leave out one count in ten, half of them above and half below."""

STEP = 0.3
FIRST_DAY = 8
WORKING_DAYS, WEEKEND_DAYS = 10, 4
FEWEST_DAYS_FOR_A_BAND = 2
COUNTS_OF_TRUST = 30.0
EDGES = (0.005, 0.5)


@dataclass(frozen=True, slots=True)
class DayForecast:
    """One day by lot and half-hour, as shares of the capacity: the forecast and the bounds of its band."""

    day: int
    value: Floats
    low: Floats
    high: Floats


@dataclass(slots=True)
class Walk:
    """What was learned on the way; ``advance`` goes on by one day."""

    table: Table
    day: int = FIRST_DAY
    _signs: list[Floats] = field(default_factory=list)
    _shares: list[Floats] = field(default_factory=list)
    _errors: dict[int, Floats] = field(default_factory=dict)
    _misses: dict[bool, float] = field(default_factory=lambda: {False: MISSES, True: MISSES})

    def __post_init__(self) -> None:
        for day in range(7, self.day):
            self._learn(day, signs(self.table, day))

    def forecast(self) -> DayForecast:
        """The forecast of the day that is next, from the days before it alone."""
        told = self._told(signs(self.table, self.day))
        low, high = self._bounds()
        return DayForecast(self.day, told, np.clip(told + low, 0.0, 1.0), np.clip(told + high, 0.0, 1.0))

    def advance(self) -> DayForecast:
        """Forecast the day, then compare it with what was counted, and go on to the day after."""
        made = self.forecast()
        counted = self.table.shares[:, self.day]
        there = np.isfinite(counted)
        if there.any():
            inside = (counted >= made.low - 1e-12) & (counted <= made.high + 1e-12) & there
            if len(self._like_days()) >= FEWEST_DAYS_FOR_A_BAND:
                missed = 1.0 - inside.sum() / there.sum()
                self._misses[self.table.is_weekend(self.day)] += STEP * (MISSES - missed)
            self._errors[self.day] = counted - made.value
        self._learn(self.day, signs(self.table, self.day))
        self.day += 1
        return made

    def _told(self, of_day: Floats) -> Floats:
        weights = blend(
            np.concatenate(self._signs) if self._signs else np.zeros((0, SIGNS)),
            np.concatenate(self._shares) if self._shares else np.zeros(0),
        )
        blended = np.einsum("lts,s->lt", of_day, weights)
        return np.clip(np.where(np.isnan(blended), fallback(self.table, self.day), blended), 0.0, 1.0)

    def _learn(self, day: int, of_day: Floats) -> None:
        counted = self.table.shares[:, day]
        known = np.isfinite(counted) & np.isfinite(of_day).all(axis=2)
        if known.any():
            self._signs.append(of_day[known])
            self._shares.append(counted[known])

    def _like_days(self) -> list[int]:
        """The latest days of the same kind, working days or weekend days, whose errors are known."""
        weekend = self.table.is_weekend(self.day)
        like = [day for day in self._errors if self.table.is_weekend(day) == weekend]
        return like[-(WEEKEND_DAYS if weekend else WORKING_DAYS) :]

    def _bounds(self) -> tuple[Floats, Floats]:
        """How far below and above the forecast the band reaches, by lot and half-hour."""
        latest = self._like_days()
        shape = (len(self.table.lots), SLOTS)
        if len(latest) < FEWEST_DAYS_FOR_A_BAND:
            return np.full(shape, -1.0), np.full(shape, 1.0)
        weekend = self.table.is_weekend(self.day)
        errors = np.stack([self._errors[day] for day in latest], axis=1)
        width = _typical(errors)
        scaled = (errors / width[:, None, :])[np.isfinite(errors)]
        misses = min(max(self._misses[weekend], EDGES[0]), EDGES[1])
        low, high = np.quantile(scaled, [misses / 2, 1.0 - misses / 2])
        return low * width, high * width


def _typical(errors: Floats) -> Floats:
    """The typical size of the errors by lot and half-hour: the lot's, drawn to all lots', times the hour's."""
    there, size = np.isfinite(errors), np.abs(np.where(np.isfinite(errors), errors, 0.0))
    overall = max(float(size.sum() / there.sum()), 1e-6)
    of_lot = (size.sum(axis=(1, 2)) + COUNTS_OF_TRUST * overall) / (there.sum(axis=(1, 2)) + COUNTS_OF_TRUST)
    counts = there.sum(axis=(0, 1))
    of_slot = np.divide(size.sum(axis=(0, 1)), counts, out=np.full(SLOTS, overall), where=counts > 0)
    of_slot = np.maximum(of_slot / overall, 0.1)
    return np.asarray(of_lot[:, None] * of_slot[None, :])
