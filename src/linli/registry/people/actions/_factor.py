"""The second factor: set up, renewed, put away, and reset by those who answer for a member of staff."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.people import policies
from linli.registry.people.actions._linking import ACCOUNTS
from linli.registry.people.actions._login import (
    Entered,
    open_session,
    recovery_hash,
    take_recovery_code,
    take_totp,
)
from linli.registry.people.domain import login, roles
from linli.registry.people.domain.register import checked_reason
from linli.registry.people.models import Account, RecoveryCode, Session
from linli.registry.people.queries import held_by

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class FactorSetUp:
    """What the authenticator app needs: the address for the QR code, and the secret to type."""

    uri: str
    secret: str


@dataclass(frozen=True, slots=True)
class FactorReady:
    """The second factor stands. The recovery codes are shown this once; the session has a new token."""

    recovery_codes: tuple[str, ...]
    entered: Entered | None


@transaction.atomic
def begin_factor(*, actor: Actor) -> FactorSetUp:
    """A secret for the actor's authenticator app; it counts once a code made with it has been given.

    Opening the page again shows the same secret. Refuses while a second factor stands.
    """
    account = Account.objects.get(pk=policies.own_account_id(actor))
    if account.totp_since is not None:
        raise Conflict("factor_stands", "动态验证码已经设好。要换手机，请先关闭再重新设置。")
    if not account.totp_secret:
        account.totp_secret = pyotp.random_base32()
        account.save(update_fields=["totp_secret"])
    uri = pyotp.TOTP(account.totp_secret).provisioning_uri(name=account.name, issuer_name="邻里 Linli")
    return FactorSetUp(uri, account.totp_secret)


@transaction.atomic
def finish_factor(*, actor: Actor, session_id: int, code: str, at: datetime) -> FactorReady:
    """A first code proves that the app works: from now on every sign-in needs it; other devices end.

    Refuses a wrong code.
    """
    account = Account.objects.get(pk=policies.own_account_id(actor))
    if account.totp_since is not None:
        raise Conflict("factor_stands", "动态验证码已经设好。要换手机，请先关闭再重新设置。")
    if not take_totp(account, code, at):
        raise _wrong_code()
    account.refresh_from_db()
    account.totp_since = at
    account.save(update_fields=["totp_since"])
    device = Session.objects.get(pk=session_id).device
    Session.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    codes = _new_recovery_codes(account)
    _record(account, "account.factor_set", by=actor, at=at)
    return FactorReady(codes, open_session(account, device=device, strong=True, at=at))


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, code: str, at: datetime) -> FactorReady:
    """Ten new paper codes; the old ones no longer open anything. Refuses without a fresh code of the app."""
    account = Account.objects.get(pk=policies.own_account_id(actor))
    if account.totp_since is None or not take_totp(account, code, at):
        raise _wrong_code()
    return FactorReady(_new_recovery_codes(account), None)


@transaction.atomic
def drop_factor(*, actor: Actor, code: str, at: datetime) -> None:
    """Put the second factor away, e.g. before a new phone. Refuses without a code.

    Staff set it up anew at once, for their duties wait until then.
    """
    account = Account.objects.get(pk=policies.own_account_id(actor))
    if not (take_totp(account, code, at) or take_recovery_code(account, code, at)):
        raise _wrong_code()
    _clear(account)
    _record(account, "account.factor_dropped", by=actor, at=at)


@transaction.atomic
def reset_factor(*, actor: Actor, account_id: int, reason: str, at: datetime) -> None:
    """A member of staff lost phone and paper: whoever answers for them lets them begin anew.

    All their devices are signed out. Refuses whoever does not answer for all of their duties.
    """
    account = Account.objects.get(pk=account_id)
    policies.require_may_manage(actor, account.pk, held_by(account.pk, timezone.localdate(at)))
    checked_reason(reason)
    _clear(account)
    Session.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    _record(account, "account.factor_reset", by=actor, at=at)


def must_set_up(*, account_id: int, at: datetime) -> bool:
    """Whether the account's duties need a second factor here."""
    held = held_by(account_id, timezone.localdate(at))
    return roles.needs_second_factor([one.name for one in held]) and not settings.LINLI_DEMO


def _clear(account: Account) -> None:
    account.totp_secret = None
    account.totp_since = None
    account.save(update_fields=["totp_secret", "totp_since"])
    RecoveryCode.objects.filter(account=account).delete()


def _new_recovery_codes(account: Account) -> tuple[str, ...]:
    RecoveryCode.objects.filter(account=account).delete()
    codes = tuple(_paper_code() for _ in range(login.RECOVERY_CODES))
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(account=account, code_hash=recovery_hash(account.pk, code)) for code in codes]
    )
    return codes


def _paper_code() -> str:
    """Ten characters without those that look alike: fifty bits, in two groups."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


def _record(account: Account, kind: str, *, by: Actor, at: datetime) -> None:
    journal.append(
        compound_id=account.log_id,
        stream=ACCOUNTS,
        kind=kind,
        body={"account": account.pk},
        rows=[account],
        by=by,
        at=at,
    )


def _wrong_code() -> Invalid:
    return Invalid("factor_wrong", "动态验证码不对，或者刚才已经用过。请等下一个码再试。", field="code")
