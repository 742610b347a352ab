"""``linli law`` as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from linli.registry.regulations.management.law import law

pytestmark = pytest.mark.pure

QINGDAO = ["--profile", "cn-3702-qingdao"]


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(law, list(arguments))


def _json(*arguments: str) -> dict[str, Any]:
    done = _call(*arguments, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_explain_in_words_and_as_data() -> None:
    asked = ["explain", *QINGDAO, "--item", "FUND_RAISING", "--on", "2026-06-01"]
    assert "四分之三以上" in _call(*asked).stdout
    found = _json(*asked)
    assert (found["class"], found["approval"]["fraction"], found["facts"]["notice_days"]["value"]) == (
        "special",
        "3/4",
        15,
    )


def test_deadlines_in_words_and_as_data() -> None:
    asked = [
        "deadlines",
        *QINGDAO,
        "--meeting",
        "2026-03-20",
        "--term-ends",
        "2026-06-30",
        "--prep-formed",
        "2026-02-02",
    ]
    assert "2026-03-05  最迟在这一天通知全体业主" in _call(*asked).stdout
    dates = {one["code"]: one["date"] for one in _json(*asked)["deadlines"]}
    assert dates["notice"] == "2026-03-05"
    assert dates["re_election_meeting"] == "2026-05-01"
    only = _json("deadlines", *QINGDAO, "--meeting", "2026-03-20", "--item", "FUND_USE")["deadlines"]
    assert {one["code"] for one in only} == {
        "notice",
        "fund_plan_posted",
        "decision_published",
        "posting_kept",
        "revocation",
    }


def test_full_width_letters_and_digits_are_read_as_what_they_are() -> None:
    wide = _call("explain", "--profile", "３７０２", "--item", "ＦＵＮＤ＿ＵＳＥ", "--on", "２０２６-0６-０1")
    assert wide.stdout == _call("explain", *QINGDAO, "--item", "FUND_USE", "--on", "2026-06-01").stdout
    assert _json("deadlines", "--profile", "３７０２", "--meeting", "２０２６-03-20")["deadlines"]


def test_list_names_everything() -> None:
    assert "SHARED_COST_STANDARD" in _call("list").stdout
    assert {one["code"] for one in _json("list")["jurisdictions"]} == {"cn", "37", "3702", "370211"}


def test_a_table_and_rules_of_ones_own(tmp_path: Path) -> None:
    table = tmp_path / "days.csv"
    table.write_text(
        "date,name,is_off_day\n2026-01-01,元旦,1\n2026-05-01,劳动节,1\n2026-10-01,国庆节,1\n2026-03-23,厂休,1\n"
    )
    found = _json("deadlines", *QINGDAO, "--meeting", "2026-03-20", "--table", str(table))["deadlines"]
    moved = next(one for one in found if one["code"] == "decision_published")
    assert (moved["date"], moved["moved_from"]) == ("2026-03-24", "2026-03-23")
    rules = tmp_path / "own.toml"
    rules.write_text('[jurisdiction]\ncode = "lanwan"\nname = "澜湾小区"\nparent = "370211"\n')
    assert (
        "澜湾小区"
        in _call(
            "explain", "--profile", "lanwan", "--rules", str(rules), "--item", "REBUILD", "--on", "2026-06-01"
        ).stdout
    )


WRONG = [
    (["explain", "--item", "FUND_USE", "--on", "2026-06-01"], "--profile"),
    (["explain", *QINGDAO, "--item", "FUND_USE", "--on", "六月"], "六月"),
    (["explain", *QINGDAO, "--item", "FUND_USE", "--on", "2026-02-30"], "2026-02-30"),
    (["explain", *QINGDAO, "--item", "PARTY", "--on", "2026-06-01"], "PARTY"),
    (["explain", "--profile", "mars", "--item", "FUND_USE", "--on", "2026-06-01"], "mars"),
    (["explain", *QINGDAO, "--item", "FUND_USE", "--on", "1990-06-01"], "1990-06-01"),
    (["explain", *QINGDAO, "--item", "FUND_USE", "--on", "2026-06-01", "--rules", "no.toml"], "no.toml"),
    (["deadlines", *QINGDAO], "--meeting"),
    (["deadlines", *QINGDAO, "--meeting", "2026-12-30"], "2027"),
    (["deadlines", *QINGDAO, "--meeting", "20260320"], "20260320"),
    (["deadlines", *QINGDAO, "--meeting", "2026-03-20", "--item", "PARTY"], "PARTY"),
    (["deadlines", *QINGDAO, "--meeting", "2026-03-20", "--table", "no.csv"], "no.csv"),
    (["deadlines", *QINGDAO, "--meeting", "2026-03-20", "--term-ends", "soon"], "soon"),
    (["repeal"], "repeal"),
]


@pytest.mark.parametrize(("arguments", "place"), WRONG)
def test_a_wrong_call_gets_one_sentence_with_the_place(arguments: list[str], place: str) -> None:
    done = _call(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert place in done.stderr
    assert done.stderr.count("\n") == 1


BLOCKED = """
import sys

class NoFramework:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("django", "numpy"):
            raise ImportError(f"{name} is out of reach")

sys.meta_path.insert(0, NoFramework())
from linli.site.cli import linli
linli(sys.argv[1:], prog_name="linli")
"""


def test_law_starts_no_framework() -> None:
    asked = ["law", "explain", *QINGDAO, "--item", "FUND_USE", "--on", "2026-06-01"]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "第三十条第一款第四项" in done.stdout
