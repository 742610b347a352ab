"""Importing a roll at the desk: upload, preview, confirm, and taking the last one back."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.errors import Invalid, NotFound, Refusal
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.outward.exchange import actions, forms, queries
from linli.outward.exchange.domain.tables import Fault
from linli.registry.people import actions as people
from linli.registry.people import queries as people_queries
from linli.registry.people.domain.roles import ROLL_IMPORTERS
from linli.registry.people.queries import ImportCard
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place

DESK = tuple(sorted(ROLL_IMPORTERS))
FAULTS_SHOWN, CHANGES_SHOWN = 50, 50
LARGEST_UPLOAD_BYTES = 20 * 2**20


def _stand_in(request: ActorRequest, slug: str) -> Place:
    request.place = compound = places.compound_by_slug(slug)
    return compound


@require_http_methods(["GET", "POST"])
@access.roles(*DESK)
@rate.limit("upload_roll", 60, 3600)
def imports(request: ActorRequest, slug: str) -> HttpResponse:
    """The imports so far, and the form for the next one."""
    compound = _stand_in(request, slug)
    sent = request.method == "POST"
    form = forms.UploadForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            return _take_in(request, compound, form)
        except Invalid as refusal:
            form.refuse(refusal, "file")
    cards = people_queries.imports_of(actor=request.actor, compound_id=compound.pk)
    context = {"form": form, "cards": cards}
    return htmx.page(request, "exchange/imports.html", context, status=422 if sent else 200)


def _take_in(request: ActorRequest, compound: Place, form: forms.UploadForm) -> HttpResponse:
    """Keep the upload when it can be read at all; the preview shows what is in it."""
    file = form.cleaned_data["file"]
    if file.size > LARGEST_UPLOAD_BYTES:
        raise Invalid(
            "file_too_large",
            "文件有 {size} MB，最多 {limit} MB。请删掉图片和多余的表，或者按楼栋分成几个文件。",
            size=-(-file.size // 2**20),
            limit=LARGEST_UPLOAD_BYTES // 2**20,
        )
    at, actor = request.received_at, request.actor
    file.seek(0)  # whoever looked for photos in the sending has read in it
    upload = actions.keep_upload(
        actor=actor, compound_id=compound.pk, data=file.read(), name=file.name, at=at
    )
    try:
        queries.preview_upload(actor=actor, compound_id=compound.pk, token=upload, at=at)
    except Invalid:
        actions.drop_upload(actor=actor, compound_id=compound.pk, token=upload, at=at)
        raise
    return htmx.redirect(
        request, reverse("exchange:preview", kwargs={"slug": compound.slug, "upload": upload})
    )


@require_GET
@access.roles(*DESK)
def preview(request: ActorRequest, slug: str, upload: str) -> HttpResponse:
    """What the file would change, and what is wrong in it."""
    compound = _stand_in(request, slug)
    found = queries.preview_upload(
        actor=request.actor, compound_id=compound.pk, token=upload, at=request.received_at
    )
    page, pages = _page(request, "faults", len(found.faults), FAULTS_SHOWN)
    turn, turns = _page(request, "changes", len(found.changes), CHANGES_SHOWN)
    context = {
        "found": found,
        "upload": upload,
        "faults": [_told(one) for one in found.faults[(page - 1) * FAULTS_SHOWN : page * FAULTS_SHOWN]],
        "changes": found.changes[(turn - 1) * CHANGES_SHOWN : turn * CHANGES_SHOWN],
        "page": page,
        "pages": pages,
        "turn": turn,
        "turns": turns,
    }
    response = htmx.page(request, "exchange/preview.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: ActorRequest, name: str, count: int, size: int) -> tuple[int, int]:
    """Which page of a list is wanted, and how many there are."""
    pages = max(1, -(-count // size))
    word = request.GET.get(name, "1")[:6]
    return min(max(int(word), 1), pages) if word.isascii() and word.isdigit() else 1, pages


def _told(fault: Fault) -> tuple[str, str, str, bool]:
    """Sheet, cell, sentence in the reader's language, and whether it is only a warning."""
    return fault.sheet, fault.cell, _sentence(fault.refusal), fault.is_warning


def _sentence(refusal: Refusal) -> str:
    words = _(refusal.template)
    return words.format(**refusal.data) if refusal.data else words


@require_POST
@access.roles(*DESK)
def confirm(request: ActorRequest, slug: str, upload: str) -> HttpResponse:
    """Take over what the preview showed."""
    compound = _stand_in(request, slug)
    form = forms.ConfirmForm(request.POST)
    done = actions.confirm_import(
        actor=request.actor,
        compound_id=compound.pk,
        token=upload,
        seen=form.cleaned_data["seen"] if form.is_valid() else "",
        at=request.received_at,
    )
    if done.batch_id is None:
        messages.success(request, _("名册和文件一致，没有要改的。"))
        return htmx.redirect(request, reverse("exchange:imports", kwargs={"slug": slug}))
    messages.success(request, _("名册已导入。"))
    return htmx.redirect(
        request, reverse("exchange:imported", kwargs={"slug": slug, "import_id": done.batch_id})
    )


@require_POST
@access.roles(*DESK)
def drop(request: ActorRequest, slug: str, upload: str) -> HttpResponse:
    """Give the upload up."""
    compound = _stand_in(request, slug)
    actions.drop_upload(actor=request.actor, compound_id=compound.pk, token=upload, at=request.received_at)
    messages.success(request, _("已放弃这份上传，名册没有变。"))
    return htmx.redirect(request, reverse("exchange:imports", kwargs={"slug": slug}))


@require_GET
@access.roles(*DESK)
def marked(request: ActorRequest, slug: str, upload: str) -> FileResponse:
    """The uploaded workbook with its faults marked."""
    compound = _stand_in(request, slug)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        queries.write_marked_upload(
            actor=request.actor, compound_id=compound.pk, token=upload, target=target, at=request.received_at
        )
        data = io.BytesIO(target.read_bytes())
    response = FileResponse(data, as_attachment=True, filename=_("名册问题") + ".xlsx")
    response["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response["Cache-Control"] = "no-store"
    return response


def _card(request: ActorRequest, compound: Place, import_id: int) -> ImportCard:
    cards = people_queries.imports_of(actor=request.actor, compound_id=compound.pk)
    found = next((one for one in cards if one.id == import_id), None)
    if found is None:
        raise NotFound("no_such_import", "没有找到这次导入。")
    return found


@require_GET
@access.roles(*DESK)
def imported(request: ActorRequest, slug: str, import_id: int) -> HttpResponse:
    """One import: what it changed, by whom, and how to take it back."""
    compound = _stand_in(request, slug)
    return htmx.page(request, "exchange/imported.html", {"card": _card(request, compound, import_id)})


@require_POST
@access.roles(*DESK)
def undo(request: ActorRequest, slug: str, import_id: int) -> HttpResponse:
    """Take the last import back."""
    compound = _stand_in(request, slug)
    card = _card(request, compound, import_id)
    people.undo_import(actor=request.actor, batch_id=card.id, at=request.received_at)
    messages.success(request, _("这次导入已撤销，名册和导入前一样。"))
    return htmx.redirect(request, reverse("exchange:imports", kwargs={"slug": slug}))
