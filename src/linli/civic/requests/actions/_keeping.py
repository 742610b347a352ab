"""Keeping the record clean: notes, merging, hiding abuse, covering faces and plates, new holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from linli.civic.notifications import queries as notifications
from linli.civic.requests import policies
from linli.civic.requests.actions import _telling
from linli.civic.requests.actions._moving import Change, locked, make
from linli.civic.requests.domain import intake, notes, sla
from linli.civic.requests.domain.workflow import CLOCK_RUNS, OPEN, Move, Status
from linli.civic.requests.models import AbuseReport, Picture, Request, Step, Support
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound

OVERDUE_TOLD_WITHIN = timedelta(days=30)
"""What was overdue longer when the clock first looked is on the board and is not told any more."""
Box = tuple[int, int, int, int]
"""Left, top, width and height in per-mille of the picture."""


@transaction.atomic
def note(*, actor: Actor, request_id: int, text: str, is_internal: bool, at: datetime) -> Request:
    """Write something down: for everybody, or for staff only."""
    change = Change(note=intake.clean_note(text, empty="请写上要记录的内容。"), is_internal=is_internal)
    return make(actor=actor, request=locked(request_id), move=Move.NOTE, change=change, at=at)


@transaction.atomic
def merge(*, actor: Actor, request_id: int, into_id: int, at: datetime) -> Request:
    """Join a request to an earlier one about the same thing; its reporter and supporters follow that one."""
    if request_id == into_id:
        raise Invalid("merge_into_itself", "不能并到它自己，请选另一件诉求。", field="into")
    first, second = (locked(key) for key in sorted((request_id, into_id)))
    request, target = (first, second) if first.pk == request_id else (second, first)
    if target.compound_id != request.compound_id:
        raise NotFound("no_such_request", "没有找到要并入的诉求，请检查单号。")
    if Status(target.status) not in OPEN:
        raise Conflict("target_over", "要并入的那件已经结束，不能再并进去。")
    if not target.is_public:
        raise Conflict("target_private", "要并入的那件没有公开，并进去会让别人看到它。请选一件公开的。")
    joining = {
        request.reporter_id,
        *request.supports.filter(ended_at=None).values_list("account_id", flat=True),
    }
    joining -= {None, target.reporter_id, *target.supports.values_list("account_id", flat=True)}
    followers = [account for account in joining if account is not None]
    moved = Support.objects.bulk_create(
        [Support(request=target, account_id=who, at=at) for who in sorted(followers)]
    )
    Request.objects.filter(pk=target.pk).update(support_count=F("support_count") + len(moved))
    change = Change(
        note=notes.MERGED.format(number=target.number),
        columns={"merged_into_id": target.pk, "closed_at": at},
        facts={"into": target.pk, "followers": len(moved)},
        rows=moved,
    )
    return make(actor=actor, request=request, move=Move.MERGE, change=change, at=at)


@transaction.atomic
def moderate_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """Hide a request's text and photos from the public, with a reason on record; staff still see them."""
    request = locked(request_id)
    policies.require_may(actor, Move.MODERATE, request, request.compound.path)
    if request.text_hidden:
        raise Conflict("hidden_already", "这件诉求的文字和照片已经隐藏了，原因留在记录里。")
    change = Change(note=intake.readable_reason(reason), columns={"text_hidden": True})
    return make(actor=actor, request=request, move=Move.MODERATE, change=change, at=at)


@transaction.atomic
def restore_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """Show a hidden text and its photos to the public again, with a reason on record. Refuses one not hidden."""
    request = locked(request_id)
    if not request.text_hidden:
        raise Conflict("not_hidden", "这件诉求的文字没有隐藏。")
    change = Change(note=intake.readable_reason(reason), columns={"text_hidden": False})
    return make(actor=actor, request=request, move=Move.RESTORE, change=change, at=at)


@transaction.atomic
def moderate_step(*, actor: Actor, step_id: int, reason: str, at: datetime) -> Request:
    """Hide one remark from the public, with a reason on record."""
    step = Step.objects.filter(pk=step_id).first()
    if step is None:
        raise NotFound("no_such_step", "没有找到这条记录。")
    request = locked(step.request_id)
    policies.require_may(actor, Move.MODERATE, request, request.compound.path)
    step.refresh_from_db()
    if step.hidden:
        raise Conflict("hidden_already", "这一条已经隐藏了，原因留在记录里。")
    step.hidden = True
    step.save(update_fields=["hidden"])
    change = Change(note=intake.readable_reason(reason), rows=[step], facts={"hidden_step": step.pk})
    return make(actor=actor, request=request, move=Move.MODERATE, change=change, at=at)


@transaction.atomic
def redact_picture(
    *, actor: Actor, picture_id: int, boxes: Sequence[Box], public_file: str, at: datetime
) -> Request:
    """Let a photo into the public with faces and plates covered; ``public_file`` is the covered copy.

    No boxes means that staff looked and found nothing to cover.
    """
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        raise NotFound("no_such_picture", "没有找到这张照片。")
    request = locked(picture.request_id)
    policies.require_may(actor, Move.REDACT, request, request.compound.path)
    picture.refresh_from_db()
    picture.boxes = [list(box) for box in boxes]
    picture.public_file = public_file
    picture.cleared_by_id = actor.account_id
    picture.cleared_at = at
    picture.save()
    change = Change(note=notes.COVERED if boxes else notes.CLEARED, is_internal=True, rows=[picture])
    return make(actor=actor, request=request, move=Move.REDACT, change=change, at=at)


@transaction.atomic
def report_abuse(
    *, actor: Actor, request_id: int, step_id: int | None = None, reason: str, at: datetime
) -> AbuseReport:
    """Anybody may say that a text or photo is abusive or shows somebody's private affairs."""
    request = locked(request_id)
    if not policies.may_see(actor, request, request.compound.path):
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    if (
        step_id is not None
        and not Step.objects.filter(pk=step_id, request=request, is_internal=False).exists()
    ):
        raise NotFound("no_such_step", "没有找到这条记录。")
    text = intake.clean_note(reason, empty="请写一句哪里不妥。")[:300]
    complaint = insert(
        AbuseReport(request=request, step_id=step_id, account_id=actor.account_id, reason=text, at=at)
    )
    _telling.tell_abuse(request, at)
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.abuse",
        body={"request": request.pk, "abuse": complaint.pk},
        rows=[complaint],
        by=actor,
        at=at,
    )
    return complaint


@transaction.atomic
def answer_abuse(*, actor: Actor, abuse_id: int, answer: str, at: datetime) -> AbuseReport:
    """Say what was done about an abuse report; each is answered once."""
    complaint = AbuseReport.objects.select_for_update().filter(pk=abuse_id).first()
    if complaint is None:
        raise NotFound("no_such_abuse_report", "没有找到这条举报。")
    request = locked(complaint.request_id)
    policies.require_may(actor, Move.MODERATE, request, request.compound.path)
    if complaint.answered_at is not None:
        raise Conflict("abuse_answered", "这条举报已经有人处理过了。")
    complaint.answer = intake.readable_reason(answer)[:300]
    complaint.answered_by_id = actor.account_id
    complaint.answered_at = at
    complaint.save()
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.abuse_answer",
        body={"request": request.pk, "abuse": complaint.pk},
        rows=[complaint],
        by=actor,
        at=at,
    )
    return complaint


@transaction.atomic
def tell_overdue(*, at: datetime) -> int:
    """Tell once of every request whose promised time is over and on which somebody owes work; returns how many."""
    window = (at - OVERDUE_TOLD_WITHIN, at)
    late = Request.objects.filter(status__in=CLOCK_RUNS, due_at__range=window).select_related("compound")
    waiting = {request.stream: request for request in late.order_by("due_at", "pk")}
    told = notifications.streams_told(_telling.OVERDUE, list(waiting))
    fresh = [request for stream, request in waiting.items() if stream not in told]
    for request in fresh:
        _telling.tell_overdue(request, at)
    return len(fresh)


@transaction.atomic
def recompute_provisional(*, actor: Actor, at: datetime) -> int:
    """Recompute every promise that was made by weekends only, once the year's holidays are known."""
    workdays = _telling.workdays()
    waiting = Request.objects.filter(due_provisional=True, status__in=CLOCK_RUNS).order_by("pk")
    changed = 0
    for request in waiting.select_for_update():
        promised = sla.promise(
            category=request.category, danger=bool(request.danger), at=request.reported_at, workdays=workdays
        )
        if promised.provisional:
            continue
        request.due_at, request.due_provisional = promised.due_at, False
        request.save(update_fields=["due_at", "due_provisional"])
        journal.append(
            compound_id=request.compound_id,
            stream=request.stream,
            kind="request.promise",
            body={"request": request.pk, "due": promised.due_at.isoformat()},
            rows=[request],
            by=actor,
            at=at,
        )
        changed += 1
    return changed
