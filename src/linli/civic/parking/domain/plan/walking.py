"""Who parks where: the least walking by which a given number of cars find a bay, and its prices.

For one day and period this is a transport problem. Its dual prices give an inequality that bounds the walking of
every other plan from below; with all such inequalities the optimiser knows walking without knowing who parks where.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_matrix, csr_matrix, vstack

from linli.civic.parking.domain.plan.network import Floats, Network, Whole

HUNDRED_METRES = 100.0
"""Walking is counted in hundreds of metres inside the optimiser, so that its numbers stay small."""
_SLACK = 1e-7


@dataclass(frozen=True, slots=True)
class Prices:
    """``walking ≥ served_price · served + constant − room_price · room``, whatever the plan."""

    served_price: Floats
    room_price: Floats
    constant: float

    def bound(self, served: Floats, room: Floats) -> float:
        """The least walking that these prices prove, in hundreds of metres."""
        return float(self.served_price @ served + self.constant - self.room_price @ room)


@dataclass(frozen=True, slots=True)
class Parking:
    """The least walking in hundreds of weighted metres, its prices, and the cars by node and place."""

    walking: float
    prices: Prices
    cars: Floats


class Walk:
    """The transport problem of one period for one set of open bays; cars and service change from day to day."""

    def __init__(self, network: Network, room: Floats) -> None:
        self.network, self.room = network, room
        self.places = np.flatnonzero(room > 1e-9)
        open_arcs = np.isin(network.to_place, self.places)
        self.nodes, self.ends = network.from_node[open_arcs], network.to_place[open_arcs]
        self.costs = network.cost[self.nodes, self.ends] / HUNDRED_METRES
        count = len(self.nodes)
        columns = np.arange(count)
        column_of_place = np.searchsorted(self.places, self.ends)
        demand = csr_matrix((np.ones(count), (self.nodes, columns)), shape=(network.nodes, count))
        supply = csr_matrix((np.ones(count), (column_of_place, columns)), shape=(len(self.places), count))
        served = csr_matrix(  # one row for each level, also when no place is open at all
            np.array([-(self.nodes < size).astype(float) for size in network.level_sizes])
        )
        self.matrix: csc_matrix = vstack([demand, supply, served]).tocsc()

    def park(self, cars: Whole, shortage: Floats) -> Parking:
        """The least walking when at most ``shortage`` cars of each level stay without a bay."""
        network = self.network
        totals = np.array([float(cars[:size].sum()) for size in network.level_sizes])
        served = totals - shortage
        if not len(self.nodes) or served.max() <= _SLACK:
            return self._nobody(cars)
        limits = np.concatenate([cars.astype(float), self.room[self.places], _SLACK - served])
        answer = linprog(
            self.costs, A_ub=self.matrix, b_ub=limits, method="highs-ds", options={"presolve": False}
        )
        if answer.x is None:
            raise AssertionError(f"no way to park the cars that a maximum flow parked: {answer.message}")
        prices = -answer.ineqlin.marginals
        parked = np.zeros((network.nodes, len(network.places)))
        parked[self.nodes, self.ends] = answer.x
        return Parking(float(answer.fun), self._prices(cars, prices), parked)

    def _nobody(self, cars: Whole) -> Parking:
        network = self.network
        zero = np.zeros(network.levels)
        prices = Prices(zero, np.zeros(len(network.places)), 0.0)
        return Parking(0.0, prices, np.zeros((len(cars), len(network.places))))

    def _prices(self, cars: Whole, prices: Floats) -> Prices:
        """The prices, with the smallest that closed places could have."""
        network = self.network
        of_node = np.maximum(prices[: network.nodes], 0.0)
        of_level = np.maximum(prices[network.nodes + len(self.places) :], 0.0)
        gain = -of_node
        for level, size in enumerate(network.level_sizes):
            gain[:size] += of_level[level]
        worth = np.where(network.reach, gain[:, None] - network.cost / HUNDRED_METRES, -np.inf)
        of_place = np.maximum(worth.max(axis=0), 0.0)
        return Prices(of_level, of_place, -float(of_node @ cars))
