"""One's own things: the overview, homes with their households, devices, who looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import NotFound
from linli.ground.web import access, htmx, navigation, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, policies, queries
from linli.registry.people.views import _shared
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Unit

MOST_DESKS = 8
"""How many compounds the overview leads to directly; who has more comes through the district's pages."""


@require_GET
@access.signed_in
def overview(request: ActorRequest) -> HttpResponse:
    """Homes, duties, claims, and the ways to everything else."""
    today = localdate(request.received_at)
    account = queries.own_account(request.actor)
    found = _shared.session_of(request)
    context = {
        "phone": queries.phone_shown(request.actor),
        "homes": queries.homes_of(request.actor),
        "duties": queries.duties_of(request.actor.me, today),
        "desks": places.compounds_within(_desk_scopes(request))[:MOST_DESKS],
        "district": navigation.entrance(request, "district"),
        "claims": queries.own_claims(request.actor)[:10],
        "change": queries.own_phone_change(request.actor),
        "entries_wait": bool(queries.entries_to_confirm(account.phone_index or "", account.pk, today)),
        "duties_wait": found is not None and found.duties_wait,
        "relations": queries.RELATIONS,
    }
    return htmx.page(request, "people/me.html", context)


def _desk_scopes(request: ActorRequest) -> list[str]:
    """The places at whose desks the actor works, so far as no second factor is owed."""
    return [role.scope for role in request.actor.roles if role.name not in policies.WITHOUT_DESK]


def _own_unit(request: ActorRequest, unit_id: int) -> Unit:
    """A unit in which the signed-in person has a home. Refuses all others."""
    if not any(home.unit_id == unit_id for home in request.actor.homes):
        raise NotFound("not_your_home", "这不是您名下的房屋。")
    unit = places.units_by_id([unit_id]).select_related("compound").first()
    if unit is None:
        raise NotFound("not_your_home", "这不是您名下的房屋。")
    request.place = unit.compound
    return unit


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("household", 30, 3600)
def home(request: ActorRequest, unit_id: int) -> HttpResponse:
    """One home: who lives there; owners enter tenants and family."""
    unit = _own_unit(request, unit_id)
    form = forms.OccupantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form, "name"):
            actions.add_occupant(
                actor=request.actor,
                unit=unit,
                new=form.new(),
                relation=form.cleaned_data["relation"],
                at=request.received_at,
            )
            messages.success(request, _("已登记。对方用这个手机号登录，写出全名就能对上。"))
            return htmx.redirect(request, reverse("people:home", kwargs={"unit_id": unit.pk}))
    household = queries.household_of(request.actor, unit.pk, on=localdate(request.received_at))
    own = {one.person_id for one in request.actor.homes}
    context = {
        "unit": unit,
        "household": household,
        "own": own,
        "is_owner": any(one.unit_id == unit.pk and one.relation == "owner" for one in request.actor.homes),
        "form": form,
        "relations": queries.RELATIONS,
    }
    return htmx.page(request, "people/home.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@access.signed_in
def end_occupancy(request: ActorRequest, unit_id: int, occupancy_id: int) -> HttpResponse:
    """A tenant or a member of the family moves out, by the owner's word or their own."""
    unit = _own_unit(request, unit_id)
    actions.end_occupancy(actor=request.actor, unit=unit, occupancy_id=occupancy_id, at=request.received_at)
    messages.success(request, _("已移出。"))
    return htmx.redirect(request, "people:me")


@require_http_methods(["GET", "POST"])
@access.signed_in
def own_duty(request: ActorRequest, assignment_id: int) -> HttpResponse:
    """One of one's own duties, and the way to lay it down."""
    today = localdate(request.received_at)
    held = queries.duties_of(request.actor.me, today)
    duty = next((one for one in held if one.assignment_id == assignment_id), None)
    if duty is None:
        raise NotFound("no_such_assignment", "没有找到这一项任职。")
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.end_role(
                actor=request.actor,
                assignment_id=assignment_id,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            messages.success(request, _("已辞去，谢谢您为邻居做的事。"))
            return htmx.redirect(request, "people:me")
    context = {"duty": duty, "form": form}
    return htmx.page(
        request, "people/own_duty.html", context, status=422 if request.method == "POST" else 200
    )


@require_GET
@access.signed_in
def device_list(request: ActorRequest) -> HttpResponse:
    """Where one is signed in."""
    found = queries.own_devices(request.actor, _shared.session_id(request), request.received_at)
    return htmx.page(request, "people/devices.html", {"devices": found})


@require_POST
@access.signed_in
def sign_out_device(request: ActorRequest, session_id: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    actions.sign_out(actor=request.actor, session_id=session_id, at=request.received_at)
    messages.success(request, _("那台设备已经退出。"))
    return htmx.redirect(request, "people:devices")


@require_POST
@access.signed_in
def sign_out_others(request: ActorRequest) -> HttpResponse:
    """Sign every other device out."""
    count = actions.sign_out_everywhere(
        actor=request.actor, keep_session_id=_shared.session_id(request), at=request.received_at
    )
    messages.success(request, _("已让另外 %(num)d 台设备退出。") % {"num": count})
    return htmx.redirect(request, "people:devices")


@require_GET
@access.signed_in
def looks(request: ActorRequest) -> HttpResponse:
    """Who looked at one's data, when, and what for."""
    return htmx.page(request, "people/looks.html", {"looks": queries.looks_at(request.actor)})
