"""The rules of signing in: how long a code lives, how often it may be tried, how long a device stays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from linli.ground.kernel.errors import Conflict

COOKIE = "linli_session"
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
DORMANT_AFTER = timedelta(days=90)
"""After so long without a sign-in, a number may have been given to somebody else by the operator."""

RESIDENT_SESSION = timedelta(days=180)
STAFF_SESSION = timedelta(days=14)
HALF_SESSION = timedelta(minutes=30)
"""How long a sign-in may wait for its second factor."""

SEEN_EVERY = timedelta(hours=1)
STEP_SECONDS = 30
RECOVERY_CODES = 10


CODES_PER_HOUR = 8
CODES_PER_DAY = 15
"""To one number, from wherever they are asked; sendings from one address are counted at the door."""

FACTOR_TRIES = 5


def token_hash(token: str) -> str:
    """What the table keeps of a random token; it needs no salt, for nobody can guess 24 random bytes."""
    return hashlib.sha256(token.encode()).hexdigest()


class Answer(StrEnum):
    """What became of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"


def answer(*, matches: bool, tries: int, used: bool, expires_at: datetime, at: datetime) -> Answer:
    """Judge a typed code; ``tries`` counts this attempt. A used, expired or tired code is spent."""
    if used or at >= expires_at or tries > CODE_TRIES:
        return Answer.SPENT
    if matches:
        return Answer.RIGHT
    return Answer.SPENT if tries == CODE_TRIES else Answer.WRONG


def check_may_send(sent_at: Sequence[datetime], at: datetime) -> None:
    """Refuse a second code within a minute, and too many in an hour or a day, to one number."""
    last = max(sent_at, default=None)
    if last is not None and at - last < RESEND_AFTER:
        seconds = -((last + RESEND_AFTER - at) // timedelta(seconds=-1))
        raise Conflict("code_sent_just_now", "验证码刚刚发过，请过 {seconds} 秒再试。", seconds=seconds)
    for most, span, words in (
        (CODES_PER_HOUR, timedelta(hours=1), "一小时"),
        (CODES_PER_DAY, timedelta(days=1), "一天"),
    ):
        if sum(at - one < span for one in sent_at) >= most:
            raise Conflict(
                "too_many_codes",
                "这个手机号在{span}里收了太多验证码，请晚些再试，或请小区服务站帮忙。",
                span=words,
            )


def is_dormant(last_seen_at: datetime | None, at: datetime) -> bool:
    """Whether the account was silent so long that the number may belong to somebody else now."""
    return last_seen_at is not None and at - last_seen_at >= DORMANT_AFTER


def totp_steps(at: datetime) -> tuple[int, int, int]:
    """The time steps whose codes are taken: this one, the one before and the one after (RFC 6238 §5.2)."""
    now = int(at.timestamp()) // STEP_SECONDS
    return now, now - 1, now + 1


class Standing(StrEnum):
    """How far a sign-in has come."""

    FULL = "full"
    """The account acts with its homes and duties."""
    PLAIN = "plain"
    """Signed in as a resident; the duties wait for a second factor to be set up."""
    HALF = "half"
    """The code was right, and the account's second factor is still due: nobody is signed in."""


def standing(*, has_factor: bool, strong: bool, waits: bool, needs_factor: bool, in_grace: bool) -> Standing:
    """What a session is worth; ``waits`` says that something asked for at the sign-in is still due.

    Whoever has a second factor needs it at every sign-in; whoever must have one and has none acts
    without duties until it is set up, except in the days of grace.
    """
    if waits or (has_factor and not strong):
        return Standing.HALF
    if has_factor:
        return Standing.FULL
    return Standing.FULL if in_grace or not needs_factor else Standing.PLAIN


class Outcome(StrEnum):
    """What an attempt to sign in came to; a wrong attempt is an answer, not a fault, so that it counts."""

    SIGNED_IN = "signed_in"
    FACTOR_DUE = "factor_due"
    NAME_DUE = "name_due"
    WRONG = "wrong"
    SPENT = "spent"
    SUSPENDED = "suspended"
