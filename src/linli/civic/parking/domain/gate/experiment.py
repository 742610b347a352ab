"""The experiment: replications in blocks of fixed size, each block anywhere, added up in their order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.gate.engines import Engine, block_of, figures, passage
from linli.civic.parking.domain.gate.estimates import (
    LEAST_SHARE_FOR_CONTROLS,
    QUANTILE_GROUPS,
    Estimate,
    Sums,
    proportion,
    quantile,
)
from linli.civic.parking.domain.gate.figures import BINS, CONTROLS, Figure, RowFigures, bin_edges
from linli.civic.parking.domain.gate.specification import Floats, GateSpecification, Integers
from linli.civic.parking.domain.gate.vehicles import draw_vehicles
from linli.ground.kernel.errors import Invalid

VEHICLES_IN_A_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSums:
    """What a block of replications adds to the whole."""

    totals: Floats
    reports: Floats
    first_group: int
    waits: Integers
    group_controls: Floats


@dataclass(frozen=True, slots=True)
class AtTime:
    """The queue at one report time, counted from the start with an empty gate."""

    t_s: float
    mean_waiting: Estimate
    probability_waiting_over_storage: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswer:
    """What the gate does, each figure with its 95 % interval; times in seconds or minutes as named."""

    mean_wait_s: Estimate
    p95_wait_s: Estimate
    probability_of_wait: Estimate
    probability_of_spillback: Estimate
    spillback_minutes: Estimate
    probability_of_spillback_after_warmup: Estimate
    spillback_minutes_after_warmup: Estimate
    vehicles: Estimate
    at: tuple[AtTime, ...]


def blocks(specification: GateSpecification) -> list[tuple[int, int]]:
    """First replication and number of replications of each block, whatever the number of processes."""
    expected = specification.expected_vehicles
    width = expected + 4 * math.sqrt(expected) + 12 + 8 * len(specification.report_at_s)
    rows = max(1, int(VEHICLES_IN_A_BLOCK / width))
    whole = specification.replications
    return [(first, min(rows, whole - first)) for first in range(0, whole, rows)]


def run_block(specification: GateSpecification, engine: Engine, first: int, count: int) -> BlockSums:
    """Simulate the replications ``first`` to ``first + count`` and add them up."""
    vehicles = draw_vehicles(specification, first, count)
    passed = passage(specification, vehicles.arrivals, vehicles.services, engine)
    members = _groups(specification)[first : first + count]
    found = figures(specification, block_of(specification, vehicles, passed), members - members[0], engine)
    group_controls = np.zeros((len(found.waits), CONTROLS))
    np.add.at(group_controls, members - members[0], found.controls)
    return BlockSums(
        totals=_products(found),
        reports=_report_products(specification, found),
        first_group=int(members[0]),
        waits=found.waits,
        group_controls=group_controls,
    )


def _groups(specification: GateSpecification) -> Integers:
    whole = specification.replications
    groups: Integers = np.arange(whole) * min(whole, QUANTILE_GROUPS) // whole
    return groups


def _products(found: RowFigures) -> Floats:
    ones = np.ones((len(found.totals), 1))
    columns = np.concatenate([ones, found.totals, found.controls], axis=1)
    return np.asarray(np.einsum("ri,rj->ij", columns, columns))


def _report_products(specification: GateSpecification, found: RowFigures) -> Floats:
    queues = found.queues[:, :, None]
    columns = np.concatenate(
        [np.ones(queues.shape), queues, queues > specification.storage_cars, found.queue_controls], axis=2
    )
    return np.asarray(np.einsum("rti,rtj->tij", columns, columns))


def conclude(specification: GateSpecification, done: Iterable[BlockSums]) -> GateAnswer:
    """The answer out of all blocks, in their order.

    Refuses an experiment in which not one vehicle came.
    """
    width = 1 + len(Figure) + CONTROLS
    groups = min(specification.replications, QUANTILE_GROUPS)
    totals = np.zeros((width, width))
    reports = np.zeros((len(specification.report_at_s), 3 + CONTROLS, 3 + CONTROLS))
    waits = np.zeros((groups, BINS), dtype=np.int64)
    group_controls = np.zeros((groups, CONTROLS))
    for block in done:
        totals += block.totals
        reports += block.reports
        own = slice(block.first_group, block.first_group + len(block.waits))
        waits[own] += block.waits
        group_controls[own] += block.group_controls
    if not waits.any():
        raise Invalid(
            "no_vehicle",
            "arrivals：warmup_s 到 horizon_s 之间没有一辆车到达，算不出等候；请增加车流或 replications。",
        )
    at = tuple(
        _at(time, Sums(products, CONTROLS))
        for time, products in zip(specification.report_at_s, reports, strict=True)
    )
    p95 = quantile(waits, group_controls, bin_edges(), 0.95)
    return _answer(specification, Sums(totals, CONTROLS), p95, at)


def _column(figure: Figure) -> int:
    return 1 + int(figure)


def _answer(
    specification: GateSpecification, sums: Sums, p95_wait_s: Estimate, at: tuple[AtTime, ...]
) -> GateAnswer:
    vehicles, waited = _column(Figure.VEHICLES), _column(Figure.WAITED)
    any_wait = proportion(int(sums.products[0, waited]), int(sums.products[0, vehicles]))
    if any_wait.value == 0.0:
        typical = float(np.mean(specification.mix_moments()[0]))
        share, wait = any_wait, any_wait.scaled(typical)
    elif any_wait.value < LEAST_SHARE_FOR_CONTROLS:
        share, wait = (sums.ratio(_column(f), vehicles) for f in (Figure.WAITED, Figure.WAIT_S))
    else:
        share, wait = (sums.surest_ratio(_column(f), vehicles) for f in (Figure.WAITED, Figure.WAIT_S))
    return GateAnswer(
        mean_wait_s=wait.within(0.0, math.inf),
        p95_wait_s=p95_wait_s,
        probability_of_wait=share.within(0.0, 1.0),
        probability_of_spillback=_spilled(sums, Figure.SPILLED),
        spillback_minutes=_minutes(specification, sums, Figure.SPILL_S),
        probability_of_spillback_after_warmup=_spilled(sums, Figure.SPILLED_AFTER_WARMUP),
        spillback_minutes_after_warmup=_minutes(specification, sums, Figure.SPILL_AFTER_WARMUP_S),
        vehicles=sums.ratio(vehicles).within(0.0, math.inf),
        at=at,
    )


def _spilled(sums: Sums, figure: Figure) -> Estimate:
    return proportion(int(sums.products[0, _column(figure)]), int(sums.replications))


def _minutes(specification: GateSpecification, sums: Sums, figure: Figure) -> Estimate:
    """Mean minutes of spillback; where there was none, the upper bound is that of a whole horizon of it."""
    found = sums.ratio(_column(figure))
    if found.value > 0.0:
        return found.scaled(1 / 60).within(0.0, math.inf)
    return proportion(0, int(sums.replications)).scaled(specification.horizon_s / 60)


def _at(time: float, sums: Sums) -> AtTime:
    replications = int(sums.replications)
    over = proportion(int(sums.products[0, 2]), replications)
    if sums.products[0, 1] == 0.0:
        waiting = proportion(0, replications)
    elif sums.products[0, 1] < LEAST_SHARE_FOR_CONTROLS * replications:
        waiting = sums.ratio(1)
    else:
        waiting = sums.surest_ratio(1)
    return AtTime(time, waiting.within(0.0, math.inf), over)


def simulate(specification: GateSpecification, engine: Engine = "numpy") -> GateAnswer:
    """The whole experiment in this process."""
    return conclude(
        specification, (run_block(specification, engine, *part) for part in blocks(specification))
    )
