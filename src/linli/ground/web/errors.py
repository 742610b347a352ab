"""The one place where a refusal becomes a page, a piece of a page or a problem document.

Every answer names what is wrong, and offers a way on. No codes alone, no traces.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from linli.ground.web import htmx
from linli.ground.web.rate import TooOften

logger = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (TooOften, 429),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Refusal, 422),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told to the person: a heading, a sentence, the legal ground, and the status for programs."""

    status: int
    code: str
    heading: str
    sentence: str
    clause: str | None = None
    icon: str = "alert"


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a refusal, in the form that the caller reads."""
    status = status_of(refusal)
    sentence = _(refusal.template)
    if refusal.data:
        sentence = sentence.format(**refusal.data)
    response = _answer(request, Trouble(status, refusal.code, _headings()[status], sentence, refusal.clause))
    if isinstance(refusal, TooOften):
        response["Retry-After"] = str(refusal.wait_seconds)
    return response


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead a stranger to the door, and back afterwards to where they wanted to go."""
    if wants_json(request):
        return _answer(request, Trouble(401, "sign_in_first", _("请先登录"), _("请先登录，再来办这件事。")))
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
    door = resolve_url(settings.LOGIN_URL)
    return htmx.redirect(request, f"{door}?{urlencode({'next': wanted})}")


def too_large(request: HttpRequest, limit_bytes: int) -> HttpResponse:
    """The answer to a sending that is larger than we take."""
    sentence = _("一次最多传 %(size)d MB，这次太大了。请少选几张照片，或者分几次传。您写的字还在这台手机上。")
    return _answer(
        request,
        Trouble(413, "too_large", _headings()[413], sentence % {"size": limit_bytes // 2**20}),
    )


def busy(request: HttpRequest) -> HttpResponse:
    """The answer when the database cannot take the act now: nothing was written, trying again is safe."""
    sentence = _("这一步没有存上，不会只存一半。请过一会儿再试；一直不行，请给小区服务站打电话。")
    return _answer(request, Trouble(503, "busy", _headings()[503], sentence))


def no_space(request: HttpRequest) -> HttpResponse:
    """The answer when the disk is full: nothing was kept, reading goes on."""
    sentence = _("服务器的磁盘满了，这次没有存上，不会只存一半。请过一会儿再试，或者给小区服务站打电话。")
    return _answer(request, Trouble(507, "no_space", _headings()[503], sentence))


def already_answered(request: HttpRequest) -> HttpResponse:
    """The answer to a second sending when the first led nowhere in particular."""
    sentence = _("您刚才已经提交成功，不用再交一次。")
    return _answer(request, Trouble(200, "already_answered", _("已经收到了"), sentence, icon="check"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or the form came from elsewhere."""
    logger.info("csrf: %s", reason)
    sentence = _("这一页放得太久了，为了您的安全没有提交。请回到上一页刷新一下再交，您写的字还在。")
    return _answer(request, Trouble(403, "stale_page", _("请刷新再试"), sentence, icon="refresh"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if isinstance(exception, SuspiciousOperation):
        logger.warning("bad request: %r", exception)
    sentence = _("送来的内容读不懂。请回到上一页，刷新后再试一次。")
    return _answer(request, Trouble(400, "bad_request", _headings()[400], sentence))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """This is not for the one who asks."""
    return _answer(request, Trouble(403, "not_allowed", _headings()[403], _("这一页不对您开放。")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """There is no such page, or not for the one who asks."""
    sentence = _("没有找到这一页。可能网址抄错了，或者内容已经撤下。")
    return _answer(request, Trouble(404, "not_found", _headings()[404], sentence, icon="search"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; this answer needs no database, no template and no language."""
    if htmx.wants_fragment(request):
        response = HttpResponse(_BROKEN_PIECE, status=500)
        return _retarget(response)
    if wants_json(request):
        return _problem(Trouble(500, "server_error", "出了点问题", _BROKEN_SENTENCE))
    return HttpResponse(_BROKEN_PAGE, status=500)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def _headings() -> dict[int, str]:
    return {
        400: _("读不懂这次提交"),
        403: _("这里您不能进"),
        404: _("没有这一页"),
        409: _("情况有变"),
        413: _("文件太大了"),
        422: _("还差一点"),
        429: _("请稍等一下"),
        503: _("现在存不上"),
    }


def _answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    if wants_json(request):
        return _problem(trouble)
    context = {"trouble": trouble, "back": _came_from(request), "title": trouble.heading}
    if htmx.wants_fragment(request):
        return _retarget(render(request, "web/_trouble.html", context, status=trouble.status))
    return render(request, "web/error.html", context, status=trouble.status)


def _retarget(response: HttpResponse) -> HttpResponse:
    """Put the sentence where it is seen and heard, whatever piece was asked for."""
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


def _problem(trouble: Trouble) -> HttpResponse:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": trouble.heading,
        "status": trouble.status,
        "code": trouble.code,
        "detail": trouble.sentence,
    }
    if trouble.clause:
        body["clause"] = trouble.clause
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=trouble.status, content_type="application/problem+json"
    )


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the person came from, else the front door."""
    parts = urlsplit(request.headers.get("Referer", ""))
    try:
        ours = parts.netloc == request.get_host()
    except DisallowedHost:  # this page may be the answer to that very fault
        ours = False
    if not ours or parts.path == request.path:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


_BROKEN_SENTENCE = "我们这边出了点问题，已经记下来了。您可以过一会儿再试，或者给小区服务站打电话。"
_BROKEN_PIECE = f'<p class="note note--wait" role="alert"><span>{_BROKEN_SENTENCE}</span></p>'
_BROKEN_PAGE = f"""<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>出了点问题</title></head>
<body><main><h1>出了点问题</h1><p>{_BROKEN_SENTENCE}</p><p><a href="/">回首页</a></p></main></body></html>"""
