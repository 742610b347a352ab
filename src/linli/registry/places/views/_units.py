"""One unit: where it is, its area with source and date, how they came to be so, and what is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import actions, forms, policies, queries
from linli.registry.places.domain import clauses
from linli.registry.places.views._shared import (
    AREA_KEEPERS,
    KEEPERS,
    answer,
    asked,
    crumbs,
    register_of,
    show,
    stand_in,
    today,
    told,
    unit_of,
)

if TYPE_CHECKING:
    from linli.registry.places.models import Place, Unit


@require_GET
@access.roles(*KEEPERS)
def unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """One exclusive part; who owns it stands in the register of people."""
    compound = stand_in(request, slug)
    found = queries.unit_in(compound.pk, unit_id)
    above = [found.place.parent] if found.place.parent and found.place.parent_id != compound.pk else []
    context = {
        "unit": found,
        "crumbs": [*crumbs(compound, *above, found.place), (found.label, "")],
        "may_correct": policies.may_correct_unit(request.actor, compound.path),
        "has_people_page": request.actor.holds(policies.PEOPLE_READERS, compound.path),
        "clauses": clauses,
        **told(found),
    }
    return htmx.page(request, "places/unit.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def add_unit(request: ActorRequest, slug: str) -> HttpResponse:
    """A new unit; ``?inside=`` names the place that is chosen at first."""
    compound = stand_in(request, slug)
    spots = [(str(one.pk), one.name) for one in queries.places_of(compound.pk)]
    form = asked(
        request,
        forms.UnitForm,
        places=[*spots, (str(compound.pk), _("不在楼里，直接属于小区"))],
        initial={"place": request.GET.get("inside", "")},
    )

    def act(data: dict[str, Any]) -> None:
        actions.add_unit(
            actor=request.actor,
            place_id=int(data["place"]),
            number=data["number"],
            code=data["code"],
            kind=data["kind"],
            area_dm2=data["area"],
            area_source=data["source"] or "unknown",
            area_on=data["area_on"],
            delivered_on=data["delivered_on"],
            sure=data["sure"],
            at=request.received_at,
        )

    context = {"clauses": clauses, "back": register_of(compound)}
    done = answer(request, form, act, done=_("房屋已登记。"), to=register_of(compound), field="number")
    return done or show(request, "places/add_unit.html", form, context)


def _kept(request: ActorRequest, slug: str, unit_id: int) -> tuple[Place, Unit, dict[str, Any]]:
    """The compound, the unit, and what every page about changing the unit shows; for whoever may change it."""
    compound = stand_in(request, slug)
    policies.require_may_correct_unit(request.actor, compound.path)
    found = queries.unit_in(compound.pk, unit_id)
    return compound, found, {"unit": found, "back": unit_of(compound, found), "clauses": clauses}


@require_http_methods(["GET", "POST"])
@access.roles(*AREA_KEEPERS)
def correct_area(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """The right area, with source, date and reason."""
    _compound, found, context = _kept(request, slug, unit_id)
    form = asked(request, forms.AreaForm, initial={"seen": queries.mark_of_area(found)})

    def act(data: dict[str, Any]) -> None:
        actions.correct_area(
            actor=request.actor,
            unit_id=found.pk,
            area_dm2=data["area"],
            source=data["source"],
            area_on=data["area_on"],
            reason=data["reason"],
            sure=data["sure"],
            seen=data["seen"] or None,
            at=request.received_at,
        )

    done = answer(
        request, form, act, done=_("面积已更正，原来的数留在记录里。"), to=context["back"], field="area"
    )
    return done or show(request, "places/correct_area.html", form, context)


@require_http_methods(["GET", "POST"])
@access.roles(*AREA_KEEPERS)
def correct_unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """The right use and the right day of delivery."""
    _compound, found, context = _kept(request, slug, unit_id)
    seen = queries.mark_of_use(found)
    first = {"kind": found.kind, "delivered_on": found.delivered_on, "seen": seen}
    form = asked(request, forms.KindForm, initial=first)

    def act(data: dict[str, Any]) -> None:
        seen = data.pop("seen") or None
        actions.correct_unit(actor=request.actor, unit_id=found.pk, seen=seen, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已更正，原来的留在记录里。"), to=context["back"])
    return done or show(request, "places/correct_unit.html", form, context)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def renumber_unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """The right number on the door and the right code; the code stands empty where it follows from the number."""
    compound = stand_in(request, slug)
    found = queries.unit_in(compound.pk, unit_id)
    seen = queries.mark_of_number(found)
    form = asked(request, forms.NumberForm, initial={**queries.number_of(found), "seen": seen})

    def act(data: dict[str, Any]) -> None:
        seen = data.pop("seen") or None
        actions.renumber_unit(
            actor=request.actor, unit_id=found.pk, seen=seen, at=request.received_at, **data
        )

    back = unit_of(compound, found)
    done = _("门牌和房号已更正，原来的留在记录里。")
    answered = answer(request, form, act, done=done, to=back, field="number")
    return answered or show(request, "places/renumber_unit.html", form, {"unit": found, "back": back})


@require_http_methods(["GET", "POST"])
@access.roles(*AREA_KEEPERS)
def close_unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """A unit is no more, or never was."""
    _compound, found, context = _kept(request, slug, unit_id)
    form = asked(request, forms.CloseForm, initial=today(request))

    def act(data: dict[str, Any]) -> None:
        actions.close_unit(actor=request.actor, unit_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已注销，记录都留着。"), to=context["back"])
    return done or show(request, "places/close_unit.html", form, context)


@require_http_methods(["GET", "POST"])
@access.roles(*AREA_KEEPERS)
def reopen_unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """A unit was closed by mistake."""
    _compound, found, context = _kept(request, slug, unit_id)
    form = asked(request, forms.ReasonForm)

    def act(data: dict[str, Any]) -> None:
        actions.reopen_unit(actor=request.actor, unit_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已恢复。"), to=context["back"])
    return done or show(request, "places/reopen_unit.html", form, context)
