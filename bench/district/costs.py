"""Processor time as the system books it: of the served house, of pgbench, and of PostgreSQL beneath either."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _SESSION, _USED, _OF_CHILDREN = 1, 3, slice(11, 13), slice(13, 15)


@dataclass(frozen=True, slots=True)
class Reached:
    """How many answers a second somebody gave, and the milliseconds of processor time of each."""

    rate: float
    cost_ms: float


def measured(run: Callable[[], tuple[int, float]], spent: Callable[[], float]) -> Reached:
    """Let ``run`` answer so many in so many seconds; ``spent`` tells the seconds of processor used so far."""
    before = spent() + of_postgres()
    answers, seconds = run()
    return Reached(answers / seconds, (spent() + of_postgres() - before) * 1000 / answers)


def of_pgbench() -> float:
    """Of the programs that this process ran and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def of_house(session: int) -> float:
    """Of the processes of a served house."""
    return sum(_seconds(fields, _USED) for fields in _processes() if int(fields[_SESSION]) == session)


def of_postgres() -> float:
    """Of the server, of its processes, and of those that have ended."""
    pid = int((Path(os.environ["EXPECT_PGDATA"]) / "postmaster.pid").read_text().split()[0])
    server = _fields(Path(f"/proc/{pid}"))
    living = sum(_seconds(fields, _USED) for fields in _processes() if int(fields[_PARENT]) == pid)
    return _seconds(server, _USED) + _seconds(server, _OF_CHILDREN) + living


def _processes() -> list[list[str]]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            found.append(_fields(folder))
    return found


def _fields(folder: Path) -> list[str]:
    """The fields of ``stat`` from the third on, behind the name in brackets."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _seconds(fields: list[str], which: slice) -> float:
    return sum(map(int, fields[which])) / _TICKS
