"""Claiming a home with a proof; answering claims and changes of number at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import NotFound
from linli.ground.web import access, htmx, rate, uploads
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, policies, queries
from linli.registry.people.views import _shared
from linli.registry.places import queries as places

ANSWERERS = tuple(sorted(policies.CLAIM_ANSWERERS))
KEEPERS = tuple(sorted(policies.KEEPERS))


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("claim", 10, 3600)
def claim(request: ActorRequest, slug: str) -> HttpResponse:
    """Say which home is one's own, with a photo of the proof."""
    compound = _shared.stand_in(request, slug)
    sent = request.method == "POST"
    form = forms.ClaimForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        data = form.cleaned_data
        with _shared.refused_in(form, "unit_code"):
            actions.claim_home(
                actor=request.actor,
                unit=places.unit_by_code(compound.pk, data["unit_code"]),
                relation=data["relation"],
                name=data["name"],
                note=data["note"],
                proof=data["proof"][0].sha256 if data["proof"] else "",
                at=request.received_at,
            )
            messages.success(request, _("收到了，工作人员核对后会告诉您。"))
            return htmx.redirect(request, "people:me")
    return htmx.page(request, "people/claim.html", {"form": form}, status=422 if sent else 200)


@require_POST
@access.signed_in
def withdraw(request: ActorRequest, claim_id: int) -> HttpResponse:
    """Take one's own waiting claim back."""
    actions.withdraw_claim(actor=request.actor, claim_id=claim_id, at=request.received_at)
    return htmx.redirect(request, "people:me")


@require_GET
@access.signed_in
def own_proof(request: ActorRequest, claim_id: int) -> HttpResponseBase:
    """The photo that one sent oneself."""
    return _picture(queries.own_claim(request.actor, claim_id).proof)


@require_GET
@access.roles(*ANSWERERS)
def queue(request: ActorRequest, slug: str) -> HttpResponse:
    """The claims and the changes of number that wait, the oldest first."""
    compound = _shared.stand_in(request, slug)
    context = {
        "waiting": queries.waiting_claims(request.actor, compound),
        "answered": queries.answered_claims(request.actor, compound)[:20],
        "changes": queries.waiting_phone_changes(request.actor, compound, localdate(request.received_at)),
        "relations": queries.RELATIONS,
    }
    return htmx.page(request, "people/claims.html", context)


def _answers(card: queries.ClaimCard, *, may_add: bool) -> list[tuple[str, Any]]:
    """What a claim can be answered with, the likeliest first."""
    refuse = ("refuse", _("证明不够，不予确认"))
    if card.claim.relation != "owner":
        return [("add", _("属实，登记为住户")), refuse]
    known = [
        (f"person-{one.person_id}", _("就是登记的业主：%(name)s") % {"name": one.name})
        for one in card.candidates
        if not one.taken
    ]
    add = [("add", _("属实，名册里还没有，登记为业主"))] if may_add else []
    return [*known, *add, refuse]


@require_http_methods(["GET", "POST"])
@access.roles(*ANSWERERS)
def answer(request: ActorRequest, slug: str, claim_id: int) -> HttpResponse:
    """Look at the proof beside the register, and confirm or refuse with a reason."""
    compound = _shared.stand_in(request, slug)
    card = queries.claim_card(request.actor, compound, claim_id, on=localdate(request.received_at))
    may_add = policies.may_keep_register(request.actor, compound.path)
    answers = _answers(card, may_add=may_add)
    form = forms.AnswerForm(request.POST if request.method == "POST" else None, answers=answers)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            _give_answer(request, claim_id, **form.cleaned_data)
            messages.success(request, _("已答复，申请人会收到消息。"))
            return htmx.redirect(request, reverse("people:claims", kwargs={"slug": slug}))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/answer_claim.html", {"card": card, "form": form}, status=status)


def _give_answer(request: ActorRequest, claim_id: int, *, answer: str, reason: str) -> None:
    if answer == "refuse":
        actions.refuse_claim(actor=request.actor, claim_id=claim_id, reason=reason, at=request.received_at)
        return
    kind, _dash, number = answer.partition("-")
    actions.confirm_claim(
        actor=request.actor,
        claim_id=claim_id,
        person_id=int(number) if kind == "person" else None,
        reason=reason,
        at=request.received_at,
    )


@require_GET
@access.roles(*ANSWERERS)
def proof(request: ActorRequest, slug: str, claim_id: int) -> HttpResponseBase:
    """The photo of the proof, for whoever answers claims here."""
    compound = _shared.stand_in(request, slug)
    card = queries.claim_card(request.actor, compound, claim_id, on=localdate(request.received_at))
    return _picture(card.claim.proof)


def _picture(sha256: str) -> HttpResponseBase:
    if not sha256:
        raise NotFound("no_proof", "这份认领没有附照片，或照片已按期删除。")
    return uploads.serve_picture(sha256)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def answer_number(request: ActorRequest, slug: str, change_id: int) -> HttpResponse:
    """Confirm somebody's new number after seeing their papers, or refuse it."""
    compound = _shared.stand_in(request, slug)
    waiting = queries.waiting_phone_changes(request.actor, compound, localdate(request.received_at))
    card = next((one for one in waiting if one.id == change_id), None)
    if card is None:
        raise NotFound("no_such_phone_change", "没有找到这份换号申请，可能已经有人处理了。")
    form = forms.PhoneAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.answer_phone_change(
                actor=request.actor,
                change_id=change_id,
                confirmed=form.cleaned_data["answer"] == "yes",
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            messages.success(request, _("已答复。"))
            return htmx.redirect(request, reverse("people:claims", kwargs={"slug": slug}))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/answer_number.html", {"card": card, "form": form}, status=status)
