"""The page of camps and common ground: what it shows is what comes out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from click.testing import CliRunner

from linli.civic.deliberation.management.opinions import opinions

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "opinions.md"
FILE = re.compile(r"`([a-z]+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n\$ linli opinions ([^\n]*)\n(.*?)```", re.DOTALL)
TABLE = re.compile(r"^\| (s\d) \| (\d), (\d), (\d) \| (\d), (\d), (\d) \|", re.MULTILINE)
LARGER, SMALLER = "安白陈杜冯", "葛何金李"


def test_the_worked_example_comes_out_as_it_is_written(tmp_path, monkeypatch):
    page = PAGE.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")
    [(arguments, output)] = CONSOLE.findall(page)
    assert CliRunner().invoke(opinions, arguments.split()).output == output


def test_the_table_counts_the_answers_of_both_camps():
    page = PAGE.read_text("utf-8")
    votes = [row.split(",") for row in dict(FILE.findall(page))["votes.csv"].splitlines()[1:]]
    rows = TABLE.findall(page)
    assert [row[0] for row in rows] == ["s1", "s2", "s3", "s4", "s5"]
    for statement, *numbers in rows:
        told = [int(number) for number in numbers]
        for camp, counted in ((LARGER, told[:3]), (SMALLER, told[3:])):
            choices = Counter(
                choice for person, about, choice in votes if person in camp and about == statement
            )
            assert [choices[word] for word in ("agree", "disagree", "pass")] == counted
