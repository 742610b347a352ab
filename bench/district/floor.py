"""The floor: the statements that one sending of ours runs, as captured, run again by pgbench without us."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

_MADE = re.compile(r'INSERT INTO "(\w+)" .* RETURNING "\1"\."id"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters, and whether it stood in a transaction."""

    sql: str
    values: tuple[Any, ...]
    in_transaction: bool


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """What the application sends to the database while the block runs, in order."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        found.append(Statement(sql, tuple(values or ()), connection.in_atomic_block))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield found


@dataclass(slots=True)
class Script:
    """A pgbench script. ``values`` are what its variables hold, by their names.

    ``varied`` names the captured values that must differ from run to run, with the variables that ``head``
    sets for them; ``made`` tells the keys that the captured run was given, with the tables that gave them.
    """

    name: str
    statements: Sequence[Statement]
    head: str = ""
    varied: Mapping[Any, str] = field(default_factory=dict)
    made: Mapping[int, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The script; transactions begin and end where those of the application do."""
        lines, inside = [self.head], False
        for statement in self.statements:
            if statement.in_transaction != inside:
                lines.append("BEGIN;" if statement.in_transaction else "COMMIT;")
                inside = statement.in_transaction
            lines.append(self._line(statement))
        return "\n".join([*lines, "COMMIT;"] if inside else lines) + "\n"

    def _line(self, statement: Statement) -> str:
        values = iter(statement.values)
        sql = re.sub(
            r"%s|%%", lambda mark: "%" if mark[0] == "%%" else self._mark(next(values)), statement.sql
        )
        made = _MADE.search(sql)
        one_line = " ".join(sql.split())
        return f"{one_line} \\gset made_{made[1]}_" if made else f"{one_line};"

    def _mark(self, value: Any) -> str:
        """The variable that stands for a value; pgbench knows neither NULL nor nothing in one."""
        if value is None or value == "":
            return "NULL" if value is None else "''"
        if not isinstance(value, bool) and isinstance(value, int) and value in self.made:
            return f":made_{self.made[value]}_id"
        if isinstance(value, int | str) and value in self.varied:
            return f":{self.varied[value]}"
        name = f"{self.name}_{len(self.values)}"
        self.values[name] = _as_text(value)
        return f":{name}"


def _as_text(value: Any) -> str:
    """A parameter as PostgreSQL reads it from text."""
    if hasattr(value, "obj"):  # what the driver wraps: bytes, or a JSON document
        dumps = getattr(value, "dumps", None)
        return _as_text(value.obj) if dumps is None else str(dumps(value.obj))
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def run_by_pgbench(scripts: Sequence[Script], *, clients: int, seconds: float) -> tuple[int, float]:
    """How many runs of these scripts, by chance in turn, prepared, pgbench makes in how many seconds."""
    folder = Path(os.environ["TMPDIR"])
    command = [str(Path(os.environ["LINLI_PG_BIN"]) / "pgbench"), "-n", "-M", "prepared"]
    command += ["-c", str(clients), "-j", "2", "-T", str(max(1, round(seconds)))]
    for script in scripts:
        path = folder / f"{script.name}.pgbench"
        path.write_text(script.text(), encoding="utf-8")
        command += ["-f", str(path)]
        command += [f"-D{name}={value}" for name, value in script.values.items()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not re.search("failed transactions: [1-9]", done.stdout), done.stderr[
        -2000:
    ]
    runs = re.search(r"actually processed: (\d+)", done.stdout)
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    assert runs and rate, done.stdout
    return int(runs[1]), int(runs[1]) / float(rate[1])
