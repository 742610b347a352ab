"""The answer of the occupancy model: plain values for programs, one sentence per figure for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.civic.parking.domain.gate.engines import Engine
from linli.civic.parking.domain.gate.estimates import Estimate, digits
from linli.civic.parking.domain.gate.specification import Question
from linli.civic.parking.domain.occupancy.experiment import Band, Days, mean_of, ratio_of, share_of
from linli.civic.parking.domain.occupancy.specification import HOURS, OccupancySpecification
from linli.civic.parking.domain.occupancy.survey import Fleet, reconcile


def occupancy_json(
    specification: OccupancySpecification,
    questions: Sequence[Question],
    days: Days,
    fleet: Fleet | None,
    engine: Engine,
) -> dict[str, Any]:
    """The answer as plain values: means are objects of value, low and high (95 %), bands of p5, p50, p95."""
    return {
        "bays": specification.bays,
        "probability_of_full": share_of(days.lost.sum(axis=1) + days.outside).as_json(),
        "lost_share": ratio_of(days.lost.sum(axis=1), days.came.sum(axis=1)).as_json(),
        "lost_vehicles": mean_of(days.lost.sum(axis=1)).as_json(),
        "unmet_car_hours": mean_of(days.unmet_h.sum(axis=1)).as_json(),
        "without_bay_at_midnight": Band.of(days.outside).as_json(),
        "peak_occupied": Band.of(days.occupied.sum(axis=1).max(axis=1)).as_json(),
        "peak_demand": Band.of(days.wanted.sum(axis=1).max(axis=1)).as_json(),
        "hours": [_hour(specification, days, hour) for hour in range(HOURS + 1)],
        "classes": [_class(days, number, name) for number, name in enumerate(specification.class_names)],
        "residents": _residents(specification, fleet),
        "seed": specification.seed,
        "replications": specification.replications,
        "engine": engine,
        "warnings": [question.as_json() for question in questions],
    }


def _hour(specification: OccupancySpecification, days: Days, hour: int) -> dict[str, Any]:
    occupied = days.occupied[:, :, hour]
    found: dict[str, Any] = {
        "hour": hour,
        "occupied": Band.of(occupied.sum(axis=1)).as_json(),
        "demand": Band.of(days.wanted[:, :, hour].sum(axis=1)).as_json(),
        "mean_occupied": mean_of(occupied.sum(axis=1)).as_json(),
        "by_class": {
            name: Band.of(occupied[:, number]).as_json()
            for number, name in enumerate(specification.class_names)
        },
        "demand_by_class": {
            name: Band.of(days.wanted[:, number, hour]).as_json()
            for number, name in enumerate(specification.class_names)
        },
    }
    if hour < HOURS:  # what happens within the hour that begins here
        found["lost"] = mean_of(days.lost_by_hour[:, hour]).as_json()
        found["probability_of_lost"] = share_of(days.lost_by_hour[:, hour]).as_json()
    return found


def _class(days: Days, number: int, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "came": mean_of(days.came[:, number]).as_json(),
        "lost": mean_of(days.lost[:, number]).as_json(),
        "lost_share": ratio_of(days.lost[:, number], days.came[:, number]).as_json(),
        "unmet_car_hours": mean_of(days.unmet_h[:, number]).as_json(),
    }


def _residents(specification: OccupancySpecification, fleet: Fleet | None) -> dict[str, Any] | None:
    residents = specification.residents
    if residents is None or fleet is None:
        return None
    found: dict[str, Any] = {
        "households": residents.households,
        "answers": residents.answers,
        "response_rate": digits(residents.answers / residents.households),
        "cars": Band.of(fleet.cars).as_json(),
        "at_midnight": Band.of(fleet.at_midnight.astype(float)).as_json(),
        "buildings": [
            {
                "name": building.name,
                "households": building.households,
                "answers": len(building.cars),
                "cars": Band.of(fleet.by_building[:, column]).as_json(),
            }
            for column, building in enumerate(residents.buildings)
        ],
    }
    reconciled = reconcile(specification, residents)
    if reconciled:
        found["night_count"] = {
            "surveyed": digits(reconciled.surveyed),
            "counted": digits(reconciled.counted),
            "agrees": reconciled.agrees,
        }
    return found


def occupancy_sheet(
    specification: OccupancySpecification, questions: Sequence[Question], days: Days
) -> list[str]:
    """The answer in sentences, hour by hour."""
    lost = days.lost.sum(axis=1)
    lines = [
        f"车位占用：{specification.bays:,} 个车位，按一天重复 {specification.replications:,} 次。",
        f"有车停不进的日子：{_percent(share_of(lost + days.outside))}",
        f"一天停不进的车：{_told(mean_of(lost))} 辆；缺位 {_told(mean_of(days.unmet_h.sum(axis=1)))} 车·小时",
        f"零点没有车位的车：{_band(Band.of(days.outside))} 辆",
        *_classes_told(specification, days),
        "整点停着的车（5%、50%、95% 的日子不超过）：",
    ]
    for hour in range(HOURS + 1):
        occupied = Band.of(days.occupied[:, :, hour].sum(axis=1))
        demand = Band.of(days.wanted[:, :, hour].sum(axis=1))
        line = f"  {hour:2d} 点：{_band(occupied)}，想停的 {_band(demand)}"
        if hour < HOURS and days.lost_by_hour[:, hour].any():
            line += f"，这一小时停不进 {_told(mean_of(days.lost_by_hour[:, hour]))} 辆"
        lines.append(line)
    return lines + [f"请再看一眼 {question.place}：{question.message}" for question in questions]


def _classes_told(specification: OccupancySpecification, days: Days) -> list[str]:
    """One line for each class: the full hour of its largest mean demand, and how many find no bay."""
    lines = ["每类车最多的整点和那时想停的车："]
    for number, name in enumerate(specification.class_names):
        hour = int(days.wanted[:, number].mean(axis=0).argmax())
        demand = _band(Band.of(days.wanted[:, number, hour]))
        lines.append(
            f"  {name}：{hour} 点，{demand} 辆；一天停不进 {_told(mean_of(days.lost[:, number]))} 辆"
        )
    return lines


def _band(band: Band) -> str:
    return f"{band.p5:,.0f}、{band.p50:,.0f}、{band.p95:,.0f}"


def _told(estimate: Estimate) -> str:
    return f"{estimate.value:,.1f}（{estimate.low:,.1f}～{estimate.high:,.1f}）"


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.1%}（{estimate.low:.1%}～{estimate.high:.1%}）"
