"""A rule of where a bay may be, as data, and those that are shipped.

Distances of the implementing regulation to the Road Traffic Safety Law are about stopping anywhere; a bay that
the police mark may be nearer (道路交通安全法 art. 33). They therefore warn and wait for the police's ruling. What no
text could be read for has no threshold until the unit that answers for it enters one with its clause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Predicate = Literal["distance", "outside", "clear_width", "bay_width", "bay_length"]
Severity = Literal["block", "warn"]
Where = Literal["road", "compound", "any"]

PREDICATES: dict[Predicate, str] = {
    "distance": "离{feature}至少",
    "outside": "不得占用{feature}",
    "clear_width": "{feature}余下的净宽至少",
    "bay_width": "车位宽至少",
    "bay_length": "车位长至少",
}
POLICE, FIRE, OWNERS = "公安交通管理部门", "消防救援机构", "业主大会"

FEATURES: dict[str, str] = {
    "fire_lane": "消防车通道",
    "ladder_pad": "消防登高操作场地",
    "hydrant": "消火栓",
    "fire_station": "消防队门前",
    "junction": "路口",
    "rail_crossing": "铁路道口",
    "sharp_bend": "急弯",
    "narrow_road": "宽不足 4 米的窄路",
    "bridge": "桥梁",
    "steep_slope": "陡坡",
    "tunnel": "隧道",
    "bus_stop": "公交车站",
    "first_aid": "急救站",
    "petrol_station": "加油站",
    "crosswalk": "人行横道",
    "works": "施工地段",
    "carriageway": "车行道",
    "sidewalk": "人行道",
    "co_owned": "业主共有的道路或场地",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``threshold_m`` None means that nobody has set it yet; ``outside`` rules need none.

    ``override_by`` is the unit that may rule otherwise for a bay; empty where nobody may.
    """

    code: str
    predicate: Predicate
    features: tuple[str, ...]
    threshold_m: float | None
    severity: Severity
    where: Where
    source: str
    clause: str
    owner_unit: str
    override_by: str
    from_on: date
    to_on: date | None = None
    confidence: str = "read"

    @property
    def is_set(self) -> bool:
        """Whether it can be checked."""
        return self.threshold_m is not None or self.predicate == "outside"

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.from_on <= on and (self.to_on is None or on < self.to_on)

    def words(self, feature: str) -> str:
        """What it asks for, in words, for a kind of feature."""
        asked = PREDICATES[self.predicate].format(feature=FEATURES.get(feature, ""))
        return asked if self.predicate == "outside" else f"{asked} {self.threshold_m:.2f} 米"


_REGULATION = "道路交通安全法实施条例"
_SINCE_2004 = date(2004, 5, 1)
_AT_50 = ("junction", "rail_crossing", "sharp_bend", "narrow_road", "bridge", "steep_slope", "tunnel")
_AT_30 = ("bus_stop", "first_aid", "petrol_station", "hydrant", "fire_station")

SHIPPED: tuple[Rule, ...] = (
    Rule(
        *("FIRE_LANE_WIDTH", "clear_width", ("fire_lane",), 4.0, "block", "any"),
        *("建筑设计防火规范 GB 50016—2014（2018 年版）", "7.1.8", FIRE, "", date(2018, 10, 1)),
        confidence="to be confirmed by the unit",
    ),
    Rule(
        *("LADDER_PAD", "outside", ("ladder_pad",), None, "block", "any"),
        *("消防法", "第二十八条", FIRE, "", date(2009, 5, 1)),
    ),
    Rule(
        *("STOP_50", "distance", _AT_50, 50.0, "warn", "road"),
        *(_REGULATION, "第六十三条第（二）项", POLICE, POLICE, _SINCE_2004),
    ),
    Rule(
        *("STOP_30", "distance", _AT_30, 30.0, "warn", "road"),
        *(_REGULATION, "第六十三条第（三）项", POLICE, POLICE, _SINCE_2004),
    ),
    Rule(
        *("STOP_ON", "outside", ("crosswalk", "works"), None, "block", "road"),
        *(_REGULATION, "第六十三条第（一）项", POLICE, POLICE, _SINCE_2004),
    ),
    Rule(
        *("CO_OWNED", "outside", ("co_owned",), None, "warn", "compound"),
        *("民法典", "第二百七十五条第二款、第二百七十八条第一款第（八）项", OWNERS, OWNERS, date(2021, 1, 1)),
    ),
    Rule(
        *("CARRIAGEWAY_WIDTH", "clear_width", ("carriageway",), None, "block", "road"),
        *("由公安交通管理部门录入", "", POLICE, POLICE, _SINCE_2004),
        confidence="no threshold yet",
    ),
    Rule(
        *("SIDEWALK_WIDTH", "clear_width", ("sidewalk",), None, "block", "road"),
        *("由城市管理部门录入", "", "城市管理部门", "城市管理部门", _SINCE_2004),
        confidence="no threshold yet",
    ),
    Rule(
        *("BAY_WIDTH", "bay_width", (), None, "warn", "any"),
        *("由公安交通管理部门录入", "", POLICE, POLICE, _SINCE_2004),
        confidence="no threshold yet",
    ),
    Rule(
        *("BAY_LENGTH", "bay_length", (), None, "warn", "any"),
        *("由公安交通管理部门录入", "", POLICE, POLICE, _SINCE_2004),
        confidence="no threshold yet",
    ),
)


def rules_on(on: date, own: Iterable[Rule] = ()) -> list[Rule]:
    """The rules in force on a day: the shipped ones, each replaced by a rule of one's own with its code."""
    found = {rule.code: rule for rule in SHIPPED if rule.is_in_force(on)}
    found |= {rule.code: rule for rule in own if rule.is_in_force(on)}
    return list(found.values())
