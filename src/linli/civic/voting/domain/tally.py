"""The count: agreement by area and by heads, under the rule that held on the closing day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from linli.civic.voting.domain.ballots import (
    ABSTAIN,
    AGAINST,
    AGREE,
    Ballot,
    Precedence,
    Standing,
    sort_out,
)
from linli.civic.voting.domain.entitlement import Roll
from linli.civic.voting.domain.thresholds import Figures, Missing, is_passed, missing, quorum_is_met
from linli.registry.regulations.domain.profiles import Ruling

Treatment = Literal["exclude", "participate"]
TREATMENTS: tuple[Treatment, ...] = ("exclude", "participate")


class Options(NamedTuple):
    """What the assembly's rules declare: which ballot goes before, and what conflicts and invalid ones do.

    ``exclude``: not participating. ``participate``: taking part without a choice.
    """

    precedence: Precedence = "paper_first"
    conflicts: Treatment = "exclude"
    invalid: Treatment = "exclude"


class Otherwise(NamedTuple):
    """The result under another treatment of conflicts or invalid ballots, where the outcome would flip."""

    conflicts: Treatment
    invalid: Treatment
    figures: Figures
    quorum_met: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One count, with everything that is needed to check it again."""

    ruling: Ruling
    options: Options
    closed_at: datetime | None
    figures: Figures
    quorum_met: bool
    passed: bool
    missing: Missing
    standing: Standing
    sensitivity: tuple[Otherwise, ...]

    @property
    def is_reachable(self) -> bool:
        """Whether those who have not taken part are enough for what is missing."""
        area, heads = self.missing.area_dm2, self.missing.heads
        return (
            area is not None
            and heads is not None
            and area <= self.figures.total_area_dm2 - self.figures.participating_area_dm2
            and heads <= self.figures.total_heads - self.figures.participating_heads
        )


def tally(
    ballots: Iterable[Ballot], roll: Roll, ruling: Ruling, *, closed_at: datetime | None, options: Options
) -> Result:
    """Count the ballots of one item. The order of rows matters only between equal times.

    ``closed_at`` None counts everything so far. Source: 民法典第二百七十八条, 物权法第七十六条 before 2021.
    """
    standing = sort_out(ballots, roll, closed_at=closed_at, precedence=options.precedence)
    decided = count(standing.choices, roll)
    figures = _with(decided, standing, roll, options)
    passed = is_passed(figures, ruling)
    return Result(
        ruling=ruling,
        options=options,
        closed_at=closed_at,
        figures=figures,
        quorum_met=quorum_is_met(figures, ruling),
        passed=passed,
        missing=missing(figures, ruling),
        standing=standing,
        sensitivity=_sensitivity(decided, standing, roll, ruling, options),
    )


def count(choices: Mapping[int, str], roll: Roll) -> Figures:
    """Area and heads of every choice; who made none does not take part."""
    areas = roll.areas
    area = {AGREE: 0, AGAINST: 0, ABSTAIN: 0}
    heads = {AGREE: 0, AGAINST: 0, ABSTAIN: 0}
    for group, choice in choices.items():
        area[choice] += areas[group]
        heads[choice] += 1
    return Figures(
        total_area_dm2=roll.total_area_dm2,
        total_heads=roll.total_heads,
        participating_area_dm2=area[AGREE] + area[AGAINST] + area[ABSTAIN],
        participating_heads=len(choices),
        agree_area_dm2=area[AGREE],
        agree_heads=heads[AGREE],
        against_area_dm2=area[AGAINST],
        against_heads=heads[AGAINST],
        abstain_area_dm2=area[ABSTAIN],
        abstain_heads=heads[ABSTAIN],
    )


def _with(decided: Figures, standing: Standing, roll: Roll, options: Options) -> Figures:
    """The figures with those who take part without a choice, as the options say."""
    groups: list[int] = []
    if options.conflicts == "participate":
        groups += [conflict.group for conflict in standing.conflicts]
    if options.invalid == "participate":
        groups += standing.invalid_groups
    if not groups:
        return decided
    return decided.with_undecided(sum(roll.areas[group] for group in groups), len(groups))


def _sensitivity(
    decided: Figures, standing: Standing, roll: Roll, ruling: Ruling, options: Options
) -> tuple[Otherwise, ...]:
    """Every other treatment of conflicts and invalid ballots under which the outcome would flip."""
    passed = is_passed(_with(decided, standing, roll, options), ruling)
    flips: list[Otherwise] = []
    for other in other_treatments(options, standing):
        figures = _with(decided, standing, roll, other)
        if is_passed(figures, ruling) != passed:
            met = quorum_is_met(figures, ruling)
            flips.append(Otherwise(other.conflicts, other.invalid, figures, met, not passed))
    return tuple(flips)


def other_treatments(options: Options, standing: Standing) -> list[Options]:
    """The options with every other treatment of conflicts and invalid ballots that would change anything."""
    every = [
        options._replace(conflicts=conflicts, invalid=invalid)
        for conflicts in _both(options.conflicts, bool(standing.conflicts))
        for invalid in _both(options.invalid, bool(standing.invalid_groups))
    ]
    return every[1:]


def _both(chosen: Treatment, matters: bool) -> Sequence[Treatment]:
    """The chosen treatment, and the other one where it would change anything."""
    other: Treatment = "participate" if chosen == "exclude" else "exclude"
    return (chosen, other) if matters else (chosen,)
