"""Carrying out the plans of an import: ids in blocks, everything sealed in bulk, one act per compound."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from linli.ground.db.bulk import copy_in, reserve_ids, update_each
from linli.ground.db.fields import encrypt_many
from linli.ground.db.statements import all_rows
from linli.ground.journal import actions as journal
from linli.ground.journal.actions import BulkSlot
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.text import natural_key
from linli.registry.people.actions._importing_places import Standing, found_inside
from linli.registry.people.domain.roll import RollHome
from linli.registry.people.domain.roll_plan import KnownUnit, NewPerson, Plan
from linli.registry.people.models import ImportBatch, Ownership, Person
from linli.registry.places import actions as places
from linli.registry.places import queries as place_queries
from linli.registry.places.domain import tree
from linli.registry.places.events import UnitAreaCorrected

GROUND = "名册导入"
STREAM = "register/roll"
_PERSON = (
    "id",
    "compound_id",
    "kind",
    "name",
    "name_key",
    "phone",
    "phone_index",
    "document_index",
    "document_tail",
    "salt",
    "leaf",
)
_OWNERSHIP = ("id", "compound_id", "unit_id", "person_id", "from_on", "ground", "leaf")
_PERSON_LOGGED = (
    "compound_id",
    "kind",
    "name",
    "phone_index",
    "document_index",
    "account_id",
    "erased_at",
    "salt",
)
_CHUNK = 5000


IMPORTED = "名册导入"
"""The reason that stands in the history of a unit which an import changed."""


@dataclass(slots=True)
class Writing:
    """What is to be written: the plans of some compounds, where they stand, from which files, by whom.

    ``files`` holds name and SHA-256 by compound.
    """

    plans: Mapping[int, Plan]
    standing: Standing
    files: Mapping[int, tuple[str, str]]
    by: Actor
    at: datetime
    unit_ids: dict[tuple[int, str], int] = field(default_factory=dict)
    person_ids: dict[int, range | list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Written:
    """What is written, and not recorded yet: meanwhile the database can check it."""

    it: Writing
    slots: Mapping[int, BulkSlot]
    batches: Mapping[int, ImportBatch]

    def prepare(self) -> None:
        """Compute the roots over everything written; asks no database."""
        for slot in self.slots.values():
            slot.cover.rooted()

    def record(self) -> dict[int, int]:
        """Record one act for each compound; returns the import's id by compound."""
        ImportBatch.objects.bulk_create(self.batches.values(), batch_size=1000)
        journal.close_bulk(
            self.slots, [_act(self.it, self.slots[key], it) for key, it in self.batches.items()]
        )
        return {compound_id: batch.pk for compound_id, batch in self.batches.items()}


def write(it: Writing) -> Written:
    """Write everything; whoever calls this lets it be recorded in the same transaction."""
    if not it.plans:
        return Written(it, {}, {})
    found_inside(it.standing, {key: plan.new_units for key, plan in it.plans.items()})
    units = _units(it)
    sealed = _people(it)
    slots = journal.open_bulk(it.plans)
    places.copy_places(slots=slots, places=it.standing.new)
    places.copy_units(slots=slots, units=units)
    copy_in(Person, _PERSON, _person_rows(it, slots, sealed))
    total = sum(len(plan.new_ownerships) for plan in it.plans.values())
    copy_in(Ownership, _OWNERSHIP, _ownership_rows(it, slots, reserve_ids(Ownership, total)))
    batches = _batches(it)
    for compound_id, plan in it.plans.items():
        batches[compound_id].inverse = _change(slots[compound_id], plan, it.by, it.at)
        _cover(slots[compound_id], batches[compound_id])
    return Written(it, slots, batches)


def _units(it: Writing) -> list[places.NewUnit]:
    homes = [(compound_id, home) for compound_id, plan in it.plans.items() for home in plan.new_units]
    iso, made = _Days(), []
    for (compound_id, home), key in zip(homes, place_queries.new_unit_ids(len(homes)), strict=True):
        it.unit_ids[compound_id, home.code] = key
        made.append(_unit(it.standing, compound_id, home, key, iso))
    return made


def _unit(standing: Standing, compound_id: int, home: RollHome, key: int, iso: _Days) -> places.NewUnit:
    spots = standing.spots[compound_id]
    if home.building:
        spot = spots[home.building, home.entrance]
        label = tree.unit_label(spot.name, home.number)
    else:
        spot = spots["", ""]
        label = tree.unit_label(f"{home.entrance}单元" if home.entrance else "", home.number)
    return places.NewUnit(
        key,
        compound_id,
        spot.id,
        home.kind or "home",
        home.code,
        label[:60],
        _sort_key(home.code),
        home.area_dm2,
        home.area_source or "unknown",
        iso[home.area_on],
        iso[home.delivered_on],
    )


def _sort_key(code: str) -> str:
    """The natural key of a code, made of those of its parts, which come again and again."""
    head, dash, number = code.rpartition("-")
    return f"{_key_of(head)}{dash}{_key_of(number)}"[:120]


_key_of = lru_cache(maxsize=16_384)(natural_key)


class _Days(dict[date | None, str | None]):
    """Days as ISO text, each written once."""

    def __missing__(self, day: date | None) -> str | None:
        text = self[day] = day.isoformat() if day is not None else None
        return text


def _people(it: Writing) -> list[str | None]:
    """Take ids for the new people, compound by compound, and seal their phones."""
    counts = {compound_id: len(plan.new_people) for compound_id, plan in it.plans.items()}
    taken = reserve_ids(Person, sum(counts.values()))
    start = 0
    for compound_id, count in counts.items():
        it.person_ids[compound_id] = list(taken[start : start + count])
        start += count
    people = [person for plan in it.plans.values() for person in plan.new_people]
    sealed = iter(encrypt_many(person.phone for person in people if person.phone))
    return [next(sealed) if person.phone else None for person in people]


def _person_rows(
    it: Writing, slots: Mapping[int, BulkSlot], sealed: Sequence[str | None]
) -> Iterator[tuple[Any, ...]]:
    """The rows of the new people, each compound's covered by its slot; the database takes them in meanwhile."""
    assert Person.LOGGED == _PERSON_LOGGED
    noise = os.urandom(16 * len(sealed))
    at = 0
    for compound_id, plan in it.plans.items():
        keys, slot = it.person_ids[compound_id], slots[compound_id]
        rows = [
            _person((key, compound_id, slot.index), person, phone, noise[16 * place : 16 * place + 16])
            for place, (key, person, phone) in enumerate(
                zip(keys, plan.new_people, sealed[at : at + len(keys)], strict=True), at
            )
        ]
        at += len(rows)
        slot.add(Person, keys, [(r[1], r[2], r[3], r[6], r[7], None, None, r[9].hex()) for r in rows])
        yield from rows


def _person(where: tuple[int, int, int], it: NewPerson, sealed: str | None, salt: bytes) -> tuple[Any, ...]:
    key, compound_id, leaf = where
    return (
        key, compound_id, it.kind, it.name, it.key, sealed, it.phone_index, it.document_index, it.document_tail, salt, leaf,
    )  # fmt: skip


def _ownership_rows(
    it: Writing, slots: Mapping[int, BulkSlot], ids: Iterable[int]
) -> Iterator[tuple[Any, ...]]:
    """The rows of the new ownerships, each compound's covered by its slot."""
    assert Ownership.LOGGED == ("compound_id", "unit_id", "person_id", "from_on", "to_on", "ground")
    taken, iso = iter(ids), _Days()
    for compound_id, plan in it.plans.items():
        people, slot = it.person_ids[compound_id], slots[compound_id]
        known = {unit.code: unit.id for unit in plan.reowned}
        rows = []
        for home, person, from_on in plan.new_ownerships:
            unit_id = it.unit_ids.get((compound_id, home.code)) or known[home.code]
            person_id = person if person >= 0 else people[~person]
            rows.append((next(taken), compound_id, unit_id, person_id, iso[from_on], GROUND, slot.index))
        slot.add(Ownership, [row[0] for row in rows], [(*row[1:5], None, GROUND) for row in rows])
        yield from rows


def _batches(it: Writing) -> dict[int, ImportBatch]:
    ids = reserve_ids(ImportBatch, len(it.plans))
    return {
        compound_id: ImportBatch(
            pk=key,
            compound_id=compound_id,
            file_name=it.files[compound_id][0][-200:],
            file_sha256=it.files[compound_id][1],
            created_count=plan.created,
            changed_count=plan.changed,
            ended_count=len(plan.ended),
            inverse={},
            by_account_id=it.by.account_id,
            at=it.at,
        )
        for (compound_id, plan), key in zip(it.plans.items(), ids, strict=True)
    }


def _change(slot: BulkSlot, plan: Plan, by: Actor, at: datetime) -> dict[str, Any]:
    """Change the rows that stand already; returns what is needed to change them back."""
    inverse: dict[str, Any] = {}
    if plan.changed_units:
        before = places.change_units(
            slot=slot,
            changes={unit.id: changes for unit, changes in plan.changed_units},
            reason=IMPORTED,
            actor=by,
            at=at,
        )
        inverse["units"] = {str(key): columns for key, columns in before.items()}
        for unit, changes in plan.changed_units:
            _tell_area(slot.log_id, unit, changes, at)
    if plan.changed_people:
        inverse["people"] = _change_people(slot, plan.changed_people)
    if plan.ended:
        days = {ownership.id: day for ownership, day in plan.ended}
        rewrite(slot, Ownership, {key: {"to_on": day} for key, day in days.items()})
        inverse["ended"] = sorted(days)
    return inverse


def _tell_area(compound_id: int, unit: KnownUnit, changes: Mapping[str, Any], at: datetime) -> None:
    if "area_dm2" in changes:
        bus.publish(UnitAreaCorrected(unit.id, compound_id, unit.area_dm2, changes["area_dm2"], at))


def _change_people(slot: BulkSlot, changes: Mapping[int, Mapping[str, str]]) -> dict[str, dict[str, Any]]:
    sealed = dict(zip(changes, encrypt_many(one.get("phone", "") for one in changes.values()), strict=True))
    columns = {
        key: {name: sealed[key] if name == "phone" else value for name, value in one.items()}
        for key, one in changes.items()
    }
    return rewrite(slot, Person, columns)


def rewrite(
    slot: BulkSlot, model: type[Person] | type[Ownership], changes: Mapping[int, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Change columns of rows, as they stand in the table, as part of a bulk act; returns what they were."""
    before: dict[str, dict[str, Any]] = {}
    names = sorted({name for columns in changes.values() for name in columns})
    keys = sorted(changes)
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        old = _as_stored(model, some, names)
        before |= {str(key): {name: old[key][name] for name in changes[key]} for key in some}
        slot.take_out(journal.remember_many(model, some, log_id=slot.log_id))
        update_each(
            model,
            [*names, "leaf"],
            [
                (key, [*[changes[key].get(name, old[key][name]) for name in names], slot.index])
                for key in some
            ],
        )
        written = model._default_manager.filter(pk__in=some).values_list("pk", *model.LOGGED)
        slot.add(model, [row[0] for row in written], [row[1:] for row in written])
    return before


def _as_stored(
    model: type[Person] | type[Ownership], keys: list[int], names: list[str]
) -> dict[int, dict[str, Any]]:
    """Columns as the table holds them, encrypted ones encrypted; days as ISO text."""
    marks = ", ".join(["%s"] * len(keys))
    rows = all_rows(f"SELECT id, {', '.join(names)} FROM {model._meta.db_table} WHERE id IN ({marks})", keys)
    return {
        key: {
            name: str(value) if isinstance(value, date) else value
            for name, value in zip(names, values, strict=True)
        }
        for key, *values in rows
    }


def _cover(slot: BulkSlot, batch: ImportBatch) -> None:
    batch.leaf = slot.index
    slot.add(ImportBatch, [batch.pk], [[getattr(batch, name) for name in ImportBatch.LOGGED]])


def _act(it: Writing, slot: BulkSlot, batch: ImportBatch) -> journal.BulkAct:
    body = {
        "import": batch.pk,
        "created": batch.created_count,
        "changed": batch.changed_count,
        "ended": batch.ended_count,
        "file": batch.file_sha256,
    }
    return journal.BulkAct(slot=slot, stream=STREAM, kind="roll.import", body=body, by=it.by, at=it.at)
