"""The pages of the count and of elections: what they show is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.civic.voting.management.elect import elect
from linli.civic.voting.management.tally import tally

PAGES = Path(__file__).parents[3] / "docs" / "algorithms"
FILE = re.compile(r"`([a-z]+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n\$ linli ([a-z]+) ([^\n]*)\n(.*?)```", re.DOTALL)
COMMANDS = {"tally": tally, "elect": elect}


@pytest.mark.parametrize("name", ["tally.md", "elections.md"])
def test_the_worked_example_comes_out_as_it_is_written(name, tmp_path, monkeypatch):
    page = (PAGES / name).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")
    shown = CONSOLE.findall(page)
    assert shown
    for command, arguments, output in shown:
        printed = CliRunner().invoke(COMMANDS[command], arguments.split()).output
        beginning = output.removesuffix("……\n")
        assert printed.startswith(beginning) if beginning != output else printed == output


def test_the_table_of_the_election_is_what_the_papers_say():
    page = (PAGES / "elections.md").read_text("utf-8")
    files = dict(FILE.findall(page))
    areas = {row.split(",")[2]: float(row.split(",")[1]) for row in files["roll.csv"].splitlines()[1:]}
    papers = {row.split(",")[0]: row.split(",") for row in files["ballots.csv"].splitlines()[1:]}
    rows = re.findall(r"^\| (.) \| ([\d, ]+) \| (\d) \| ([\d.]+) \| (yes|no) \|", page, re.MULTILINE)
    assert [row[0] for row in rows] == [row.split(",")[0] for row in files["candidates.csv"].splitlines()[1:]]
    for candidate, numbers, heads, area, majority in rows:
        chosen = numbers.split(", ")
        assert [
            number for number, paper in papers.items() if candidate in paper[3] and number != "8"
        ] == chosen
        assert int(heads) == len(chosen)
        assert float(area) == sum(areas[papers[number][2]] for number in chosen)
        assert (majority == "yes") == (2 * int(heads) > 7 and 2 * float(area) > 740)
