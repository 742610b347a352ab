"""The desk: the committee's board, lists and exports, entering for others, covering faces, abuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.civic.requests import actions, forms, policies, queries
from linli.civic.requests.domain import categories, covering, workflow
from linli.civic.requests.views._shared import after, cut, filter_card, filters_of, spots, stand_in
from linli.civic.requests.views.residents import _said
from linli.ground.kernel.errors import NotAllowed, NotFound
from linli.ground.web import access, exports, htmx, uploads
from linli.ground.web.access import ActorRequest
from linli.registry.organisations import queries as organisations

if TYPE_CHECKING:
    from linli.registry.places.models import Place


STAFF = tuple(sorted(policies.COMPOUND_STAFF | policies.WATCHERS))
WRITERS = tuple(sorted(policies.CLERKS))
MODERATORS = tuple(sorted(policies.MODERATORS))


def _desk(request: ActorRequest, slug: str) -> Place:
    """The compound, refused to whoever has no duty in it."""
    compound = stand_in(request, slug)
    if not policies.is_staff_of(request.actor, compound.path):
        raise NotAllowed("not_staff_here", "您没有这个小区的职责，看不到它的工作台。")
    return compound


@require_GET
@access.roles(*STAFF)
def board(request: ActorRequest, slug: str) -> HttpResponse:
    """Today's work: what to do first, and the board of open requests."""
    compound = _desk(request, slug)
    columns = queries.board(actor=request.actor, compound_id=compound.pk, compound_path=compound.path)
    overdue = queries.listed(
        actor=request.actor,
        compound_id=compound.pk,
        compound_path=compound.path,
        filters=queries.Filters(overdue_at=request.received_at),
        limit=5,
    )
    context = {
        "columns": columns,
        "overdue": overdue[:5],
        "numbers": queries.numbers(compound_id=compound.pk, at=request.received_at),
        "on_duty": [
            one.line
            for one in organisations.on_duty(compound_id=compound.pk, at=request.received_at, in_full=True)
        ],
        "categories": categories.BY_CODE,
        "status_words": workflow.STATUS_WORDS,
        "may_enter": request.actor.holds(policies.CLERKS, compound.path),
    }
    return htmx.page(request, "requests/board.html", context)


@require_GET
@access.roles(*STAFF)
def overview(request: ActorRequest, slug: str) -> HttpResponse:
    """All requests of the compound with filters, for those who work on them."""
    compound = _desk(request, slug)
    form = forms.FilterForm(request.GET) if request.GET else None
    page = cut(
        request,
        queries.listed(
            actor=request.actor,
            compound_id=compound.pk,
            compound_path=compound.path,
            filters=filters_of(form, request),
            after=after(request),
        ),
    )
    return htmx.fragment(
        request,
        "requests/_desk_rows.html",
        {
            "rows": page,
            "filter_card": filter_card(request, form),
            "categories": categories.BY_CODE,
            "status_words": workflow.STATUS_WORDS,
            "query": request.GET.urlencode(),
        },
        page="requests/desk_list.html",
    )


@require_GET
@access.roles(*STAFF)
def print_list(request: ActorRequest, slug: str) -> HttpResponse:
    """The filtered list as a sheet for the meeting table."""
    compound = _desk(request, slug)
    rows = list(_export_rows(request, compound))
    context = {"rows": rows[:1000], "categories": categories.BY_CODE, "status_words": workflow.STATUS_WORDS}
    return htmx.page(request, "requests/print_list.html", context)


def _export_rows(request: ActorRequest, compound: Place) -> Iterator[queries.Row]:
    return queries.export_rows(
        actor=request.actor,
        compound_id=compound.pk,
        compound_path=compound.path,
        filters=filters_of(forms.FilterForm(request.GET), request),
    )


@require_GET
@access.roles(*STAFF)
def export(request: ActorRequest, slug: str, kind: str) -> HttpResponseBase:
    """The filtered list as csv or xlsx; no names and phones of reporters in it."""
    compound = _desk(request, slug)
    if kind not in ("csv", "xlsx"):
        raise NotFound("no_such_format", "只能导出 csv 或 xlsx。")
    heads = [
        _("单号"),
        _("标题"),
        _("类别"),
        _("状态"),
        _("位置"),
        _("来源"),
        _("反映时间"),
        _("承诺时间"),
        _("办完时间"),
        _("办结时间"),
        _("承办"),
        _("也遇到的邻居"),
        _("重办次数"),
        _("评价"),
    ]
    lines = (_line(row) for row in _export_rows(request, compound))
    name = f"{compound.slug}-requests-{localdate(request.received_at):%Y%m%d}"
    return exports.download(kind=kind, name=name, heads=heads, rows=lines)


def _line(row: queries.Row) -> list[exports.Cell]:
    return [
        row.number,
        row.title,
        _(categories.BY_CODE[row.category].name),
        _(workflow.STATUS_WORDS[workflow.Status(row.status)]),
        " ".join(part for part in (row.place, row.spot) if part),
        _(queries.CHANNEL_WORDS[row.channel]),
        row.reported_at,
        row.due_at,
        row.done_at,
        row.closed_at,
        " · ".join(part for part in (row.organisation, row.handler) if part),
        row.support_count,
        row.reopen_count,
        row.rating,
    ]


@require_http_methods(["GET", "POST"])
@access.roles(*WRITERS)
def enter(request: ActorRequest, slug: str) -> HttpResponse:
    """Write down what a caller or visitor reports."""
    compound = _desk(request, slug)
    policies.require_may_enter_on_behalf(request.actor, compound.path)
    choices = spots(request, compound)
    if request.method == "POST":
        form = forms.OnBehalfForm(request.POST, request.FILES, spots=choices)
        if form.is_valid():
            data = form.cleaned_data
            made = actions.enter_on_behalf(
                actor=request.actor,
                report=_said(form, compound.pk),
                channel=data["channel"],
                caller=actions.Caller(name=data["caller_name"], phone=data["caller_phone"] or ""),
                at=request.received_at,
            )
            return htmx.redirect(
                request, reverse("requests:sent", kwargs={"slug": slug, "request_id": made.pk})
            )
    else:
        form = forms.OnBehalfForm(spots=choices)
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "requests/enter.html", {"form": form}, status=status)


@require_GET
@access.signed_in
def jobs(request: ActorRequest) -> HttpResponse:
    """A repairer's own orders, most urgent first."""
    context = {
        "rows": queries.awaiting_me(actor=request.actor),
        "categories": categories.BY_CODE,
        "status_words": workflow.STATUS_WORDS,
    }
    return htmx.page(request, "requests/jobs.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*MODERATORS)
def cover(request: ActorRequest, slug: str, request_id: int, picture_id: int) -> HttpResponse:
    """Draw over faces and plates, then let the photo into the public."""
    compound = _desk(request, slug)
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    picture = next((item for item in found.pictures if item.pk == picture_id), None)
    if picture is None:
        raise NotFound("no_such_picture", "没有找到这张照片。")
    form = forms.RedactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        boxes = form.cleaned_data["boxes"]
        covered = covering.cover(uploads.read_picture(picture.file), boxes)
        actions.redact_picture(
            actor=request.actor,
            picture_id=picture_id,
            boxes=boxes,
            public_file=uploads.store_picture(covered).sha256,
            at=request.received_at,
        )
        return htmx.redirect(
            request, reverse("requests:detail", kwargs={"slug": slug, "request_id": request_id})
        )
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "matter": found.request, "picture": picture}
    return htmx.page(request, "requests/cover.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*MODERATORS)
def hide_step(request: ActorRequest, slug: str, request_id: int, step_id: int) -> HttpResponse:
    """Hide one remark from the public, with the reason on record."""
    compound = _desk(request, slug)
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    form = forms.NoteForm(request.POST or None, label=_("为什么隐藏"))
    if request.method == "POST" and form.is_valid():
        actions.moderate_step(
            actor=request.actor, step_id=step_id, reason=form.cleaned_data["note"], at=request.received_at
        )
        return htmx.redirect(
            request, reverse("requests:detail", kwargs={"slug": slug, "request_id": request_id})
        )
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "matter": found.request, "step_id": step_id}
    return htmx.page(request, "requests/hide_step.html", context, status=status)


@require_GET
@access.roles(*MODERATORS)
def abuse_queue(request: ActorRequest, slug: str) -> HttpResponse:
    """What people found abusive and nobody has answered yet."""
    compound = _desk(request, slug)
    return htmx.page(
        request,
        "requests/abuse_queue.html",
        {
            "waiting": queries.abuse_waiting(compound_id=compound.pk),
            "form": forms.NoteForm(label=_("怎么处理的")),
        },
    )


@require_POST
@access.roles(*MODERATORS)
def answer_abuse(request: ActorRequest, slug: str, abuse_id: int) -> HttpResponse:
    """Answer one abuse report."""
    compound = _desk(request, slug)
    form = forms.NoteForm(request.POST, label=_("怎么处理的"))
    if form.is_valid():
        actions.answer_abuse(
            actor=request.actor, abuse_id=abuse_id, answer=form.cleaned_data["note"], at=request.received_at
        )
        return htmx.redirect(request, reverse("requests:abuse_queue", kwargs={"slug": slug}))
    context = {"waiting": queries.abuse_waiting(compound_id=compound.pk), "form": form}
    return htmx.page(request, "requests/abuse_queue.html", context, status=422)
