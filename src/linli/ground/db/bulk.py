"""Writing many rows at once: ids in blocks, COPY on PostgreSQL, ``executemany`` on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, models

_SEQUENCE = "SELECT pg_get_serial_sequence(%s, 'id')"
_RESERVE = """
WITH taken AS MATERIALIZED (SELECT nextval('{sequence}'::regclass) AS id FROM generate_series(1, %s))
SELECT min(id), max(id) FROM taken
"""
_RESERVE_EACH = "SELECT nextval('{sequence}'::regclass) FROM generate_series(1, %s)"
_LAST_ID = "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0), coalesce((SELECT max(id) FROM {table}), 0))"
_BATCH = 5000


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """So many new ids of a table, ascending, that nobody else gets. Rows must then be written with them.

    On SQLite the transaction that writes them must have begun, which locks everybody else out.
    """
    if count == 0:
        return range(0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(_LAST_ID.format(table=connection.ops.quote_name(table)), [table])
            last = cursor.fetchone()[0]
            _take_note(cursor, table, last + count)
            return range(last + 1, last + 1 + count)
        cursor.execute(_SEQUENCE, [table])  # once: looking it up costs more than taking an id
        sequence = cursor.fetchone()[0]
        cursor.execute(_RESERVE.format(sequence=sequence), [count])
        first, last = cursor.fetchone()
        if last - first + 1 == count:
            return range(first, last + 1)
        # Somebody took ids in between; the others are lost.
        cursor.execute(_RESERVE_EACH.format(sequence=sequence), [count])
        return sorted(row[0] for row in cursor.fetchall())


def _take_note(cursor: Any, table: str, last: int) -> None:
    """Let the next reservation in the same transaction begin after these ids, written or not."""
    cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
    if cursor.rowcount == 0:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def copy_in(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as they are, without the models' conversions; returns how many.

    ``columns`` are names of database columns; encrypted columns get what ``encrypt_many`` returned.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", rows)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    prepared = [[_for_sqlite(value) for value in row] for row in rows]
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), _BATCH):
            cursor.executemany(statement, prepared[start : start + _BATCH])
    return len(prepared)


def _copy(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def update_each(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]
) -> None:
    """Set these database columns of rows known by their ids, one statement prepared once."""
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in columns)
    plain = (lambda value: value) if connection.vendor == "postgresql" else _for_sqlite
    prepared = [[*map(plain, values), key] for key, values in rows]
    with connection.cursor() as cursor:
        for start in range(0, len(prepared), _BATCH):
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", prepared[start : start + _BATCH])


@dataclass(slots=True)
class Checks:
    """The database's check of what was written so far, which runs while we prepare what comes next."""

    pool: ThreadPoolExecutor
    running: Future[None] | None = None

    def begin(self) -> None:
        """Let the foreign keys of everything written be checked now, and go on. Nothing to do on SQLite."""
        if connection.vendor == "postgresql":
            self.running = self.pool.submit(_check_constraints, connection.connection)

    def finish(self) -> None:
        """Wait for the check. Raises ``IntegrityError`` for a row that refers to nothing."""
        if self.running is not None:
            with connection.wrap_database_errors:
                self.running.result()
            self.running = None


@contextmanager
def checks_meanwhile() -> Iterator[Checks]:
    """For portions of a bulk act: ``begin()`` after each, ``finish()`` before the next statement.

    Otherwise PostgreSQL checks millions of references one by one at the commit, while we stand and wait.
    """
    with ThreadPoolExecutor(1) as pool:
        checks = Checks(pool)
        yield checks
        checks.finish()


def _check_constraints(driver: Any) -> None:
    """Outside of Django's connection, which belongs to one thread; the driver's own may be shared."""
    driver.execute("SET CONSTRAINTS ALL IMMEDIATE")
    driver.execute("SET CONSTRAINTS ALL DEFERRED")
