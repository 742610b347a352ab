"""One place of a compound: what stands in it, and how it came to be so."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import queries
from linli.registry.places.views._shared import KEEPERS, crumbs, stand_in, told


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
        **told(found),
    }
    return htmx.page(request, "places/place.html", context)
