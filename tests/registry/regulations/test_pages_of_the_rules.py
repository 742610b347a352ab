"""The page of the rules: what it shows is what comes out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from click.testing import CliRunner

from linli.registry.regulations.management.law import law
from linli.registry.regulations.queries import law_book_with

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "which-rule-holds.md"
CONSOLE = re.compile(r"```console\n\$ linli law ([^\n]*)\n(.*?)```", re.DOTALL)


def test_the_worked_examples_come_out_as_they_are_written():
    shown = CONSOLE.findall(PAGE.read_text("utf-8"))
    assert len(shown) == 3
    for arguments, output in shown:
        printed = CliRunner().invoke(law, arguments.split()).output
        beginning = output.removesuffix("……\n")
        assert printed.startswith(beginning) if beginning != output else printed == output


def test_the_rules_of_ones_own_on_the_page_are_rules():
    [own] = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    profile = law_book_with({"own.toml": own}).resolve("lanwan", on=date(2026, 6, 1))
    assert profile.ruling("FUND_USE").count_parking_area
    assert profile.fact("notice_days").value == 15
