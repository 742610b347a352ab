"""Run the checks of the house and close with the counts.

    python tools/run_checks.py all | static | STEP …

``static`` is what needs no test run (format, lint, spelling, types, contracts, migrations); ``all`` adds the
suite on SQLite, the same on a PostgreSQL of our own, and the stories in a browser. A step that fails does
not stop the next; the last line tells how many tests and steps passed and failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SPELLED = (
    "src",
    "tests",
    "tools",
    "bench",
    "docs",
    "changelog.d",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
PYTEST = (sys.executable, "-m", "pytest", "-n", "2")
STEP_SECONDS = 2400


@dataclass(frozen=True, slots=True)
class Step:
    """One command. ``counted`` steps are test runs that tell how many tests passed and failed."""

    name: str
    command: tuple[str, ...]
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: seconds, and counts (a plain step counts as one)."""

    name: str
    seconds: float
    passed: int
    failed: int


STATIC = (
    Step("types", (str(BIN / "mypy"),)),
    Step("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
    Step("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
    Step("spelling", (str(BIN / "codespell"), *SPELLED)),
    Step("contracts", (str(BIN / "lint-imports"),)),
    Step("migrations", (sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")),
)
SUITES = (
    Step("suite on SQLite", (*PYTEST, "-m", "not journey"), counted=True),
    Step(
        "suite on PostgreSQL",
        (sys.executable, "tools/run_postgres.py", *PYTEST, "-m", "not journey and not pure"),
        counted=True,
    ),
    Step("browser journeys", (*PYTEST, "-m", "journey"), counted=True),
)
HOUSE = Step("house", (*PYTEST, "tests/house"), counted=True)
NAMED = {step.name: step for step in (*STATIC, HOUSE)}


def main(names: list[str]) -> int:
    """Run the named steps; 0 when all is well, 1 when something failed, 2 for an unknown name."""
    static, suites, unknown = _choose(names)
    if unknown or not names:
        print(
            f"{', '.join(unknown) or 'nothing'}: choose from all, static, {', '.join(NAMED)}", file=sys.stderr
        )
        return 2
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(_run_quietly, static))
    outcomes += [_run_loudly(step) for step in suites]
    return _close(outcomes)


def _choose(names: list[str]) -> tuple[list[Step], list[Step], list[str]]:
    static: list[Step] = []
    suites: list[Step] = []
    unknown = [name for name in names if name not in NAMED and name not in ("all", "static")]
    for name in names:
        if name in ("all", "static"):
            static += STATIC
            suites += SUITES if name == "all" else ()
        elif name in NAMED:
            (suites if NAMED[name].counted else static).append(NAMED[name])
    return static, suites, unknown


def _environment(scratch: str) -> dict[str, str]:
    """Ours without any Linli setting: a test run must never reach the database of a real house."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == "LINLI_CHROMIUM" or not name.startswith(("LINLI_", "EXPECT_", "PYTEST_", "DJANGO_", "PG"))
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "TMPDIR": scratch,
        "EXPECT_DB": "sqlite",
        "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}",
    }


def _timed(step: Step, run: Callable[[dict[str, str]], tuple[int, int]]) -> Outcome:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="linli-check-", dir="/tmp") as scratch:
        passed, failed = run(_environment(scratch))
    return Outcome(step.name, time.monotonic() - started, passed, failed)


def _run_quietly(step: Step) -> Outcome:
    """A plain step: its output is shown only when it fails."""

    def run(environment: dict[str, str]) -> tuple[int, int]:
        try:
            done = subprocess.run(
                step.command,
                cwd=ROOT,
                env=environment,
                timeout=STEP_SECONDS,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            print(f"--- {step.name}: {fault}", flush=True)
            return 0, 1
        if done.returncode:
            print(f"--- {step.name}: FAILED\n{done.stdout.rstrip()}", flush=True)
            return 0, 1
        print(f"--- {step.name}: fine", flush=True)
        return 1, 0

    return _timed(step, run)


def _run_loudly(step: Step) -> Outcome:
    """A test run: shown as it goes, counted by what it wrote down."""
    print(f"--- {step.name}", flush=True)

    def run(environment: dict[str, str]) -> tuple[int, int]:
        counts = Path(environment["TMPDIR"]) / "counts.json"
        try:
            done = subprocess.run(
                step.command,
                cwd=ROOT,
                env=environment | {"LINLI_TEST_COUNTS": str(counts)},
                timeout=STEP_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"--- {step.name}: not finished within {STEP_SECONDS} s", flush=True)
            return 0, 1
        return _counted(counts, done.returncode)

    return _timed(step, run)


def _counted(counts: Path, returncode: int) -> tuple[int, int]:
    told = json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {"passed": 0, "failed": 0}
    passed, failed = int(told["passed"]), int(told["failed"])
    if returncode and not failed or not passed:
        failed += 1
    return passed, failed


def _close(outcomes: Iterable[Outcome]) -> int:
    outcomes = list(outcomes)
    print(f"\n{'step':<22}{'seconds':>9}{'passed':>9}{'failed':>9}")
    for outcome in outcomes:
        print(f"{outcome.name:<22}{outcome.seconds:>9.1f}{outcome.passed:>9}{outcome.failed:>9}")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
