"""A person gets another phone number: proven by a code, and by a second witness."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor, system
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.people import events, policies
from linli.registry.people.actions import _codes
from linli.registry.people.actions._codes import AskedCode
from linli.registry.people.actions._linking import ACCOUNTS, STREAM
from linli.registry.people.actions._login import take_recovery_code, take_totp
from linli.registry.people.domain.login import Answer, Outcome
from linli.registry.people.domain.register import checked_reason
from linli.registry.people.models import Account, Person, PhoneChange, Session
from linli.registry.people.queries import held_by, home_paths, phone_change


@transaction.atomic
def keep_email(*, actor: Actor, email: str) -> None:
    """Keep the address to which the actor wants mail, encrypted; an empty one forgets it. It opens nothing."""
    account = Account.objects.get(pk=policies.own_account_id(actor))
    account.email = email or None
    account.save(update_fields=["email"])


@transaction.atomic
def ask_number_code(*, actor: Actor, phone: str, at: datetime) -> AskedCode:
    """Send a code to the number that the actor wants to use from now on."""
    return _codes.send_code(account_id=policies.own_account_id(actor), phone=phone, at=at)


@transaction.atomic
def change_number(
    *, actor: Actor, session_id: int, ticket: str, code: str, factor: str, at: datetime
) -> Outcome:
    """Prove the new number; with the second factor it counts at once, else staff have to confirm it.

    Returns ``SIGNED_IN`` when the number has changed, ``FACTOR_DUE`` when it waits for staff, ``WRONG``
    or ``SPENT`` for the code. Refuses a wrong second factor.
    """
    account = Account.objects.get(pk=policies.own_account_id(actor))
    strong = account.totp_since is not None
    if strong and not (take_totp(account, factor, at) or take_recovery_code(account, factor, at)):
        raise Invalid("factor_wrong", "动态验证码不对，或者刚才已经用过。请等下一个码再试。", field="factor")
    tried = _codes.try_code(account_id=account.pk, ticket=ticket, code=code, at=at)
    if tried.answer != Answer.RIGHT or tried.code is None:
        return Outcome.WRONG if tried.answer == Answer.WRONG else Outcome.SPENT
    if strong:
        _give_number(account, tried.code.phone, tried.code.phone_index, by=actor, at=at)
        others = Session.objects.filter(account=account, revoked_at=None)
        others.exclude(pk=session_id).update(revoked_at=at)
        return Outcome.SIGNED_IN
    return _wait_for_staff(account, tried.code.phone, tried.code.phone_index, by=actor, at=at)


@transaction.atomic
def withdraw_phone_change(*, actor: Actor, at: datetime) -> None:
    """Take one's own waiting change back."""
    change = PhoneChange.objects.filter(
        account_id=policies.own_account_id(actor), status=PhoneChange.Status.WAITING
    ).first()
    if change is None:
        raise Conflict("no_phone_change", "没有等待核对的换号申请。")
    _close(change, PhoneChange.Status.WITHDRAWN, "", by=actor, at=at)


WAITING_KEPT = timedelta(days=90)
"""So long a new number waits for staff; whoever still wants it proves it again."""
UNANSWERED = "三个月没有人核对，自动作废。"


def drop_unanswered_changes(*, at: datetime) -> int:
    """End the changes that nobody answered for three months, and forget their numbers; returns how many."""
    dropped = 0
    old = PhoneChange.objects.filter(status=PhoneChange.Status.WAITING, asked_at__lt=at - WAITING_KEPT)
    for key in list(old.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            change = lock(old.filter(pk=key)).first()
            if change is not None:
                _close(change, PhoneChange.Status.WITHDRAWN, UNANSWERED, by=system("keeping"), at=at)
                dropped += 1
    return dropped


@transaction.atomic
def answer_phone_change(
    *, actor: Actor, change_id: int, confirmed: bool, reason: str, at: datetime
) -> PhoneChange:
    """Staff who have seen the person confirm a new number, or refuse it, and say why.

    Refuses whoever may not vouch for the account, and a change that was answered already.
    """
    change = phone_change(change_id)
    account = change.account
    today = timezone.localdate(at)
    policies.require_may_vouch(actor, account.pk, home_paths(account.pk, today), held_by(account.pk, today))
    reason = checked_reason(reason)
    if change.status != PhoneChange.Status.WAITING:
        raise Conflict("answered_already", "这份换号申请已经有人处理了。")
    phone, index = change.phone, change.phone_index
    status = PhoneChange.Status.CONFIRMED if confirmed else PhoneChange.Status.REFUSED
    _close(change, status, reason, by=actor, at=at)
    if confirmed:
        assert phone is not None and index is not None, "a waiting change carries its number"
        _give_number(account, phone, index, by=actor, at=at)
        Session.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    return change


def _wait_for_staff(account: Account, phone: str, index: str, *, by: Actor, at: datetime) -> Outcome:
    today = timezone.localdate(at)
    if PhoneChange.objects.filter(account=account, status=PhoneChange.Status.WAITING).exists():
        raise Conflict("phone_change_waits", "您已经有一份换号申请在等核对，请先撤回再重新申请。")
    if not home_paths(account.pk, today) and not held_by(account.pk, today):
        _give_number(account, phone, index, by=by, at=at)  # an account with nothing to lose
        return Outcome.SIGNED_IN
    change = insert(PhoneChange(account=account, phone=phone, phone_index=index, asked_at=at))
    journal.append(
        compound_id=change.log_id,
        stream=ACCOUNTS,
        kind="phone_change.asked",
        body={"account": account.pk, "change": change.pk},
        rows=[change],
        by=by,
        at=at,
    )
    compounds = Person.objects.filter(account=account).values_list("compound_id", flat=True)
    bus.publish(events.PhoneChangeAsked(change.pk, account.pk, tuple(sorted(set(compounds))), at))
    return Outcome.FACTOR_DUE


def _close(change: PhoneChange, status: PhoneChange.Status, answer: str, *, by: Actor, at: datetime) -> None:
    change.status = status
    change.answer = answer
    change.answered_by_id = by.account_id
    change.answered_at = at
    change.phone, change.phone_index = None, None
    change.save()
    journal.append(
        compound_id=change.log_id,
        stream=ACCOUNTS,
        kind=f"phone_change.{status}",
        body={"account": change.account_id, "change": change.pk},
        rows=[change],
        by=by,
        at=at,
    )


def _give_number(account: Account, phone: str, index: str, *, by: Actor, at: datetime) -> None:
    """Put the proven number on the account and on its entries that carried the old one."""
    rows = [*_take_from_other(account, index, at), account]
    old = account.phone_index
    account.phone, account.phone_index = phone, index
    account.save(update_fields=["phone", "phone_index"])
    journal.append(
        compound_id=account.log_id,
        stream=ACCOUNTS,
        kind="account.number_changed",
        body={"account": account.pk},
        rows=rows,
        by=by,
        at=at,
    )
    entries = Person.objects.filter(account=account, phone_index=old) if old else Person.objects.none()
    for person in entries.order_by("compound_id", "pk"):
        replaced = journal.remember(person)
        person.phone, person.phone_index = phone, index
        person.save(update_fields=["phone", "phone_index", "leaf"])
        journal.append(
            compound_id=person.compound_id,
            stream=STREAM,
            kind="person.phone_changed",
            body={"person": person.pk},
            rows=[person],
            replaced=replaced,
            by=by,
            at=at,
        )


def _take_from_other(account: Account, index: str, at: datetime) -> list[Account]:
    """An empty account that the same number opened in the meantime makes room; a used one does not."""
    other = Account.objects.filter(phone_index=index).exclude(pk=account.pk).first()
    if other is None:
        return []
    today = timezone.localdate(at)
    used = home_paths(other.pk, today) or held_by(other.pk, today) or other.claims.exists()
    if used or other.totp_since is not None:
        raise Conflict("number_taken", "这个手机号已经属于另一个账号。请到小区服务站核对后合并。")
    other.phone, other.phone_index = None, None
    other.closed_at = at
    other.save(update_fields=["phone", "phone_index", "closed_at"])
    Session.objects.filter(account=other, revoked_at=None).update(revoked_at=at)
    return [other]
