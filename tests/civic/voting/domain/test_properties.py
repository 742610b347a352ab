"""Laws that hold for every count."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from linli.civic.voting.domain import digest
from linli.civic.voting.domain.ballots import CHANNEL_RANK, CHOICES, PRECEDENCES, Ballot
from linli.civic.voting.domain.entitlement import Unit, build_roll
from linli.civic.voting.domain.tally import TREATMENTS, Options, Result, tally
from linli.civic.voting.domain.thresholds import Figures, comparisons, is_passed, missing
from linli.ground.kernel.area import format_area
from tests.civic.voting.domain.rules import RULINGS, at

CLOSED_AT = at(20, 18)
PEOPLE = [f"o{number}" for number in range(5)]

rulings = st.sampled_from(RULINGS)
options = st.builds(
    Options, st.sampled_from(PRECEDENCES), st.sampled_from(TREATMENTS), st.sampled_from(TREATMENTS)
)
owner_sets = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True).map(sorted).map(tuple)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[list[Unit], list[Ballot]]:
    """A roll of up to six units, and ballots with distinct numbers and distinct times."""
    groups = draw(st.lists(st.tuples(owner_sets, st.integers(1, 20_000)), min_size=1, max_size=6))
    units = [Unit(n + 2, f"1-{n}", area, owners, "owner") for n, (owners, area) in enumerate(groups)]
    minutes = draw(st.lists(st.integers(0, 60), max_size=12, unique=True))
    ballots = [
        Ballot(
            n + 2,
            f"b{n}",
            draw(st.sampled_from(units)).code,
            draw(st.sampled_from(PEOPLE)),
            draw(st.sampled_from(CHOICES)),
            draw(st.sampled_from(tuple(CHANNEL_RANK))),
            at(20, 17, 0) if minute == 60 else at(20, 17 + minute // 50, minute % 50),
        )
        for n, minute in enumerate(minutes)
    ]
    return units, ballots


def _facts(result: Result) -> object:
    """All that was found, without row numbers."""
    standing = result.standing
    numbers = [
        sorted(ballot.ballot_no for ballot in found)
        for found in (
            standing.effective,
            standing.merged,
            standing.late,
            standing.invalid,
            [one.ballot for one in standing.superseded],
            [one.ballot for one in standing.not_entitled],
            [ballot for conflict in standing.conflicts for ballot in conflict.ballots],
        )
    ]
    return result.figures, result.passed, result.missing, result.sensitivity, numbers


@given(boxes(), rulings, options, st.integers(0, 9999))
def test_the_order_of_ballots_is_irrelevant(box, ruling, chosen, seed):
    units, ballots = box
    shuffled = list(ballots)
    Random(seed).shuffle(shuffled)
    shuffled = [ballot._replace(row=row) for row, ballot in enumerate(shuffled, 2)]
    roll = build_roll(units)
    first = tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    second = tally(shuffled, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    assert _facts(first) == _facts(second)
    assert digest.digest_of_ballots(ballots) == digest.digest_of_ballots(shuffled)


@given(boxes(), rulings, options, st.integers(0, 12))
def test_splitting_the_ballot_file_changes_nothing(box, ruling, chosen, cut):
    units, ballots = box
    halves = [
        ballot._replace(row=row, source=source)
        for source, part in (("a.csv", ballots[:cut]), ("b.csv", ballots[cut:]))
        for row, ballot in enumerate(part, 2)
    ]
    roll = build_roll(units)
    whole = tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    assert _facts(tally(halves, roll, ruling, closed_at=CLOSED_AT, options=chosen)) == _facts(whole)
    assert digest.digest_of_ballots(halves) == digest.digest_of_ballots(ballots)


@given(boxes(), rulings, options, st.integers(0, 5))
def test_one_more_consent_never_turns_pass_into_fail(box, ruling, chosen, place):
    """A silent owner, whose whole group says nothing yet, agrees."""
    units, ballots = box
    roll = build_roll(units)
    before = tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    unit = units[place % len(units)]
    spoken = {roll.group_of_unit.get(ballot.unit_code) for ballot in ballots}
    if roll.group_of_unit[unit.code] in spoken:
        return
    more = [*ballots, Ballot(99, "more", unit.code, unit.owners[0], "agree", "paper", CLOSED_AT)]
    after = tally(more, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    assert after.passed or not before.passed
    assert after.figures.agree_heads == before.figures.agree_heads + 1


@given(boxes(), rulings, options)
def test_changing_a_no_into_a_yes_never_turns_pass_into_fail(box, ruling, chosen):
    units, ballots = box
    roll = build_roll(units)
    before = tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    for ballot in before.standing.effective:
        if len(roll.owners[roll.group_of_unit[ballot.unit_code]]) == 1:
            changed = [b._replace(choice="agree") if b is ballot else b for b in ballots]
            after = tally(changed, roll, ruling, closed_at=CLOSED_AT, options=chosen)
            assert after.passed or not before.passed


@given(boxes(), rulings, options)
def test_every_row_is_in_exactly_one_place(box, ruling, chosen):
    units, ballots = box
    standing = tally(ballots, build_roll(units), ruling, closed_at=CLOSED_AT, options=chosen).standing
    rows = [
        *(
            ballot.row
            for ballot in (*standing.effective, *standing.merged, *standing.late, *standing.invalid)
        ),
        *(one.ballot.row for one in (*standing.superseded, *standing.not_entitled, *standing.duplicates)),
        *(ballot.row for conflict in standing.conflicts for ballot in conflict.ballots),
    ]
    assert sorted(rows) == [ballot.row for ballot in ballots]


@given(boxes(), rulings, options)
def test_the_parts_make_the_whole(box, ruling, chosen):
    units, ballots = box
    result = tally(ballots, build_roll(units), ruling, closed_at=CLOSED_AT, options=chosen)
    figures = result.figures
    assert figures.total_area_dm2 == sum(unit.area_dm2 for unit in units)
    assert figures.total_heads == len({unit.owners for unit in units})
    for part in ("area_dm2", "heads"):
        choices = sum(
            getattr(figures, f"{choice}_{part}") for choice in ("agree", "against", "abstain", "undecided")
        )
        assert choices == getattr(figures, f"participating_{part}") <= getattr(figures, f"total_{part}")


@given(boxes(), rulings, options)
def test_sensitivity_tells_exactly_what_a_recount_would(box, ruling, chosen):
    units, ballots = box
    roll = build_roll(units)
    result = tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=chosen)
    flipping = {
        (conflicts, invalid)
        for conflicts in TREATMENTS
        for invalid in TREATMENTS
        if tally(
            ballots,
            roll,
            ruling,
            closed_at=CLOSED_AT,
            options=chosen._replace(conflicts=conflicts, invalid=invalid),
        ).passed
        != result.passed
    }
    told = {(one.conflicts, one.invalid) for one in result.sensitivity}
    assert told <= flipping
    assert bool(told) == bool(flipping)


amounts = st.integers(0, 10**8)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Any numbers that a count can have."""
    areas = [draw(amounts) for _ in range(5)]
    heads = [draw(st.integers(0, 500)) for _ in range(5)]
    (agree, against, abstain, undecided, silent), counts = areas, heads
    taking_part = agree + against + abstain + undecided
    return Figures(
        taking_part + silent + 1,
        sum(counts) + 1,
        taking_part,
        sum(counts[:4]),
        agree,
        counts[0],
        against,
        counts[1],
        abstain,
        counts[2],
        undecided,
        counts[3],
    )


def _with_more(found: Figures, area_dm2: int, heads: int) -> Figures:
    return found._replace(
        participating_area_dm2=found.participating_area_dm2 + area_dm2,
        participating_heads=found.participating_heads + heads,
        agree_area_dm2=found.agree_area_dm2 + area_dm2,
        agree_heads=found.agree_heads + heads,
    )


@given(figures(), rulings)
def test_what_is_missing_suffices_and_less_does_not(found, ruling):
    short = missing(found, ruling)
    assert short.area_dm2 is not None
    assert short.heads is not None
    assert is_passed(_with_more(found, short.area_dm2, short.heads), ruling)
    if short.area_dm2:
        assert not is_passed(_with_more(found, short.area_dm2 - 1, short.heads), ruling)
    if short.heads:
        assert not is_passed(_with_more(found, short.area_dm2, short.heads - 1), ruling)
    assert (short.area_dm2, short.heads) == (0, 0) or not is_passed(found, ruling)


@given(figures(), rulings)
def test_nothing_is_rounded(found, ruling):
    """Every number of a comparison is written to the last hundredth, and the four of them decide."""
    told = comparisons(found, ruling)
    assert all(one.is_met for one in told) == is_passed(found, ruling)
    area = told[0]
    assert f"{area.threshold.denominator} × {format_area(area.part)} = " in area.text
    assert format_area(area.threshold.denominator * area.part) in area.text
    assert format_area(area.threshold.numerator * area.whole) in area.text


@given(figures(), st.sampled_from(RULINGS))
def test_unanimity_can_be_asked_for(found, ruling):
    """A local rule of all: whoever took part without agreeing cannot be made up for."""
    whole = replace(ruling.approval, numerator=1, denominator=1, inclusive=True)
    strict = replace(ruling, approval=whole, base="participating")
    everybody = found.agree_area_dm2 == found.participating_area_dm2
    assert (missing(found, strict).area_dm2 is not None) == everybody
