"""Ballots, and which of them stand: one choice for each owner group, every other ballot accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from operator import attrgetter
from typing import Literal, NamedTuple

from linli.civic.voting.domain.entitlement import Roll

BEIJING = timezone(timedelta(hours=8))

AGREE, AGAINST, ABSTAIN, INVALID = "agree", "against", "abstain", "invalid"
CHOICES = (AGREE, AGAINST, ABSTAIN, INVALID)

CHANNEL_RANK = {"paper": 4, "meeting": 4, "door": 3, "online": 2, "proxy": 1}
"""Who beats whom under ``paper_first``: paper = meeting > door > online > proxy."""

Precedence = Literal["paper_first", "latest", "first"]
PRECEDENCES: tuple[Precedence, ...] = ("paper_first", "latest", "first")


Reason = Literal["unknown_unit", "out_of_scope", "not_an_owner"]
UNKNOWN_UNIT: Reason = "unknown_unit"
OUT_OF_SCOPE: Reason = "out_of_scope"
NOT_AN_OWNER: Reason = "not_an_owner"


class Ballot(NamedTuple):
    """One row of a ballot file. ``choice`` is one of CHOICES (in an election: the marks of the whole paper).

    ``voter_id`` is the principal where a proxy voted; ``cast_at`` is aware; ``source`` names the file.
    """

    row: int
    ballot_no: str
    unit_code: str
    voter_id: str
    choice: str
    channel: str
    cast_at: datetime
    item: str = ""
    source: str = ""


class Refused(NamedTuple):
    """A ballot that does not count because its voter has no right to it."""

    ballot: Ballot
    reason: Reason


class Superseded(NamedTuple):
    """A ballot that gives way to another of the same voter."""

    ballot: Ballot
    by: Ballot


class Repeated(NamedTuple):
    """A row with a ballot number that stands already on an earlier row."""

    ballot: Ballot
    first: Ballot


class OwnersDisagree(NamedTuple):
    """Standing ballots of different owners of one group, with different choices."""

    group: int
    ballots: tuple[Ballot, ...]


@dataclass(slots=True)
class Standing:
    """What became of every ballot. Each row is in exactly one place.

    ``choices`` holds the choice of every group that made one; ``effective`` the ballots that say so, one
    for each group, and ``merged`` those of co-owners who chose the same.
    """

    choices: dict[int, str] = field(default_factory=dict)
    effective: list[Ballot] = field(default_factory=list)
    merged: list[Ballot] = field(default_factory=list)
    superseded: list[Superseded] = field(default_factory=list)
    conflicts: list[OwnersDisagree] = field(default_factory=list)
    late: list[Ballot] = field(default_factory=list)
    not_entitled: list[Refused] = field(default_factory=list)
    invalid: list[Ballot] = field(default_factory=list)
    duplicates: list[Repeated] = field(default_factory=list)
    invalid_groups: set[int] = field(default_factory=set)


def sort_out(
    ballots: Iterable[Ballot], roll: Roll, *, closed_at: datetime | None, precedence: Precedence
) -> Standing:
    """Which ballots stand, by the declared precedence; ballots of one item, in the order of their rows.

    Late is strictly after ``closed_at``. An invalid ballot never supersedes a valid one.
    """
    out = Standing()
    sole, shared = _one_for_each_voter(_admitted(ballots, roll, closed_at, out), roll, precedence, out)
    _one_for_each_group(sole, shared, out)
    if out.invalid:
        conflicting = {conflict.group for conflict in out.conflicts}
        groups = {roll.group_of_unit[ballot.unit_code] for ballot in out.invalid}
        out.invalid_groups = groups - out.choices.keys() - conflicting
    return out


def _admitted(
    ballots: Iterable[Ballot], roll: Roll, closed_at: datetime | None, out: Standing
) -> list[tuple[int, Ballot]]:
    """The valid ballots that came in time from somebody entitled, each with its owner group."""
    admitted: list[tuple[int, Ballot]] = []
    find_group, owners = roll.group_of_unit.get, roll.owners
    for ballot in _once_each(ballots, out):
        group = find_group(ballot.unit_code)
        if group is None:
            reason = OUT_OF_SCOPE if ballot.unit_code in roll.outside else UNKNOWN_UNIT
            out.not_entitled.append(Refused(ballot, reason))
        elif ballot.voter_id not in owners[group]:
            out.not_entitled.append(Refused(ballot, NOT_AN_OWNER))
        elif closed_at is not None and ballot.cast_at > closed_at:
            out.late.append(ballot)
        elif ballot.choice == INVALID:
            out.invalid.append(ballot)
        else:
            admitted.append((group, ballot))
    return admitted


def _once_each(ballots: Iterable[Ballot], out: Standing) -> list[Ballot]:
    """The first row of every ballot number; the others are noted."""
    rows = list(ballots)
    if len({ballot.ballot_no for ballot in rows}) == len(rows):
        return rows
    first: dict[str, Ballot] = {}
    for ballot in rows:
        earlier = first.setdefault(ballot.ballot_no, ballot)
        if earlier is not ballot:
            out.duplicates.append(Repeated(ballot, earlier))
    return list(first.values())


def _one_for_each_voter(
    admitted: list[tuple[int, Ballot]], roll: Roll, precedence: Precedence, out: Standing
) -> tuple[dict[int, Ballot], dict[tuple[int, str], Ballot]]:
    """The standing ballot of every voter: by group where a group has one owner, else by group and voter."""
    owners = roll.owners
    sole: dict[int, Ballot] = {}
    shared: dict[tuple[int, str], Ballot] = {}
    again: list[tuple[int, Ballot]] = []
    for group, ballot in admitted:
        is_sole = len(owners[group]) == 1
        other = (
            sole.setdefault(group, ballot) if is_sole else shared.setdefault((group, ballot.voter_id), ballot)
        )
        if other is not ballot:
            again.append((group, ballot))
    beaten: list[tuple[int, Ballot]] = []
    for group, ballot in again:
        is_sole = len(owners[group]) == 1
        other = sole[group] if is_sole else shared[group, ballot.voter_id]
        if not _goes_before(ballot, other, precedence):
            beaten.append((group, ballot))
            continue
        beaten.append((group, other))
        if is_sole:
            sole[group] = ballot
        else:
            shared[group, ballot.voter_id] = ballot
    out.superseded = [
        Superseded(ballot, sole.get(group) or shared[group, ballot.voter_id]) for group, ballot in beaten
    ]
    return sole, shared


def _goes_before(later: Ballot, earlier: Ballot, precedence: Precedence) -> bool:
    """Whether the ballot of the later row beats that of the earlier row."""
    if precedence == "first":
        return later.cast_at < earlier.cast_at
    if precedence == "paper_first":
        mine, theirs = CHANNEL_RANK[later.channel], CHANNEL_RANK[earlier.channel]
        if mine != theirs:
            return mine > theirs
    return later.cast_at >= earlier.cast_at


def _one_for_each_group(
    sole: dict[int, Ballot], shared: dict[tuple[int, str], Ballot], out: Standing
) -> None:
    """Merge what co-owners chose alike; set aside the groups whose owners disagree."""
    out.choices = {group: ballot.choice for group, ballot in sole.items()}
    out.effective = list(sole.values())
    together: dict[int, list[Ballot]] = {}
    for (group, _), ballot in shared.items():
        together.setdefault(group, []).append(ballot)
    for group, ballots in together.items():
        ballots.sort(key=attrgetter("voter_id"))
        if all(ballot.choice == ballots[0].choice for ballot in ballots):
            out.choices[group] = ballots[0].choice
            out.effective.append(ballots[0])
            out.merged += ballots[1:]
        else:
            out.conflicts.append(OwnersDisagree(group, tuple(ballots)))


def last_cast(ballots: Sequence[Ballot]) -> datetime | None:
    """When the last ballot was cast; None where there is none."""
    return max((ballot.cast_at for ballot in ballots), default=None)
