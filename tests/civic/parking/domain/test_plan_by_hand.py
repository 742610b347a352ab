"""The optimiser against every plan tried by hand."""

from __future__ import annotations

import pytest

from linli.civic.parking.domain.plan.master import Decision
from linli.civic.parking.domain.plan.specification import LEVELS
from linli.civic.parking.domain.plan.steps import Limits, Search
from tests.civic.parking.domain.plan_by_hand import Plan, Values, every_plan, least
from tests.civic.parking.domain.plan_worlds import search_of, tiny

TINY_PLANS = range(50)


def values_of(search: Search, decision: Decision) -> Values:
    values = [search.judge.value(decision, level) for level in LEVELS]
    return values[0], values[1], values[2], values[3], values[4]


def choices_of(plan: Plan) -> set[tuple[str, str]]:
    """What makes one plan another: the hours of every street, the lots opened, the gates."""
    return {(place, way) for place, way, bays in plan if way or bays}


@pytest.mark.parametrize("seed", TINY_PLANS)
def test_the_best_plan_is_the_best_of_all(seed: int) -> None:
    spec = tiny(seed)
    search = search_of(spec)
    tried = every_plan(spec)
    found = search.best(LEVELS, Limits(cost_fen=spec["budget_fen"]))
    if not tried:
        assert found is None
        return
    assert found is not None
    assert values_of(search, found.decision) == pytest.approx(least(list(tried.values())), rel=1e-6, abs=1e-5)
    assert all(step.gap == 0 for step in found.steps)


@pytest.mark.parametrize("seed", range(0, 50, 5))
def test_the_runner_up_is_the_best_of_all_others(seed: int) -> None:
    spec = tiny(seed)
    search = search_of(spec)
    limits = Limits(cost_fen=spec["budget_fen"])
    best = search.best(LEVELS, limits)
    if best is None:
        return
    other = search.best(
        LEVELS, Limits((search.master.differs(best.decision, 1),), cost_fen=spec["budget_fen"])
    )
    tried = every_plan(spec)
    first = choices_of(_plan_of(search, best.decision))
    others = [values for plan, values in tried.items() if choices_of(plan) != first]
    if not others:
        assert other is None
        return
    assert other is not None
    assert values_of(search, other.decision) == pytest.approx(least(others), rel=1e-6, abs=1e-5)


def _plan_of(search: Search, decision: Decision) -> Plan:
    """A decision in the words of the trial by hand."""
    specification = search.master.network.specification
    found = []
    for thing in specification.openable:
        options = [i for i in search.master.options_of(thing.id) if decision.bays[i]]
        plan = search.judge.network.options[options[0]].plan if options else -1
        way = (
            ""
            if not options or thing in specification.lots
            else specification.streets[
                specification.streets.index(thing)  # type: ignore[arg-type]
            ]
            .plans[plan]
            .id
        )
        found.append((thing.id, way, decision.bays[options[0]] if options else 0))
    for gate, index in zip(specification.gates, decision.settings, strict=True):
        found.append((gate.id, gate.settings[index].id, 0))
    return tuple(found)
