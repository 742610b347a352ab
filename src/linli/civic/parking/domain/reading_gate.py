"""The specification of a gate, read and checked; every refusal names the place in the JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, cast, get_args

from linli.civic.parking.domain.gate.specification import (
    LARGEST_HEADWAY_RATE,
    ArrivalPiece,
    Distribution,
    GateSpecification,
    LaneHours,
    Mix,
    Question,
    ServiceClass,
)
from linli.civic.parking.domain.reading_gate_json import (
    Fields,
    described,
    fault,
    number_at,
    parse_specification,
    told,
)

KEYS = (
    *("seed", "replications", "lanes", "storage_cars", "horizon_s", "warmup_s", "arrivals", "service"),
    *("lane_service", "reversible", "report_at_s"),
)
CLASS_KEYS = ("share", "distribution", "mean_s", "cv")
LONGEST_S = 31 * 86_400.0
MOST_VEHICLES_IN_A_REPLICATION = 2_000_000
MOST_VEHICLES = 2_000_000_000
SHARE_TOLERANCE = 1e-6


class GateRequest(NamedTuple):
    """A checked specification and the questions about it."""

    specification: GateSpecification
    questions: tuple[Question, ...]


def read_gate(lines: Iterable[str]) -> GateRequest:
    """The gate that the lines of a JSON file describe. Refuses the first fault, naming its place."""
    fields = parse_specification(lines)
    fields.only(KEYS)
    questions: list[Question] = []
    lanes = fields.whole("lanes", at_least=1, at_most=64)
    horizon = fields.number("horizon_s", above=0.0, at_most=LONGEST_S)
    base = _mix(fields.items("service", least=1, most=100), fields.at("service"), questions)
    mixes, lane_mix = _lane_mixes(fields, lanes, base, questions)
    specification = GateSpecification(
        seed=fields.whole("seed", at_least=0, at_most=2**63 - 1),
        replications=fields.whole("replications", at_least=2, at_most=10_000_000),
        lanes=lanes,
        storage_cars=fields.whole("storage_cars", at_least=0, at_most=100_000),
        horizon_s=horizon,
        warmup_s=_warmup(fields, horizon),
        arrivals=_arrivals(fields, horizon, questions),
        mixes=mixes,
        lane_mix=lane_mix,
        hours=_lane_hours(fields, lanes, horizon),
        report_at_s=tuple(
            number_at(value, place, at_least=0.0, at_most=horizon)
            for value, place in fields.items("report_at_s", most=2_000)
        ),
    )
    _check_demand(specification)
    return GateRequest(specification, tuple(questions))


def _warmup(fields: Fields, horizon: float) -> float:
    warmup = fields.number("warmup_s", default=0.0, at_least=0.0)
    if warmup >= horizon:
        raise fault(
            "warmup_s",
            "预热 {warmup} 秒不短于 horizon_s 的 {horizon} 秒，没有可统计的时间",
            warmup=told(warmup),
            horizon=told(horizon),
        )
    return warmup


def _arrivals(fields: Fields, horizon: float, questions: list[Question]) -> tuple[ArrivalPiece, ...]:
    pieces: list[ArrivalPiece] = []
    for row in fields.rows("arrivals", least=1):
        row.only(("until_s", "per_hour"))
        until = row.number("until_s", above=0.0)
        if pieces and until <= pieces[-1].until_s:
            raise fault(row.at("until_s"), "要比上一段的 {before} 秒晚", before=told(pieces[-1].until_s))
        per_hour = row.number("per_hour", at_least=0.0, at_most=100_000.0)
        pieces.append(ArrivalPiece(until_s=until, per_hour=per_hour))
    last = pieces[-1].until_s
    if last < horizon:
        words = f"车流只写到第 {told(last)} 秒，从那时到第 {told(horizon)} 秒按没有车到计算。"
        questions.append(Question(f"arrivals[{len(pieces) - 1}].until_s", words))
    return tuple(pieces)


def _mix(items: list[tuple[object, str]], place: str, questions: list[Question]) -> Mix:
    mix = tuple(_service(Fields.of(item, where), questions) for item, where in items)
    total = sum(service.share for service in mix)
    if abs(total - 1.0) > SHARE_TOLERANCE:
        raise fault(f"{place}", "各类的 share 合计应是 1，这里合计 {total}", total=told(round(total, 9)))
    return mix


def _service(row: Fields, questions: list[Question], share: float | None = None) -> ServiceClass:
    row.only(CLASS_KEYS)
    distribution = cast(Distribution, row.word("distribution", get_args(Distribution)))
    mean = row.number("mean_s", above=0.0, at_most=86_400.0)
    natural = {"exponential": 1.0, "deterministic": 0.0}.get(distribution)
    cv = row.number("cv", default=natural, at_least=0.0, at_most=10.0)
    if natural is not None and row.has("cv") and cv not in (natural, 1.0):
        words = f"{distribution} 的变异系数总是 {told(natural)}，写的 {told(cv)} 没有用到。"
        questions.append(Question(row.at("cv"), words))
    if 3600.0 / mean > LARGEST_HEADWAY_RATE:
        words = (
            f"平均 {told(mean)} 秒过一辆，合每车道每小时 {3600.0 / mean:,.0f} 辆，没有车道过得了 900 辆以上；"
            "识别时间不是车头时距，请填前车到后车的间隔。"
        )
        questions.append(Question(row.at("mean_s"), words))
    return ServiceClass(
        share=row.number("share", default=share, above=0.0, at_most=1.0),
        distribution=distribution,
        mean_s=mean,
        cv=cv if natural is None else natural,
    )


def _lane_mixes(
    fields: Fields, lanes: int, base: Mix, questions: list[Question]
) -> tuple[tuple[Mix, ...], tuple[int, ...]]:
    items = fields.items("lane_service", most=64)
    if not items:
        return (base,), (0,) * lanes
    if len(items) != lanes:
        raise fault(
            fields.at("lane_service"),
            "要写 {lanes} 项，每条车道一项，这里有 {got} 项",
            lanes=lanes,
            got=len(items),
        )
    of_lanes = [_lane_service(item, place, base, questions) for item, place in items]
    mixes = tuple(dict.fromkeys(of_lanes))
    return mixes, tuple(mixes.index(mix) for mix in of_lanes)


def _lane_service(item: object, place: str, base: Mix, questions: list[Question]) -> Mix:
    """One lane's service: null as everywhere, ``{"factor": 1.3}``, one class, or a list of classes."""
    if item is None:
        return base
    if isinstance(item, list):
        if not item:
            raise fault(place, "至少要写一类车")
        return _mix([(one, f"{place}[{index}]") for index, one in enumerate(item)], place, questions)
    if not isinstance(item, dict):
        raise fault(
            place,
            '应是 null、{{"factor": 倍数}}、一类车的对象，或车类的列表，收到的是{got}',
            got=described(item),
        )
    row = Fields.of(item, place)
    if not row.has("factor"):
        return (_service(row, questions, share=1.0),)
    row.only(("factor",))
    factor = row.number("factor", at_least=0.01, at_most=100.0)
    return tuple(
        ServiceClass(share=one.share, distribution=one.distribution, mean_s=one.mean_s * factor, cv=one.cv)
        for one in base
    )


def _lane_hours(fields: Fields, lanes: int, horizon: float) -> tuple[LaneHours, ...]:
    found: list[LaneHours] = []
    for row in fields.rows("reversible", most=1_000):
        row.only(("lane", "from_s", "until_s"))
        lane = row.whole("lane", at_least=1, at_most=lanes) - 1
        opens = row.number("from_s", at_least=0.0)
        closes = row.number("until_s", above=opens)
        if opens >= horizon:
            raise fault(row.at("from_s"), "要早于 horizon_s 的 {horizon} 秒", horizon=told(horizon))
        if any(h.lane == lane and h.from_s < closes and opens < h.until_s for h in found):
            raise fault(row.place, "第 {lane} 条车道的这段时间与前面写的重叠", lane=lane + 1)
        found.append(LaneHours(lane=lane, from_s=opens, until_s=closes))
    open_at_end = lanes - len({hours.lane for hours in found})
    if not open_at_end and all(hours.until_s < horizon for hours in found):
        words = "到第 {horizon} 秒所有车道都关了，排着的车永远过不去"
        raise fault("reversible", words, horizon=told(horizon))
    return tuple(found)


def _check_demand(specification: GateSpecification) -> None:
    """Refuse a gate to which nobody comes, and one with more vehicles than can be followed."""
    expected = specification.expected_vehicles
    if expected <= 0.0:
        raise fault("arrivals", "horizon_s 之内没有一辆车到，没有可算的")
    if expected - specification.cumulative_at(specification.warmup_s) <= 0.0:
        raise fault("arrivals", "warmup_s 之后没有一辆车到，算不出等候")
    if expected > MOST_VEHICLES_IN_A_REPLICATION:
        words = "一次重复里有约 {got} 辆车，最多 2,000,000 辆"
        raise fault("arrivals", words, got=f"{math.ceil(expected):,}")
    if expected * specification.replications > MOST_VEHICLES:
        raise fault(
            "replications",
            "合计约 {got} 辆车，最多 2,000,000,000 辆，请减少重复次数",
            got=f"{math.ceil(expected * specification.replications):,}",
        )
