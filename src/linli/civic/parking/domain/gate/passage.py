"""First come, first served at one or more lanes: when each vehicle starts its service. NumPy alone.

One step per vehicle, all replications of a block at once. The compiled twin stands in ``compiled.py``; both
do the same additions in the same order, so that they agree to the last bit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linli.civic.parking.domain.gate.specification import Floats, GateSpecification, Integers

Lanes = NDArray[np.int16]


class Passage(NamedTuple):
    """What became of the vehicles: start of service, its length, the lane, and the work met on arrival.

    ``work`` is the service time, in seconds and over all lanes, that stood before the vehicle when it came.
    ``lanes`` is empty where all lanes are alike: who takes which does not matter then.
    """

    starts: Floats
    services: Floats
    lanes: Lanes
    work: Floats


class LaneTable(NamedTuple):
    """Lanes that differ: the service mix of each, and when each opens and closes (padded with infinity)."""

    mix: Integers
    opens: Floats
    closes: Floats

    @classmethod
    def of(cls, specification: GateSpecification) -> LaneTable:
        """The lanes of a specification."""
        opens, closes = specification.lane_windows()
        return cls(np.array(specification.lane_mix, dtype=np.int64), opens, closes)


NO_LANES: Lanes = np.zeros((0, 0), dtype=np.int16)


def pass_identical_lanes(arrivals: Floats, services: Floats, lanes: int) -> Passage:
    """Vehicles through lanes that serve alike and are always open.

    The lanes are kept in the order in which they fall free; who takes which of them does not matter.
    """
    coming = np.ascontiguousarray(arrivals.T)
    needed = np.ascontiguousarray(services.T)
    starts, work = np.empty_like(coming), np.empty_like(coming)
    free = np.zeros((lanes, coming.shape[1]))
    for vehicle in range(len(coming)):
        now, start, met = coming[vehicle], starts[vehicle], work[vehicle]
        np.maximum(now, free[0], out=start)
        np.subtract(start, now, out=met)
        for lane in range(1, lanes):
            met += np.maximum(free[lane] - now, 0.0)
        leaving = start + needed[vehicle]
        for lane in range(1, lanes):
            np.minimum(leaving, free[lane], out=free[lane - 1])
            np.maximum(leaving, free[lane], out=leaving)
        free[lanes - 1] = leaving
    return Passage(np.ascontiguousarray(starts.T), services, NO_LANES, np.ascontiguousarray(work.T))


def pass_different_lanes(arrivals: Floats, services: Floats, table: LaneTable) -> Passage:
    """Vehicles through lanes of different service or opening hours.

    Each takes the lane where it can start first; of several, the one that has been free longest; of several,
    the first. A lane that closes finishes the vehicle that it serves and starts no other.
    """
    coming = np.ascontiguousarray(arrivals.T)
    needed = np.ascontiguousarray(services.transpose(0, 2, 1))
    lanes = len(table.mix)
    everyone = np.arange(coming.shape[1])
    free = np.zeros((lanes, coming.shape[1]))
    starts, work, taken = np.empty_like(coming), np.empty_like(coming), np.empty_like(coming)
    chosen = np.zeros(coming.shape, dtype=np.int16)
    for vehicle in range(len(coming)):
        now = coming[vehicle]
        best, best_free = np.full_like(now, np.inf), np.full_like(now, np.inf)
        lane_of, met = chosen[vehicle], work[vehicle]
        met.fill(0.0)
        for lane in range(lanes):
            possible = _next_open(np.maximum(now, free[lane]), table.opens[lane], table.closes[lane])
            better = (possible < best) | ((possible == best) & (free[lane] < best_free))
            np.copyto(best, possible, where=better)
            np.copyto(best_free, free[lane], where=better)
            lane_of[better] = lane
            met += np.maximum(free[lane] - now, 0.0)
        starts[vehicle] = best
        taken[vehicle] = needed[table.mix[lane_of], vehicle, everyone]
        free[lane_of, everyone] = best + taken[vehicle]
    return Passage(
        starts=np.ascontiguousarray(starts.T),
        services=np.ascontiguousarray(taken.T),
        lanes=np.ascontiguousarray(chosen.T),
        work=np.ascontiguousarray(work.T),
    )


def _next_open(ready: Floats, opens: Floats, closes: Floats) -> Floats:
    """When a lane can next start a vehicle, from the time at which it is free; infinity for never."""
    window = np.searchsorted(closes, ready, side="right")
    never = np.append(opens, np.inf)
    later: Floats = np.maximum(ready, never[window])
    return later
