"""Taking over a roll: one act per compound, set-based; and taking the last one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, NotFound
from linli.registry.people import events, policies
from linli.registry.people.actions import _importing_undo
from linli.registry.people.actions._importing_places import Standing, found_compounds, standing_places
from linli.registry.people.actions._importing_writing import Writing, write
from linli.registry.people.domain import roll_plan
from linli.registry.people.domain.roll import CompoundName, RollHome
from linli.registry.people.domain.roll_plan import Plan, Register
from linli.registry.people.models import ImportBatch
from linli.registry.people.queries import indexes_of, registers
from linli.registry.places import queries as places


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file a roll came from: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did in one compound: rows that came in, changed and ended; no batch if nothing did."""

    compound_id: int
    batch_id: int | None
    created: int
    changed: int
    ended: int
    plan: Plan


@transaction.atomic
def import_roll(
    *, actor: Actor, compound_id: int, homes: Sequence[RollHome], file: SourceFile, at: datetime
) -> Imported:
    """Take a roll over into one compound's register: units, missing buildings, people, ownerships.

    What the register says already is left alone: the same roll again writes nothing. Refuses whoever
    does not keep the register.
    """
    compound = places.compound(compound_id)
    policies.require_may_import(actor, compound.path)
    lock(places.compounds_by_id([compound_id]))
    register = registers([compound_id])[compound_id]
    standing = standing_places([compound_id])
    areas = policies.may_import_areas(actor, compound.path)
    [imported] = _carry_out(
        actor=actor,
        homes={compound_id: homes},
        known={compound_id: register},
        standing=standing,
        may_change_areas=areas,
        file=file,
        at=at,
    )
    return imported


@transaction.atomic
def import_rolls(
    *, actor: Actor, rolls: Mapping[CompoundName, Sequence[RollHome]], file: SourceFile, at: datetime
) -> list[Imported]:
    """Take over the rolls of many compounds at once; compounds that are missing are founded.

    For the house itself and the district. One act per compound, all of them in one transaction.
    """
    policies.require_may_import_district(actor)
    by_name, standing = found_compounds(actor, list(rolls), at)
    homes = {by_name[name]: mine for name, mine in rolls.items()}
    old = sorted(standing.old)
    lock(places.compounds_by_id(old).order_by("pk"))
    known = registers(old)
    both = {compound_id: known.get(compound_id) or Register() for compound_id in homes}
    return _carry_out(
        actor=actor, homes=homes, known=both, standing=standing, may_change_areas=True, file=file, at=at
    )


def _carry_out(
    *,
    actor: Actor,
    homes: Mapping[int, Sequence[RollHome]],
    known: Mapping[int, Register],
    standing: Standing,
    may_change_areas: bool,
    file: SourceFile,
    at: datetime,
) -> list[Imported]:
    indexes = indexes_of(home for mine in homes.values() for home in mine)
    today = timezone.localdate(at)
    plans = {
        compound_id: roll_plan.plan_import(
            mine, known[compound_id], indexes, today=today, may_change_areas=may_change_areas
        )
        for compound_id, mine in homes.items()
    }
    busy = {key: plan for key, plan in plans.items() if not plan.is_empty or key in standing.founded}
    writing = Writing(
        plans=busy, standing=standing, file_name=file.name, file_sha256=file.sha256, by=actor, at=at
    )
    batches = write(writing)
    for compound_id, plan in busy.items():
        _tell(compound_id, plan, at)
    return [
        Imported(compound_id, batches.get(compound_id), plan.created, plan.changed, len(plan.ended), plan)
        for compound_id, plan in plans.items()
    ]


def _tell(compound_id: int, plan: Plan, at: datetime) -> None:
    for unit in plan.reowned:
        bus.publish(events.OwnersChanged(unit.id, compound_id, "import", at))


@transaction.atomic
def undo_import(*, actor: Actor, batch_id: int, at: datetime) -> ImportBatch:
    """Take the last import of a compound back: what it made goes, what it changed becomes what it was.

    Refuses an import that is not the last, that is undone already, and one of which a row was touched
    since or is in use by now.
    """
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("no_such_import", "没有找到这次导入。")
    policies.require_may_import(actor, places.compound(batch.compound_id).path)
    lock(places.compounds_by_id([batch.compound_id]))
    batch = lock(batch)
    if batch.undone_at is not None:
        raise Conflict("import_undone", "这次导入已经撤销过了。")
    later = ImportBatch.objects.filter(compound_id=batch.compound_id, undone_at=None, pk__gt=batch.pk)
    if later.exists():
        raise Conflict("import_not_last", "后面还有一次导入，请先撤销后面那次。")
    _importing_undo.require_untouched(batch)
    slots = journal.open_bulk([batch.compound_id])
    slot = slots[batch.compound_id]
    _importing_undo.take_back(batch, slot, at)
    act = journal.BulkAct(
        slot=slot,
        stream="register/roll",
        kind="roll.undo",
        body={"import": batch.pk},
        by=actor,
        at=at,
    )
    journal.close_bulk(slots, [act])
    return batch
