"""One unit at the desk: its owners, who lives there, and how it changes hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import NotFound
from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, policies, queries
from linli.registry.people.domain import clauses
from linli.registry.people.domain.register import CHANGE_LABELS, KIND_LABELS, Ground
from linli.registry.people.queries import Holding
from linli.registry.people.views import _shared

if TYPE_CHECKING:
    from linli.registry.places.models import Unit

DESK = tuple(sorted(policies.REGISTER_DESK))
KEEPERS = tuple(sorted(policies.KEEPERS))


@require_GET
@access.roles(*DESK)
def unit(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """The unit with its people and its story."""
    compound = _shared.stand_in(request, slug)
    found = _shared.unit_in(compound, unit_id)
    context = {
        "unit": found,
        "card": queries.unit_card(request.actor, compound, found, on=localdate(request.received_at)),
        "relations": queries.RELATIONS,
        "kinds": KIND_LABELS,
        "changes": CHANGE_LABELS,
        "may_keep": policies.may_keep_register(request.actor, compound.path),
    }
    return htmx.page(request, "people/unit.html", context)


def _kept_unit(request: ActorRequest, slug: str, unit_id: int) -> Unit:
    """The unit, for whoever enters changes here."""
    compound = _shared.stand_in(request, slug)
    policies.require_may_keep_register(request.actor, compound.path)
    return _shared.unit_in(compound, unit_id)


def _owners(request: ActorRequest, unit: Unit) -> list[Holding]:
    card = queries.unit_card(request.actor, unit.compound, unit, on=localdate(request.received_at))
    return list(card.owners)


def _back_to(request: ActorRequest, slug: str, unit_id: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return htmx.redirect(request, reverse("people:unit", kwargs={"slug": slug, "unit_id": unit_id}))


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def transfer(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """Sale, inheritance, gift: the owners change from a day on."""
    found = _kept_unit(request, slug, unit_id)
    owners = _owners(request, found)
    offered = [(str(one.id), one.name) for one in owners]
    first = {"on": localdate(request.received_at), "seen": queries.mark_of_owners(found)}
    form = forms.TransferForm(
        request.POST if request.method == "POST" else None, owners=offered, initial=first
    )
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.transfer_ownership(
                actor=request.actor,
                unit=found,
                to=form.to(),
                ground=Ground(form.cleaned_data["ground"]),
                on=form.cleaned_data["on"],
                staying=form.staying_ids(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or None,
                at=request.received_at,
            )
            return _back_to(request, slug, unit_id, _("业主已变更，从变更日起生效。"))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "unit": found, "owners": owners, "clauses": clauses}
    return htmx.page(request, "people/transfer.html", context, status=status)


def _ownership(request: ActorRequest, unit: Unit, ownership_id: int) -> Holding:
    """One of the owners; for a form that was sent also a former one, so that what was typed stays."""
    card = queries.unit_card(request.actor, unit.compound, unit, on=localdate(request.received_at))
    former = card.former if request.method == "POST" else ()
    rows = [*card.owners, *(one for one in former if one.relation == "owner")]
    found = next((one for one in rows if one.id == ownership_id), None)
    if found is None:
        raise NotFound("no_such_ownership", "这条产权登记已经结束，请刷新后再看。")
    return found


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def correct_owner(request: ActorRequest, slug: str, unit_id: int, ownership_id: int) -> HttpResponse:
    """A wrong person stands as owner: say who is right."""
    found = _kept_unit(request, slug, unit_id)
    wrong = _ownership(request, found, ownership_id)
    first = {"seen": queries.mark_of_owners(found)}
    form = forms.OwnerForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.correct_owner(
                actor=request.actor,
                unit=found,
                ownership_id=ownership_id,
                right=form.new(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or None,
                at=request.received_at,
            )
            return _back_to(request, slug, unit_id, _("业主已更正，理由记在这套房的记录里。"))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "unit": found, "wrong": wrong}
    return htmx.page(request, "people/correct_owner.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def remove_owner(request: ActorRequest, slug: str, unit_id: int, ownership_id: int) -> HttpResponse:
    """Somebody stands as co-owner by mistake."""
    found = _kept_unit(request, slug, unit_id)
    wrong = _ownership(request, found, ownership_id)
    first = {"seen": queries.mark_of_owners(found)}
    form = forms.RemoveForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.remove_owner(
                actor=request.actor,
                unit=found,
                ownership_id=ownership_id,
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or None,
                at=request.received_at,
            )
            return _back_to(request, slug, unit_id, _("已移除这位共有人。"))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "unit": found, "wrong": wrong}
    return htmx.page(request, "people/remove_owner.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def add_occupant(request: ActorRequest, slug: str, unit_id: int) -> HttpResponse:
    """Enter a tenant or family at the counter."""
    found = _kept_unit(request, slug, unit_id)
    form = forms.OccupantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form, "name"):
            actions.add_occupant(
                actor=request.actor,
                unit=found,
                new=form.new(),
                relation=form.cleaned_data["relation"],
                at=request.received_at,
            )
            return _back_to(request, slug, unit_id, _("住户已登记。"))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/add_occupant.html", {"form": form, "unit": found}, status=status)


@require_POST
@access.roles(*KEEPERS)
def end_occupancy(request: ActorRequest, slug: str, unit_id: int, occupancy_id: int) -> HttpResponse:
    """A tenant or a member of the family moved out."""
    found = _kept_unit(request, slug, unit_id)
    actions.end_occupancy(actor=request.actor, unit=found, occupancy_id=occupancy_id, at=request.received_at)
    return _back_to(request, slug, unit_id, _("住户已移出。"))
