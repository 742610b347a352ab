"""Clerks without a browser: processes that report one thing after the other by the action itself.

    python -m bench.district.writers NUMBER OF ALONE COMPOUNDS HOMES CROWD REQUESTS

Writes a line when ready; then, for every number of seconds read from its input, how many reports it made in how many
seconds.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.district.filling import District

TEXT = "楼道的灯坏了，三天了没人来。"
Act = Callable[[], None]


@contextmanager
def at_work(district: District, *, alone: bool, count: int) -> Iterator[Callable[[float], tuple[int, float]]]:
    """So many processes; call with seconds to let them all report, and hear how many reports that made in how long."""
    clerks = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.district.writers"]
            + [str(int(one)) for one in (number, count, alone, *astuple(district))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]

    def report(seconds: float) -> tuple[int, float]:
        for clerk in clerks:
            assert clerk.stdin
            clerk.stdin.write(f"{seconds}\n")
            clerk.stdin.flush()
        told = [_line(clerk).split() for clerk in clerks]
        return sum(int(made) for made, _ in told), max(float(took) for _, took in told)

    try:
        for clerk in clerks:
            assert _line(clerk) == "ready"
        yield report
    finally:
        for clerk in clerks:
            assert clerk.stdin
            clerk.stdin.close()
            clerk.wait(timeout=30)


def _line(clerk: subprocess.Popen[str]) -> str:
    assert clerk.stdout
    line = clerk.stdout.readline().strip()
    assert line, "a process that reports has ended"
    return line


def reports(district: District, accounts: list[int]) -> Iterator[Act]:
    """Reports of these owners in turn, each in their own compound."""
    from django.utils import timezone

    from bench.district.filling import FIRST_ACCOUNT, FIRST_COMPOUND
    from linli.civic.requests import actions
    from linli.registry.people import queries as people

    today = timezone.now().date()
    owners = [
        (people.actor_of(FIRST_ACCOUNT + one, on=today), FIRST_COMPOUND + district.compound_of(one))
        for one in accounts
    ]
    for actor, compound in itertools.cycle(owners):
        told = actions.Report(compound_id=compound, text=TEXT, category="light", place_id=compound)
        yield lambda actor=actor, told=told: actions.report(actor=actor, report=told, at=timezone.now())  # type: ignore[misc]


def main(arguments: list[str]) -> None:
    """Report whenever asked to."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
    import django

    django.setup()
    from bench.district.filling import District

    number, count, alone, *size = map(int, arguments)
    district = District(*size)
    accounts = district.crowd_of_the_first() if alone else range(district.compounds)
    acts = reports(district, list(accounts[number::count]))
    next(acts)()
    print("ready", flush=True)
    for seconds in map(float, sys.stdin):
        made, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            next(acts)()
            made += 1
        print(made, time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
