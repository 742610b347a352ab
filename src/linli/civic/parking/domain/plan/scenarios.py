"""The days that a plan is tried on: whole cars by period, class of residents and building.

A drawn day has one factor for the whole compound and one for each building, both Gamma distributed with mean 1.
Day ``n`` of a seed is the same whatever the number of days, so that more days only add to the fewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.civic.parking.domain.plan.specification import Specification

DRAWN, UNSEEN = 1, 2
"""Two families of days: those that the plan is made for, and those that it is only judged by."""


@dataclass(frozen=True, slots=True)
class Days:
    """``cars[day, period, node]`` with node = class × buildings + building, and the weight of each day."""

    cars: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many days there are."""
        return int(self.cars.shape[0])


def days_of(specification: Specification) -> Days:
    """The days of a specification: those written in it, or drawn as it says."""
    if specification.sampling is not None:
        return drawn(specification, specification.sampling.count, DRAWN)
    shape = (len(specification.scenarios), len(specification.periods), -1)
    cars = np.array([day.cars for day in specification.scenarios], dtype=np.int64).reshape(shape)
    weights = np.array([day.weight for day in specification.scenarios])
    return Days(cars, weights / weights.sum())


def drawn(specification: Specification, count: int, family: int) -> Days:
    """The first ``count`` days of one family, all of equal weight. Only for a specification that draws."""
    sampling = specification.sampling
    assert sampling is not None
    base = np.array(
        [
            [presence * building.cars[one.id] for one, presence in zip(specification.classes, row, strict=True)
             for building in specification.buildings]
            for row in specification.presence
        ]
    )  # fmt: skip
    days = []
    for number in range(count):
        generator = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([sampling.seed, family, number]))
        )
        whole = _gamma(generator, sampling.day_factor_cv, 1)
        own = _gamma(generator, sampling.building_cv, len(specification.buildings))
        days.append(np.rint(base * whole * np.tile(own, len(specification.classes))))
    return Days(np.array(days).astype(np.int64), np.full(count, 1.0 / count))


def _gamma(generator: np.random.Generator, cv: float, count: int) -> npt.NDArray[np.float64]:
    """Factors of mean 1 with that coefficient of variation."""
    if cv == 0.0:
        return np.ones(count)
    shape = 1.0 / cv**2
    return generator.gamma(shape, 1.0 / shape, count)
