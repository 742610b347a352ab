"""What several pages of requests need: the compound they stand in, places to choose from, the cursor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext
from markupsafe import Markup

from linli.civic.requests import forms, queries
from linli.ground.web.access import ActorRequest
from linli.ground.web.paging import Page, read_cursor, write_cursor
from linli.ground.web.words import language
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place


PAGE = queries.PAGE


def stand_in(request: ActorRequest, slug: str) -> Place:
    """Find the compound of the address and let the page know where it stands."""
    compound = places.compound_by_slug(slug)
    request.place = compound
    return compound


def spots(request: ActorRequest, compound: Place) -> list[tuple[str, str]]:
    """Where something can be: the reporter's own homes first, then buildings, entrances and common areas."""
    own = [
        (f"unit-{unit.pk}", gettext("我家 {label}").format(label=unit.label))
        for unit in places.units_by_id(
            [home.unit_id for home in request.actor.homes if home.compound_id == compound.pk]
        )
    ]
    whole = (f"place-{compound.pk}", gettext("小区公共区域"))
    named = places.places_of(compound.pk).values_list("pk", "name")
    inside = [(f"place-{key}", name) for key, name in named]
    return [*own, *inside, whole]


def cut(request: ActorRequest, rows: list[queries.Row]) -> Page[queries.Row]:
    """A page of rows, and the address of the older ones if there are any."""
    if len(rows) <= PAGE:
        return Page(rows)
    last = rows[PAGE - 1]
    kept = request.GET.copy()
    kept["after"] = write_cursor([last.reported_at.isoformat(), last.id], path=request.path)
    return Page(rows[:PAGE], older=f"{request.path}?{kept.urlencode()}")


def filter_card(request: ActorRequest, form: forms.FilterForm | None) -> Callable[[], Markup]:
    """The card in which a list is narrowed, drawn when a page asks for it.

    As long as nothing is narrowed it is the same for everybody, and is drawn once for each language.
    """

    def drawn(asked: forms.FilterForm) -> Markup:
        return Markup(render_to_string("requests/_filters.html", {"form": asked}, request))

    def card() -> Markup:
        if form is not None:
            return drawn(form)
        spoken = language()
        if spoken not in _unasked:
            _unasked[spoken] = drawn(forms.FilterForm({}))
        return _unasked[spoken]

    return card


_unasked: dict[str, Markup] = {}


def filters_of(form: forms.FilterForm | None, request: ActorRequest) -> queries.Filters:
    """What the card asks for; nothing as long as it is not filled in rightly."""
    if form is None or not form.is_valid():
        return queries.Filters()
    wanted = form.cleaned_data
    return queries.Filters(
        status=wanted["status"],
        category=wanted["category"],
        words=wanted["words"],
        facility=wanted["facility"],
        only_open=wanted["which"] == "open",
        overdue_at=request.received_at if wanted["which"] == "overdue" else None,
        handler_id=request.actor.account_id if wanted["which"] == "mine" else None,
    )


def after(request: ActorRequest) -> tuple[datetime, int] | None:
    """Where the asked-for page begins; None for the first page."""
    parts = read_cursor(request.GET.get("after", ""), path=request.path)
    return (datetime.fromisoformat(str(parts[0])), int(parts[1])) if parts else None
