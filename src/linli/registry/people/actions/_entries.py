"""Entries of the register: found again or newly written, and the story beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.db.fields import blind_index
from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.registry.people.domain import names, register
from linli.registry.people.domain.register import NewPerson
from linli.registry.people.models import Account, Occupancy, Ownership, Person, RegisterChange
from linli.registry.places import queries as places

STREAM = "register/people"
Row = Person | Ownership | Occupancy | RegisterChange


@dataclass(slots=True)
class Written:
    """What an act on one compound's register has written so far, for its one line in the log."""

    rows: list[Row]
    replaced: list[object]

    @classmethod
    def nothing(cls) -> Written:
        """The beginning."""
        return cls([], [])

    def remember(self, row: Person | Ownership) -> None:
        """Call before a row changes: a bulk act may cover it."""
        self.replaced += journal.remember(row)
        self.rows.append(row)

    def record(
        self, *, compound_id: int, kind: str, body: dict[str, object], by: Actor, at: datetime
    ) -> None:
        """Write the line."""
        journal.append(
            compound_id=compound_id,
            stream=STREAM,
            kind=kind,
            body=body,
            rows=self.rows,
            replaced=self.replaced,  # type: ignore[arg-type]
            by=by,
            at=at,
        )


def take_turn(*compound_ids: int) -> None:
    """Wait until nobody else changes the registers of these compounds, by hand or by an import.

    Called before anything is read that the change depends on.
    """
    lock(places.compounds_by_id(compound_ids).order_by("pk"))


def entry_for(compound_id: int, new: NewPerson, written: Written) -> Person:
    """The entry of this person in this compound: the one with the same name and number, or a new one.

    A name alone is not enough: two neighbours may share it.
    """
    new = register.checked(new)
    phone_index = blind_index(new.phone) if new.phone else None
    document_index = blind_index(new.document) if new.document else None
    known = _known(compound_id, new.name, phone_index, document_index)
    if known is not None:
        return known
    person = insert(
        Person(
            compound_id=compound_id,
            kind=new.kind,
            name=new.name,
            name_key=names.key(new.name),
            phone=new.phone or None,
            phone_index=phone_index,
            document_index=document_index,
            document_tail=new.document[-4:],
        )
    )
    written.rows.append(person)
    return person


def _known(compound_id: int, name: str, phone_index: str | None, document_index: str | None) -> Person | None:
    same = Person.objects.filter(compound_id=compound_id, erased_at=None).order_by("pk")
    by_document = same.filter(document_index=document_index) if document_index else same.none()
    by_phone = same.filter(phone_index=phone_index) if phone_index else same.none()
    for person in (*by_document, *by_phone):
        if names.same_name(person.name, name):
            return person
    return None


def belongs_to(person: Person, account_id: int | None) -> bool:
    """Whether the entry is this account's, or carries its number."""
    if account_id is None:
        return False
    if person.account_id == account_id:
        return True
    index = Account.objects.filter(pk=account_id).values_list("phone_index", flat=True).first()
    return index is not None and person.phone_index == index


def end_ownerships(held: Sequence[Ownership], on: date, written: Written) -> None:
    """Let ownerships end; the day belongs to whoever owns next."""
    for row in held:
        written.remember(row)
        row.to_on = on if row.from_on is None else max(on, row.from_on)
        row.save(update_fields=["to_on", "leaf"])


def end_occupancies(held: Sequence[Occupancy], on: date, written: Written) -> None:
    """Let people move out."""
    for row in held:
        row.to_on = on if row.from_on is None else max(on, row.from_on)
        row.save(update_fields=["to_on"])
        written.rows.append(row)


def tell(
    written: Written,
    *,
    compound_id: int,
    unit_id: int | None,
    person_id: int | None,
    kind: str,
    on: date,
    reason: str,
    by: Actor,
    at: datetime,
) -> RegisterChange:
    """Write down why, beside what changed."""
    change = insert(
        RegisterChange(
            compound_id=compound_id,
            unit_id=unit_id,
            person_id=person_id,
            kind=kind,
            on=on,
            reason=reason,
            by_account_id=by.account_id,
            at=at,
        )
    )
    written.rows.append(change)
    return change
