"""The reporter's and the neighbours' word: me too, nudge, confirm, reopen, rate, withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from linli.civic.requests import policies
from linli.civic.requests.actions._moving import Change, locked, make
from linli.civic.requests.domain import intake, notes, workflow
from linli.civic.requests.domain.workflow import Move
from linli.civic.requests.models import Request, Step, Support
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound

NUDGE_EVERY = timedelta(hours=24)


@transaction.atomic
def support(*, actor: Actor, request_id: int, at: datetime) -> Request:
    """Say "me too": counts once per person, and follows the request. Doing it again changes nothing."""
    request = locked(request_id)
    if not policies.may_see(actor, request, request.compound.path):
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    policies.require_may_report(actor, request.compound_id, request.compound.path)
    if policies.is_reporter(actor, request):
        raise Conflict("own_request", "这是您自己反映的，不用再点“我也遇到”。")
    if workflow.Status(request.status) not in workflow.OPEN:
        raise Conflict("request_over", "这件诉求已经结束。如果又坏了，请重新反映。")
    backing = Support.objects.filter(request=request, account_id=actor.me).first()
    if backing is not None and backing.ended_at is None:
        return request
    backing = backing or Support(request=request, account_id=actor.me)
    backing.at, backing.ended_at = at, None
    backing.save()
    Request.objects.filter(pk=request.pk).update(support_count=F("support_count") + 1)
    request.support_count += 1
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.support",
        body={"request": request.pk, "supporters": request.support_count},
        rows=[backing],
        by=actor,
        at=at,
    )
    return request


@transaction.atomic
def unsupport(*, actor: Actor, request_id: int, at: datetime) -> Request:
    """Take a "me too" back. Doing it again changes nothing."""
    request = locked(request_id)
    backing = Support.objects.filter(request=request, account_id=actor.me, ended_at=None).first()
    if backing is None:
        return request
    backing.ended_at = at
    backing.save(update_fields=["ended_at"])
    Request.objects.filter(pk=request.pk).update(support_count=F("support_count") - 1)
    request.support_count -= 1
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.unsupport",
        body={"request": request.pk, "supporters": request.support_count},
        rows=[backing],
        by=actor,
        at=at,
    )
    return request


@transaction.atomic
def nudge(*, actor: Actor, request_id: int, at: datetime) -> Request:
    """Ask to hurry: once in 24 hours for the whole request, and on record."""
    request = locked(request_id)
    if request.nudged_at is not None and at - request.nudged_at < NUDGE_EVERY:
        raise Conflict("nudged_already", "24 小时内已经催过一次，处理人和督办人都收到了。")
    change = Change(columns={"nudged_at": at})
    return make(actor=actor, request=request, move=Move.NUDGE, change=change, at=at)


@transaction.atomic
def correct(*, actor: Actor, request_id: int, text: str, at: datetime) -> Request:
    """Add to or correct what was reported; the first words stay readable, nothing is overwritten."""
    change = Change(note=intake.clean_note(text, empty="请写上要补充或更正的内容。"))
    return make(actor=actor, request=locked(request_id), move=Move.CORRECT, change=change, at=at)


@transaction.atomic
def withdraw(*, actor: Actor, request_id: int, reason: str = "", at: datetime) -> Request:
    """Take the request back; neighbours who met the same may report it anew."""
    change = Change(note=reason.strip()[: intake.MAX_TEXT], columns={"closed_at": at})
    return make(actor=actor, request=locked(request_id), move=Move.WITHDRAW, change=change, at=at)


@transaction.atomic
def confirm(*, actor: Actor, request_id: int, note: str = "", at: datetime) -> Request:
    """The reporter says it is good: only this closes a request in the ordinary way.

    For a caller without an account, and where the reporter did the work, other staff look and write down
    the answer.
    """
    request = locked(request_id)
    if request.reporter_id in (None, request.handler_id):
        note = intake.clean_note(note, empty="请写明怎么回访的、报事人怎么说，例如“电话回访，说修好了”。")
    change = Change(note=note.strip()[: intake.MAX_TEXT], columns={"closed_at": at})
    return make(actor=actor, request=request, move=Move.CONFIRM, change=change, at=at)


@transaction.atomic
def reopen(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """ "Still not good": the order goes back to the same hands; the third time it goes to deliberation."""
    request = locked(request_id)
    workflow.require_reopening_left(request.reopen_count)
    change = Change(
        note=intake.readable_reason(reason),
        columns={
            "reopen_count": request.reopen_count + 1,
            "done_at": None,
            "closed_at": None,
            "rating": None,
        },
        facts={"reopened": request.reopen_count + 1},
    )
    return make(actor=actor, request=request, move=Move.REOPEN, change=change, at=at)


@transaction.atomic
def rate(*, actor: Actor, request_id: int, stars: int, note: str = "", at: datetime) -> Request:
    """Rate the work with 1 to 5 stars, once, after confirming."""
    if stars not in range(1, 6):
        raise Invalid("stars_out_of_range", "请选一到五颗星。", field="stars")
    request = locked(request_id)
    if request.rating is not None:
        raise Conflict("rated_already", "您已经评价过了，谢谢。")
    change = Change(note=note.strip()[: intake.MAX_TEXT], columns={"rating": stars}, facts={"stars": stars})
    return make(actor=actor, request=request, move=Move.RATE, change=change, at=at)


@transaction.atomic
def attempt_contact(*, actor: Actor, request_id: int, how: str, result: str, at: datetime) -> Request:
    """Record one attempt to reach the reporter for the confirmation: how, and what came of it."""
    note = f"{intake.clean_note(how, empty='请写明怎么联系的，例如电话、上门。')}：{intake.clean_note(result, empty='请写明联系结果。')}"
    return make(actor=actor, request=locked(request_id), move=Move.ATTEMPT, change=Change(note=note), at=at)


@transaction.atomic
def close_unreached(*, actor: Actor, request_id: int, at: datetime) -> Request:
    """Close a finished request whose reporter could not be reached on three different days."""
    request = locked(request_id)
    attempts = Step.objects.filter(request=request, move=Move.ATTEMPT, at__gte=request.done_at or at)
    days = {localdate(step_at) for step_at in attempts.values_list("at", flat=True)}
    missing = workflow.CONTACT_ATTEMPTS - len(days)
    if missing > 0:
        raise Conflict(
            "too_few_attempts",
            "还差 {missing} 天的联系记录：在三个不同的日子都联系不上，才可以不经报事人确认办结。",
            missing=missing,
        )
    change = Change(note=notes.UNREACHED, columns={"closed_at": at})
    return make(actor=actor, request=request, move=Move.CLOSE_UNREACHED, change=change, at=at)
