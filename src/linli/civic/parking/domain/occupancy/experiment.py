"""Many days, and what they say: bands by the hour, cars without a bay, hours without a bay."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linli.civic.parking.domain.gate.compiled import compiled
from linli.civic.parking.domain.gate.engines import Engine
from linli.civic.parking.domain.gate.estimates import Estimate, Sums, digits, proportion
from linli.civic.parking.domain.gate.specification import Floats
from linli.civic.parking.domain.occupancy.day import Cars, draw_day, find_bays, place_cars
from linli.civic.parking.domain.occupancy.specification import HOURS, OccupancySpecification
from linli.civic.parking.domain.occupancy.survey import Fleet, draw_fleet

LEVELS = (0.05, 0.50, 0.95)


@dataclass(frozen=True, slots=True)
class Band:
    """What is not exceeded on 5, 50 and 95 of 100 days."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, days: Floats) -> Band:
        """The band of one figure by day."""
        return cls(*(float(level) for level in np.quantile(days, LEVELS)))

    def as_json(self) -> dict[str, float]:
        """The three levels."""
        return {name: digits(getattr(self, name)) for name in ("p5", "p50", "p95")}


@dataclass(frozen=True, slots=True)
class Days:
    """The figures of every simulated day.

    ``occupied`` by day, class and full hour from 0 to 24; ``wanted`` likewise, as if there were bays for
    everyone; ``came``, ``lost`` and ``unmet_h`` (car-hours without a bay until midnight) by day and
    class; ``lost_by_hour`` by day and hour.
    """

    occupied: Floats
    wanted: Floats
    came: Floats
    lost: Floats
    lost_by_hour: Floats
    unmet_h: Floats
    outside: Floats


def simulate_days(
    specification: OccupancySpecification, engine: Engine = "numpy"
) -> tuple[Days, Fleet | None]:
    """All days, one after the other; both engines place every car alike."""
    placing = compiled(place_cars) if engine == "numba" else place_cars
    fleet = draw_fleet(specification, specification.residents) if specification.residents else None
    classes, days = len(specification.class_names), specification.replications
    found = Days(
        occupied=np.zeros((days, classes, HOURS + 1)),
        wanted=np.zeros((days, classes, HOURS + 1)),
        came=np.zeros((days, classes)),
        lost=np.zeros((days, classes)),
        lost_by_hour=np.zeros((days, HOURS)),
        unmet_h=np.zeros((days, classes)),
        outside=np.zeros(days),
    )
    for day in range(days):
        own = (float(fleet.cars[day]), int(fleet.at_midnight[day])) if fleet else (0.0, 0)
        cars = draw_day(specification, day, own)
        placed = find_bays(cars, specification.bays, placing)
        _note(found, day, cars, placed, specification.bays)
    return found, fleet


def _note(found: Days, day: int, cars: Cars, placed: NDArray[np.bool_], bays: int) -> None:
    hours = np.arange(HOURS + 1.0)
    stock = np.arange(len(cars.stock_until)) < bays
    for one in range(found.came.shape[1]):
        own, at_home = cars.classes == one, (cars.stock_class == one) & stock
        came, left = cars.arrivals[own & placed], np.sort(cars.until[own & placed])
        found.occupied[day, one] = (
            at_home.sum()
            - np.searchsorted(np.sort(cars.stock_until[at_home]), hours, side="right")
            + np.searchsorted(came, hours, side="right")
            - np.searchsorted(left, hours, side="right")
        )
        found.wanted[day, one] = (
            np.count_nonzero(cars.stock_class == one)
            - np.searchsorted(np.sort(cars.stock_until[cars.stock_class == one]), hours, side="right")
            + np.searchsorted(cars.arrivals[own], hours, side="right")
            - np.searchsorted(np.sort(cars.until[own]), hours, side="right")
        )
        lost = own & ~placed
        found.came[day, one], found.lost[day, one] = own.sum(), lost.sum()
        unmet = np.minimum(cars.until[lost], HOURS) - cars.arrivals[lost]
        outside = np.minimum(cars.stock_until[(cars.stock_class == one) & ~stock], HOURS)
        found.unmet_h[day, one] = unmet.sum() + outside.sum()
    found.lost_by_hour[day] = np.histogram(cars.arrivals[~placed], bins=hours)[0]
    found.outside[day] = len(cars.stock_until) - stock.sum()


def mean_of(days: Floats) -> Estimate:
    """The mean of one figure by day, with its 95 % interval."""
    return ratio_of(days, np.ones(len(days)))


def ratio_of(above: Floats, below: Floats) -> Estimate:
    """The ratio of two figures by day, with its 95 % interval."""
    if not below.any():
        return Estimate(0.0, 0.0, 0.0)
    columns = np.stack([np.ones(len(above)), above, below], axis=1)
    return Sums(np.einsum("ri,rj->ij", columns, columns), 0).ratio(1, 2).within(0.0, math.inf)


def share_of(days: Floats) -> Estimate:
    """The share of days on which something happened, with its 95 % interval."""
    return proportion(int(np.count_nonzero(days)), len(days))
