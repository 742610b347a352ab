"""The whole answer: nothing, the cheapest that is good enough, the best, the next best, and what money would buy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.plan.judging import Judge
from linli.civic.parking.domain.plan.master import Decision, Master
from linli.civic.parking.domain.plan.network import Floats, Network
from linli.civic.parking.domain.plan.scenarios import UNSEEN, days_of, drawn
from linli.civic.parking.domain.plan.specification import LEVELS, Specification
from linli.civic.parking.domain.plan.steps import Limits, Outcome, Search
from linli.civic.parking.domain.plan.why_not import WhyNot, why_not
from linli.ground.kernel.errors import Invalid

TWO_SIDED_95 = 1.959963984540054
STEP_NAMES = {
    "violations": "违规",
    "unmet": "缺口",
    "spillback": "溢出",
    "walking": "步行",
    "cost": "费用",
}

Teller = Callable[[int, int, str], None]
"""Is told how many parts are done, of how many, and what is being worked on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """Weighted car-hours without a bay on days that the plan was not made for."""

    days: int
    nothing: Estimate
    best: Estimate
    saved: Estimate


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that was found; ``frontier`` holds no plan where a budget cannot pay for what is required."""

    specification: Specification
    search: Search
    nothing: Decision
    cheapest: Outcome | None
    cheapest_note: str
    best: Outcome
    runners_up: tuple[Outcome, ...]
    frontier: tuple[tuple[int, Outcome | None], ...]
    why_not: tuple[WhyNot, ...]
    unseen: Unseen | None


def answer(specification: Specification, tell: Teller = lambda *_: None) -> Answer:
    """Find every plan that belongs into an answer. Refuses what contradicts itself under any plan."""
    return _Work(specification, tell).answer()


class _Work:
    """One answer in the making."""

    def __init__(self, specification: Specification, tell: Teller) -> None:
        self.specification, self._tell = specification, tell
        network = Network(specification)
        self.master = Master(network, days_of(specification))
        self.judge = Judge(self.master)
        self.search = Search(self.master, self.judge, specification.gap, self._step)
        self.budgets = sorted({*specification.frontier_fen, specification.budget_fen})
        self._done, self._total, self._part = 0, len(self.budgets) + specification.runners_up + 3, ""

    def _step(self, level: str) -> None:
        self._tell(self._done, self._total, f"{self._part}：{STEP_NAMES[level]}")

    def _begin(self, part: str, count: int = 1) -> None:
        self._part = part
        self._tell(self._done, self._total, part)
        self._done += count

    def answer(self) -> Answer:
        nothing = self.master.nothing()
        frontier = self._frontier(nothing)
        best = frontier[self.specification.budget_fen]
        if best is None:
            raise Invalid(
                "plan_infeasible",
                "budget_fen：必选的路段和车场放在一起，超出预算或互相矛盾，没有任何方案可行。",
            )
        starts = [nothing, *(outcome.decision for outcome in frontier.values() if outcome)]
        runners = self._runners_up(best, starts)
        self._begin("最便宜的达标方案")
        cheapest, note = self._cheapest([*starts, *(outcome.decision for outcome in runners)])
        self._begin("说明为什么不选")
        reasons = why_not(self.search, best.decision, lambda name: self._tell(self._done, self._total, name))
        self._begin("换没见过的日子再算一遍")
        unseen = self._unseen(nothing, best.decision)
        self._tell(self._total, self._total, "完成")
        chosen = tuple((budget, frontier[budget]) for budget in self.specification.frontier_fen)
        return Answer(
            self.specification, self.search, nothing, cheapest, note, best, runners, chosen, reasons, unseen
        )

    def _frontier(self, nothing: Decision) -> dict[int, Outcome | None]:
        """The best plan for every budget, from the smallest up; what little money buys, more can keep."""
        found: dict[int, Outcome | None] = {}
        starts = [nothing]
        for budget in self.budgets:
            self._begin(f"预算 {budget // 100:,} 元")
            outcome = self.search.best(LEVELS, Limits(cost_fen=budget), starts)
            found[budget] = outcome
            if outcome is not None:
                starts.append(outcome.decision)
        return found

    def _runners_up(self, best: Outcome, starts: list[Decision]) -> tuple[Outcome, ...]:
        found: list[Outcome] = []
        budget, by = self.specification.budget_fen, self.specification.differ_by
        for number in range(self.specification.runners_up):
            self._begin(f"备选 {number + 1}")
            rows = tuple(self.master.differs(outcome.decision, by) for outcome in (best, *found))
            outcome = self.search.best(LEVELS, Limits(rows, cost_fen=budget), starts)
            if outcome is None:
                break
            found.append(outcome)
        return tuple(found)

    def _cheapest(self, starts: list[Decision]) -> tuple[Outcome | None, str]:
        """The least cost that keeps the targets, whatever the budget; else what stands in the way."""
        share = self.specification.unmet_share_target
        demand = self.demand_hours()
        clean = (self.search.keeping("violations", 0.0), self.search.keeping("spillback", 0.0))
        if self.search.floor("spillback") > 1e-9:
            return None, "每种道闸设置都有高峰的溢出可能超过目标，加车位解决不了，请先改道闸"
        limits = Limits(clean, short_hours=share * demand)
        outcome = self.search.best(("cost", "unmet"), limits, starts)
        if outcome is not None:
            within = self.judge.value(outcome.decision, "cost") <= self.specification.budget_fen
            return outcome, "在预算之内" if within else "超出预算"
        least = self.search.best(("violations", "unmet"), Limits(), starts)
        if least is None or self.judge.value(least.decision, "violations"):
            return None, "必选的路段有违规车位，没有方案达标"
        reached = self.search.short_hours(least.decision) / demand
        return None, f"钱再多，没有车位的车时也要占 {reached:.1%}，达不到 {share:.1%} 的目标"

    def demand_hours(self) -> float:
        """Expected car-hours that need a bay."""
        days = self.judge.days
        return float(days.weights @ (days.cars.sum(axis=2) @ self.judge.network.hours))

    def _unseen(self, nothing: Decision, best: Decision) -> Unseen | None:
        count = self.specification.unseen
        if self.specification.sampling is None or count < 2:
            return None
        cars = drawn(self.specification, count, UNSEEN).cars
        without, having = (self._by_day(decision, cars) for decision in (nothing, best))
        return Unseen(count, _estimate(without), _estimate(having), _estimate(without - having))

    def _by_day(self, decision: Decision, cars: np.typing.NDArray[np.int64]) -> Floats:
        network = self.judge.network
        shortages = self.judge.shortages_on(np.array(decision.bays, dtype=float), cars)
        by_day: Floats = (shortages @ network.level_weights) @ network.hours
        return by_day


def _estimate(values: Floats) -> Estimate:
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    half = TWO_SIDED_95 * spread / math.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)
