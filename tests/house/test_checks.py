"""The closing counts tell the truth: nothing fails unseen, and no run reaches a real database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tools import run_checks
from tools.run_checks import Step

from tests.conftest import ALLOWED_SKIPS
from tests.house.tree import ROOT


@pytest.mark.parametrize(
    ("told", "returncode", "counts"),
    [
        ('{"passed": 5, "failed": 0}', 0, (5, 0)),
        ('{"passed": 4, "failed": 1}', 1, (4, 1)),
        ('{"passed": 5, "failed": 0}', 3, (5, 1)),  # the run itself broke
        ('{"passed": 0, "failed": 0}', 0, (0, 1)),  # a suite without tests proves nothing
        (None, 2, (0, 1)),
    ],
)
def test_counts_of_a_suite(
    tmp_path: Path, told: str | None, returncode: int, counts: tuple[int, int]
) -> None:
    path = tmp_path / "counts.json"
    if told:
        path.write_text(told, encoding="utf-8")
    assert run_checks._counted(path, returncode) == counts


def test_a_failed_step_is_shown_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    fine = run_checks._run_quietly(Step("fine", (sys.executable, "-c", "print('quiet')")))
    broken = run_checks._run_quietly(Step("broken", (sys.executable, "-c", "import sys; sys.exit('why')")))
    assert (fine.passed, fine.failed, broken.passed, broken.failed) == (1, 0, 0, 1)
    assert run_checks._close([fine, broken]) == 1
    told = capfd.readouterr().out
    assert "quiet" not in told and "why" in told
    assert told.splitlines()[-1] == "1 passed, 1 failed"


def test_no_setting_of_a_real_house_reaches_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_DATABASE", "postgresql://real@/house")
    monkeypatch.setenv("PGHOST", "db.internal")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    environment = run_checks._environment("/tmp")
    assert not {"LINLI_DATABASE", "PGHOST", "DJANGO_SETTINGS_MODULE"} & set(environment)
    assert environment["EXPECT_DB"] == "sqlite"


def test_an_unknown_step_is_refused() -> None:
    assert run_checks.main(["nonsense"]) == run_checks.main([]) == 2


def test_every_allowed_skip_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in ALLOWED_SKIPS.values())


def test_a_suite_that_means_postgresql_and_runs_on_sqlite_fails(tmp_path: Path) -> None:
    """The trap: a suite can be told too late which database to use, and then passes on the wrong one."""
    test = tmp_path / "test_it.py"
    test.write_text("import pytest\n\n@pytest.mark.django_db\ndef test_it():\n    pass\n", encoding="utf-8")
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINLI_", "EXPECT_", "PYTEST_"))
    }
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir=.", str(test)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment | {"EXPECT_DB": "postgresql"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the suite should run on postgresql, and runs on sqlite" in done.stdout
