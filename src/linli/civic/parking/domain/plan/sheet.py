"""An answer as data: the same specification always gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

from linli.civic.parking.domain.plan.answer import Answer, Estimate
from linli.civic.parking.domain.plan.master import Decision
from linli.civic.parking.domain.plan.overstay import chance_of_more
from linli.civic.parking.domain.plan.specification import LEVELS, Lot, Specification, Street
from linli.civic.parking.domain.plan.steps import Outcome

VALUE_KEYS = {
    "violations": "violations",
    "unmet": "unmet_car_hours_weighted",
    "spillback": "spillback_excess",
    "walking": "walking_m_weighted",
    "cost": "cost_fen",
}
UNFAIR = 1.3
"""A building whose share of missing car-hours is above the mean times this is pointed out."""


def plan_json(answer: Answer) -> dict[str, Any]:
    """Everything, for programs."""
    specification = answer.specification
    data = {
        "name": specification.name,
        "budget_fen": specification.budget_fen,
        "gap": specification.gap,
        "scenarios": answer.search.judge.days.count,
        "demand_car_hours": figure(_demand(answer)),
        "do_nothing": told_plan(answer, answer.nothing),
        "cheapest_feasible": _outcome(answer, answer.cheapest),
        "cheapest_note": answer.cheapest_note,
        "best": _outcome(answer, answer.best),
        "runners_up": [_outcome(answer, outcome) for outcome in answer.runners_up],
        "frontier": [_point(answer, budget, outcome) for budget, outcome in answer.frontier],
        "why_not": [_reason(one) for one in answer.why_not],
        "unseen": _unseen(answer),
    }
    written = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return data | {"digest": hashlib.sha256(written.encode()).hexdigest()}


def figure(value: float) -> float | int:
    """A number with six decimals, a whole one without any."""
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) else rounded


def values_of(answer: Answer, decision: Decision) -> dict[str, float | int]:
    """The five values of a decision, the most important first."""
    return {VALUE_KEYS[level]: figure(answer.search.judge.value(decision, level)) for level in LEVELS}


def _outcome(answer: Answer, outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    steps = [
        {
            "step": number,
            "level": step.level,
            "value": figure(step.value),
            "bound": figure(step.bound),
            "gap": figure(step.gap),
        }
        for number, step in enumerate(outcome.steps, 1)
    ]
    return told_plan(answer, outcome.decision) | {"steps": steps}


def told_plan(answer: Answer, decision: Decision) -> dict[str, Any]:
    """One plan: what it is worth, what it opens, who gets what."""
    search = answer.search
    short, demand = search.short_hours(decision), _demand(answer)
    return {
        "values": values_of(answer, decision),
        "unmet_car_hours": figure(short),
        "unmet_share": figure(short / demand),
        "streets": [_street(answer, decision, one) for one in answer.specification.streets if _bays(answer, decision, one)],
        "lots": [_lot(answer, decision, one) for one in answer.specification.lots if _bays(answer, decision, one)],
        "gates": _gates(answer, decision),
        "buildings": _buildings(answer, decision),
    }  # fmt: skip


def _demand(answer: Answer) -> float:
    days = answer.search.judge.days
    return float(days.weights @ (days.cars.sum(axis=2) @ answer.search.judge.network.hours))


def _bays(answer: Answer, decision: Decision, thing: Street | Lot) -> int:
    return sum(decision.bays[option] for option in answer.search.master.options_of(thing.id))


def _street(answer: Answer, decision: Decision, street: Street) -> dict[str, Any]:
    option = next(i for i in answer.search.master.options_of(street.id) if decision.bays[i])
    chosen, bays = answer.search.judge.network.options[option], decision.bays[option]
    return {
        "id": street.id,
        "name": street.name,
        "plan": street.plans[chosen.plan].id,
        "plan_name": street.plans[chosen.plan].name,
        "bays": bays,
        "cost_fen": chosen.fixed_fen + bays * chosen.bay_fen,
    }


def _lot(answer: Answer, decision: Decision, lot: Lot) -> dict[str, Any]:
    bays = _bays(answer, decision, lot)
    return {
        "id": lot.id,
        "name": lot.name,
        "bays": bays,
        "most_bays": lot.most_bays,
        "chance_of_overstay": figure(chance_of_more(bays, lot.tolerated_bays, lot.nights)),
        "cost_fen": lot.fixed_fen + bays * lot.bay_fen,
    }


def _gates(answer: Answer, decision: Decision) -> list[dict[str, Any]]:
    chosen = zip(answer.specification.gates, decision.settings, strict=True)
    return [
        {
            "id": gate.id,
            "name": gate.name,
            "setting": gate.settings[index].id,
            "setting_name": gate.settings[index].name,
            "cost_fen": gate.settings[index].cost_fen,
            "spillback": {peak: figure(chance) for peak, chance in gate.settings[index].spillback.items()},
        }
        for gate, index in chosen
    ]


def _buildings(answer: Answer, decision: Decision) -> list[dict[str, Any]]:
    """By building: the share of car-hours without a bay, whether it is unfairly large, and metres walked."""
    network, days = answer.search.judge.network, answer.search.judge.days
    specification: Specification = answer.specification
    count = len(specification.buildings)
    wanted, served, metres, parked = (np.zeros(count) for _ in range(4))
    walk = np.where(network.reach, network.walk, 0.0)
    for (day, period), cars in answer.search.judge.parked(decision).items():
        weight, hours = days.weights[day], network.hours[period]
        wanted += weight * hours * days.cars[day, period].reshape(-1, count).sum(axis=0)
        found = cars.sum(axis=1).reshape(-1, count).sum(axis=0)
        served += weight * hours * found
        parked += weight * found
        metres += weight * (cars * walk).sum(axis=1).reshape(-1, count).sum(axis=0)
    mean = 1.0 - served.sum() / wanted.sum()
    shares = np.where(wanted > 0, 1.0 - served / np.maximum(wanted, 1e-12), 0.0)
    return [
        {
            "id": building.id,
            "unmet_share": figure(max(0.0, shares[i])),
            "above_fair_share": bool(shares[i] > UNFAIR * mean + 1e-6),
            "mean_walk_m": figure(round(metres[i] / parked[i], 2)) if parked[i] > 1e-9 else None,
        }
        for i, building in enumerate(specification.buildings)
    ]


def _point(answer: Answer, budget: int, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"budget_fen": budget, "values": None, "streets": [], "lots": []}
    decision, specification = outcome.decision, answer.specification
    return {
        "budget_fen": budget,
        "values": values_of(answer, decision),
        "streets": [one.id for one in specification.streets if _bays(answer, decision, one)],
        "lots": [one.id for one in specification.lots if _bays(answer, decision, one)],
    }


def _reason(one: Any) -> dict[str, Any]:
    return {
        "place": one.place,
        "code": one.code,
        "text": one.text,
        "unmet_if_forced": None if one.unmet_if_forced is None else figure(one.unmet_if_forced),
        "extra_cost_fen": one.extra_cost_fen,
        "saved_hours": None if one.saved_hours is None else figure(one.saved_hours),
    }


def _unseen(answer: Answer) -> dict[str, Any] | None:
    unseen = answer.unseen
    if unseen is None:
        return None
    return {
        "days": unseen.days,
        "do_nothing": _estimate(unseen.nothing),
        "best": _estimate(unseen.best),
        "saved": _estimate(unseen.saved),
    }


def _estimate(one: Estimate) -> dict[str, float | int]:
    return {"value": figure(one.value), "low": figure(one.low), "high": figure(one.high)}
