"""Codes by SMS: asked for, sent after the commit, tried, used once."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from linli.ground.db.fields import blind_index
from linli.ground.db.rows import insert
from linli.ground.kernel.codes import check_mobile
from linli.ground.kernel.errors import NotFound
from linli.registry.people import adapters
from linli.registry.people.domain import login
from linli.registry.people.domain.login import Answer, token_hash
from linli.registry.people.models import LoginCode

logger = logging.getLogger(__name__)

_TEXT = "【邻里】验证码 {code}，5 分钟内有效。请不要告诉任何人，工作人员也不会向您要。"


@dataclass(frozen=True, slots=True)
class AskedCode:
    """A code is on its way. The browser keeps ``ticket``; ``shown_code`` is set in the demo only."""

    ticket: str
    shown_code: str | None


@dataclass(frozen=True, slots=True)
class CodeTried:
    """What became of a typed code, and for whose number it was."""

    answer: Answer
    tries_left: int
    code: LoginCode | None


@transaction.atomic
def ask_login_code(*, phone: str, at: datetime) -> AskedCode:
    """Send a sign-in code to a number, whether the house knows it or not.

    Refuses a number that is none, and too many codes to one number.
    """
    return send_code(account_id=None, phone=phone, at=at)


@transaction.atomic
def resend_code(*, ticket: str, at: datetime) -> AskedCode:
    """Send another code to the number that this browser gave before. Refuses what ``ask_login_code`` does."""
    before = LoginCode.objects.filter(ticket_hash=token_hash(ticket)).first()
    if before is None:
        raise NotFound("sign_in_again", "登录已经超时，请重新填写手机号。")
    return send_code(account_id=before.account_id, phone=before.phone, at=at)


def send_code(*, account_id: int | None, phone: str, at: datetime) -> AskedCode:
    """Write a code down and send it once the transaction stands."""
    phone = check_mobile(phone)
    index = blind_index(phone)
    day_before = at - timedelta(days=1)
    sent = LoginCode.objects.filter(phone_index=index, sent_at__gt=day_before).values_list(
        "sent_at", flat=True
    )
    login.check_may_send(list(sent), at)
    ticket = secrets.token_urlsafe(24)
    code = f"{secrets.randbelow(10**login.CODE_DIGITS):0{login.CODE_DIGITS}d}"
    insert(
        LoginCode(
            account_id=account_id,
            phone=phone,
            phone_index=index,
            ticket_hash=token_hash(ticket),
            code_hash=_code_hash(ticket, code),
            sent_at=at,
            expires_at=at + login.CODE_LIFE,
        )
    )
    if settings.LINLI_DEMO and settings.LINLI_SMS == "console":
        return AskedCode(ticket, code)  # the page shows it, nothing needs to be sent
    transaction.on_commit(lambda: _send(phone, code))
    return AskedCode(ticket, None)


def try_code(*, account_id: int | None, ticket: str, code: str, at: datetime) -> CodeTried:
    """Count one attempt and judge it; a right code is used up at that moment, by one attempt only.

    The caller must let its transaction stand whatever the answer is, so that the attempt counts.
    """
    found = LoginCode.objects.filter(ticket_hash=token_hash(ticket)).first()
    if found is None or found.account_id != account_id:
        return CodeTried(Answer.SPENT, 0, None)
    mine = LoginCode.objects.filter(pk=found.pk, used_at=None, tries__lt=login.CODE_TRIES, expires_at__gt=at)
    if not mine.update(tries=F("tries") + 1):
        return CodeTried(Answer.SPENT, 0, found)
    found.refresh_from_db()
    matches = constant_time_compare(found.code_hash, _code_hash(ticket, code))
    answer = login.answer(
        matches=matches, tries=found.tries, used=found.used_at is not None, expires_at=found.expires_at, at=at
    )
    if answer == Answer.RIGHT and not LoginCode.objects.filter(pk=found.pk, used_at=None).update(used_at=at):
        answer = Answer.SPENT
    return CodeTried(answer, login.CODE_TRIES - found.tries, found)


def _code_hash(ticket: str, code: str) -> str:
    return salted_hmac("linli.people.code", f"{ticket}:{code}", algorithm="sha256").hexdigest()


def _send(phone: str, code: str) -> None:
    """The person is waiting for it, so it goes now; if it does not arrive they ask for another."""
    try:
        adapters.sms_sender().send(phone, _TEXT.format(code=code))
    except adapters.SmsNotSent as trouble:
        logger.error("a sign-in code was not sent: %s", trouble)
