"""300,000 generated ballot boxes are counted as by a counter that was written a second time."""

from __future__ import annotations

from random import Random

import pytest

from linli.civic.voting.domain.ballots import Precedence
from linli.civic.voting.domain.entitlement import build_roll
from linli.civic.voting.domain.tally import Options, Result, Treatment, tally
from tests.civic.voting.domain.boxes import CLOSED_AT, Box, random_box
from tests.civic.voting.domain.rules import RULINGS
from tests.civic.voting.domain.second_counter import second_count

CHUNKS = 30
BOXES_OF_A_CHUNK = 10_000
PRECEDENCES: tuple[Precedence, ...] = ("paper_first", "latest", "first")
TREATMENTS: tuple[Treatment, ...] = ("exclude", "participate")


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_two_counters_agree(seed: int) -> None:
    chance = Random(seed)
    for number in range(BOXES_OF_A_CHUNK):
        box = random_box(chance)
        ruling = RULINGS[int(chance.random() * 4)]
        conflicts, invalid = (TREATMENTS[int(chance.random() * 2)] for _ in range(2))
        options = Options(PRECEDENCES[number % 3], conflicts, invalid)
        ours = tally(box.ballots, build_roll(box.units), ruling, closed_at=CLOSED_AT, options=options)
        units = [(unit.code, unit.area_dm2, frozenset(unit.owners)) for unit in box.units]
        theirs = second_count(units, _as_rows(box), CLOSED_AT, ruling.regime, ruling.kind, *options)
        assert _told(ours) == theirs, (seed, box, ruling.item, options)


def _as_rows(box: Box) -> list[dict[str, object]]:
    names = ("row", "number", "unit", "voter", "choice", "channel", "at")
    return [dict(zip(names, ballot, strict=False)) for ballot in box.ballots]


def _told(result: Result) -> dict[str, object]:
    figures, missing, standing = result.figures, result.missing, result.standing
    fate = {ballot.row: "valid" for ballot in (*standing.effective, *standing.merged)}
    fate |= {one.ballot.row: "superseded" for one in standing.superseded}
    fate |= {ballot.row: "conflict" for conflict in standing.conflicts for ballot in conflict.ballots}
    fate |= {ballot.row: "late" for ballot in standing.late}
    fate |= {one.ballot.row: "not_entitled" for one in standing.not_entitled}
    fate |= {ballot.row: "invalid" for ballot in standing.invalid}
    fate |= {one.ballot.row: "duplicate" for one in standing.duplicates}
    return {
        "total": (figures.total_area_dm2, figures.total_heads),
        "participating": (figures.participating_area_dm2, figures.participating_heads),
        "sums": {
            "agree": (figures.agree_area_dm2, figures.agree_heads),
            "against": (figures.against_area_dm2, figures.against_heads),
            "abstain": (figures.abstain_area_dm2, figures.abstain_heads),
        },
        "quorum_met": result.quorum_met,
        "passed": result.passed,
        "missing": (missing.area_dm2, missing.heads),
        "missing_quorum": (missing.quorum_area_dm2, missing.quorum_heads),
        "fate": fate,
    }


def test_a_wrong_counter_would_be_noticed() -> None:
    """The comparison has teeth: counting units instead of owner groups disagrees soon."""
    chance = Random(1)
    disagreements = 0
    for _ in range(300):
        box = random_box(chance)
        ours = tally(box.ballots, build_roll(box.units), RULINGS[0], closed_at=CLOSED_AT, options=Options())
        units = [(unit.code, unit.area_dm2, frozenset((*unit.owners, unit.code))) for unit in box.units]
        theirs = second_count(
            units, _as_rows(box), CLOSED_AT, "CC2021", "ordinary", "paper_first", "exclude", "exclude"
        )
        disagreements += _told(ours) != theirs
    assert disagreements > 100


def test_the_boxes_are_varied() -> None:
    """Passing, failing, shares exactly on the mark, and every fate of a ballot occur often."""
    chance = Random(7)
    seen: dict[str, int] = {}
    for number in range(6_000):
        box = random_box(chance)
        ruling = RULINGS[number % 4]
        result = tally(box.ballots, build_roll(box.units), ruling, closed_at=CLOSED_AT, options=Options())
        figures = result.figures
        for share, part, whole in (
            (ruling.quorum, figures.participating_area_dm2, figures.total_area_dm2),
            (ruling.approval, figures.agree_heads, figures.participating_heads),
        ):
            if whole and share.denominator * part == share.numerator * whole:
                seen["on the mark"] = seen.get("on the mark", 0) + 1
        for word in ("passed" if result.passed else "failed", *_told(result)["fate"].values()):  # type: ignore[attr-defined]
            seen[word] = seen.get(word, 0) + 1
        seen["flips"] = seen.get("flips", 0) + bool(result.sensitivity)
    fates = {"valid", "superseded", "conflict", "late", "not_entitled", "invalid", "duplicate"}
    assert all(seen.get(word, 0) >= 20 for word in {"passed", "failed", "on the mark", "flips", *fates}), (
        dict(seen)
    )
