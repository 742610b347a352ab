"""Who owns and who lives where: the roll for counting, and the people behind the doors for telling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor
from linli.registry.people.models import Occupancy, Ownership, PersonKind
from linli.registry.people.queries._staff import in_force


@dataclass(frozen=True, slots=True)
class RollRow:
    """One unit of the roll: its area, and the owner group, which counts as one head.

    ``owner_ids`` are the persons in the register, ascending; units with the same set are one head.
    ``holder`` is ``developer`` for units that the developer holds or has not delivered. Source:
    建筑物区分所有权解释 arts. 8–9; Qingdao 17.
    """

    unit_id: int
    unit_code: str
    label: str
    area_dm2: int | None
    owner_ids: tuple[int, ...]
    holder: str


@dataclass(frozen=True, slots=True)
class Resident:
    """A person with an account in a unit: whom a notice to this place reaches."""

    account_id: int
    person_id: int
    unit_id: int
    relation: str


_ROLL = """
SELECT u.id, u.code, u.label, u.area_dm2, u.delivered_on, o.person_id, m.kind
FROM places_unit u
LEFT JOIN people_ownership o ON o.unit_id = u.id
  AND (o.from_on IS NULL OR o.from_on <= %s) AND (o.to_on IS NULL OR o.to_on > %s)
LEFT JOIN people_person m ON m.id = o.person_id
WHERE u.compound_id = %s AND (u.closed_on IS NULL OR u.closed_on > %s)
ORDER BY u.sort_key, u.id, o.person_id
"""


def roll(compound_id: int, on: date) -> list[RollRow]:
    """The owners' roll of a compound on a day, in natural order; units without a known owner are in it."""
    day = connection.ops.adapt_datefield_value(on)
    rows = all_rows(_ROLL, [day, day, compound_id, day])
    units: dict[int, tuple[str, str, int | None, bool]] = {}
    owners: dict[int, list[int]] = {}
    for unit_id, code, label, area, delivered_on, person_id, kind in rows:
        undelivered = delivered_on is not None and str(delivered_on) > on.isoformat()
        held = undelivered or kind == PersonKind.DEVELOPER
        units[unit_id] = (code, label, area, held or (unit_id in units and units[unit_id][3]))
        owners.setdefault(unit_id, [])
        if person_id is not None:
            owners[unit_id].append(person_id)
    return [
        RollRow(unit_id, code, label, area, tuple(owners[unit_id]), "developer" if held else "owner")
        for unit_id, (code, label, area, held) in units.items()
    ]


def people_in(
    *, compound_id: int, path: str | None = None, relations: Collection[str] | None = None, on: date
) -> list[Resident]:
    """Everybody with an account who owns or lives in the compound, or behind the doors under ``path``.

    ``relations`` are of ``owner``, ``tenant``, ``family``; all if not given. Suspended and closed
    accounts are left out. One account may appear with several units.
    """
    found: list[Resident] = []
    for model, relation in ((Ownership, "owner"), (Occupancy, None)):
        rows = model._default_manager.filter(
            in_force(on),
            compound_id=compound_id,
            unit__closed_on=None,
            person__account__suspended_at=None,
            person__account__closed_at=None,
            person__account__isnull=False,
        )
        if path is not None:
            rows = rows.filter(unit__place__path__startswith=path)
        columns = ["person__account_id", "person_id", "unit_id", *(["relation"] if relation is None else [])]
        found += [Resident(*row, *([relation] if relation else [])) for row in rows.values_list(*columns)]
    return [one for one in found if relations is None or one.relation in relations]


def accounts_of_unit(unit_id: int, on: date) -> list[Resident]:
    """Everybody with an account behind one door."""
    owners = Ownership.objects.filter(in_force(on), unit_id=unit_id, person__account__isnull=False)
    others = Occupancy.objects.filter(in_force(on), unit_id=unit_id, person__account__isnull=False)
    return [
        *(
            Resident(account_id, person_id, unit_id, "owner")
            for account_id, person_id in owners.values_list("person__account_id", "person_id")
        ),
        *(
            Resident(account_id, person_id, unit_id, relation)
            for account_id, person_id, relation in others.values_list(
                "person__account_id", "person_id", "relation"
            )
        ),
    ]


@dataclass(frozen=True, slots=True)
class HomeCard:
    """One home of the actor, as its own page shows it."""

    unit_id: int
    label: str
    area_dm2: int | None
    compound_id: int
    compound_name: str
    slug: str
    relation: str = field(kw_only=True)
    person_id: int = field(kw_only=True)


_HOMES = """
SELECT u.id, u.label, u.area_dm2, c.id, c.name, c.slug FROM places_unit u
JOIN places_place c ON c.id = u.compound_id WHERE u.id IN ({marks})
ORDER BY c.sort_key, c.id, u.sort_key, u.id
"""


def homes_of(actor: Actor) -> list[HomeCard]:
    """The actor's homes with their addresses, in natural order."""
    held = {home.unit_id: home for home in actor.homes}
    if not held:
        return []
    rows = all_rows(_HOMES.format(marks=", ".join(["%s"] * len(held))), list(held))
    return [HomeCard(*row, relation=held[row[0]].relation, person_id=held[row[0]].person_id) for row in rows]
