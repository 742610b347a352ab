"""First come, first served: vehicle by vehicle against two other simulators and against a plain telling."""

from __future__ import annotations

import ciw
import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.civic.parking.domain.gate import compiled
from linli.civic.parking.domain.gate.engines import block_of, figures, passage
from linli.civic.parking.domain.gate.figures import Figure, row_figures
from linli.civic.parking.domain.gate.vehicles import Vehicles, draw_vehicles
from tests.civic.parking.domain.gate_by_hand import Gate, Lane, always_open
from tests.civic.parking.domain.gate_worlds import EXPONENTIAL, deterministic, gate, lognormal

ENGINES = ["numpy", "numba"]


def vehicles(count: int, lanes: int, load: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    arrivals = np.cumsum(chance.exponential(10.0 / lanes / load, count))
    return arrivals[None, :], chance.lognormal(2.0, 0.7, count)[None, None, :]


# --- against other simulators -------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("lanes", "load"), [(1, 0.7), (1, 1.4), (2, 0.95), (3, 0.8), (5, 1.1)])
def test_every_vehicle_starts_when_ciw_says(engine, lanes, load):
    arrivals, services = vehicles(1_500, lanes, load, seed=lanes)
    gaps = np.diff(arrivals[0], prepend=0.0).tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps)],
        service_distributions=[ciw.dists.Sequential(services[0, 0].tolist())],
        number_of_servers=[lanes],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(1_520, method="Finish")  # a few more: they leave out of turn
    records = sorted(simulation.get_all_records(), key=lambda record: record.id_number)[:1_500]
    assert [record.id_number for record in records] == list(range(1, 1_501))
    found = passage(gate((10.0, 60.0), lanes=lanes), arrivals, services, engine)
    theirs = np.array([(r.arrival_date, r.service_time, r.waiting_time) for r in records]).T
    np.testing.assert_allclose(arrivals[0], theirs[0], rtol=1e-12)
    np.testing.assert_allclose(services[0, 0], theirs[1], rtol=1e-9)
    np.testing.assert_allclose(found.starts[0] - arrivals[0], theirs[2], atol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_every_vehicle_starts_when_simpy_says(engine, lanes):
    arrivals, services = vehicles(3_000, lanes, 0.97, seed=lanes)
    starts = np.zeros(3_000)
    world = simpy.Environment()
    server = simpy.Resource(world, capacity=lanes)

    def drive(number: int):
        yield world.timeout(float(arrivals[0, number]))
        with server.request() as turn:
            yield turn
            starts[number] = world.now
            yield world.timeout(float(services[0, 0, number]))

    for number in range(3_000):
        world.process(drive(number))
    world.run()
    found = passage(gate((10.0, 60.0), lanes=lanes), arrivals, services, engine)
    np.testing.assert_allclose(found.starts[0], starts, atol=1e-9)


# --- lanes that differ --------------------------------------------------------------------------------------

LANES = st.lists(st.floats(0.3, 3.0), min_size=1, max_size=4)


@st.composite
def different_gates(draw):
    factors = draw(LANES)
    hours = []
    for lane in range(1, len(factors)):
        if draw(st.booleans()):
            edges = sorted(draw(st.lists(st.integers(0, 500), min_size=2, max_size=6, unique=True)))
            pairs = zip(edges[::2], edges[1::2], strict=False)
            hours += [(lane, float(opens), float(closes)) for opens, closes in pairs]
    return factors, hours, draw(st.integers(0, 10_000))


@settings(max_examples=120, deadline=None)
@given(different_gates())
def test_different_and_reversible_lanes_do_as_a_plain_telling_says(case):
    factors, hours, seed = case
    mixes = tuple((deterministic(10.0 * factor),) for factor in factors)
    specification = gate((600.0, 360.0 * len(factors)), lane_services=mixes, hours=tuple(hours))
    chance = np.random.default_rng(seed)
    arrivals = np.sort(chance.uniform(0.0, 600.0, 70))[None, :]
    sizes = chance.lognormal(2.0, 0.5, 70)
    by_mix = np.stack([sizes * mix[0].mean_s / 10.0 for mix in specification.mixes])[:, None, :]
    lanes = []
    for lane, factor in enumerate(factors):
        own = [(opens, closes) for which, opens, closes in hours if which == lane]
        lanes.append(Lane(own or [(0.0, float("inf"))]))
        assert by_mix[specification.lane_mix[lane], 0, 0] == sizes[0] * (10.0 * factor) / 10.0
    told = Gate(
        arrivals[0].tolist(), [by_mix[mix, 0].tolist() for mix in specification.lane_mix], lanes
    ).run()
    expected = [told.starts[vehicle] for vehicle in range(70)]
    for engine in ENGINES:
        found = passage(specification, arrivals, by_mix, engine)
        np.testing.assert_allclose(found.starts[0], expected, atol=1e-9)
        if not specification.identical_lanes:
            assert found.lanes[0].tolist() == [told.taken[vehicle] for vehicle in range(70)]


def test_a_lane_that_closes_finishes_its_vehicle_and_starts_no_other():
    specification = gate(
        (100.0, 3600.0),
        lane_services=((deterministic(30.0),), (deterministic(30.0),)),
        hours=((1, 0.0, 20.0),),
    )
    arrivals = np.array([[1.0, 2.0, 3.0, 40.0]])
    for engine in ENGINES:
        found = passage(specification, arrivals, np.full((1, 1, 4), 30.0), engine)
        assert found.starts[0].tolist() == [1.0, 2.0, 31.0, 61.0]
        assert found.lanes[0].tolist() == [0, 1, 0, 0]


def test_of_several_free_lanes_the_one_free_longest_is_taken_then_the_first():
    specification = gate((100.0, 3600.0), lane_services=((deterministic(5.0),), (deterministic(9.0),)))
    arrivals = np.array([[0.0, 1.0, 20.0, 40.0]])
    services = np.array([[[5.0] * 4], [[9.0] * 4]])
    for engine in ENGINES:
        assert passage(specification, arrivals, services, engine).lanes[0].tolist() == [0, 1, 0, 1]


# --- the figures, counted by hand ---------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    lanes=st.integers(1, 3),
    storage=st.integers(0, 4),
    warmup=st.sampled_from([0.0, 120.0, 300.0]),
    per_hour=st.sampled_from([200.0, 500.0, 900.0]),
    seed=st.integers(0, 10_000),
)
def test_the_figures_of_a_replication_are_those_counted_by_hand(lanes, storage, warmup, per_hour, seed):
    times = (0.0, 100.0, 333.3, 600.0)
    specification = gate(
        (600.0, per_hour), lanes=lanes, storage_cars=storage, warmup_s=warmup, seed=seed, report_at_s=times
    )
    drawn = draw_vehicles(specification, 0, 1)
    coming = [time for time in drawn.arrivals[0].tolist() if time < 600.0]
    told = Gate(coming, [drawn.services[0, 0].tolist()] * lanes, always_open(lanes)).run()
    waits = [told.starts[n] - time for n, time in enumerate(coming) if time >= warmup]
    over = [time for time, queue in told.joined if queue > storage]
    for engine in ENGINES:
        passed = passage(specification, drawn.arrivals, drawn.services, engine)
        found = figures(
            specification, block_of(specification, drawn, passed), np.zeros(1, dtype=np.int64), engine
        )
        assert found.totals[0].tolist() == pytest.approx(
            [
                len(waits),
                sum(waits),
                sum(wait > 0 for wait in waits),
                float(bool(over)),
                60 * told.minutes_over(storage, 0.0, 600.0),
                float(any(time >= warmup for time in over)),
                60 * told.minutes_over(storage, warmup, 600.0),
            ],
            abs=1e-8,
        )
        assert found.queues[0].tolist() == [told.waiting_at(time) for time in times]
        assert found.waits.sum() == len(waits)


# --- two engines --------------------------------------------------------------------------------------------

GATES = [
    gate(
        (3_000.0, 700.0),
        (6_000.0, 0.0),
        (9_000.0, 1_300.0),
        lanes=2,
        warmup_s=500.0,
        report_at_s=(9_000.0, 0.0),
    ),
    gate((7_200.0, 300.0), service=(lognormal(6.0, 0.35, 0.8), deterministic(20.0)), storage_cars=0),
    gate((7_200.0, 500.0), lane_services=((EXPONENTIAL,), (EXPONENTIAL,)), hours=((1, 0.0, 1_200.0),)),
    gate(
        (7_200.0, 900.0),
        lane_services=((EXPONENTIAL,), (lognormal(6.0, 0.4, 0.5), lognormal(20.0, 0.6, 0.5)), (EXPONENTIAL,)),
        hours=((2, 600.0, 1_200.0), (2, 3_000.0, 7_200.0)),
        report_at_s=tuple(range(0, 7_200, 300)),
    ),
]


@pytest.mark.parametrize("specification", GATES)
def test_both_engines_agree_on_the_same_inputs(specification):
    drawn = draw_vehicles(specification, 5, 12)
    groups = np.arange(12) // 5
    found = {}
    for engine in ENGINES:
        passed = passage(specification, drawn.arrivals, drawn.services, engine)
        found[engine] = passed, figures(specification, block_of(specification, drawn, passed), groups, engine)
    (one, these), (other, those) = found["numpy"], found["numba"]
    for part, its_twin in zip(one, other, strict=True):
        np.testing.assert_array_equal(part, its_twin)
    for name in ("totals", "controls", "queues", "queue_controls"):
        np.testing.assert_allclose(
            getattr(these, name), getattr(those, name), rtol=1e-9, atol=1e-9, err_msg=name
        )
    np.testing.assert_array_equal(these.waits, those.waits)


@pytest.mark.parametrize("specification", GATES)
def test_the_compiled_functions_say_the_same_when_they_are_not_compiled(specification, monkeypatch):
    drawn = draw_vehicles(specification, 0, 2)
    groups = np.zeros(2, dtype=np.int64)
    monkeypatch.setattr(compiled, "compiled", lambda function: function)
    passed = passage(specification, drawn.arrivals, drawn.services, "numba")
    block = block_of(specification, drawn, passed)
    plain, twin = figures(specification, block, groups, "numba"), row_figures(specification, block, groups)
    np.testing.assert_allclose(plain.totals, twin.totals, rtol=1e-9)
    np.testing.assert_allclose(plain.queue_controls, twin.queue_controls, rtol=1e-9, atol=1e-9)
    assert plain.totals[:, Figure.VEHICLES].min() > 100


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("is_compiled", [True, False])
def test_who_comes_last_of_all_is_counted_like_the_others(engine, is_compiled, monkeypatch):
    """Three vehicles of 8 s and nobody after them, long before the day ends; there is room for five to queue."""
    if not is_compiled:
        monkeypatch.setattr(compiled, "compiled", lambda function: function)
    specification = gate((600.0, 10.0), service=(deterministic(8.0),), storage_cars=5)
    arrivals = np.array([[0.0, 3.0, 5.0]])
    vehicles = Vehicles(arrivals, np.zeros_like(arrivals), np.full((1, 1, 3), 8.0))
    passed = passage(specification, arrivals, vehicles.services[0][None], engine)
    found = figures(
        specification, block_of(specification, vehicles, passed), np.zeros(1, dtype=np.int64), engine
    )
    assert found.totals[0].tolist() == [3, 5 + 11, 2, 0, 0, 0, 0]


def test_each_vehicle_waits_for_its_service_even_behind_the_horizon():
    specification = gate((100.0, 3_600.0), service=(deterministic(50.0),), replications=2)
    drawn = draw_vehicles(specification, 0, 2)
    passed = passage(specification, drawn.arrivals, drawn.services, "numpy")
    last = (drawn.arrivals[0] < 100.0).sum() - 1
    assert passed.starts[0, last] == pytest.approx(drawn.arrivals[0, 0] + 50.0 * last)
