"""The register of a compound: the tree of places beside the list of units, on the screen, on paper, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.ground.kernel.area import format_area
from linli.ground.web import access, exports, htmx, paging
from linli.ground.web.access import ActorRequest
from linli.registry.places import forms, policies, queries
from linli.registry.places.domain import clauses
from linli.registry.places.queries import Wish
from linli.registry.places.views._shared import KEEPERS, stand_in

if TYPE_CHECKING:
    from linli.registry.places.models import Place, Unit

PRINTED = 2000
"""How many lines one print takes; more are printed building by building."""


def _wish(request: ActorRequest, compound: Place) -> tuple[forms.FilterForm, Wish]:
    form = forms.FilterForm(request.GET, buildings=queries.buildings_of(compound.pk))
    return form, form.wish()


@require_GET
@access.roles(*KEEPERS)
def register(request: ActorRequest, slug: str) -> HttpResponse:
    """The tree with its counts, and the units that fit the wish."""
    compound = stand_in(request, slug)
    form, wish = _wish(request, compound)
    page = paging.page(
        request,
        lambda after, before, limit: queries.units_page(compound.pk, wish, after, before, limit),
        lambda unit: [unit.sort_key, unit.pk],
    )
    context = {
        "tree": queries.branch_of(compound),
        "closed": queries.closed_in(compound),
        "rows": page,
        "sums": queries.sums(compound.pk, wish),
        "form": form,
        "wish": wish,
        "query": form.query(),
        "may_import": request.actor.holds(policies.ROLL_READERS, compound.path),
    }
    return htmx.fragment(request, "places/_units.html", context, page="places/register.html")


@require_GET
@access.roles(*KEEPERS)
def print_register(request: ActorRequest, slug: str) -> HttpResponse:
    """The list of units as a sheet to be signed."""
    compound = stand_in(request, slug)
    _form, wish = _wish(request, compound)
    total = queries.sums(compound.pk, wish)
    context = {
        "units": queries.chosen_units(compound.pk, wish)[:PRINTED],
        "sums": total,
        "printed": min(PRINTED, total.units),
        "inside": queries.place_in(compound.pk, wish.inside) if wish.inside else compound,
        "clauses": clauses,
    }
    return htmx.page(request, "places/print.html", context)


@require_GET
@access.roles(*KEEPERS)
def export(request: ActorRequest, slug: str, kind: str) -> HttpResponseBase:
    """The list of units as csv or xlsx; nobody's name stands in it."""
    compound = stand_in(request, slug)
    _form, wish = _wish(request, compound)
    heads = [
        _("房号"),
        _("房屋"),
        _("所在"),
        _("用途"),
        _("建筑面积（平方米）"),
        _("面积来源"),
        _("面积日期"),
    ]
    heads += [_("交付日期"), _("注销日期")]
    return exports.download(
        kind=kind,
        name=f"{compound.slug}-units-{localdate(request.received_at):%Y%m%d}",
        heads=heads,
        rows=_lines(queries.chosen_units(compound.pk, wish).iterator(chunk_size=2000)),
    )


def _lines(units: Iterator[Unit]) -> Iterator[list[exports.Cell]]:
    for unit in units:
        yield [
            unit.code,
            unit.label,
            unit.place.name,
            _(unit.get_kind_display()),
            format_area(unit.area_dm2, grouped=False) if unit.area_dm2 is not None else "",
            _(unit.get_area_source_display()) if unit.area_dm2 is not None else "",
            unit.area_on,
            unit.delivered_on,
            unit.closed_on,
        ]
