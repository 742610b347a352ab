"""Why a street stayed out: one reason, checked by making the plan use the street all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.plan.judging import is_less
from linli.civic.parking.domain.plan.master import Decision, row
from linli.civic.parking.domain.plan.specification import Finding, Lot, Specification, Street
from linli.civic.parking.domain.plan.steps import Limits, Search
from linli.ground.kernel.money import format_fen

FORCED = ("violations", "unmet")


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The reason for one street or lot.

    ``code`` is ``blocked``, ``breach``, ``overstay``, ``too_far``, ``impossible``, ``worse`` or ``no_better``.
    ``unmet_if_forced`` is the least weighted shortage of any plan that uses it, ``extra_cost_fen`` and
    ``saved_hours`` are what adding it to the best plan would cost and save at most.
    """

    place: str
    code: str
    text: str
    unmet_if_forced: float | None = None
    extra_cost_fen: int | None = None
    saved_hours: float | None = None


def why_not(search: Search, best: Decision, tell: Callable[[str], None]) -> tuple[WhyNot, ...]:
    """A reason for every street and lot that the best plan leaves out."""
    specification = search.master.network.specification
    found = []
    for thing in specification.openable:
        if not any(best.bays[option] for option in search.master.options_of(thing.id)):
            tell(f"为什么不选{thing.name}")
            found.append(_plain_reason(search, thing) or _tried_reason(search, best, thing))
    return tuple(found)


def _plain_reason(search: Search, thing: Street | Lot) -> WhyNot | None:
    """A reason that needs no calculation."""
    specification = search.master.network.specification
    if thing.blocked:
        return WhyNot(thing.id, "blocked", f"不可选：{thing.blocked}")
    if isinstance(thing, Street) and thing.clean_bays < thing.least_bays:
        return WhyNot(thing.id, "breach", _breach(thing, specification))
    if isinstance(thing, Lot) and not thing.most_bays:
        tolerance = specification.overstay_tolerance
        return WhyNot(thing.id, "overstay", f"哪怕只用一个车位，超时不走的可能也超过 {tolerance:.0%}")
    place = next(i for i, one in enumerate(search.master.network.places) if one.id == thing.id)
    if not search.master.network.reach[:, place].any():
        return WhyNot(thing.id, "too_far", _too_far(thing, specification))
    return None


def _breach(street: Street, specification: Specification) -> str:
    blocking: list[Finding] = [
        one for one in specification.findings if one.street == street.id and one.blocks
    ]
    first = blocking[0]
    measured = "" if first.measured_m is None else f"，实测 {first.measured_m:.2f} 米"
    clause = f"（{first.clause}）" if first.clause else ""
    unit = f"，由{first.owner_unit}认定" if first.owner_unit else ""
    left = f"合规的车位只有 {street.clean_bays} 个" if street.clean_bays else "没有一个车位合规"
    return f"违反{first.rule or '强制规定'}{clause}{measured}{unit}；{left}"


def _too_far(thing: Street | Lot, specification: Specification) -> str:
    limit = max(one.walk_limit_m for one in specification.classes)
    if not thing.walk_m:
        return "没有一栋楼走得到"
    nearest = min(specification.buildings, key=lambda one: thing.walk_m.get(one.id, np.inf))
    metres = thing.walk_m[nearest.id]
    return f"太远：离得最近的{nearest.name}要走 {metres:.0f} 米，步行上限是 {limit:.0f} 米"


def _tried_reason(search: Search, best: Decision, thing: Street | Lot) -> WhyNot:
    """Solve again with the street in the plan, and see what is lost."""
    budget = search.master.network.specification.budget_fen
    options = search.master.options_of(thing.id)
    using = row(options, [1] * len(options), low=1)
    forced = search.best(FORCED, Limits((using,), cost_fen=budget))
    if forced is None:
        return WhyNot(
            thing.id, "impossible", f"放不进方案：{_conflict(search, best, thing) or '预算不够开它'}"
        )
    unmet, held = (search.judge.value(decision, "unmet") for decision in (forced.decision, best))
    extra, saved = _added(search, best, options)
    together = _conflict(search, best, thing) or _money(search, best, extra)
    if is_less("violations", 0.0, search.judge.value(forced.decision, "violations")):
        code, text = "worse", "要它就得用违规的车位"
    elif is_less("unmet", held * (1 + search.gap), unmet):
        code, text = "worse", f"要它就得放弃更好的：加权缺口会从 {held:,.1f} 升到 {unmet:,.1f} 车时"
    elif saved <= 1e-6:
        code, text = "no_better", "用得到它的车，别处都已有车位，或仍然够不着"
    else:
        code, text = "no_better", "选它，缺口不会更小（在误差以内），步行和费用也不比选中的好"
    return WhyNot(thing.id, code, f"{text}；{together}" if together else text, unmet, extra, saved)


def _conflict(search: Search, best: Decision, thing: Street | Lot) -> str:
    specification = search.master.network.specification
    names = {one.id: one.name for one in specification.openable}
    for exclusion in specification.exclusions:
        if thing.id in exclusion.members:
            chosen = [
                member
                for member in exclusion.members
                if any(best.bays[option] for option in search.master.options_of(member))
            ]
            if chosen:
                reason = f"（{exclusion.reason}）" if exclusion.reason else ""
                return f"与选中的{names[chosen[0]]}只能选一个{reason}"
    return ""


def _money(search: Search, best: Decision, extra: int) -> str:
    left = search.master.network.specification.budget_fen - search.judge.trial(best).cost_fen
    if extra <= left:
        return ""
    return f"加上它要 {format_fen(extra)} 元，预算只剩 {format_fen(left)} 元"


def _added(search: Search, best: Decision, options: list[int]) -> tuple[int, float]:
    """What the option that helps most would cost on top of the best plan, and how much it would save."""
    judge, network = search.judge, search.master.network
    held = judge.value(best, "unmet")
    found = []
    for option in options:
        one = network.options[option]
        bays = list(best.bays)
        bays[option] = max(one.clean, one.least)
        saved = held - judge.value(Decision(tuple(bays), best.settings), "unmet")
        found.append((saved, -(one.fixed_fen + bays[option] * one.bay_fen)))
    saved, cost = max(found)
    return -cost, max(0.0, saved)
