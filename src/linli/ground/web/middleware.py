"""The door: one clock, one access decision, one transaction and one answer for every request."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from linli.ground.kernel.actor import NOBODY
from linli.ground.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from linli.ground.web import access, display, errors, htmx, idempotency, rate, uploads
from linli.ground.web.words import speaking

logger = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponseBase]
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
DRAINED_BYTES = 256 * 2**20


class HeadMiddleware:
    """Answers HEAD as GET without the body: monitors and link previews ask so, and no view has to know.

    Source: RFC 9110 §9.3.2. Stands outside of whatever sets ``Content-Length``.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = request.META["REQUEST_METHOD"] = "GET"
        response = self.get_response(request)
        return _Head(response)


class _Head(HttpResponse):
    """An answer without its body; closing it closes what would have been streamed."""

    def __init__(self, whole: HttpResponseBase) -> None:
        super().__init__(status=whole.status_code, headers=whole.headers)
        self.cookies, self._whole = whole.cookies, whole

    def close(self) -> None:
        self._whole.close()
        self.closed = True


class DisplayMiddleware:
    """Applies edition, theme and language: from the cookie, or from the address (``?mode=care``)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = display.read(request)
        wished = display.changed(kept, {name: request.GET.get(name, "") for name in display.CHOICES})
        request.display = wished  # type: ignore[attr-defined]
        with speaking(wished.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", wished.html_language)
        if wished != kept and display.COOKIE not in response.cookies:
            display.write(response, wished)
        return response


class Door:
    """Lets requests in, and makes every sending whole or nothing.

    - ``request.received_at`` is the clock of everything that follows.
    - A view without an access decision answers 404; a stranger is led to the login.
    - A POST runs in one transaction together with its idempotency key; an answer from 400 on, a refusal
      and a fault all roll it back.
    - A refusal becomes a page, a piece of a page or a problem document.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _equip(request)
        if _announced_bytes(request) > settings_limit():
            _drain(request)
            response: HttpResponseBase = errors.too_large(request, settings_limit())
        else:
            response = _unreadable(request) or self.get_response(request)
        _finish(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Run the view here, inside its transaction, and answer for what it refuses."""
        at = request.received_at  # type: ignore[attr-defined]
        try:
            _require_readable_address(request)
            turned_away = _turn_away(request, view)
            if turned_away is not None:
                return turned_away
            rate.enforce(view, request, at=at)
            if request.method in READING:
                return view(request, *args, **kwargs)
            uploads.prepare(request)
            return _write(request, lambda: view(request, *args, **kwargs))
        except Refusal as refusal:
            return errors.refused(request, refusal)
        except OperationalError:
            logger.exception("the database could not take %r", request.path)
            return errors.busy(request)
        except OSError as error:
            if error.errno not in NO_SPACE:
                raise
            logger.exception("no space for %r", request.path)
            return errors.no_space(request)


def settings_limit() -> int:
    """The largest sending we read, in bytes (``LINLI_MAX_REQUEST``)."""
    return int(getattr(settings, "LINLI_MAX_REQUEST", 64 * 2**20))


def _equip(request: Any) -> None:
    request.received_at = getattr(request, "received_at", None) or timezone.now()
    request.actor = getattr(request, "actor", NOBODY)
    request.place = getattr(request, "place", None)


def _unreadable(request: HttpRequest) -> HttpResponseBase | None:
    """Read a form before anybody needs it; the answer where it cannot be read or kept.

    Large photos are parked on the disk while they arrive, and that may be full.
    """
    if request.method != "POST":
        return None
    try:
        request.POST  # noqa: B018 - read here, kept by the request
    except UnreadablePostError:
        return errors.bad_request(request)
    except OSError:
        logger.exception("no space for what was sent to %r", request.path)
        _drain(request)  # else the server hangs up, and the next sending on this connection is lost
        return errors.no_space(request)
    return None


def _require_readable_address(request: HttpRequest) -> None:
    """Refuse a zero byte in an address: no text of ours holds one, and PostgreSQL takes none."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise Invalid("zero_byte", "网址里有不能用的字符，请从页面上的链接重新打开。")


def _turn_away(request: HttpRequest, view: object) -> HttpResponseBase | None:
    decision = access.decision_of(view)
    if decision is None:
        logger.error("the view of %r carries no access decision", request.path)
        raise NotFound("not_found", "没有找到这一页。可能网址抄错了，或者内容已经撤下。")
    actor = request.actor  # type: ignore[attr-defined]
    if decision.admits(actor):
        return None
    if not actor.is_somebody:
        return errors.sign_in_first(request)
    raise NotAllowed("not_your_duty", "这一页只对承担这项职责的人开放。如果您应该能看，请联系业委会。")


def _write(request: HttpRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with transaction.atomic():
        taken = idempotency.claim(request, at=request.received_at)  # type: ignore[attr-defined]
        if taken is not None and taken.replay is not None:
            return _replay(request, taken.replay.location)
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif taken is not None:
            idempotency.settle(taken, response)
    return response


def _replay(request: HttpRequest, location: str) -> HttpResponse:
    return htmx.redirect(request, location) if location else errors.already_answered(request)


@cache
def _policy() -> str:
    """What pages may load, from the settings; no page of ours asks for an exception."""
    return "; ".join(
        f"{name} {' '.join(sources)}"
        for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )


def _announced_bytes(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _drain(request: HttpRequest) -> None:
    """Read what a browser insists on sending before it reads our answer, up to a limit."""
    left = min(_announced_bytes(request), DRAINED_BYTES)
    while left > 0:
        chunk = request.read(min(left, 1 << 20))
        if not chunk:
            return
        left -= len(chunk)


def _finish(response: HttpResponseBase) -> None:
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if "Vary" in response.headers:
        patch_vary_headers(response, ("HX-Request", "Cookie"))
    else:
        response.headers["Vary"] = "HX-Request, Cookie"
