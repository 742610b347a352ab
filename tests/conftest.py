"""What every test may rely on: the database it says it is, nothing skipped in silence, one browser."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The browser's driver runs an event loop in the main thread, beside which Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A slow machine is no fault of the rule under test; in continuous integration the same cases come every time.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), database=None)
settings.load_profile("house")

ALLOWED_SKIPS: dict[str, str] = {}  # test id (or its beginning) → why it may be skipped
PURE_FOLDERS = frozenset({"domain", "kernel", "house"})
DATABASE_FIXTURES = frozenset(
    {"db", "transactional_db", "live_server", "django_db_setup", "client", "chromium"}
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# --- the database -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The suite runs on the database that it was told to run on, in the folder it was told of.

    A suite that means to try PostgreSQL and quietly runs on SQLite would prove nothing.
    """
    from django.db import connection

    expected, folder = os.environ.get("EXPECT_DB"), os.environ.get("EXPECT_PGDATA")
    if expected is None:
        return
    assert connection.vendor == expected, (
        f"the suite should run on {expected}, and runs on {connection.vendor}"
    )
    if folder:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            assert cursor.fetchone() == (folder,), "this is not the server that was started for the suite"


# --- the browser ------------------------------------------------------------------------------------------


def browser_path() -> str | None:
    """The installed Chromium; None lets the driver use its own, if it has one."""
    named = os.environ.get("LINLI_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole session; open a context of your own for each story."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path(), args=list(BROWSER_FLAGS))
        yield browser
        browser.close()


# --- which tests need neither database nor browser ----------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is run once only: what needs a browser is a ``journey``, what needs no database is ``pure``."""
    for item in items:
        if "journeys" in item.path.parts or "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.journey)
        elif PURE_FOLDERS.intersection(item.path.parts) and not _asks_for_database(item):
            item.add_marker(pytest.mark.pure)


def _asks_for_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


# --- nothing is skipped in silence, and everything is counted ------------------------------------------------


class Tally:
    """What became of every test; kept by the process that reports, not by its workers."""

    def __init__(self) -> None:
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.skipped: dict[str, str] = {}

    def note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        """Note one report; a test whose set-up or tear-down fails has failed."""
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.skipped[report.nodeid] = _reason(report)
        elif getattr(report, "when", None) == "call":
            self.passed.add(report.nodeid)

    def unexcused(self) -> dict[str, str]:
        """The skipped tests that nobody allowed."""
        return {
            test: reason
            for test, reason in self.skipped.items()
            if not any(test.startswith(allowed) for allowed in ALLOWED_SKIPS)
        }


TALLY = Tally()


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return f"expected to fail: {expected}"
    told = report.longrepr
    return str(told[2]) if isinstance(told, tuple) else str(told)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    TALLY.note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if not report.passed:
        TALLY.note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    if TALLY.unexcused() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    counts = os.environ.get("LINLI_TEST_COUNTS")
    if counts:
        failed = len(TALLY.failed) + len(TALLY.unexcused())
        passed = len(TALLY.passed - TALLY.failed)
        Path(counts).write_text(json.dumps({"passed": passed, "failed": failed}), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for test, reason in sorted(TALLY.unexcused().items()):
        terminalreporter.write_line(f"SKIPPED WITHOUT LEAVE {test}: {reason}", red=True)
