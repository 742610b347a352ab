"""Signing in step by step: number, code, second factor or name, and "is that you"."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.ground.kernel.errors import Conflict, NotFound
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.people.domain import devices
from linli.registry.people.domain.login import COOKIE, Outcome, token_hash
from linli.registry.people.queries import SignedIn
from linli.registry.people.views import _shared

TICKET = "linli_ticket"
_SALT = "linli.ticket"
_TICKET_LASTS = timedelta(minutes=30)


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login", 40, 3600)
def phone(request: ActorRequest) -> HttpResponse:
    """Ask for the number and send a code; the answer is the same for known and unknown numbers."""
    form = forms.PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        with _shared.refused_in(form, "phone"):
            asked = actions.ask_login_code(phone=number, at=request.received_at)
            return _to_code(request, asked, tail=number[-4:], wanted=_next(request))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/login.html", {"form": form, "wanted": _next(request)}, status=status)


def _next(request: ActorRequest) -> str:
    """Where the visitor wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def _to_code(request: ActorRequest, asked: actions.AskedCode, *, tail: str, wanted: str) -> HttpResponse:
    kept = {"ticket": asked.ticket, "shown": asked.shown_code or "", "next": wanted, "tail": tail}
    response = htmx.redirect(request, reverse("people:login_code"))
    _shared.keep(response, TICKET, signing.dumps(kept, salt=_SALT), _TICKET_LASTS)
    return response


def _ticket(request: ActorRequest) -> dict[str, str] | None:
    try:
        kept: dict[str, str] = signing.loads(
            request.COOKIES.get(TICKET, ""), salt=_SALT, max_age=_TICKET_LASTS
        )
    except signing.BadSignature:
        return None
    return kept


def _wanted(request: ActorRequest) -> str:
    return (_ticket(request) or {}).get("next", "/")


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
        before = _shared.session_of(request)
        entered = actions.enter_code(
            ticket=kept["ticket"],
            code=form.cleaned_data["code"],
            device=devices.describe(request.headers.get("User-Agent", "")),
            session_id=before.session_id if before else None,
            at=request.received_at,
        )
        return _lead_on(request, entered, again="people:login_code")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "tail": kept["tail"], "shown": kept["shown"]}
    return htmx.page(request, "people/code.html", context, status=status)


@require_POST
@access.public
@rate.limit("login", 40, 3600)
def code_again(request: ActorRequest) -> HttpResponse:
    """Send another code to the same number."""
    kept = _ticket(request)
    if kept is None:
        return htmx.redirect(request, reverse("people:login"))
    try:
        asked = actions.resend_code(ticket=kept["ticket"], at=request.received_at)
    except Conflict as refusal:
        _shared.tell(request, refusal)
        return htmx.redirect(request, reverse("people:login_code"))
    messages.success(request, _("新的验证码已经发出，旧的作废。"))
    return _to_code(request, asked, tail=kept["tail"], wanted=kept["next"])


def _lead_on(request: ActorRequest, entered: actions.Entered, *, again: str) -> HttpResponse:
    """Every answer is a redirect with a sentence, so that a counted attempt is never rolled back."""
    sentences = {
        Outcome.WRONG: _("不对，请再看一遍，还可以试 %(left)d 次。") % {"left": entered.tries_left},
        Outcome.SPENT: _("已经失效，请重新获取验证码。"),
        Outcome.SUSPENDED: _("这个账号已暂停使用，请联系业委会或物业。"),
    }
    if entered.outcome in sentences:
        messages.warning(request, sentences[entered.outcome])
        return htmx.redirect(request, again if entered.outcome == Outcome.WRONG else reverse("people:login"))
    steps = {Outcome.FACTOR_DUE: "people:login_factor", Outcome.NAME_DUE: "people:login_name"}
    to = steps.get(entered.outcome) or _first_page(request, entered)
    response = htmx.redirect(request, to)
    _shared.keep_session(response, entered.token, entered.lasts)
    return response


def _first_page(request: ActorRequest, entered: actions.Entered) -> str:
    """To the entries that wait, to where they wanted to go, or to claim a home where there is none."""
    if entered.entries_wait:
        return "people:login_confirm"
    found = queries.signed_in(token_hash(entered.token or ""), request.received_at)
    if found is not None and found.duties_wait:
        return "people:second_factor"
    at_home = found is not None and (found.actor.homes or found.actor.roles)
    wanted = _wanted(request)
    return "people:me" if wanted == "/" and not at_home else wanted


def _half_session(request: ActorRequest, what: str) -> SignedIn:
    found = _shared.session_of(request)
    if found is None or found.waits_for != what:
        raise NotFound("sign_in_again", "登录已经超时，请重新获取验证码。")
    return found


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login_factor", 30, 3600)
def factor(request: ActorRequest) -> HttpResponse:
    """The second factor of staff: the app's six digits, or a recovery code."""
    waiting = _half_session(request, "factor")
    form = forms.FactorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = actions.give_factor(
            session_id=waiting.session_id, code=form.cleaned_data["code"], at=request.received_at
        )
        return _lead_on(request, entered, again="people:login_factor")
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/factor.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@access.public
@rate.limit("login_name", 30, 3600)
def name(request: ActorRequest) -> HttpResponse:
    """After a long silence: whose account it is."""
    waiting = _half_session(request, "name")
    form = forms.NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        entered = actions.prove_name(
            session_id=waiting.session_id, name=form.cleaned_data["name"], at=request.received_at
        )
        return _lead_on(request, entered, again="people:login_name")
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/name.html", {"form": form}, status=status)


@require_POST
@access.public
@rate.limit("login_name", 30, 3600)
def new_holder(request: ActorRequest) -> HttpResponse:
    """The number is new to its holder: they get an account of their own, the old one loses the number."""
    found = _shared.session_of(request)
    if found is None or not found.waits_for:
        raise NotFound("sign_in_again", "登录已经超时，请重新获取验证码。")
    entered = actions.disown_account(session_id=found.session_id, at=request.received_at)
    return _lead_on(request, entered, again="people:login")


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("login_confirm", 10, 24 * 3600)
def confirm(request: ActorRequest) -> HttpResponse:
    """ "Is that you?": the register's entries with this number, masked; the full name proves it."""
    account = queries.own_account(request.actor)
    today = localdate(request.received_at)
    waiting = queries.entries_to_confirm(account.phone_index or "", account.pk, today)
    if not waiting:
        return htmx.redirect(request, _wanted(request))
    form = forms.NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form, "name"):
            actions.confirm_entries(
                actor=request.actor, name=form.cleaned_data["name"], at=request.received_at
            )
            messages.success(request, _("已经和您的房屋登记对上了。"))
            return htmx.redirect(request, _wanted(request))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/confirm.html", {"form": form, "waiting": waiting}, status=status)


@require_POST
@access.signed_in
def not_me(request: ActorRequest) -> HttpResponse:
    """ "That is not me": staff of the compound will put the number right."""
    actions.decline_entries(actor=request.actor, at=request.received_at)
    messages.success(request, _("好的，已请小区工作人员核对这个号码。"))
    return htmx.redirect(request, "people:me")


@require_http_methods(["GET", "POST"])
@access.signed_in
def logout(request: ActorRequest) -> HttpResponse:
    """Sign this device out."""
    if request.method == "GET":
        return htmx.page(request, "people/logout.html")
    actions.sign_out(actor=request.actor, session_id=_shared.session_id(request), at=request.received_at)
    response = htmx.redirect(request, "/")
    response.delete_cookie(COOKIE)
    return response
