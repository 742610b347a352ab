"""The compiled engine: the same passage and the same figures, one vehicle after the other.

The functions are plain Python and are compiled by Numba where it is installed; without it nobody calls them.
They repeat the arithmetic of ``passage.py`` and ``figures.py`` independently, so that each checks the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from linli.civic.parking.domain.gate.figures import BINS, BITS_DROPPED, FIRST_BIN_BITS, Block
from linli.civic.parking.domain.gate.passage import LaneTable, Passage
from linli.civic.parking.domain.gate.specification import Floats, Integers

HAVE_NUMBA = find_spec("numba") is not None


def pass_identical(arrivals: Floats, services: Floats, lanes: int, out: Passage) -> None:
    """Fill the starts and the work met, for lanes that serve alike and are always open."""
    free = np.empty(lanes)
    for row in range(arrivals.shape[0]):
        free[:] = 0.0
        for vehicle in range(arrivals.shape[1]):
            now = arrivals[row, vehicle]
            start = max(now, free[0])
            met = start - now
            for lane in range(1, lanes):
                met += max(free[lane] - now, 0.0)
            leaving = start + services[row, vehicle]
            for lane in range(1, lanes):
                other = free[lane]
                free[lane - 1] = min(leaving, other)
                leaving = max(leaving, other)
            free[lanes - 1] = leaving
            out.starts[row, vehicle] = start
            out.work[row, vehicle] = met


def pass_different(arrivals: Floats, services: Floats, table: LaneTable, out: Passage) -> None:
    """Fill starts, services, lanes and the work met, for lanes of different service or opening hours."""
    free = np.empty(len(table.mix))
    for row in range(arrivals.shape[0]):
        free[:] = 0.0
        for vehicle in range(arrivals.shape[1]):
            now = arrivals[row, vehicle]
            best, best_free, lane_of, met = math.inf, math.inf, 0, 0.0
            for lane in range(len(free)):
                ready = max(now, free[lane])
                possible = math.inf
                for window in range(table.closes.shape[1]):
                    if table.closes[lane, window] > ready:
                        possible = max(ready, table.opens[lane, window])
                        break
                if possible < best or (possible == best and free[lane] < best_free):
                    best, best_free, lane_of = possible, free[lane], lane
                met += max(free[lane] - now, 0.0)
            service = services[table.mix[lane_of], row, vehicle]
            free[lane_of] = best + service
            out.starts[row, vehicle] = best
            out.services[row, vehicle] = service
            out.lanes[row, vehicle] = lane_of
            out.work[row, vehicle] = met


def fill_waits(
    block: Block, window: tuple[float, float], groups: Integers, totals: Floats, waits: Integers
) -> None:
    """Fill the first three figures of every replication and the histogram of waits."""
    row_waits = np.empty(block.arrivals.shape[1])
    bits = row_waits.view(np.int64)
    for row in range(block.arrivals.shape[0]):
        counted, waited, total = 0, 0, 0.0
        for vehicle in range(block.arrivals.shape[1]):
            now = block.arrivals[row, vehicle]
            if now >= window[1]:
                break
            if now >= window[0]:
                wait = block.starts[row, vehicle] - now
                row_waits[counted] = wait
                counted += 1
                total += wait
                waited += wait > 0.0
        totals[row, 0], totals[row, 1], totals[row, 2] = counted, total, waited
        for number in range(counted):
            place = (bits[number] >> BITS_DROPPED) - FIRST_BIN_BITS
            waits[groups[row], min(max(place, 0), BINS - 1)] += 1


def fill_spillback(block: Block, window: tuple[float, float], storage: int, totals: Floats) -> None:
    """Fill the last four figures of every replication."""
    warmup_s, horizon_s = window
    for row in range(block.arrivals.shape[0]):
        spilled, spilled_later, seconds, seconds_later = 0.0, 0.0, 0.0, 0.0
        for vehicle in range(storage, block.arrivals.shape[1]):
            now = block.arrivals[row, vehicle]
            if now >= horizon_s:
                break
            ahead = block.starts[row, vehicle - storage]
            if ahead > now:
                until = min(ahead, block.arrivals[row, vehicle + 1], horizon_s)
                spilled = 1.0
                seconds += until - now
                seconds_later += max(until - max(now, warmup_s), 0.0)
                if now >= warmup_s:
                    spilled_later = 1.0
        totals[row, 3], totals[row, 4] = spilled, seconds
        totals[row, 5], totals[row, 6] = spilled_later, seconds_later


def fill_controls(block: Block, marks: Floats, order: Integers, sums: Floats) -> None:
    """Fill the sums of the controls of every replication at each mark; ``order`` sorts the marks."""
    sixfold = np.empty(6)
    mean, square = block.means[0], block.squares[0]
    for row in range(block.arrivals.shape[0]):
        sixfold[:] = 0.0
        come = 0
        for mark in order:
            while come < block.arrivals.shape[1] and block.arrivals[row, come] <= marks[mark]:
                if block.lanes.shape[0] > 0:
                    mix = block.lane_mix[block.lanes[row, come]]
                    mean, square = block.means[mix], block.squares[mix]
                service, gap, met = block.services[row, come], block.gaps[row, come], block.work[row, come]
                sixfold[0] += met * (service - mean)
                sixfold[1] += service - mean
                sixfold[2] += service * service - square
                sixfold[3] += (met + service) * gap
                sixfold[4] += gap
                sixfold[5] += gap * gap - 1.0
                come += 1
            sums[row, mark] = sixfold


def fill_queues(block: Block, times: Floats, order: Integers, queues: Integers) -> None:
    """Fill the vehicles waiting at each report time; ``order`` sorts the times."""
    columns = block.arrivals.shape[1]
    for row in range(block.arrivals.shape[0]):
        come, started = 0, 0
        for report in order:
            while come < columns and block.arrivals[row, come] <= times[report]:
                come += 1
            while started < columns and block.starts[row, started] <= times[report]:
                started += 1
            queues[row, report] = come - started


def compiled(function: Callable[..., None]) -> Callable[..., None]:
    """The function compiled by Numba; the machine code is kept on disk where there is a place for it."""
    if function not in _COMPILED:
        numba: Any = import_module("numba")
        try:
            _COMPILED[function] = numba.njit(cache=True, nogil=True)(function)
        except RuntimeError:  # nowhere to keep it
            _COMPILED[function] = numba.njit(nogil=True)(function)
    return _COMPILED[function]


_COMPILED: dict[Callable[..., None], Callable[..., None]] = {}
