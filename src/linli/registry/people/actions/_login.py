"""Signing in: from a proven number to a session, step by step, and out again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Invalid, NotFound
from linli.registry.people import policies
from linli.registry.people.actions import _codes
from linli.registry.people.actions._linking import detach
from linli.registry.people.domain import login, names, roles
from linli.registry.people.domain.login import Answer, Outcome, token_hash
from linli.registry.people.models import Account, LoginCode, Person, RecoveryCode, Session
from linli.registry.people.queries import entries_to_confirm, held_by

NEW_NAME = "新住户"
_WAITS = {"factor": Outcome.FACTOR_DUE, "name": Outcome.NAME_DUE, "": Outcome.SIGNED_IN}


@dataclass(frozen=True, slots=True)
class Entered:
    """Where a sign-in stands. ``token`` is the new cookie, for ``lasts``; None leaves the old one alone."""

    outcome: Outcome
    token: str | None = None
    lasts: timedelta = timedelta(0)
    tries_left: int = 0
    entries_wait: bool = False
    """Entries of a register carry this number and wait for a "yes, that is me"."""


@transaction.atomic
def enter_code(
    *, ticket: str, code: str, device: str, session_id: int | None = None, at: datetime
) -> Entered:
    """Try a sign-in code; the right one opens a session under a new token, or the next step.

    ``session_id`` is the session this browser had before; it ends. Wrong and spent codes are answers,
    not refusals, so that the attempt counts.
    """
    tried = _codes.try_code(account_id=None, ticket=ticket, code=code, at=at)
    if tried.answer != Answer.RIGHT or tried.code is None:
        outcome = Outcome.WRONG if tried.answer == Answer.WRONG else Outcome.SPENT
        return Entered(outcome, tries_left=tried.tries_left)
    account = _account_with(tried.code, at)
    if account.suspended_at is not None:
        return Entered(Outcome.SUSPENDED)
    if session_id is not None:
        Session.objects.filter(pk=session_id, revoked_at=None).update(revoked_at=at)
    waits_for = ""
    if account.totp_since is not None:
        waits_for = "factor"
    elif login.is_dormant(account.seen_at, at) and _known_names(account):
        waits_for = "name"
    return open_session(account, device=device, waits_for=waits_for, at=at)


@transaction.atomic
def give_factor(*, session_id: int, code: str, at: datetime) -> Entered:
    """Give the second factor of a sign-in that waits for it: a TOTP code or a recovery code.

    The session gets a new token. Five wrong attempts end it.
    """
    session = _waiting(session_id, "factor", at)
    if session is None:
        return Entered(Outcome.SPENT)
    account = session.account
    if not (take_totp(account, code, at) or take_recovery_code(account, code, at)):
        return _wrong(session, at)
    session.revoked_at = at
    session.save(update_fields=["revoked_at"])
    return open_session(account, device=session.device, strong=True, at=at)


@transaction.atomic
def prove_name(*, session_id: int, name: str, at: datetime) -> Entered:
    """After a long silence, say whose account it is; numbers are given to others in the meantime."""
    session = _waiting(session_id, "name", at)
    if session is None:
        return Entered(Outcome.SPENT)
    if not any(names.same_name(name, known) for known in _known_names(session.account)):
        return _wrong(session, at)
    session.revoked_at = at
    session.save(update_fields=["revoked_at"])
    return open_session(session.account, device=session.device, at=at)


@transaction.atomic
def disown_account(*, session_id: int, at: datetime) -> Entered:
    """The number is new to its holder, and the silent account behind it somebody else's.

    The number leaves the old account, which its bearer can get back at the counter, and a fresh one is
    opened. Refuses accounts that were used lately.
    """
    session = Session.objects.select_related("account").filter(pk=session_id, revoked_at=None).first()
    if session is None or not session.waits_for or session.expires_at <= at:
        raise NotFound("sign_in_again", "登录已经超时，请重新获取验证码。")
    old = session.account
    if not login.is_dormant(old.seen_at, at):
        raise Invalid("account_in_use", "这个账号最近还在使用，不能这样换人。请带证件到小区服务站办理。")
    phone, index = old.phone, old.phone_index
    detach(old, by=Actor(key="nobody"), kind="account.number_disowned", at=at)
    account = _open_account(phone, index, at)
    return open_session(account, device=session.device, at=at)


def open_session(
    account: Account, *, device: str, waits_for: str = "", strong: bool = False, at: datetime
) -> Entered:
    """A new session under a new random token; never one that a browser brought along."""
    token = secrets.token_urlsafe(32)
    today = timezone.localdate(at)
    staff = roles.needs_second_factor([held.name for held in held_by(account.pk, today)])
    lasts = login.STAFF_SESSION if staff else login.RESIDENT_SESSION
    if waits_for:
        lasts = login.HALF_SESSION
    insert(
        Session(
            account=account,
            token_hash=token_hash(token),
            device=device[:120],
            strong=strong,
            waits_for=waits_for,
            created_at=at,
            seen_at=at,
            expires_at=at + lasts,
        )
    )
    if not waits_for:
        Account.objects.filter(pk=account.pk).update(seen_at=at)
    index = account.phone_index
    ask = not waits_for and index is not None and bool(entries_to_confirm(index, account.pk, today))
    return Entered(_WAITS[waits_for], token, lasts, login.FACTOR_TRIES, ask)


def touch_session(*, session_id: int, account_id: int, at: datetime) -> None:
    """Note that a device was used, at most once an hour; the list of devices and dormancy need no more."""
    stale = Session.objects.filter(pk=session_id, seen_at__lte=at - login.SEEN_EVERY)
    if stale.update(seen_at=at):
        Account.objects.filter(pk=account_id).update(seen_at=at)


@transaction.atomic
def sign_out(*, actor: Actor, session_id: int, at: datetime) -> None:
    """End one of the actor's own sessions, this device's or another's. Refuses others' devices."""
    mine = Session.objects.filter(pk=session_id, account_id=policies.own_account_id(actor), revoked_at=None)
    if not mine.update(revoked_at=at):
        raise NotFound("no_such_device", "这台设备已经退出了。")


@transaction.atomic
def sign_out_everywhere(*, actor: Actor, keep_session_id: int | None, at: datetime) -> int:
    """End every session of the actor except the one in hand; returns how many ended."""
    mine = Session.objects.filter(
        account_id=policies.own_account_id(actor), revoked_at=None, expires_at__gt=at
    )
    return mine.exclude(pk=keep_session_id or 0).update(revoked_at=at)


def take_totp(account: Account, code: str, at: datetime) -> bool:
    """Whether the code is right for its time and newer than the last one taken, which it then becomes."""
    digits = code.replace(" ", "")
    if not account.totp_secret or len(digits) != login.CODE_DIGITS or not digits.isdecimal():
        return False
    one_time = pyotp.TOTP(account.totp_secret)
    for step in login.totp_steps(at):
        if constant_time_compare(one_time.generate_otp(step), digits):
            newer = Account.objects.filter(pk=account.pk, totp_last_step__lt=step)
            return bool(newer.update(totp_last_step=step))
    return False


def take_recovery_code(account: Account, code: str, at: datetime) -> bool:
    """Whether the paper code is one of the account's and unused, which ends now."""
    if account.totp_since is None:
        return False
    unused = RecoveryCode.objects.filter(
        account=account, code_hash=recovery_hash(account.pk, code), used_at=None
    )
    return bool(unused.update(used_at=at))


def recovery_hash(account_id: int, code: str) -> str:
    """What the table keeps of a recovery code; blanks, dashes and case do not matter."""
    bare = code.replace("-", "").replace(" ", "").upper()
    return salted_hmac("linli.people.recovery", f"{account_id}:{bare}", algorithm="sha256").hexdigest()


def _account_with(code: LoginCode, at: datetime) -> Account:
    found = Account.objects.filter(phone_index=code.phone_index).first()
    return found or _open_account(code.phone, code.phone_index, at)


def _open_account(phone: str | None, index: str | None, at: datetime) -> Account:
    account, opened = Account.objects.get_or_create(
        phone_index=index, defaults={"name": NEW_NAME, "phone": phone, "created_at": at}
    )
    if opened:
        journal.append(
            compound_id=account.log_id,
            stream="people/accounts",
            kind="account.opened",
            body={"account": account.pk},
            rows=[account],
            by=Actor(key=f"account:{account.pk}"),
            at=at,
        )
    return account


def _known_names(account: Account) -> list[str]:
    """The names that the bearer of an account would give."""
    own = [account.name] if account.name != NEW_NAME else []
    return own + list(Person.objects.filter(account=account).values_list("name", flat=True))


def _waiting(session_id: int, what: str, at: datetime) -> Session | None:
    """The half-open session, with this attempt counted; None when it is over."""
    mine = Session.objects.filter(
        pk=session_id,
        waits_for=what,
        revoked_at=None,
        expires_at__gt=at,
        tries__lt=login.FACTOR_TRIES,
        account__suspended_at=None,
        account__closed_at=None,
    )
    if not mine.update(tries=F("tries") + 1):
        return None
    return Session.objects.select_related("account").get(pk=session_id)


def _wrong(session: Session, at: datetime) -> Entered:
    left = login.FACTOR_TRIES - session.tries
    if left > 0:
        return Entered(Outcome.WRONG, tries_left=left)
    session.revoked_at = at
    session.save(update_fields=["revoked_at"])
    return Entered(Outcome.SPENT)
