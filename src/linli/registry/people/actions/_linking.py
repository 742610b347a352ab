"""Whose number it is: entries of the register meet their account, and numbers leave accounts again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.people import policies
from linli.registry.people.domain import names
from linli.registry.people.domain.register import checked_reason
from linli.registry.people.models import Account, Person, PhoneChange, RegisterChange, Session
from linli.registry.people.queries import entries_to_confirm, held_by, home_paths

STREAM = "register/people"
ACCOUNTS = "people/accounts"
DISPUTED = "phone_disputed"
DETACHED = "phone_detached"


@transaction.atomic
def confirm_entries(*, actor: Actor, name: str, at: datetime) -> int:
    """ "Yes, that is me": the entries with the actor's own number and this name become the actor's.

    The name has to be written out, for a number may have been somebody else's, and a couple may share
    one. Refuses a name that stands in none of them. Returns how many entries were taken.
    """
    account = Account.objects.get(pk=policies.own_account_id(actor))
    waiting = entries_to_confirm(account.phone_index or "", account.pk, timezone.localdate(at))
    people = Person.objects.filter(pk__in=[one.person_id for one in waiting], account=None)
    mine = [person for person in people.order_by("pk") if names.same_name(person.name, name)]
    if not mine:
        raise Invalid(
            "name_does_not_fit", "和登记的姓名对不上。请写登记时用的全名；不是您的话，请选「不是我」。"
        )
    if account.name != mine[0].name:
        Account.objects.filter(pk=account.pk).update(name=mine[0].name)
    link(mine, account, by=actor, at=at)
    return len(mine)


def link(people: Iterable[Person], account: Account, *, by: Actor, at: datetime) -> None:
    """Put entries into an account's hands, recorded in each compound's log, in the order of the logs.

    An entry leaves another account only when that one has lost its number, so that nobody can use it.
    """
    for found in sorted(people, key=lambda one: (one.compound_id, one.pk)):
        person = lock(found)
        other = person.account if person.account_id != account.pk else None
        if other is not None and other.phone_index is not None:
            raise Conflict("entry_taken", "这条登记已经属于另一个账号，请到小区服务站核对。")
        replaced = journal.remember(person)
        person.account = account
        person.save(update_fields=["account", "leaf"])
        journal.append(
            compound_id=person.compound_id,
            stream=STREAM,
            kind="person.linked",
            body={"person": person.pk, "account": account.pk},
            rows=[person],
            replaced=replaced,
            by=by,
            at=at,
        )


@transaction.atomic
def decline_entries(*, actor: Actor, at: datetime) -> int:
    """ "That is not me": staff of the compounds see that the number in their register is somebody else's."""
    account = Account.objects.get(pk=policies.own_account_id(actor))
    today = timezone.localdate(at)
    waiting = entries_to_confirm(account.phone_index or "", account.pk, today)
    people = Person.objects.filter(pk__in=[one.person_id for one in waiting]).order_by("compound_id", "pk")
    for person in people:
        change = insert(
            RegisterChange(
                compound_id=person.compound_id,
                person=person,
                kind=DISPUTED,
                on=today,
                reason="现在用这个手机号的人说不是本人",
                by_account=account,
                at=at,
            )
        )
        journal.append(
            compound_id=person.compound_id,
            stream=STREAM,
            kind="person.phone_disputed",
            body={"person": person.pk},
            rows=[change],
            by=actor,
            at=at,
        )
    return len(people)


@transaction.atomic
def detach_number(*, actor: Actor, account_id: int, reason: str, at: datetime) -> None:
    """Take a recycled number away from an account, and from its entries in the registers.

    Whoever holds the number now can no longer get in; the bearer gets the account back by proving a new
    number at the counter. Refuses whoever does not answer for the account.
    """
    account = Account.objects.get(pk=account_id)
    today = timezone.localdate(at)
    policies.require_may_vouch(actor, account.pk, home_paths(account.pk, today), held_by(account.pk, today))
    reason = checked_reason(reason)
    if account.phone_index is None:
        raise Conflict("no_number", "这个账号已经没有绑定手机号。")
    index = account.phone_index
    detach(account, by=actor, kind="account.number_detached", at=at)
    entries = Person.objects.filter(account=account, phone_index=index)
    for person in entries.order_by("compound_id", "pk"):
        forget_phone(person, reason=reason, by=actor, at=at)


def forget_phone(person: Person, *, reason: str, by: Actor, at: datetime) -> None:
    """Empty the number of one entry, with the reason beside it."""
    person = lock(person)
    replaced = journal.remember(person)
    person.phone = None
    person.phone_index = None
    person.save(update_fields=["phone", "phone_index", "leaf"])
    change = insert(
        RegisterChange(
            compound_id=person.compound_id,
            person=person,
            kind=DETACHED,
            on=timezone.localdate(at),
            reason=reason,
            by_account_id=by.account_id,
            at=at,
        )
    )
    journal.append(
        compound_id=person.compound_id,
        stream=STREAM,
        kind="person.phone_detached",
        body={"person": person.pk},
        rows=[person, change],
        replaced=replaced,
        by=by,
        at=at,
    )


def detach(account: Account, *, by: Actor, kind: str, at: datetime) -> None:
    """Take the number from an account and end all its sessions."""
    account.phone = None
    account.phone_index = None
    account.save(update_fields=["phone", "phone_index"])
    Session.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    waiting = PhoneChange.objects.filter(account=account, status=PhoneChange.Status.WAITING)
    rows: list[Account | PhoneChange] = [account]
    for change in waiting:
        change.status = PhoneChange.Status.WITHDRAWN
        change.phone, change.phone_index = None, None
        change.save(update_fields=["status", "phone", "phone_index"])
        rows.append(change)
    journal.append(
        compound_id=account.log_id,
        stream=ACCOUNTS,
        kind=kind,
        body={"account": account.pk},
        rows=rows,
        by=by,
        at=at,
    )
