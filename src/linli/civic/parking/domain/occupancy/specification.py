"""What is asked of the occupancy model: bays, residents by survey and night count, and other cars."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.gate.specification import Distribution, Floats

HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long a car stays, in hours."""

    distribution: Distribution
    mean_h: float
    cv: float

    def lengths(self, normals: Floats, exponentials: Floats) -> Floats:
        """Stays in hours out of standard draws, one of each kind per car."""
        if self.distribution == "exponential":
            return exponentials * self.mean_h
        if self.distribution == "deterministic" or self.cv == 0.0:
            return np.full(len(normals), self.mean_h)
        spread = math.sqrt(math.log1p(self.cv * self.cv))
        return np.asarray(self.mean_h * np.exp(spread * normals - spread * spread / 2.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A building, its households, and the numbers of cars that the households that answered named."""

    name: str
    households: int
    cars: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """The residents' cars: how many there are, and when they leave and come home.

    ``leave_by_hour`` are shares of the cars at home at midnight, ``return_by_hour`` shares of all cars; each
    car that comes home stays for ``stay``. ``nights`` are cars counted at night, in bays or not.
    """

    buildings: tuple[Building, ...]
    nights: tuple[int, ...]
    home_at_midnight: float
    leave_by_hour: tuple[float, ...]
    return_by_hour: tuple[float, ...]
    stay: Stay

    @property
    def households(self) -> int:
        """All households, whether they answered or not."""
        return sum(building.households for building in self.buildings)

    @property
    def answers(self) -> int:
        """How many households answered."""
        return sum(len(building.cars) for building in self.buildings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarClass:
    """Cars that are not the residents': visitors, deliveries; their stock at midnight and their arrivals."""

    name: str
    at_midnight: int
    per_hour: tuple[float, ...]
    stay: Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupancySpecification:
    """One day in one compound, from midnight to midnight, simulated many times."""

    seed: int
    replications: int
    bays: int
    residents: Residents | None
    classes: tuple[CarClass, ...]
    day_cv: float

    @property
    def class_names(self) -> tuple[str, ...]:
        """The residents first, then the other classes in their order."""
        first = ("居民",) if self.residents else ()
        return (*first, *(one.name for one in self.classes))
