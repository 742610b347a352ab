"""One place of a compound: what stands in it, how it came to be so, and what is done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import actions, forms, queries
from linli.registry.places.domain import tree
from linli.registry.places.views._shared import (
    KEEPERS,
    answer,
    asked,
    crumbs,
    place_of,
    register_of,
    show,
    stand_in,
    today,
    told,
)

if TYPE_CHECKING:
    from linli.registry.places.models import Place


@require_GET
@access.roles(*KEEPERS)
def place(request: ActorRequest, slug: str, place_id: int) -> HttpResponse:
    """A building, an entrance or a common area."""
    compound = stand_in(request, slug)
    found = queries.place_in(compound.pk, place_id)
    above = [found.parent] if found.parent else []
    context = {
        "spot": found,
        "crumbs": [*crumbs(compound, *above), (found.name, "")],
        "branch": queries.branch_of(found),
        "facilities": queries.facilities_inside(found),
        "kinds": tree.may_hold(found.kind),
        "closed": queries.closed_in(found),
        **told(found),
    }
    return htmx.page(request, "places/place.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def found_place(request: ActorRequest, slug: str) -> HttpResponse:
    """A new building or area in the compound, or an entrance or area in the building of ``?inside=``."""
    compound = stand_in(request, slug)
    inside = request.GET.get("inside", "")
    parent = (
        queries.place_in(compound.pk, int(inside)) if inside.isdecimal() and len(inside) < 18 else compound
    )
    form = asked(request, forms.FoundForm, kinds=tree.may_hold(parent.kind))

    def act(data: dict[str, Any]) -> None:
        actions.found_place(
            actor=request.actor,
            kind=data["kind"],
            name=data["name"],
            parent_id=parent.pk,
            at=request.received_at,
        )

    back = place_of(compound, parent)
    done = answer(request, form, act, done=_("已登记。"), to=back, field="name")
    return done or show(request, "places/found.html", form, {"parent": parent, "back": back})


def _kept(request: ActorRequest, slug: str, place_id: int) -> tuple[Place, Place, dict[str, Any]]:
    """The compound, the place, and what every page about changing the place shows."""
    compound = stand_in(request, slug)
    found = queries.place_in(compound.pk, place_id)
    return compound, found, {"spot": found, "back": place_of(compound, found)}


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def rename_place(request: ActorRequest, slug: str, place_id: int) -> HttpResponse:
    """Another name for a place, and for what is called after it."""
    _compound, found, context = _kept(request, slug, place_id)
    form = asked(request, forms.RenameForm, initial={"name": found.name})

    def act(data: dict[str, Any]) -> None:
        actions.rename_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(
        request, form, act, done=_("已改名，原来的名称留在记录里。"), to=context["back"], field="name"
    )
    if done:
        return done
    places, homes = queries.named_after(found, found.name)
    return show(request, "places/rename.html", form, {**context, "places": len(places), "homes": len(homes)})


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def close_place(request: ActorRequest, slug: str, place_id: int) -> HttpResponse:
    """A place is no more; what still stands in it is shown instead of a button."""
    compound, found, context = _kept(request, slug, place_id)
    form = asked(request, forms.CloseForm, initial=today(request))

    def act(data: dict[str, Any]) -> None:
        actions.close_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已注销，记录都留着。"), to=register_of(compound))
    return done or show(request, "places/close.html", form, {**context, **_inside(compound, found)})


def _inside(compound: Place, found: Place) -> dict[str, Any]:
    return {
        "standing": queries.standing_in(found),
        "inner_of": lambda one: place_of(compound, one),
        "slug": compound.slug,
    }


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def reopen_place(request: ActorRequest, slug: str, place_id: int) -> HttpResponse:
    """A place was closed by mistake."""
    _compound, found, context = _kept(request, slug, place_id)
    form = asked(request, forms.ReasonForm)

    def act(data: dict[str, Any]) -> None:
        actions.reopen_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已恢复。"), to=context["back"])
    return done or show(request, "places/reopen.html", form, context)
