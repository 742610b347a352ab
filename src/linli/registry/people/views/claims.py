"""Claiming a home with a proof, and answering claims at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.actor import RoleName
from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.web import access, htmx, rate, uploads
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, queries
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place

ANSWERERS = (
    RoleName.COMMITTEE_MEMBER,
    RoleName.PROPERTY_MANAGER,
    RoleName.PROPERTY_CLERK,
    RoleName.COMMUNITY_WORKER,
)


def _stand_in(request: ActorRequest, slug: str) -> Place:
    compound = places.compound_by_slug(slug)
    request.place = compound
    return compound


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("claim", 10, 3600)
def claim(request: ActorRequest, slug: str) -> HttpResponse:
    """Say which home is one's own, with a photo of the proof."""
    compound = _stand_in(request, slug)
    form = forms.ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            unit = places.unit_by_code(compound.pk, data["unit_code"])
            actions.claim_home(
                actor=request.actor,
                unit=unit,
                relation=data["relation"],
                name=data["name"],
                note=data["note"],
                proof=data["proof"][0].sha256 if data["proof"] else "",
                at=request.received_at,
            )
            messages.success(request, _("收到了，工作人员核对后会告诉您。"))
            return htmx.redirect(request, reverse("people:me"))
        except Invalid as refusal:
            field = str(refusal.data.get("field", ""))
            form.refuse(refusal, field if field in form.fields else None)
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/claim.html", {"form": form}, status=status)


@require_POST
@access.signed_in
def withdraw(request: ActorRequest, claim_id: int) -> HttpResponse:
    """Take one's own waiting claim back."""
    actions.withdraw_claim(actor=request.actor, claim_id=claim_id, at=request.received_at)
    return htmx.redirect(request, reverse("people:me"))


@require_GET
@access.roles(*ANSWERERS)
def queue(request: ActorRequest, slug: str) -> HttpResponse:
    """The claims that wait, oldest first."""
    compound = _stand_in(request, slug)
    context = {
        "waiting": queries.waiting_claims(request.actor, compound),
        "answered": queries.answered_claims(request.actor, compound)[:20],
        "relations": queries.RELATIONS,
    }
    return htmx.page(request, "people/claims.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*ANSWERERS)
def answer(request: ActorRequest, slug: str, claim_id: int) -> HttpResponse:
    """Look at the proof beside the register, and confirm or refuse with a reason."""
    compound = _stand_in(request, slug)
    card = queries.claim_card(request.actor, compound, claim_id, on=localdate(request.received_at))
    answers = [
        (f"person-{one.person_id}", _("是登记的业主：%(name)s") % {"name": one.name})
        for one in card.candidates
    ]
    if card.claim.relation != "owner":
        answers = [("occupant", _("属实，登记为住户"))]
    answers.append(("refuse", _("证明不够，不予确认")))
    form = forms.AnswerForm(request.POST or None, answers=answers)
    if request.method == "POST" and form.is_valid():
        chosen, reason = form.cleaned_data["answer"], form.cleaned_data["reason"]
        if chosen == "refuse":
            actions.refuse_claim(
                actor=request.actor, claim_id=claim_id, reason=reason, at=request.received_at
            )
        else:
            actions.confirm_claim(
                actor=request.actor,
                claim_id=claim_id,
                person_id=int(chosen.partition("-")[2]) if chosen.startswith("person-") else None,
                reason=reason,
                at=request.received_at,
            )
        return htmx.redirect(request, reverse("people:claims", kwargs={"slug": slug}))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/answer_claim.html", {"card": card, "form": form}, status=status)


@require_GET
@access.roles(*ANSWERERS)
def proof(request: ActorRequest, slug: str, claim_id: int) -> HttpResponseBase:
    """The photo of the proof, for whoever answers claims here."""
    compound = _stand_in(request, slug)
    card = queries.claim_card(request.actor, compound, claim_id, on=localdate(request.received_at))
    if not card.claim.proof:
        raise NotFound("no_proof", "这份认领没有附照片，或照片已按期删除。")
    return uploads.serve_picture(card.claim.proof)
