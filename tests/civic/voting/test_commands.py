"""``linli tally``, ``elect``, ``gap`` and ``leak-check`` as people call them; nothing starts a framework."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from linli.civic.voting.management.elect import elect
from linli.civic.voting.management.gap import gap
from linli.civic.voting.management.leak import leak_check
from linli.civic.voting.management.tally import tally

pytestmark = pytest.mark.pure

ROLL = """unit_code,area_m2,owner_ids,holder
1-101,88.50,wang,owner
1-102,100.00,li;zhao,owner
1-201,120.25,sun,owner
2-101,90.00,zhou,owner
2-102,95.50,zhou,owner
3-101,60.00,kaifa,developer
3-102,60.00,kaifa,developer
"""
BALLOTS = """ballot_no,unit_code,voter_id,choice,channel,cast_at
1,1-101,wang,agree,paper,2026-05-20T10:00
2,1-101,wang,against,online,2026-05-21T10:00
3,1-102,li,agree,online,2026-05-21T10:00
4,1-102,zhao,against,online,2026-05-21T10:00
5,1-201,sun,agree,online,2026-06-01T18:01
6,2-102,zhou,agree,meeting,2026-06-01T18:00
7,3-101,kaifa,against,paper,2026-06-01T09:59Z
8,9-101,qian,agree,paper,2026-06-01T10:00
9,3-102,wu,agree,paper,2026-06-01T10:00
"""
WHEN = ["--closed-at", "2026-06-01T18:00+08:00"]
SENTENCE_END = ("。", "。\n")


class Desk:
    """A folder with files, and the commands called in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file("roll.csv", ROLL)
        self.file("ballots.csv", BALLOTS)

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def call(
        self, command: Any, *arguments: str, roll: str = "roll.csv", ballots: str | None = "ballots.csv"
    ) -> Result:
        files = ["--roll", self.path(roll)] + (["--ballots", self.path(ballots)] if ballots else [])
        return CliRunner().invoke(command, [*files, *arguments])

    def json(self, command: Any, *arguments: str, **files: Any) -> dict[str, Any]:
        done = self.call(command, *arguments, "--json", **files)
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# --- tally -----------------------------------------------------------------------------------------


def test_the_tally_tells_every_number_and_every_row(desk: Desk) -> None:
    found = desk.json(tally, "--item", "FUND_USE", *WHEN)
    numbers = {key: value for key, value in found.items() if key.endswith(("_dm2", "_heads"))}
    assert numbers == {
        "total_area_dm2": 61425,
        "total_heads": 5,
        "participating_area_dm2": 39400,
        "participating_heads": 3,
        "agree_area_dm2": 27400,
        "agree_heads": 2,
        "against_area_dm2": 12000,
        "against_heads": 1,
        "abstain_area_dm2": 0,
        "abstain_heads": 0,
        "undecided_area_dm2": 0,
        "undecided_heads": 0,
        "missing_area_dm2": 1550,
        "missing_heads": 1,
        "missing_quorum_area_dm2": 1550,
        "missing_quorum_heads": 1,
    }
    assert (found["quorum_met"], found["passed"]) == (False, False)
    rows = {
        key: [one["row"] for one in found[key]] for key in ("superseded", "late", "not_entitled", "invalid")
    }
    assert rows == {"superseded": [3], "late": [6], "not_entitled": [9, 10], "invalid": []}
    assert [[one["row"] for one in conflict["ballots"]] for conflict in found["conflicts"]] == [[4, 5]]
    assert found["basis"]["regime"] == "CC2021"
    assert found["basis"]["quorum"] == {"fraction": "2/3", "bound": "inclusive", "words": "三分之二以上"}
    assert any(one["article"].startswith("第三十条第一款第四项") for one in found["basis"]["articles"])
    assert found["comparisons"][0]["text"].startswith("3 × 394.00 = 1,182.00 < 2 × 614.25 = 1,228.50")
    assert len(found["digest"]) == 64


def test_the_sheet_is_chinese_and_needs_no_json(desk: Desk) -> None:
    done = desk.call(tally, "--item", "FUND_USE", *WHEN)
    assert done.exit_code == 0
    assert "3 × 394.00 = 1,182.00 < 2 × 614.25 = 1,228.50: 面积还差 15.50 平方米" in done.stdout


def test_the_regime_is_that_of_the_closing_day_in_beijing(desk: Desk) -> None:
    for moment, regime in (
        ("2020-12-31T23:59", "PL2007"),
        ("2021-01-01T00:00", "CC2021"),
        ("2020-12-31T16:30Z", "CC2021"),
        ("2020-12-31", "PL2007"),
        ("2020-12-31T24:00", "PL2007"),
    ):
        found = desk.json(tally, "--item", "FUND_USE", "--closed-at", moment)
        assert found["basis"]["regime"] == regime, moment
    assert found["basis"]["class"] == "special"  # the use of the fund, before 2021


def test_a_change_of_use_before_2021_counts_as_another_major_matter_with_a_warning(desk: Desk) -> None:
    found = desk.json(tally, "--item", "COMMON_PART_USE", "--closed-at", "2019-06-01T18:00")
    assert (found["basis"]["counts_as"], found["basis"]["class"]) == ("OTHER_MAJOR", "ordinary")
    assert any("没有单列" in warning for warning in found["warnings"])


def test_the_matters_that_qingdao_names_are_known(desk: Desk) -> None:
    for code in (
        "COMMITTEE_ALLOWANCE",
        "SHARED_COST_STANDARD",
        "SERVICE_AND_FEE_PLAN",
        "COMMON_FUNDS_RULES",
        "COMMITTEE_DECISION_REVERSAL",
    ):
        assert desk.json(tally, "--item", code, *WHEN)["basis"]["class"] == "ordinary"


def test_conflicts_that_would_decide_are_printed(desk: Desk) -> None:
    found = desk.json(tally, "--item", "FUND_USE", *WHEN)
    assert found["sensitivity"] == []  # two of four heads agree either way
    ballots = BALLOTS.replace("7,3-101,kaifa,against", "7,3-101,kaifa,agree")
    desk.file("ballots.csv", ballots)
    found = desk.json(tally, "--item", "FUND_USE", *WHEN)
    assert [(one["conflicts"], one["passed"]) for one in found["sensitivity"]] == [("participate", True)]
    assert any("结果就不同" in warning for warning in found["warnings"])
    other = desk.json(tally, "--item", "FUND_USE", *WHEN, "--conflicts", "participate")
    assert other["passed"]


def test_precedence_and_invalid_are_as_declared(desk: Desk) -> None:
    desk.file("ballots.csv", BALLOTS + "10,1-201,sun,invalid,paper,2026-05-01T10:00\n")
    latest = desk.json(
        tally, "--item", "FUND_USE", *WHEN, "--precedence", "latest", "--invalid", "participate"
    )
    assert latest["against_heads"] == 2
    assert (latest["undecided_heads"], latest["participating_heads"]) == (1, 4)
    assert [one["row"] for one in latest["invalid"]] == [11]


def test_splitting_the_file_or_turning_it_round_keeps_the_digest(desk: Desk) -> None:
    whole = desk.json(tally, "--item", "FUND_USE", *WHEN)
    header, *rows = BALLOTS.splitlines(keepends=True)
    first, second = (
        desk.file("a.csv", header + "".join(rows[4:])),
        desk.file("b.csv", header + "".join(rows[:4])),
    )
    split = desk.json(
        tally, "--ballots", first, "--ballots", second, "--item", "FUND_USE", *WHEN, ballots=None
    )
    assert split["digest"] == whole["digest"]
    assert split["late"][0]["file"] == "a.csv"
    desk.file("roll.csv", ROLL.replace("88.50", "88.51"))
    assert desk.json(tally, "--item", "FUND_USE", *WHEN)["digests"]["roll"] != whole["digests"]["roll"]


def test_the_scope_leaves_the_others_out(desk: Desk) -> None:
    scope = desk.file("scope.csv", "unit_code\n1-101\n1-102\n1-201\n")
    found = desk.json(tally, "--item", "FUND_USE", *WHEN, "--scope", scope)
    assert (found["total_area_dm2"], found["total_heads"]) == (30875, 3)
    assert {one["reason"] for one in found["not_entitled"]} == {"out_of_scope", "unknown_unit"}
    assert "scope" in found["digests"]


def test_the_deemed_result_stands_beside_the_strict_one(desk: Desk) -> None:
    desk.file(
        "ballots.csv",
        "\n".join(line for line in BALLOTS.splitlines() if not line.startswith(("3,", "4,", "5,", "7,"))),
    )
    delivered = desk.file(
        "delivered.csv", "unit_code,delivered_at\n1-102,2026-05-01T09:00\n3-101,2026-05-01T09:00\n"
    )
    found = desk.json(tally, "--item", "FUND_USE", *WHEN, "--deemed", delivered)
    assert (found["passed"], found["strict"]["passed"], found["deemed"]["passed"]) == (False, False, True)
    assert (found["deemed"]["follows"], found["deemed"]["deemed_heads"]) == ("agree", 2)
    refused = desk.call(tally, "--item", "FUND_RAISING", *WHEN, "--deemed", delivered)
    assert refused.exit_code == 2
    assert "不适用“未投票的视为从多”" in refused.stderr
    assert "从“同意”" in desk.call(tally, "--item", "FUND_USE", *WHEN, "--deemed", delivered).stdout


def test_several_items_on_one_paper_have_one_result_each(desk: Desk) -> None:
    header = "ballot_no,unit_code,voter_id,choice,channel,cast_at,item\n"
    rows = "".join(
        f"{n},{unit},{voter},{choice},paper,2026-05-20T10:00,{item}\n"
        for n, (unit, voter) in enumerate(
            (("1-101", "wang"), ("1-201", "sun"), ("2-101", "zhou"), ("3-101", "kaifa"))
        )
        for item, choice in (("FUND_USE", "agree"), ("FUND_RAISING", "agree" if n < 2 else "against"))
    )
    desk.file("ballots.csv", header + rows)
    delivered = desk.file("delivered.csv", "unit_code,delivered_at\n1-102,2026-05-01T09:00\n")
    found = desk.json(tally, "--item", "FUND_USE", *WHEN, "--deemed", delivered)
    assert found["item"] == "FUND_USE"
    assert {name: one["passed"] for name, one in found["items"].items()} == {
        "FUND_USE": True,
        "FUND_RAISING": False,
    }
    assert found["items"]["FUND_RAISING"]["duplicates"] == []
    assert "deemed" not in found["items"]["FUND_RAISING"]
    assert any("重大事项不适用" in warning for warning in found["items"]["FUND_RAISING"]["warnings"])
    sheets = desk.call(tally, "--item", "FUND_USE", *WHEN).stdout
    assert sheets.count("计票结果单") == 2
    desk.file("ballots.csv", (header + rows).replace("FUND_RAISING", "补漆"))
    labelled = desk.json(tally, "--item", "FUND_USE", "--item", "补漆=REBUILD", *WHEN)
    assert labelled["items"]["补漆"]["basis"]["item"] == "REBUILD"


def test_a_repeated_number_is_warned_of_with_its_row(desk: Desk) -> None:
    desk.file("ballots.csv", BALLOTS + "1,2-101,zhou,against,paper,2026-06-01T10:00\n")
    found = desk.json(tally, "--item", "FUND_USE", *WHEN)
    assert [(one["row"], one["first_row"]) for one in found["duplicates"]] == [(11, 2)]
    assert any("票号重复" in warning for warning in found["warnings"])


def test_rules_of_ones_own_can_count_parking_areas(desk: Desk) -> None:
    header, *rows = ROLL.splitlines()
    desk.file("roll.csv", "\n".join([header + ",parking_area_m2", *(row + ",10" for row in rows)]))
    plain = desk.json(tally, "--item", "FUND_USE", *WHEN)
    assert plain["total_area_dm2"] == 61425
    assert any("车位面积" in warning for warning in plain["warnings"])
    own = desk.file(
        "own.toml",
        '[jurisdiction]\ncode = "lanwan"\nname = "澜湾小区"\nparent = "3702"\n[[version]]\nprofile = "lanwan-2024"\n'
        'title = "澜湾小区议事规则"\nfrom = 2024-01-01\nverified_on = 2026-01-01\nconfidence = "T"\n'
        '[version.facts]\ncount_parking_area = { value = true, article = "第五条", confidence = "T" }\n',
    )
    found = desk.json(tally, "--item", "FUND_USE", *WHEN, "--profile", "lanwan-2024", "--rules", own)
    assert found["total_area_dm2"] == 61425 + 7000


def test_columns_nobody_asked_for_are_named(desk: Desk) -> None:
    desk.file(
        "roll.csv",
        "\n".join(line + ("," + ("备注" if n == 0 else "x")) for n, line in enumerate(ROLL.splitlines())),
    )
    assert any(
        "用不上的列" in warning for warning in desk.json(tally, "--item", "FUND_USE", *WHEN)["warnings"]
    )


def test_no_ballots_at_all_is_a_result(desk: Desk) -> None:
    desk.file("ballots.csv", BALLOTS.splitlines()[0] + "\n")
    found = desk.json(tally, "--item", "FUND_RAISING", *WHEN)
    assert (found["participating_heads"], found["passed"]) == (0, False)
    assert (found["missing_heads"], found["missing_area_dm2"]) == (4, 40950)


# --- elect, gap, leak-check --------------------------------------------------------------------------

CANDIDATES = "candidate_id,name\nwang,王一\nsun,孙二\nzhou,周三\nhe,何四\n"
PAPERS = """ballot_no,unit_code,voter_id,choice,channel,cast_at
1,1-101,wang,wang;sun;zhou,paper,2026-05-20T10:00
2,1-201,sun,wang;sun;zhou,paper,2026-05-20T10:00
3,2-101,zhou,wang;zhou;he,paper,2026-05-20T10:00
4,3-101,kaifa,wang;sun,paper,2026-05-20T10:00
"""


def test_an_election_lists_the_elected_and_the_faults(desk: Desk) -> None:
    candidates = desk.file("candidates.csv", CANDIDATES)
    desk.file("papers.csv", PAPERS)
    wanted = ["--candidates", candidates, "--seats", "3", "--alternates", "1"]
    found = desk.json(elect, *wanted, *WHEN, ballots="papers.csv")
    assert found["elected"] == ["wang", "zhou", "sun"]
    assert found["quorum_met"]
    faults = {one["candidate_id"]: one["faults"] for one in found["candidates"] if one["faults"]}
    assert list(faults) == ["he"]
    sheet = desk.call(elect, *wanted, ballots="papers.csv").stdout
    assert "当选：王一（wang）、周三（zhou）、孙二（sun）" in sheet
    assert "没有写 --closed-at" in sheet


def test_an_election_by_rows_of_candidates(desk: Desk) -> None:
    candidates = desk.file("candidates.csv", CANDIDATES)
    header, *papers = PAPERS.splitlines()
    rows = [
        ",".join([*paper.split(",")[:3], "agree", *paper.split(",")[4:], name])
        for paper in papers
        for name in paper.split(",")[3].split(";")
    ]
    desk.file("papers.csv", "\n".join([header + ",item", *rows]))
    found = desk.json(
        elect, "--candidates", candidates, "--seats", "3", "--max-choices", "3", *WHEN, ballots="papers.csv"
    )
    assert found["elected"] == ["wang", "zhou", "sun"]


def test_the_gap_tells_the_buildings(desk: Desk) -> None:
    found = desk.json(gap, "--item", "FUND_USE", *WHEN)
    assert [(one["building"], one["silent_units"], one["unsettled_units"]) for one in found["buildings"]] == [
        ("1", ["1-201"], ["1-102"]),
        ("2", [], []),
        ("3", [], []),
    ]
    assert found["suggested_buildings"] == ["1"]
    assert "1：1 人，120.25 平方米" in desk.call(gap, "--item", "FUND_USE", *WHEN).stdout
    assert "没有写 --closed-at" in desk.call(gap, "--item", "FUND_USE").stdout


def test_the_gap_of_several_items_wants_to_know_which(desk: Desk) -> None:
    rows = [
        line + ("," + ("item" if n == 0 else "屋面" if n % 2 else "外墙"))
        for n, line in enumerate(BALLOTS.splitlines())
    ]
    desk.file("ballots.csv", "\n".join(rows))
    assert "请用 --item 写明看哪一个" in desk.call(gap, "--item", "FUND_USE", *WHEN).stderr
    assert desk.json(gap, "--item", "屋面=FUND_USE", *WHEN)["item"] == "屋面"


def test_the_leak_check_counts_the_exposed(desk: Desk) -> None:
    found = desk.json(leak_check, ballots=None)
    assert (found["owners"], found["exposed_owners"], found["exact"]) == (5, 5, True)
    assert "建议：公开记名投票" in desk.call(leak_check, ballots=None).stdout
    flats = "".join(f"1-{n},90.00,o{n},owner\n" for n in range(12))
    desk.file("flats.csv", ROLL.splitlines()[0] + "\n" + flats)
    assert (
        "没有人会因为公布精确总数而被推算出来" in desk.call(leak_check, ballots=None, roll="flats.csv").stdout
    )


# --- what is wrong is one sentence with the place ------------------------------------------------------

HEADER = BALLOTS.splitlines()[0]
ROW = "1,1-101,wang,agree,paper,2026-05-20T10:00\n"
UNIT = "1-101,88.50,wang,owner\n"
ROLL_HEADER = ROLL.splitlines()[0]
MALFORMED_FILES: list[tuple[str, str, str | bytes, str]] = [
    ("roll without a column", "roll.csv", "unit_code,owner_ids,holder\n1-1,a,owner\n", "名册第 1 行"),
    (
        "roll with a column twice",
        "roll.csv",
        f"{ROLL_HEADER},area_m2\n1-1,8,a,owner,8\n",
        "area_m2 出现了 2 次",
    ),
    ("empty roll", "roll.csv", "", "空"),
    ("roll of blanks", "roll.csv", "\n\n\n", "空"),
    ("roll without units", "roll.csv", ROLL_HEADER + "\n", "没有任何房屋"),
    ("area NaN", "roll.csv", f"{ROLL_HEADER}\n1-1,NaN,a,owner\n", "第 2 行"),
    ("area infinite", "roll.csv", f"{ROLL_HEADER}\n1-1,inf,a,owner\n", "第 2 行"),
    ("area negative", "roll.csv", f"{ROLL_HEADER}\n{UNIT}1-2,-88.50,b,owner\n", "第 3 行"),
    ("area zero", "roll.csv", f"{ROLL_HEADER}\n1-1,0.00,a,owner\n", "第 2 行"),
    ("area too fine", "roll.csv", f"{ROLL_HEADER}\n1-1,88.505,a,owner\n", "第 2 行"),
    ("area in letters", "roll.csv", f"{ROLL_HEADER}\n1-1,八十八,a,owner\n", "第 2 行"),
    ("area 1e3", "roll.csv", f"{ROLL_HEADER}\n1-1,1e3,a,owner\n", "第 2 行"),
    ("area too large", "roll.csv", f"{ROLL_HEADER}\n1-1,99999999999,a,owner\n", "第 2 行"),
    ("unit twice", "roll.csv", f"{ROLL_HEADER}\n{UNIT}{UNIT}", "第 3 行"),
    ("unit twice, full width", "roll.csv", f"{ROLL_HEADER}\n{UNIT}１－１０１,9,b,owner\n", "第 3 行"),
    ("no owner", "roll.csv", f"{ROLL_HEADER}\n1-1,88,,owner\n", "第 2 行"),
    ("unknown holder", "roll.csv", f"{ROLL_HEADER}\n1-1,88,a,tenant\n", "第 2 行"),
    ("short row", "roll.csv", f"{ROLL_HEADER}\n1-1,88,a\n", "第 2 行"),
    ("semicolons", "roll.csv", ROLL.replace(",", ";"), "第 1 行"),
    ("open quote", "roll.csv", f'{ROLL_HEADER}\n1-1,"88,a,owner\n', "第 2 行"),
    ("zero byte", "roll.csv", f"{ROLL_HEADER}\n1-1,8\0,a,owner\n", "第 2 行"),
    ("utf-16", "roll.csv", ROLL.encode("utf-16"), "UTF-16"),
    ("a workbook", "roll.csv", b"PK\x03\x04" + b"x" * 60, "xlsx"),
    (
        "mixed encodings",
        "roll.csv",
        f"{ROLL_HEADER}\n1号楼-1,8,张,owner\n".encode() + "2号楼-1,8,李,owner\n".encode("gb18030"),
        "编码",
    ),
    ("neither encoding", "roll.csv", f"{ROLL_HEADER}\n".encode() + b"\xff\xff\xff,8,a,owner\n", "第 2 行"),
    ("a line without end", "roll.csv", f"{ROLL_HEADER}\n1-1,8,{'a' * 70_000},owner\n", "第 2 行太长"),
    ("200 MB line", "ballots.csv", HEADER.encode() + b"\n" + b"x" * 200_000_000, "第 2 行太长"),
    ("ballots without a column", "ballots.csv", "ballot_no,unit_code,choice\n1,1-1,agree\n", "表决票第 1 行"),
    (
        "unknown choice",
        "ballots.csv",
        f"{HEADER}\n{ROW}{ROW.replace('agree', 'maybe').replace('1,', '2,', 1)}",
        "第 3 行",
    ),
    ("unknown channel", "ballots.csv", f"{HEADER}\n{ROW.replace('paper', 'fax')}", "第 2 行"),
    ("no voter", "ballots.csv", f"{HEADER}\n{ROW.replace('wang', '')}", "第 2 行"),
    ("no number", "ballots.csv", f"{HEADER}\n,{ROW.partition(',')[2]}", "第 2 行"),
    ("no time", "ballots.csv", f"{HEADER}\n1,1-101,wang,agree,paper,\n", "第 2 行"),
    ("day without time", "ballots.csv", f"{HEADER}\n1,1-101,wang,agree,paper,2026-05-20\n", "第 2 行"),
    ("30 February", "ballots.csv", f"{HEADER}\n1,1-101,wang,agree,paper,2026-02-30T10:00\n", "第 2 行"),
    ("empty item", "ballots.csv", f"{HEADER},item\n{ROW.strip()},\n", "第 2 行"),
    ("unknown item", "ballots.csv", f"{HEADER},item\n{ROW.strip()},FUND_UES\n", "FUND_UES"),
    ("empty ballots", "ballots.csv", "", "空"),
    ("long row", "ballots.csv", f"{HEADER}\n{ROW.strip()},x\n", "第 2 行"),
]


@pytest.mark.parametrize(
    ("name", "file", "content", "place"), MALFORMED_FILES, ids=[row[0] for row in MALFORMED_FILES]
)
def test_a_malformed_file_gets_one_sentence_with_the_place(
    desk: Desk, name: str, file: str, content: str | bytes, place: str
) -> None:
    desk.file(file, content)
    _one_sentence(desk.call(tally, "--item", "FUND_USE", *WHEN), place)


def _one_sentence(done: Result, place: str) -> None:
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert place in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.strip().endswith(("。", "）"))
    assert "Traceback" not in done.stderr


GOOD = ["--item", "FUND_USE", *WHEN]
WRONG_CALLS: list[tuple[list[str], str]] = [
    (["--item", "FUND_USE"], "--closed-at"),
    ([*WHEN], "--item"),
    (["--item", "NO_SUCH", *WHEN], "NO_SUCH"),
    (["--item", "FUND_USE", "--closed-at", "昨天"], "昨天"),
    (["--item", "FUND_USE", "--closed-at", "1999-01-01T10:00"], "1999-01-01"),
    ([*GOOD, "--profile", "mars"], "mars"),
    ([*GOOD, "--precedence", "loudest"], "loudest"),
    ([*GOOD, "--conflicts", "ignore"], "ignore"),
    ([*GOOD, "--invalid", "ignore"], "ignore"),
    ([*GOOD, "--scope", "nowhere.csv"], "nowhere.csv"),
    ([*GOOD, "--deemed", "nowhere.csv"], "nowhere.csv"),
    ([*GOOD, "--rules", "nowhere.toml"], "nowhere.toml"),
    ([*GOOD, "--ballots", "nowhere.csv"], "nowhere.csv"),
    ([*GOOD, "--ballots", "."], "文件夹"),
    ([*GOOD, "--colour", "red"], "--colour"),
    ([*GOOD, "--item", "COVENANT"], "几个事项"),
]


@pytest.mark.parametrize(("arguments", "place"), WRONG_CALLS)
def test_a_wrong_call_gets_one_sentence(desk: Desk, arguments: list[str], place: str) -> None:
    _one_sentence(desk.call(tally, *arguments), place)


def test_wrong_lists_beside_the_roll_are_refused_too(desk: Desk) -> None:
    for option, content, place in (
        ("--scope", "unit_code\n8-888\n", "8-888"),
        ("--scope", "unit_code\n", "列支范围"),
        ("--scope", "unit\n1\n", "列支范围第 1 行"),
        ("--deemed", "unit_code,delivered_at\n1-101,昨天\n", "送达表第 2 行"),
        ("--rules", "[jurisdiction\n", "own.csv"),
    ):
        path = desk.file("own.csv", content)
        _one_sentence(desk.call(tally, *GOOD, option, path), place)


def test_files_with_and_without_items_do_not_mix(desk: Desk) -> None:
    other = desk.file("other.csv", f"{HEADER},item\n2,1-201,sun,agree,paper,2026-05-20T10:00,FUND_USE\n")
    _one_sentence(desk.call(tally, *GOOD, "--ballots", other), "item 列")


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["--seats", "4"], "双数"),
        (["--seats", "1"], "至少 3 人"),
        (["--seats", "三"], "应选名额"),
        (["--seats", "3", "--alternates", "-1"], "负数"),
        (["--seats", "3", "--ties", "coin"], "coin"),
        (["--seats", "3", "--max-choices", "0"], "至少为 1"),
        (["--seats", "3", "--profile", "mars"], "mars"),
        ([], "--seats"),
    ],
)
def test_a_wrong_election_gets_one_sentence(desk: Desk, arguments: list[str], place: str) -> None:
    candidates = desk.file("candidates.csv", CANDIDATES)
    desk.file("papers.csv", PAPERS)
    _one_sentence(desk.call(elect, "--candidates", candidates, *arguments, ballots="papers.csv"), place)


@pytest.mark.parametrize(
    ("papers", "place"),
    [
        (BALLOTS, "没有 item 列"),
        (f"{HEADER},item\n1,1-101,wang,yes,paper,2026-05-20T10:00,wang\n", "第 2 行"),
        (HEADER + "\n", "--closed-at"),
        (f"{HEADER}\n1,1-101,wang,,paper,2026-05-20T10:00\n", "第 2 行"),
    ],
)
def test_wrong_papers_get_one_sentence(desk: Desk, papers: str, place: str) -> None:
    candidates = desk.file("candidates.csv", CANDIDATES)
    desk.file("papers.csv", papers)
    _one_sentence(desk.call(elect, "--candidates", candidates, "--seats", "3", ballots="papers.csv"), place)


@pytest.mark.parametrize(
    ("arguments", "place"),
    [(["--trials", "0"], "1 到 1000"), (["--trials", "x"], "试的次数"), (["--seed", "x"], "随机种子")],
)
def test_a_wrong_leak_check_gets_one_sentence(desk: Desk, arguments: list[str], place: str) -> None:
    _one_sentence(desk.call(leak_check, *arguments, ballots=None), place)


# --- no framework ----------------------------------------------------------------------------------------

BLOCKED = """
import sys

class NoFramework:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ImportError(f"{name} is out of reach")

sys.meta_path.insert(0, NoFramework())
from linli.site.cli import linli
linli(sys.argv[1:], prog_name="linli")
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["tally", "--roll", "roll.csv", "--ballots", "ballots.csv", "--item", "FUND_USE", *WHEN],
        ["gap", "--roll", "roll.csv", "--ballots", "ballots.csv", "--item", "FUND_USE"],
        [
            "elect",
            "--roll",
            "roll.csv",
            "--ballots",
            "papers.csv",
            "--candidates",
            "candidates.csv",
            "--seats",
            "3",
        ],
        ["leak-check", "--roll", "roll.csv"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_commands_start_no_framework(desk: Desk, arguments: list[str]) -> None:
    desk.file("papers.csv", PAPERS)
    desk.file("candidates.csv", CANDIDATES)
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *arguments],
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
