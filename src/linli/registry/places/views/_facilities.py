"""The common facilities of a compound: the list, one of them, on paper, as a file, and their labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.ground.web import access, exports, htmx, paging
from linli.ground.web.access import ActorRequest
from linli.registry.places import forms, policies, queries
from linli.registry.places.domain import labels as sheets
from linli.registry.places.queries import FacilityWish
from linli.registry.places.views._shared import KEEPERS, stand_in, told

if TYPE_CHECKING:
    from linli.registry.places.models import Facility, Place

SHOWN, PRINTED = 50, 2000
"""How many lines one page of the list has, and how many one print takes."""


def _wish(request: ActorRequest, compound: Place) -> tuple[forms.FacilityFilterForm, FacilityWish]:
    form = forms.FacilityFilterForm(request.GET, places=queries.places_of(compound.pk))
    return form, form.wish()


def _key(facility: Facility) -> list[str | int]:
    return [facility.sort_key, facility.pk]


@require_GET
@access.roles(*KEEPERS)
def facilities(request: ActorRequest, slug: str) -> HttpResponse:
    """The facilities that fit the wish, with how many there are of each kind."""
    compound = stand_in(request, slug)
    form, wish = _wish(request, compound)
    page = paging.page(
        request,
        lambda after, before, limit: queries.facilities_page(compound.pk, wish, after, before, limit),
        _key,
        size=SHOWN,
    )
    counts = queries.kind_counts(compound.pk, wish)
    context = {
        "rows": page,
        "form": form,
        "wish": wish,
        "counts": counts,
        "total": sum(one.count for one in counts),
        "chosen": sum(one.count for one in counts if wish.kind in ("", one.kind)),
        "query": form.query(),
    }
    return htmx.page(request, "places/facilities.html", context)


@require_GET
@access.roles(*KEEPERS)
def facility(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """One facility: where it stands, its label, and how it came to be so."""
    compound = stand_in(request, slug)
    found = queries.facility_in(compound.pk, facility_id)
    context = {
        "facility": found,
        "address": _label_address(request, compound, found),
        "may_report": request.actor.holds(policies.REPORT_WRITERS, compound.path),
        **told(found),
    }
    return htmx.page(request, "places/facilities_one.html", context)


def _label_address(request: ActorRequest, compound: Place, found: Facility) -> str:
    """What the label's code opens; the page there belongs to those who take the reports."""
    way = reverse("requests:scan", kwargs={"slug": compound.slug, "asset_no": found.asset_no})
    return request.build_absolute_uri(way)


@require_GET
@access.roles(*KEEPERS)
def print_facilities(request: ActorRequest, slug: str) -> HttpResponse:
    """The list as a sheet for a round of inspection."""
    compound = stand_in(request, slug)
    form, wish = _wish(request, compound)
    rows = list(queries.chosen_facilities(compound.pk, wish)[: PRINTED + 1])
    context = {"rows": rows[:PRINTED], "has_more": len(rows) > PRINTED, "wish": wish, "query": form.query()}
    return htmx.page(request, "places/facilities_print.html", context)


@require_GET
@access.roles(*KEEPERS)
def export_facilities(request: ActorRequest, slug: str, kind: str) -> HttpResponseBase:
    """The list as csv or xlsx."""
    compound = stand_in(request, slug)
    _form, wish = _wish(request, compound)
    return exports.download(
        kind=kind,
        name=f"{compound.slug}-facilities-{localdate(request.received_at):%Y%m%d}",
        heads=[_("设施编号"), _("名称"), _("类别"), _("所在"), _("具体位置"), _("停用日期")],
        rows=_lines(queries.chosen_facilities(compound.pk, wish).iterator(chunk_size=2000)),
    )


def _lines(found: Iterable[Facility]) -> Iterator[list[exports.Cell]]:
    for one in found:
        yield [
            one.asset_no,
            one.name,
            _(one.get_kind_display()),
            one.place.name,
            one.spot,
            one.retired_on,
        ]


@require_GET
@access.roles(*KEEPERS)
def labels(request: ActorRequest, slug: str) -> HttpResponse:
    """Sheets of labels for the facilities in use that were ticked, or for all that fit the wish."""
    compound = stand_in(request, slug)
    form, wish = _wish(request, compound)
    page = paging.page(
        request,
        lambda after, before, limit: queries.labelled_page(compound.pk, wish, after, before, limit),
        _key,
        size=sheets.BATCH,
    )
    nothing_ticked = "ticked" in request.GET and not wish.keys
    context = {
        "rows": page,
        "labels": []
        if nothing_ticked
        else [(one, _label_address(request, compound, one)) for one in page.rows],
        "nothing_ticked": nothing_ticked,
        "size": sheets.size_of(request.GET.get("size", "")),
        "sizes": [(size, _with_size(request, size.code)) for size in sheets.SIZES],
        "query": form.query(),
        "host": request.get_host(),
        "public": settings.LINLI_ORIGIN,
    }
    return htmx.page(request, "places/facilities_labels.html", context)


def _with_size(request: ActorRequest, code: str) -> str:
    asked = request.GET.copy()
    asked["size"] = code
    return f"?{asked.urlencode()}"
