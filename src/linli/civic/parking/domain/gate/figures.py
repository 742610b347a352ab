"""The figures of every replication, out of arrivals and starts of service. NumPy alone.

Beside the figures stand the controls: sums whose expectation is exactly zero whatever the load, because a
headway is independent of the work met on arrival, and the gap to the next arrival of everything before.
``estimates.py`` uses them to remove chance from the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linli.civic.parking.domain.gate.specification import Floats, GateSpecification, Integers

CONTROLS = 6
BINS_AN_OCTAVE = 256
FIRST_OCTAVE, LAST_OCTAVE = -10, 21
BINS = (LAST_OCTAVE - FIRST_OCTAVE) * BINS_AN_OCTAVE + 1
BITS_DROPPED = 44
FIRST_BIN_BITS = (1023 + FIRST_OCTAVE) * BINS_AN_OCTAVE - 1


class Figure(IntEnum):
    """The columns of the table of replications."""

    VEHICLES = 0
    WAIT_S = 1
    WAITED = 2
    SPILLED = 3
    SPILL_S = 4
    SPILLED_AFTER_WARMUP = 5
    SPILL_AFTER_WARMUP_S = 6


@dataclass(frozen=True, slots=True)
class RowFigures:
    """The figures of a block: by replication, by report time, and the waits as a histogram by group.

    ``totals`` has one row per replication and the columns of ``Figure``; ``controls`` are those of the
    vehicles that count. ``queues`` is the number of vehicles waiting at each report time, ``queue_controls``
    the controls from the start until then. ``waits`` counts the waits by group of replications and bin.
    """

    totals: Floats
    controls: Floats
    queues: Integers
    queue_controls: Floats
    waits: Integers


class Block(NamedTuple):
    """All that is known of the vehicles of a block once they have passed, and of the lanes they took."""

    arrivals: Floats
    gaps: Floats
    starts: Floats
    services: Floats
    work: Floats
    lanes: NDArray[np.int16]
    lane_mix: Integers
    means: Floats
    squares: Floats


def control_marks(specification: GateSpecification) -> Floats:
    """The times at which the sums of the controls are needed: warm-up, horizon, then the report times."""
    return np.array([specification.warmup_s, specification.horizon_s, *specification.report_at_s])


def row_figures(specification: GateSpecification, block: Block, groups: Integers) -> RowFigures:
    """All figures of a block; ``groups`` numbers the group of each replication from 0."""
    counted = (block.arrivals >= specification.warmup_s) & (block.arrivals < specification.horizon_s)
    waits = block.starts - block.arrivals
    totals = np.zeros((len(waits), len(Figure)))
    totals[:, Figure.VEHICLES] = counted.sum(axis=1)
    totals[:, Figure.WAIT_S] = np.einsum("ij,ij->i", counted.astype(np.float64), waits)
    totals[:, Figure.WAITED] = ((waits > 0.0) & counted).sum(axis=1)
    _fill_spillback(totals, specification, block)
    controls = _controls_at(block, control_marks(specification))
    return RowFigures(
        totals,
        controls[:, 1] - controls[:, 0],
        _queues(block, np.array(specification.report_at_s)),
        controls[:, 2:],
        _histogram(waits, counted, groups),
    )


def _controls(block: Block) -> tuple[Floats, ...]:
    services, work, gaps = block.services, block.work, block.gaps
    mean, square = block.means[0], block.squares[0]
    if len(block.lanes):
        mix = block.lane_mix[block.lanes]
        mean, square = block.means[mix], block.squares[mix]
    excess = services - mean
    return (
        work * excess,
        excess,
        services * services - square,
        (work + services) * gaps,
        gaps,
        gaps * gaps - 1.0,
    )


def _controls_at(block: Block, marks: Floats) -> Floats:
    rows, columns = block.arrivals.shape
    come = _sorted_counts(block.arrivals, marks)
    sums = np.zeros((rows, len(marks), CONTROLS))
    summed = np.zeros((rows, columns + 1))
    for number, control in enumerate(_controls(block)):
        np.cumsum(control, axis=1, out=summed[:, 1:])
        sums[:, :, number] = np.take_along_axis(summed, come, axis=1)
    return sums


def _queues(block: Block, times: Floats) -> Integers:
    return _sorted_counts(block.arrivals, times) - _sorted_counts(block.starts, times)


def _sorted_counts(rows: Floats, times: Floats) -> Integers:
    """How many entries of each sorted row come at or before each time."""
    counts = np.empty((len(rows), len(times)), dtype=np.int64)
    if rows.shape[1] * len(times) < 20_000:
        for column, time in enumerate(times):
            counts[:, column] = (rows <= time).sum(axis=1)
    else:
        for number, row in enumerate(rows):
            counts[number] = np.searchsorted(row, times, side="right")
    return counts


def _fill_spillback(totals: Floats, specification: GateSpecification, block: Block) -> None:
    storage, horizon, warmup = specification.storage_cars, specification.horizon_s, specification.warmup_s
    if storage >= block.arrivals.shape[1] - 1:
        return
    joining = block.arrivals[:, storage:-1]
    ahead = block.starts[:, : joining.shape[1]]
    over = (ahead > joining) & (joining < horizon)
    rows = np.flatnonzero(over.any(axis=1))
    over, joining = over[rows], joining[rows]
    until = np.minimum(np.minimum(ahead[rows], block.arrivals[rows, storage + 1 :]), horizon)
    after = np.maximum(until - np.maximum(joining, warmup), 0.0)
    totals[rows, Figure.SPILLED] = 1.0
    totals[rows, Figure.SPILL_S] = np.where(over, until - joining, 0.0).sum(axis=1)
    totals[rows, Figure.SPILLED_AFTER_WARMUP] = (over & (joining >= warmup)).any(axis=1)
    totals[rows, Figure.SPILL_AFTER_WARMUP_S] = np.where(over, after, 0.0).sum(axis=1)


def _histogram(waits: Floats, counted: NDArray[np.bool_], groups: Integers) -> Integers:
    found = np.zeros((int(groups[-1]) + 1, BINS), dtype=np.int64)
    for group in range(len(found)):
        rows = slice(*np.searchsorted(groups, [group, group + 1]))
        bins = (waits[rows][counted[rows]].view(np.int64) >> BITS_DROPPED) - FIRST_BIN_BITS
        found[group] = np.bincount(np.clip(bins, 0, BINS - 1), minlength=BINS)
    return found


def bin_edges() -> Floats:
    """The lower edges of the bins of waits, in seconds, and the upper edge of the last."""
    octaves = np.arange(FIRST_OCTAVE, LAST_OCTAVE)
    steps = 1.0 + np.arange(BINS_AN_OCTAVE) / BINS_AN_OCTAVE
    edges = (2.0**octaves)[:, None] * steps[None, :]
    return np.concatenate([[0.0], edges.ravel(), [2.0**LAST_OCTAVE]])
