"""Tomorrow out of the days before: a blend of the same weekday in past weeks and of the latest like days.

The blend is the one that would have missed least, by mean absolute error, on all earlier days together.
"""

from __future__ import annotations

import numpy as np

from linli.civic.parking.domain.forecast.records import SLOTS, Table
from linli.civic.parking.domain.gate.specification import Floats

WEEKS_BACK = 8
DAYS_BACK = 14
SAME_WEEKDAYS = 3
LIKE_DAYS = 2
SIGNS = SAME_WEEKDAYS + LIKE_DAYS
FEWEST_COUNTS_TO_LEARN = 200
PULL = 1.0
ROUNDS = 12
SMALLEST_ERROR = 0.01


def signs(table: Table, day: int) -> Floats:
    """What the days before say of each lot and half-hour: the last three same weekdays, the last two like days.

    Like days are working days (Monday to Friday) or weekend days. Nothing of ``day`` itself or later is
    looked at. A sign that is missing is taken from the nearest other; not a number where there is none.
    """
    weekdays = [day - 7 * week for week in range(1, WEEKS_BACK + 1) if day >= 7 * week]
    like = [
        other
        for other in range(day - 1, max(-1, day - DAYS_BACK - 1), -1)
        if table.is_weekend(other) == table.is_weekend(day)
    ]
    found = np.concatenate([_latest(table, weekdays, SAME_WEEKDAYS), _latest(table, like, LIKE_DAYS)], axis=2)
    found[..., 0] = _else(found[..., 0], found[..., SAME_WEEKDAYS])
    for sign in range(1, SIGNS):
        found[..., sign] = _else(found[..., sign], found[..., sign - 1 if sign < SAME_WEEKDAYS else 0])
    return found


def _latest(table: Table, days: list[int], count: int) -> Floats:
    """The latest ``count`` values of each lot and half-hour among the given days, latest first."""
    found = np.full((len(table.lots), SLOTS, count), np.nan)
    seen = np.zeros((len(table.lots), SLOTS), dtype=np.int64)
    for day in days:
        shares = table.shares[:, day]
        there = np.isfinite(shares)
        for number in range(count):
            take = there & (seen == number)
            found[take, number] = shares[take]
        seen += there
    return found


def _else(wanted: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(wanted), other, wanted)


def blend(past_signs: Floats, past_shares: Floats) -> Floats:
    """The weights of the signs that would have missed least on the past, pulled gently to last week.

    Least absolute deviations by repeated weighting, so that one odd day does not bend the rest.
    """
    prior = np.zeros(SIGNS)
    prior[0] = 1.0
    weights: Floats = prior
    if len(past_shares) < FEWEST_COUNTS_TO_LEARN:
        return weights
    for _ in range(ROUNDS):
        missed = np.abs(past_shares - np.einsum("rs,s->r", past_signs, weights))
        weighted = past_signs / np.maximum(missed, SMALLEST_ERROR)[:, None]
        square = np.einsum("rs,rt->st", weighted, past_signs) + PULL * np.eye(SIGNS)
        weights = np.linalg.solve(square, np.einsum("rs,r->s", weighted, past_shares) + PULL * prior)
    return weights


def fallback(table: Table, day: int) -> Floats:
    """For what has no sign: the lot's mean so far, else the half-hour's over all lots, else one half."""
    past = table.shares[:, :day]
    by_lot = _mean(past, (1, 2))[:, None]
    by_slot = _mean(past, (0, 1))[None, :]
    known = _else(_else(by_lot, by_slot), np.array(0.5))
    return np.asarray(np.broadcast_to(known, (len(table.lots), SLOTS)))


def _mean(values: Floats, axes: tuple[int, int]) -> Floats:
    there = np.isfinite(values)
    counts = there.sum(axis=axes)
    totals = np.where(there, values, 0.0).sum(axis=axes)
    return np.asarray(np.divide(totals, counts, out=np.full(counts.shape, np.nan), where=counts > 0))
