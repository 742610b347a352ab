"""Consents, looks at protected data, and what a person takes away or has erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, NotFound
from linli.registry.people import events, policies, queries
from linli.registry.people.actions import _entries
from linli.registry.people.actions._claims import forget_proof
from linli.registry.people.actions._entries import Written
from linli.registry.people.actions._linking import ACCOUNTS
from linli.registry.people.domain import consents, names
from linli.registry.people.domain.register import checked_reason
from linli.registry.people.models import (
    AccessRecord,
    Account,
    Consent,
    HomeClaim,
    LoginCode,
    Occupancy,
    Ownership,
    Person,
    PhoneChange,
    RecoveryCode,
    Session,
)
from linli.registry.people.models._salt import fresh_salt

if TYPE_CHECKING:
    from linli.registry.places.models import Place

LOOKS = "register/looks"
OPENED = "日常查看"
BY_PHONE = "按手机号查找"
BY_WORDS = "按姓名或房号查找"
CORRECTING = "打开更正登记的表"
CONSENTS = "people/consents"


@transaction.atomic
def record_look(
    *, actor: Actor, compound: Place, person_id: int | None, what: str, reason: str, at: datetime
) -> AccessRecord:
    """Write down that somebody looked: at a person, or at a list of the compound."""
    policies.require_may_see_register(actor, compound.path)
    return _write_look(actor, compound, person_id, what=what, reason=reason, at=at)


@transaction.atomic
def note_call(
    *, actor: Actor, compound: Place, account_id: int | None, phone: str, reason: str, at: datetime
) -> None:
    """Write down that whoever works on somebody's matter was shown their number; its bearers can read that.

    The capability whose matter it is decides who may. ``account_id`` is None for people without an account;
    of a number that nobody in the register has, the look itself stays on record.
    """
    found: list[int | None] = [*queries.bearers(compound.pk, account_id, phone)]
    for person_id in found or [None]:
        _write_look(actor, compound, person_id, what="phone", reason=reason, at=at)


def _write_look(
    actor: Actor, compound: Place, person_id: int | None, *, what: str, reason: str, at: datetime
) -> AccessRecord:
    look = insert(
        AccessRecord(
            account_id=actor.account_id,
            person_id=person_id,
            compound_id=compound.pk,
            what=what,
            reason=reason[:200],
            at=at,
        )
    )
    journal.append(
        compound_id=compound.pk,
        stream=LOOKS,
        kind=f"look.{what}",
        body={"look": look.pk},
        rows=[look],
        by=actor,
        at=at,
    )
    return look


@transaction.atomic
def note_opening(*, actor: Actor, compound: Place, person_id: int, at: datetime) -> None:
    """Write down, once a day, that a member of staff opened a person's page."""
    policies.require_may_see_register(actor, compound.path)
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    looks = AccessRecord.objects.filter(person_id=person_id, what="person", at__gte=today)
    if not looks.filter(account_id=policies.own_account_id(actor)).exists():
        record_look(actor=actor, compound=compound, person_id=person_id, what="person", reason=OPENED, at=at)


@transaction.atomic
def find_by_phone(*, actor: Actor, compound: Place, phone: str, at: datetime) -> list[int]:
    """The entries with exactly this number; each of them can read that it was looked for."""
    found = [person.pk for person in queries.by_phone(actor, compound, phone)]
    looked_at: list[int | None] = [*found] or [None]
    for person_id in looked_at:
        record_look(
            actor=actor, compound=compound, person_id=person_id, what="search", reason=BY_PHONE, at=at
        )
    return found


@transaction.atomic
def reveal_phone(*, actor: Actor, compound: Place, person_id: int, reason: str, at: datetime) -> str:
    """The full number of a person, for a reason that the person can read. Refuses without one."""
    person = queries.person_of(compound, person_id)
    reason = checked_reason(reason)
    record_look(actor=actor, compound=compound, person_id=person.pk, what="phone", reason=reason, at=at)
    phone: str | None = person.phone
    if not phone:
        raise NotFound("no_number", "这条登记没有手机号。")
    return phone


@transaction.atomic
def take_register(*, actor: Actor, compound: Place, what: str, reason: str, at: datetime) -> AccessRecord:
    """Whoever takes the list away, as a file or on paper, says what for; everybody in it can read that."""
    policies.require_may_export(actor, compound.path)
    return record_look(
        actor=actor, compound=compound, person_id=None, what=what, reason=checked_reason(reason), at=at
    )


@transaction.atomic
def grant_consent(*, actor: Actor, purpose: str, text_sha256: str, at: datetime) -> Consent:
    """Agree to a purpose in the words that were read; an older consent to other words ends.

    Refuses words that have changed since the page was opened, and a consent that stands.
    """
    if not consents.holds(purpose, text_sha256):
        raise Conflict("text_changed", "说明刚刚更新过，请重新看一遍再决定。")
    rows: list[Consent] = []
    for old in Consent.objects.filter(
        account_id=policies.own_account_id(actor), purpose=purpose, withdrawn_at=None
    ):
        if old.text_sha256 == text_sha256:
            raise Conflict("consented_already", "您已经同意过了。")
        old.withdrawn_at = at
        old.save(update_fields=["withdrawn_at"])
        rows.append(old)
    given = insert(
        Consent(
            account_id=policies.own_account_id(actor), purpose=purpose, text_sha256=text_sha256, granted_at=at
        )
    )
    _record_consents("consent.granted", [*rows, given], by=actor, at=at)
    return given


@transaction.atomic
def withdraw_consent(*, actor: Actor, purpose: str, at: datetime) -> None:
    """Take a consent back; nobody asks why, and what was kept on its ground alone is erased (PIPL 15, 16, 47)."""
    consents.purpose(purpose)
    rows = list(
        Consent.objects.filter(account_id=policies.own_account_id(actor), purpose=purpose, withdrawn_at=None)
    )
    if not rows:
        raise Conflict("no_consent", "您没有同意过这一项，或者已经撤回。")
    for row in rows:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    _record_consents("consent.withdrawn", rows, by=actor, at=at)
    bus.publish(events.ConsentWithdrawn(rows[0].account_id, purpose, at))


def take_own_data(*, actor: Actor, at: datetime) -> dict[str, Sequence[dict[str, object]]]:
    """Everything the house keeps about the actor, from every capability that answers (PIPL 45)."""
    asked = events.OwnDataAsked(queries.own_account(actor).pk, at)
    bus.publish(asked)
    return {**queries.own_data(actor), **asked.parts}


@transaction.atomic
def erase_account(*, actor: Actor, drop_register_phone: bool, at: datetime) -> None:
    """Erase the actor's account: name, number, devices, codes and consents go for good.

    Entries of an owner stay in the register, for the law counts owners by it, but belong to no account
    any more; entries of tenants and family are emptied. Refuses as long as duties are held.
    Source: PIPL 47; 网络数据安全管理条例 24.
    """
    account = queries.own_account(actor)
    today = timezone.localdate(at)
    if queries.held_by(account.pk, today):
        raise Conflict("duties_first", "您还担任着职务，请先交接，再注销账号。")
    people = list(Person.objects.filter(account=account).order_by("compound_id", "pk"))
    claims = list(HomeClaim.objects.filter(account=account).order_by("compound_id", "pk"))
    _erase_account_rows(account, by=actor, at=at)
    for compound_id in sorted({one.compound_id for one in people} | {one.compound_id for one in claims}):
        written = Written.nothing()
        for person in (one for one in people if one.compound_id == compound_id):
            _part_from(person, written, drop_phone=drop_register_phone, today=today, at=at)
        rows = [_empty_claim(one, at) for one in claims if one.compound_id == compound_id]
        written.rows += rows  # type: ignore[arg-type]
        written.record(
            compound_id=compound_id,
            kind="person.account_erased",
            body={"account": account.pk},
            by=actor,
            at=at,
        )
    bus.publish(events.AccountErased(account.pk, at))


def _erase_account_rows(account: Account, *, by: Actor, at: datetime) -> None:
    if account.phone_index is not None:
        LoginCode.objects.filter(phone_index=account.phone_index).delete()
    Session.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    rows: list[Account | Consent | PhoneChange] = [account]
    for consent in Consent.objects.filter(account=account, withdrawn_at=None).order_by("pk"):
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        rows.append(consent)
    for change in PhoneChange.objects.filter(account=account).order_by("pk"):
        change.phone, change.phone_index, change.answer = None, None, ""
        if change.status == PhoneChange.Status.WAITING:
            change.status = PhoneChange.Status.WITHDRAWN
        change.save()
        rows.append(change)
    account.name = names.ERASED_NAME
    account.phone = account.phone_index = account.email = None
    account.totp_secret, account.totp_since = None, None
    account.suspended_reason = ""
    account.closed_at = at
    account.salt = fresh_salt()
    account.save()
    journal.append(
        compound_id=account.log_id,
        stream=ACCOUNTS,
        kind="account.erased",
        body={"account": account.pk},
        rows=rows,
        by=by,
        at=at,
    )


def _part_from(person: Person, written: Written, *, drop_phone: bool, today: date, at: datetime) -> None:
    """Unlink an owner's entry; empty everybody else's and let them move out."""
    lived = Occupancy.objects.filter(person=person, to_on=None)
    is_owner = Ownership.objects.filter(person=person).exists()
    written.remember(person)
    person.account = None
    if drop_phone or not is_owner:
        person.phone = person.phone_index = None
        person.salt = fresh_salt()
    if not is_owner:
        _entries.end_occupancies(list(lived), today, written)
        person.name, person.name_key = names.ERASED_NAME, ""
        person.document_index, person.document_tail = None, ""
        person.erased_at = at
    person.save()


def _empty_claim(claim: HomeClaim, at: datetime) -> HomeClaim:
    forget_proof(claim)
    claim.name, claim.note = "", ""
    if claim.status == HomeClaim.Status.WAITING:
        claim.status = HomeClaim.Status.WITHDRAWN
        claim.answered_at = at
    claim.save()
    return claim


def _record_consents(kind: str, rows: list[Consent], *, by: Actor, at: datetime) -> None:
    """The log knows that a consent was given or taken back, not to what."""
    journal.append(
        compound_id=0,
        stream=CONSENTS,
        kind=kind,
        body={"consents": [row.pk for row in rows]},
        rows=rows,
        by=by,
        at=at,
    )
