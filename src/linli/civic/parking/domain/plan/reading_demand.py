"""The part of a plan's JSON that says who needs a bay, when, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linli.civic.parking.domain.plan.specification import (
    Building,
    Period,
    ResidentClass,
    Sampling,
    Scenario,
)
from linli.civic.parking.domain.reading_gate_json import Fields, described, fault, number_at
from linli.ground.kernel.text import fold, shown

MOST_CARS = 20_000
MOST_CARS_OF_A_DAY = 100_000
DEFAULT_CLASSES = (
    ResidentClass("elderly", "老年或残疾住户", 200.0, 1.5, 2.0),
    ResidentClass("other", "其他住户", 500.0, 1.0, 1.0),
)


def read_id(fields: Fields, taken: set[str]) -> str:
    """The id of an object: short text that no sibling has. Adds it to those taken."""
    value = fields.value("id")
    if not isinstance(value, str) or not value or value != fold(value) or len(value) > 40:
        raise fault(fields.at("id"), "要写 1 到 40 个字的编号，收到的是{got}", got=described(value))
    if value in taken:
        raise fault(fields.at("id"), "编号“{id}”重复了", id=shown(value))
    taken.add(value)
    return value


def read_name(fields: Fields, otherwise: str) -> str:
    """The name of an object, else its id."""
    return read_text(fields, "name", otherwise)


def read_text(fields: Fields, key: str, otherwise: str = "") -> str:
    """A text that may be missing."""
    if not fields.has(key):
        return otherwise
    value = fields.value(key)
    if not isinstance(value, str):
        raise fault(fields.at(key), "要写文字，收到的是{got}", got=described(value))
    return shown(value) if len(value) > 200 else fold(value)


def read_flag(fields: Fields, key: str) -> bool:
    """True or false, false when missing."""
    value = fields.values.get(key, False)
    if not isinstance(value, bool):
        raise fault(fields.at(key), "只能写 true 或 false，收到的是{got}", got=described(value))
    return value


def read_periods(fields: Fields) -> tuple[Period, ...]:
    """The periods of the day; their hours add up to 24 at most."""
    taken: set[str] = set()
    periods = []
    for row in fields.rows("periods", least=1, most=48):
        row.only(("id", "hours"))
        name = read_id(row, taken)
        periods.append(Period(name, read_name(row, name), row.number("hours", above=0.0, at_most=24.0)))
    if sum(period.hours for period in periods) > 24.0 + 1e-9:
        raise fault("periods", "各时段加起来超过 24 小时")
    return tuple(periods)


def read_classes(fields: Fields) -> tuple[ResidentClass, ...]:
    """The classes of residents, the one whose missing bay weighs most first."""
    if not fields.has("classes"):
        return DEFAULT_CLASSES
    taken: set[str] = set()
    classes = []
    for row in fields.rows("classes", least=1, most=8):
        row.only(("id", "walk_limit_m", "unmet_weight", "walk_weight"))
        name = read_id(row, taken)
        classes.append(
            ResidentClass(
                name,
                read_name(row, name),
                row.number("walk_limit_m", above=0.0, at_most=5_000.0),
                row.number("unmet_weight", default=1.0, above=0.0, at_most=100.0),
                row.number("walk_weight", default=1.0, at_least=0.0, at_most=100.0),
            )
        )
    return tuple(sorted(classes, key=lambda one: -one.unmet_weight))


def read_buildings(
    fields: Fields, classes: Sequence[ResidentClass], *, needs_cars: bool
) -> tuple[Building, ...]:
    """The buildings and their cars. Refuses a plan in which nobody has a car."""
    taken: set[str] = set()
    known = [one.id for one in classes]
    buildings = []
    for row in fields.rows("buildings", least=1, most=500):
        row.only(("id", "cars"))
        name = read_id(row, taken)
        cars: dict[str, int] = {}
        if needs_cars or row.has("cars"):
            given = Fields.of(row.value("cars"), row.at("cars"))
            given.only(known)
            cars = {one: given.whole(one, default=0, at_least=0, at_most=MOST_CARS) for one in known}
        buildings.append(Building(name, read_name(row, name), cars))
    if needs_cars and not any(count for building in buildings for count in building.cars.values()):
        raise fault("buildings", "没有一辆车要停，各栋的 cars 全是 0")
    return tuple(buildings)


def read_presence(
    fields: Fields, periods: Sequence[Period], classes: Sequence[ResidentClass], *, needed: bool
) -> tuple[tuple[float, ...], ...]:
    """The share of the cars that need a bay, by period and class; one number stands for every class."""
    if not needed and not fields.has("presence"):
        return ()
    table = Fields.of(fields.value("presence"), "presence")
    table.only([period.id for period in periods])
    return tuple(_shares(table, period, classes) for period in periods)


def _shares(table: Fields, period: Period, classes: Sequence[ResidentClass]) -> tuple[float, ...]:
    value = table.value(period.id)
    if not isinstance(value, dict):
        return (number_at(value, table.at(period.id), at_least=0.0, at_most=1.0),) * len(classes)
    row = Fields.of(value, table.at(period.id))
    row.only([one.id for one in classes])
    return tuple(row.number(one.id, at_least=0.0, at_most=1.0) for one in classes)


def read_scenarios(
    fields: Fields,
    periods: Sequence[Period],
    classes: Sequence[ResidentClass],
    buildings: Sequence[Building],
) -> tuple[Sampling | None, tuple[Scenario, ...]]:
    """How to draw days, or the days themselves."""
    value = fields.value("scenarios")
    if isinstance(value, dict):
        row = Fields.of(value, "scenarios")
        row.only(("count", "day_factor_cv", "building_cv"))
        return (
            Sampling(
                row.whole("count", at_least=1, at_most=2_000),
                fields.whole("seed", at_least=0, at_most=2**63 - 1),
                row.number("day_factor_cv", default=0.10, at_least=0.0, at_most=1.0),
                row.number("building_cv", default=0.05, at_least=0.0, at_most=1.0),
            ),
            (),
        )
    days = tuple(
        _day(row, periods, classes, buildings) for row in fields.rows("scenarios", least=1, most=2_000)
    )
    if not any(count for day in days for by_class in day.cars for row in by_class for count in row):
        raise fault("scenarios", "所有情景里都没有一辆车要停")
    return None, days


def _day(
    row: Fields,
    periods: Sequence[Period],
    classes: Sequence[ResidentClass],
    buildings: Sequence[Building],
) -> Scenario:
    row.only(("weight", "cars"))
    table = Fields.of(row.value("cars"), row.at("cars"))
    table.only([building.id for building in buildings])
    counts: list[list[list[int]]] = [[[0] * len(buildings) for _ in classes] for _ in periods]
    for column, building in enumerate(buildings):
        by_class = Fields.of(table.value(building.id), table.at(building.id))
        by_class.only([one.id for one in classes])
        for line, one in enumerate(classes):
            _fill(counts, by_class, one.id, line, column, periods=periods)
    cars = tuple(tuple(tuple(line) for line in by_class) for by_class in counts)
    if sum(count for by_class in cars for line in by_class for count in line) > MOST_CARS_OF_A_DAY * len(
        periods
    ):
        raise fault(row.at("cars"), "车太多了，一天最多 {most} 辆", most=MOST_CARS_OF_A_DAY)
    return Scenario(row.number("weight", default=1.0, above=0.0, at_most=1e6), cars)


def _fill(
    counts: Any, by_class: Fields, one: str, line: int, column: int, *, periods: Sequence[Period]
) -> None:
    """Write the counts of one class of one building into the table of the day."""
    if not by_class.has(one):
        return
    value = by_class.value(one)
    if not isinstance(value, dict):
        every = by_class.whole(one, at_least=0, at_most=MOST_CARS)
        for table in counts:
            table[line][column] = every
        return
    row = Fields.of(value, by_class.at(one))
    row.only([period.id for period in periods])
    for index, period in enumerate(periods):
        counts[index][line][column] = row.whole(period.id, default=0, at_least=0, at_most=MOST_CARS)
