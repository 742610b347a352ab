"""What the pages of people share: where one stands, which session it is, a refusal beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from linli.ground.kernel.errors import Conflict, Invalid, NotFound, Refusal
from linli.ground.web.access import ActorRequest
from linli.ground.web.forms import Form
from linli.registry.people.domain.login import COOKIE
from linli.registry.people.queries import SignedIn
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place, Unit


def stand_in(request: ActorRequest, slug: str) -> Place:
    """The compound of the address; the page shows its name and its menus."""
    compound = places.compound_by_slug(slug)
    request.place = compound
    return compound


def unit_in(compound: Place, unit_id: int) -> Unit:
    """A unit of the compound. Refuses those of other compounds."""
    found = places.units_of(compound.pk).filter(pk=unit_id).select_related("compound").first()
    if found is None:
        raise NotFound("no_such_unit", "这个小区里没有这套房。")
    return found


def session_of(request: ActorRequest) -> SignedIn | None:
    """The session behind the request, also one that still waits for its second step."""
    found: SignedIn | None = request.session_found.get()  # type: ignore[attr-defined]
    return found


def session_id(request: ActorRequest) -> int:
    """The session of a signed-in request."""
    found = session_of(request)
    assert found is not None, "the door let a stranger in"
    return found.session_id


def keep(response: HttpResponse, name: str, value: str, lasts: timedelta) -> None:
    """Set a cookie that scripts cannot read."""
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.LINLI_HTTPS,
    )


def keep_session(response: HttpResponse, token: str | None, lasts: timedelta) -> None:
    """Hand the browser its new token, if there is one."""
    if token is not None:
        keep(response, COOKIE, token, lasts)


@contextmanager
def refused_in(form: Form, field: str | None = None) -> Iterator[None]:
    """What is refused of the input in this block stands in the form, beside the field that the rule names.

    A conflict stands there too, for the person can still change what they typed.
    """
    try:
        yield
    except (Invalid, Conflict) as refusal:
        named = str(refusal.data.get("field", field or ""))
        form.refuse(refusal, named if named in form.fields else None)


def tell(request: ActorRequest, refusal: Refusal) -> None:
    """Say a refusal on the next page."""
    sentence = _(refusal.template)
    messages.warning(request, sentence.format(**refusal.data) if refusal.data else sentence)
