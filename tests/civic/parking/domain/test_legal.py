"""The legal check: measured on the polygon, to the centimetre, by rules that are data."""

from __future__ import annotations

import copy
import importlib
import json
import math
import sys
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from linli.civic.parking.domain.legal import geometry
from linli.civic.parking.domain.legal.checking import Checked, check_site
from linli.civic.parking.domain.legal.rules import SHIPPED, rules_on
from linli.civic.parking.domain.legal.sheet import legal_json, legal_sheet
from linli.civic.parking.domain.legal.site import read_site
from linli.civic.parking.management.parking import parking
from linli.ground.kernel.calendar import parse_day
from linli.ground.kernel.errors import Invalid

Spec = dict[str, Any]


def rectangle(
    x: float, y: float, width: float = 6.0, depth: float = 2.5, turned: float = 0.0
) -> list[list[float]]:
    """A bay with its lower left corner at (x, y), turned about it by degrees."""
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))
    corners = [(0, 0), (width, 0), (width, depth), (0, depth)]
    return [[x + a * cos - b * sin, y + a * sin + b * cos] for a, b in corners]


def site(*bays: list[list[float]], **more: Any) -> Spec:
    spec: Spec = {"on": "2026-06-01", "bays": [{"id": f"B{n}", "polygon": bay} for n, bay in enumerate(bays)]}
    return spec | more


def check(spec: Spec) -> Checked:
    read = read_site(json.dumps(spec, ensure_ascii=False).splitlines(), today=parse_day("2026-06-01"))
    return check_site(read)


def breaches(spec: Spec) -> list[tuple[str, str, float]]:
    return [(one.bay.id, one.rule.code, round(one.measured_m, 3)) for one in check(spec).breaches]


# --- distances ------------------------------------------------------------------------------------------------

JUNCTION = {"id": "K1", "kind": "junction", "point": [0, 0]}
HYDRANT = {"id": "X1", "kind": "hydrant", "point": [0, 0]}


@pytest.mark.parametrize(
    ("x", "feature", "rule"),
    [
        # left edge of the bay at x metres from the point
        (49.99, JUNCTION, "STOP_50"),
        (50.00, JUNCTION, None),
        (50.01, JUNCTION, None),
        (29.99, HYDRANT, "STOP_30"),
        (30.00, HYDRANT, None),
        (12.00, HYDRANT, "STOP_30"),
    ],
)
def test_a_bay_keeps_its_distance_to_the_centimetre(x: float, feature: Spec, rule: str | None):
    found = breaches(site(rectangle(x, -1), features=[feature]))
    assert found == ([("B0", rule, x)] if rule else [])


def test_it_is_the_polygon_that_counts_and_not_its_bounding_box():
    """A bay turned by 45° whose bounding box comes within 49 m of the point, and whose edge does not."""
    bay = rectangle(55.0, 0.0, turned=45)
    corner_of_box = (min(x for x, _ in bay), min(y for _, y in bay))
    assert math.hypot(*corner_of_box) > 50
    diagonal = {"id": "K1", "kind": "junction", "point": [5.0, -8.0]}
    nearest_of_box = math.hypot(corner_of_box[0] - 5.0, 0 + 8.0)
    found = check(site(bay, features=[diagonal]))
    measured = found.kept[0].measured_m if found.kept else found.breaches[0].measured_m
    assert measured > nearest_of_box + 0.05


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_bays_around_the_threshold_are_all_judged_rightly(seed: int):
    """Bays at any angle whose nearest corner is a centimetre on this or that side of 30 m, built the other way round."""
    chance = Random(seed)
    bays, expected = [], []
    for number in range(100):
        off = chance.choice((-0.01, 0.01))
        towards, turned = chance.uniform(0, 2 * math.pi), chance.uniform(1, 89)
        corner = ((30 + off) * math.cos(towards), (30 + off) * math.sin(towards))
        outward = math.degrees(towards) - turned
        bays.append(rectangle(*corner, turned=outward))
        expected.append((f"B{number}", off < 0))
    found = {bay for bay, _, _ in breaches(site(*bays, features=[HYDRANT]))}
    assert [(bay, bay in found) for bay, _ in expected] == expected


def test_every_feature_that_is_too_near_is_named():
    features = [
        JUNCTION,
        JUNCTION | {"id": "K2", "point": [10, 0]},
        JUNCTION | {"id": "K3", "point": [500, 0]},
    ]
    found = check(site(rectangle(30, 0), features=features)).breaches
    named = sorted((one.feature.id, one.measured_m) for one in found if one.feature)
    assert named == [("K1", 30.0), ("K2", 20.0)]


def test_what_a_bay_keeps_is_measured_too():
    kept = check(site(rectangle(80, 0), features=[JUNCTION])).kept
    assert [(one.rule.code, one.measured_m) for one in kept] == [("STOP_50", 80.0)]


# --- what must stay free ----------------------------------------------------------------------------------------

PAD = {"id": "D1", "kind": "ladder_pad", "polygon": rectangle(0, 0, 20, 15)}


@pytest.mark.parametrize(
    ("x", "overlap"),
    [(20.0, None), (20.01, None), (19.99, 0.01), (19.0, 1.0), (25.0, None)],
)
def test_a_bay_may_touch_a_pad_but_not_stand_on_it(x: float, overlap: float | None):
    found = breaches(site(rectangle(x, 5), features=[PAD]))
    assert found == ([("B0", "LADDER_PAD", pytest.approx(-overlap, abs=2e-3))] if overlap else [])


def test_a_bay_wholly_inside_is_measured_by_its_own_width():
    [(_, _, measured)] = breaches(site(rectangle(5, 5), features=[PAD]))
    assert measured == pytest.approx(-2.5, abs=1e-3)


def lane(width: float = 6.0, **more: Any) -> Spec:
    return {"id": "T1", "kind": "fire_lane", "line": [[0, 0], [100, 0]], "width_m": width} | more


@pytest.mark.parametrize(
    ("bays", "clear"),
    [
        # a lane 6 m wide from y = -3 to 3; the bay's lower edge at y
        ([rectangle(10, 1.0)], {"B0": 4.0}),
        ([rectangle(10, 0.99)], {"B0": 3.99}),
        ([rectangle(10, 3.0)], {}),  # beside the lane
        ([rectangle(10, -1.25)], {"B0": 1.75}),  # in the middle: the wider of both sides
        ([rectangle(10, 2.0), rectangle(12, -5.0, depth=3.0)], {"B0": 4.0, "B1": 4.0}),  # 1 m from each side
        (
            [rectangle(10, 2.0), rectangle(50, -5.0, depth=3.0)],
            {"B0": 5.0, "B1": 5.0},
        ),  # not beside each other
    ],
)
def test_a_fire_lane_keeps_four_metres_past_every_bay(bays, clear):
    found = check(site(*bays, features=[lane()]))
    measured = {one.bay.id: round(one.measured_m, 3) for one in (*found.breaches, *found.kept)}
    assert measured == {bay: pytest.approx(width) for bay, width in clear.items()}
    assert {one.bay.id for one in found.breaches} == {bay for bay, width in clear.items() if width < 3.995}


def test_the_narrowest_place_of_a_slanting_bay_is_found():
    """A square on its point: past its tip at y = 1 there are 4 m below; where it is widest the lane ends."""
    side = 3.0
    bay = rectangle(50, 1.0, side, side, turned=45)
    [one] = check(site(bay, features=[lane()])).kept
    assert one.measured_m == pytest.approx(4.0, abs=1e-3)


def test_where_two_gaps_change_places_the_narrowest_is_between_the_corners():
    """A bar across the lane from one edge to the other: at its middle both sides have the same width."""
    bar = rectangle(40, -3.0, math.hypot(20, 6), 0.6, turned=math.degrees(math.atan2(6, 20)))
    [one] = check(site(bar, features=[lane()])).breaches
    by_trial = min(
        max(gaps)
        for station in [40 + step / 1000 for step in range(1, 19_700)]
        if (gaps := geometry._gaps(geometry.polygon([(x, y) for x, y in bar]), station, 3.0))
    )
    assert one.measured_m == pytest.approx(by_trial, abs=2e-3)


def test_a_lane_round_a_corner_is_measured_along_each_part():
    bent = lane(line=[[0, 0], [50, 0], [50, 50]])
    found = check(site(rectangle(51, 20, 3.0, 6.0), features=[bent]))
    assert [round(one.measured_m, 3) for one in found.kept] == [4.0]


# --- where bays are, and their size -------------------------------------------------------------------------------


def test_rules_of_the_road_do_not_hold_inside_the_compound():
    spec = site(rectangle(10, 0), features=[HYDRANT])
    spec["bays"][0]["where"] = "compound"
    assert breaches(spec) == []


def test_co_owned_ground_is_for_the_owners_to_decide():
    spec = site(rectangle(2, 2), features=[PAD | {"kind": "co_owned"}])
    spec["bays"][0]["where"] = "compound"
    [one] = check(spec).breaches
    assert (one.rule.code, one.rule.severity, one.rule.override_by) == ("CO_OWNED", "warn", "业主大会")


def test_an_outline_may_end_where_it_began():
    corners = rectangle(12, 1)
    assert breaches(site([*corners, corners[0]], features=[HYDRANT])) == breaches(
        site(corners, features=[HYDRANT])
    )


def test_a_long_enough_bay_is_asked_for_by_its_longer_side():
    size = {"code": "BAY_LENGTH", "threshold_m": 5.3, "source": "交警支队通知", "clause": "2026-7"}
    assert breaches(site(rectangle(0, 0, 2.5, 5.29, turned=70), rules=[size])) == [("B0", "BAY_LENGTH", 5.29)]
    assert breaches(site(rectangle(0, 0, 2.5, 5.3, turned=70), rules=[size])) == []


def test_a_rule_of_the_unit_names_what_it_is_about():
    rule = {
        **{"code": "SCHOOL_GATE", "predicate": "distance", "threshold_m": 40, "severity": "block"},
        **{"where": "any", "features": ["crosswalk", "bus_stop"], "owner_unit": "公安交通管理部门"},
        **{"source": "交警支队通知", "clause": "2026-8"},
    }
    stop = {"id": "G1", "kind": "bus_stop", "point": [0, 0]}
    found = breaches(site(rectangle(35, 0), features=[stop], rules=[rule]))
    assert found == [("B0", "SCHOOL_GATE", 35.0)]
    told = refusal(site(rectangle(0, 0), rules=[rule | {"features": ["bus_stop", "tree"]}]))
    assert told.startswith("rules[0].features[1]：没有“tree”这一类，可以写 ")


def test_a_bay_beside_a_crooked_pad_is_near_its_box_and_not_on_it():
    """The pad is a triangle: the bay lies in the corner of its box that the triangle leaves free."""
    pad = {"id": "D1", "kind": "ladder_pad", "polygon": [[0, 0], [40, 0], [0, 40]]}
    assert breaches(site(rectangle(32, 30), features=[pad])) == []
    assert geometry.overlap_m(geometry.polygon(rectangle(32, 30)), geometry.polygon(pad["polygon"])) == 0.0


def test_a_size_is_checked_once_somebody_has_entered_it():
    size = {"code": "BAY_WIDTH", "threshold_m": 2.5, "source": "交警支队通知", "clause": "2026-7"}
    narrow = rectangle(0, 0, 6.0, 2.49, turned=30)
    assert breaches(site(narrow)) == []
    assert breaches(site(narrow, rules=[size])) == [("B0", "BAY_WIDTH", 2.49)]
    assert breaches(site(rectangle(0, 0, turned=30), rules=[size])) == []


# --- rules as data ------------------------------------------------------------------------------------------------


def test_every_shipped_rule_names_its_source_and_the_unit_that_answers():
    for rule in SHIPPED:
        assert rule.source and rule.owner_unit
        assert rule.is_set == (rule.threshold_m is not None or rule.predicate == "outside")
        assert rule.clause or not rule.is_set, "a number stands on a clause"


def test_a_rule_holds_from_its_day_on():
    assert "CO_OWNED" not in [rule.code for rule in rules_on(parse_day("2020-12-31"))]
    assert "CO_OWNED" in [rule.code for rule in rules_on(parse_day("2021-01-01"))]


def test_what_nobody_has_set_is_said_and_not_passed_over():
    spec = site(rectangle(0, 0), features=[lane() | {"kind": "sidewalk"}])
    checked = check(spec)
    assert [rule.code for rule in checked.unset] == ["SIDEWALK_WIDTH", "BAY_WIDTH", "BAY_LENGTH"]
    assert "SIDEWALK_WIDTH：请城市管理部门录入数值和条款" in "\n".join(legal_sheet(checked))


OVERRIDE = {
    "rule": "STOP_30",
    "bay": "B0",
    "unit": "公安交通管理部门",
    "clause": "道路交通安全法第三十三条",
    "reason": "夜间 19 时至次日 7 时",
    "on": "2026-05-20",
}


def test_the_unit_lifts_its_own_rule_and_nobody_else_does():
    spec = site(rectangle(20, 0), features=[HYDRANT], overrides=[OVERRIDE])
    checked = check(spec)
    assert checked.verdicts() == {"B0": "clear"}
    assert checked.breaches[0].override is not None, "it stays a breach that was lifted"
    assert legal_json(checked)["findings"][0]["overridden"].startswith("公安交通管理部门：夜间")
    assert "；公安交通管理部门已准许：夜间 19 时至次日 7 时（道路交通安全法第三十三条）。" in "\n".join(
        legal_sheet(checked)
    )
    told = refusal(spec | {"overrides": [OVERRIDE | {"unit": "物业公司"}]})
    assert told == "overrides[0].unit：STOP_30 只有公安交通管理部门可以例外。"
    fire = OVERRIDE | {"rule": "FIRE_LANE_WIDTH", "unit": "消防救援机构"}
    assert refusal(spec | {"overrides": [fire]}) == "overrides[0]：FIRE_LANE_WIDTH 谁都不能例外。"


# --- degrees --------------------------------------------------------------------------------------------------------


def degrees(metres: list[list[float]], at: tuple[float, float] = (120.05, 35.95)) -> list[list[float]]:
    """Metres as longitude and latitude by the lengths of a degree there (an independent formula)."""
    phi = math.radians(at[1])
    lat_m = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    lon_m = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return [[at[0] + x / lon_m, at[1] + y / lat_m] for x, y in metres]


@pytest.mark.parametrize(("x", "is_breach"), [(49.98, True), (50.02, False)])
def test_degrees_are_turned_into_metres(x: float, is_breach: bool):
    spec = site(degrees(rectangle(x, -1)), coordinates="wgs84")
    spec["features"] = [{"id": "K1", "kind": "junction", "point": degrees([[0.0, 0.0]])[0]}]
    found = check(spec)
    [one] = found.breaches or found.kept
    assert one.measured_m == pytest.approx(x, abs=2e-3)
    assert bool(found.breaches) == is_breach


# --- properties -----------------------------------------------------------------------------------------------------


@given(st.floats(0, 360), st.floats(-300, 300), st.floats(-300, 300))
def test_turning_and_moving_the_whole_site_changes_nothing(turned: float, dx: float, dy: float):
    cos, sin = math.cos(math.radians(turned)), math.sin(math.radians(turned))

    def moved(corners):
        return [[dx + x * cos - y * sin, dy + x * sin + y * cos] for x, y in corners]

    bay, road = rectangle(10, 0.7), [[0.0, 0.0], [100.0, 0.0]]
    plain = site(bay, features=[lane(), HYDRANT])
    turned_site = site(
        moved(bay), features=[lane(line=moved(road)), HYDRANT | {"point": moved([[0.0, 0.0]])[0]}]
    )
    assert [(code, pytest.approx(metres, abs=2e-3)) for _, code, metres in breaches(plain)] == [
        (code, metres) for _, code, metres in breaches(turned_site)
    ]


@given(st.floats(0.0, 60.0), st.floats(0.01, 20.0))
def test_further_away_is_never_worse(x: float, more: float):
    near, far = (bool(breaches(site(rectangle(at, 0), features=[HYDRANT]))) for at in (x, x + more))
    assert near or not far


# --- what is wrong with the file ------------------------------------------------------------------------------------

GOOD: Spec = site(rectangle(0, 0), features=[HYDRANT])


def changed(path: str, value: Any) -> Spec:
    found = copy.deepcopy(GOOD)
    inner: Any = found
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return found


def refusal(spec: Spec | str) -> str:
    text = spec if isinstance(spec, str) else json.dumps(spec, ensure_ascii=False)
    done = CliRunner().invoke(parking, ["legal", "-"], input=text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr.strip()


MALFORMED: list[tuple[Spec | str, str]] = [
    ("", "文件是空的"),
    ("{", "不是合法的 JSON"),
    ('{"bays"：[]}', "全角字符"),
    ("[]", "应是一个对象"),
    (changed("bays", None), "bays：缺少这一项"),
    (changed("bays", []), "bays：至少要写 1 项"),
    (changed("bays", {}), "bays：应是一个列表"),
    (changed("bays.0.polygon", None), "bays[0].polygon：缺少这一项"),
    (changed("bays.0.polygon", [[0, 0], [1, 1]]), "bays[0].polygon：至少要写 3 项"),
    (changed("bays.0.polygon", [[0, 0], [0, 0], [1, 1], [1, 1]]), "至少要有三个不同的角"),
    (changed("bays.0.polygon", [[0, 0], [6, 2], [6, 0], [0, 2]]), "边线自己相交了，在 (3.00, 1.00) 附近"),
    (changed("bays.0.polygon", [[0, 0], [3, 0], [6, 0]]), "边线自己相交了"),
    (changed("bays.0.polygon", [[0, 0], [1, 0], [1, 1], [0, 1]]), "车位面积 1 平方米不对"),
    (changed("bays.0.polygon.1", [6]), "bays[0].polygon[1]：应是两个数"),
    (changed("bays.0.polygon.1", "6,0"), "应是两个数的列表"),
    (changed("bays.0.polygon.1", [6, "０"]), "要写数字（半角、不加引号）"),
    (changed("bays.0.polygon.1", [6, 1e9]), "坐标超出本地方格"),
    (json.dumps(GOOD).replace("2.5", "NaN", 1), "NaN 不是一个数"),
    (changed("bays.0.id", ""), "bays[0].id：要写 1 到 40 个字的编号"),
    (site(rectangle(0, 0)) | {"bays": GOOD["bays"] * 2}, "编号“B0”重复了"),
    (changed("bays.0.where", "roof"), "bays[0].where：只能是 road、compound"),
    (changed("bays.0.outline", []), "bays[0].outline：没有这一项"),
    (changed("features.0.kind", "tree"), "features[0].kind：只能是"),
    (changed("features.0.point", None), "point、line、polygon 要写一个"),
    (changed("features.0.line", [[0, 0], [1, 1]]), "也只能写一个"),
    (changed("features.0.width_m", 3), "只有算净宽的通道才写宽度"),
    (changed("features.0", {"id": "T", "kind": "fire_lane", "point": [0, 0]}), "消防车通道要写中心线"),
    (changed("features.0", lane(width=0)), "features[0].width_m：要大于 0"),
    (changed("features.0", lane(width=-4)), "features[0].width_m：要大于 0"),
    (changed("features.0", lane(line=[[0, 0], [0, 0]])), "同一个点连着写了两次"),
    (changed("on", "2026-13-01"), "on：日期“2026-13-01”不是有效的日期"),
    (changed("coordinates", "gcj02"), "coordinates：只能是 metres、wgs84"),
    (site([[36.0, 120.0], [36.1, 120.0], [36.0, 120.1]], coordinates="wgs84"), "经度和纬度写反了"),
    (site([[0.1, 51.5], [0.2, 51.5], [0.1, 51.6]], coordinates="wgs84"), "不在国内"),
    (
        site(degrees(rectangle(0, 0)), coordinates="wgs84", features=[HYDRANT | {"point": [121.0, 36.0]}]),
        "离第一个车位超过 10 公里",
    ),
    (site(rectangle(0, 0), rules=[{"code": "BAY_WIDTH", "threshold_m": 2.5}]), "每条规则都要写出处"),
    (site(rectangle(0, 0), rules=[{"code": "NEW"}]), "rules[0].predicate：缺少这一项"),
    (site(rectangle(0, 0), rules=[{"predicate": "distance"}]), "要写规则的代号"),
    (site(rectangle(0, 0), overrides=[OVERRIDE | {"rule": "STOP_99"}]), "没有“STOP_99”这条规则"),
    (site(rectangle(0, 0), overrides=[OVERRIDE | {"bay": "B9"}]), "没有“B9”这个车位"),
    (site(rectangle(0, 0), overrides=[OVERRIDE | {"reason": ""}]), "例外要写理由"),
]


@pytest.mark.parametrize(("spec", "told"), MALFORMED)
def test_a_wrong_site_is_refused_with_its_place(spec: Spec | str, told: str):
    assert told in refusal(spec)


def test_the_command_answers_people_and_programs_and_says_by_its_code_whether_something_blocks():
    blocked = site(rectangle(5, 5), features=[PAD])
    done = CliRunner().invoke(parking, ["legal", "-"], input=json.dumps(blocked))
    assert done.exit_code == 1
    assert "B0：不能设" in done.stdout
    assert "消防法第二十八条，由消防救援机构负责；阻断。" in done.stdout
    data = json.loads(CliRunner().invoke(parking, ["legal", "-", "--json"], input=json.dumps(GOOD)).stdout)
    assert data["bays"] == [{"id": "B0", "verdict": "warned"}]
    assert CliRunner().invoke(parking, ["legal", "-"], input=json.dumps(GOOD)).exit_code == 0


def test_without_shapely_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(geometry, "shapely", None)
    assert refusal(GOOD) == "没有安装 shapely，量不了距离；请安装可选的 planning 部分。"


def test_the_rules_can_be_loaded_without_shapely(monkeypatch):
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "shapely", None)
        importlib.reload(geometry)
        with pytest.raises(Invalid, match="没有安装 shapely"):
            geometry.require()
    importlib.reload(geometry)
    geometry.require()


def test_a_site_on_which_every_rule_has_its_number_has_nothing_unchecked():
    sizes = [
        {"code": code, "threshold_m": 2.0, "source": "交警支队通知", "clause": "2026-7"}
        for code in ("BAY_WIDTH", "BAY_LENGTH")
    ]
    sheet = legal_sheet(check(site(rectangle(0, 0), rules=sizes)))
    assert len(sheet) == 2 and "无问题 1 个" in sheet[0]


def test_five_thousand_bays_are_checked_in_seconds():
    import time

    chance = Random(5)
    bays = [
        rectangle(chance.uniform(-900, 900), chance.uniform(-900, 900), turned=chance.uniform(0, 90))
        for _ in range(5_000)
    ]
    features = [JUNCTION | {"id": f"K{n}", "point": [chance.uniform(-900, 900), 0]} for n in range(200)]
    began = time.process_time()
    check(site(*bays, features=features))
    assert time.process_time() - began < 6
