"""What the pages of organisations share: who keeps them, where one stands, a refusal beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from linli.ground.kernel.errors import Conflict, Invalid
from linli.ground.web import htmx
from linli.ground.web.access import ActorRequest
from linli.ground.web.forms import Form
from linli.registry.organisations import policies, queries
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.organisations.models import Organisation
    from linli.registry.places.models import Place

KEEPERS = policies.REGISTER_DESK


def stand_in(request: ActorRequest, slug: str) -> Place:
    """The compound of the address; the page shows its name and its menus."""
    request.place = compound = places.compound_by_slug(slug)
    return compound


def kept(request: ActorRequest, organisation_id: int) -> Organisation:
    """The body of the address, for whoever keeps it."""
    found = queries.visible(request.actor, organisation_id)
    policies.require_may_keep(request.actor, found.place.path)
    return found


def seated(request: ActorRequest, organisation_id: int) -> Organisation:
    """The body of the address, for whoever enters its seats."""
    found = queries.visible(request.actor, organisation_id)
    policies.require_may_keep_seats(request.actor, kind=found.kind, place_path=found.place.path)
    return found


def address(organisation_id: int) -> str:
    """The page of one body."""
    return reverse("organisations:card", kwargs={"organisation_id": organisation_id})


def back_to(request: ActorRequest, organisation_id: int, sentence: str) -> HttpResponse:
    """Say that it is done, on the body's page."""
    messages.success(request, sentence)
    return htmx.redirect(request, address(organisation_id))


@contextmanager
def refused_in(form: Form, field: str | None = None, **renamed: str) -> Iterator[None]:
    """What is refused of the input in this block stands in the form, beside the field that the rule names.

    ``field`` is where it stands when the rule names none; ``renamed`` says what the form calls a field.
    """
    try:
        yield
    except (Invalid, Conflict) as refusal:
        told = str(refusal.data.get("field", field or ""))
        named = renamed.get(told, told)
        form.refuse(refusal, named if named in form.fields else None)


def status_of(request: ActorRequest) -> int:
    """A form that is shown again after it was sent has something wrong in it."""
    return 422 if request.method == "POST" else 200
