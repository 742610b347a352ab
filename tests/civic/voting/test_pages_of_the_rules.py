"""The page of the count: what it shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from linli.civic.voting.management.tally import tally

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "tally.md"
FILE = re.compile(r"`([a-z]+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n\$ linli tally ([^\n]*)\n(.*?)```", re.DOTALL)


def test_the_worked_example_comes_out_as_it_is_written(tmp_path, monkeypatch):
    page = PAGE.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")
    shown = CONSOLE.findall(page)
    assert shown
    for arguments, output in shown:
        assert CliRunner().invoke(tally, arguments.split()).output == output
