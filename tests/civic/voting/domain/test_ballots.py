"""Which ballot stands: precedence, co-owners, lateness, entitlement, one case a line."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linli.civic.voting.domain.ballots import Ballot, Standing, last_cast, sort_out
from linli.civic.voting.domain.entitlement import Unit, build_roll, building_of
from linli.civic.voting.domain.reading import read_closing
from linli.ground.kernel.errors import Invalid
from tests.civic.voting.domain.rules import at

CLOSED_AT = at(20, 18)
ROLL = build_roll(
    [
        Unit(2, "1-101", 100, ("wang",), "owner"),
        Unit(3, "1-102", 200, ("wang",), "owner"),
        Unit(4, "2-101", 300, ("li", "zhao"), "owner"),
        Unit(5, "3-101", 400, ("kaifa",), "developer"),
        Unit(6, "3-102", 500, ("kaifa",), "developer"),
        Unit(7, "3-103", 600, ("kaifa2",), "developer"),
    ]
)

# voter, choice, channel, day: one line is one ballot by Wang for 1-101, numbered from 1; then who stands by which rule
STANDING = """
agree/paper/3    against/online/4                      | 1 2 1
agree/online/3   against/paper/2                       | 2 1 2
agree/meeting/3  against/paper/4                       | 2 2 1
agree/paper/4    against/meeting/3                     | 1 1 2
agree/door/3     against/online/9                      | 1 2 1
agree/online/3   against/proxy/9                       | 1 2 1
agree/proxy/9    against/door/3                        | 2 1 2
agree/online/3   against/online/3                      | 2 2 1
agree/online/3   against/online/4   abstain/online/2   | 2 2 3
agree/paper/3    invalid/paper/4                       | 1 1 1
invalid/paper/3  agree/proxy/2                         | 2 2 2
"""


def _ballot(number: int, voter: str, unit: str, story: str) -> Ballot:
    choice, channel, day = story.split("/")
    return Ballot(number + 1, str(number), unit, voter, choice, channel, at(int(day)))


@pytest.mark.parametrize("line", STANDING.strip().splitlines())
def test_of_several_ballots_of_one_voter_the_declared_rule_chooses(line: str) -> None:
    stories, _, winners = line.partition("|")
    ballots = [_ballot(n, "wang", "1-101", story) for n, story in enumerate(stories.split(), 1)]
    for precedence, winner in zip(("paper_first", "latest", "first"), winners.split(), strict=True):
        standing = sort_out(ballots, ROLL, closed_at=CLOSED_AT, precedence=precedence)  # type: ignore[arg-type]
        assert [ballot.ballot_no for ballot in standing.effective] == [winner], precedence
        assert all(one.by.ballot_no == winner for one in standing.superseded)


def _sorted_out(*ballots: Ballot) -> Standing:
    return sort_out(ballots, ROLL, closed_at=CLOSED_AT, precedence="paper_first")


def test_one_ballot_counts_for_all_units_of_its_owner() -> None:
    standing = _sorted_out(
        _ballot(1, "wang", "1-101", "agree/paper/3"), _ballot(2, "wang", "1-102", "against/paper/4")
    )
    assert standing.choices == {0: "against"}
    assert [one.ballot.ballot_no for one in standing.superseded] == ["1"]


def test_equal_choices_of_co_owners_merge() -> None:
    standing = _sorted_out(
        _ballot(1, "zhao", "2-101", "agree/paper/3"), _ballot(2, "li", "2-101", "agree/proxy/4")
    )
    assert standing.choices == {1: "agree"}
    assert [ballot.ballot_no for ballot in standing.merged] == ["1"]
    assert not standing.superseded


def test_different_choices_of_co_owners_are_a_conflict_whatever_their_channels() -> None:
    standing = _sorted_out(
        _ballot(1, "zhao", "2-101", "agree/paper/3"), _ballot(2, "li", "2-101", "abstain/proxy/4")
    )
    assert standing.choices == {}
    assert [[ballot.ballot_no for ballot in one.ballots] for one in standing.conflicts] == [["2", "1"]]


def test_precedence_is_for_each_voter_before_co_owners_are_compared() -> None:
    standing = _sorted_out(
        _ballot(1, "zhao", "2-101", "agree/paper/3"),
        _ballot(2, "li", "2-101", "against/online/4"),
        _ballot(3, "li", "2-101", "agree/paper/2"),
    )
    assert standing.choices == {1: "agree"}
    assert [one.ballot.ballot_no for one in standing.superseded] == ["2"]


def test_a_co_owners_later_ballot_supersedes_only_his_own() -> None:
    standing = _sorted_out(
        _ballot(1, "li", "2-101", "against/online/2"),
        _ballot(2, "zhao", "2-101", "agree/online/3"),
        _ballot(3, "li", "2-101", "agree/online/4"),
        _ballot(4, "li", "2-101", "against/online/1"),
    )
    assert standing.choices == {1: "agree"}
    assert [(one.ballot.ballot_no, one.by.ballot_no) for one in standing.superseded] == [
        ("1", "3"),
        ("4", "3"),
    ]


def test_an_invalid_ballot_of_one_co_owner_does_not_spoil_the_others() -> None:
    standing = _sorted_out(
        _ballot(1, "zhao", "2-101", "agree/paper/3"), _ballot(2, "li", "2-101", "invalid/paper/4")
    )
    assert standing.choices == {1: "agree"}
    assert [ballot.ballot_no for ballot in standing.invalid] == ["2"]
    assert standing.invalid_groups == set()


def test_who_has_only_invalid_ballots_is_known_by_group() -> None:
    standing = _sorted_out(_ballot(1, "wang", "1-102", "invalid/paper/3"))
    assert standing.invalid_groups == {0}


def test_each_developer_is_one_head_with_all_its_units() -> None:
    assert ROLL.total_heads == 4
    assert ROLL.areas == [300, 300, 900, 600]
    standing = _sorted_out(
        _ballot(1, "kaifa", "3-103", "agree/paper/3"), _ballot(2, "kaifa2", "3-103", "agree/paper/3")
    )
    assert standing.choices == {3: "agree"}
    assert [(one.ballot.ballot_no, one.reason) for one in standing.not_entitled] == [("1", "not_an_owner")]


def test_late_is_strictly_after_the_closing() -> None:
    on_time = Ballot(2, "1", "1-101", "wang", "agree", "paper", CLOSED_AT)
    late = Ballot(3, "2", "3-101", "kaifa", "agree", "paper", CLOSED_AT + timedelta(microseconds=1))
    standing = _sorted_out(on_time, late)
    assert standing.choices == {0: "agree"}
    assert standing.late == [late]


def test_without_a_closing_nothing_is_late() -> None:
    ballot = Ballot(2, "1", "1-101", "wang", "agree", "paper", at(30))
    assert sort_out([ballot], ROLL, closed_at=None, precedence="latest").choices == {0: "agree"}
    assert last_cast([ballot]) == at(30)
    assert last_cast([]) is None


def test_an_unknown_unit_is_told_from_one_outside_the_scope() -> None:
    units = [Unit(2, "1-101", 100, ("wang",), "owner"), Unit(3, "1-102", 200, ("wang",), "owner")]
    roll = build_roll(units, scope={"1-101"})
    ballots = [_ballot(n, "wang", code, "agree/paper/3") for n, code in enumerate(("1-102", "9-999"), 1)]
    standing = sort_out(ballots, roll, closed_at=CLOSED_AT, precedence="first")
    assert [one.reason for one in standing.not_entitled] == ["out_of_scope", "unknown_unit"]
    assert roll.areas == [100]


def test_a_repeated_ballot_number_counts_once_and_is_told() -> None:
    standing = _sorted_out(
        _ballot(1, "wang", "1-101", "agree/paper/3"), _ballot(1, "kaifa", "3-101", "agree/paper/3")
    )
    assert standing.choices == {0: "agree"}
    assert [(one.ballot.voter_id, one.first.voter_id) for one in standing.duplicates] == [("kaifa", "wang")]


def test_co_owners_are_one_group_in_any_order_and_apart_from_each_alone() -> None:
    roll = build_roll(
        [
            Unit(2, "1-1", 100, ("a", "b"), "owner"),
            Unit(3, "1-2", 100, ("a", "b"), "owner"),
            Unit(4, "1-3", 100, ("a",), "owner"),
        ]
    )
    assert roll.total_heads == 2
    assert roll.units_of() == [["1-1", "1-2"], ["1-3"]]
    assert "如 a" in roll.warnings[0]


def test_joint_developers_are_one_head_with_a_hint() -> None:
    roll = build_roll([Unit(2, "1-1", 100, ("d", "e"), "developer")])
    assert roll.total_heads == 1
    assert "建设单位" in roll.warnings[0]


def test_parking_areas_count_only_where_the_rules_say_so() -> None:
    units = [Unit(2, "1-1", 100, ("a",), "owner", 50)]
    assert build_roll(units).total_area_dm2 == 100
    assert build_roll(units, count_parking_area=True).total_area_dm2 == 150


def test_a_scope_must_be_on_the_roll_and_a_roll_must_hold_something() -> None:
    units = [Unit(2, "1-1", 100, ("a",), "owner")]
    with pytest.raises(Invalid, match="“2-2”不在名册上（这样的共 2 套）"):
        build_roll(units, scope={"1-1": 0, "2-2": 0, "2-3": 0})
    with pytest.raises(Invalid, match="没有任何房屋"):
        build_roll([])


def test_the_building_is_the_code_up_to_the_first_dash() -> None:
    assert [building_of(code) for code in ("3-2-501", "3", "-1", "3号楼-1")] == ["3", "3", "", "3号楼"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-01T18:00", "2026-06-01T18:00:00+08:00"),
        ("2026-06-01 18:00:05", "2026-06-01T18:00:05+08:00"),
        ("2026-06-01T10:00Z", "2026-06-01T18:00:00+08:00"),
        ("2020-12-31T16:30+00:00", "2021-01-01T00:30:00+08:00"),
        ("２０２６-06-01T18:00", "2026-06-01T18:00:00+08:00"),
        ("2026/6/1 9:05", "2026-06-01T09:05:00+08:00"),
        ("2026-06-01", "2026-06-01T23:59:59.999999+08:00"),
        ("2026-06-01T24:00", "2026-06-01T23:59:59.999999+08:00"),
    ],
)
def test_a_closing_time_is_in_beijing_and_a_day_ends_at_its_last_moment(text: str, instant: str) -> None:
    assert read_closing(text) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text",
    ["", "明天", "2026-02-30", "2026-02-30T10:00", "18:00", "2026-06-01T25:00", "0001-01-01T00:00+14:00"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="截止时间"):
        read_closing(text)
