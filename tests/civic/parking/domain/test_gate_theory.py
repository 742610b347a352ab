"""The gate against exact theory: Erlang, Pollaczek and Khinchine, Crommelin, Kolmogorov."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from linli.civic.parking.domain import theory
from linli.civic.parking.domain.gate import compiled
from linli.civic.parking.domain.gate.engines import Engine
from linli.civic.parking.domain.gate.experiment import simulate
from tests.civic.parking.domain.gate_theory import compare
from tests.civic.parking.domain.gate_worlds import EXPONENTIAL, gate, random_settings

ENGINE: Engine = "numba" if compiled.HAVE_NUMBA else "numpy"
SETTINGS = random_settings(seed=20260301, count=8, heaviest=0.85)
VEHICLES = {"M/M/c": 1.2e7, "M/G/1": 1.2e7, "M/D/c": 1.2e7, "Mt/M/c": 5e7}


# --- the theory itself, against numbers from elsewhere ------------------------------------------------------


def test_erlang_c_of_two_lanes_at_half_load_is_one_third():
    assert theory.erlang_c(2, 1.0) == pytest.approx(1 / 3, rel=1e-12)


def test_erlang_b_of_ten_places_at_five_erlang_is_the_tabled_value():
    assert theory.erlang_b(10, 5.0) == pytest.approx(0.018385, abs=5e-7)


def test_one_lane_has_the_same_wait_by_erlang_and_by_pollaczek_and_khinchine():
    assert theory.mmc_mean_wait(1, 0.08, 10.0) == pytest.approx(
        theory.mg1_mean_wait(0.08, 10.0, 200.0), rel=1e-12
    )


def test_regular_service_waits_half_as_long_as_irregular_at_one_lane():
    assert theory.mdc_mean_wait(1, 0.08, 10.0) == pytest.approx(
        theory.mg1_mean_wait(0.08, 10.0, 100.0), rel=1e-8
    )


def test_the_kolmogorov_equations_come_to_rest_at_erlang():
    steady = theory.transient_queue(2, [theory.Piece(20_000.0, 0.15)], 10.0, [20_000.0], states=200)[0]
    assert steady[2:].sum() == pytest.approx(theory.erlang_c(2, 1.5), rel=1e-9)


def test_the_share_below_the_wait_quantile_is_its_level():
    wait = theory.mmc_wait_quantile(2, 0.15, 10.0, 0.95)
    beyond = theory.erlang_c(2, 1.5) * math.exp(-0.5 * wait / 10.0)
    assert beyond == pytest.approx(0.05, rel=1e-12)
    assert theory.mmc_wait_quantile(4, 0.01, 10.0, 0.95) == 0.0


# --- the simulation against the theory ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "setting"), SETTINGS, ids=[f"{n}-{kind}" for n, (kind, _) in enumerate(SETTINGS)]
)
def test_the_gate_agrees_with_exact_theory(kind, setting):
    """So many vehicles that four standard errors of every figure are at most the 0.5 % that are promised."""
    vehicles = VEHICLES[kind]
    for found in compare(kind, setting, vehicles=vehicles, engine=ENGINE):
        assert abs(found.z) < 4, found
        assert found.error <= 0.005, found
        assert 4 * found.standard_error <= 0.005, found


def test_the_published_example_agrees_with_theory():
    specification = gate(
        (36_000.0, 410.0), lanes=2, warmup_s=3_600.0, replications=2_000, report_at_s=(900.0, 1_800.0)
    )
    answer = simulate(specification, ENGINE)
    rate = 410 / 3600
    assert answer.mean_wait_s.value == pytest.approx(theory.mmc_mean_wait(2, rate, 7.3), rel=0.005)
    assert answer.probability_of_wait.value == pytest.approx(theory.erlang_c(2, rate * 7.3), rel=0.005)
    assert answer.p95_wait_s.value == pytest.approx(theory.mmc_wait_quantile(2, rate, 7.3, 0.95), rel=0.01)
    spilled = theory.spillback_probability(2, [theory.Piece(36_000.0, rate)], 7.3, 6, 36_000.0)
    assert answer.probability_of_spillback.low < spilled < answer.probability_of_spillback.high


def test_intervals_cover_the_truth_in_91_to_99_of_100_small_experiments():
    """200 experiments of 100 half-hours each, so that chance is large and the intervals are wide."""
    rate = 620 / 3600
    pieces = [theory.Piece(4_200.0, rate)]
    exact = theory.transient_queue(2, pieces, 7.3, [900.0])[0]
    truths = {
        "mean_wait_s": theory.mmc_mean_wait(2, rate, 7.3),
        "p95_wait_s": theory.mmc_wait_quantile(2, rate, 7.3, 0.95),
        "probability_of_wait": theory.erlang_c(2, rate * 7.3),
        "probability_of_spillback": theory.spillback_probability(2, pieces, 7.3, 6, 4_200.0),
        "vehicles": rate * 1_800,
        "mean_waiting": sum(max(n - 2, 0) * share for n, share in enumerate(exact)),
        "probability_waiting_over_storage": exact[9:].sum(),
    }
    covered: Counter[str] = Counter()
    for seed in range(200):
        specification = gate(
            (4_200.0, 620.0),
            service=(EXPONENTIAL,),
            lanes=2,
            seed=seed,
            warmup_s=2_400.0,
            report_at_s=(900.0,),
        )
        answer = simulate(specification, ENGINE)
        for name, truth in truths.items():
            estimate = getattr(answer, name, None) or getattr(answer.at[0], name)
            covered[name] += estimate.low <= truth <= estimate.high
    assert {name: 182 <= covered[name] <= 198 for name in truths} == dict.fromkeys(truths, True), covered


def test_a_day_with_a_peak_above_capacity_gives_transient_numbers():
    specification = gate(
        (600.0, 200.0), (1200.0, 900.0), (2400.0, 100.0), replications=4_000, report_at_s=(1200.0,)
    )
    answer = simulate(specification, ENGINE)
    pieces = [theory.Piece(600.0, 200 / 3600), theory.Piece(1200.0, 900 / 3600)]
    exact = theory.transient_queue(1, pieces, 7.3, [1200.0])[0]
    queue = sum(max(n - 1, 0) * share for n, share in enumerate(exact))
    assert queue > 50
    assert answer.at[0].mean_waiting.value == pytest.approx(queue, rel=0.01)
    assert answer.at[0].mean_waiting.low < queue < answer.at[0].mean_waiting.high
