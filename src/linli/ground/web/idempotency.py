"""A form is answered once: a second sending gets the first answer, whatever happened to the first.

The row is written in the transaction of the act. Two sendings at once therefore wait for each other
on the unique index (PostgreSQL) or on the write lock (SQLite), and an act that is rolled back leaves
its key free to be used again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any, cast

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from linli.ground.kernel.actor import NOBODY
from linli.ground.kernel.errors import Conflict
from linli.ground.web.models import AnsweredForm

FIELD = "idempotency_key"
HEADER = "Idempotency-Key"
KEPT = timedelta(days=14)
_NOT_HASHED = frozenset({"csrfmiddlewaretoken", FIELD})
_CLAIM = (
    "INSERT INTO web_answered_form (scope, token, path, body_hash, status, location, created_at) "
    "VALUES (%s, %s, %s, %s, 0, '', %s) ON CONFLICT (scope, token) DO NOTHING"
)
_SETTLE = "UPDATE web_answered_form SET status = %s, location = %s WHERE scope = %s AND token = %s"


class FormUsedTwice(Conflict):
    """The same form was sent again with something else in it."""

    def __init__(self) -> None:
        super().__init__(
            "form_used_twice",
            "这张表刚才已经提交过了，这次的内容和上次不一样，所以没有再收一遍。要再交一份，请打开新的一张表。",
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """The key of the form being answered. ``replay`` is the earlier answer, if it was answered before."""

    scope: str
    token: str
    replay: AnsweredForm | None = None


def claim(request: HttpRequest, *, at: datetime) -> Claim | None:
    """Take the key of this form, or find the answer it was given; None for a form without a key.

    Refuses: FormUsedTwice.
    """
    token = request.headers.get(HEADER) or request.POST.get(FIELD, "")
    if not token or len(token) > 64:
        return None
    scope, path, body_hash = _scope(request), request.path[:400], _body_hash(request)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, token, path, body_hash, at])
        if cursor.rowcount == 1:
            return Claim(scope, token)
    earlier = AnsweredForm.objects.get(scope=scope, token=token)
    if earlier.body_hash != body_hash or earlier.path != path:
        raise FormUsedTwice
    return Claim(scope, token, replay=earlier)


def settle(taken: Claim, response: HttpResponseBase) -> None:
    """Remember where the first answer led, in the same transaction."""
    location = response.headers.get("Location") or getattr(response, "leads_to", "")
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [response.status_code, str(location)[:800], taken.scope, taken.token])


def forget_old(*, at: datetime) -> int:
    """Delete what nobody will send again; returns how many rows went."""
    return AnsweredForm.objects.filter(created_at__lt=at - KEPT).delete()[0]


def _scope(request: HttpRequest) -> str:
    actor = getattr(request, "actor", NOBODY)
    if actor.account_id is not None:
        return f"account:{actor.account_id}"
    device = request.COOKIES.get("csrftoken", "")
    return "device:" + salted_hmac("linli.form", device).hexdigest()[:40]


def _body_hash(request: HttpRequest) -> str:
    digest = hashlib.sha256(request.GET.urlencode().encode())
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        if name not in _NOT_HASHED:
            digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in cast("list[Any]", files):
            digest.update(repr((name, file.name, file.size)).encode())
            digest.update(_file_hash(file))
    return digest.hexdigest()


def _file_hash(file: IO[bytes]) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1 << 18):
        digest.update(chunk)
    file.seek(0)
    return digest.digest()
