"""The owners' register changes: sale, inheritance, a wrong entry put right, a number that is not theirs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.ground.db.fields import blind_index
from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.people import events, policies, queries
from linli.registry.people.actions import _entries
from linli.registry.people.actions._entries import Written
from linli.registry.people.actions._linking import forget_phone
from linli.registry.people.domain import names, register
from linli.registry.people.domain.register import Ground, NewPerson
from linli.registry.people.models import Occupancy, Ownership, Person, Relation

if TYPE_CHECKING:
    from linli.registry.places.models import Unit


@transaction.atomic
def transfer_ownership(
    *,
    actor: Actor,
    unit: Unit,
    to: Sequence[NewPerson],
    ground: Ground,
    on: date,
    staying: Collection[int] = (),
    reason: str,
    seen: str | None = None,
    at: datetime,
) -> list[Ownership]:
    """A unit changes hands: the present owners end on a day, the new ones begin on it.

    ``staying`` are the ownerships that go on, e.g. of the widow among the heirs. The family of the
    former owners moves out with them; tenants stay (民法典 725). ``seen`` is the mark of the owners that the
    clerk had before them. Refuses owners that changed since, whoever does not keep the register, oneself
    as the new owner, and what ``check_transfer`` refuses.
    """
    policies.require_may_keep_register(actor, unit.compound.path)
    reason = register.checked_reason(reason)
    _entries.take_turn(unit.compound_id)
    _require_same_owners(unit, seen)
    held = list(lock(Ownership.objects.filter(unit_id=unit.pk, to_on=None).order_by("pk")))
    register.check_transfer(
        ground=ground,
        to=to,
        staying=sum(row.pk in staying for row in held),
        on=on,
        today=timezone.localdate(at),
        began=[row.from_on for row in held],
    )
    written = Written.nothing()
    people = [_entries.entry_for(unit.compound_id, new, written) for new in to]
    for person in people:
        _require_no_own_interest(actor, person)
    owners = {person.pk for person in people} | {row.person_id for row in held if row.pk in staying}
    present = {row.person_id for row in held}
    if owners == present:
        raise Conflict("same_owners", "新业主和现业主一样，没有变更。")
    leaving = [row for row in held if row.person_id not in owners]
    _entries.end_ownerships(leaving, on, written)
    _end_households(unit, owners, bool(leaving), on, written)
    begun = [
        _own(unit, person, on, register.GROUND_LABELS[ground], written)
        for person in people
        if person.pk not in present
    ]
    _finish(unit, written, kind=ground, on=on, reason=reason, by=actor, at=at)
    return begun


@transaction.atomic
def correct_owner(
    *,
    actor: Actor,
    unit: Unit,
    ownership_id: int,
    right: NewPerson,
    reason: str,
    seen: str | None = None,
    at: datetime,
) -> Ownership:
    """A wrong person stands as owner: their entry ends today and the right one begins today.

    The register never says that it always knew better; the reason says what had been wrong. ``seen`` is
    the mark of the owners that the clerk had before them. Refuses owners that changed since, whoever does
    not keep the register, oneself, and the person who stands there already.
    """
    policies.require_may_keep_register(actor, unit.compound.path)
    reason = register.checked_reason(reason)
    _entries.take_turn(unit.compound_id)
    wrong = _present(unit, ownership_id)
    _require_same_owners(unit, seen)
    today = timezone.localdate(at)
    written = Written.nothing()
    person = _entries.entry_for(unit.compound_id, right, written)
    _require_no_own_interest(actor, person)
    if Ownership.objects.filter(unit_id=unit.pk, person=person, to_on=None).exists():
        raise Conflict("same_owners", "这个人已经登记为这套房的业主。")
    _entries.end_ownerships([wrong], today, written)
    begun = _own(unit, person, today, register.GROUND_LABELS[Ground.CORRECTION], written)
    _finish(unit, written, kind=Ground.CORRECTION, on=today, reason=reason, by=actor, at=at)
    return begun


@transaction.atomic
def remove_owner(
    *, actor: Actor, unit: Unit, ownership_id: int, reason: str, seen: str | None = None, at: datetime
) -> None:
    """Somebody stands as co-owner who never was one: the entry ends today.

    Refuses the last owner, and owners that changed since the clerk had ``seen`` them.
    """
    policies.require_may_keep_register(actor, unit.compound.path)
    reason = register.checked_reason(reason)
    _entries.take_turn(unit.compound_id)
    wrong = _present(unit, ownership_id)
    _require_same_owners(unit, seen)
    if not Ownership.objects.filter(unit_id=unit.pk, to_on=None).exclude(pk=wrong.pk).exists():
        raise Conflict("last_owner", "这是最后一位业主，不能只移除。请用「更正业主」写明正确的业主。")
    written = Written.nothing()
    today = timezone.localdate(at)
    _entries.end_ownerships([wrong], today, written)
    _finish(unit, written, kind=Ground.CORRECTION, on=today, reason=reason, by=actor, at=at)


@transaction.atomic
def correct_person(
    *, actor: Actor, person: Person, right: NewPerson, reason: str, seen: str | None = None, at: datetime
) -> Person:
    """Put name, number or document of one entry right, with the reason beside it.

    An empty document leaves the old one. ``seen`` is the mark of the entry that the clerk had before
    them (``queries.mark_of_entry``); None when nobody looked. Refuses an entry that somebody changed
    since, whoever does not keep the register, one's own entry, a name change of an entry in somebody's
    hands together with the number (that would be another person).
    """
    policies.require_may_keep_register(actor, person.compound.path)
    _entries.take_turn(person.compound_id)
    person = lock(person)
    _require_no_own_interest(actor, person)
    _require_same_entry(person, seen)
    reason = register.checked_reason(reason)
    right = register.checked(NewPerson(right.name, right.phone, person.kind, right.document))
    index = blind_index(right.phone) if right.phone else None
    renamed = not names.same_name(right.name, person.name)
    if person.account_id is not None and renamed and index != person.phone_index:
        raise Invalid(
            "another_person", "姓名和手机号一起改，就是换了一个人。请用「更正业主」或「变更业主」。"
        )
    written = Written.nothing()
    written.remember(person)
    person.name, person.name_key = right.name, names.key(right.name)
    person.phone, person.phone_index = right.phone or None, index
    if right.document:
        person.document_index, person.document_tail = blind_index(right.document), right.document[-4:]
    person.save()
    _entries.tell(
        written,
        compound_id=person.compound_id,
        unit_id=None,
        person_id=person.pk,
        kind="person_corrected",
        on=timezone.localdate(at),
        reason=reason,
        by=actor,
        at=at,
    )
    written.record(
        compound_id=person.compound_id, kind="person.corrected", body={"person": person.pk}, by=actor, at=at
    )
    return person


@transaction.atomic
def detach_entry_number(*, actor: Actor, person: Person, reason: str, at: datetime) -> None:
    """A number in the register is somebody else's now: it goes, so that its holder is not taken for them.

    For entries in nobody's hands; those of an account go through ``detach_number``.
    """
    policies.require_may_keep_register(actor, person.compound.path)
    reason = register.checked_reason(reason)
    _entries.take_turn(person.compound_id)
    person = lock(person)
    if person.phone_index is None:
        raise Conflict("no_number", "这条登记没有手机号。")
    if person.account_id is not None:
        raise Conflict("number_in_use", "这条登记已经有账号在用，请从账号上解除手机号。")
    forget_phone(person, reason=reason, by=actor, at=at)


def _require_same_entry(person: Person, seen: str | None) -> None:
    now = queries.mark_of_entry(person)
    if seen is not None and seen != now:
        raise Conflict(
            "entry_changed_meanwhile",
            "您打开这一页以后，别人改了这条登记，现在的姓名是「{name}」，手机号是「{phone}」。"
            "请核对您要改的内容，再提交一次。",
            name=person.name,
            phone=person.phone or "—",
            seen=now,
        )


def _require_same_owners(unit: Unit, seen: str | None) -> None:
    now = queries.mark_of_owners(unit)
    if seen is not None and seen != now:
        raise Conflict(
            "owners_changed_meanwhile",
            "这套房的业主刚刚被别人改过，现在登记的是「{names}」，请核对您要改的内容，再提交一次。",
            names=_owners_names(unit),
            seen=now,
        )


def _owners_names(unit: Unit) -> str:
    held = Ownership.objects.filter(unit_id=unit.pk, to_on=None).order_by("pk")
    return "、".join(held.values_list("person__name", flat=True)) or "—"


def _present(unit: Unit, ownership_id: int) -> Ownership:
    """An ownership that stands, held until the act ends. Refuses one that ended, and those of other units."""
    found = lock(Ownership.objects.filter(pk=ownership_id, unit_id=unit.pk))
    if not found:
        raise NotFound("no_such_ownership", "这套房没有这条产权登记。")
    if found[0].to_on is not None:
        raise Conflict(
            "ownership_ended",
            "这条产权登记刚刚被别人结束了，现在登记的业主是「{names}」。还要更正，请回到这套房，从现在的业主改。",
            names=_owners_names(unit),
        )
    return found[0]


def _require_no_own_interest(actor: Actor, person: Person) -> None:
    policies.require_not_oneself(
        actor, actor.account_id if _entries.belongs_to(person, actor.account_id) else None
    )


def _own(unit: Unit, person: Person, on: date, ground: str, written: Written) -> Ownership:
    begun = insert(
        Ownership(compound_id=unit.compound_id, unit=unit, person=person, from_on=on, ground=ground)
    )
    written.rows.append(begun)
    return begun


def _end_households(unit: Unit, owners: set[int], owners_left: bool, on: date, written: Written) -> None:
    """Whoever became an owner is no longer an occupant; the family of owners who left goes with them."""
    lived = Occupancy.objects.filter(unit_id=unit.pk, to_on=None).order_by("pk")
    going = [
        row for row in lived if row.person_id in owners or (owners_left and row.relation == Relation.FAMILY)
    ]
    _entries.end_occupancies(going, on, written)


def _finish(
    unit: Unit, written: Written, *, kind: Ground, on: date, reason: str, by: Actor, at: datetime
) -> None:
    _entries.tell(
        written,
        compound_id=unit.compound_id,
        unit_id=unit.pk,
        person_id=None,
        kind=kind,
        on=on,
        reason=reason,
        by=by,
        at=at,
    )
    written.record(
        compound_id=unit.compound_id,
        kind=f"ownership.{kind}",
        body={"unit": unit.pk, "on": on.isoformat()},
        by=by,
        at=at,
    )
    bus.publish(events.OwnersChanged(unit.pk, unit.compound_id, kind, at))
