"""How often somebody may knock: counters in fixed windows, which a refused act does not turn back.

``@rate.limit("login", 10, 600)`` counts sendings of a view by account, or by address where nobody is
signed in. ``field="phone"`` counts by what was typed into that field instead, from wherever it comes.
The door counts before the act's transaction begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from linli.ground.kernel.actor import NOBODY
from linli.ground.kernel.errors import Refusal
from linli.ground.web.models import RateCounter

View = TypeVar("View", bound=Callable[..., Any])
_COUNT = (
    "INSERT INTO web_rate_counter (name, who, window_at, count) VALUES (%s, %s, %s, 1) "
    "ON CONFLICT (name, who, window_at) DO UPDATE SET count = web_rate_counter.count + 1 RETURNING count"
)


class TooOften(Refusal):
    """Somebody knocks too often; ``wait_seconds`` says how long to wait."""

    def __init__(self, wait_seconds: int) -> None:
        minutes = -(-wait_seconds // 60)
        super().__init__("too_often", "操作太频繁了，请等 {minutes} 分钟再试。", minutes=minutes)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` sendings in each window of ``seconds``."""

    name: str
    count: int
    seconds: int
    field: str | None = None
    methods: tuple[str, ...] = ("POST",)


def limit(
    name: str, count: int, seconds: int, *, field: str | None = None, methods: tuple[str, ...] = ("POST",)
) -> Callable[[View], View]:
    """Let a view be used at most ``count`` times in ``seconds``; several limits may stand together."""

    def decorate(view: View) -> View:
        view.rate_limits = (*limits_of(view), Limit(name, count, seconds, field, methods))  # type: ignore[attr-defined]
        return view

    return decorate


def limits_of(view: object) -> tuple[Limit, ...]:
    """The limits a view carries."""
    return getattr(view, "rate_limits", ())


def enforce(view: object, request: HttpRequest, *, at: datetime) -> None:
    """Count this request against the view's limits. Refuses: TooOften."""
    for one in limits_of(view):
        if request.method in one.methods:
            spend(one.name, _who(request, one.field), one.count, one.seconds, at=at)


def spend(name: str, who: str, count: int, seconds: int, *, at: datetime) -> None:
    """Count one use of ``name`` by ``who``. Refuses: TooOften.

    Call it outside a transaction that may be rolled back; ``who`` is kept only as a keyed hash.
    """
    now = int(at.timestamp())
    window = now - now % seconds
    key = salted_hmac("linli.rate", who).hexdigest()[:40]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, key, window])
        used = cursor.fetchone()[0]
    if used > count:
        raise TooOften(window + seconds - now)


def forget_old(*, at: datetime) -> int:
    """Delete counters of windows that ended more than a day ago; returns how many rows went."""
    return RateCounter.objects.filter(window_at__lt=int(at.timestamp()) - 2 * 24 * 3600).delete()[0]


def client_address(request: HttpRequest) -> str:
    """The address of the caller, as the last proxy of ours saw it.

    ``LINLI_PROXIES`` is how many proxies of ours stand in front; without one, headers are not believed.
    """
    hops = int(getattr(settings, "LINLI_PROXIES", 0))
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(passed) >= hops:
        return passed[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def _who(request: HttpRequest, field: str | None) -> str:
    if field is not None:
        return f"{field}:{request.POST.get(field, '').strip()}"
    actor = getattr(request, "actor", NOBODY)
    if actor.account_id is not None:
        return f"account:{actor.account_id}"
    return f"address:{client_address(request)}"
