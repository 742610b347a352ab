"""One unit: where it is, its area with source and date, and how they came to be so."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import policies, queries
from linli.registry.places.domain import clauses
from linli.registry.places.views._shared import KEEPERS, crumbs, stand_in, told


@require_GET
@access.roles(*KEEPERS)
def unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """One exclusive part; who owns it stands in the register of people."""
    compound = stand_in(request, slug)
    found = queries.unit_in(compound.pk, unit_id)
    context = {
        "unit": found,
        "crumbs": [*crumbs(compound, found.place), (found.label, "")],
        "may_correct": policies.may_correct_unit(request.actor, compound.path),
        "clauses": clauses,
        **told(found),
    }
    return htmx.page(request, "places/unit.html", context)
