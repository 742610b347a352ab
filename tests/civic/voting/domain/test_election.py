"""Elections: dual majorities, seats, alternates, ties that are never decided in silence, eligibility."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.electing import election_sheet, told_election
from linli.civic.voting.domain.election import (
    Candidate,
    Election,
    Seats,
    check_seats,
    elect,
    eligibility_faults,
    gather_papers,
)
from linli.civic.voting.domain.entitlement import Roll, Unit, build_roll
from linli.civic.voting.domain.tally import Options
from linli.ground.kernel.errors import Invalid
from tests.civic.voting.domain.rules import CC_ORDINARY, CIVIL_CODE_DAY, PL_ORDINARY, at

CLOSED_AT = at(20, 18)
UNITS = [Unit(n + 2, f"1-{n}", 10_000, (name,), "owner") for n, name in enumerate("abcdefghij")]
ROLL = build_roll(UNITS)
EVERYBODY = [Candidate(n + 2, name, f"候选{name}") for n, name in enumerate("abcdefghij")]


def _papers(*chosen: str) -> list[Ballot]:
    """One paper for each owner in turn: the letters he consents to; ``.`` hands in none, ``0`` an empty one."""
    return [
        Ballot(
            n + 2,
            f"t{n}",
            f"1-{n}",
            "abcdefghij"[n],
            "abstain" if names == "0" else ";".join(names),
            "paper",
            at(3),
        )
        for n, names in enumerate(chosen)
        if names != "."
    ]


def _election(
    *chosen: str,
    seats: int = 3,
    alternates: int = 0,
    candidates: list[Candidate] | None = None,
    roll: Roll = ROLL,
    options: Options | None = None,
    extra: list[Ballot] | None = None,
    **rules: object,
) -> Election:
    listed = EVERYBODY[:5] if candidates is None else candidates
    wanted = Seats(seats, alternates, **rules)  # type: ignore[arg-type]
    rows = [*_papers(*chosen), *(extra or [])]
    papers = gather_papers(rows, listed, by_item=False, most_marks=wanted.most_marks)
    return elect(
        papers,
        roll,
        listed,
        CC_ORDINARY,
        seats=wanted,
        closed_at=CLOSED_AT,
        options=options or Options(),
        on=CIVIL_CODE_DAY,
    )


def _outcomes(election: Election) -> dict[str, str]:
    return {one.candidate.candidate_id: one.outcome for one in election.candidates}


def test_who_has_both_majorities_takes_a_seat_in_order_of_heads():
    found = _election("abc", "abc", "abd", "abd", "ab", "a", "c", seats=3)
    assert found.quorum_met
    assert found.elected == ("a", "b")
    assert _outcomes(found)["c"] == "not_elected"  # 3 of 7 heads
    assert "还缺 1 人" in found.warnings[0]


def test_all_candidates_share_the_participants():
    """A paper that leaves a candidate unmarked takes part and does not consent."""
    found = _election("a", "a", "a", "a", "0", "0", "0", "b")
    assert {one.figures.participating_heads for one in found.candidates} == {8}
    assert found.elected == ()  # 4 of 8 is not more than half


def test_a_majority_of_heads_without_area_is_none():
    roll = build_roll([UNITS[0]._replace(area_dm2=200_000), *UNITS[1:]])
    found = _election("b", "a", "a", "a", "a", "a", "a", roll=roll)
    best = found.candidates[0]
    assert (best.candidate.candidate_id, best.heads_majority, best.area_majority, best.passed) == (
        "a",
        True,
        False,
        False,
    )


def test_without_a_quorum_nobody_is_elected():
    found = _election("a", "a", "a")
    assert not found.quorum_met
    assert found.candidates[0].area_majority
    assert found.elected == ()


def test_equal_heads_are_ranked_by_area():
    roll = build_roll([UNITS[0]._replace(area_dm2=15_000), *UNITS[1:]])
    found = _election("a", "ab", "ab", "ab", "ab", "b", "0", seats=1, roll=roll)
    assert found.elected == ("a",)
    assert [one.rank for one in found.candidates[:2]] == [1, 2]
    assert found.ties == ()


def test_a_tie_for_the_last_seat_is_left_open():
    found = _election(*["abc"] * 4, *["ab"] * 2, "c", "c", seats=1)
    assert _outcomes(found)["a"] == _outcomes(found)["b"] == _outcomes(found)["c"] == "tied"
    assert found.elected == ()
    assert (found.ties[0].candidates, found.ties[0].places, found.ties[0].boundary) == (
        ("a", "b", "c"),
        (1, 3),
        "seats",
    )


def test_a_tie_below_the_boundary_changes_nothing():
    found = _election(*["ab"] * 7, seats=3)
    assert found.elected == ("a", "b")
    assert found.ties == ()


def test_a_tie_can_be_left_to_the_order_of_the_list_if_that_is_declared():
    found = _election(*["cb"] * 7, seats=1, alternates=1, ties="listed")
    assert found.elected == ("b",)
    assert found.alternates == ("c",)
    assert (found.ties[0].boundary, found.ties[0].decided_by) == ("seats", "listed")


def test_alternates_follow_and_their_order_is_told_when_equal():
    found = _election(*["abc"] * 6, "a", seats=1, alternates=2)
    assert found.elected == ("a",)
    assert found.alternates == ("b", "c")
    assert [(tie.boundary, tie.places) for tie in found.ties] == [("order", (2, 3))]


def test_a_tie_for_the_last_alternate_is_left_open_too():
    found = _election(*["abc"] * 6, "a", seats=1, alternates=1)
    assert found.alternates == ()
    assert _outcomes(found)["b"] == _outcomes(found)["c"] == "tied"
    assert found.ties[0].boundary == "alternates"


def test_who_comes_after_all_places_is_not_elected():
    found = _election(*["abc"] * 5, "ab", "a", seats=1, alternates=1)
    assert (found.elected, found.alternates) == (("a",), ("b",))
    assert _outcomes(found)["c"] == "not_elected"


@pytest.mark.parametrize(
    ("candidate", "fault"),
    [
        (Candidate(2, "a"), None),
        (Candidate(2, "7号", owner_id="a"), None),
        (Candidate(2, "x"), "不是本区域的业主"),
        (Candidate(2, "x", represents="b"), None),
        (Candidate(2, "x", represents="y"), "“y”不是本区域的业主"),
        (Candidate(2, "a", kind="organisation"), "须是自然人"),
        (Candidate(2, "a", born_on=date(2008, 6, 2)), "未满 18 周岁"),
        (Candidate(2, "a", born_on=date(2008, 6, 1)), None),
        (Candidate(2, "a", objection="违建未拆"), "违建未拆"),
    ],
)
def test_faults_of_eligibility_are_listed(candidate, fault):
    found = "；".join(eligibility_faults(candidate, ROLL, CIVIL_CODE_DAY))
    assert fault in found if fault else not found


def test_an_ineligible_candidate_takes_no_seat_and_the_next_does():
    candidates = [Candidate(2, "x"), *EVERYBODY[:2]]
    found = _election(*["xab"] * 6, "xa", seats=1, candidates=candidates)
    assert _outcomes(found) == {"x": "ineligible", "a": "elected", "b": "not_elected"}


def test_later_papers_supersede_whole_papers():
    again = [Ballot(99, "again", "1-0", "a", "b", "paper", at(4))]
    found = _election("a", "b", "b", "b", "b", "b", "b", extra=again)
    assert found.candidates[0].figures.agree_heads == 7
    assert len(found.standing.superseded) == 1


def test_co_owners_with_different_papers_conflict_and_may_count_as_taking_part():
    roll = build_roll([UNITS[0]._replace(owners=("a", "z")), *UNITS[1:]])
    other = [Ballot(99, "z", "1-0", "z", "b", "paper", at(4))]
    strict = _election("a", "b", "b", "b", "b", "b", "b", roll=roll, extra=other)
    loose = _election(
        "a", "b", "b", "b", "b", "b", "b", roll=roll, extra=other, options=Options(conflicts="participate")
    )
    assert strict.figures.participating_heads == 6
    assert loose.figures.participating_heads == 7
    assert loose.figures.undecided_heads == 1


def test_another_treatment_that_would_change_who_is_elected_is_told():
    """Four of seven consent to a; the co-owners of one home differ, and were they taking part it were four of eight."""
    roll = build_roll([*UNITS[:7], UNITS[7]._replace(owners=("h", "z")), *UNITS[8:]])
    other = [Ballot(99, "z", "1-7", "z", "c", "paper", at(4))]
    chosen = ["a"] * 4 + ["0"] * 3 + ["b"]
    found = _election(*chosen, roll=roll, extra=other, seats=1)
    assert found.elected == ("a",)
    [otherwise] = found.sensitivity
    assert (otherwise.conflicts, otherwise.invalid, otherwise.quorum_met) == ("participate", "exclude", True)
    assert otherwise.elected == otherwise.alternates == ()
    assert "换一种算法" in found.warnings[0]
    sheet = election_sheet(found, Options(), warnings=(), digest="")
    assert "共有人意见不一的算参与、不算同意、无效票不算参与：当选 无；候补 无" in sheet
    told = told_election(found, Options(), warnings=(), digests={})
    assert told["sensitivity"] == [
        {
            "conflicts": "participate",
            "invalid": "exclude",
            "quorum_met": True,
            "elected": [],
            "alternates": [],
        }
    ]
    assert (
        not {"agree_heads", "against_area_dm2"} & told.keys()
    )  # these are the candidates', not the election's
    surer = _election(*["a"] * 5, "0", "0", "b", roll=roll, extra=other, seats=1)
    assert surer.elected == ("a",) and surer.sensitivity == ()


def test_a_paper_with_too_many_names_is_invalid_where_a_limit_is_declared():
    found = _election("abcd", *["a"] * 7, seats=3, most_marks=3)
    assert [ballot.ballot_no for ballot in found.papers.overfull] == ["t0"]
    assert found.figures.participating_heads == 7
    loose = _election("abcd", *["a"] * 7, seats=3)
    assert loose.figures.participating_heads == 8
    assert any("--max-choices" in warning for warning in loose.warnings)
    sheet = election_sheet(found, Options(), warnings=(), digest="")
    assert "整张无效：第 2 行（票号 t0）：同意的人数超过每张 3 人" in sheet
    assert "当选：候选a（a）（还缺 2 人）" in sheet
    counted = _election("abcd", *["a"] * 7, most_marks=3, options=Options(invalid="participate"))
    assert counted.figures.participating_heads == 8


def test_marks_by_row_make_one_paper():
    rows = [
        Ballot(2, "t1", "1-0", "a", "agree", "paper", at(3), "a"),
        Ballot(3, "t1", "1-0", "a", "against", "paper", at(3), "b"),
        Ballot(4, "t1", "1-0", "a", "invalid", "paper", at(3), "c"),
        Ballot(5, "t1", "1-0", "a", "agree", "paper", at(3), "b"),
        Ballot(6, "t1", "1-0", "a", "agree", "paper", at(3), "zzz"),
        Ballot(7, "t2", "1-1", "b", "invalid", "paper", at(3), "a"),
        Ballot(8, "t1", "1-2", "c", "agree", "paper", at(3), "a"),
    ]
    papers = gather_papers(rows, EVERYBODY[:3], by_item=True, most_marks=None)
    assert [ballot.choice for ballot in papers.ballots] == ["a=agree;b=against", "invalid", "a=agree"]
    assert sorted((mark.candidate_id, mark.reason) for mark in papers.stray) == [
        ("b", "repeated"),
        ("c", "invalid"),
        ("zzz", "not_on_list"),
    ]
    found = elect(
        papers,
        ROLL,
        EVERYBODY[:3],
        PL_ORDINARY,
        seats=Seats(1),
        closed_at=CLOSED_AT,
        options=Options(),
        on=CIVIL_CODE_DAY,
    )
    assert [one.ballot.row for one in found.standing.duplicates] == [8]
    assert [ballot.row for ballot in found.standing.invalid] == [7]
    assert found.figures.participating_heads == 1
    assert not found.candidates[0].area_majority  # of the total, under the Property Law


def test_a_paper_can_refuse_all_or_be_invalid_as_a_whole():
    rows = [
        b._replace(choice=word) for b, word in zip(_papers("a", "a"), ("against", "invalid"), strict=True)
    ]
    papers = gather_papers(rows, EVERYBODY[:2], by_item=False, most_marks=None)
    assert [ballot.choice for ballot in papers.ballots] == ["a=against;b=against", "invalid"]


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (Seats(0), "至少为 1"),
        (Seats(3, -1), "不能是负数"),
        (Seats(4), "须为单数"),
        (Seats(1), "至少 3 人"),
        (Seats(3, most_marks=0), "至少为 1"),
    ],
)
def test_numbers_that_no_committee_may_have_are_refused(seats, words):
    with pytest.raises(Invalid, match=words):
        check_seats(seats, committee_min=3, committee_odd=True)


def test_even_seats_are_fine_where_no_rule_forbids_them():
    check_seats(Seats(4), committee_min=None, committee_odd=False)


def test_the_sheet_names_everybody_and_every_tie():
    found = _election("abcq", *["abc"] * 3, *["ab"] * 2, "c", "c", seats=1)
    found = replace(found, closed_at=CLOSED_AT)
    told = told_election(found, Options(), warnings=found.warnings, digests={"roll": "0"})
    sheet = election_sheet(found, Options(), warnings=found.warnings, digest=told["digest"])
    assert "候选a（a）、候选b（b）、候选c（c）人数和面积都相同，争最后的当选名额" in sheet
    assert "不能默认谁先" in sheet
    assert "不在候选人名单上" in sheet
    assert "2026年5月20日 18:00（北京时间）" in sheet
    assert told["ties"][0]["boundary"] == "seats"
    assert told["passed"] is False
    listed = replace(found, ties=(found.ties[0]._replace(decided_by="listed"),), closed_at=None)
    assert "按名单先后定" in election_sheet(listed, Options(), warnings=(), digest="")
    assert told_election(listed, Options(), warnings=(), digests={})["closed_at"] is None
