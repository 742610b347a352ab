"""An answer in plain Chinese, for a committee and the units that sign."""

from __future__ import annotations

from collections.abc import Iterator

from linli.civic.parking.domain.plan.answer import Answer
from linli.civic.parking.domain.plan.master import Decision
from linli.civic.parking.domain.plan.sheet import told_plan
from linli.civic.parking.domain.plan.specification import LEVELS
from linli.civic.parking.domain.plan.steps import Outcome
from linli.ground.kernel.money import format_fen

STEP_WORDS = {
    "violations": "违规车位（个）",
    "unmet": "加权缺口（车时/天）",
    "spillback": "高峰溢出超标量",
    "walking": "加权步行（米/天）",
    "cost": "费用（元）",
}


def plan_sheet(answer: Answer) -> Iterator[str]:
    """The lines of the sheet."""
    specification = answer.specification
    yield f"停车方案{f'：{specification.name}' if specification.name else ''}"
    days = answer.search.judge.days.count
    yield f"预算 {format_fen(specification.budget_fen)} 元；{days} 个情景；最优性误差不超过 {specification.gap:.2%}。"
    yield ""
    yield from _table(answer)
    yield ""
    yield "推荐方案"
    yield from _opened(answer, answer.best.decision)
    yield ""
    yield "一步一步（前一步不为后一步让路）"
    for number, step in enumerate(answer.best.steps, 1):
        gap = f"，离理论下限还差 {step.gap:.3%}" if step.gap else "，已证明不能更好"
        yield f"  {number} {STEP_WORDS[step.level]}：{_value(step.level, step.value)}{gap}"
    yield from _frontier(answer)
    yield from _reasons(answer)
    yield from _unseen(answer)
    yield from _unfair(answer)


def _value(level: str, value: float) -> str:
    if level == "cost":
        return format_fen(round(value))
    if level == "violations":
        return str(round(value))
    return f"{value:.3f}" if level == "spillback" else f"{value:,.1f}"


def _line(answer: Answer, name: str, decision: Decision) -> str:
    judge = answer.search.judge
    values = (f"{STEP_WORDS[level]} {_value(level, judge.value(decision, level))}" for level in LEVELS)
    return f"  {name}：" + "；".join(values)


def _table(answer: Answer) -> Iterator[str]:
    yield "方案对比"
    yield _line(answer, "什么都不做", answer.nothing)
    if answer.cheapest is None:
        yield f"  最便宜的达标方案：没有。{answer.cheapest_note}。"
    else:
        yield _line(answer, f"最便宜的达标方案（{answer.cheapest_note}）", answer.cheapest.decision)
    yield _line(answer, "推荐", answer.best.decision)
    for number, outcome in enumerate(answer.runners_up, 1):
        yield _line(answer, f"备选 {number}", outcome.decision)
        yield f"    与推荐不同之处：{_difference(answer, outcome)}"


def _difference(answer: Answer, outcome: Outcome) -> str:
    network, specification = answer.search.judge.network, answer.specification
    names = {one.id: one.name for one in specification.openable}
    opened, left, other = [], [], []
    for place in dict.fromkeys(network.places[option.place].id for option in network.options):
        options = answer.search.master.options_of(place)
        was = [i for i in options if answer.best.decision.bays[i]]
        now = [i for i in options if outcome.decision.bays[i]]
        if now and not was:
            opened.append(names[place])
        elif was and not now:
            left.append(names[place])
        elif was != now:
            other.append(names[place])
    gates = zip(specification.gates, answer.best.decision.settings, outcome.decision.settings, strict=True)
    changed = [f"{gate.name}改为{gate.settings[now].name}" for gate, was_set, now in gates if was_set != now]
    parts = [
        f"{word}{'、'.join(which)}"
        for word, which in (("多开", opened), ("不开", left), ("换时段", other))
        if which
    ]
    return "；".join([*parts, *changed])


def _opened(answer: Answer, decision: Decision) -> Iterator[str]:
    plan = told_plan(answer, decision)
    for street in plan["streets"]:
        yield f"  {street['name']}：{street['plan_name']}，{street['bays']} 个车位，{format_fen(street['cost_fen'])} 元"
    for lot in plan["lots"]:
        yield (
            f"  {lot['name']}（错时共享）：{lot['bays']} 个车位，{format_fen(lot['cost_fen'])} 元，"
            f"超时过多的可能 {lot['chance_of_overstay']:.1%}"
        )
    for gate in plan["gates"]:
        chances = "、".join(f"{peak} {chance:.1%}" for peak, chance in gate["spillback"].items())
        yield f"  {gate['name']}：{gate['setting_name']}，高峰溢出可能 {chances}，{format_fen(gate['cost_fen'])} 元"
    if not plan["streets"] and not plan["lots"]:
        yield "  不开任何路段和车场。"
    yield f"  没有车位的车时占 {plan['unmet_share']:.1%}。"


def _frontier(answer: Answer) -> Iterator[str]:
    yield ""
    yield "多花钱能换来什么"
    for budget, outcome in answer.frontier:
        if outcome is None:
            yield f"  预算 {format_fen(budget)} 元：不够开必选的路段"
            continue
        unmet = answer.search.judge.value(outcome.decision, "unmet")
        cost = answer.search.judge.trial(outcome.decision).cost_fen
        yield f"  预算 {format_fen(budget)} 元：加权缺口 {unmet:,.1f} 车时，实花 {format_fen(cost)} 元"


def _reasons(answer: Answer) -> Iterator[str]:
    if not answer.why_not:
        return
    specification = answer.specification
    names = {one.id: one.name for one in specification.openable}
    yield ""
    yield "没有选的，为什么"
    for one in answer.why_not:
        yield f"  {names[one.place]}：{one.text}。"


def _unseen(answer: Answer) -> Iterator[str]:
    unseen = answer.unseen
    if unseen is None:
        return
    yield ""
    yield f"换 {unseen.days} 个没见过的日子再算（括号里是 95% 区间）"
    named = (("什么都不做", unseen.nothing), ("推荐方案", unseen.best), ("少缺", unseen.saved))
    for name, one in named:
        yield f"  {name}：加权缺口 {one.value:,.1f}（{one.low:,.1f} 到 {one.high:,.1f}）车时/天"


def _unfair(answer: Answer) -> Iterator[str]:
    names = {one.id: one.name for one in answer.specification.buildings}
    plan = told_plan(answer, answer.best.decision)
    unfair = [names[one["id"]] for one in plan["buildings"] if one["above_fair_share"]]
    if unfair:
        yield ""
        yield f"公平提示：{'、'.join(unfair)}缺车位的比例超过平均的 1.3 倍，请在协商时说明。"
