"""How many cars the residents have: a survey expanded by building, anchored on the night count.

Who did not answer is not without a car. In each building the households that answered are drawn again with
replacement, and each household that did not answer draws from these; what answered households said stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.gate.specification import Floats, Integers, Question
from linli.civic.parking.domain.occupancy.specification import OccupancySpecification, Residents
from linli.civic.parking.domain.streams import Purpose, stream

TOLERANCE = 0.10
"""Survey and night count must agree within a tenth, or the answer says so."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The residents' cars by replication: by building, in all, and at home at midnight."""

    by_building: Floats
    cars: Floats
    at_midnight: Integers


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The survey beside the night count, both as cars at home at midnight."""

    surveyed: float
    counted: float

    @property
    def ratio(self) -> float:
        """Counted cars for each surveyed one."""
        return self.counted / self.surveyed if self.surveyed else float("inf")

    @property
    def agrees(self) -> bool:
        """Whether the two differ by a tenth at most."""
        return abs(self.ratio - 1.0) <= TOLERANCE


def draw_fleet(specification: OccupancySpecification, residents: Residents) -> Fleet:
    """The fleet of every replication.

    With a night count, the cars at midnight are those of one counted night, drawn by chance, and the survey
    tells their buildings; without one, the survey tells their number too.
    """
    surveyed = _surveyed(specification, residents)
    cars = surveyed.sum(axis=1)
    at_midnight = np.empty(len(cars), dtype=np.int64)
    for replication in range(len(cars)):
        chance = stream(specification.seed, replication, Purpose.DAY, 1)
        if residents.nights:
            at_midnight[replication] = residents.nights[int(chance.integers(len(residents.nights)))]
        else:
            at_midnight[replication] = chance.binomial(int(cars[replication]), residents.home_at_midnight)
    if residents.nights:
        anchored = at_midnight / residents.home_at_midnight
        surveyed = surveyed * np.divide(anchored, cars, out=np.zeros_like(anchored), where=cars > 0)[:, None]
        cars = anchored
    return Fleet(surveyed, cars, at_midnight)


def reconcile(specification: OccupancySpecification, residents: Residents) -> Reconciliation | None:
    """Survey against night count; None where nobody counted."""
    if not residents.nights:
        return None
    cars = float(_surveyed(specification, residents).sum(axis=1).mean())
    return Reconciliation(cars * residents.home_at_midnight, float(np.mean(residents.nights)))


def questions(specification: OccupancySpecification, residents: Residents) -> list[Question]:
    """What about survey and count should be looked at again."""
    found = []
    unheard = [building.name for building in residents.buildings if not building.cars]
    if unheard:
        words = f"{'、'.join(unheard)} 没有一户答复，按其他楼的答复推算，不当作没有车。"
        found.append(Question("residents.buildings", words))
    reconciled = reconcile(specification, residents)
    if reconciled and not reconciled.agrees:
        words = (
            f"问卷推算夜间在家 {reconciled.surveyed:,.0f} 辆，夜间实数 {reconciled.counted:,.0f} 辆，"
            f"相差 {abs(reconciled.ratio - 1.0):.0%}，超过一成；已按实数计算，请查明原因。"
        )
        found.append(Question("residents.night_count", words))
    return found


def _surveyed(specification: OccupancySpecification, residents: Residents) -> Floats:
    """Cars by replication and building, as the survey alone tells them."""
    everyone = np.array([cars for building in residents.buildings for cars in building.cars])
    found = np.empty((specification.replications, len(residents.buildings)))
    for replication in range(specification.replications):
        chance = stream(specification.seed, replication, Purpose.SURVEY)
        for column, building in enumerate(residents.buildings):
            answers = np.array(building.cars) if building.cars else everyone
            again = answers[chance.integers(len(answers), size=len(answers))]
            silent = building.households - len(building.cars)
            guessed = again[chance.integers(len(again), size=silent)].sum() if silent else 0
            found[replication, column] = sum(building.cars) + guessed
    return found
