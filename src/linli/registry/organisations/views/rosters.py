"""The duty roster of a compound, week by week, and who serves the compound for everybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import NotAllowed
from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.ground.web.formats import day_text, weekday_text
from linli.registry.organisations import actions, forms, policies, queries
from linli.registry.organisations.actions import DutyHours
from linli.registry.organisations.queries import Week
from linli.registry.organisations.views._shared import refused_in, stand_in, status_of

if TYPE_CHECKING:
    from linli.registry.places.models import Place

DESK = tuple(sorted(policies.ROSTER_READERS))
PLANNERS = tuple(sorted(policies.ROSTER_KEEPERS))


def _day(request: ActorRequest) -> date:
    """The day whose week is asked for; a wrong one shows this week."""
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return localdate(request.received_at)
    return day if 2000 <= day.year <= 2999 else localdate(request.received_at)


def _week(request: ActorRequest, compound: Place) -> Week:
    return queries.week(
        actor=request.actor,
        compound_id=compound.pk,
        compound_path=compound.path,
        day=_day(request),
        at=request.received_at,
    )


def _form(request: ActorRequest, compound: Place, week: Week) -> forms.DutyForm | None:
    """The form with the people whom the reader plans, on the days that are still to come; None if none is."""
    today = localdate(request.received_at)
    bodies = queries.planning_bodies(
        actor=request.actor, compound_id=compound.pk, compound_path=compound.path, on=today
    )
    days = [
        (day.isoformat(), f"{day_text(day, None)} {weekday_text(day)}")
        for day, _duties in week.days
        if day >= today
    ]
    members = [
        (f"{body.pk}-{account}", f"{name}（{body.short_name}）")
        for body in bodies
        for account, name in sorted(queries.members(body.pk, today).items(), key=lambda one: one[1])
    ]
    if not bodies or not days:
        return None
    return forms.DutyForm(request.POST if request.method == "POST" else None, members=members, days=days)


@require_http_methods(["GET", "POST"])
@access.roles(*DESK)
def roster(request: ActorRequest, slug: str) -> HttpResponse:
    """A week of duty, and the form to plan it."""
    compound = stand_in(request, slug)
    week = _week(request, compound)
    form = _form(request, compound, week)
    if request.method == "POST" and form is None:
        raise NotAllowed("may_not_plan_duty", "值班表由本单位的负责人排。")
    if request.method == "POST" and form is not None and form.is_valid():
        with refused_in(form, account="member"):
            planned = _plan(request, compound, form)
            messages.success(
                request,
                _("已排 %(count)d 班。") % {"count": planned} if planned else _("这些班已经在表上了。"),
            )
            return htmx.redirect(request, f"{request.path}?week={week.monday.isoformat()}")
    context = {"week": week, "form": form, "today": localdate(request.received_at)}
    return htmx.page(request, "organisations/roster.html", context, status=status_of(request))


def _plan(request: ActorRequest, compound: Place, form: forms.DutyForm) -> int:
    body, account = form.whom()
    data = form.cleaned_data
    planned = actions.plan_duty(
        actor=request.actor,
        organisation_id=body,
        place_id=compound.pk,
        account_id=account,
        days=form.chosen_days(),
        hours=DutyHours(data["post"], data["begins"], data["ends"], data["phone"], data["note"]),
        at=request.received_at,
    )
    return len(planned)


@require_GET
@access.roles(*DESK)
def print_roster(request: ActorRequest, slug: str) -> HttpResponse:
    """The week on a sheet for the wall of the duty room."""
    return htmx.page(
        request, "organisations/print_roster.html", {"week": _week(request, stand_in(request, slug))}
    )


@require_POST
@access.roles(*PLANNERS)
def remove(request: ActorRequest, slug: str, duty_id: int) -> HttpResponse:
    """Take a duty off the roster, with the reason."""
    compound = stand_in(request, slug)
    form = forms.ReasonForm(request.POST)
    week = _week(request, compound)
    if form.is_valid():
        with refused_in(form, "reason"):
            actions.remove_duty(
                actor=request.actor,
                duty_id=duty_id,
                compound_id=compound.pk,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            messages.success(request, _("这一班已经撤下，原因记下了。"))
            back = reverse("organisations:roster", kwargs={"slug": slug})
            return htmx.redirect(request, f"{back}?week={week.monday.isoformat()}")
    context = {"form": form, "duty_id": duty_id, "week": week}
    return htmx.page(request, "organisations/remove.html", context, status=422)


@require_GET
@access.public
def serving(request: ActorRequest, slug: str) -> HttpResponse:
    """Who is on duty now, and all who serve the compound: for everybody."""
    compound = stand_in(request, slug)
    context = {
        "page": queries.serving_page(compound_id=compound.pk, at=request.received_at),
        "lives_here": request.actor.lives_in(compound.pk),
    }
    return htmx.page(request, "organisations/serving.html", context)
