"""The tree above the compounds: district, streets, communities, compounds, for those who draw it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.area import format_area
from linli.ground.kernel.errors import NotAllowed
from linli.ground.web import access, exports, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import actions, forms, policies, queries
from linli.registry.places.domain import tree
from linli.registry.places.domain.tree import Branch
from linli.registry.places.views._shared import FOUNDERS, answer, asked, show, today, told

if TYPE_CHECKING:
    from linli.registry.places.models import Place

MOST_FOUND = 50


def _address(place: Place) -> str:
    return reverse("places:authority", kwargs={"place_id": place.pk})


@require_GET
@access.roles(*FOUNDERS)
def district(request: ActorRequest) -> HttpResponse:
    """Everything the reader answers for, and a search for a compound in it."""
    scopes = request.actor.scopes(policies.COMPOUND_FOUNDERS)
    words = request.GET.get("q", "").strip()[:40]
    found = list(queries.compounds_named(scopes, words)[: MOST_FOUND + 1]) if words else []
    context = {
        "branches": [queries.compounds_branch(top) for top in queries.tops(scopes)],
        "words": words,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "place_kinds": queries.PLACE_KINDS,
        "address": lambda place_id: reverse("places:authority", kwargs={"place_id": place_id}),
    }
    return htmx.page(request, "places/district.html", context)


def _overseen(request: ActorRequest, place_id: int) -> Place:
    """The place, for whoever answers for it; refused to everybody else."""
    found = queries.authority(place_id)
    policies.require_may_oversee(request.actor, found.path)
    return found


@require_GET
@access.roles(*FOUNDERS)
def authority(request: ActorRequest, place_id: int) -> HttpResponse:
    """One district, street, community or compound: what stands in it, and how it came to be so."""
    found, actor = _overseen(request, place_id), request.actor
    scopes = actor.scopes(policies.COMPOUND_FOUNDERS)
    above = [one for one in queries.above_of(found) if one.path.startswith(scopes)]
    crumbs = [(_("街道、社区和小区"), reverse("places:district"))]
    context = {
        "spot": found,
        "crumbs": [*crumbs, *((one.name, _address(one)) for one in above), (found.name, "")],
        "branch": queries.compounds_branch(found),
        "may_add": bool(_foundable(actor, found)),
        "may_change": policies.may_found(actor, found.kind, found.parent.path if found.parent else ""),
        "closed": [] if found.kind == "compound" else queries.closed_in(found),
        "address": lambda place_id: reverse("places:authority", kwargs={"place_id": place_id}),
        **told(found),
    }
    return htmx.page(request, "places/authority.html", context)


def _foundable(actor: Actor, parent: Place) -> list[str]:
    """The kinds of places that the actor draws in this one; what stands in a compound is not drawn here."""
    if parent.kind == "compound":
        return []
    return [kind for kind in tree.may_hold(parent.kind) if policies.may_found(actor, kind, parent.path)]


@require_GET
@access.roles(*FOUNDERS)
def export_authority(request: ActorRequest, place_id: int, kind: str) -> HttpResponseBase:
    """What stands in a place down to the compounds, with units and areas, as csv or xlsx."""
    found = _overseen(request, place_id)
    heads = [_("街道"), _("社区"), _("小区"), _("房屋"), _("建筑面积（平方米）"), _("还没有面积")]
    return exports.download(
        kind=kind,
        name=f"places-{found.pk}-{localdate(request.received_at):%Y%m%d}",
        heads=heads,
        rows=_lines(queries.compounds_branch(found), {one.kind: one.name for one in queries.above_of(found)}),
    )


def _lines(branch: Branch, above: dict[str, str]) -> Iterator[list[exports.Cell]]:
    """One line for each compound, with what it stands in."""
    here = above | {branch.place.kind: branch.place.name}
    if branch.place.kind == "compound":
        street, community = here.get("subdistrict", ""), here.get("community", "")
        area = format_area(branch.area_dm2, grouped=False)
        yield [street, community, branch.place.name, branch.units, area, branch.without_area]
    for inner in branch.inside:
        yield from _lines(inner, here)


@require_http_methods(["GET", "POST"])
@access.roles(*FOUNDERS)
def found_in_authority(request: ActorRequest, place_id: int) -> HttpResponse:
    """A new street, community or compound, as far as the reader draws such places here."""
    parent, actor = _overseen(request, place_id), request.actor
    kinds = _foundable(actor, parent)
    if not kinds:
        raise NotAllowed("nothing_to_found_here", "这里的下级不由您登记。")
    form = asked(request, forms.FoundForm, kinds=kinds)

    def act(data: dict[str, Any]) -> None:
        actions.found_place(
            actor=actor,
            kind=data["kind"],
            name=data["name"],
            parent_id=parent.pk,
            slug=data.get("slug") or None,
            at=request.received_at,
        )

    back = _address(parent)
    done = answer(request, form, act, done=_("已登记。"), to=back, field="name")
    return done or show(request, "places/found.html", form, {"parent": parent, "back": back})


def _changing(request: ActorRequest, place_id: int) -> tuple[Place, dict[str, Any]]:
    """The place, and what every page about changing it shows; refused to whoever could not found it."""
    found = _overseen(request, place_id)
    policies.require_may_found(request.actor, found.kind, found.parent.path if found.parent else "")
    return found, {"spot": found, "back": _address(found)}


@require_http_methods(["GET", "POST"])
@access.roles(*FOUNDERS)
def rename_authority(request: ActorRequest, place_id: int) -> HttpResponse:
    """Another name for a street, a community or a compound."""
    found, context = _changing(request, place_id)
    form = asked(request, forms.RenameForm, initial={"name": found.name})

    def act(data: dict[str, Any]) -> None:
        actions.rename_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(
        request, form, act, done=_("已改名，原来的名称留在记录里。"), to=context["back"], field="name"
    )
    return done or show(request, "places/rename.html", form, {**context, "places": 0, "homes": 0})


@require_http_methods(["GET", "POST"])
@access.roles(*FOUNDERS)
def close_authority(request: ActorRequest, place_id: int) -> HttpResponse:
    """A street, a community or a compound is no more; what still stands in it is shown instead of a button."""
    found, context = _changing(request, place_id)
    form = asked(request, forms.CloseForm, initial=today(request))

    def act(data: dict[str, Any]) -> None:
        actions.close_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已注销，记录都留着。"), to=context["back"])
    return done or show(request, "places/close.html", form, {**context, **_inside(found)})


def _inside(found: Place) -> dict[str, Any]:
    """What still stands in it, each with its page; of a compound these are pages of its own register."""

    def inner_of(one: Place) -> str:
        if found.slug:
            return reverse("places:place", kwargs={"slug": found.slug, "place_id": one.pk})
        return _address(one)

    return {"standing": queries.standing_in(found), "inner_of": inner_of, "slug": found.slug}


@require_http_methods(["GET", "POST"])
@access.roles(*FOUNDERS)
def reopen_authority(request: ActorRequest, place_id: int) -> HttpResponse:
    """It was closed by mistake."""
    found, context = _changing(request, place_id)
    form = asked(request, forms.ReasonForm)

    def act(data: dict[str, Any]) -> None:
        actions.reopen_place(actor=request.actor, place_id=found.pk, at=request.received_at, **data)

    done = answer(request, form, act, done=_("已恢复。"), to=context["back"])
    return done or show(request, "places/reopen.html", form, context)
