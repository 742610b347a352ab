"""Occupancy: from the midnight stock through the day, against exact theory and against a plain telling."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.civic.parking.domain import theory
from linli.civic.parking.domain.gate.compiled import compiled
from linli.civic.parking.domain.occupancy.day import draw_day, find_bays, place_cars
from linli.civic.parking.domain.occupancy.experiment import Band, mean_of, ratio_of, share_of, simulate_days
from linli.civic.parking.domain.occupancy.sheet import occupancy_json, occupancy_sheet
from linli.civic.parking.domain.occupancy.specification import (
    Building,
    CarClass,
    OccupancySpecification,
    Residents,
    Stay,
)
from linli.civic.parking.domain.occupancy.survey import draw_fleet, questions, reconcile

NEVER = (0.0,) * 24
SHORT = Stay(distribution="exponential", mean_h=1.5, cv=1.0)
LONG = Stay(distribution="lognormal", mean_h=10.0, cv=0.4)
RATES = tuple(float(2 + 18 * (7 <= hour < 11) + 10 * (17 <= hour < 20)) for hour in range(24))
MORNING = tuple(0.2 if 6 <= hour < 10 else 0.0 for hour in range(24))
EVENING = tuple(0.15 if 17 <= hour < 21 else 0.0 for hour in range(24))


def visitors(rates: tuple[float, ...] = RATES, stay: Stay = SHORT, stock: int = 0) -> CarClass:
    return CarClass(name="访客", at_midnight=stock, per_hour=rates, stay=stay)


def residents(
    *cars: tuple[int, ...], households: int = 100, nights: tuple[int, ...] = (), **given
) -> Residents:
    buildings = tuple(
        Building(name=f"{number}号楼", households=households, cars=own) for number, own in enumerate(cars, 1)
    )
    defaults = {"home_at_midnight": 1.0, "leave_by_hour": MORNING, "return_by_hour": EVENING, "stay": LONG}
    return Residents(buildings=buildings, nights=nights, **(defaults | given))


def compound(*classes: CarClass, bays: int = 10_000, **given) -> OccupancySpecification:
    defaults = {"seed": 4, "replications": 400, "residents": None, "day_cv": 0.0}
    return OccupancySpecification(bays=bays, classes=classes, **(defaults | given))


# --- against theory -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stay", [SHORT, Stay(distribution="deterministic", mean_h=2.0, cv=0.0)])
def test_with_bays_for_everyone_the_cars_present_are_poisson_with_the_exact_mean(stay):
    days, _ = simulate_days(compound(visitors(stay=stay), replications=3_000))

    def survival(age: float) -> float:
        return (
            math.exp(-age / stay.mean_h) if stay.distribution == "exponential" else float(age < stay.mean_h)
        )

    for hour in (8, 11, 20, 24):
        mean = theory.infinite_mean(lambda u: RATES[min(int(u), 23)], survival, float(hour))
        present = days.occupied[:, 0, hour]
        assert abs(present.mean() - mean) < 4 * math.sqrt(mean / 3_000)
        assert present.var() / mean == pytest.approx(1.0, abs=0.12)
    assert not days.lost.any()


def test_with_few_bays_the_losses_are_those_of_the_kolmogorov_equations():
    """From a midnight stock of six in eight bays, through a day with two peaks."""
    specification = compound(visitors(stock=6), bays=8, replications=3_000)
    days, _ = simulate_days(specification)
    pieces = [theory.Piece(hour + 1.0, RATES[hour]) for hour in range(24)]
    times = [quarter / 20 for quarter in range(1, 481)]
    exact = theory.transient_occupancy(8, 6, pieces, 1.5, times)
    mean = exact @ np.arange(9.0)
    for hour in (1, 8, 11, 19, 24):
        present = days.occupied[:, 0, hour]
        assert abs(present.mean() - mean[hour * 20 - 1]) < 4 * present.std() / math.sqrt(3_000)
    full = np.concatenate([[0.0], exact[:, 8]])
    rates = np.repeat(RATES, 20)
    lost = float(((full[:-1] + full[1:]) / 2 * rates / 20).sum())
    found = mean_of(days.lost[:, 0])
    assert abs(found.value - lost) < 4 * (found.high - found.low) / 3.92
    assert found.value == pytest.approx(lost, rel=0.01)


def test_after_a_few_stays_the_losses_are_erlangs():
    specification = compound(
        visitors(rates=(40.0,) * 24, stay=Stay(distribution="lognormal", mean_h=0.2, cv=1.5)),
        bays=9,
        replications=1_500,
    )
    days, _ = simulate_days(specification)
    lost = days.lost_by_hour[:, 4:].sum() / (1_500 * 20 * 40.0)
    assert lost == pytest.approx(theory.erlang_b(9, 8.0), rel=0.02)


# --- against a plain telling --------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(bays=st.integers(1, 30), stock=st.integers(0, 35), load=st.floats(0.2, 3.0), day=st.integers(0, 1_000))
def test_each_car_finds_a_bay_exactly_when_one_is_free(bays, stock, load, day):
    specification = compound(visitors(rates=(load * bays / 2,) * 24, stock=stock), bays=bays, day_cv=0.3)
    cars = draw_day(specification, day, (0.0, 0))
    parked = list(cars.stock_until[:bays])
    expected = []
    for coming, until in zip(cars.arrivals, cars.until, strict=True):
        parked = [leaving for leaving in parked if leaving > coming]
        expected.append(len(parked) < bays)
        parked += [until] if expected[-1] else []
    assert find_bays(cars, bays, place_cars).tolist() == expected
    assert find_bays(cars, bays, compiled(place_cars)).tolist() == expected


def test_both_engines_and_every_run_give_the_same_days():
    specification = compound(
        visitors(stock=5),
        bays=60,
        replications=30,
        day_cv=0.1,
        residents=residents((1, 0, 1, 2), (1, 1), households=30),
    )
    (one, fleet), (two, _), (three, _) = (
        simulate_days(specification, e) for e in ("numpy", "numba", "numpy")
    )
    for name in one.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        np.testing.assert_array_equal(getattr(one, name), getattr(three, name))
    assert one.lost.any() and fleet is not None


def test_no_bay_is_taken_twice_and_no_car_is_forgotten():
    specification = compound(visitors(stock=40), bays=35, day_cv=0.2)
    days, _ = simulate_days(specification)
    assert days.occupied.sum(axis=1).max() == 35
    assert (days.outside == 5).all()
    assert (days.occupied[:, 0, 0] == 35).all() and (days.wanted[:, 0, 0] == 40).all()
    np.testing.assert_array_equal(days.lost.sum(axis=1), days.lost_by_hour.sum(axis=1))
    assert (days.lost <= days.came).all()
    assert (days.unmet_h >= 0).all() and days.unmet_h.max() > 0


def test_the_demand_by_class_is_the_occupancy_where_bays_suffice():
    """Overflow is a matter of bays: with enough of them every class has what it wants, hour by hour."""
    home = residents((1, 0, 1, 2), households=30, nights=(28,))
    few, many = (compound(visitors(stock=4), bays=bays, residents=home, day_cv=0.2) for bays in (40, 500))
    scarce, ample = simulate_days(few)[0], simulate_days(many)[0]
    np.testing.assert_array_equal(ample.occupied, ample.wanted)
    np.testing.assert_array_equal(scarce.wanted, ample.wanted)
    assert (scarce.occupied <= scarce.wanted).all() and scarce.lost.any()


def test_more_bays_never_turn_more_cars_away():
    lost = [simulate_days(compound(visitors(stock=6), bays=bays))[0].lost.sum(axis=1) for bays in (8, 10, 14)]
    assert (lost[0] >= lost[1]).all() and (lost[1] >= lost[2]).all()


# --- the residents' cars ------------------------------------------------------------------------------------


def test_whoever_did_not_answer_is_not_without_a_car():
    asked = residents((1,) * 20, households=100)
    fleet = draw_fleet(compound(residents=asked), asked)
    assert (fleet.cars == 100).all()


def test_a_census_leaves_nothing_to_chance():
    everyone = residents((1, 0, 2, 1), (0, 0, 1, 3), households=4)
    fleet = draw_fleet(compound(residents=everyone), everyone)
    assert (fleet.cars == 8).all()
    np.testing.assert_array_equal(fleet.by_building[0], [4, 4])


def test_the_survey_is_expanded_by_building_without_bias():
    """Half of building 1 has a car, all of building 2 have two; few answered in building 1, many in 2."""
    asked = residents((0, 1) * 10, (2,) * 60, households=100)
    fleet = draw_fleet(compound(residents=asked, replications=2_000), asked)
    assert fleet.by_building[:, 0].mean() == pytest.approx(50.0, abs=1.0)
    assert (fleet.by_building[:, 1] == 200).all()
    # 20 answers drawn again carry over to 80 silent households: 80² × 0.25/20 + 80 × 0.2375
    assert np.std(fleet.by_building[:, 0]) == pytest.approx(math.sqrt(80 + 19), rel=0.08)


def test_a_building_where_nobody_answered_is_taken_like_the_others_and_questioned():
    asked = residents((1,) * 10, (), households=50)
    specification = compound(residents=asked)
    assert (draw_fleet(specification, asked).cars == 100).all()
    assert "2号楼" in questions(specification, asked)[0].message


def test_the_night_count_is_the_anchor_and_a_survey_that_differs_is_questioned():
    asked = residents((1,) * 20, (1,) * 20, households=100, nights=(230, 240, 250), home_at_midnight=0.8)
    specification = compound(residents=asked, replications=600)
    fleet = draw_fleet(specification, asked)
    assert set(fleet.at_midnight.tolist()) == {230, 240, 250}
    assert fleet.cars.mean() == pytest.approx(300.0, abs=2.0)
    reconciled = reconcile(specification, asked)
    assert reconciled is not None and (reconciled.surveyed, reconciled.counted) == (160.0, 240.0)
    assert not reconciled.agrees and "超过一成" in questions(specification, asked)[0].message
    agreeing = residents((1,) * 20, households=100, nights=(97, 103))
    assert questions(compound(residents=agreeing), agreeing) == []
    without = residents((0,) * 20, households=100, nights=(7,))
    assert (draw_fleet(compound(residents=without), without).by_building == 0).all()
    assert reconcile(compound(residents=without), without).ratio == math.inf


def test_without_a_night_count_each_car_is_at_home_by_chance():
    asked = residents((1,) * 20, households=100, home_at_midnight=0.9)
    fleet = draw_fleet(compound(residents=asked, replications=1_000), asked)
    assert fleet.at_midnight.mean() == pytest.approx(90.0, abs=0.5)


def test_residents_leave_and_return_in_the_stated_hours():
    home = residents((1,) * 40, households=100, nights=(100,))
    days, _ = simulate_days(compound(residents=home, replications=1_000))
    mean = days.occupied[:, 0].mean(axis=0)
    assert (days.occupied[:, 0, :7] == 100).all()
    assert mean[10] == pytest.approx(20.0, abs=0.6)
    assert days.came.mean() == pytest.approx(60.0, abs=1.0)
    assert mean[21] == pytest.approx(80.0, abs=1.5)


def test_the_day_factor_moves_all_arrivals_of_a_day_together():
    plain, _ = simulate_days(compound(visitors(), replications=2_000))
    moved, _ = simulate_days(compound(visitors(), replications=2_000, day_cv=0.3))
    mean = sum(RATES)
    assert plain.came.mean() == pytest.approx(mean, rel=0.01)
    assert moved.came.mean() == pytest.approx(mean, rel=0.03)
    assert moved.came.var() == pytest.approx(mean + (0.3 * mean) ** 2, rel=0.15)


# --- the answer ---------------------------------------------------------------------------------------------


def test_bands_and_figures_with_intervals():
    assert Band.of(np.arange(101.0)) == Band(5.0, 50.0, 95.0)
    found = mean_of(np.array([1.0, 2.0, 3.0]))
    assert found.value == 2.0 and found.low < 2.0 < found.high
    assert ratio_of(np.array([1.0, 2.0]), np.array([10.0, 20.0])).value == pytest.approx(0.1)
    assert ratio_of(np.zeros(3), np.zeros(3)).high == 0.0
    assert share_of(np.array([0.0, 2.0, 1.0, 0.0])).value == 0.5


def test_the_answer_names_every_hour_class_and_building():
    specification = compound(
        visitors(stock=3),
        bays=50,
        replications=50,
        residents=residents((1, 1, 0), households=60, nights=(55,)),
    )
    days, fleet = simulate_days(specification)
    asked = questions(specification, specification.residents)
    answer = occupancy_json(specification, asked, days, fleet, "numpy")
    assert [hour["hour"] for hour in answer["hours"]] == list(range(25))
    assert "lost" in answer["hours"][23] and "lost" not in answer["hours"][24]
    assert list(answer["hours"][9]["by_class"]) == ["居民", "访客"]
    evening = answer["hours"][20]
    assert list(evening["demand_by_class"]) == ["居民", "访客"]
    assert evening["demand_by_class"]["访客"]["p50"] >= evening["by_class"]["访客"]["p50"]
    assert answer["residents"]["buildings"][0]["households"] == 60
    assert answer["residents"]["night_count"]["counted"] == 55.0
    assert answer["without_bay_at_midnight"] == {"p5": 8.0, "p50": 8.0, "p95": 8.0}
    sheet = "\n".join(occupancy_sheet(specification, asked, days))
    assert "24 点" in sheet and "停不进" in sheet and "请再看一眼 residents.night_count" in sheet
    uncounted = compound(bays=50, replications=50, residents=residents((1, 1, 0), households=60))
    answer = occupancy_json(uncounted, [], *simulate_days(uncounted), "numpy")
    assert answer["residents"]["answers"] == 3 and "night_count" not in answer["residents"]
    alone = compound(visitors(), replications=20)
    assert occupancy_json(alone, [], *simulate_days(alone), "numpy")["residents"] is None
