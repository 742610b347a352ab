"""The JSON of a site, read and checked: bays, what stands around them, rules and overrides."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.civic.parking.domain.legal import geometry
from linli.civic.parking.domain.legal.geometry import Shape
from linli.civic.parking.domain.legal.rules import FEATURES, PREDICATES, SHIPPED, Rule, rules_on
from linli.civic.parking.domain.plan.reading_demand import read_id, read_text
from linli.civic.parking.domain.reading_gate_json import (
    Fields,
    described,
    fault,
    number_at,
    parse_specification,
)
from linli.ground.kernel.calendar import parse_day
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown

KEYS = ("on", "coordinates", "bays", "features", "rules", "overrides")
BAY_KEYS = ("id", "street", "where", "polygon")
FEATURE_KEYS = ("id", "kind", "point", "line", "polygon", "width_m")
OVERRIDE_KEYS = ("rule", "bay", "unit", "clause", "reason", "on")
RULE_KEYS = (
    *("code", "predicate", "features", "threshold_m", "severity", "where", "source", "clause", "owner_unit"),
    *("override_by", "from_on", "to_on"),
)
FARTHEST_M = 100_000.0
LARGEST_BAY_M2, SMALLEST_BAY_M2 = 200.0, 2.0
EARTH_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
CHINA_LONGITUDE, CHINA_LATITUDE = (73.0, 136.0), (3.0, 54.0)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bay:
    """A bay: its outline in metres, on the road or in the compound, perhaps of a street of the plan."""

    id: str
    street: str
    where: str
    outline: Shape


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that keeps bays away. ``width_m`` is that of a lane along its centre line."""

    id: str
    kind: str
    name: str
    shape: Shape
    width_m: float | None


@dataclass(frozen=True, slots=True)
class Override:
    """A unit's ruling that a bay may stand against a rule that is its own to lift."""

    rule: str
    bay: str
    unit: str
    clause: str
    reason: str
    on: str


@dataclass(frozen=True, slots=True)
class Site:
    """A whole question."""

    name: str
    on: date
    bays: tuple[Bay, ...]
    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    overrides: tuple[Override, ...]


def read_site(lines: Iterable[str], *, today: date) -> Site:
    """The site that the lines of a JSON file describe. Refuses the first fault, naming its place.

    Coordinates are metres of a local grid, or WGS 84 as longitude and latitude, which are turned into metres.
    """
    fields = parse_specification(lines)
    fields.only(KEYS)
    on = _day(fields, "on", today)
    degrees = fields.has("coordinates") and fields.word("coordinates", ("metres", "wgs84")) == "wgs84"
    to_metres = _metres_of_degrees(fields) if degrees else _metres
    taken: set[str] = set()
    bays = tuple(_bay(row, taken, to_metres) for row in fields.rows("bays", least=1, most=50_000))
    seen: set[str] = set()
    features = tuple(_feature(row, seen, to_metres) for row in fields.rows("features", most=50_000))
    own = [_rule(row, set()) for row in fields.rows("rules", most=200)]
    rules = tuple(rules_on(on, own))
    overrides = tuple(_override(row, rules, taken) for row in fields.rows("overrides", most=50_000))
    name = fields.values["name"] if isinstance(fields.values.get("name"), str) else ""
    return Site(name, on, bays, features, rules, overrides)


def _day(fields: Fields, key: str, otherwise: date) -> date:
    if not fields.has(key):
        return otherwise
    try:
        return parse_day(read_text(fields, key), what="日期")
    except Invalid as refusal:
        raise fault(fields.at(key), "{why}", why=refusal.message.removesuffix("。")) from None


# --- coordinates --------------------------------------------------------------------------------------------


def _pair(value: Any, place: str) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise fault(place, "应是两个数的列表 [x, y]，收到的是{got}", got=_told(value))
    return number_at(value[0], f"{place}[0]"), number_at(value[1], f"{place}[1]")


def _told(value: Any) -> str:
    return f" {len(value)} 个数" if isinstance(value, list) else described(value)


def _metres(value: Any, place: str) -> Point:
    x, y = _pair(value, place)
    if max(abs(x), abs(y)) > FARTHEST_M:
        raise fault(place, "坐标超出本地方格 100 公里；经纬度请写 coordinates 为 wgs84")
    return x, y


def _degrees(value: Any, place: str) -> Point:
    longitude, latitude = _pair(value, place)
    (west, east), (south, north) = CHINA_LONGITUDE, CHINA_LATITUDE
    if west <= longitude <= east and south <= latitude <= north:
        return longitude, latitude
    if west <= latitude <= east and south <= longitude <= north:
        raise fault(place, "经度和纬度写反了，应先写经度、再写纬度")
    raise fault(place, "这个经纬度不在国内，请核对")


def _metres_of_degrees(fields: Fields) -> Callable[[Any, str], Point]:
    """Metres east and north on the plane that touches the ellipsoid at the first corner of the first bay.

    Exact to a millimetre within three kilometres. Source: WGS 84, earth-centred to local coordinates.
    """
    row = fields.rows("bays", least=1, most=50_000)[0]
    corners = row.items("polygon", least=1)
    middle = _degrees(corners[0][0], corners[0][1])
    origin, (sin_lon, cos_lon), (sin_lat, cos_lat) = _earth_centred(middle), *map(_sin_cos, middle)

    def to_metres(value: Any, place: str) -> Point:
        found = _earth_centred(_degrees(value, place))
        dx, dy, dz = (here - there for here, there in zip(found, origin, strict=True))
        east = -sin_lon * dx + cos_lon * dy
        north = -sin_lat * cos_lon * dx - sin_lat * sin_lon * dy + cos_lat * dz
        if math.hypot(east, north) > 10_000:
            raise fault(place, "离第一个车位超过 10 公里，请核对")
        return east, north

    return to_metres


def _sin_cos(angle: float) -> tuple[float, float]:
    return math.sin(math.radians(angle)), math.cos(math.radians(angle))


def _earth_centred(point: Point) -> tuple[float, float, float]:
    (sin_lon, cos_lon), (sin_lat, cos_lat) = map(_sin_cos, point)
    eccentricity = FLATTENING * (2 - FLATTENING)
    radius = EARTH_M / math.sqrt(1 - eccentricity * sin_lat**2)
    return radius * cos_lat * cos_lon, radius * cos_lat * sin_lon, radius * (1 - eccentricity) * sin_lat


# --- what is there ------------------------------------------------------------------------------------------


def _points(row: Fields, key: str, least: int, to_metres: Callable[[Any, str], Point]) -> list[Point]:
    return [to_metres(item, place) for item, place in row.items(key, least=least, most=10_000)]


def _polygon(row: Fields, to_metres: Callable[[Any, str], Point]) -> Shape:
    corners = _points(row, "polygon", 3, to_metres)
    if corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < 3:
        raise fault(row.at("polygon"), "多边形至少要有三个不同的角")
    why = geometry.crossing(corners)
    if why is not None:
        raise fault(
            row.at("polygon"), "边线自己相交了，在 ({x}, {y}) 附近，请按顺序写各个角", x=why[0], y=why[1]
        )
    return geometry.polygon(corners)


def _bay(row: Fields, taken: set[str], to_metres: Callable[[Any, str], Point]) -> Bay:
    row.only(BAY_KEYS)
    name = read_id(row, taken)
    where = row.word("where", ("road", "compound")) if row.has("where") else "road"
    outline = _polygon(row, to_metres)
    area = geometry.area_m2(outline)
    if not SMALLEST_BAY_M2 <= area <= LARGEST_BAY_M2:
        raise fault(
            row.at("polygon"),
            "车位面积 {area} 平方米不对，应在 {least} 到 {most} 之间；坐标是经纬度的，请写 coordinates 为 wgs84",
            area=f"{area:.4g}",
            least=f"{SMALLEST_BAY_M2:g}",
            most=f"{LARGEST_BAY_M2:g}",
        )
    return Bay(name, read_text(row, "street"), where, outline)


def _feature(row: Fields, taken: set[str], to_metres: Callable[[Any, str], Point]) -> Feature:
    row.only(FEATURE_KEYS)
    name, kind = read_id(row, taken), row.word("kind", tuple(FEATURES))
    given = [key for key in ("point", "line", "polygon") if row.has(key)]
    if len(given) != 1:
        raise fault(row.place, "point、line、polygon 要写一个，也只能写一个")
    shape = _shape(row, given[0], to_metres)
    width = row.number("width_m", above=0.0, at_most=100.0) if row.has("width_m") else None
    lane = kind in _lane_kinds()
    if lane and (given[0] != "line" or width is None):
        raise fault(row.place, "{kind}要写中心线 line 和净宽 width_m", kind=FEATURES[kind])
    if width is not None and not lane:
        raise fault(row.at("width_m"), "只有算净宽的通道才写宽度")
    return Feature(name, kind, read_text(row, "name", FEATURES[kind]), shape, width)


def _lane_kinds() -> set[str]:
    return {kind for rule in SHIPPED if rule.predicate == "clear_width" for kind in rule.features}


def _shape(row: Fields, key: str, to_metres: Callable[[Any, str], Point]) -> Shape:
    if key == "polygon":
        return _polygon(row, to_metres)
    if key == "point":
        return geometry.point(to_metres(row.value("point"), row.at("point")))
    corners = _points(row, "line", 2, to_metres)
    if any(one == other for one, other in zip(corners, corners[1:], strict=False)):
        raise fault(row.at("line"), "同一个点连着写了两次")
    return geometry.line(corners)


# --- rules and overrides ------------------------------------------------------------------------------------


def _rule(row: Fields, taken: set[str]) -> Rule:
    """A rule of one's own: all of it, or only the threshold (with its clause) of one that is shipped."""
    row.only(RULE_KEYS)
    code = read_text(row, "code")
    known = next((rule for rule in SHIPPED if rule.code == code), None)
    if not code or code in taken:
        raise fault(row.at("code"), "要写规则的代号，不能重复")
    predicate = row.word("predicate", tuple(PREDICATES)) if known is None else known.predicate
    threshold = row.number("threshold_m", at_least=0.0, at_most=1000.0) if predicate != "outside" else None
    features = tuple(_kinds(row)) if known is None or row.has("features") else known.features
    if not read_text(row, "clause") or not read_text(row, "source"):
        raise fault(row.place, "每条规则都要写出处 source 和条款 clause")
    old = known or SHIPPED[0]
    return Rule(
        code=code,
        predicate=predicate,  # type: ignore[arg-type]
        features=features,
        threshold_m=threshold,
        severity=row.word("severity", ("block", "warn")) if known is None else old.severity,  # type: ignore[arg-type]
        where=row.word("where", ("road", "compound", "any")) if known is None else old.where,  # type: ignore[arg-type]
        source=read_text(row, "source"),
        clause=read_text(row, "clause"),
        owner_unit=read_text(row, "owner_unit", "" if known is None else old.owner_unit),
        override_by=read_text(row, "override_by", "" if known is None else old.override_by),
        from_on=_day(row, "from_on", date.min),
        to_on=_day(row, "to_on", date.max) if row.has("to_on") else None,
        confidence="entered",
    )


def _kinds(row: Fields) -> list[str]:
    found = []
    for value, place in row.items("features", least=0, most=len(FEATURES)):
        if value not in FEATURES:
            raise fault(
                place, "没有“{kind}”这一类，可以写 {known}", kind=shown(str(value)), known="、".join(FEATURES)
            )
        found.append(str(value))
    return found


def _override(row: Fields, rules: Sequence[Rule], bays: set[str]) -> Override:
    row.only(OVERRIDE_KEYS)
    names = {key: read_text(row, key) for key in OVERRIDE_KEYS}
    rule = next((rule for rule in rules if rule.code == names["rule"]), None)
    if rule is None:
        raise fault(row.at("rule"), "没有“{rule}”这条规则", rule=shown(names["rule"]))
    if names["bay"] not in bays:
        raise fault(row.at("bay"), "没有“{id}”这个车位", id=shown(names["bay"]))
    if not rule.override_by:
        raise fault(row.place, "{rule} 谁都不能例外", rule=rule.code)
    if names["unit"] != rule.override_by:
        raise fault(row.at("unit"), "{rule} 只有{unit}可以例外", rule=rule.code, unit=rule.override_by)
    if not names["reason"] or not names["clause"]:
        raise fault(row.place, "例外要写理由 reason 和依据 clause")
    return Override(**names)
