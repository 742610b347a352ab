"""What every move has in common: lock, may they, is it possible, write, tell, record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from linli.civic.requests import policies
from linli.civic.requests.actions import _telling
from linli.civic.requests.actions._pictures import add_pictures
from linli.civic.requests.domain import workflow
from linli.civic.requests.domain.workflow import Move
from linli.civic.requests.models import Picture, Request, Step, Support
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Change:
    """What a move changes besides the status: columns, what is said, and what goes into the log."""

    note: str = ""
    is_internal: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    pictures: Sequence[str] = ()
    rows: Sequence[models.Model] = ()


def locked(request_id: int) -> Request:
    """The request, locked until the end of the transaction."""
    found = (
        Request.objects.select_for_update(of=("self",))
        .select_related("compound")
        .filter(pk=request_id)
        .first()
    )
    if found is None:
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    return found


def supports(actor: Actor, request: Request) -> bool:
    """Whether the actor has said "me too"."""
    return (
        actor.account_id is not None
        and Support.objects.filter(request=request, account_id=actor.account_id, ended_at=None).exists()
    )


def make(*, actor: Actor, request: Request, move: Move, change: Change, at: datetime) -> Request:
    """Carry out one move on a locked request, from the policy to the record."""
    also_met = move in (Move.REOPEN, Move.CORRECT, Move.NUDGE) and supports(actor, request)
    policies.require_may(actor, move, request, request.compound.path, supports=also_met)
    request.status = workflow.next_status(move, workflow.Status(request.status))
    for name, value in change.columns.items():
        setattr(request, name, value)
    request.save()
    step = insert(
        Step(
            request=request,
            move=move,
            status=request.status,
            account_id=actor.account_id,
            who=_telling.shown_as(actor, request, reporter=policies.is_reporter(actor, request)),
            note=change.note,
            is_internal=change.is_internal,
            at=at,
        )
    )
    pictures = add_pictures(request, change.pictures, moment=Picture.Moment.AFTER, actor=actor, at=at)
    if not change.is_internal:
        _telling.tell_moved(request, step, actor, at)
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind=f"request.{move}",
        body={"request": request.pk, "status": request.status, "step": step.pk, **change.facts},
        rows=[request, step, *pictures, *change.rows],
        by=actor,
        at=at,
    )
    return request
