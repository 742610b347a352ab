"""An election: papers with marks for candidates, dual majorities, seats and alternates, ties never silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from linli.civic.voting.domain.ballots import ABSTAIN, AGAINST, AGREE, INVALID, Ballot, Standing, sort_out
from linli.civic.voting.domain.entitlement import Roll
from linli.civic.voting.domain.tally import Options, Treatment, count, other_treatments
from linli.civic.voting.domain.thresholds import Figures, quorum_is_met
from linli.ground.kernel.errors import Invalid
from linli.registry.regulations.domain.profiles import Ruling

Outcome = Literal["elected", "alternate", "tied", "not_elected", "ineligible"]
TieRule = Literal["runoff", "listed"]
TIE_RULES: tuple[TieRule, ...] = ("runoff", "listed")
ADULT_YEARS = 18


class Candidate(NamedTuple):
    """A candidate as listed. ``owner_id`` is the id on the roll where it differs from ``candidate_id``."""

    row: int
    candidate_id: str
    name: str = ""
    owner_id: str = ""
    represents: str = ""
    kind: str = ""
    objection: str = ""
    born_on: date | None = None


class Mark(NamedTuple):
    """A mark that does not count: for somebody not on the list, invalid, or the second for one candidate."""

    ballot: Ballot
    candidate_id: str
    reason: Literal["not_on_list", "invalid", "repeated"]


@dataclass(slots=True)
class Papers:
    """Whole ballot papers. ``marks`` gives what the choice of a paper stands for."""

    ballots: list[Ballot] = field(default_factory=list)
    marks: dict[str, Mapping[str, str]] = field(default_factory=dict)
    stray: list[Mark] = field(default_factory=list)
    overfull: list[Ballot] = field(default_factory=list)


class Seats(NamedTuple):
    """How many are to be elected, and by which declared rules.

    ``ties`` ``runoff``: who is tied across a boundary is not elected until a further vote; ``listed``: the
    order of the list decides. ``most_marks``: a paper with more consents is invalid; None: no limit.
    """

    seats: int
    alternates: int = 0
    ties: TieRule = "runoff"
    most_marks: int | None = None


@dataclass(slots=True)
class Standings:
    """One candidate's result. ``rank`` is by heads, then by area; equal ones share it."""

    candidate: Candidate
    figures: Figures
    area_majority: bool
    heads_majority: bool
    passed: bool
    faults: tuple[str, ...]
    rank: int = 0
    outcome: Outcome = "not_elected"


class Tie(NamedTuple):
    """Candidates with equal heads and equal area, where order matters."""

    candidates: tuple[str, ...]
    places: tuple[int, int]
    boundary: Literal["seats", "alternates", "order"]
    decided_by: TieRule


class OtherSeats(NamedTuple):
    """Who would be elected under another treatment of conflicts or invalid papers."""

    conflicts: Treatment
    invalid: Treatment
    quorum_met: bool
    elected: tuple[str, ...]
    alternates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Election:
    """The whole result. ``figures`` are those of any candidate: who takes part is the same for all."""

    ruling: Ruling
    seats: Seats
    closed_at: datetime | None
    figures: Figures
    quorum_met: bool
    candidates: tuple[Standings, ...]
    elected: tuple[str, ...]
    alternates: tuple[str, ...]
    ties: tuple[Tie, ...]
    standing: Standing
    papers: Papers
    sensitivity: tuple[OtherSeats, ...]
    warnings: tuple[str, ...]


def check_seats(seats: Seats, *, committee_min: int | None, committee_odd: bool) -> None:
    """Refuse numbers that no committee may have here."""
    if seats.seats < 1 or seats.alternates < 0:
        raise Invalid("seats_wrong", "应选名额至少为 1，候补名额不能是负数。")
    if committee_odd and seats.seats % 2 == 0:
        raise Invalid("seats_even", "业主委员会人数须为单数，{seats} 是双数。", seats=seats.seats)
    if committee_min is not None and seats.seats < committee_min:
        raise Invalid(
            "seats_few", "业主委员会至少 {least} 人，{seats} 人不够。", least=committee_min, seats=seats.seats
        )
    if seats.most_marks is not None and seats.most_marks < 1:
        raise Invalid("marks_wrong", "每张票最多可以同意的人数至少为 1。")


def gather_papers(
    rows: Iterable[Ballot], candidates: Sequence[Candidate], *, by_item: bool, most_marks: int | None
) -> Papers:
    """Whole papers out of rows: one row for each mark (``item`` is the candidate), or one for each paper
    whose ``choice`` lists the chosen, joined by ``;`` (or says against, abstain, invalid).
    """
    papers = Papers()
    listed = {candidate.candidate_id for candidate in candidates}
    gathered: dict[tuple[object, ...], tuple[Ballot, dict[str, str]]] = {}
    for row in rows:
        key = (
            row.ballot_no,
            row.unit_code,
            row.voter_id,
            row.channel,
            row.cast_at,
            row.row if not by_item else 0,
        )
        paper, marks = gathered.setdefault(key, (row, {}))
        for candidate, choice in _marks_of(row, by_item, listed):
            if candidate not in listed:
                papers.stray.append(Mark(row, candidate, "not_on_list"))
            elif candidate in marks:
                papers.stray.append(Mark(row, candidate, "repeated"))
            else:
                marks[candidate] = choice
    for paper, marks in gathered.values():
        papers.ballots.append(paper._replace(choice=_choice(paper, marks, papers, most_marks)))
    return papers


def _marks_of(row: Ballot, by_item: bool, listed: Iterable[str]) -> list[tuple[str, str]]:
    if by_item:
        return [(row.item, row.choice)]
    if row.choice in (AGAINST, INVALID):
        return [(candidate, row.choice) for candidate in sorted(listed)]
    if row.choice == ABSTAIN:
        return []
    return [(part.strip(), AGREE) for part in row.choice.split(";") if part.strip()]


def _choice(paper: Ballot, marks: dict[str, str], papers: Papers, most_marks: int | None) -> str:
    """The choice that stands for a paper's marks; invalid where every mark is, or too many consent."""
    valid = {candidate: choice for candidate, choice in marks.items() if choice != INVALID}
    if marks and not valid:
        return INVALID
    papers.stray += [Mark(paper, candidate, "invalid") for candidate in marks.keys() - valid.keys()]
    if most_marks is not None and list(valid.values()).count(AGREE) > most_marks:
        papers.overfull.append(paper)
        return INVALID
    choice = ";".join(f"{candidate}={valid[candidate]}" for candidate in sorted(valid))
    papers.marks[choice] = valid
    return choice


def elect(
    papers: Papers,
    roll: Roll,
    candidates: Sequence[Candidate],
    ruling: Ruling,
    *,
    seats: Seats,
    closed_at: datetime | None,
    options: Options,
    on: date,
) -> Election:
    """Count an election. All candidates share the participants: whoever handed in a paper took part.

    A candidate without a mark on a paper has no consent from it. ``on`` is the day whose age counts.
    """
    standing = sort_out(papers.ballots, roll, closed_at=closed_at, precedence=options.precedence)
    running = [(candidate, tuple(eligibility_faults(candidate, roll, on))) for candidate in candidates]
    box = _Box(papers, standing, roll, running, ruling, seats)
    ordered, ties = box.seated(options)
    elected, whole = _ids(ordered, "elected"), ordered[0].figures
    sensitivity = tuple(_otherwise(box, options, ordered))
    return Election(
        ruling=ruling,
        seats=seats,
        closed_at=closed_at,
        figures=whole,
        quorum_met=quorum_is_met(whole, ruling),
        candidates=tuple(ordered),
        elected=elected,
        alternates=_ids(ordered, "alternate"),
        ties=tuple(ties),
        standing=standing,
        papers=papers,
        sensitivity=sensitivity,
        warnings=tuple(_warnings(seats, elected, papers, is_sensitive=bool(sensitivity))),
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """What an election is counted from; every candidate with the faults that were found."""

    papers: Papers
    standing: Standing
    roll: Roll
    running: Sequence[tuple[Candidate, tuple[str, ...]]]
    ruling: Ruling
    seats: Seats

    def seated(self, options: Options) -> tuple[list[Standings], list[Tie]]:
        """The candidates in order of consent with what becomes of them, and the ties that matter."""
        candidates = [candidate for candidate, _ in self.running]
        shares = _figures(candidates, self.standing, self.papers, self.roll, options)
        ordered = _ranked(
            [
                _standings(candidate, figures, self.ruling, faults)
                for (candidate, faults), figures in zip(self.running, shares, strict=True)
            ]
        )
        return ordered, _give_seats(ordered, self.seats)


def _ids(ordered: Iterable[Standings], outcome: Outcome) -> tuple[str, ...]:
    return tuple(one.candidate.candidate_id for one in ordered if one.outcome == outcome)


def _otherwise(box: _Box, options: Options, ordered: list[Standings]) -> Iterable[OtherSeats]:
    """Every other treatment of conflicts and invalid papers under which somebody else gets a place."""
    places = [(one.candidate, one.outcome) for one in ordered]
    for other in other_treatments(options, box.standing):
        changed, _ = box.seated(other)
        if [(one.candidate, one.outcome) for one in changed] != places:
            met = quorum_is_met(changed[0].figures, box.ruling)
            elected, alternates = _ids(changed, "elected"), _ids(changed, "alternate")
            yield OtherSeats(other.conflicts, other.invalid, met, elected, alternates)


def _figures(
    candidates: Sequence[Candidate], standing: Standing, papers: Papers, roll: Roll, options: Options
) -> list[Figures]:
    """Every candidate's figures over the same participants."""
    undecided = (
        [conflict.group for conflict in standing.conflicts] if options.conflicts == "participate" else []
    )
    undecided += standing.invalid_groups if options.invalid == "participate" else ()
    area = sum(roll.areas[group] for group in undecided)
    figures = []
    for candidate in candidates:
        choices = {
            group: papers.marks[choice].get(candidate.candidate_id, ABSTAIN)
            for group, choice in standing.choices.items()
        }
        figures.append(count(choices, roll).with_undecided(area, len(undecided)))
    return figures


def _standings(candidate: Candidate, figures: Figures, ruling: Ruling, faults: tuple[str, ...]) -> Standings:
    area = ruling.approval.is_met(figures.agree_area_dm2, _base(figures, ruling)[0])
    heads = ruling.approval.is_met(figures.agree_heads, _base(figures, ruling)[1])
    passed = area and heads and quorum_is_met(figures, ruling)
    return Standings(candidate, figures, area, heads, passed, faults)


def _base(figures: Figures, ruling: Ruling) -> tuple[int, int]:
    if ruling.base == "total":
        return figures.total_area_dm2, figures.total_heads
    return figures.participating_area_dm2, figures.participating_heads


def eligibility_faults(candidate: Candidate, roll: Roll, on: date) -> list[str]:
    """Why the candidate cannot be elected; nothing where nothing is known against it.

    Source: 青岛市物业管理条例第三十四条 (a natural person with full capacity who owns here, or whom an
    organisation-owner has authorised).
    """
    owners = {owner for group in roll.owners for owner in group}
    faults = []
    owner_id = candidate.owner_id or candidate.candidate_id
    if candidate.represents:
        if candidate.represents not in owners:
            faults.append(f"授权的组织“{candidate.represents}”不是本区域的业主")
    elif owner_id not in owners:
        faults.append("不是本区域的业主，也没有组织业主的授权")
    if candidate.kind == "organisation":
        faults.append("候选人须是自然人，组织业主应授权一名自然人代表")
    if candidate.born_on is not None and _age(candidate.born_on, on) < ADULT_YEARS:
        faults.append(f"未满 {ADULT_YEARS} 周岁，不具有完全民事行为能力")
    if candidate.objection:
        faults.append(candidate.objection)
    return faults


def _age(born_on: date, on: date) -> int:
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _votes(one: Standings) -> tuple[int, int]:
    return one.figures.agree_heads, one.figures.agree_area_dm2


def _ranked(results: list[Standings]) -> list[Standings]:
    """In order of consent: more heads, then more area, then the list; equal ones share a rank."""
    ordered = sorted(results, key=_votes, reverse=True)
    for place, one in enumerate(ordered):
        before = ordered[place - 1] if place else None
        one.rank = before.rank if before and _votes(before) == _votes(one) else place + 1
        if one.faults:
            one.outcome = "ineligible"
    return ordered


def _give_seats(ordered: list[Standings], seats: Seats) -> list[Tie]:
    """Give seats and alternate places to those who passed, in order of rank; say where a tie decides."""
    passing = [one for one in ordered if one.passed and not one.faults]
    ties: list[Tie] = []
    place = 0
    while place < min(len(passing), seats.seats + seats.alternates):
        equal = [one for one in passing[place:] if _votes(one) == _votes(passing[place])]
        first, end = place + 1, place + len(equal)
        boundary = _boundary(first, end, seats)
        if boundary is not None and len(equal) > 1:
            names = tuple(one.candidate.candidate_id for one in equal)
            ties.append(Tie(names, (first, end), boundary, seats.ties))
        is_open = boundary in ("seats", "alternates") and seats.ties == "runoff"
        for at, one in enumerate(equal, first):
            one.outcome = "tied" if is_open else _outcome_at(at, seats)
        place = end
    return ties


def _outcome_at(place: int, seats: Seats) -> Outcome:
    if place <= seats.seats:
        return "elected"
    return "alternate" if place <= seats.seats + seats.alternates else "not_elected"


def _boundary(first: int, end: int, seats: Seats) -> Literal["seats", "alternates", "order"] | None:
    """What a tie over these places leaves open: a seat, an alternate's place, or the alternates' order."""
    last = seats.seats + seats.alternates
    if first <= seats.seats < end:
        return "seats"
    if first <= last < end:
        return "alternates"
    return "order" if seats.seats < first <= last else None


def _warnings(seats: Seats, elected: Sequence[str], papers: Papers, *, is_sensitive: bool) -> Iterable[str]:
    if is_sensitive:
        yield "共有人意见不一的票或者无效票换一种算法，当选或者候补的人就不同，宣布前请先核实。"
    if len(elected) < seats.seats:
        short = seats.seats - len(elected)
        yield f"应选 {seats.seats} 人，当选 {len(elected)} 人，还缺 {short} 人，须另行选举或者增补。"
    if seats.most_marks is None:
        more = sum(list(marks.values()).count(AGREE) > seats.seats for marks in papers.marks.values())
        if more:
            yield "有的票同意的人数超过应选名额；选举办法规定这样的票无效的，请加 --max-choices 重算。"
