"""What is wrong with an input is told in one Chinese sentence with its place, and exit code 2."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.civic.parking.management.parking import parking

EXPONENTIAL = {"share": 1.0, "distribution": "exponential", "mean_s": 7.3, "cv": 1.0}
GATE: dict[str, Any] = {
    "seed": 1,
    "replications": 20,
    "lanes": 2,
    "storage_cars": 6,
    "horizon_s": 3600,
    "warmup_s": 600,
    "arrivals": [{"until_s": 1800, "per_hour": 300}, {"until_s": 3600, "per_hour": 500}],
    "service": [EXPONENTIAL],
    "report_at_s": [900, 1800],
}
STAY = {"distribution": "lognormal", "mean_h": 2.5, "cv": 0.8}
OCCUPANCY: dict[str, Any] = {
    "seed": 1,
    "replications": 20,
    "bays": 30,
    "residents": {
        "buildings": [{"building": "1号楼", "households": 20, "answers": [1, 0, 1]}],
        "night_count": [18, 19],
        "leave_by_hour": [0.0] * 7 + [0.5] + [0.0] * 16,
        "return_by_hour": [0.0] * 18 + [0.5] + [0.0] * 5,
        "stay": {"distribution": "exponential", "mean_h": 10},
    },
    "classes": [{"class": "访客", "at_midnight": 2, "per_hour": [1] * 24, "stay": STAY}],
}
HEADER = "SystemCodeNumber,Capacity,Occupancy,LastUpdated\n"
MISSING = "(missing)"


def changed(base: dict[str, Any], path: str, value: Any) -> str:
    """The specification with one value replaced or left out; the path is written as a refusal writes it."""
    found = copy.deepcopy(base)
    *way, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]
    inner: Any = found
    for part in way:
        inner = inner[part]
    if value is MISSING:
        del inner[last]
    elif isinstance(inner, list) and last == len(inner):
        inner.append(value)
    else:
        inner[last] = value
    return json.dumps(found, ensure_ascii=False)


def many(*cases: tuple[str, Any, str]) -> list[tuple[str, Any, str]]:
    return list(cases)


# --- the cases: where it is changed, to what, and what the sentence must say ---------------------------------

GATE_CASES = many(
    ("lanes", MISSING, "lanes：缺少"),
    ("seed", MISSING, "seed：缺少"),
    ("replications", MISSING, "replications：缺少"),
    ("storage_cars", MISSING, "storage_cars：缺少"),
    ("horizon_s", MISSING, "horizon_s：缺少"),
    ("arrivals", MISSING, "arrivals：缺少"),
    ("service", MISSING, "service：缺少"),
    ("service[0].mean_s", MISSING, "service[0].mean_s：缺少"),
    ("service[0].share", MISSING, "service[0].share：缺少"),
    ("service[0].distribution", MISSING, "service[0].distribution：缺少"),
    ("arrivals[1].per_hour", MISSING, "arrivals[1].per_hour：缺少"),
    ("lanes", 0, "lanes：不能小于 1"),
    ("lanes", -2, "lanes：不能小于 1"),
    ("lanes", 1.5, "lanes：要写整数"),
    ("lanes", 65, "lanes：不能大于 64"),
    ("lanes", "２", "lanes：要写数字"),
    ("lanes", True, "lanes：要写数字"),
    ("lanes", None, "lanes：要写数字"),
    ("lanes", [2], "lanes：要写数字"),
    ("lanes", {"in": 2}, "lanes：要写数字"),
    ("seed", -1, "seed：不能小于 0"),
    ("seed", 10**30, "seed：不能大于"),
    ("replications", 1, "replications：不能小于 2"),
    ("replications", 10**8, "replications：不能大于"),
    ("replications", 9_999_999, "replications：合计约"),
    ("storage_cars", -1, "storage_cars：不能小于 0"),
    ("horizon_s", 0, "horizon_s：要大于 0"),
    ("horizon_s", float("nan"), "horizon_s：NaN"),
    ("horizon_s", float("inf"), "horizon_s：数大得"),
    ("warmup_s", 3600, "warmup_s：预热"),
    ("warmup_s", -1, "warmup_s：不能小于 0"),
    ("arrivals", [], "arrivals：至少要写 1 项"),
    ("arrivals", {"until_s": 1}, "arrivals：应是一个列表"),
    ("arrivals[0]", 300, "arrivals[0]：应是一个对象"),
    ("arrivals[0].per_hour", -3, "arrivals[0].per_hour：不能小于 0"),
    ("arrivals[1].until_s", 1800, "arrivals[1].until_s：要比上一段"),
    ("arrivals[1].rate", 5, "arrivals[1].rate：没有这一项"),
    ("arrivals", [{"until_s": 3600, "per_hour": 0}], "arrivals：horizon_s 之内没有一辆车"),
    ("arrivals", [{"until_s": 300, "per_hour": 60}], "arrivals：warmup_s 之后没有一辆车"),
    ("arrivals", [{"until_s": 3600, "per_hour": 1e99}], "arrivals[0].per_hour：不能大于"),
    ("service", [], "service：至少要写 1 项"),
    ("service[0].mean_s", 0, "service[0].mean_s：要大于 0"),
    ("service[0].mean_s", -7.3, "service[0].mean_s：要大于 0"),
    ("service[0].mean_s", float("nan"), "service[0].mean_s：NaN"),
    ("service[0].mean_s", "７.３", "service[0].mean_s：要写数字"),
    ("service[0].share", 0.5, "service：各类的 share 合计应是 1"),
    ("service[0].share", -1, "service[0].share：要大于 0"),
    ("service[0].distribution", "normal", "service[0].distribution：只能是"),
    ("service[0].distribution", 3, "service[0].distribution：只能是"),
    ("service[0]", {"share": 1, "distribution": "lognormal", "mean_s": 6}, "service[0].cv：缺少"),
    ("service[0].cv", -0.1, "service[0].cv：不能小于 0"),
    ("servcie", [], "servcie：没有这一项"),
    ("report_at_s", [900, 3601], "report_at_s[1]：不能大于 3600"),
    ("report_at_s", [-1], "report_at_s[0]：不能小于 0"),
    ("report_at_s", "900", "report_at_s：应是一个列表"),
    ("lane_service", [None], "lane_service：要写 2 项"),
    ("lane_service", [None, 7.3], "lane_service[1]：应是 null"),
    ("lane_service", [None, []], "lane_service[1]：至少要写一类车"),
    ("lane_service", [None, {"factor": 0}], "lane_service[1].factor：不能小于"),
    ("lane_service", [None, {"distribution": "exponential"}], "lane_service[1].mean_s：缺少"),
    ("lane_service", [None, [EXPONENTIAL, EXPONENTIAL]], "lane_service[1]：各类的 share"),
    ("reversible", [{"lane": 3, "from_s": 0, "until_s": 60}], "reversible[0].lane：不能大于 2"),
    ("reversible", [{"lane": 1, "from_s": 60, "until_s": 60}], "reversible[0].until_s：要大于 60"),
    ("reversible", [{"lane": 1, "from_s": 4000, "until_s": 5000}], "reversible[0].from_s：要早于"),
    (
        "reversible",
        [{"lane": 1, "from_s": 0, "until_s": 600}, {"lane": 1, "from_s": 500, "until_s": 900}],
        "reversible[1]：第 1 条车道",
    ),
    (
        "reversible",
        [{"lane": 1, "from_s": 0, "until_s": 600}, {"lane": 2, "from_s": 0, "until_s": 900}],
        "reversible：到第 3600 秒所有车道都关了",
    ),
)

OCCUPANCY_CASES = many(
    ("bays", MISSING, "bays：缺少"),
    ("bays", 0, "bays：不能小于 1"),
    ("bays", "三十", "bays：要写数字"),
    ("replications", 5, "replications：不能小于 20"),
    ("day_cv", -0.1, "day_cv：不能小于 0"),
    ("residents.buildings", [], "residents.buildings：至少要写 1 项"),
    ("residents.buildings[0].building", " ", "residents.buildings[0].building：要写楼的名称"),
    (
        "residents.buildings",
        [{"building": "1号楼", "households": 9, "answers": [1]}] * 2,
        "residents.buildings[1].building：“1号楼”这栋楼写了两次",
    ),
    ("residents.buildings[0].households", 2, "residents.buildings[0].answers：答复 3 户"),
    ("residents.buildings[0].answers", [], "residents.buildings：没有一户答复"),
    ("residents.buildings[0].answers[1]", 0.5, "residents.buildings[0].answers[1]：要写整数"),
    ("residents.buildings[0].answers[1]", -1, "residents.buildings[0].answers[1]：不能小于 0"),
    ("residents.night_count[1]", float("nan"), "residents.night_count[1]：NaN"),
    ("residents.home_at_midnight", 0, "residents.home_at_midnight：要大于 0"),
    ("residents.leave_by_hour", [0.1] * 23, "residents.leave_by_hour：要写 24 项"),
    ("residents.leave_by_hour", [0.1] * 24, "residents.leave_by_hour：一天合计不能大于 1"),
    ("residents.return_by_hour[3]", -0.1, "residents.return_by_hour[3]：不能小于 0"),
    ("residents.stay", MISSING, "residents.stay：缺少"),
    ("replications", "２０", "replications：要写数字"),
    ("residents.night_count", [199] * 1_001, "residents.night_count：最多写 1000 项"),
    ("residents.night_count", [-1], "residents.night_count[0]：不能小于 0"),
    ("residents.night_count", 199, "residents.night_count：应是一个列表"),
    ("residents.buildings[0].households", 0, "residents.buildings[0].households：不能小于 1"),
    ("classes[0].per_hour[5]", float("inf"), "classes[0].per_hour[5]：数大得"),
    ("classes[0].at_midnight", -1, "classes[0].at_midnight：不能小于 0"),
    ("residents", [1], "residents：应是一个对象"),
    ("classes[0].stay.mean_h", 0, "classes[0].stay.mean_h：要大于 0"),
    ("classes[0].stay.distribution", "gamma", "classes[0].stay.distribution：只能是"),
    ("classes[0].per_hour", [1] * 25, "classes[0].per_hour：要写 24 项"),
    ("classes[0].class", "", "classes[0].class：要写车类的名称"),
    ("classes[1]", {"class": "访客", "per_hour": [0] * 24, "stay": STAY}, "classes：“访客”这一类写了两次"),
    ("classes[0].colour", "红", "classes[0].colour：没有这一项"),
)

TEXT_CASES = many(
    ("nothing", "", "文件是空的"),
    ("blanks", " \n \n", "文件是空的"),
    ("no object", "[1, 2]", "规格：应是一个对象"),
    ("not closed", '{"seed": 1,\n "lanes": 2', "第 2 行第 12 列不是合法的 JSON：写到这里断了"),
    ("full-width digit", '{"lanes": ２}', "第 1 行第 11 列不是合法的 JSON：“２”是全角字符"),
    ("full-width colon", '{"lanes"：2}', "“：”是全角字符"),
    ("curly quotes", "{“lanes”: 2}", "““”是全角字符"),
    ("no JSON", "lanes: 2", "第 1 行第 1 列不是合法的 JSON"),
    ("a key twice", '{"lanes": 1, "lanes": 2}', "规格：“lanes”写了两次"),
    (
        "a key twice inside",
        '{"lanes":1,"horizon_s":9,"service":[{"cv":1,"cv":2}]}',
        "service[0]：“cv”写了两次",
    ),
    ("too deep", "[" * 60_000, "套得太深"),
    (
        "an endless number",
        json.dumps(GATE).replace("3600,", "9" * 5_000 + ",", 1),
        "horizon_s：数大得没有边了",
    ),
)

FORECAST_CASES = many(
    ("only blank lines", "\n  \n", "文件是空的"),
    ("only a header", HEADER, "只有表头"),
    ("missing column", "SystemCodeNumber,Capacity,LastUpdated\nA,10,2016-01-01 08:00\n", "缺少 Occupancy"),
    ("column twice", HEADER.strip() + ",Capacity\n", "Capacity 这一列写了两次"),
    ("short row", HEADER + "A,10,5\n", "第 2 行只有 3 格"),
    ("NaN", HEADER + "A,10,NaN,2016-01-01 08:00\n", "第 2 行的停车数“NaN”不是整数"),
    ("fraction", HEADER + "A,10,5.5,2016-01-01 08:00\n", "第 2 行的停车数“5.5”"),
    ("empty cell", HEADER + "A,,5,2016-01-01 08:00\n", "第 2 行的车位数“”"),
    ("full-width digits", HEADER + "A,１０,5,2016-01-01 08:00\n", "第 2 行的车位数“１０”含全角数字"),
    ("no capacity", HEADER + "A,0,0,2016-01-01 08:00\n", "第 2 行的车位数 0"),
    ("negative capacity", HEADER + "A,-10,0,2016-01-01 08:00\n", "第 2 行的车位数 -10"),
    ("huge", HEADER + "A,10,99999999999999999999,2016-01-01 08:00\n", "第 2 行的停车数"),
    ("no lot", HEADER + " ,10,5,2016-01-01 08:00\n", "第 2 行没有写车场"),
    ("no such day", HEADER + "A,10,5,2016-02-30 08:00\n", "第 2 行的时间“2016-02-30 08:00”"),
    ("other way of dates", HEADER + "A,10,5,01/02/2016 08:00\n", "第 2 行的时间"),
    ("full-width time", HEADER + "A,10,5,２016-02-01 08:00\n", "第 2 行的时间"),
    ("quotes", HEADER + '"A,10,5,2016-01-01 08:00\n', "第 2 行的引号没有成对"),
    ("too short a time", HEADER + "A,10,5,2016-01-01 08:00\n", "之前要有至少 21 天"),
    ("centuries", HEADER + "A,10,5,0001-01-01 08:00\nA,10,5,2016-01-01 08:00\n", "太大了"),
)

BYTE_CASES = many(
    ("UTF-16", json.dumps(GATE).encode("utf-16"), "UTF-16"),
    ("zero bytes", b'{"lanes": \0}', "第 1 行有零字节"),
    (
        "mixed encodings",
        '{"note": "道闸",\n'.encode() + '"name": "东门"}'.encode("gb18030"),
        "第 1 行的编码与别的行不同",
    ),
    ("no encoding at all", b'{"note": "\xff\xff"}', "第 1 行不是 UTF-8"),
    ("a workbook", b"PK\x03\x04....", "工作簿"),
)


def refused(command: list[str], place: str) -> None:
    done = CliRunner().invoke(parking, command)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    sentence = done.stderr
    assert sentence.endswith("。\n") and sentence.count("\n") == 1, sentence
    assert place in sentence, sentence
    assert len(sentence) < 250


@pytest.mark.parametrize(("path", "value", "place"), GATE_CASES, ids=lambda case: str(case)[:40])
def test_a_wrong_gate_is_refused_with_its_place(path, value, place, tmp_path):
    file = tmp_path / "gate.json"
    file.write_text(changed(GATE, path, value), "utf-8")
    refused(["gate", str(file), "--json"], place)


@pytest.mark.parametrize(("path", "value", "place"), OCCUPANCY_CASES, ids=lambda case: str(case)[:40])
def test_a_wrong_day_is_refused_with_its_place(path, value, place, tmp_path):
    file = tmp_path / "day.json"
    file.write_text(changed(OCCUPANCY, path, value), "utf-8")
    refused(["occupancy", str(file)], place)


def test_a_month_of_more_vehicles_than_can_be_followed_is_refused(tmp_path):
    file = tmp_path / "gate.json"
    month = 31 * 86_400
    file.write_text(
        json.dumps(GATE | {"horizon_s": month, "arrivals": [{"until_s": month, "per_hour": 99_999}]})
    )
    refused(["gate", str(file)], "arrivals：一次重复里有约 74,399,256 辆车，最多 2,000,000 辆")


@pytest.mark.parametrize("command", ["gate", "occupancy"])
def test_a_specification_that_a_program_wrote_may_stand_on_one_long_line(command, tmp_path):
    file = tmp_path / "long.json"
    file.write_text('{"note": "' + "长" * 100_000 + '"}')
    refused([command, str(file)], "缺少这一项")


def test_a_day_without_one_car_or_with_too_many_is_refused(tmp_path):
    file = tmp_path / "day.json"
    empty = {"seed": 1, "replications": 20, "bays": 5}
    file.write_text(json.dumps(empty))
    refused(["occupancy", str(file)], "classes：一天没有一辆车")
    crowd = [{"class": "x", "per_hour": [20_000] * 24, "stay": STAY}]
    file.write_text(json.dumps(empty | {"classes": crowd, "replications": 900_000}))
    refused(["occupancy", str(file)], "replications：合计超过")
    building = [{"building": "1", "households": 100_000, "answers": [1]}]
    residents = OCCUPANCY["residents"] | {"buildings": building}
    file.write_text(json.dumps(OCCUPANCY | {"residents": residents, "replications": 900_000}))
    refused(["occupancy", str(file)], "replications：户数乘重复次数")


@pytest.mark.parametrize(("what", "text", "place"), TEXT_CASES, ids=lambda case: str(case)[:40])
@pytest.mark.parametrize("command", ["gate", "occupancy"])
def test_what_is_no_specification_is_refused_with_line_and_column(command, what, text, place, tmp_path):
    file = tmp_path / "spec.json"
    file.write_text(text, "utf-8")
    if command == "occupancy" and "horizon_s" in text:
        place = "没有这一项"
    refused([command, str(file)], place)


@pytest.mark.parametrize(("what", "text", "place"), FORECAST_CASES, ids=lambda case: str(case)[:40])
def test_a_wrong_table_of_counts_is_refused_with_line_and_column(what, text, place, tmp_path):
    file = tmp_path / "counts.csv"
    file.write_text(text, "utf-8")
    refused(["forecast", str(file)], place)


@pytest.mark.parametrize(
    ("options", "place"),
    [
        (["--from", "2016-13-01"], "--from “2016-13-01”不是年-月-日"),
        (["--to", "明天"], "--to “明天”不是年-月-日"),
        (["--from", "2016-02-02", "--to", "2016-02-01"], "--to 2016-02-01 早于 --from 2016-02-02"),
    ],
)
def test_wrong_days_to_measure_are_refused(options, place, tmp_path):
    file = tmp_path / "counts.csv"
    file.write_text(HEADER + "A,10,5,2016-01-01 08:00\n")
    refused(["forecast", str(file), *options], place)


@pytest.mark.parametrize(("what", "raw", "place"), BYTE_CASES, ids=lambda case: str(case)[:40])
@pytest.mark.parametrize("command", ["gate", "occupancy", "forecast"])
def test_what_is_no_text_is_refused(command, what, raw, place, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(raw)
    refused([command, str(file)], place)


@pytest.mark.parametrize("command", ["gate", "occupancy", "forecast"])
def test_a_line_of_200_megabytes_is_refused_at_once(command, tmp_path):
    file = tmp_path / "long"
    with file.open("wb") as long:
        long.write(b'{"lanes":')
        long.truncate(200 * 2**20)
    refused([command, str(file)], "第 1 行太长")


@pytest.mark.parametrize("command", ["gate", "occupancy", "forecast"])
def test_a_file_that_is_not_there_or_a_folder_is_refused(command, tmp_path):
    refused([command, str(tmp_path / "nothing")], "找不到文件")
    refused([command, str(tmp_path)], "是文件夹")
    refused([command], "缺少")
    refused([command, "x", "--no-such"], "没有 --no-such 这个选项")


def test_wrong_calls_are_told_in_chinese(tmp_path):
    refused(["gate", "x", "--engine", "fortran"], "'--engine' 的值不对")
    refused(["gate", "x", "--processes", "0"], "'--processes' 的值不对")
    refused(["no-such"], "没有 no-such 这个命令")


# --- what is right, though odd ------------------------------------------------------------------------------


def answered(specification: dict[str, Any], tmp_path: Any, command: str = "gate") -> dict[str, Any]:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(specification, ensure_ascii=False), "utf-8")
    done = CliRunner().invoke(parking, [command, str(file), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_headway_that_no_lane_reaches_is_questioned(tmp_path):
    """Over 900 vehicles an hour and lane: a plate is recognised in 2 s, the next car is not there in 2 s."""
    quick = EXPONENTIAL | {"mean_s": 2.0}
    answer = answered(GATE | {"service": [quick]}, tmp_path)
    assert [one["place"] for one in answer["warnings"]] == ["service[0].mean_s"]
    assert "每小时 1,800 辆" in answer["warnings"][0]["message"]
    assert "识别时间不是车头时距" in answer["warnings"][0]["message"]
    assert answered(GATE | {"service": [EXPONENTIAL | {"mean_s": 4.0}]}, tmp_path)["warnings"] == []
    lanes = answered(GATE | {"lane_service": [None, [quick]]}, tmp_path)
    assert [one["place"] for one in lanes["warnings"]] == ["lane_service[1][0].mean_s"]


def test_what_is_not_used_or_not_written_is_questioned(tmp_path):
    regular = {"share": 1.0, "distribution": "deterministic", "mean_s": 6, "cv": 0.3}
    answer = answered(
        GATE | {"service": [regular], "arrivals": [{"until_s": 1800, "per_hour": 400}]}, tmp_path
    )
    assert [one["place"] for one in answer["warnings"]] == ["service[0].cv", "arrivals[0].until_s"]


def test_a_template_may_leave_a_cv_of_one_or_zero_and_free_notes(tmp_path):
    for service in (EXPONENTIAL | {"distribution": "deterministic"}, {**EXPONENTIAL, "note": "六月实测"}):
        assert answered(GATE | {"service": [service], "name": "东门"}, tmp_path)["warnings"] == []


def test_lanes_may_differ_in_every_way_that_is_written_down(tmp_path):
    slow = {"distribution": "lognormal", "mean_s": 20, "cv": 0.5}
    ways = [[None, None], [None, {"factor": 2}], [None, slow], [None, [EXPONENTIAL | {"mean_s": 30.0}]]]
    waits = [
        answered(GATE | {"replications": 60, "lane_service": way}, tmp_path)["mean_wait_s"]["value"]
        for way in ways
    ]
    assert waits[0] == answered(GATE | {"replications": 60}, tmp_path)["mean_wait_s"]["value"]
    assert waits[0] < min(waits[1:]) and len(set(waits)) == 4


def test_a_reversible_lane_shortens_the_wait_and_less_than_a_whole_one(tmp_path):
    hours = [{"lane": 3, "from_s": 1800, "until_s": 3600}]
    counts = {"replications": 60}
    two, three = (
        answered(GATE | counts | {"lanes": lanes}, tmp_path)["mean_wait_s"]["value"] for lanes in (2, 3)
    )
    between = answered(GATE | counts | {"lanes": 3, "reversible": hours}, tmp_path)["mean_wait_s"]["value"]
    assert three < between < two


def test_the_answer_has_every_figure_with_its_interval(tmp_path):
    answer = answered(GATE, tmp_path)
    figures = [
        "mean_wait_s",
        "p95_wait_s",
        "probability_of_wait",
        "probability_of_spillback",
        "spillback_minutes",
    ]
    for figure in [answer[name] for name in figures] + [at["mean_waiting"] for at in answer["at"]]:
        assert list(figure) == ["value", "low", "high"]
        assert figure["low"] <= figure["value"] <= figure["high"]
    assert [at["t_s"] for at in answer["at"]] == [900, 1800]
    assert answer["at"][0]["probability_waiting_over_storage"]["value"] >= 0


def test_the_answer_for_people_tells_the_same(tmp_path):
    file = tmp_path / "gate.json"
    file.write_text(json.dumps(GATE | {"service": [EXPONENTIAL | {"mean_s": 18.0}]}))
    told = CliRunner().invoke(parking, ["gate", str(file)]).stdout
    assert "平均等候" in told and "来车多于能过的车" in told and "第 900 秒" in told
    day = tmp_path / "day.json"
    day.write_text(json.dumps(OCCUPANCY))
    assert "24 点" in CliRunner().invoke(parking, ["occupancy", str(day)]).stdout
    assert answered(OCCUPANCY, tmp_path, "occupancy")["bays"] == 30


# --- no framework, any number of processes ------------------------------------------------------------------

RUN = """
import sys
import sysconfig
from pathlib import Path
if sys.argv[1] == "without-django":
    sys.modules["django"] = None
if sys.argv[2] == "without-numba":
    sys.modules["numba"] = None
    import linli.civic.parking.domain.gate.compiled as compiled
    compiled.HAVE_NUMBA = False
from linli.site.cli import main
sys.argv = ["linli", "parking", *sys.argv[3:]]
main()
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=False
    )


def test_no_command_needs_the_framework(tmp_path):
    files = {"gate": json.dumps(GATE), "occupancy": json.dumps(OCCUPANCY)}
    counts = [
        f"P,100,{(day * 7 + hour) % 90},2026-03-{day + 1:02d} {hour:02d}:00"
        for day in range(28)
        for hour in range(8, 18)
    ]
    files["forecast"] = HEADER + "\n".join(counts) + "\n"
    for command, text in files.items():
        (tmp_path / command).write_text(text)
        options = ["--from", "2026-03-22"] if command == "forecast" else []
        done = run("without-django", "with-numba", command, str(tmp_path / command), "--json", *options)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)


def test_the_command_itself_shares_the_work_between_processes(tmp_path):
    """The others start an interpreter; this one starts the file that people call, which each process reads."""
    file = tmp_path / "gate.json"
    file.write_text(json.dumps(GATE | {"replications": 12_000}))
    command = [
        Path(sysconfig.get_path("scripts")) / "linli",
        "parking",
        "gate",
        str(file),
        "--processes",
        "2",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_numba_is_optional_and_processes_change_nothing(tmp_path):
    file = tmp_path / "gate.json"
    file.write_text(json.dumps(GATE | {"replications": 12_000}))
    plain = run("with-django", "without-numba", "gate", str(file), "--json")
    compiled = run("with-django", "with-numba", "gate", str(file), "--json", "--engine", "numba")
    assert plain.returncode == compiled.returncode == 0, plain.stderr + compiled.stderr
    assert plain.stdout == compiled.stdout.replace('"numba"', '"numpy"')
    for processes in ("2", "4"):
        options = ["--processes", processes, "--engine", "numpy"]
        shared = run("with-django", "with-numba", "gate", str(file), "--json", *options)
        assert shared.stdout == plain.stdout
    wanted = run("with-django", "without-numba", "gate", str(file), "--engine", "numba")
    assert wanted.returncode == 2 and "没有安装 numba" in wanted.stderr
