"""Duties: given, ended, invited to, suspended, and left with the work handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.ground.db.fields import blind_index
from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.codes import check_mobile
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.kernel.text import fold
from linli.registry.people import events, policies, queries
from linli.registry.people.actions._linking import ACCOUNTS
from linli.registry.people.actions._login import NEW_NAME
from linli.registry.people.domain import roles
from linli.registry.people.domain.register import checked_name, checked_reason
from linli.registry.people.models import Account, RoleAssignment, Session

if TYPE_CHECKING:
    from linli.registry.places.models import Place

STREAM = "people/roles"


@transaction.atomic
def assign_role(
    *,
    actor: Actor,
    account_id: int,
    role: RoleName,
    place: Place,
    organisation_id: int | None = None,
    title: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    at: datetime,
) -> RoleAssignment:
    """Give an account a duty for a place, from a day (today) until a day on which it no longer holds.

    Refuses whoever may not give it, oneself, a wrong kind of place, an impossible time, and a duty that
    excludes one the account holds.
    """
    policies.require_may_give(actor, role, place.path, organisation_id)
    policies.require_not_for_oneself(actor, account_id)
    account = _open_account(account_id)
    begins = from_on or timezone.localdate(at)
    lock(account)
    roles.check_assignment(
        name=role,
        place_kind=place.kind,
        scope=place.path,
        from_on=begins,
        to_on=to_on,
        held=queries.held_by(account.pk, begins),
    )
    given = insert(
        RoleAssignment(
            account=account,
            role=role,
            place=place,
            organisation_id=organisation_id,
            title=fold(title)[:40],
            from_on=begins,
            to_on=to_on,
        )
    )
    _record(given, "role.assigned", by=actor, at=at)
    bus.publish(events.RoleGiven(account.pk, role, place.pk, at))
    return given


@transaction.atomic
def invite_staff(
    *,
    actor: Actor,
    phone: str,
    name: str,
    role: RoleName,
    place: Place,
    organisation_id: int | None = None,
    title: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    at: datetime,
) -> RoleAssignment:
    """Give a duty to whoever has this phone; an unknown number gets an account that waits for its bearer.

    A name is only written where none stands: nobody renames another's account by inviting it.
    """
    policies.require_may_give(actor, role, place.path, organisation_id)
    phone, name = check_mobile(phone), checked_name(name)
    account, opened = Account.objects.get_or_create(
        phone_index=blind_index(phone), defaults={"name": name, "phone": phone, "created_at": at}
    )
    if opened:
        journal.append(
            compound_id=account.log_id,
            stream=ACCOUNTS,
            kind="account.opened",
            body={"account": account.pk},
            rows=[account],
            by=actor,
            at=at,
        )
    elif account.name == NEW_NAME:
        Account.objects.filter(pk=account.pk).update(name=name)
    return assign_role(
        actor=actor,
        account_id=account.pk,
        role=role,
        place=place,
        organisation_id=organisation_id,
        title=title,
        from_on=from_on,
        to_on=to_on,
        at=at,
    )


@transaction.atomic
def end_role(*, actor: Actor, assignment_id: int, reason: str, at: datetime) -> RoleAssignment:
    """End a duty at once, by whoever may give it or by its bearer, and say why.

    Open work goes back to the heap; to hand it to somebody use ``leave_duties``. Refuses a duty that
    has ended.
    """
    given = queries.assignment(assignment_id)
    _require_may_end(actor, given)
    _end([given], reason=reason, successor_id=None, by=actor, at=at)
    return given


@transaction.atomic
def leave_duties(
    *,
    actor: Actor,
    account_id: int,
    assignment_ids: Sequence[int],
    successor_id: int | None,
    reason: str,
    at: datetime,
) -> None:
    """A member of staff leaves: these duties end today, and the open work goes to the successor.

    Refuses duties the actor could not have given (unless they are the actor's own), and a successor who
    does not hold the same duty there.
    """
    rows = RoleAssignment.objects.filter(pk__in=assignment_ids, account_id=account_id)
    given = list(rows.select_related("place").order_by("pk"))
    if not given or len(given) != len(set(assignment_ids)):
        raise NotFound("no_such_assignment", "没有找到这一项任职。")
    for one in given:
        _require_may_end(actor, one)
    _check_successor(given, successor_id, timezone.localdate(at))
    _end(given, reason=reason, successor_id=successor_id, by=actor, at=at)


@transaction.atomic
def suspend_account(*, actor: Actor, account_id: int, reason: str, at: datetime) -> None:
    """Shut an account out at once, on all devices, until it is resumed. Duties stay, and do nothing; open
    work goes back to be given to others.

    Staff by those who answer for them, residents only by the operator. Refuses one suspended already.
    """
    account = _open_account(account_id)
    policies.require_may_suspend(actor, account_id, queries.held_by(account_id, timezone.localdate(at)))
    if account.suspended_at is not None:
        raise Conflict("suspended_already", "这个账号已经停用。")
    account.suspended_at = at
    account.suspended_reason = checked_reason(reason)
    account.save(update_fields=["suspended_at", "suspended_reason"])
    Session.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    _record_account(account, "account.suspended", by=actor, at=at)
    bus.publish(events.StaffSuspended(account.pk, at))


@transaction.atomic
def resume_account(*, actor: Actor, account_id: int, reason: str, at: datetime) -> None:
    """Let a suspended account in again, by those who could suspend it."""
    account = _open_account(account_id)
    policies.require_may_suspend(actor, account_id, queries.held_by(account_id, timezone.localdate(at)))
    checked_reason(reason)
    if account.suspended_at is None:
        raise Conflict("not_suspended", "这个账号没有停用。")
    account.suspended_at = None
    account.suspended_reason = ""
    account.save(update_fields=["suspended_at", "suspended_reason"])
    _record_account(account, "account.resumed", by=actor, at=at)


def _require_may_end(actor: Actor, given: RoleAssignment) -> None:
    """The bearer may lay a duty down; otherwise whoever may give it may end it."""
    if actor.account_id != given.account_id:
        policies.require_may_give(actor, RoleName(given.role), given.place.path, given.organisation_id)


def _check_successor(leaving: Sequence[RoleAssignment], successor_id: int | None, on: date) -> None:
    if successor_id is None:
        return
    for duty in leaving:
        same = queries.staff_of(path=duty.place.path, roles=[RoleName(duty.role)], on=on)
        if successor_id == duty.account_id or all(one.account_id != successor_id for one in same):
            raise Invalid(
                "successor_unfit",
                "接手的人要在同一处担任「{role}」，请先任命，再交接。",
                role=roles.label(duty.role),
                field="successor",
            )


def _end(
    given: Sequence[RoleAssignment], *, reason: str, successor_id: int | None, by: Actor, at: datetime
) -> None:
    today = timezone.localdate(at)
    reason = checked_reason(reason)
    for one in given:
        if one.to_on is not None and one.to_on <= today:
            raise Conflict("role_ended_already", "这项任职已经结束。")
        one.to_on = max(today, one.from_on)
        one.ended_reason = reason
        one.handed_over_at = at
        one.save(update_fields=["to_on", "ended_reason", "handed_over_at"])
    for one in sorted(given, key=lambda duty: (duty.place.log_id, duty.pk)):
        _record(one, "role.ended", by=by, at=at)
    duties = [(one.role, one.place_id) for one in given]
    bus.publish(events.StaffLeft(given[0].account_id, successor_id, duties, at))


@transaction.atomic
def hand_over_expired(*, at: datetime) -> int:
    """Tell the house of the duties whose last day has come by itself; returns how many."""
    today = timezone.localdate(at)
    over = RoleAssignment.objects.filter(to_on__lte=today, handed_over_at=None).order_by("account_id", "pk")
    ended: dict[int, list[RoleAssignment]] = {}
    for one in lock(over):
        ended.setdefault(one.account_id, []).append(one)
    for account_id, given in ended.items():
        RoleAssignment.objects.filter(pk__in=[one.pk for one in given]).update(handed_over_at=at)
        duties = [(one.role, one.place_id) for one in given]
        bus.publish(events.StaffLeft(account_id, None, duties, at))
    return sum(map(len, ended.values()))


def _open_account(account_id: int) -> Account:
    found = Account.objects.filter(pk=account_id, closed_at=None).first()
    if found is None:
        raise NotFound("no_such_account", "没有找到这个账号，可能已经注销。")
    return found


def _record(given: RoleAssignment, kind: str, *, by: Actor, at: datetime) -> None:
    journal.append(
        compound_id=given.place.log_id,
        stream=STREAM,
        kind=kind,
        body={
            "account": given.account_id,
            "role": given.role,
            "place": given.place_id,
            "organisation": given.organisation_id,
        },
        rows=[given],
        by=by,
        at=at,
    )


def _record_account(account: Account, kind: str, *, by: Actor, at: datetime) -> None:
    journal.append(
        compound_id=account.log_id,
        stream=ACCOUNTS,
        kind=kind,
        body={"account": account.pk},
        rows=[account],
        by=by,
        at=at,
    )
