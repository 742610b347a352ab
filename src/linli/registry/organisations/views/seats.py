"""Elections and seats at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.organisations import actions, forms, queries
from linli.registry.organisations.actions import Elected
from linli.registry.organisations.queries import SeatLine
from linli.registry.organisations.views._shared import KEEPERS, back_to, refused_in, seated, status_of
from linli.registry.people import queries as people

if TYPE_CHECKING:
    from linli.registry.organisations.models import Organisation


def _page(request: ActorRequest, template: str, body: Organisation, form: Any, **more: Any) -> HttpResponse:
    today = localdate(request.received_at)
    seats = queries.seats_of(actor=request.actor, organisation=body, on=today)
    context = {"form": form, "body": body, "seats": seats, "rule": queries.rule_of(body, today), **more}
    return htmx.page(request, template, context, status=status_of(request))


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
@rate.limit("seat", 60, 3600)
def election(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Enter an election: the term and everybody who was elected."""
    body = seated(request, organisation_id)
    form = forms.ElectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        members = _members(form)
        if members is not None:
            with refused_in(form, "name_1", members="name_1", to_on="last_on", position="position_1"):
                actions.hold_election(
                    actor=request.actor,
                    organisation_id=body.pk,
                    members=members,
                    from_on=form.cleaned_data["from_on"],
                    to_on=forms.day_after(form.cleaned_data["last_on"]),
                    basis=form.cleaned_data["basis"],
                    at=request.received_at,
                )
                return back_to(request, body.pk, _("选举已登记，新一届从任期第一天起算。"))
    return _page(request, "organisations/election.html", body, form)


def _members(form: forms.ElectionForm) -> list[Elected] | None:
    """Who was elected; None when somebody of them is not known, which then stands beside the line."""
    members: list[Elected] = []
    for number, name, phone, position, mandate in form.elected():
        try:
            members.append(Elected(people.account_known_as(phone, name), position, mandate))
        except Invalid as refusal:
            form.refuse(refusal, f"phone_{number}")
    return members if form.is_valid() else None


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
@rate.limit("seat", 60, 3600)
def fill(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Fill a vacant seat until the term is over."""
    body = seated(request, organisation_id)
    today = localdate(request.received_at)
    form = forms.VacancyForm(request.POST if request.method == "POST" else None, initial={"from_on": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form, "name", members="name"):
            account = people.account_known_as(data["phone"], data["name"])
            actions.seat_member(
                actor=request.actor,
                organisation_id=body.pk,
                member=Elected(account, data["position"], data["mandate"]),
                from_on=data["from_on"],
                basis=data["basis"],
                at=request.received_at,
            )
            return back_to(request, body.pk, _("增补已登记。"))
    return _page(request, "organisations/fill.html", body, form)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def extend(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Enter that the assembly extended the term."""
    body = seated(request, organisation_id)
    form = forms.ExtensionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        after = forms.day_after(form.cleaned_data["last_on"])
        assert after is not None
        with refused_in(form, to_on="last_on"):
            actions.extend_term(
                actor=request.actor,
                organisation_id=body.pk,
                to_on=after,
                basis=form.cleaned_data["basis"],
                on=localdate(request.received_at),
                at=request.received_at,
            )
            return back_to(request, body.pk, _("任期延长已登记。"))
    return _page(request, "organisations/extend.html", body, form)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def position(request: ActorRequest, organisation_id: int, seat_id: int) -> HttpResponse:
    """Give a seat another position."""
    body = seated(request, organisation_id)
    seat = _seat(request, body, seat_id)
    form = forms.PositionForm(
        request.POST if request.method == "POST" else None, initial={"position": seat.position}
    )
    if request.method == "POST" and form.is_valid():
        with refused_in(form, "position"):
            actions.name_position(
                actor=request.actor, seat_id=seat_id, at=request.received_at, **form.cleaned_data
            )
            return back_to(request, body.pk, _("职务已更改。"))
    return _page(request, "organisations/position.html", body, form, seat=seat)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def leave(request: ActorRequest, organisation_id: int, seat_id: int) -> HttpResponse:
    """End a seat before its term is over, with the reason."""
    body = seated(request, organisation_id)
    seat = _seat(request, body, seat_id)
    form = forms.EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        after = forms.day_after(form.cleaned_data["last_on"])
        assert after is not None
        with refused_in(form, on="last_on"):
            actions.leave_seat(
                actor=request.actor,
                seat_id=seat_id,
                on=after,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            return back_to(request, body.pk, _("离任已登记。"))
    return _page(request, "organisations/leave.html", body, form, seat=seat)


def _seat(request: ActorRequest, body: Organisation, seat_id: int) -> SeatLine:
    """A seat of this body that its page shows."""
    found = queries.seats_of(actor=request.actor, organisation=body, on=localdate(request.received_at))
    lines = [*found.running, *found.past] if found else []
    line = next((one for one in lines if one.seat_id == seat_id), None)
    if line is None:
        raise NotFound("no_such_seat", "没有找到这个席位。")
    return line
