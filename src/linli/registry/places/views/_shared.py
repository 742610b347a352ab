"""What the pages of places share: who keeps them, where one stands, a refusal beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.ground.kernel.errors import Conflict, Invalid
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
def refused_in(form: Form) -> Iterator[None]:
    """What is refused of the input in this block stands in the form, beside the field that the rule names."""
    try:
        yield
    except (Invalid, Conflict) as refusal:
        field = str(refusal.data.get("field", ""))
        form.refuse(refusal, field if field in form.fields else None)


def crumbs(compound: Place, *inside: Place) -> list[tuple[str, str]]:
    """The way from the register down to a page; the compound itself is left out."""
    way = [(_("房屋登记"), reverse("places:register", kwargs={"slug": compound.slug}))]
    for one in inside:
        if one.pk != compound.pk:
            way.append(
                (one.name, reverse("places:place", kwargs={"slug": compound.slug, "place_id": one.pk}))
            )
    return way


def told(row: Place | Unit | Facility) -> dict[str, object]:
    """What ``places/_history.html`` needs to tell how a place, a unit or a facility came to be as it is."""
    return {
        "lines": queries.history(row),
        "area_sources": dict(queries.AREA_SOURCES),
        "unit_kinds": dict(queries.UNIT_KINDS),
        "facility_kinds": dict(queries.FACILITY_KINDS),
    }
