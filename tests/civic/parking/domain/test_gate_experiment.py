"""The experiment: reproducible, monotone on common random numbers, and honest where little is seen."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import repeat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.civic.parking.domain.gate import compiled, experiment
from linli.civic.parking.domain.gate.engines import FEW_VEHICLES, choose_engine
from linli.civic.parking.domain.gate.estimates import Estimate, Sums, proportion, quantile
from linli.civic.parking.domain.gate.experiment import blocks, conclude, run_block, simulate
from linli.civic.parking.domain.gate.figures import BINS, bin_edges
from linli.civic.parking.domain.gate.sheet import busiest_load
from linli.civic.parking.domain.gate.specification import ArrivalPiece
from linli.civic.parking.domain.gate.vehicles import draw_vehicles
from linli.ground.kernel.errors import Invalid
from tests.civic.parking.domain.gate_worlds import EXPONENTIAL, deterministic, gate, lognormal

BUSY = gate((1_800.0, 500.0), (3_600.0, 900.0), lanes=2, replications=300, report_at_s=(1_800.0, 3_600.0))


# --- the same seed, the same numbers ------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_answer_and_another_seed_another():
    assert simulate(BUSY) == simulate(BUSY)
    assert simulate(BUSY) != simulate(
        gate((1_800.0, 500.0), (3_600.0, 900.0), lanes=2, replications=300, seed=2)
    )


def test_the_answer_does_not_depend_on_who_simulates_which_block(monkeypatch):
    monkeypatch.setattr(experiment, "VEHICLES_IN_A_BLOCK", 20_000)
    parts = blocks(BUSY)
    assert len(parts) > 5
    firsts, counts = zip(*parts, strict=True)
    with ThreadPoolExecutor(3) as pool:
        elsewhere = conclude(BUSY, pool.map(run_block, repeat(BUSY), repeat("numpy"), firsts, counts))
    assert elsewhere == simulate(BUSY)


def test_a_replication_meets_the_same_vehicles_in_any_block():
    alone, among = draw_vehicles(BUSY, 7, 1), draw_vehicles(BUSY, 4, 9)
    count = int((alone.arrivals[0] < 3_600.0).sum())
    np.testing.assert_array_equal(alone.arrivals[0, :count], among.arrivals[3, :count])
    np.testing.assert_array_equal(alone.services[0, 0, :count], among.services[0, 3, :count])


def test_a_vehicle_keeps_its_service_time_whatever_the_demand():
    """Common random numbers: the n-th vehicle of a replication is the same car in every scenario."""
    mix = (lognormal(6.0, 0.35, 0.79), lognormal(18.0, 0.6, 0.18), lognormal(30.0, 0.5, 0.03))
    calm, busy = (draw_vehicles(gate((3_600.0, rate), service=mix), 0, 3) for rate in (200.0, 600.0))
    shared = calm.services.shape[2]
    np.testing.assert_array_equal(calm.services[0], busy.services[0, :, :shared])


def test_headways_have_the_stated_means_and_spreads():
    mixes = [
        (lognormal(6.0, 0.35, 0.79), lognormal(18.0, 0.6, 0.18), lognormal(30.0, 0.5, 0.03)),
        (
            lognormal(6.0, 0.35, 0.5),
            EXPONENTIAL.__class__(share=0.5, distribution="exponential", mean_s=9.0, cv=1.0),
        ),
        (deterministic(5.0),),
        (lognormal(5.0, 0.0),),
    ]
    for mix in mixes:
        specification = gate((36_000.0, 600.0), service=mix)
        drawn = draw_vehicles(specification, 0, 60).services[0].ravel()
        means, squares = specification.mix_moments()
        assert drawn.mean() == pytest.approx(means[0], rel=0.01)
        assert (drawn * drawn).mean() == pytest.approx(squares[0], rel=0.03)


def test_vehicles_arrive_at_the_stated_rates_and_never_at_rate_zero():
    specification = gate((1_000.0, 360.0), (2_000.0, 0.0), (3_000.0, 720.0), (4_000.0, 0.0))
    arrivals = draw_vehicles(specification, 0, 400).arrivals
    counts = [((arrivals >= low) & (arrivals < low + 1_000)).sum() / 400 for low in (0, 1_000, 2_000, 3_000)]
    assert counts[1] == counts[3] == 0
    assert counts[0] == pytest.approx(100, abs=2)
    assert counts[2] == pytest.approx(200, abs=3)
    assert (arrivals[:, -1] >= 4_000.0).all()


def test_more_draws_are_made_when_an_unlikely_number_of_vehicles_comes(monkeypatch):
    expected = draw_vehicles(BUSY, 0, 5)
    monkeypatch.setattr("math.sqrt", lambda _: -100.0)
    again = draw_vehicles(BUSY, 0, 5)
    np.testing.assert_array_equal(expected.arrivals, again.arrivals)


# --- laws ---------------------------------------------------------------------------------------------------

SERVICES = st.sampled_from(
    [
        (EXPONENTIAL,),
        (deterministic(9.0),),
        (lognormal(8.0, 0.5),),
        (lognormal(6.0, 0.35, 0.8), lognormal(18.0, 0.6, 0.2)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    service=SERVICES,
    load=st.floats(0.05, 2.0),
    lanes=st.integers(1, 5),
    replications=st.sampled_from([2, 20, 60]),
    warmup=st.sampled_from([0.0, 300.0]),
    seed=st.integers(0, 2**32),
)
def test_more_identical_lanes_never_raise_the_mean_wait(*, service, load, lanes, replications, warmup, seed):
    mean = sum(one.share * one.mean_s for one in service)
    rate = 3_600.0 * load * lanes / mean + 60.0
    specification = gate(
        (600.0, 0.5 * rate),
        (1_200.0, rate),
        service=service,
        warmup_s=warmup,
        replications=replications,
        seed=seed,
    )
    waits = [simulate(specification.with_lanes(count)).mean_wait_s.value for count in range(lanes, lanes + 3)]
    assert waits == sorted(waits, reverse=True)


@settings(max_examples=30, deadline=None)
@given(service=SERVICES, lanes=st.integers(1, 3), seed=st.integers(0, 2**32))
def test_more_vehicles_or_less_storage_never_make_spillback_rarer(service, lanes, seed):
    def spilled(rate: float, storage: int) -> float:
        specification = gate(
            (1_200.0, rate), service=service, lanes=lanes, storage_cars=storage, replications=30, seed=seed
        )
        return simulate(specification).probability_of_spillback.value

    assert spilled(400.0 * lanes, 5) <= spilled(500.0 * lanes, 5)
    assert spilled(400.0 * lanes, 6) <= spilled(400.0 * lanes, 3)


def test_shorter_windows_of_a_reversible_lane_never_shorten_the_wait():
    waits = []
    for until in (300.0, 600.0, 900.0, 1_200.0):
        specification = gate(
            (1_200.0, 700.0),
            lane_services=((EXPONENTIAL,), (EXPONENTIAL,)),
            hours=((1, 0.0, until),),
            replications=50,
        )
        waits.append(simulate(specification).mean_wait_s.value)
    assert waits == sorted(waits, reverse=True)
    open_all_day = gate((1_200.0, 700.0), lanes=2, replications=50)
    assert waits[-1] == pytest.approx(simulate(open_all_day).mean_wait_s.value, rel=1e-9)


# --- figures with intervals ---------------------------------------------------------------------------------


def test_controls_remove_most_of_the_chance_and_none_of_the_truth():
    """The plain mean and the controlled one estimate the same; the controlled one is far surer."""
    chance = np.random.default_rng(3)
    errors, widths = [], []
    for _ in range(400):
        control = chance.normal(size=200)
        figure = 5.0 + 2.0 * control + 0.3 * chance.normal(size=200)
        columns = np.stack([np.ones(200), figure, control, np.zeros(200)], axis=1)
        sums = Sums(columns.T @ columns, 2)
        errors.append(sums.controlled_ratio(1).value - 5.0)
        widths.append((sums.ratio(1).high - sums.ratio(1).low) / (_width(sums.controlled_ratio(1))))
    assert abs(np.mean(errors)) < 4 * 0.3 / math.sqrt(200 * 400)
    assert np.std(errors) == pytest.approx(0.3 / math.sqrt(200), rel=0.15)
    assert np.median(widths) == pytest.approx(math.sqrt(4.09) / 0.3, rel=0.1)


def test_few_replications_or_a_wild_figure_are_left_without_controls():
    few = np.stack([np.ones(10), np.arange(10.0), np.arange(10.0)], axis=1)
    assert Sums(few.T @ few, 1).controlled_ratio(1) == Sums(few.T @ few, 1).ratio(1)
    wild = np.stack([np.ones(30), np.r_[100.0, np.zeros(29)], np.arange(30.0) - 14.5], axis=1)
    assert Sums(wild.T @ wild, 1).surest_ratio(1) == Sums(wild.T @ wild, 1).ratio(1)
    still = np.stack([np.ones(30), np.full(30, 2.0), np.arange(30.0)], axis=1)
    assert Sums(still.T @ still, 1).controlled_ratio(1) == Estimate(2.0, 2.0, 2.0)


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low


@pytest.mark.parametrize("share", [0.004, 0.02, 0.1, 0.5, 0.97])
def test_the_interval_of_a_share_covers_it(share):
    chance = np.random.default_rng(1)
    drawn = [proportion(int(chance.binomial(150, share)), 150) for _ in range(4_000)]
    covered = np.mean([found.low <= share <= found.high for found in drawn])
    assert 0.92 <= covered <= 0.995
    assert all(0.0 <= found.low <= found.value <= found.high <= 1.0 for found in drawn)


def test_a_share_that_was_never_or_always_seen_keeps_an_open_side():
    assert proportion(0, 100).low == 0.0 < proportion(0, 100).high < 0.04
    assert proportion(100, 100).high == 1.0 > proportion(100, 100).low > 0.96


def test_the_quantile_of_waits_is_that_of_the_waits_themselves():
    chance = np.random.default_rng(2)
    waits = chance.exponential(20.0, (64, 500))
    waits[chance.random(waits.shape) < 0.6] = 0.0
    edges = bin_edges()
    places = np.clip(np.searchsorted(edges, waits, side="right") - 1, 0, BINS - 1)
    counts = np.stack([np.bincount(row, minlength=BINS) for row in places])
    found = quantile(counts, np.zeros((64, 1)), edges, 0.95)
    assert found.value == pytest.approx(np.quantile(waits, 0.95), rel=2e-3)
    assert found.low < 20.0 * math.log(0.4 / 0.05) < found.high
    assert quantile(counts, np.zeros((64, 1)), edges, 0.5) == Estimate(0.0, 0.0, 0.0)


def test_a_gate_where_nobody_waits_says_so_with_an_upper_bound():
    answer = simulate(gate((3_600.0, 2.0), lanes=4, replications=50, report_at_s=(0.0, 1_800.0)))
    assert answer.mean_wait_s.value == answer.mean_wait_s.low == 0.0 < answer.mean_wait_s.high < 1.0
    assert answer.probability_of_wait.high < 0.1
    assert answer.p95_wait_s.value == 0.0
    assert answer.spillback_minutes.value == 0.0 < answer.spillback_minutes.high
    assert answer.at[1].mean_waiting.value == 0.0 < answer.at[1].mean_waiting.high < 0.1


def test_rare_waits_are_given_plainly():
    answer = simulate(gate((3_600.0, 60.0), lanes=2, replications=200, report_at_s=(3_000.0,)))
    assert 0.0 < answer.probability_of_wait.value < 0.02
    assert answer.mean_wait_s.low < answer.mean_wait_s.value < answer.mean_wait_s.high
    busier = simulate(gate((3_600.0, 400.0), lanes=2, replications=200, report_at_s=(0.0, 3_000.0)))
    assert busier.at[0].mean_waiting.value == 0.0 < busier.at[1].mean_waiting.low


def test_an_experiment_without_one_vehicle_is_refused():
    with pytest.raises(Invalid, match="没有一辆车"):
        simulate(gate((10.0, 0.001), replications=3))


def test_the_busiest_time_is_looked_for_within_the_day_that_is_simulated():
    pieces = (ArrivalPiece(until_s=600.0, per_hour=200.0), ArrivalPiece(until_s=1_200.0, per_hour=900.0))
    long = replace(gate((1_200.0, 1.0), service=(deterministic(7.2),), lanes=2), arrivals=pieces)
    assert busiest_load(long) == pytest.approx(0.9)
    assert busiest_load(replace(long, horizon_s=600.0)) == pytest.approx(0.2)


def test_storage_beyond_all_vehicles_never_spills():
    answer = simulate(gate((600.0, 900.0), storage_cars=5_000, replications=5))
    assert answer.probability_of_spillback.value == answer.spillback_minutes.value == 0.0


# --- the choice of engine -----------------------------------------------------------------------------------


def test_the_compiler_is_only_loaded_where_it_pays(monkeypatch):
    small, large = gate((3_600.0, 100.0)), gate((36_000.0, 1_000.0), replications=1_000)
    assert large.expected_vehicles * 1_000 > FEW_VEHICLES
    assert choose_engine("auto", small) == "numpy"
    assert choose_engine("auto", large) == "numba"
    assert choose_engine("numpy", large) == "numpy"
    assert choose_engine("numba", small) == "numba"
    monkeypatch.setattr(compiled, "HAVE_NUMBA", False)
    assert choose_engine("auto", large) == "numpy"
    with pytest.raises(Invalid, match="没有安装 numba"):
        choose_engine("numba", large)


def test_where_no_place_is_for_machine_code_it_is_made_anew(monkeypatch):
    class Compiler:
        @staticmethod
        def njit(**options):
            if options.get("cache"):
                raise RuntimeError("cannot cache")
            return lambda function: ("compiled", function)

    monkeypatch.setattr(compiled, "import_module", lambda name: Compiler)
    monkeypatch.setattr(compiled, "_COMPILED", {})
    assert compiled.compiled(compiled.fill_queues) == ("compiled", compiled.fill_queues)
    assert simulate(gate((600.0, 100.0)), "numpy")
