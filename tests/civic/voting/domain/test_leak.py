"""Exact totals: whom they expose, against trying every set of owners."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from linli.civic.voting.domain import leak
from linli.civic.voting.domain.leak import check_leak, exposed_by


def _by_trying_all(areas: list[int], agrees: list[bool]) -> int:
    totals = sum(a for a, yes in zip(areas, agrees, strict=True) if yes), sum(agrees)
    fitting = [
        choice
        for choice in product((False, True), repeat=len(areas))
        if (sum(a for a, yes in zip(areas, choice, strict=True) if yes), sum(choice)) == totals
    ]
    return sum(len({choice[owner] for choice in fitting}) == 1 for owner in range(len(areas)))


@pytest.mark.parametrize("seed", range(60))
def test_the_exposed_are_those_who_are_the_same_in_every_fitting_set(seed: int) -> None:
    chance = Random(seed)
    areas = [chance.randint(1, chance.choice((3, 9, 40))) for _ in range(chance.randint(1, 9))]
    agrees = [chance.random() < 0.5 for _ in areas]
    assert exposed_by(areas, agrees) == _by_trying_all(areas, agrees)


def test_where_every_sum_is_different_everybody_is_exposed() -> None:
    found = check_leak([2**n for n in range(12)])
    assert found.exposed == (12,) * 8
    assert (found.worst, found.mean, found.exact) == (12, 12.0, True)


def test_equal_flats_hide_each_other() -> None:
    found = check_leak([9000] * 30)
    assert found.exposed == (0,) * 8
    assert found.exact


def test_a_lone_owner_is_always_exposed() -> None:
    assert check_leak([9000]).exposed == (1,)


def test_a_shop_among_equal_flats_is_exposed_alone() -> None:
    assert check_leak([9000] * 30 + [400_000]).exposed == (1,) * 8


def test_the_sixteen_of_one_stair_are_nearly_all_exposed_and_three_kinds_of_flats_hardly() -> None:
    """As measured for the record: about 13.6 of 16 with different areas, about 0.9 with three kinds."""
    chance = Random(5)
    different = check_leak([chance.randint(6000, 15000) for _ in range(16)], trials=40)
    three = check_leak([8800] * 6 + [10250] * 5 + [13200] * 5, trials=40)
    assert different.mean > 9
    assert three.mean < 3


def test_the_same_seed_gives_the_same_trials() -> None:
    areas = [Random(3).randint(6000, 15000) for _ in range(14)]
    assert check_leak(areas, seed=4) == check_leak(areas, seed=4)


@pytest.mark.parametrize("combinations", [2**3, 2**12])
def test_large_rolls_are_tried_in_samples_and_never_called_safer_than_they_are(
    monkeypatch, combinations
) -> None:
    chance = Random(8)
    areas = [chance.randint(60, 110) for _ in range(13)] + [5000]
    exact = check_leak(areas)
    monkeypatch.setattr(leak, "MOST_COMBINATIONS", 1)
    monkeypatch.setattr(leak, "SAMPLE_COMBINATIONS", combinations)
    sampled = check_leak(areas)
    assert not sampled.exact
    assert all(doubted >= proven for doubted, proven in zip(sampled.exposed, exact.exposed, strict=True))


def test_a_large_compound_of_ordinary_flats_is_safe() -> None:
    chance = Random(9)
    areas = [chance.randint(6000, 15000) for _ in range(300)] + [9000] * 200
    found = check_leak(areas, trials=2)
    assert found.worst == 0
    assert found.exact


def test_large_kinds_are_tried_by_a_few_of_their_owners() -> None:
    chance = Random(4)
    areas = [6000 + 10 * kind for kind in range(70) for _ in range(40)] + [400_000]
    chance.shuffle(areas)
    found = check_leak(areas, trials=2)
    assert found.exposed == (1, 1)
    assert not found.exact
