"""The answer for people: one Chinese sentence per figure; and for programs: plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.civic.parking.domain.gate.engines import Engine
from linli.civic.parking.domain.gate.estimates import Estimate, digits
from linli.civic.parking.domain.gate.experiment import GateAnswer
from linli.civic.parking.domain.gate.specification import GateSpecification, Question


def capacity_per_hour(specification: GateSpecification) -> float:
    """Vehicles an hour that all lanes together pass when none of them is ever idle or closed."""
    means, _ = specification.mix_moments()
    return sum(3600.0 / float(means[mix]) for mix in specification.lane_mix)


def busiest_load(specification: GateSpecification) -> float:
    """The largest demand of any piece of the day, as a share of the capacity of all lanes."""
    pieces, before = [], 0.0
    for piece in specification.arrivals:
        if before < specification.horizon_s:
            pieces.append(piece.per_hour)
        before = piece.until_s
    return max(pieces) / capacity_per_hour(specification)


def gate_json(
    specification: GateSpecification, questions: Sequence[Question], answer: GateAnswer, engine: Engine
) -> dict[str, Any]:
    """The answer as plain values; every figure is an object of value, low and high (95 %)."""
    names = [name for name in GateAnswer.__dataclass_fields__ if name != "at"]
    return {
        **{name: getattr(answer, name).as_json() for name in names},
        "at": [
            {
                "t_s": at.t_s,
                "mean_waiting": at.mean_waiting.as_json(),
                "probability_waiting_over_storage": at.probability_waiting_over_storage.as_json(),
            }
            for at in answer.at
        ],
        "capacity_per_hour": digits(capacity_per_hour(specification)),
        "busiest_load": digits(busiest_load(specification)),
        "seed": specification.seed,
        "replications": specification.replications,
        "engine": engine,
        "warnings": [question.as_json() for question in questions],
    }


def gate_sheet(
    specification: GateSpecification, questions: Sequence[Question], answer: GateAnswer
) -> list[str]:
    """The answer in sentences."""
    storage = specification.storage_cars
    lines = [
        f"道闸排队：{specification.lanes} 条车道，门前可排 {storage} 辆，"
        f"每次平均 {answer.vehicles.value:,.0f} 辆车，重复 {specification.replications:,} 次。",
        _load_sentence(specification),
        f"平均等候：{_told(answer.mean_wait_s, 2)} 秒",
        f"二十辆里最久的一辆至少等（95% 分位）：{_told(answer.p95_wait_s, 2)} 秒",
        f"要等的车：{_percent(answer.probability_of_wait)}",
        f"排队超过 {storage} 辆、溢到路上的可能：{_percent(answer.probability_of_spillback)}",
        f"溢出的时间：{_told(answer.spillback_minutes, 2)} 分钟",
    ]
    for at in answer.at:
        lines.append(
            f"第 {at.t_s:,.0f} 秒：平均排着 {_told(at.mean_waiting, 2)} 辆，"
            f"超过 {storage} 辆的可能 {_percent(at.probability_waiting_over_storage)}"
        )
    lines.append("括号里是 95% 区间：同样的试验做一百回，约九十五回的区间里有真值。")
    return lines + [f"请再看一眼 {question.place}：{question.message}" for question in questions]


def _load_sentence(specification: GateSpecification) -> str:
    load = busiest_load(specification)
    told = f"最忙时来车是通行能力（每小时 {capacity_per_hour(specification):,.0f} 辆）的 {load:.0%}"
    return told + ("，来车多于能过的车，队会越排越长。" if load >= 1.0 else "。")


def _told(estimate: Estimate, places: int) -> str:
    return f"{estimate.value:,.{places}f}（{estimate.low:,.{places}f}～{estimate.high:,.{places}f}）"


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.2%}（{estimate.low:.2%}～{estimate.high:.2%}）"
