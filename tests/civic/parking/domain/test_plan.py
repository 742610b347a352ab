"""The plan: laws that hold whatever the numbers are, what is refused, and what people read."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from click.testing import CliRunner

from linli.civic.parking.domain.plan.specification import LEVELS
from linli.civic.parking.domain.plan.steps import Limits
from linli.civic.parking.management.parking import parking
from tests.civic.parking.domain.plan_worlds import Spec, search_of, tiny

LAWFUL = range(100, 124)


def values(spec: Spec) -> tuple[float, ...] | None:
    """The five values of the best plan, solved to a gap of 0; None when there is no plan."""
    search = search_of(spec)
    found = search.best(LEVELS, Limits(cost_fen=spec["budget_fen"]))
    if found is None:
        return None
    assert all(step.gap == 0 for step in found.steps)
    return tuple(round(search.judge.value(found.decision, level), 6) for level in LEVELS)


@pytest.mark.parametrize("seed", LAWFUL)
def test_more_budget_never_worsens_the_objective(seed: int) -> None:
    spec = tiny(seed)
    before = values(spec)
    for more in (1_000, 5_000, 50_000):
        spec["budget_fen"] += more
        after = values(spec)
        assert before is None or (after is not None and after <= before)
        before = after


@pytest.mark.parametrize("seed", LAWFUL)
def test_a_tighter_walking_limit_never_improves_the_objective(seed: int) -> None:
    """Of what walking decides: bays that are missing. With less reach the same plan only loses."""
    spec = tiny(seed)
    told = []
    for elderly, other in ((400, 600), (200, 500), (100, 250), (40, 80)):
        spec["classes"] = [
            {"id": "elderly", "walk_limit_m": elderly, "unmet_weight": 1.5, "walk_weight": 2},
            {"id": "other", "walk_limit_m": other},
        ]
        found = values(spec)
        told.append(found[:2] if found else None)
    for wider, tighter in zip(told, told[1:], strict=False):
        assert wider is None or tighter is None or wider <= tighter


def answer(spec: Spec) -> dict[str, Any]:
    done = CliRunner().invoke(parking, ["plan", "-", "--json", "--quiet"], input=json.dumps(spec))
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def test_an_answer_holds_everything_that_a_committee_asks_for() -> None:
    found = answer(tiny(3))
    assert {"do_nothing", "cheapest_feasible", "best", "runners_up", "frontier", "why_not"} <= set(found)
    assert [step["level"] for step in found["best"]["steps"]] == list(LEVELS)
    assert len(found["frontier"]) >= 8
    assert found["digest"] == answer(tiny(3))["digest"], "the same question, the same answer"


def test_every_street_that_was_not_chosen_has_its_reason() -> None:
    for seed in range(8):
        found = answer(tiny(seed))
        chosen = json.dumps(found["best"], ensure_ascii=False)
        for reason in found["why_not"]:
            assert reason["reason"] if "reason" in reason else any(reason.values())
        named = json.dumps(found["why_not"], ensure_ascii=False)
        for street in tiny(seed)["streets"]:
            assert f'"{street["id"]}"' in chosen + named, (seed, street["id"])


def test_people_read_the_same() -> None:
    done = CliRunner().invoke(parking, ["plan", "-", "--quiet"], input=json.dumps(tiny(3)))
    assert done.exit_code == 0
    for word in ("什么都不做", "推荐", "预算"):
        assert word in done.stdout


GOOD = tiny(3)


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


BLOCKED = copy.deepcopy(GOOD)
for _street in BLOCKED["streets"]:
    _street["blocked"] = "地铁保护区"

MALFORMED: list[tuple[Spec | str, str]] = [
    ("", "文件是空的"),
    ("{", "不是合法的 JSON"),
    ('{"budget_fen"：1}', "全角字符"),
    ("[]", "应是一个对象"),
    (changed("budget_fen", None), "budget_fen：缺少这一项"),
    (changed("budget_fen", -1), "budget_fen：不能小于 0"),
    (changed("budget_fen", 0.5), "budget_fen：要写整数"),
    (changed("budget_fen", "100"), "budget_fen：要写数字"),
    (json.dumps(changed("budget_fen", "NaN")).replace('"NaN"', "NaN"), "budget_fen：NaN 不是一个数"),
    (changed("gap", 2), "gap：不能大于"),
    (changed("periods", []), "periods：至少要写 1 项"),
    (changed("periods.0.hours", 0), "periods[0].hours：要大于 0"),
    (changed("periods.0.hours", 25), "periods[0].hours：不能大于 24"),
    (changed("periods.1.hours", 20), "各时段加起来超过 24 小时"),
    (changed("buildings", []), "buildings：至少要写 1 项"),
    (changed("buildings.1.id", "甲"), "编号“甲”重复了"),
    (changed("streets.0.bays", 0), "streets[0].bays：不能小于 1"),
    (changed("streets.0.plans", []), "streets[0].plans：至少要写 1 项"),
    (changed("streets.0.plans.0.periods", ["深夜"]), "streets[0].plans[0].periods"),
    (changed("streets.0.walk_m", {"丁": 100}), "没有这一栋"),
    (changed("streets.0.walk_m", -5), "不能小于 0"),
    (changed("streets.0.colour", "red"), "streets[0].colour：没有这一项"),
    (BLOCKED, "所有路段都被禁止"),
    (changed("lots.0.id", "S0"), "共享车场的编号“S0”与一条路段相同"),
    (changed("lots.0.overstay.nights", []), "nights"),
    (changed("lots.0.overstay.nights.0.overstayed", 99), "overstay"),
    (changed("overstay_tolerance", 1.5), "overstay_tolerance：不能大于 1"),
    (changed("gates.0.settings", []), "gates[0].settings：至少要写 1 项"),
    (changed("gates.0.settings.0.spillback", {"晚高峰": 1.5}), "spillback"),
    (changed("findings", [{"street": "S9", "rule": "x", "severity": "block"}]), "没有“S9”这条路段"),
    (changed("findings", [{"street": "S0", "rule": "x", "severity": "fatal"}]), "severity：只能是"),
    (changed("exclusions", [{"members": ["S0", "S9"], "reason": "x"}]), "S9"),
    (changed("scenarios", []), "scenarios"),
    (changed("scenarios.0.weight", 0), "scenarios[0].weight"),
    (changed("frontier_fen", [-1]), "frontier_fen[0]：不能小于 0"),
]


@pytest.mark.parametrize(("spec", "told"), MALFORMED)
def test_a_wrong_question_is_refused_with_its_place(spec: Spec | str, told: str) -> None:
    text = spec if isinstance(spec, str) else json.dumps(spec, ensure_ascii=False)
    done = CliRunner().invoke(parking, ["plan", "-", "--quiet"], input=text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert told in done.stderr


def test_a_line_of_200_megabytes_is_refused_at_once(tmp_path) -> None:
    file = tmp_path / "long.json"
    with file.open("wb") as long:
        long.write(b'{"streets":')
        long.truncate(200 * 2**20)
    for command in ("plan", "legal"):
        done = CliRunner().invoke(parking, [command, str(file)])
        assert done.exit_code == 2
        assert "第 1 行太长" in done.stderr
