"""An election's result as plain data and as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from linli.civic.voting.domain.election import Election, Mark, Standings, Tie
from linli.civic.voting.domain.reporting import (
    ballots_outcome,
    told_ballot,
    told_digests,
    told_figures,
    told_options,
    told_standing,
)
from linli.civic.voting.domain.sheet import (
    closing_lines,
    instant_words,
    participation_lines,
    standing_lines,
    treatment_words,
)
from linli.civic.voting.domain.tally import Options
from linli.civic.voting.domain.thresholds import Comparison, comparisons
from linli.ground.kernel.area import format_area
from linli.registry.regulations.domain.explaining import REGIMES
from linli.registry.regulations.domain.reporting import basis

OUTCOMES = {
    "elected": "当选",
    "alternate": "候补",
    "tied": "并列，待另行投票",
    "not_elected": "未当选",
    "ineligible": "资格不符，不计入当选",
}
MARK_REASONS = {"not_on_list": "不在候选人名单上", "invalid": "这一项无效", "repeated": "同一张票重复写"}
BOUNDARIES = {"seats": "最后的当选名额", "alternates": "最后的候补名额", "order": "候补的先后"}


def told_election(
    election: Election, options: Options, *, warnings: Iterable[str], digests: Mapping[str, str]
) -> dict[str, Any]:
    """The election as plain data."""
    told: dict[str, Any] = {
        "item": election.ruling.item,
        "seats": election.seats.seats,
        "alternate_places": election.seats.alternates,
        "tie_rule": election.seats.ties,
        "max_choices": election.seats.most_marks,
        "quorum_met": election.quorum_met,
        "passed": len(election.elected) == election.seats.seats,
        "elected": list(election.elected),
        "alternates": list(election.alternates),
        "vacant_seats": election.seats.seats - len(election.elected),
        "ties": [_told_tie(tie) for tie in election.ties],
        "candidates": [_told_candidate(one) for one in election.candidates],
        **{
            key: amount
            for key, amount in told_figures(election.figures).items()
            if key.startswith(("total", "participating", "undecided"))
        },
        **told_standing(election.standing),
        "stray_marks": [
            told_ballot(one.ballot, candidate_id=one.candidate_id, reason=one.reason)
            for one in election.papers.stray
        ],
        "overfull": [told_ballot(ballot) for ballot in election.papers.overfull],
        "sensitivity": [
            other._asdict() | {"elected": list(other.elected), "alternates": list(other.alternates)}
            for other in election.sensitivity
        ],
        "options": told_options(options),
        "closed_at": None if election.closed_at is None else election.closed_at.isoformat(),
        "basis": basis(election.ruling),
        "warnings": list(warnings),
    }
    outcome = {key: told[key] for key in ("elected", "alternates", "ties", "candidates", "quorum_met")}
    return told | told_digests(told, outcome | ballots_outcome(told), digests)


def _told_candidate(one: Standings) -> dict[str, Any]:
    figures = one.figures
    return {
        "candidate_id": one.candidate.candidate_id,
        "name": one.candidate.name,
        "rank": one.rank,
        "outcome": one.outcome,
        "agree_area_dm2": figures.agree_area_dm2,
        "agree_heads": figures.agree_heads,
        "against_area_dm2": figures.against_area_dm2,
        "against_heads": figures.against_heads,
        "abstain_area_dm2": figures.abstain_area_dm2,
        "abstain_heads": figures.abstain_heads,
        "area_majority": one.area_majority,
        "heads_majority": one.heads_majority,
        "passed": one.passed,
        "faults": list(one.faults),
    }


def _told_tie(tie: Tie) -> dict[str, Any]:
    return {
        "candidates": list(tie.candidates),
        "places": list(tie.places),
        "boundary": tie.boundary,
        "decided_by": tie.decided_by,
    }


def election_sheet(election: Election, options: Options, *, warnings: Iterable[str], digest: str) -> str:
    """The sheet of an election."""
    return "\n".join(_sheet(election, options, warnings, digest))


def _sheet(election: Election, options: Options, warnings: Iterable[str], digest: str) -> Iterator[str]:
    ruling, seats = election.ruling, election.seats
    yield "选举计票结果单"
    yield "=" * 40
    yield f"应选 {seats.seats} 人，候补 {seats.alternates} 人"
    if election.closed_at is not None:
        yield f"投票截止：{instant_words(election.closed_at)}"
    yield f"适用规则：{REGIMES.get(ruling.regime, ruling.regime)}"
    vacant = seats.seats - len(election.elected)
    yield f"当选：{_names(election, election.elected)}{f'（还缺 {vacant} 人）' if vacant else ''}"
    yield f"候补：{_names(election, election.alternates)}"
    yield from (f"【请注意】{_tie_words(election, tie)}" for tie in election.ties)
    yield ""
    yield from participation_lines(election.figures)
    yield f"二、参加的够不够（须全体业主的{ruling.quorum.words}，面积和人数都要够）"
    yield from (
        f"  {one.text}" for one in _compared(election, election.candidates[0]) if one.step == "quorum"
    )
    yield f"三、每名候选人（须{ruling.approval.words}同意，面积和人数都要够；先比人数，再比面积）"
    for one in election.candidates:
        yield from _candidate_lines(election, one)
    yield from _stray_lines(election.papers.stray)
    yield from (
        f"  整张无效：第 {ballot.row} 行（票号 {ballot.ballot_no}）：同意的人数超过每张 {seats.most_marks} 人"
        for ballot in election.papers.overfull
    )
    yield from _otherwise_lines(election)
    yield from standing_lines(election.standing)
    yield from closing_lines(ruling, options, warnings, digest)


def _compared(election: Election, one: Standings) -> tuple[Comparison, ...]:
    return comparisons(one.figures, election.ruling)


def _candidate_lines(election: Election, one: Standings) -> Iterator[str]:
    yield f"  第 {one.rank} 名 {_label(one)}：{OUTCOMES[one.outcome]}"
    figures = one.figures
    yield (
        f"    同意 {figures.agree_heads:,} 人、{format_area(figures.agree_area_dm2)} 平方米；"
        f"反对 {figures.against_heads:,} 人；弃权或未选 {figures.abstain_heads:,} 人"
    )
    yield from (f"    {found.plain_text}" for found in _compared(election, one) if found.step == "approval")
    yield from (f"    资格：{fault}。" for fault in one.faults)


def _label(one: Standings) -> str:
    named = one.candidate
    return f"{named.name}（{named.candidate_id}）" if named.name else named.candidate_id


def _names(election: Election, ids: Iterable[str]) -> str:
    labels = {one.candidate.candidate_id: _label(one) for one in election.candidates}
    return "、".join(labels[one] for one in ids) or "无"


def _tie_words(election: Election, tie: Tie) -> str:
    names = _names(election, tie.candidates)
    how = "按名单先后定" if tie.decided_by == "listed" else "不能默认谁先，须另行投票决定"
    return f"{names}人数和面积都相同，争{BOUNDARIES[tie.boundary]}（第 {tie.places[0]} 至 {tie.places[1]} 位），{how}。"


def _otherwise_lines(election: Election) -> Iterator[str]:
    if election.sensitivity:
        yield "【请注意】换一种算法，结果就不同："
    for other in election.sensitivity:
        yield (
            f"  {treatment_words(other.conflicts, other.invalid)}：当选 {_names(election, other.elected)}；"
            f"候补 {_names(election, other.alternates)}"
        )


def _stray_lines(stray: Iterable[Mark]) -> Iterator[str]:
    for one in stray:
        yield (
            f"  没有计入的一项：第 {one.ballot.row} 行（票号 {one.ballot.ballot_no}，候选人 {one.candidate_id}）："
            f"{MARK_REASONS[one.reason]}"
        )
