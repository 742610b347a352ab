"""Statements on which all camps meet, and those that divide them, each with its reason in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from linli.civic.deliberation.domain.camps import Placement, place_people
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import natural_key

Choice = Literal["agree", "disagree", "pass"]
CHOICES: tuple[Choice, ...] = ("agree", "disagree", "pass")

SHARE = Fraction(3, 5)
"""Six of ten in every camp, counted as if one more had agreed and one more not, so that few voices weigh less."""
FEWEST_VOICES = 3
HEARD_SHARE = Fraction(1, 5)
"""A camp speaks where three of it (or all, if it is smaller) and a fifth of it have answered."""
CAMP_NAMES = "甲乙丙丁戊"
_WORTH = {"agree": 1.0, "disagree": -1.0, "pass": 0.0}


class Answer(NamedTuple):
    """What one person said to one statement."""

    row: int
    person_id: str
    statement_id: str
    choice: str


class Voices(NamedTuple):
    """How many of a camp's members agreed, disagreed and passed."""

    agree: int
    disagree: int
    passed: int
    members: int

    @property
    def heard(self) -> int:
        """How many answered."""
        return self.agree + self.disagree + self.passed

    @property
    def speaks(self) -> bool:
        """Whether enough answered to speak for the camp."""
        return self.heard >= min(FEWEST_VOICES, self.members) and self.heard >= HEARD_SHARE * self.members

    def leans(self, to: Literal["agree", "disagree"]) -> Fraction:
        """The cautious share of the choice, (n + 1) of (all + 2); nothing where the camp does not speak."""
        if not self.speaks:
            return Fraction(0)
        return Fraction((self.agree if to == "agree" else self.disagree) + 1, self.heard + 2)


@dataclass(frozen=True, slots=True)
class Camp:
    """People who answer alike. ``name`` is 甲, 乙, … by size."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement on which the camps meet (``kind`` agree or disagree) or part (``divides``), and why."""

    statement_id: str
    kind: Literal["agree", "disagree", "divides"]
    voices: Mapping[str, Voices]
    strength: Fraction
    reason: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """All that was found."""

    people: tuple[str, ...]
    statements: tuple[str, ...]
    answers: int
    camps: tuple[Camp, ...]
    unplaced: tuple[str, ...]
    separation: float
    common_ground: tuple[Finding, ...]
    common_objection: tuple[Finding, ...]
    divisive: tuple[Finding, ...]
    voices: Mapping[str, Mapping[str, Voices]]


def find_opinions(answers: Sequence[Answer]) -> Opinions:
    """Camps and common ground. The order of the answers changes nothing; nothing is left to chance.

    Refuses no answers at all.
    """
    if not answers:
        raise Invalid("no_answers", "还没有任何表态。")
    people = tuple(sorted({answer.person_id for answer in answers}, key=_sorted))
    statements = tuple(sorted({answer.statement_id for answer in answers}, key=_sorted))
    placement = _place(answers, people, statements)
    camps = _camps(people, placement)
    voices = _voices(answers, statements, camps)
    common = [found for statement in statements for found in _met(statement, voices[statement])]
    apart = [found for statement in statements for found in _parted(statement, voices[statement])]
    return Opinions(
        people=people,
        statements=statements,
        answers=len(answers),
        camps=camps,
        unplaced=tuple(one for one, camp in zip(people, placement.camp_of, strict=True) if camp < 0),
        separation=placement.separation,
        common_ground=_strongest(found for found in common if found.kind == "agree"),
        common_objection=_strongest(found for found in common if found.kind == "disagree"),
        divisive=_strongest(apart),
        voices=voices,
    )


def _sorted(text: str) -> tuple[str, str]:
    return natural_key(text), text


def _place(answers: Iterable[Answer], people: Sequence[str], statements: Sequence[str]) -> Placement:
    row_of = {person: row for row, person in enumerate(people)}
    column_of = {statement: column for column, statement in enumerate(statements)}
    matrix = np.full((len(people), len(statements)), np.nan)
    for answer in answers:
        matrix[row_of[answer.person_id], column_of[answer.statement_id]] = _WORTH[answer.choice]
    return place_people(matrix)


def _camps(people: Sequence[str], placement: Placement) -> tuple[Camp, ...]:
    members: list[list[str]] = [[] for _ in range(placement.camps)]
    for person, camp in zip(people, placement.camp_of, strict=True):
        if camp >= 0:
            members[camp].append(person)
    return tuple(Camp(CAMP_NAMES[number], tuple(found)) for number, found in enumerate(members))


def _voices(
    answers: Iterable[Answer], statements: Sequence[str], camps: Sequence[Camp]
) -> dict[str, dict[str, Voices]]:
    camp_of = {person: camp.name for camp in camps for person in camp.members}
    counts = {statement: {camp.name: dict.fromkeys(CHOICES, 0) for camp in camps} for statement in statements}
    for answer in answers:
        camp = camp_of.get(answer.person_id)
        if camp is not None:
            counts[answer.statement_id][camp][_choice(answer.choice)] += 1
    sizes = {camp.name: len(camp.members) for camp in camps}
    return {
        statement: {
            camp: Voices(found["agree"], found["disagree"], found["pass"], sizes[camp])
            for camp, found in by_camp.items()
        }
        for statement, by_camp in counts.items()
    }


def _choice(word: str) -> Choice:
    return next(choice for choice in CHOICES if choice == word)


def _met(statement: str, voices: Mapping[str, Voices]) -> Iterable[Finding]:
    """The statement as common ground or common objection, where every camp leans the same way."""
    sides: tuple[Literal["agree", "disagree"], ...] = ("agree", "disagree")
    for side in sides:
        weakest = min((one.leans(side) for one in voices.values()), default=Fraction(0))
        if weakest >= SHARE:
            yield Finding(statement, side, voices, weakest, _reason_of_meeting(side, voices))


def _parted(statement: str, voices: Mapping[str, Voices]) -> Iterable[Finding]:
    """The statement as divisive, where one camp agrees and another disagrees."""
    agree = max(((one.leans("agree"), name) for name, one in voices.items()), default=(Fraction(0), ""))
    disagree = max(((one.leans("disagree"), name) for name, one in voices.items()), default=(Fraction(0), ""))
    strength = min(agree[0], disagree[0])
    if strength >= SHARE:
        for_it, against_it = voices[agree[1]], voices[disagree[1]]
        reason = (
            f"{agree[1]}营 {for_it.heard} 人表态，{for_it.agree} 人同意；"
            f"{disagree[1]}营 {against_it.heard} 人表态，{against_it.disagree} 人不同意。"
        )
        yield Finding(statement, "divides", voices, strength, reason)


def _reason_of_meeting(side: Literal["agree", "disagree"], voices: Mapping[str, Voices]) -> str:
    word = "同意" if side == "agree" else "不同意"
    is_one = len(voices) == 1
    counted = "；".join(
        f"{'全体' if is_one else f'{name}营'} {one.heard} 人表态，{one.agree if side == 'agree' else one.disagree} 人{word}"
        for name, one in voices.items()
    )
    return f"{counted}；{'' if is_one else '每个营垒都'}至少六成{word}。"


def _strongest(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: (-one.strength, _sorted(one.statement_id))))
