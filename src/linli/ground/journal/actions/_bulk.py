"""Recording set-based work: one act per compound, its index handed out before its rows are copied."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from linli.ground.journal.actions._appending import logged_columns, refuse_personal
from linli.ground.journal.domain import entries
from linli.ground.journal.domain.bulk import Cover, rooted_replaced
from linli.ground.journal.domain.digests import Value
from linli.ground.journal.domain.entries import Replaced
from linli.ground.journal.models import Leaf, Log, TakenOut
from linli.ground.kernel import merkle
from linli.ground.kernel.actor import Actor

_COLUMNS = ("log_id", "index", "stream", "kind", "at", "entry", "hash", "salt", "aid")
_COPY = 'COPY journal_leaf (log_id, "index", stream, kind, at, entry, hash, salt, aid) FROM STDIN'
_BATCH = 1000


@dataclass(slots=True)
class BulkSlot:
    """The place of one bulk act in one log. Its rows carry ``index`` in their ``leaf`` column."""

    log_id: int
    index: int
    salt: bytes
    cover: Cover
    replaced: list[Replaced] = field(default_factory=list)

    def add(self, model: type[models.Model], keys: Sequence[int], rows: Iterable[Sequence[Value]]) -> None:
        """Commit to rows of a table: their keys, and their ``LOGGED`` columns in declared order."""
        assert any(column.name == "leaf" for column in model._meta.concrete_fields), "no leaf column"
        assert logged_columns(model)
        self.cover.add(model._meta.db_table, keys, rows)

    def take_out(self, replaced: Iterable[Replaced]) -> None:
        """Say which rows this act takes out of earlier bulk acts; from ``remember_many``."""
        self.replaced.extend(replaced)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAct:
    """What is to be recorded in a slot, once its rows are written and counted."""

    slot: BulkSlot
    stream: str
    kind: str
    body: Mapping[str, object]
    by: Actor
    at: datetime


def open_bulk(log_ids: Iterable[int]) -> dict[int, BulkSlot]:
    """Lock the heads of these logs, in order, and hand out one index and salt in each.

    Every slot must be closed in the same transaction: an index without its act is a hole in the log.
    From here to the commit nobody else writes in these logs, so copy into a staging table first and
    open as late as possible.
    """
    assert transaction.get_connection().in_atomic_block, "acts are recorded in the transaction of their rows"
    ids = sorted(set(log_ids))
    Log.objects.bulk_create([Log(id=log_id) for log_id in ids], ignore_conflicts=True)
    taken: dict[int, int] = {}
    for start in range(0, len(ids), _BATCH):
        heads = Log.objects.filter(id__in=ids[start : start + _BATCH]).order_by("id")
        if connection.features.has_select_for_update:
            heads = heads.select_for_update(no_key=True)
        taken |= dict(heads.values_list("id", "size"))
        Log.objects.filter(id__in=ids[start : start + _BATCH]).update(size=models.F("size") + 1)
    slots = {}
    for log_id in ids:
        salt = secrets.token_bytes(16)
        slots[log_id] = BulkSlot(log_id, taken[log_id], salt, Cover(salt))
    return slots


def close_bulk(slots: Mapping[int, BulkSlot], acts: Iterable[BulkAct]) -> None:
    """Record the acts of all slots that ``open_bulk`` handed out, set-based."""
    open_slots = {(slot.log_id, slot.index) for slot in slots.values()}
    leaves: list[tuple[Any, ...]] = []
    taken_out: list[TakenOut] = []
    for act in acts:
        open_slots.remove((act.slot.log_id, act.slot.index))
        leaves.append(_leaf(act))
        taken_out += [
            TakenOut(
                log_id=act.slot.log_id,
                leaf=row.leaf,
                table=row.table,
                key=row.key,
                digest=row.digest,
                by_leaf=act.slot.index,
            )
            for row in act.slot.replaced
        ]
    assert not open_slots, f"slots without an act would leave holes in the log: {sorted(open_slots)[:5]}"
    _write_leaves(leaves)
    TakenOut.objects.bulk_create(taken_out, batch_size=_BATCH)


def _leaf(act: BulkAct) -> tuple[Any, ...]:
    slot = act.slot
    entry = entries.encode_entry(
        kind=act.kind,
        log=slot.log_id,
        stream=act.stream,
        at=act.at,
        by=act.by.key,
        body=act.body,
        rows=slot.cover.rooted(),
        replaced=rooted_replaced(slot.replaced) if slot.replaced else (),
    )
    refuse_personal(entry)
    hashed = merkle.leaf_hash(entry)
    return (slot.log_id, slot.index, act.stream, act.kind, act.at, entry, hashed, slot.salt, slot.cover.aid())


def _write_leaves(leaves: Sequence[tuple[Any, ...]]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for leaf in leaves:
                copy.write_row(leaf)
        return
    made = [Leaf(**dict(zip(_COLUMNS, leaf, strict=True))) for leaf in leaves]
    Leaf.objects.bulk_create(made, batch_size=_BATCH)
