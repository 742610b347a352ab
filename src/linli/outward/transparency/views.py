"""The pages that the public reads, and what they take home to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from linli.civic.requests.domain import categories, notes, workflow
from linli.ground.journal import queries as journal
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.outward.transparency import queries
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place


def _stand_in(request: ActorRequest, slug: str) -> Place:
    compound = places.compound_by_slug(slug)
    request.place = compound
    return compound


@require_GET
@access.public
def compounds(request: ActorRequest) -> HttpResponse:
    """Choose a compound: one's own first, then by name."""
    own = {home.compound_id for home in request.actor.homes}
    wanted = request.GET.get("words", "").strip()[:40]
    found = places.search_compounds(wanted)
    context = {"own": list(places.compounds_by_id(own)), "found": found, "words": wanted}
    return htmx.page(request, "transparency/compounds.html", context)


@require_GET
@access.public
def home(request: ActorRequest, slug: str) -> HttpResponse:
    """A compound's home page."""
    compound = _stand_in(request, slug)
    context = {
        "home": queries.home(actor=request.actor, compound=compound, on=localdate(request.received_at)),
        "lives_here": request.actor.lives_in(compound.pk),
        "own_units": places.units_by_id(
            [h.unit_id for h in request.actor.homes if h.compound_id == compound.pk]
        ),
        "categories": categories.BY_CODE,
        "status_words": workflow.STATUS_WORDS,
    }
    return htmx.page(request, "transparency/home.html", context)


@require_GET
@access.public
def story(request: ActorRequest, slug: str, request_id: int) -> HttpResponse:
    """One matter from the first report to the last word, each step with "check this"."""
    compound = _stand_in(request, slug)
    found, chapters = queries.story(actor=request.actor, compound=compound, request_id=request_id)
    context = {
        "matter": found.request,
        "pictures": found.pictures,
        "chapters": chapters,
        "said": _said,
        "category": categories.BY_CODE[found.request.category],
        "status_words": workflow.STATUS_WORDS,
    }
    return htmx.page(request, "transparency/story.html", context)


def _said(note: str) -> str:
    found = notes.house_note(note)
    return gettext(found[0]).format(**found[1]) if found else note


@require_GET
@access.public
def log(request: ActorRequest, slug: str) -> HttpResponse:
    """The compound's log: what was done and when, and how to check it at home."""
    compound = _stand_in(request, slug)
    before = request.GET.get("before", "")
    position = int(before) if before.isdecimal() and len(before) < 18 else None
    context = {"log": queries.public_log(compound=compound, before=position)}
    return htmx.page(request, "transparency/log.html", context)


@require_GET
@access.public
@rate.limit("bundle", 20, 3600, methods=("GET",))
def bundle(request: ActorRequest, slug: str) -> HttpResponseBase:
    """The whole record of a compound as one file, to be checked at home."""
    compound = _stand_in(request, slug)
    response = StreamingHttpResponse(
        journal.bundle(compound.pk, at=request.received_at), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = f'attachment; filename="{compound.slug}.linli"'
    return response


@require_GET
@access.public
@rate.limit("receipt", 120, 3600, methods=("GET",))
def receipt(request: ActorRequest, code: str) -> HttpResponse:
    """Whether the log holds the act of a receipt."""
    context = {"checked": queries.check_receipt(code)}
    return htmx.page(request, "transparency/receipt.html", context)


@require_GET
@access.public
@rate.limit("proof", 120, 3600, methods=("GET",))
def proof(_request: ActorRequest, code: str) -> HttpResponse:
    """The proof that an act is in the published log, as a file."""
    checked = queries.check_receipt(code)
    text = journal.proof(checked.log_id, checked.index)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{checked.log_id}-{checked.index}.tlog-proof"'
    return response
