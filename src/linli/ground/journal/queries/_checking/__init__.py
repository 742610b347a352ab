"""Whether the rows of the database and the log agree, and whether the log agrees with what was published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from linli.ground.journal.queries._checking._leaves import read_logs
from linli.ground.journal.queries._checking._rows import check_rows, logged_models
from linli.ground.journal.queries._checking._said import DatabaseCheck, Said

Progress = Callable[[str], None]

__all__ = ["DatabaseCheck", "check_database", "logged_models"]


def check_database(progress: Progress = lambda _: None) -> DatabaseCheck:
    """Compare every log with itself and with its checkpoints, then every logged row with the log.

    It reads one consistent state while others go on writing, in a time and memory that grow with the
    number of acts and rows: about 10 µs each, and 100 bytes.
    """
    check = DatabaseCheck()
    with _one_state():
        said = Said()
        for part in read_logs(said, check):
            progress(part)
        for part in check_rows(said, check):
            progress(part)
    return check


@contextmanager
def _one_state() -> Iterator[None]:
    """One snapshot for all queries, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
