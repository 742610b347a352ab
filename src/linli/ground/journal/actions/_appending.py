"""Recording an act in the transaction of its rows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from linli.ground.db.statements import one_row, run
from linli.ground.journal.domain import digests, entries, traces
from linli.ground.journal.domain.entries import Replaced, RowDigest
from linli.ground.journal.models import Leaf
from linli.ground.kernel import merkle
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid

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
    removed: Iterable[tuple[type[models.Model], int]] = (),
    replaced: Sequence[Replaced] = (),
    by: Actor,
    at: datetime,
) -> int:
    """Record one act in the compound's log, and return its index there.

    ``rows`` are the model instances the act wrote, already saved; each is committed to by its
    ``LOGGED`` columns under a fresh salt. ``removed`` are the model and key of rows it deleted,
    ``replaced`` is what ``remember`` returned. ``body`` holds facts without personal data (strings,
    ints, booleans, days, instants, lists, mappings). Must run inside the action's transaction, as its
    last write: it locks the head of the log. Refuses a body with a phone or ID number in it.
    Source: RFC 9162 §2.1 for the leaf hash.
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
        rows=[
            *[_digest(row, salt) for row in rows],
            *[RowDigest(model._meta.db_table, key, None) for model, key in removed],
        ],
        replaced=replaced,
    )
    refuse_personal(entry)
    return _write(compound_id, [stream, kind, at, entry, merkle.leaf_hash(entry), salt])


def remember(row: models.Model) -> list[Replaced]:
    """What a later ``append`` must say about this row before it is changed or deleted.

    Call it first, before changing a row of a table that imports fill in bulk: it reads the row as the
    database holds it and marks it as standing on its own from now on. Empty when no bulk act covers the
    row. Refuses when somebody else changed the row just now.
    """
    if getattr(row, "leaf", None) is None:
        return []
    replaced = remember_many(type(row), [row.pk], log_id=row.log_id)  # type: ignore[attr-defined]
    if not replaced:
        raise _taken()
    row.leaf = None  # type: ignore[attr-defined]
    return replaced


def remember_many(model: type[models.Model], keys: Sequence[int], *, log_id: int) -> list[Replaced]:
    """``remember`` for many rows of one table and one log, set-based; rows no bulk act covers are left out.

    Refuses when one of the rows is taken out by somebody else at the same moment.
    """
    assert transaction.get_connection().in_atomic_block, "rows are remembered in the act's transaction"
    covered = model._default_manager.filter(pk__in=keys, leaf__isnull=False)
    found = list(covered.values_list("leaf", "pk", *logged_columns(model)))
    if covered.update(leaf=None) != len(found):
        raise _taken()
    leaves = Leaf.objects.filter(log_id=log_id, index__in={leaf for leaf, *_ in found})
    salts = {index: bytes(salt) for index, salt in leaves.values_list("index", "salt")}
    table = model._meta.db_table
    return [
        Replaced(table, key, leaf, digests.row_digest(table, key, values, salts[leaf]).hex())
        for leaf, key, *values in found
    ]


def _taken() -> Conflict:
    return Conflict("row_taken", "这条记录刚刚被别人改过，请刷新后再试。")


def logged_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table that the log commits to, in their declared order."""
    columns: tuple[str, ...] = model.LOGGED  # type: ignore[attr-defined]
    return columns


def refuse_personal(entry: bytes) -> None:
    """Refuse to write what looks like a phone or an ID number into the log, from which nothing is erased."""
    if traces.personal_traces(entry):
        raise Invalid("personal_in_log", "公开日志里不能写手机号或身份证号，请改一下文字再提交。")


def _digest(row: models.Model, salt: bytes) -> RowDigest:
    assert getattr(row, "leaf", None) is None, "remember() a row of a bulk act before changing it"
    values: list[Any] = [getattr(row, name) for name in logged_columns(type(row))]
    table = row._meta.db_table
    return RowDigest(table, row.pk, digests.row_digest(table, row.pk, values, salt).hex())


def _write(log_id: int, columns: list[object]) -> int:
    index = _take_and_write(log_id, columns)
    if index is None:
        run(_OPEN, [log_id])
        index = _take_and_write(log_id, columns)
    assert index is not None, f"the head of log {log_id} could not be opened"
    return index


def _take_and_write(log_id: int, columns: list[object]) -> int | None:
    """PostgreSQL holds the head's lock for one statement before the commit; SQLite has it already."""
    if connection.vendor == "postgresql":
        taken = one_row(_TAKE_AND_WRITE, [log_id, log_id, *columns])
        return int(taken[0]) if taken else None
    taken = one_row(_TAKE, [log_id])
    if taken is None:
        return None
    run(_WRITE, [log_id, taken[0], *columns])
    return int(taken[0])
