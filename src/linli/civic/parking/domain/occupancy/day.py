"""One simulated day: who comes when and for how long, and who finds a bay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from linli.civic.parking.domain.gate.specification import Floats, Integers
from linli.civic.parking.domain.occupancy.specification import (
    HOURS,
    CarClass,
    OccupancySpecification,
    Residents,
    Stay,
)
from linli.civic.parking.domain.streams import Purpose, stream

Placing = Callable[[Floats, Floats, Floats, int, NDArray[np.bool_]], None]


@dataclass(frozen=True, slots=True)
class Cars:
    """The cars of one day: those there at midnight and those that come, with class and times in hours."""

    stock_class: Integers
    stock_until: Floats
    arrivals: Floats
    until: Floats
    classes: Integers


def draw_day(specification: OccupancySpecification, replication: int, fleet: tuple[float, int]) -> Cars:
    """The cars of one day; ``fleet`` is the residents' cars in all and at home at midnight."""
    seed, chance = specification.seed, stream(specification.seed, replication, Purpose.DAY)
    shape = 1.0 / specification.day_cv**2 if specification.day_cv else 0.0
    busy = float(chance.gamma(shape, 1.0 / shape)) if shape else 1.0
    parts: list[tuple[Floats, Floats, Floats]] = []
    if specification.residents:
        returning = tuple(share * fleet[0] for share in specification.residents.return_by_hour)
        leaving = _leaving(specification.residents, fleet[1], seed, replication)
        parts.append(
            (leaving, *_coming(returning, specification.residents.stay, busy, (seed, replication, 0)))
        )
    for number, one in enumerate(specification.classes, len(parts)):
        leaving = _stock_stays(one, (seed, replication, number))
        parts.append((leaving, *_coming(one.per_hour, one.stay, busy, (seed, replication, number))))
    return _merged(parts)


def _merged(parts: list[tuple[Floats, Floats, Floats]]) -> Cars:
    numbers = np.arange(len(parts))
    arrivals = np.concatenate([coming for _, coming, _ in parts])
    until = np.concatenate([leaving for _, _, leaving in parts])
    classes = np.repeat(numbers, [len(coming) for _, coming, _ in parts])
    order = np.argsort(arrivals, kind="stable")
    return Cars(
        np.repeat(numbers, [len(stock) for stock, _, _ in parts]),
        np.concatenate([stock for stock, _, _ in parts]),
        arrivals[order],
        until[order],
        classes[order],
    )


def _leaving(residents: Residents, stock: int, seed: int, replication: int) -> Floats:
    """When each car at home at midnight leaves; those that stay all day leave at infinity."""
    chance = stream(seed, replication, Purpose.STAYS, 0, 1)
    bounds = np.cumsum(residents.leave_by_hour)
    hour = np.searchsorted(bounds, chance.random(stock), side="right")
    leaving = hour + chance.random(stock)
    leaving[hour >= HOURS] = np.inf
    return leaving


def _stock_stays(one: CarClass, part: tuple[int, int, int]) -> Floats:
    chance = stream(part[0], part[1], Purpose.STAYS, part[2], 1)
    normals, exponentials = (
        chance.standard_normal(one.at_midnight),
        chance.standard_exponential(one.at_midnight),
    )
    return one.stay.lengths(normals, exponentials)


def _coming(
    per_hour: tuple[float, ...], stay: Stay, busy: float, part: tuple[int, int, int]
) -> tuple[Floats, Floats]:
    """Poisson arrivals by hourly rates, and when each would leave, in hours."""
    seed, replication, number = part
    counts = np.concatenate([[0.0], np.cumsum(per_hour)]) * busy
    total = float(counts[-1])
    chance = stream(seed, replication, Purpose.ARRIVALS, number)
    clock = np.sort(chance.random(int(chance.poisson(total)))) * total
    hour = np.searchsorted(counts, clock, side="right") - 1
    hour = np.minimum(hour, HOURS - 1)
    width = counts[hour + 1] - counts[hour]
    within = np.divide(clock - counts[hour], width, out=np.zeros_like(clock), where=width > 0)
    arrivals: Floats = hour.astype(np.float64) + within
    chance = stream(seed, replication, Purpose.STAYS, number)
    lengths = stay.lengths(chance.standard_normal(len(clock)), chance.standard_exponential(len(clock)))
    came = np.asarray(arrivals, dtype=np.float64)
    return came, came + lengths


def find_bays(day: Cars, bays: int, placing: Placing) -> NDArray[np.bool_]:
    """Which of the coming cars find a bay; those of the stock beyond the bays stand elsewhere and hold none.

    Without ``placing`` having to look at every car where the bays suffice for everyone.
    """
    stock = day.stock_until[:bays]
    found = np.ones(len(day.arrivals), dtype=np.bool_)
    gone = np.searchsorted(np.sort(stock), day.arrivals, side="right")
    left = np.searchsorted(np.sort(day.until), day.arrivals, side="right")
    taken = len(stock) - gone + np.arange(1, len(found) + 1) - left
    if len(found) and taken.max() > bays:
        placing(stock, day.arrivals, day.until, bays, found)
    return found


def place_cars(stock: Floats, arrivals: Floats, until: Floats, bays: int, found: NDArray[np.bool_]) -> None:
    """Fill which coming cars find a bay: one after the other, in the order in which bays fall free."""
    taken = [0.0] * 0
    for leaving in stock:
        taken.append(leaving)
    heapify(taken)
    for car in range(len(arrivals)):
        while len(taken) > 0 and taken[0] <= arrivals[car]:
            heappop(taken)
        found[car] = len(taken) < bays
        if found[car]:
            heappush(taken, until[car])
