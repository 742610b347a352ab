"""The deemed-majority clause (从多数票条款): what it would change, always beside the strict count.

Ordinary matters only, and only where the adopted rules of procedure hold the clause; a matter for
the courts where disputed, so it is off unless deliveries are given. Source: law notes on (2022)沪02民初16号.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from linli.civic.voting.domain.ballots import ABSTAIN, AGAINST, AGREE, Standing
from linli.civic.voting.domain.entitlement import Roll
from linli.civic.voting.domain.tally import Result
from linli.civic.voting.domain.thresholds import Figures, Missing, is_passed, missing, quorum_is_met
from linli.ground.kernel.errors import Invalid


class Delivery(NamedTuple):
    """A ballot paper delivered to a unit. ``delivered_at`` is aware."""

    row: int
    unit_code: str
    delivered_at: datetime


@dataclass(frozen=True, slots=True)
class Deemed:
    """The count with silent owners, to whom a ballot was delivered, counted with the majority.

    ``follows`` is the choice they are counted with: the one that leads both by area and by heads; None
    where no choice leads both, and then nobody is deemed.
    """

    follows: str | None
    area_dm2: int
    heads: int
    figures: Figures
    quorum_met: bool
    passed: bool
    missing: Missing
    warnings: tuple[str, ...]


def deem(result: Result, roll: Roll, deliveries: Iterable[Delivery]) -> Deemed:
    """The result if the silent are counted with the majority. Refuses special matters.

    Silent is an owner group of which no ballot came back at all, not even a late or invalid one.
    """
    ruling = result.ruling
    if ruling.kind == "special":
        raise Invalid(
            "deeming_special",
            "“{item}”是须{share}同意的重大事项，不适用“未投票的视为从多”，请去掉送达表重算。",
            item=ruling.item_name,
            share=ruling.approval.words,
        )
    warnings = [
        "视为从多只在业主大会议事规则已写明、逐户送达并在票面警示后果时才可能有效，各地法院看法不一。"
    ]
    groups = _silent(result.standing, roll, deliveries, result.closed_at, warnings)
    follows = _leading(result.figures)
    if follows is None:
        warnings.append("没有一种意见在面积和人数上都领先，无从“从多”，未投票的仍按未参与计。")
        groups = set()
    area = sum(roll.areas[group] for group in groups)
    figures = _added(result.figures, follows, area, len(groups))
    return Deemed(
        follows=follows,
        area_dm2=area,
        heads=len(groups),
        figures=figures,
        quorum_met=quorum_is_met(figures, ruling),
        passed=is_passed(figures, ruling),
        missing=missing(figures, ruling),
        warnings=tuple(warnings),
    )


def _silent(
    standing: Standing,
    roll: Roll,
    deliveries: Iterable[Delivery],
    closed_at: datetime | None,
    warnings: list[str],
) -> set[int]:
    """The groups that got a ballot in time and of which none came back."""
    reached: set[int] = set()
    for delivery in deliveries:
        group = roll.group_of_unit.get(delivery.unit_code)
        if group is None:
            if delivery.unit_code not in roll.outside:
                warnings.append(f"送达表第 {delivery.row} 行：“{delivery.unit_code}”不在名册上，没有计入。")
        elif closed_at is not None and delivery.delivered_at > closed_at:
            warnings.append(f"送达表第 {delivery.row} 行：“{delivery.unit_code}”在截止之后才送达，没有计入。")
        else:
            reached.add(group)
    answered = {roll.group_of_unit[ballot.unit_code] for ballot in (*standing.late, *standing.invalid)}
    answered |= {conflict.group for conflict in standing.conflicts}
    return reached - answered - standing.choices.keys()


def _leading(figures: Figures) -> str | None:
    """The choice that leads each other one both by area and by heads."""
    sizes = {
        AGREE: (figures.agree_area_dm2, figures.agree_heads),
        AGAINST: (figures.against_area_dm2, figures.against_heads),
        ABSTAIN: (figures.abstain_area_dm2, figures.abstain_heads),
    }
    for choice, (area, heads) in sizes.items():
        others = [size for other, size in sizes.items() if other != choice]
        if all(area > other_area and heads > other_heads for other_area, other_heads in others):
            return choice
    return None


def _added(figures: Figures, follows: str | None, area_dm2: int, heads: int) -> Figures:
    if follows is None:
        return figures
    area_name, heads_name = f"{follows}_area_dm2", f"{follows}_heads"
    changed = {
        area_name: getattr(figures, area_name) + area_dm2,
        heads_name: getattr(figures, heads_name) + heads,
    }
    return figures._replace(
        participating_area_dm2=figures.participating_area_dm2 + area_dm2,
        participating_heads=figures.participating_heads + heads,
        **changed,
    )
