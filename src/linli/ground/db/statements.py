"""Running a statement that is written out, at little more than the cost of the statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]
_KEPT = "linli_kept_cursor"


def all_rows(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """Every row of the answer, read at once; for answers that fit into memory."""
    cursor = kept_cursor()
    cursor.execute(statement, values)
    found: list[Row] = cursor.fetchall()
    return found


def one_row(statement: str, values: Sequence[Any] = ()) -> Row | None:
    """The first row of the answer; None where there is none."""
    cursor = kept_cursor()
    cursor.execute(statement, values)
    found: Row | None = cursor.fetchone()
    if cursor.db.vendor != "postgresql":
        cursor.close()  # a half-read answer would hold the file
    return found


def run(statement: str, values: Sequence[Any] = ()) -> int:
    """How many rows the statement wrote."""
    cursor = kept_cursor()
    cursor.execute(statement, values)
    return int(cursor.rowcount)


def kept_cursor() -> CursorWrapper:
    """The cursor of this connection, the same again and again; on SQLite a new one.

    Making a cursor costs about as much as everything else around a small statement. Read what it answers
    before anything else is asked, and do not close it. Where an answer is read bit by bit, or for COPY, take
    ``connection.cursor()``.
    """
    # The connection itself: its proxy would look it up anew for each attribute.
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()
    if database.vendor != "postgresql" or database.queries_logged:
        return database.cursor()
    if database.connection is None:
        database.ensure_connection()
    driver = database.connection
    kept: tuple[object, CursorWrapper] | None = vars(database).get(_KEPT)
    if kept is None or kept[0] is not driver:
        kept = driver, database.cursor()
        setattr(database, _KEPT, kept)
    return kept[1]
