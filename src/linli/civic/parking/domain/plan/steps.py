"""One level of the objective after the other: the best of the first, then of the second without losing the first.

A step solves the programme, tries the plan that comes out on every day, learns where the programme was too
hopeful, and solves again, until the value of the best plan tried and the bound that the solver proved are no
further apart than the gap. Every value told is that of a plan which was really tried, never the solver's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.plan.judging import TIE, Judge, is_less, tie
from linli.civic.parking.domain.plan.master import Decision, Master, Row, row
from linli.civic.parking.domain.plan.network import Floats
from linli.civic.parking.domain.plan.walking import HUNDRED_METRES

ROUNDS_RELAXED = 25
ROUNDS = 200
RESTARTS = 20
RELAXED_ENOUGH = 1e-3
FLOW_LEVELS = ("unmet", "walking")


@dataclass(frozen=True, slots=True)
class Step:
    """The value reached at one level, the bound that proves how good it is, and how far they are apart."""

    level: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """The distance as a share of the value; 0 when nothing better can exist."""
        return (self.value - self.bound) / abs(self.value) if self.value else 0.0

    def rounded(self) -> Step:
        """The same step; a bound that is apart by no more than the tolerance is the value itself."""
        near = self.value - self.bound <= 1.001 * tie(self.level, self.value)
        return Step(self.level, self.value, self.value) if near else self


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan that was chosen, and the steps that led to it."""

    decision: Decision
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan has to keep besides the standing rules."""

    rows: tuple[Row, ...] = ()
    cost_fen: int | None = None
    short_hours: float | None = None


class Search:
    """Lexicographic search; what one question teaches, the next one knows."""

    def __init__(self, master: Master, judge: Judge, gap: float, tell: Callable[[str], None]) -> None:
        self.master, self.judge, self.gap, self.tell = master, judge, gap, tell
        self._fixed = np.array([*range(master.shortage_at)])

    def best(self, order: Sequence[str], limits: Limits, starts: Sequence[Decision] = ()) -> Outcome | None:
        """The best plan in that order of levels within the limits; None when there is no plan at all."""
        held = self._best_start(order, limits, starts)
        steps: dict[str, Step] = {}
        index, restarts = 0, 0
        while index < len(order):
            self.tell(order[index])
            run = _Run(self, order, index, limits, held)
            found = run.step()
            if found is None:
                return None
            held, step, earlier = found
            steps[order[index]] = step
            restarts += earlier is not None
            index = earlier + 1 if earlier is not None and restarts < RESTARTS else index + 1
        assert held is not None
        told = (Step(level, self.judge.value(held, level), steps[level].bound) for level in order)
        return Outcome(held, tuple(step.rounded() for step in told))

    def _best_start(
        self, order: Sequence[str], limits: Limits, starts: Sequence[Decision]
    ) -> Decision | None:
        held: Decision | None = None
        for decision in starts:
            if self.keeps(decision, limits) and (
                held is None or self.first_better(decision, held, order) is not None
            ):
                held = decision
        return held

    def first_better(self, decision: Decision, held: Decision, order: Sequence[str]) -> int | None:
        """The first level at which the decision beats the one held; None when it does not beat it."""
        for index, level in enumerate(order):
            one, other = self.judge.value(decision, level), self.judge.value(held, level)
            if is_less(level, one, other):
                return index
            if is_less(level, other, one):
                return None
        return None

    def keeps(self, decision: Decision, limits: Limits) -> bool:
        """Whether a decision keeps the rules and the limits, counted exactly."""
        columns = self.master.columns_of(decision)
        for rule in (*self.master.rows, *limits.rows):
            sum_of = float(rule.values @ columns[rule.columns])
            if not rule.low - 1e-6 <= sum_of <= rule.high + 1e-6:
                return False
        if limits.cost_fen is not None and self.judge.trial(decision).cost_fen > limits.cost_fen:
            return False
        return limits.short_hours is None or not is_less(
            "unmet", limits.short_hours, self.short_hours(decision)
        )

    def short_hours(self, decision: Decision) -> float:
        """Expected car-hours without a bay, unweighted."""
        all_cars = self.judge.shortages(decision)[:, :, -1]
        return float(self.judge.days.weights @ (all_cars @ self.judge.network.hours))

    def rows_of(self, limits: Limits) -> Iterator[Row]:
        """The limits as inequalities."""
        master = self.master
        yield from limits.rows
        if limits.cost_fen is not None:
            yield dense(
                master.objectives["cost"] / master.cost_scale, (limits.cost_fen + 0.5) / master.cost_scale
            )
        if limits.short_hours is not None:
            yield dense(master.total_shortage, limits.short_hours * (1 + 1e-9) + TIE)

    def keeping(self, level: str, value: float) -> Row:
        """A level is not to get worse than this value."""
        master = self.master
        if level == "cost":
            return dense(master.objectives["cost"] / master.cost_scale, (value + 0.5) / master.cost_scale)
        if level == "walking":
            return dense(master.objectives["walking"], value / HUNDRED_METRES * (1 + 1e-7) + TIE)
        return dense(master.objectives[level], value * (1 + 1e-9) + TIE)

    def floor(self, level: str) -> float:
        """Below it no plan can be."""
        if level != "spillback":
            return 0.0
        excess = self.master.excess
        return sum(min(excess(setting) for setting in gate.settings) for gate in self.master.gates)

    def unit(self, level: str) -> float:
        """By what a value is divided inside the programme."""
        return {"walking": HUNDRED_METRES, "cost": self.master.cost_scale}.get(level, 1.0)

    def objective(self, level: str) -> Floats:
        """The costs of the columns at one level, in the units of the programme."""
        costs = self.master.objectives[level]
        return costs / self.master.cost_scale if level == "cost" else costs


class _Run:
    """One step: the level ``order[index]``, without losing the levels before it."""

    def __init__(
        self, search: Search, order: Sequence[str], index: int, limits: Limits, held: Decision | None
    ) -> None:
        self.search, self.order, self.index, self.limits, self.held = search, order, index, limits, held
        self.level = order[index]
        search.master.forget_walking()
        self.with_walking = "walking" in order[: index + 1]
        needs = "unmet" in order[: index + 1] or limits.short_hours is not None
        self.with_flows = needs or self.with_walking
        self.proven = search.floor(self.level)

    def step(self) -> tuple[Decision, Step, int | None] | None:
        """The decision held at the end, what was proven, and an earlier level that got better on the way."""
        if self._closed():
            return self._ended(None)
        if self.level in FLOW_LEVELS or (self.with_flows and not self.index):
            self._relax()
        if self.level == "walking" and self.held is not None:  # the best plan is seldom far from it
            self._learn(self.search.master.columns_of(self.held))
        seeking = self._seeks(better=False)
        for _ in range(ROUNDS):
            solved = self._solve(whole=True, seeking=seeking)
            if solved is None:
                break
            if self.with_walking and self.search.master.recall_walking(solved):
                continue
            learned = self._learn(solved)
            earlier = self._take(self.search.master.decision(solved))
            if earlier is not None and earlier + 1 < self.index:
                return self._ended(earlier)
            if self._closed() or (not learned and earlier is None):
                break
            seeking = self._seeks(better=not seeking and earlier is not None)
        return None if self.held is None else self._ended(None)

    def _seeks(self, *, better: bool) -> bool:
        """Whether to ask for the best plan, or only whether there is one that is worth more than the gap.

        That no plan is cheaper is proven faster without an objective; that none is nearer takes five times as
        long without, because only the objective tells the solver which branches cannot matter.
        """
        return self.held is None or self.level != "cost" or better

    def _ended(self, earlier: int | None) -> tuple[Decision, Step, int | None]:
        assert self.held is not None
        value = self.search.judge.value(self.held, self.level)
        return self.held, Step(self.level, value, min(self.proven, value)), earlier

    def _closed(self) -> bool:
        if self.held is None:
            return False
        return self.proven >= self._target()

    def _target(self) -> float:
        """Below it a plan would be worth finding; if there is none, the plan held is good enough."""
        assert self.held is not None
        value = self.search.judge.value(self.held, self.level)
        return value - self.search.gap * abs(value) - tie(self.level, value)

    def _rows(self) -> list[Row]:
        rows = list(self.search.rows_of(self.limits))
        if self.held is not None:
            objective, unit = self.search.objective(self.level), self.search.unit(self.level)
            rows.append(dense(objective, self._target() / unit))
            for level in self.order[: self.index]:
                rows.append(self.search.keeping(level, self.search.judge.value(self.held, level)))
        return rows

    def _solve(self, *, whole: bool, seeking: bool = True) -> Floats | None:
        """Columns better than the plan held by more than the gap: the best of them, or (not seeking) any."""
        search = self.search
        solved = search.master.solve(
            search.objective(self.level) * float(seeking),
            self._rows(),
            whole=whole,
            gap=search.gap / 2,
            with_walking=self.with_walking,
        )
        if solved.columns is None and solved.bound == np.inf and self.held is not None:
            self.proven = max(self.proven, self._target())
        elif seeking:
            self.proven = max(self.proven, solved.bound * search.unit(self.level))
        return solved.columns

    def _learn(self, columns: Floats) -> int:
        if not self.with_flows:
            return 0
        return self.search.judge.learn(columns, with_walking=self.with_walking)[0]

    def _relax(self) -> None:
        """Learn from fractional plans first: they are found in no time."""
        for _ in range(ROUNDS_RELAXED):
            columns = self._solve(whole=False)
            if columns is None:
                return
            if self.with_walking and self.search.master.recall_walking(columns):
                continue
            learned, worth = self.search.judge.learn(columns, with_walking=self.with_walking)
            promised = float(self.search.objective(self.level) @ columns)
            near = worth - promised <= max(RELAXED_ENOUGH, self.search.gap) * worth
            if not learned or (near and self.level in FLOW_LEVELS):
                return

    def _take(self, decision: Decision) -> int | None:
        """Hold the decision if it is allowed and better; at which level it is better."""
        search = self.search
        if not search.keeps(decision, self.limits):
            return None
        if self.held is None:
            self.held = decision
            return self.index
        better = search.first_better(decision, self.held, self.order[: self.index + 1])
        if better is not None:
            self.held = decision
        return better


def dense(values: Floats, high: float) -> Row:
    """One inequality out of a whole vector of columns."""
    columns = np.flatnonzero(values)
    return row(list(columns), list(values[columns]), high=high)
