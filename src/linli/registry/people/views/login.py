"""Signing in step by step: number, code, second factor or name, and "is that you"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.people.domain import devices
from linli.registry.people.domain.login import COOKIE, Outcome

TICKET = "linli_ticket"
_SALT = "linli.ticket"
_TICKET_SECONDS = 600


def _next(request: ActorRequest) -> str:
    """Where the visitor wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login", 30, 3600)
def phone(request: ActorRequest) -> HttpResponse:
    """Ask for the number and send a code; the answer is the same for known and unknown numbers."""
    form = forms.PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        asked = actions.ask_login_code(phone=number, at=request.received_at)
        kept = {
            "ticket": asked.ticket,
            "shown": asked.shown_code or "",
            "next": _next(request),
            "tail": number[-4:],
        }
        response = htmx.redirect(request, reverse("people:login_code"))
        _keep(response, TICKET, signing.dumps(kept, salt=_SALT), timedelta(seconds=_TICKET_SECONDS))
        return response
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/login.html", {"form": form, "wanted": _next(request)}, status=status)


def _ticket(request: ActorRequest) -> dict[str, str] | None:
    try:
        kept: dict[str, str] = signing.loads(
            request.COOKIES.get(TICKET, ""), salt=_SALT, max_age=_TICKET_SECONDS
        )
    except signing.BadSignature:
        return None
    return kept


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login_code", 60, 3600)
def code(request: ActorRequest) -> HttpResponse:
    """Take the code; the right one opens a session, or leads to the next step."""
    kept = _ticket(request)
    if kept is None:
        messages.warning(request, _("验证码已经过期，请重新获取。"))
        return htmx.redirect(request, reverse("people:login"))
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = actions.enter_code(
            ticket=kept["ticket"],
            code=form.cleaned_data["code"].strip(),
            device=devices.describe(request.headers.get("User-Agent", "")),
            session_id=_session_id(request),
            at=request.received_at,
        )
        return _lead_on(request, entered, kept.get("next", "/"), again=reverse("people:login_code"))
    return htmx.page(
        request, "people/code.html", {"form": form, "tail": kept["tail"], "shown": kept["shown"]}
    )


def _session_id(request: ActorRequest) -> int | None:
    found = request.session_found.get()  # type: ignore[attr-defined]
    return found.session_id if found else None


def _lead_on(request: ActorRequest, entered: actions.Entered, wanted: str, *, again: str) -> HttpResponse:
    """Every answer is a redirect with a sentence, so that a counted attempt is never rolled back."""
    sentences = {
        Outcome.WRONG: _("验证码不对，还可以试 %(left)d 次。") % {"left": entered.tries_left},
        Outcome.SPENT: _("验证码已失效，请重新获取。"),
        Outcome.SUSPENDED: _("这个账号已暂停使用，请联系业委会或物业。"),
    }
    if entered.outcome in sentences:
        messages.warning(request, sentences[entered.outcome])
        return htmx.redirect(request, again if entered.outcome == Outcome.WRONG else reverse("people:login"))
    steps = {Outcome.FACTOR_DUE: "people:login_factor", Outcome.NAME_DUE: "people:login_name"}
    if entered.outcome in steps:
        to = reverse(steps[entered.outcome])
    else:
        to = reverse("people:login_confirm") if entered.entries_wait else wanted
    response = htmx.redirect(request, to)
    if entered.token is not None:
        _keep(response, COOKIE, entered.token, entered.lasts)
    return response


def _keep(response: HttpResponse, name: str, value: str, lasts: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.LINLI_HTTPS,
    )


def _half_session(request: ActorRequest) -> Any:
    found = request.session_found.get()  # type: ignore[attr-defined]
    if found is None or not found.waits_for:
        raise NotFound("sign_in_again", "登录已经超时，请重新获取验证码。")
    return found


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login_factor", 30, 3600)
def factor(request: ActorRequest) -> HttpResponse:
    """The second factor of staff: the app's six digits, or a recovery code."""
    waiting = _half_session(request)
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = actions.give_factor(
            session_id=waiting.session_id, code=form.cleaned_data["code"], at=request.received_at
        )
        return _lead_on(request, entered, "/", again=reverse("people:login_factor"))
    return htmx.page(request, "people/factor.html", {"form": form})


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login_name", 30, 3600)
def name(request: ActorRequest) -> HttpResponse:
    """After a long silence: whose account it is, or that the number is somebody else's now."""
    waiting = _half_session(request)
    form = forms.NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "new_holder" in request.POST:
        entered = actions.disown_account(session_id=waiting.session_id, at=request.received_at)
        return _lead_on(request, entered, "/", again=reverse("people:login_name"))
    if request.method == "POST" and form.is_valid():
        entered = actions.prove_name(
            session_id=waiting.session_id, name=form.cleaned_data["name"], at=request.received_at
        )
        return _lead_on(request, entered, "/", again=reverse("people:login_name"))
    return htmx.page(request, "people/name.html", {"form": form})


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("login_confirm", 20, 3600)
def confirm(request: ActorRequest) -> HttpResponse:
    """ "Is that you?": the register's entries with this number, masked; the full name proves it."""
    account = queries.own_account(request.actor)
    waiting = queries.entries_to_confirm(
        account.phone_index or "", account.pk, localdate(request.received_at)
    )
    if not waiting:
        return htmx.redirect(request, "/")
    form = forms.NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_entries(
                actor=request.actor, name=form.cleaned_data["name"], at=request.received_at
            )
            messages.success(request, _("已经和您的房屋登记对上了。"))
            return htmx.redirect(request, "/")
        except Invalid as refusal:
            form.refuse(refusal, "name")
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/confirm.html", {"form": form, "waiting": waiting}, status=status)


@require_POST
@access.signed_in
def not_me(request: ActorRequest) -> HttpResponse:
    """ "That is not me": staff of the compound will put the number right."""
    actions.decline_entries(actor=request.actor, at=request.received_at)
    messages.success(request, _("好的，已请小区工作人员核对这个号码。"))
    return htmx.redirect(request, "/")


@require_POST
@access.signed_in
def logout(request: ActorRequest) -> HttpResponse:
    """Sign this device out."""
    session_id = _session_id(request)
    if session_id is not None:
        actions.sign_out(actor=request.actor, session_id=session_id, at=request.received_at)
    response = htmx.redirect(request, "/")
    response.delete_cookie(COOKIE)
    return response
