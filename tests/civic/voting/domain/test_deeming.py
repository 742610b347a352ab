"""The deemed-majority clause: who is silent, which way they are counted, and when nobody is."""

from __future__ import annotations

import pytest

from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.deeming import Deemed, Delivery, deem
from linli.civic.voting.domain.entitlement import Roll, Unit, build_roll
from linli.civic.voting.domain.tally import Options, tally
from tests.civic.voting.domain.rules import CC_ORDINARY, at

UNITS = [Unit(n + 2, f"1-{n}", 100, (f"o{n}",), "owner") for n in range(10)]
ROLL = build_roll(UNITS)
CLOSED_AT = at(20, 18)


def _deemed(choices: str, delivered: dict[int, int], roll: Roll = ROLL) -> Deemed:
    """``choices`` by unit: + agree, - against, 0 abstain, x invalid, > late, . silent. ``delivered``: unit → day."""
    words = {"+": "agree", "-": "against", "0": "abstain", "x": "invalid", ">": "agree"}
    ballots = [
        Ballot(n + 2, f"b{n}", f"1-{n}", f"o{n}", words[sign], "paper", at(21 if sign == ">" else 10))
        for n, sign in enumerate(choices)
        if sign != "."
    ]
    result = tally(ballots, roll, CC_ORDINARY, closed_at=CLOSED_AT, options=Options())
    deliveries = [Delivery(n + 2, f"1-{unit}", at(day)) for n, (unit, day) in enumerate(delivered.items())]
    return deem(result, roll, deliveries)


@pytest.mark.parametrize(
    ("choices", "follows", "heads"),
    [
        ("+++-......", "agree", 3),
        ("+---......", "against", 3),
        ("+-000.....", "abstain", 3),
        ("++--......", None, 0),
        ("..........", None, 0),
    ],
)
def test_the_silent_follow_the_choice_that_leads_by_area_and_by_heads(choices, follows, heads):
    found = _deemed(choices, {7: 2, 8: 3, 9: 20})
    assert (found.follows, found.heads, found.area_dm2) == (follows, heads, heads * 100)
    if follows:
        strict = choices.count({"agree": "+", "against": "-", "abstain": "0"}[follows])
        assert getattr(found.figures, f"{follows}_heads") == strict + 3
    else:
        assert any("都领先" in warning for warning in found.warnings)


def test_a_choice_that_leads_by_heads_alone_leads_nobody():
    big = [Unit(2, "1-0", 10_000, ("o0",), "owner"), *UNITS[1:]]
    assert _deemed("-+++......", {9: 2}, build_roll(big)).follows is None


def test_who_answered_late_or_invalidly_is_not_silent():
    found = _deemed("+++x>.....", {3: 2, 4: 2, 5: 2, 0: 2})
    assert found.heads == 1


def test_late_and_unknown_deliveries_are_told_and_not_counted():
    found = _deemed("+++.......", {8: 21, 9: 2, 77: 2})
    assert found.heads == 1
    assert any("第 2 行：“1-8”在截止之后才送达" in warning for warning in found.warnings)
    assert any("第 4 行：“1-77”不在名册上" in warning for warning in found.warnings)


def test_deliveries_outside_the_scope_are_passed_over_without_a_word():
    found = _deemed("+++.......", {8: 2, 9: 2}, build_roll(UNITS, scope={f"1-{n}" for n in range(9)}))
    assert found.heads == 1
    assert len(found.warnings) == 1


def test_an_owner_group_is_reached_by_any_of_its_units():
    shared = build_roll(
        [*UNITS[:8], UNITS[8]._replace(owners=("o8", "o9")), UNITS[9]._replace(owners=("o8", "o9"))]
    )
    assert _deemed("+++.......", {8: 2, 9: 3}, shared).heads == 1


def test_co_owners_who_disagree_are_not_silent():
    roll = build_roll([*UNITS[:9], UNITS[9]._replace(owners=("a", "b"))])
    ballots = [
        Ballot(n, str(n), "1-9", who, choice, "paper", at(3))
        for n, who, choice in ((2, "a", "agree"), (3, "b", "against"))
    ]
    ballots += [Ballot(4, "4", "1-0", "o0", "agree", "paper", at(3))]
    result = tally(ballots, roll, CC_ORDINARY, closed_at=CLOSED_AT, options=Options())
    assert deem(result, roll, [Delivery(2, "1-9", at(2))]).heads == 0
