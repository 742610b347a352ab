"""One's own data: what is kept and why, consents, a copy to take home, and erasure."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.people.domain import clauses
from linli.registry.people.domain.consents import PURPOSES
from linli.registry.people.domain.login import COOKIE
from linli.registry.people.views import _shared
from linli.registry.people.views._parcel import parcel


@require_GET
@access.public
def notice(request: ActorRequest) -> HttpResponse:
    """Who keeps what about people, what for, how long, and what anybody may ask for (PIPL 17)."""
    context = {
        "purposes": list(PURPOSES.values()),
        "clauses": clauses,
        "messages_kept": settings.LINLI_MESSAGES_KEPT_DAYS,
        "deliveries_kept": settings.LINLI_DELIVERIES_KEPT_DAYS,
    }
    return htmx.page(request, "people/privacy.html", context)


@require_GET
@access.signed_in
def consents(request: ActorRequest) -> HttpResponse:
    """Every purpose, with one's own yes or no."""
    return htmx.page(request, "people/consents.html", {"lines": queries.own_consents(request.actor)})


@require_POST
@access.signed_in
def grant(request: ActorRequest, purpose: str) -> HttpResponse:
    """Agree to one purpose, in the words that were on the page."""
    actions.grant_consent(
        actor=request.actor,
        purpose=purpose,
        text_sha256=request.POST.get("text", ""),
        at=request.received_at,
    )
    messages.success(request, _("已记下您的同意，随时可以撤回。"))
    return htmx.redirect(request, "people:consents")


@require_POST
@access.signed_in
def withdraw(request: ActorRequest, purpose: str) -> HttpResponse:
    """Take one consent back."""
    actions.withdraw_consent(actor=request.actor, purpose=purpose, at=request.received_at)
    messages.success(request, _("已撤回，其他功能照常使用。"))
    return htmx.redirect(request, "people:consents")


@require_GET
@access.signed_in
def own_data(request: ActorRequest) -> HttpResponse:
    """What one may take away, and what erasing means."""
    return _data_page(request, forms.EraseForm())


def _data_page(request: ActorRequest, form: forms.EraseForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "clauses": clauses,
        "is_owner": any(home.relation == "owner" for home in request.actor.homes),
        "duties": queries.duties_of(request.actor.me, localdate(request.received_at)),
    }
    return htmx.page(request, "people/data.html", context, status=status)


@require_GET
@access.signed_in
@rate.limit("own_data", 10, 3600, methods=("GET",))
def take_data(request: ActorRequest) -> HttpResponse:
    """A zip with everything: JSON for programs, a page and tables for people."""
    tables = actions.take_own_data(actor=request.actor, at=request.received_at)
    response = HttpResponse(parcel(tables, at=request.received_at), content_type="application/zip")
    day = localdate(request.received_at).isoformat()
    response["Content-Disposition"] = f'attachment; filename="linli-{day}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["POST"])
@access.signed_in
def erase(request: ActorRequest) -> HttpResponse:
    """Erase one's account."""
    form = forms.EraseForm(request.POST)
    if form.is_valid():
        with _shared.refused_in(form):
            actions.erase_account(
                actor=request.actor,
                drop_register_phone=form.cleaned_data["drop_register_phone"],
                at=request.received_at,
            )
            messages.success(request, _("账号已注销，您的姓名和手机号已经抹去。"))
            response = htmx.redirect(request, reverse("people:login"))
            response.delete_cookie(COOKIE)
            return response
    return _data_page(request, form, status=422)
