"""One's own things: homes, devices, the second factor."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import Invalid
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.people.domain.login import COOKIE


def _session_id(request: ActorRequest) -> int:
    return int(request.session_found.get().session_id)  # type: ignore[attr-defined]


@require_GET
@access.signed_in
def overview(request: ActorRequest) -> HttpResponse:
    """Homes, duties, claims, devices, who looked."""
    context = {
        "phone": queries.phone_shown(request.actor),
        "homes": queries.homes_of(request.actor),
        "duties": queries.duties_of(request.actor.me, localdate(request.received_at)),
        "claims": queries.own_claims(request.actor),
        "devices": queries.own_devices(request.actor, _session_id(request), request.received_at),
        "looks": queries.looks_at(request.actor),
    }
    return htmx.page(request, "people/me.html", context)


@require_POST
@access.signed_in
def sign_out_device(request: ActorRequest, session_id: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    actions.sign_out(actor=request.actor, session_id=session_id, at=request.received_at)
    messages.success(request, _("那台设备已经退出。"))
    return htmx.redirect(request, reverse("people:me"))


@require_POST
@access.signed_in
def sign_out_others(request: ActorRequest) -> HttpResponse:
    """Sign every other device out."""
    count = actions.sign_out_everywhere(
        actor=request.actor, keep_session_id=_session_id(request), at=request.received_at
    )
    messages.success(request, _("已让另外 %(num)d 台设备退出。") % {"num": count})
    return htmx.redirect(request, reverse("people:me"))


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("second_factor", 20, 3600)
def second_factor(request: ActorRequest) -> HttpResponse:
    """Set up the app that makes codes; the recovery codes are shown once."""
    ready = queries.own_account(request.actor).totp_since is not None
    if ready:
        left = queries.recovery_codes_left(request.actor)
        return htmx.page(request, "people/second_factor_ready.html", {"left": left})
    setting = actions.begin_factor(actor=request.actor)
    form = forms.CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.finish_factor(
                actor=request.actor,
                session_id=_session_id(request),
                code=form.cleaned_data["code"],
                at=request.received_at,
            )
        except Invalid as refusal:
            form.refuse(refusal, "code")
        else:
            return _show_codes(request, made)
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/second_factor.html", {"form": form, "setting": setting}, status=status)


def _show_codes(request: ActorRequest, made: actions.FactorReady) -> HttpResponse:
    response = htmx.page(request, "people/recovery_codes.html", {"codes": made.recovery_codes})
    if made.entered is not None and made.entered.token is not None:
        lasts: timedelta = made.entered.lasts
        response.set_cookie(
            COOKIE,
            made.entered.token,
            max_age=int(lasts.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=settings.LINLI_HTTPS,
        )
    return response
