"""Who can reach which bays, and how many cars at most find one: maximum flows and their narrowest places.

A node is a class of residents in a building, ordered by how heavily a missing bay weighs. Level ``i`` holds the
nodes of the ``i + 1`` heaviest weights. Because serving a heavy class first never lowers the total that can be
served, the least weighted shortage is the sum over levels of the shortage of that level alone, times the step
in weight down to the next level. The narrowest place of a flow is a set of nodes whose cars exceed the bays they
can reach: an inequality that holds for every plan, and the one that the optimiser is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from linli.civic.parking.domain.plan.specification import Reach, Specification

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FRACTION = 1000
"""Capacities that are not whole are rounded down to a thousandth of a bay."""
ENDLESS = 10**8
BEYOND_REACH = np.inf


@dataclass(frozen=True, slots=True)
class Option:
    """One way to have bays: a street with one of its hour plans, or a shared lot."""

    place: int
    """Which street or lot: its index among the facilities."""
    plan: int
    periods: tuple[int, ...]
    most: int
    clean: int
    least: int
    fixed_fen: int
    bay_fen: int


@dataclass(frozen=True, slots=True)
class Place:
    """A facility: its id, and what is there anyway, by period."""

    id: str
    standing: tuple[int, ...]


class Network:
    """The facilities, the options, and the reach of every node, as arrays."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.hours = np.array([period.hours for period in specification.periods])
        self.places, self.options, reaches = _facilities(specification)
        self.walk, self.cost = _distances(specification, reaches)
        self.reach: Mask = np.isfinite(self.walk)
        weights = [one.unmet_weight for one in specification.classes]
        steps = sorted(set(weights), reverse=True)
        self.level_weights = np.array(
            [one - other for one, other in zip(steps, [*steps[1:], 0.0], strict=True)]
        )
        buildings = len(specification.buildings)
        self.level_sizes = [buildings * sum(weight >= step for weight in weights) for step in steps]
        self.nodes = buildings * len(weights)
        self._prepare_graph()

    @property
    def levels(self) -> int:
        """How many different weights there are."""
        return len(self.level_sizes)

    def capacity(self, bays: Sequence[float] | Floats, period: int) -> Floats:
        """The bays at every facility in a period when ``bays[option]`` of each option are opened."""
        room = np.array([float(place.standing[period]) for place in self.places])
        for option, count in zip(self.options, bays, strict=True):
            if period in option.periods:
                room[option.place] += count
        return room

    def _prepare_graph(self) -> None:
        """One graph for all flows; only the capacities change."""
        nodes, places = self.nodes, len(self.places)
        self.from_node, self.to_place = np.nonzero(self.reach)
        source, sink = 0, nodes + places + 1
        tails = np.concatenate([np.full(nodes, source), 1 + self.from_node, 1 + nodes + np.arange(places)])
        heads = np.concatenate([1 + np.arange(nodes), 1 + nodes + self.to_place, np.full(places, sink)])
        numbered = csr_matrix((np.arange(1, len(tails) + 1), (tails, heads)), shape=(sink + 1, sink + 1))
        numbered.sort_indices()
        self._pattern, self._order, self._sink = numbered, numbered.data - 1, sink

    def _flow(self, cars: Whole, room: Whole) -> tuple[int, csr_matrix, csr_matrix]:
        capacities = np.concatenate([cars, np.full(len(self.from_node), ENDLESS), room])[self._order]
        graph = csr_matrix(
            (capacities.astype(np.int32), self._pattern.indices, self._pattern.indptr),
            shape=self._pattern.shape,
        )
        flow = maximum_flow(graph, 0, self._sink)
        return int(flow.flow_value), graph, flow.flow

    def shortage(self, cars: Whole, room: Floats) -> Floats:
        """By level, the least number of cars that find no bay."""
        return np.array([self._level_shortage(cars, room, level)[0] for level in range(self.levels)])

    def shortage_and_cuts(
        self, cars: Whole, room: Floats, believed: Floats
    ) -> tuple[Floats, list[tuple[int, Mask]]]:
        """The shortage by level, and for each level where it was believed smaller the nodes that prove it."""
        found, cuts = np.zeros(self.levels), []
        for level in range(self.levels):
            short, nodes = self._level_shortage(cars, room, level, believed[level])
            found[level] = short
            if nodes is not None:
                cuts.append((level, nodes))
        return found, cuts

    def _level_shortage(
        self, cars: Whole, room: Floats, level: int, believed: float = np.inf
    ) -> tuple[float, Mask | None]:
        size = self.level_sizes[level]
        wanted = np.zeros(self.nodes, dtype=np.int64)
        wanted[:size] = cars[:size]
        whole = np.rint(room)
        scale = 1 if np.array_equal(whole, room) else FRACTION
        rounded = np.floor(room * scale + 1e-6).astype(np.int64)
        served, graph, flow = self._flow(wanted * scale, rounded)
        short = float(wanted.sum()) - served / scale
        if short <= believed + 1e-6 * (1.0 + short):
            return short, None
        residual = graph - flow
        residual.data[residual.data < 0] = 0
        residual.eliminate_zeros()
        reached = breadth_first_order(residual, 0, return_predecessors=False)
        nodes = np.zeros(self.nodes, dtype=bool)
        nodes[reached[(reached >= 1) & (reached <= self.nodes)] - 1] = True
        nodes[size:] = False
        return short, nodes

    def weighted_unmet(self, shortages: Floats, weights: Floats) -> float:
        """Expected weighted car-hours without a bay out of ``shortages[day, period, level]``."""
        by_block = shortages @ self.level_weights
        return float(weights @ (by_block @ self.hours))


def _facilities(specification: Specification) -> tuple[list[Place], list[Option], list[Reach]]:
    periods = range(len(specification.periods))
    places: list[Place] = []
    options: list[Option] = []
    reaches: list[Reach] = []
    nothing = (0,) * len(specification.periods)
    for street in specification.streets:
        if not street.blocked:
            for index, plan in enumerate(street.plans):
                clean, least = min(street.clean_bays, plan.bays), street.least_bays
                options.append(
                    Option(
                        len(places),
                        index,
                        plan.periods,
                        plan.bays,
                        clean,
                        least,
                        plan.fixed_fen,
                        plan.bay_fen,
                    )
                )
        places.append(Place(street.id, nothing))
        reaches.append(street.walk_m)
    for lot in specification.lots:
        if not lot.blocked and lot.most_bays:
            most = lot.most_bays
            options.append(Option(len(places), 0, lot.periods, most, most, 1, lot.fixed_fen, lot.bay_fen))
        places.append(Place(lot.id, nothing))
        reaches.append(lot.walk_m)
    for there in specification.existing:
        places.append(Place(there.id, tuple(there.bays * (period in there.periods) for period in periods)))
        reaches.append(there.walk_m)
    return places, options, reaches


def _distances(specification: Specification, reaches: Sequence[Reach]) -> tuple[Floats, Floats]:
    """Metres and weighted metres from node to place; beyond the walking limit is infinitely far."""
    plain = np.full((len(specification.buildings), len(reaches)), BEYOND_REACH)
    for row, building in enumerate(specification.buildings):
        for column, reach in enumerate(reaches):
            plain[row, column] = reach.get(building.id, BEYOND_REACH)
    walks = [np.where(plain <= one.walk_limit_m, plain, BEYOND_REACH) for one in specification.classes]
    costs = [walk * one.walk_weight if one.walk_weight else np.where(np.isfinite(walk), 0.0, walk)
             for walk, one in zip(walks, specification.classes, strict=True)]  # fmt: skip
    return np.concatenate(walks), np.concatenate(costs)
