"""What imports ask: the register as a roll is compared with it, what would change, and what was imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from linli.ground.db.fields import blind_indexes
from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor
from linli.registry.people import policies
from linli.registry.people.domain import roll_plan
from linli.registry.people.domain.roll import RollHome
from linli.registry.people.domain.roll_plan import (
    Indexes,
    KnownOwnership,
    KnownPerson,
    KnownUnit,
    Plan,
    Register,
)
from linli.registry.people.models import ImportBatch
from linli.registry.places import queries as places

_UNITS = """
SELECT compound_id, id, code, kind, area_dm2, area_source, area_on, delivered_on, closed_on IS NOT NULL
FROM places_unit WHERE compound_id {these}
"""
_PEOPLE = """
SELECT compound_id, id, kind, name_key, phone_index, document_index, account_id IS NOT NULL
FROM people_person WHERE compound_id {these} AND erased_at IS NULL ORDER BY id
"""
_OWNERS = """
SELECT o.compound_id, o.id, o.unit_id, o.person_id, o.from_on FROM people_ownership o
JOIN people_person m ON m.id = o.person_id
WHERE o.compound_id {these} AND o.to_on IS NULL AND m.erased_at IS NULL ORDER BY o.id
"""


def registers(compound_ids: Collection[int]) -> dict[int, Register]:
    """The registers of these compounds as imports compare with them, read in three statements."""
    found = {compound_id: Register() for compound_id in compound_ids}
    if not found:
        return found
    for compound_id, *unit in _rows(_UNITS, found):
        known = KnownUnit(*unit)
        found[compound_id].units[known.code] = known._replace(
            area_on=_day(known.area_on),
            delivered_on=_day(known.delivered_on),
            is_closed=bool(known.is_closed),
        )
    for compound_id, *person in _rows(_PEOPLE, found):
        someone = KnownPerson(*person)
        found[compound_id].people[someone.id] = someone
    for compound_id, *owned in _rows(_OWNERS, found):
        ownership = KnownOwnership(*owned)
        held = found[compound_id].owners.setdefault(ownership.unit_id, [])
        held.append(ownership._replace(from_on=_day(ownership.from_on)))
    return found


def _rows(statement: str, compound_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    keys = list(compound_ids)
    these = "= ANY(%s)" if connection.vendor == "postgresql" else f"IN ({', '.join(['%s'] * len(keys))})"
    return all_rows(statement.format(these=these), [keys] if connection.vendor == "postgresql" else keys)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def indexes_of(homes: Iterable[RollHome]) -> Indexes:
    """The blind indexes of all phones and documents of a roll."""
    owners = [owner for home in homes for owner in home.owners]
    phones = list(dict.fromkeys(owner.phone for owner in owners if owner.phone))
    documents = list(dict.fromkeys(owner.document for owner in owners if owner.document))
    return Indexes(
        dict(zip(phones, blind_indexes(phones), strict=True)),
        dict(zip(documents, blind_indexes(documents), strict=True)),
    )


def import_plan(
    *, actor: Actor, compound_id: int, homes: Sequence[RollHome], on: date
) -> tuple[Plan, Register]:
    """What an import of this roll would change today, and the register it was compared with; writes nothing."""
    compound = places.compound(compound_id)
    policies.require_may_import(actor, compound.path)
    register = registers([compound_id])[compound_id]
    may_change_areas = policies.may_import_areas(actor, compound.path)
    plan = roll_plan.plan_import(
        homes, register, indexes_of(homes), today=on, may_change_areas=may_change_areas
    )
    return plan, register


@dataclass(frozen=True, slots=True)
class ImportCard:
    """One import as the desk shows it."""

    id: int
    file_name: str
    created: int
    changed: int
    ended: int
    by: str
    at: datetime
    undone_at: datetime | None
    is_latest: bool


def imports_of(*, actor: Actor, compound_id: int, limit: int = 50) -> list[ImportCard]:
    """The imports of a compound, newest first; only the latest that stands can be undone."""
    policies.require_may_import(actor, places.compound(compound_id).path)
    rows = ImportBatch.objects.filter(compound_id=compound_id).select_related("by_account").order_by("-pk")
    cards = list(rows[:limit])
    latest = next((row.pk for row in cards if row.undone_at is None), None)
    return [
        ImportCard(
            row.pk,
            row.file_name,
            row.created_count,
            row.changed_count,
            row.ended_count,
            row.by_account.name if row.by_account else "",
            row.at,
            row.undone_at,
            row.pk == latest,
        )
        for row in cards
    ]


def names_of_people(person_ids: Collection[int]) -> Mapping[int, str]:
    """The names of these entries, for whoever was let in to see them."""
    keys = list(person_ids)
    found: dict[int, str] = {}
    for start in range(0, len(keys), 5000):
        marks = ", ".join(["%s"] * len(keys[start : start + 5000]))
        found |= dict(
            all_rows(f"SELECT id, name FROM people_person WHERE id IN ({marks})", keys[start : start + 5000])
        )
    return found
