"""What residents and the public see and do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.civic.requests import actions, forms, policies, queries
from linli.civic.requests.domain import categories, sla, workflow
from linli.civic.requests.views import _showing
from linli.civic.requests.views._shared import after, cut, filter_card, filters_of, spots, stand_in
from linli.ground.kernel.errors import NotFound
from linli.ground.web import access, htmx, rate, uploads
from linli.ground.web.access import ActorRequest
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Facility, Place


@require_GET
@access.public
def overview(request: ActorRequest, slug: str) -> HttpResponse:
    """The compound's requests, newest first, with filters."""
    compound = stand_in(request, slug)
    form = forms.FilterForm(request.GET) if request.GET else None
    filters = filters_of(form, request)
    page = cut(
        request,
        queries.listed(
            actor=request.actor,
            compound_id=compound.pk,
            compound_path=compound.path,
            filters=filters,
            after=after(request),
        ),
    )
    return htmx.fragment(
        request,
        "requests/_rows.html",
        {
            "rows": page,
            "filter_card": filter_card(request, form),
            "categories": categories.BY_CODE,
            "status_words": workflow.STATUS_WORDS,
            "may_report": policies.may_report_in(request.actor, compound.pk, compound.path),
        },
        page="requests/list.html",
    )


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("report", 20, 3600)
def report(request: ActorRequest, slug: str) -> HttpResponse:
    """One page to report on: photo, words, place, kind; the neighbours' similar reports stand beside it."""
    compound = stand_in(request, slug)
    policies.require_may_report(request.actor, compound.pk, compound.path)
    facility = _facility(request, compound)
    choices = spots(request, compound)
    if facility is not None and facility.retired_on is None:
        choices.insert(0, (f"facility-{facility.pk}", f"{facility.name}（{facility.asset_no}）"))
    if request.method == "POST":
        form = forms.ReportForm(request.POST, request.FILES, spots=choices)
        if form.is_valid() and not _shows_similar_first(request, compound, form):
            made = actions.report(
                actor=request.actor,
                report=_said(form, compound.pk),
                channel="qr" if facility is not None else "app",
                at=request.received_at,
            )
            return htmx.redirect(
                request, reverse("requests:sent", kwargs={"slug": slug, "request_id": made.pk})
            )
    else:
        form = forms.ReportForm(spots=choices, initial=_prefilled(request, choices, facility))
    return _report_page(request, compound, form, facility)


def _shows_similar_first(request: ActorRequest, compound: Place, form: forms.ReportForm) -> bool:
    """Whether the same thing at the same place is open and was not shown yet, as without JavaScript.

    Danger is never held up.
    """
    data = form.cleaned_data
    if request.POST.get("similar_seen") or categories.find_danger(data["text"]):
        return False
    return bool(_same_here(compound, form))


def _same_here(compound: Place, form: forms.ReportForm) -> Sequence[Any]:
    data, place = form.cleaned_data, form.place()
    similar = queries.similar_open(
        compound_id=compound.pk,
        category=data["category"] or categories.guess_category(data["text"]),
        place_id=place["place_id"],
        facility_id=place["facility_id"],
        only_here=True,
    )
    return list(similar)


def _said(form: forms.ReportForm, compound_id: int) -> actions.Report:
    data = form.cleaned_data
    return actions.Report(
        compound_id=compound_id,
        text=data["text"],
        title=data.get("title", ""),
        category=data["category"],
        spot=data["spot"],
        is_public=not data["private"],
        pictures=[picture.sha256 for picture in data["pictures"]],
        **form.place(),
    )


def _facility(request: ActorRequest, compound: Place) -> Facility | None:
    number = request.GET.get("facility") or request.POST.get("facility")
    return places.facility_by_number(compound.pk, number) if number else None


def _prefilled(
    request: ActorRequest, choices: list[tuple[str, str]], facility: Facility | None
) -> dict[str, Any]:
    if facility is not None and facility.retired_on is not None:
        where = f"{facility.spot} {facility.name}（{facility.asset_no}）".strip()
        return {"spot_key": f"place-{facility.place_id}", "spot": where[:120]}
    if facility is not None:
        return {"spot_key": f"facility-{facility.pk}", "spot": facility.spot}
    own = next((key for key, _ in choices if key.startswith("unit-")), "")
    return {"spot_key": own, "text": request.GET.get("text", "")[:2000]}


def _report_page(
    request: ActorRequest, compound: Place, form: forms.ReportForm, facility: Facility | None
) -> HttpResponse:
    text = str(form.data.get("text", "")) if form.is_bound else ""
    guessed = categories.guess_category(text) if text else ""
    same: Sequence[Any] = _same_here(compound, form) if form.is_bound and form.is_valid() else ()
    context = {
        "form": form,
        "facility": facility,
        "danger": categories.find_danger(text),
        "dangers": categories.DANGERS,
        "same": same,
        "similar": same
        or queries.similar_open(
            compound_id=compound.pk,
            category=guessed or "other",
            place_id=facility.place_id if facility else None,
            facility_id=facility.pk if facility else None,
        ),
        "categories": categories.BY_CODE,
        "status_words": workflow.STATUS_WORDS,
    }
    status = 422 if form.is_bound else 200
    return htmx.page(request, "requests/report.html", context, status=status)


@require_GET
@access.signed_in
def similar(request: ActorRequest, slug: str) -> HttpResponse:
    """While somebody types: what is open already, what kind it is, and whether it is dangerous."""
    compound = stand_in(request, slug)
    policies.require_may_report(request.actor, compound.pk, compound.path)
    text = request.GET.get("text", "")[:2000]
    kind, _dash, key = request.GET.get("spot_key", "").partition("-")
    place_id = int(key) if kind == "place" and key.isdecimal() and len(key) < 18 else None
    return htmx.fragment(
        request,
        "requests/_similar.html",
        {
            "similar": queries.similar_open(
                compound_id=compound.pk, category=categories.guess_category(text), place_id=place_id
            ),
            "danger": categories.find_danger(text),
            "guessed": categories.BY_CODE[categories.guess_category(text)] if text else None,
            "categories": categories.BY_CODE,
            "status_words": workflow.STATUS_WORDS,
            "title": "",
        },
    )


@require_GET
@access.public
def scan(request: ActorRequest, slug: str, asset_no: str) -> HttpResponse:
    """What the QR label on a facility leads to: report, or see what is open about it; it may be out of use."""
    compound = stand_in(request, slug)
    facility = places.facility_by_number(compound.pk, asset_no)
    return htmx.page(
        request,
        "requests/scan.html",
        {
            "facility": facility,
            "may_report": not request.actor.is_somebody
            or policies.may_report_in(request.actor, compound.pk, compound.path),
            "similar": queries.similar_open(
                compound_id=compound.pk, category="other", place_id=None, facility_id=facility.pk
            ),
            "categories": categories.BY_CODE,
            "status_words": workflow.STATUS_WORDS,
        },
    )


@require_GET
@access.public
def detail(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """One request: how far it is, what happened, who is responsible, and what the reader may do."""
    compound = stand_in(request, slug)
    return htmx.page(request, "requests/detail.html", _shown(request, compound, request_id))


@require_POST
@access.signed_in
@rate.limit("reveal_phone", 60, 3600)
def number(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """Show whoever works on it the reporter's number; the reporter can read that."""
    compound = stand_in(request, slug)
    called = actions.reveal_number(
        actor=request.actor, compound_id=compound.pk, request_id=request_id, at=request.received_at
    )
    context = _shown(request, compound, request_id) | {"called": called}
    response = htmx.fragment(request, "requests/_reporter.html", context, page="requests/detail.html")
    response["Cache-Control"] = "no-store"
    return response


def _shown(request: ActorRequest, compound: Place, request_id: int) -> dict[str, Any]:
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    bar_words, bar_now = _showing.bar(found.request.status)
    return {
        "called": "",
        "found": found,
        "matter": found.request,
        "category": categories.BY_CODE[found.request.category],
        "danger": categories.DANGER_BY_CODE.get(found.request.danger),
        "status_words": workflow.STATUS_WORDS,
        "bar_words": bar_words,
        "bar_now": bar_now,
        "days_left": sla.days_left(found.request.due_at, request.received_at),
        "clock_runs": found.request.status in workflow.CLOCK_RUNS,
        "move_words": _showing.MOVE_WORDS,
        "said": _showing.said,
        "moves": {move.value for move in found.moves},
        "buttons": _showing.buttons(found),
        "picture_items": _showing.pictures(found),
        "responsible": _showing.responsible(found),
        "supports": found.supports,
        "may_support": policies.may_report_in(request.actor, compound.pk, compound.path)
        and not found.is_reporter,
    }


@require_GET
@access.signed_in
def sent(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """The receipt: the number, the promised day, what happens next, whom to call in danger."""
    compound = stand_in(request, slug)
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    policies.require_made(request.actor, found.request)
    return htmx.page(
        request,
        "requests/sent.html",
        {
            "matter": found.request,
            "category": categories.BY_CODE[found.request.category],
            "danger": categories.DANGER_BY_CODE.get(found.request.danger),
        },
    )


@require_GET
@access.public
def sheet(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """The printed sheet of a request, with its number and a QR code."""
    compound = stand_in(request, slug)
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    address = request.build_absolute_uri(
        reverse("requests:detail", kwargs={"slug": slug, "request_id": request_id})
    )
    context = {
        "found": found,
        "matter": found.request,
        "category": categories.BY_CODE[found.request.category],
        "status_words": workflow.STATUS_WORDS,
        "move_words": _showing.MOVE_WORDS,
        "said": _showing.said,
        "address": address,
    }
    return htmx.page(request, "requests/print.html", context)


@require_POST
@access.signed_in
def support(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """ "Me too"."""
    compound = stand_in(request, slug)
    matter = actions.support(actor=request.actor, request_id=request_id, at=request.received_at)
    return _supported(request, compound, matter, supports=True)


@require_POST
@access.signed_in
def unsupport(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """Take the "me too" back."""
    compound = stand_in(request, slug)
    matter = actions.unsupport(actor=request.actor, request_id=request_id, at=request.received_at)
    return _supported(request, compound, matter, supports=False)


def _supported(request: ActorRequest, compound: Place, matter: Any, *, supports: bool) -> HttpResponse:
    if matter.compound_id != compound.pk:
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    return htmx.swap_or_redirect(
        request,
        "requests/_support.html",
        {"matter": matter, "supports": supports, "may_support": True},
        to=reverse("requests:detail", kwargs={"slug": compound.slug, "request_id": matter.pk}),
    )


@require_http_methods(["GET", "POST"])
@access.signed_in
@rate.limit("abuse", 10, 3600)
def abuse(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """Say that a text or photo is abusive or shows private affairs."""
    compound = stand_in(request, slug)
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    form = forms.NoteForm(request.POST or None)
    step = request.GET.get("step") or request.POST.get("step") or ""
    if request.method == "POST" and form.is_valid():
        actions.report_abuse(
            actor=request.actor,
            request_id=request_id,
            step_id=int(step) if step.isdecimal() and len(step) < 18 else None,
            reason=form.cleaned_data["note"],
            at=request.received_at,
        )
        return htmx.redirect(
            request, reverse("requests:detail", kwargs={"slug": slug, "request_id": request_id})
        )
    status = 422 if request.method == "POST" else 200
    return htmx.page(
        request, "requests/abuse.html", {"form": form, "matter": found.request, "step": step}, status=status
    )


@require_GET
@access.public
def picture(request: ActorRequest, slug: str, request_id: int, picture_id: int) -> HttpResponseBase:
    """The public copy of a photo, faces and plates covered."""
    stand_in(request, slug)
    file = queries.picture_file(
        actor=request.actor, request_id=request_id, picture_id=picture_id, public=True
    )
    return uploads.serve_picture(file, thumb=request.GET.get("size") == "thumb")


@require_GET
@access.signed_in
def original(request: ActorRequest, slug: str, request_id: int, picture_id: int) -> HttpResponseBase:
    """The photo as it was taken: for its reporter and for staff."""
    stand_in(request, slug)
    file = queries.picture_file(
        actor=request.actor, request_id=request_id, picture_id=picture_id, public=False
    )
    return uploads.serve_picture(file, thumb=request.GET.get("size") == "thumb")


@require_GET
@access.signed_in
def mine(request: ActorRequest) -> HttpResponse:
    """What the reader reported or follows, in all their compounds."""
    page = cut(request, queries.mine(actor=request.actor, after=after(request)))
    return htmx.fragment(
        request,
        "requests/_rows.html",
        {
            "rows": page,
            "categories": categories.BY_CODE,
            "status_words": workflow.STATUS_WORDS,
        },
        page="requests/mine.html",
    )
