"""The worked examples of docs/algorithms are run: what a page shows is what comes out."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.ground.kernel import commands
from linli.ground.kernel.merkle.__main__ import main as merkle_command

PAGES = Path(__file__).parents[3] / "docs" / "algorithms"
COMMANDS = {
    "linli rmb": commands.rmb,
    "linli workdays": commands.workdays,
    "linli apportion": commands.apportion,
    "linli check-code": commands.check_code,
    "python -m linli.ground.kernel.merkle": merkle_command,
}
FILE = re.compile(r"`([a-z]+\.(?:csv|json))`:\n\n```(?:csv|json)\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def examples(page):
    """Every command of the page with the output it shows."""
    for block in CONSOLE.findall(page):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            yield command, output


@pytest.mark.parametrize("name", ["apportionment.md", "statutory-clocks.md", "merkle-log.md"])
def test_the_worked_examples_come_out_as_they_are_written(name, tmp_path, monkeypatch):
    page = (PAGES / name).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")
    shown = list(examples(page))
    assert shown, "a page without an example"
    for line, output in shown:
        start = next(start for start in COMMANDS if line.startswith(start))
        result = CliRunner().invoke(COMMANDS[start], line.removeprefix(start).split())
        assert result.output == output, line


def test_the_table_of_the_apportionment_page_is_right():
    """Exact shares, whole fen and remainders, to four decimals, by integers alone."""
    page = (PAGES / "apportionment.md").read_text("utf-8")
    for area, whole, remainder in ((8851, 323217, 9374), (12033, 439417, 1779), (6500, 237364, 8846)):
        assert divmod(1_000_000 * area * 10_000 // 27384, 10_000) == (whole, remainder)
        assert f"{whole:,}.{remainder}… | {whole:,} | .{remainder}…" in page
