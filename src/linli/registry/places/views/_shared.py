"""What the pages of places share: who keeps them, where one stands, a refusal beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.ground.kernel.errors import Conflict, Invalid
from linli.ground.web import htmx
from linli.ground.web.access import ActorRequest
from linli.ground.web.forms import Form
from linli.registry.places import policies, queries

if TYPE_CHECKING:
    from linli.registry.places.models import Facility, Place, Unit

KEEPERS = tuple(sorted(policies.KEEPERS))
AREA_KEEPERS = tuple(sorted(policies.AREA_KEEPERS))
FOUNDERS = tuple(sorted(policies.COMPOUND_FOUNDERS))


def stand_in(request: ActorRequest, slug: str) -> Place:
    """The compound of the address, for whoever keeps its places; refused to everybody else."""
    compound = queries.compound_by_slug(slug)
    request.place = compound
    policies.require_may_keep(request.actor, compound.path)
    return compound


@contextmanager
def refused_in(form: Form, field: str = "") -> Iterator[None]:
    """What is refused of the input in this block stands in the form, beside the field that the rule names.

    ``field`` is where it stands when the rule names none.
    """
    try:
        yield
    except (Invalid, Conflict) as refusal:
        named = str(refusal.data.get("field", field))
        form.refuse(refusal, named if named in form.fields else None)


def asked(request: ActorRequest, form: type[Form], **kwargs: Any) -> Form:
    """The form as it was sent, or as it stands at first."""
    return form(request.POST if request.method == "POST" else None, **kwargs)


def answer(
    request: ActorRequest,
    form: Form,
    act: Callable[[dict[str, Any]], None],
    *,
    done: str,
    to: str,
    field: str = "",
) -> HttpResponse | None:
    """Do what the form asks for, and lead on; None when the form is to be shown, first or again."""
    if request.method != "POST" or not form.is_valid():
        return None
    with refused_in(form, field):
        act(form.cleaned_data)
        messages.success(request, done)
        return htmx.redirect(request, to)
    return None


def show(request: ActorRequest, template: str, form: Form, context: dict[str, Any]) -> HttpResponse:
    """The page with the form; after a sending that was refused with 422."""
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "action": request.get_full_path(), **context}
    return htmx.page(request, template, shown, status=status)


def today(request: ActorRequest) -> dict[str, Any]:
    """What the fields of a day begin with."""
    return {"on": localdate(request.received_at)}


def register_of(compound: Place) -> str:
    """The address of a compound's register."""
    return reverse("places:register", kwargs={"slug": compound.slug})


def place_of(compound: Place, place: Place) -> str:
    """The address of a place in a compound; of the compound itself its register."""
    if place.pk == compound.pk:
        return register_of(compound)
    return reverse("places:place", kwargs={"slug": compound.slug, "place_id": place.pk})


def unit_of(compound: Place, unit: Unit) -> str:
    """The address of a unit."""
    return reverse("places:unit", kwargs={"slug": compound.slug, "unit_id": unit.pk})


def crumbs(compound: Place, *inside: Place) -> list[tuple[str, str]]:
    """The way from the register down to a page; the compound itself is left out."""
    way = [(_("房屋登记"), register_of(compound))]
    return way + [(one.name, place_of(compound, one)) for one in inside if one.pk != compound.pk]


def told(row: Place | Unit | Facility) -> dict[str, Any]:
    """What ``places/_history.html`` needs to tell how a place, a unit or a facility came to be as it is."""
    return {
        "lines": queries.history(row),
        "area_sources": dict(queries.AREA_SOURCES),
        "unit_kinds": dict(queries.UNIT_KINDS),
        "place_kinds": queries.PLACE_KINDS,
        "facility_kinds": dict(queries.FACILITY_KINDS),
    }
