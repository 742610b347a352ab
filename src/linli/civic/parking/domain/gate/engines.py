"""The two engines: NumPy alone, and compiled by Numba where it is installed. They agree on equal inputs."""

from __future__ import annotations

from typing import Literal

import numpy as np

from linli.civic.parking.domain.gate import compiled
from linli.civic.parking.domain.gate.figures import (
    BINS,
    CONTROLS,
    Block,
    Figure,
    RowFigures,
    control_marks,
    row_figures,
)
from linli.civic.parking.domain.gate.passage import (
    NO_LANES,
    LaneTable,
    Passage,
    pass_different_lanes,
    pass_identical_lanes,
)
from linli.civic.parking.domain.gate.specification import Floats, GateSpecification, Integers
from linli.civic.parking.domain.gate.vehicles import Vehicles
from linli.ground.kernel.errors import Invalid

Engine = Literal["numpy", "numba"]
FEW_VEHICLES = 3_000_000
"""Below so many vehicles in all, loading the compiler takes longer than it saves."""


def available_engine(wanted: str) -> Engine:
    """The wanted engine. Refuses the compiled one where Numba is not installed."""
    if wanted == "numba" and not compiled.HAVE_NUMBA:
        raise Invalid("no_numba", "没有安装 numba；请用 --engine numpy，或安装可选的 planning 部分。")
    return "numba" if wanted == "numba" else "numpy"


def choose_engine(wanted: str, specification: GateSpecification) -> Engine:
    """The engine to use: the wanted one, or for ``auto`` the faster of those that are installed."""
    if wanted == "auto":
        many = specification.expected_vehicles * specification.replications > FEW_VEHICLES
        return "numba" if many and compiled.HAVE_NUMBA else "numpy"
    return available_engine(wanted)


def passage(specification: GateSpecification, arrivals: Floats, services: Floats, engine: Engine) -> Passage:
    """When each vehicle starts its service.

    ``arrivals`` by replication and vehicle, in order and in seconds; ``services`` by service mix, replication
    and vehicle.
    """
    if engine == "numpy":
        if specification.identical_lanes:
            return pass_identical_lanes(arrivals, services[0], specification.lanes)
        return pass_different_lanes(arrivals, services, LaneTable.of(specification))
    starts, work = np.empty_like(arrivals), np.empty_like(arrivals)
    if specification.identical_lanes:
        passed = Passage(starts, services[0], NO_LANES, work)
        compiled.compiled(compiled.pass_identical)(arrivals, services[0], specification.lanes, passed)
        return passed
    passed = Passage(starts, np.empty_like(arrivals), np.zeros(arrivals.shape, dtype=np.int16), work)
    compiled.compiled(compiled.pass_different)(arrivals, services, LaneTable.of(specification), passed)
    return passed


def block_of(specification: GateSpecification, vehicles: Vehicles, passed: Passage) -> Block:
    """The vehicles and what became of them, as the figures need it."""
    means, squares = specification.mix_moments()
    return Block(
        arrivals=vehicles.arrivals,
        gaps=np.ascontiguousarray(vehicles.gaps),
        starts=passed.starts,
        services=passed.services,
        work=passed.work,
        lanes=passed.lanes,
        lane_mix=np.array(specification.lane_mix, dtype=np.int64),
        means=means,
        squares=squares,
    )


def figures(specification: GateSpecification, block: Block, groups: Integers, engine: Engine) -> RowFigures:
    """All figures of a block of replications; ``groups`` numbers the group of each from 0."""
    if engine == "numpy":
        return row_figures(specification, block, groups)
    rows = len(block.arrivals)
    window = specification.warmup_s, specification.horizon_s
    totals = np.zeros((rows, len(Figure)))
    waits = np.zeros((int(groups[-1]) + 1, BINS), dtype=np.int64)
    compiled.compiled(compiled.fill_waits)(block, window, groups, totals, waits)
    compiled.compiled(compiled.fill_spillback)(block, window, specification.storage_cars, totals)
    marks = control_marks(specification)
    controls = np.zeros((rows, len(marks), CONTROLS))
    compiled.compiled(compiled.fill_controls)(block, marks, np.argsort(marks), controls)
    times = np.array(specification.report_at_s)
    queues = np.zeros((rows, len(times)), dtype=np.int64)
    compiled.compiled(compiled.fill_queues)(block, times, np.argsort(times), queues)
    return RowFigures(totals, controls[:, 1] - controls[:, 0], queues, controls[:, 2:], waits)
