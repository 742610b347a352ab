"""What a decision is worth on every day, level by level; and what the optimiser learns from trying it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from linli.civic.parking.domain.plan.master import Decision, Master
from linli.civic.parking.domain.plan.network import Floats, Whole
from linli.civic.parking.domain.plan.walking import HUNDRED_METRES, Parking, Walk

TIE = 1e-6
"""Two values that are not whole numbers are the same within this share."""
WHOLE_LEVELS = ("violations", "cost")


def tie(level: str, value: float) -> float:
    """Within this distance two values of a level are the same."""
    return 0.5 if level in WHOLE_LEVELS else TIE * (1.0 + abs(value))


def is_less(level: str, one: float, other: float) -> bool:
    """Whether one value of a level is smaller by more than the tolerance."""
    return one < other - tie(level, other)


@dataclass(slots=True)
class Trial:
    """What is known of one decision; walking is found only when it is asked for."""

    violations: int
    spillback: float
    cost_fen: int
    shortages: Floats | None = None
    walking_m: float | None = None
    parked: dict[tuple[int, int], Floats] = field(default_factory=dict)


class Judge:
    """Values of decisions, remembered, and the inequalities that they teach the programme."""

    def __init__(self, master: Master) -> None:
        self.master, self.network, self.days = master, master.network, master.days
        self._trials: dict[Decision, Trial] = {}

    def value(self, decision: Decision, level: str) -> float:
        """The value of one level of the objective: breaches, weighted car-hours, excess chance, metres, fen."""
        trial = self.trial(decision)
        if level == "unmet":
            return self.network.weighted_unmet(self.shortages(decision), self.days.weights)
        if level == "walking":
            if trial.walking_m is None:
                self._find_walking(decision, trial)
            assert trial.walking_m is not None
            return trial.walking_m
        return float(
            {"violations": trial.violations, "spillback": trial.spillback, "cost": trial.cost_fen}[level]
        )

    def trial(self, decision: Decision) -> Trial:
        """What is known of a decision."""
        if decision not in self._trials:
            options, master = self.network.options, self.master
            bays = zip(decision.bays, options, strict=True)
            chosen = [master.gates[gate].settings[index] for gate, index in enumerate(decision.settings)]
            cost = sum(one.fixed_fen + n * one.bay_fen for n, one in bays if n)
            self._trials[decision] = Trial(
                violations=sum(max(0, n - one.clean) for n, one in zip(decision.bays, options, strict=True)),
                spillback=sum(master.excess(setting) for setting in chosen),
                cost_fen=cost + sum(setting.cost_fen for setting in chosen),
            )
        return self._trials[decision]

    def shortages(self, decision: Decision) -> Floats:
        """Cars without a bay by day, period and level."""
        trial = self.trial(decision)
        if trial.shortages is None:
            trial.shortages = self.shortages_on(np.array(decision.bays, dtype=float), self.days.cars)
        return trial.shortages

    def shortages_on(self, bays: Floats, cars: Floats | Whole) -> Floats:
        """The same for other days; without learning."""
        found = np.zeros((*cars.shape[:2], self.network.levels))
        for period in range(cars.shape[1]):
            room = self.network.capacity(bays, period)
            for day in range(cars.shape[0]):
                found[day, period] = self.network.shortage(cars[day, period], room)
        return found

    def parked(self, decision: Decision) -> dict[tuple[int, int], Floats]:
        """Cars by node and place for each day and period, parked with the least walking."""
        self.value(decision, "walking")
        return self.trial(decision).parked

    def _find_walking(self, decision: Decision, trial: Trial) -> None:
        shortages = self.shortages(decision)
        bays = np.array(decision.bays, dtype=float)
        total = 0.0
        for period in range(self.days.cars.shape[1]):
            walk = Walk(self.network, self.network.capacity(bays, period))
            for day in range(self.days.count):
                parking = walk.park(self.days.cars[day, period], shortages[day, period])
                trial.parked[day, period] = parking.cars
                total += float(self.days.weights[day]) * parking.walking
        trial.walking_m = total * HUNDRED_METRES

    def learn(self, columns: Floats, *, with_walking: bool) -> tuple[int, float]:
        """Teach the programme where these columns promise too much.

        Returns how many inequalities were new, and what the columns are really worth: weighted car-hours, or
        with ``with_walking`` hundreds of metres for the service that the columns promise.
        """
        master, network = self.master, self.network
        believed = columns[master.shortage_at : master.walking_at].reshape(
            self.days.count, -1, network.levels
        )
        promised = columns[master.walking_at :].reshape(self.days.count, -1)
        bays = columns[master.bays_at : master.breaches_at]
        bays = np.where(np.abs(bays - np.rint(bays)) < 1e-6, np.rint(bays), bays)
        learned, shortages, total = 0, np.zeros_like(believed), 0.0
        for period in range(believed.shape[1]):
            room = network.capacity(bays, period)
            learned += self._learn_shortages(period, room, believed, shortages)
            if with_walking:
                walk = Walk(network, room)
                for day in range(self.days.count):
                    served = np.maximum(shortages[day, period], believed[day, period])
                    parking = walk.park(self.days.cars[day, period], served)
                    learned += self._learn_walking(day, period, parking, float(promised[day, period]))
                    total += float(self.days.weights[day]) * parking.walking
        return learned, total if with_walking else network.weighted_unmet(shortages, self.days.weights)

    def _learn_shortages(self, period: int, room: Floats, believed: Floats, shortages: Floats) -> int:
        learned = 0
        for day in range(self.days.count):
            cars = self.days.cars[day, period]
            found, cuts = self.network.shortage_and_cuts(cars, room, believed[day, period])
            shortages[day, period] = found
            for level, nodes in cuts:  # the same narrow place, on every day of this period
                learned += sum(
                    self.master.learn_shortage(other, period, level, nodes)
                    for other in range(self.days.count)
                )
        return learned

    def _learn_walking(self, day: int, period: int, parking: Parking, promised: float) -> int:
        if parking.walking <= promised + TIE * (1.0 + promised):
            return 0
        self.master.learn_walking(day, period, parking.prices)
        return 1
