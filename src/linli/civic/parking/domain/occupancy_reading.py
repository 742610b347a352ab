"""The specification of the occupancy model, read and checked; every refusal names the place in the JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast, get_args

from linli.civic.parking.domain.gate.specification import Distribution, Question
from linli.civic.parking.domain.occupancy.specification import (
    HOURS,
    Building,
    CarClass,
    OccupancySpecification,
    Residents,
    Stay,
)
from linli.civic.parking.domain.occupancy.survey import questions as survey_questions
from linli.civic.parking.domain.reading_gate_json import Fields, fault, number_at, parse_specification, told
from linli.ground.kernel.text import shown

MOST_CARS_A_HOUR = 20_000.0
MOST_CARS_IN_ALL = 200_000_000
MOST_HOUSEHOLD_DRAWS = 500_000_000
SHARE_TOLERANCE = 1e-6


class OccupancyRequest(NamedTuple):
    """A checked specification and the questions about it."""

    specification: OccupancySpecification
    questions: tuple[Question, ...]


def read_occupancy(lines: Iterable[str]) -> OccupancyRequest:
    """The day that the lines of a JSON file describe. Refuses the first fault, naming its place."""
    fields = parse_specification(lines)
    fields.only(("seed", "replications", "bays", "residents", "classes", "day_cv"))
    specification = OccupancySpecification(
        seed=fields.whole("seed", at_least=0, at_most=2**63 - 1),
        replications=fields.whole("replications", at_least=20, at_most=1_000_000),
        bays=fields.whole("bays", at_least=1, at_most=1_000_000),
        residents=_residents(Fields.of(fields.value("residents"), "residents"))
        if fields.has("residents")
        else None,
        classes=tuple(_class(row) for row in fields.rows("classes", most=50)),
        day_cv=fields.number("day_cv", default=0.10, at_least=0.0, at_most=2.0),
    )
    _check_names(specification)
    _check_demand(specification)
    found = survey_questions(specification, specification.residents) if specification.residents else []
    return OccupancyRequest(specification, tuple(found))


def _residents(fields: Fields) -> Residents:
    fields.only(("buildings", "night_count", "home_at_midnight", "leave_by_hour", "return_by_hour", "stay"))
    buildings: dict[str, Building] = {}
    for row in fields.rows("buildings", least=1, most=5_000):
        building = _building(row)
        if building.name in buildings:
            raise fault(row.at("building"), "“{name}”这栋楼写了两次", name=shown(building.name))
        buildings[building.name] = building
    if not any(building.cars for building in buildings.values()):
        raise fault(fields.at("buildings"), "没有一户答复，推算不出有多少辆车")
    return Residents(
        buildings=tuple(buildings.values()),
        nights=tuple(
            _whole(value, place, 1_000_000) for value, place in fields.items("night_count", most=1_000)
        ),
        home_at_midnight=fields.number("home_at_midnight", default=1.0, above=0.0, at_most=1.0),
        leave_by_hour=_shares(fields, "leave_by_hour", at_most=1.0),
        return_by_hour=_shares(fields, "return_by_hour", at_most=10.0),
        stay=_stay(fields),
    )


def _building(row: Fields) -> Building:
    row.only(("building", "households", "answers"))
    name = row.value("building")
    if not isinstance(name, str) or not name.strip():
        raise fault(row.at("building"), "要写楼的名称")
    households = row.whole("households", at_least=1, at_most=100_000)
    answers = tuple(_whole(value, place, 50) for value, place in row.items("answers", most=100_000))
    if len(answers) > households:
        raise fault(row.at("answers"), "答复 {got} 户，多于全楼的 {all} 户", got=len(answers), all=households)
    return Building(name=name.strip(), households=households, cars=answers)


def _whole(value: object, place: str, at_most: int) -> int:
    number = number_at(value, place, at_least=0.0, at_most=at_most)
    if number != int(number):
        raise fault(place, "要写整数，收到的是 {got}", got=told(number))
    return int(number)


def _hourly(fields: Fields, key: str, at_most: float) -> tuple[float, ...]:
    items = fields.items(key, least=1, most=1_000)
    if len(items) != HOURS:
        raise fault(fields.at(key), "要写 24 项，每小时一项，这里有 {got} 项", got=len(items))
    return tuple(number_at(value, place, at_least=0.0, at_most=at_most) for value, place in items)


def _shares(fields: Fields, key: str, at_most: float) -> tuple[float, ...]:
    shares = _hourly(fields, key, at_most)
    if sum(shares) > at_most + SHARE_TOLERANCE:
        raise fault(
            fields.at(key),
            "一天合计不能大于 {most}，这里合计 {total}",
            most=told(at_most),
            total=told(round(sum(shares), 9)),
        )
    return shares


def _stay(fields: Fields) -> Stay:
    row = Fields.of(fields.value("stay"), fields.at("stay"))
    row.only(("distribution", "mean_h", "cv"))
    distribution = cast(Distribution, row.word("distribution", get_args(Distribution)))
    natural = {"exponential": 1.0, "deterministic": 0.0}.get(distribution)
    cv = row.number("cv", default=natural, at_least=0.0, at_most=10.0)
    return Stay(
        distribution=distribution,
        mean_h=row.number("mean_h", above=0.0, at_most=10_000.0),
        cv=cv if natural is None else natural,
    )


def _class(row: Fields) -> CarClass:
    row.only(("class", "at_midnight", "per_hour", "stay"))
    name = row.value("class")
    if not isinstance(name, str) or not name.strip():
        raise fault(row.at("class"), "要写车类的名称")
    return CarClass(
        name=name.strip(),
        at_midnight=row.whole("at_midnight", default=0, at_least=0, at_most=1_000_000),
        per_hour=_hourly(row, "per_hour", MOST_CARS_A_HOUR),
        stay=_stay(row),
    )


def _check_names(specification: OccupancySpecification) -> None:
    seen: set[str] = set()
    for name in specification.class_names:
        if name in seen:
            raise fault("classes", "“{name}”这一类写了两次", name=name)
        seen.add(name)


def _check_demand(specification: OccupancySpecification) -> None:
    """Refuse a day without one car, and more cars than can be followed."""
    residents = specification.residents
    cars = sum(one.at_midnight + sum(one.per_hour) for one in specification.classes)
    if residents:
        everyone = [number for building in residents.buildings for number in building.cars]
        surveyed = residents.households * sum(everyone) / len(everyone)
        cars += max([surveyed, *residents.nights]) * (1.0 + sum(residents.return_by_hour))
        draws = residents.households * specification.replications
        if draws > MOST_HOUSEHOLD_DRAWS:
            raise fault("replications", "户数乘重复次数太大，请减少重复次数")
    if cars <= 0.0:
        raise fault("classes", "一天没有一辆车，没有可算的")
    if cars * specification.replications > MOST_CARS_IN_ALL:
        raise fault("replications", "合计超过 200,000,000 辆车，请减少重复次数")
