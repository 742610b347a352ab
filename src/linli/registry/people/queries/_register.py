"""One person, one unit of the register, masked as far as the reader is not entrusted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from linli.ground.db.fields import blind_index
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.codes import check_mobile
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import mask_name, mask_phone
from linli.registry.people import policies
from linli.registry.people.models import Account, Occupancy, Ownership, Person, RegisterChange

if TYPE_CHECKING:
    from linli.registry.places.models import Place, Unit


@dataclass(frozen=True, slots=True)
class Holding:
    """That a person owns or lives in a unit, now or formerly."""

    id: int
    unit_id: int
    unit_label: str
    person_id: int
    name: str
    kind: str
    phone: str
    relation: str
    from_on: date | None
    to_on: date | None
    ground: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the story of the register."""

    kind: str
    on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person of the register, masked as far as the reader is not entrusted."""

    id: int
    name: str
    kind: str
    phone: str
    document_tail: str
    account_id: int | None
    account_seen_on: date | None
    holdings: Sequence[Holding]
    former: Sequence[Holding]
    changes: Sequence[Change]
    erased: bool


def person_of(compound: Place, person_id: int) -> Person:
    """The entry with this number in this compound's register."""
    found = Person.objects.filter(pk=person_id, compound_id=compound.pk).first()
    if found is None:
        raise NotFound("no_such_person", "这个小区的名册里没有这个人。")
    return found


def person_card(actor: Actor, compound: Place, person_id: int, *, on: date) -> PersonCard:
    """A person with present and former homes and the changes of the entry."""
    policies.require_may_see_register(actor, compound.path)
    person = person_of(compound, person_id)
    names_open = policies.may_see_names(actor, compound.path)
    held = _holdings({"person_id": person.pk}, names_open)
    account = Account.objects.filter(pk=person.account_id).first() if person.account_id else None
    return PersonCard(
        id=person.pk,
        name=person.name if names_open else mask_name(person.name),
        kind=person.kind,
        phone=mask_phone(person.phone or ""),
        document_tail=person.document_tail,
        account_id=person.account_id,
        account_seen_on=account.seen_at.date() if account and account.seen_at else None,
        holdings=[one for one in held if one.to_on is None or one.to_on > on],
        former=[one for one in held if one.to_on is not None and one.to_on <= on],
        changes=_changes(person_id=person.pk),
        erased=person.erased_at is not None,
    )


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit with its present and former people and the changes of its entry."""

    owners: Sequence[Holding]
    occupants: Sequence[Holding]
    former: Sequence[Holding]
    changes: Sequence[Change]


def unit_card(actor: Actor, compound: Place, unit: Unit, *, on: date) -> UnitCard:
    """Who owns and lives in a unit of the compound, and how it came to be so."""
    policies.require_may_see_register(actor, compound.path)
    held = _holdings({"unit_id": unit.pk}, policies.may_see_names(actor, compound.path))
    present = [one for one in held if one.to_on is None or one.to_on > on]
    return UnitCard(
        owners=[one for one in present if one.relation == "owner"],
        occupants=[one for one in present if one.relation != "owner"],
        former=[one for one in held if one.to_on is not None and one.to_on <= on],
        changes=_changes(unit_id=unit.pk),
    )


def people_behind(unit_id: int, *, on: date) -> tuple[int, int]:
    """How many owners and how many occupants a unit has on a day."""
    now = Q(unit_id=unit_id) & (Q(to_on=None) | Q(to_on__gt=on))
    return Ownership.objects.filter(now).count(), Occupancy.objects.filter(now).count()


def mark_of_entry(person: Person) -> str:
    """A word for what stands in an entry now: a form that carries an older one was filled in on older facts."""
    facts = (person.name, person.phone_index, person.document_index, person.erased_at)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def mark_of_owners(unit: Unit) -> str:
    """A word for who owns a unit now; see ``mark_of_entry``."""
    held = Ownership.objects.filter(unit_id=unit.pk, to_on=None).order_by("pk")
    facts = held.values_list("pk", "person__name", "person__phone_index", "person__document_index")
    return hashlib.sha256(repr(list(facts)).encode()).hexdigest()[:32]


def household_of(actor: Actor, unit_id: int, *, on: date) -> list[Holding]:
    """Who lives in the actor's own home: owners read their household, others themselves."""
    homes = [home for home in actor.homes if home.unit_id == unit_id]
    if not homes:
        raise NotFound("not_your_home", "这不是您名下的房屋。")
    held = [one for one in _holdings({"unit_id": unit_id}, True) if one.to_on is None or one.to_on > on]
    if any(home.relation == "owner" for home in homes):
        return held
    return [one for one in held if one.person_id in {home.person_id for home in homes}]


def by_phone(actor: Actor, compound: Place, phone: str) -> list[Person]:
    """The entries with exactly this number; the caller records the look."""
    policies.require_may_see_register(actor, compound.path)
    index = blind_index(check_mobile(phone))
    return list(Person.objects.filter(phone_index=index, compound_id=compound.pk).order_by("pk"))


def bearers(compound_id: int, account_id: int | None, phone: str) -> list[int]:
    """The entries whose number this is: those of the account, or else those with the number; oldest first."""
    entries = Person.objects.filter(compound_id=compound_id, erased_at=None).order_by("pk")
    own = entries.filter(account_id=account_id) if account_id is not None else entries.none()
    found = own.values_list("pk", flat=True)
    return list(found) or list(entries.filter(phone_index=blind_index(phone)).values_list("pk", flat=True))


def _holdings(which: dict[str, int], names_open: bool) -> list[Holding]:
    owned = Ownership.objects.filter(**which).select_related("unit", "person").order_by("pk")
    lived = Occupancy.objects.filter(**which).select_related("unit", "person").order_by("pk")
    return [
        *(_holding(row, "owner", row.ground, names_open) for row in owned),
        *(_holding(row, row.relation, "", names_open) for row in lived),
    ]


def _holding(row: Ownership | Occupancy, relation: str, ground: str, names_open: bool) -> Holding:
    person = row.person
    return Holding(
        id=row.pk,
        unit_id=row.unit_id,
        unit_label=row.unit.label,
        person_id=person.pk,
        name=person.name if names_open else mask_name(person.name),
        kind=person.kind,
        phone=mask_phone(person.phone or ""),
        relation=relation,
        from_on=row.from_on,
        to_on=row.to_on,
        ground=ground,
        has_account=person.account_id is not None,
    )


def _changes(**which: int) -> list[Change]:
    rows = RegisterChange.objects.filter(**which).select_related("by_account").order_by("-at", "-pk")
    return [
        Change(row.kind, row.on, row.reason, row.by_account.name if row.by_account else "") for row in rows
    ]
