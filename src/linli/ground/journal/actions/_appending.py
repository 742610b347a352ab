"""Recording an act in the transaction of its rows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection, models, transaction

from linli.ground.journal.domain import entries
from linli.ground.journal.domain.entries import Replaced, RowDigest
from linli.ground.journal.models import Leaf
from linli.ground.kernel import merkle
from linli.ground.kernel.actor import Actor

_TAKE_AND_WRITE = """
WITH head AS (UPDATE journal_log SET size = size + 1 WHERE id = %s RETURNING size - 1 AS index)
INSERT INTO journal_leaf (log_id, index, stream, kind, at, entry, hash, salt)
SELECT %s, head.index, %s, %s, %s, %s, %s, %s FROM head RETURNING index
"""
_TAKE = "UPDATE journal_log SET size = size + 1 WHERE id = %s RETURNING size - 1"
_WRITE = (
    'INSERT INTO journal_leaf (log_id, "index", stream, kind, at, entry, hash, salt) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_OPEN = "INSERT INTO journal_log (id, size) VALUES (%s, 0) ON CONFLICT (id) DO NOTHING"


def append(
    *,
    compound_id: int,
    stream: str,
    kind: str,
    body: Mapping[str, object],
    rows: Iterable[models.Model] = (),
    replaced: Sequence[Replaced] = (),
    by: Actor,
    at: datetime,
) -> int:
    """Record one act in the compound's log, and return its index there.

    ``rows`` are the model instances the act wrote, already saved; each is committed to by its
    ``LOGGED`` columns under a fresh salt. ``body`` holds facts without personal data (strings,
    ints, booleans, lists, mappings). Must run inside the action's transaction, as its last write:
    it locks the head of the log. Source: RFC 9162 §2.1 for the leaf hash.
    """
    assert transaction.get_connection().in_atomic_block, "an act is recorded in the transaction of its rows"
    salt = secrets.token_bytes(16)
    entry = entries.encode_entry(
        kind=kind,
        log=compound_id,
        stream=stream,
        at=at,
        by=by.key,
        body=body,
        rows=[_digest(row, salt) for row in rows],
        replaced=replaced,
    )
    return _write(compound_id, [stream, kind, at, entry, merkle.leaf_hash(entry), salt])


def remember(row: models.Model) -> list[Replaced]:
    """What a later ``append`` must say about this row before it is changed (see ``Replaced``).

    Call it before changing a row of a table that imports fill in bulk; it also marks the row as
    standing on its own from now on. Empty when no bulk act covers the row.
    """
    leaf_index = getattr(row, "leaf", None)
    if leaf_index is None:
        return []
    log_id = row.log_id  # type: ignore[attr-defined]
    salt = bytes(Leaf.objects.values_list("salt", flat=True).get(log_id=log_id, index=leaf_index))
    digest = _digest(row, salt)
    row.leaf = None  # type: ignore[attr-defined]
    return [Replaced(digest.table, digest.key, leaf_index, digest.digest)]


def _digest(row: models.Model, salt: bytes) -> RowDigest:
    values = [getattr(row, name) for name in row.LOGGED]  # type: ignore[attr-defined]
    table = row._meta.db_table
    return RowDigest(table, row.pk, entries.row_digest(table, row.pk, values, salt))


def _write(log_id: int, columns: list[object]) -> int:
    with connection.cursor() as cursor:
        index = _take_and_write(cursor, log_id, columns)
        if index is None:
            cursor.execute(_OPEN, [log_id])
            index = _take_and_write(cursor, log_id, columns)
    assert index is not None, f"the head of log {log_id} could not be opened"
    return index


def _take_and_write(cursor: object, log_id: int, columns: list[object]) -> int | None:
    """PostgreSQL holds the head's lock for one statement before the commit; SQLite has it already."""
    if connection.vendor == "postgresql":
        cursor.execute(_TAKE_AND_WRITE, [log_id, log_id, *columns])  # type: ignore[attr-defined]
        taken = cursor.fetchone()  # type: ignore[attr-defined]
        return int(taken[0]) if taken else None
    cursor.execute(_TAKE, [log_id])  # type: ignore[attr-defined]
    taken = cursor.fetchone()  # type: ignore[attr-defined]
    if taken is None:
        return None
    cursor.execute(_WRITE, [log_id, taken[0], *columns])  # type: ignore[attr-defined]
    return int(taken[0])
