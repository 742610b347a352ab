"""One's own keys: the second factor and its paper codes, and another phone number."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.ground.kernel.errors import Conflict
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.people.domain.login import Outcome
from linli.registry.people.views import _shared

NUMBER = "linli_number"
_SALT = "linli.number"
_NUMBER_LASTS = timedelta(minutes=30)


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("second_factor", 10, 900)
def second_factor(request: ActorRequest) -> HttpResponse:
    """Set up the app that makes codes; the recovery codes are shown once."""
    if queries.own_account(request.actor).totp_since is not None:
        return _factor_stands(request, forms.FactorForm())
    setting = actions.begin_factor(actor=request.actor)
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form, "code"):
            made = actions.finish_factor(
                actor=request.actor,
                session_id=_shared.session_id(request),
                code=form.cleaned_data["code"],
                at=request.received_at,
            )
            return _show_codes(request, made)
    wanted = request.GET.get("next", "")
    context = {"form": form, "setting": setting, "wanted": wanted}
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/second_factor.html", context, status=status)


def _factor_stands(request: ActorRequest, form: forms.FactorForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "left": queries.recovery_codes_left(request.actor),
        "must": actions.must_set_up(account_id=request.actor.me, at=request.received_at),
    }
    return htmx.page(request, "people/second_factor_ready.html", context, status=status)


def _show_codes(request: ActorRequest, made: actions.FactorReady) -> HttpResponse:
    wanted = request.POST.get("next", "")
    ours = bool(wanted) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    context = {"codes": made.recovery_codes, "onward": wanted if ours else reverse("people:me")}
    response = htmx.page(request, "people/recovery_codes.html", context)
    response["Cache-Control"] = "no-store"
    if made.entered is not None:
        _shared.keep_session(response, made.entered.token, made.entered.lasts)
    return response


@require_POST
@access.signed_in
@rate.limit("second_factor", 10, 900)
def new_recovery_codes(request: ActorRequest) -> HttpResponse:
    """Ten new paper codes, for a code of the app."""
    form = forms.FactorForm(request.POST)
    if form.is_valid():
        with _shared.refused_in(form, "code"):
            made = actions.renew_recovery_codes(
                actor=request.actor, code=form.cleaned_data["code"], at=request.received_at
            )
            return _show_codes(request, made)
    return _factor_stands(request, form, status=422)


@require_POST
@access.signed_in
@rate.limit("second_factor", 10, 900)
def drop_factor(request: ActorRequest) -> HttpResponse:
    """Put the second factor away, before a new phone."""
    form = forms.FactorForm(request.POST)
    if form.is_valid():
        with _shared.refused_in(form, "code"):
            actions.drop_factor(actor=request.actor, code=form.cleaned_data["code"], at=request.received_at)
            messages.success(request, _("动态验证码已关闭，可以在新手机上重新设置。"))
            return htmx.redirect(request, "people:second_factor")
    return _factor_stands(request, form, status=422)


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("new_number", 10, 3600)
def number(request: ActorRequest) -> HttpResponse:
    """Another number: say which, a code goes there."""
    form = forms.PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["phone"]
        with _shared.refused_in(form, "phone"):
            asked = actions.ask_number_code(actor=request.actor, phone=typed, at=request.received_at)
            kept = {"ticket": asked.ticket, "shown": asked.shown_code or "", "tail": typed[-4:]}
            response = htmx.redirect(request, "people:number_code")
            _shared.keep(response, NUMBER, signing.dumps(kept, salt=_SALT), _NUMBER_LASTS)
            return response
    context = {
        "form": form,
        "phone": queries.phone_shown(request.actor),
        "change": queries.own_phone_change(request.actor),
    }
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/number.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("new_number_code", 10, 900)
def number_code(request: ActorRequest) -> HttpResponse:
    """The code from the new number, with the second factor of those who have one."""
    try:
        kept = signing.loads(request.COOKIES.get(NUMBER, ""), salt=_SALT, max_age=_NUMBER_LASTS)
    except signing.BadSignature:
        return htmx.redirect(request, "people:number")
    has_factor = queries.own_account(request.actor).totp_since is not None
    form = forms.NewNumberForm(request.POST if request.method == "POST" else None, has_factor=has_factor)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            outcome = actions.change_number(
                actor=request.actor,
                session_id=_shared.session_id(request),
                ticket=kept["ticket"],
                code=form.cleaned_data["code"],
                factor=form.cleaned_data.get("factor", ""),
                at=request.received_at,
            )
            return _number_answer(request, outcome)
    context = {"form": form, "tail": kept["tail"], "shown": kept["shown"]}
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/number_code.html", context, status=status)


def _number_answer(request: ActorRequest, outcome: Outcome) -> HttpResponse:
    """A redirect whatever became of it, so that a counted attempt is never rolled back."""
    if outcome in (Outcome.WRONG, Outcome.SPENT):
        sentence = (
            _("验证码不对，请再看一遍短信。") if outcome == Outcome.WRONG else _("验证码已失效，请重新获取。")
        )
        messages.warning(request, sentence)
        return htmx.redirect(request, "people:number_code" if outcome == Outcome.WRONG else "people:number")
    if outcome == Outcome.SIGNED_IN:
        messages.success(request, _("手机号已经换好，下次用新号码登录。"))
    else:
        messages.success(request, _("新号码已验证。请带身份证到小区服务站，工作人员核对后生效。"))
    response = htmx.redirect(request, "people:me")
    response.delete_cookie(NUMBER)
    return response


@require_POST
@access.signed_in
def withdraw_number(request: ActorRequest) -> HttpResponse:
    """Take one's own waiting change back."""
    try:
        actions.withdraw_phone_change(actor=request.actor, at=request.received_at)
        messages.success(request, _("换号申请已撤回。"))
    except Conflict as refusal:
        _shared.tell(request, refusal)
    return htmx.redirect(request, "people:me")
