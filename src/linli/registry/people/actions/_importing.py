"""Taking over a roll: one act per compound, set-based; and taking the last one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from linli.ground.db.bulk import checks_meanwhile
from linli.ground.db.locks import lock
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, NotFound
from linli.registry.people import events, policies
from linli.registry.people.actions import _entries, _importing_undo
from linli.registry.people.actions._importing_places import Standing, found_compounds, standing_places
from linli.registry.people.actions._importing_writing import Writing, Written, write
from linli.registry.people.domain import roll_plan
from linli.registry.people.domain.roll import CompoundName, RollHome
from linli.registry.people.domain.roll_plan import Indexes, Note, Plan, Register
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
    notes: tuple[Note, ...]


class RollPart(NamedTuple):
    """The homes of one compound that stand together in a file."""

    name: CompoundName
    homes: Sequence[RollHome]
    file: SourceFile


HOMES_AT_ONCE = 20_000
"""Many compounds are written in portions of about so many homes: memory holds one portion."""


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
    _entries.take_turn(compound_id)
    register = registers([compound_id])[compound_id]
    standing = standing_places([compound_id])
    areas = policies.may_import_areas(actor, compound.path)
    done = _carry_out(
        actor=actor,
        homes={compound_id: homes},
        known={compound_id: register},
        standing=standing,
        indexes=indexes_of(homes),
        may_change_areas=areas,
        files={compound_id: file},
        at=at,
    )
    [imported] = done.recorded()
    return imported


@transaction.atomic
def import_rolls(*, actor: Actor, parts: Iterable[RollPart], at: datetime) -> list[Imported]:
    """Take over the rolls of many compounds at once; compounds that are missing are founded.

    For the house itself and the district. One act per compound, all of them in one transaction. ``parts``
    may be a stream; the parts of one compound should follow each other, or each stretch is an act.
    """
    policies.require_may_import_district(actor)
    lock(places.districts())  # one district's roll after the other
    made: list[Imported] = []
    done: _Done | None = None
    with checks_meanwhile() as checks:
        for portion in _portions(parts):
            indexes = indexes_of(home for part in portion.values() for home in part.homes)
            checks.finish()
            made += done.recorded() if done else []
            done = _import_portion(actor, portion, indexes, at)
            checks.begin()
            done.written.prepare()
    return made + (done.recorded() if done else [])


def _portions(parts: Iterable[RollPart]) -> Iterator[dict[CompoundName, RollPart]]:
    """Whole compounds, until there are enough homes for one portion."""
    portion: dict[CompoundName, RollPart] = {}
    count = 0
    for part in parts:
        before = portion.get(part.name)
        if before is None and count >= HOMES_AT_ONCE:
            yield portion
            portion, count = {}, 0
        portion[part.name] = part._replace(homes=[*before.homes, *part.homes]) if before else part
        count += len(part.homes)
    if portion:
        yield portion


def _import_portion(
    actor: Actor, portion: Mapping[CompoundName, RollPart], indexes: Indexes, at: datetime
) -> _Done:
    by_name, standing = found_compounds(actor, list(portion), at)
    old = sorted(standing.old)
    _entries.take_turn(*old)
    known = registers(old)
    return _carry_out(
        actor=actor,
        homes={by_name[name]: part.homes for name, part in portion.items()},
        known={key: known.get(key) or Register() for key in by_name.values()},
        standing=standing,
        indexes=indexes,
        may_change_areas=True,
        files={by_name[name]: part.file for name, part in portion.items()},
        at=at,
    )


@dataclass(slots=True)
class _Done:
    """What is written, and still has to be recorded and told."""

    plans: Mapping[int, Plan]
    written: Written
    at: datetime

    def recorded(self) -> list[Imported]:
        """Record it, tell the house, and say what was done in each compound."""
        batches = self.written.record()
        for compound_id in batches:
            _tell(compound_id, self.plans[compound_id], self.at)
        return [
            Imported(key, batches.get(key), it.created, it.changed, len(it.ended), tuple(it.notes))
            for key, it in self.plans.items()
        ]


def _carry_out(
    *,
    actor: Actor,
    homes: Mapping[int, Sequence[RollHome]],
    known: Mapping[int, Register],
    standing: Standing,
    indexes: Indexes,
    may_change_areas: bool,
    files: Mapping[int, SourceFile],
    at: datetime,
) -> _Done:
    today = timezone.localdate(at)
    plans = {
        compound_id: roll_plan.plan_import(
            mine, known[compound_id], indexes, today=today, may_change_areas=may_change_areas
        )
        for compound_id, mine in homes.items()
    }
    busy = {key: plan for key, plan in plans.items() if not plan.is_empty or key in standing.founded}
    named = {key: (file.name, file.sha256) for key, file in files.items()}
    writing = Writing(plans=busy, standing=standing, files=named, by=actor, at=at)
    return _Done(plans, write(writing), at)


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
    _entries.take_turn(batch.compound_id)
    batch = lock(batch)
    if batch.undone_at is not None:
        raise Conflict("import_undone", "这次导入已经撤销过了。")
    later = ImportBatch.objects.filter(compound_id=batch.compound_id, undone_at=None, pk__gt=batch.pk)
    if later.exists():
        raise Conflict("import_not_last", "后面还有一次导入，请先撤销后面那次。")
    _importing_undo.require_untouched(batch)
    slots = journal.open_bulk([batch.compound_id])
    slot = slots[batch.compound_id]
    _importing_undo.take_back(batch, slot, actor, at)
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
