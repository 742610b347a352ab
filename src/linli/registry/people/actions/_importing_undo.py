"""Taking the last import back: whatever it wrote must still stand as it wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import ProtectedError

from linli.ground.journal import actions as journal
from linli.ground.journal.actions import BulkSlot
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict
from linli.registry.people.actions._importing_writing import rewrite
from linli.registry.people.models import ImportBatch, Ownership, Person
from linli.registry.places import actions as places
from linli.registry.places import queries as place_queries

_CHUNK = 5000
UNDONE = "撤销名册导入"
"""The reason that stands in the history of a unit which an undone import had changed."""


def require_untouched(batch: ImportBatch) -> None:
    """Refuse when a row of the import was changed since: it then no longer carries the import's leaf."""
    inverse = batch.inverse
    mine = {"compound_id": batch.compound_id, "leaf": batch.leaf}
    standing = (
        place_queries.filled_units(batch.compound_id, batch.leaf or 0)
        + Person.objects.filter(**mine).count()
        + Ownership.objects.filter(**mine).count()
    )
    written = (
        batch.created_count
        + len(inverse.get("units", ()))
        + len(inverse.get("people", ()))
        + len(inverse.get("ended", ()))
    )
    if standing != written:
        raise Conflict(
            "import_touched",
            "导入以后，其中有 {count} 条已经被改过（过户、更正、绑定账号等），不能整批撤销；请逐户更正。",
            count=written - standing,
        )


def take_back(batch: ImportBatch, slot: BulkSlot, by: Actor, at: datetime) -> None:
    """Delete what the import made, put back what it changed, and mark it as undone."""
    inverse = batch.inverse
    people = {int(key): columns for key, columns in inverse.get("people", {}).items()}
    ended = list(inverse.get("ended", ()))
    units = {int(key): columns for key, columns in inverse.get("units", {}).items()}
    _remove(slot, Ownership, batch, ended)
    _remove(slot, Person, batch, list(people))
    places.remove_filled(slot=slot, leaf=batch.leaf or 0, keep_units=units)
    if units:
        places.change_units(slot=slot, changes=units, reason=UNDONE, actor=by, at=at)
    if people:
        rewrite(slot, Person, people)
    if ended:
        rewrite(slot, Ownership, {key: {"to_on": None} for key in ended})
    slot.take_out(journal.remember_many(ImportBatch, [batch.pk], log_id=batch.compound_id))
    batch.undone_at, batch.leaf, batch.inverse = at, slot.index, {}
    batch.save(update_fields=["undone_at", "leaf", "inverse"])
    slot.add(ImportBatch, [batch.pk], [[getattr(batch, name) for name in ImportBatch.LOGGED]])


def _remove(
    slot: BulkSlot, model: type[Ownership] | type[Person], batch: ImportBatch, keep: Sequence[int]
) -> None:
    rows = model._default_manager.filter(compound_id=batch.compound_id, leaf=batch.leaf)
    keys = sorted(set(rows.values_list("pk", flat=True)) - set(keep))
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        slot.take_out(journal.remember_many(model, some, log_id=batch.compound_id))
        try:
            model._default_manager.filter(pk__in=some).delete()
        except ProtectedError as error:
            raise Conflict(
                "import_in_use", "这次导入的业主已经有记录在用，不能整批撤销；请逐户更正。"
            ) from error
