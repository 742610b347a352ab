"""A problem comes in: from the resident, from a scanned label, or through a clerk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.civic.requests import policies
from linli.civic.requests.actions import _telling
from linli.civic.requests.domain import categories, intake, sla
from linli.civic.requests.domain.workflow import Move, Status
from linli.civic.requests.models import Channel, Picture, Request, Step
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.text import hide_numbers
from linli.registry.places import queries as places


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever called or came to the counter, when a clerk writes for them."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter says. ``pictures`` are names of stored photos; ``title`` may be empty."""

    compound_id: int
    text: str
    category: str = ""
    title: str = ""
    place_id: int | None = None
    unit_id: int | None = None
    facility_id: int | None = None
    spot: str = ""
    is_public: bool = True
    pictures: Sequence[str] = ()


@transaction.atomic
def report(*, actor: Actor, report: Report, channel: str = Channel.APP, at: datetime) -> Request:
    """Record a resident's problem, promise a day, and tell those who dispatch.

    Refuses strangers of the compound, an empty or overlong text, a place of another compound.
    """
    compound = places.compound(report.compound_id)
    policies.require_may_report(actor, compound.pk, compound.path)
    return _record(actor, report, channel, Caller(), at, reporter_id=actor.account_id)


@transaction.atomic
def enter_on_behalf(*, actor: Actor, report: Report, channel: str, caller: Caller, at: datetime) -> Request:
    """Record what a caller or visitor reports; the clerk and the channel stay on record."""
    compound = places.compound(report.compound_id)
    policies.require_may_enter_on_behalf(actor, compound.path)
    return _record(actor, report, channel, caller, at, reporter_id=None)


def _record(
    actor: Actor, report: Report, channel: str, caller: Caller, at: datetime, *, reporter_id: int | None
) -> Request:
    request = _write(actor, report, channel, caller, at, reporter_id=reporter_id)
    pictures = _attach(request, report.pictures, actor, at)
    step = Step.objects.create(
        request=request,
        move=Move.REPORT,
        status=Status.RECEIVED,
        account_id=actor.account_id,
        who=_telling.shown_as(actor, request, reporter=reporter_id is not None),
        note="",
        at=at,
    )
    _telling.tell_reported(request, actor, at)
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.report",
        body={
            "request": request.pk,
            "category": request.category,
            "channel": channel,
            "danger": request.danger,
            "due": request.due_at.isoformat(),
            "pictures": len(pictures),
        },
        rows=[request, step, *pictures],
        by=actor,
        at=at,
    )
    return request


def _write(
    actor: Actor, report: Report, channel: str, caller: Caller, at: datetime, *, reporter_id: int | None
) -> Request:
    text, title = intake.clean_report(report.text, report.title)
    spot = places.resolve_spot(
        compound_id=report.compound_id,
        place_id=report.place_id,
        unit_id=report.unit_id,
        facility_id=report.facility_id,
    )
    category = report.category or categories.guess_category(text)
    danger = categories.find_danger(f"{title} {text}")
    promised = sla.promise(category=category, danger=danger is not None, at=at, workdays=_telling.workdays())
    return Request.objects.create(
        compound_id=report.compound_id,
        category=category,
        status=Status.RECEIVED,
        danger=danger.code if danger else "",
        title=title,
        text=text,
        place_id=spot.place_id,
        unit_id=spot.unit_id,
        facility_id=spot.facility_id,
        spot=hide_numbers(report.spot.strip())[:120],
        is_public=report.is_public,
        channel=channel,
        reporter_id=reporter_id,
        entered_by_id=None if reporter_id else actor.account_id,
        caller_name=caller.name or None,
        caller_phone=caller.phone or None,
        reported_at=at,
        due_at=promised.due_at,
        due_provisional=promised.provisional,
    )


def _attach(request: Request, files: Sequence[str], actor: Actor, at: datetime) -> list[Picture]:
    return [
        Picture.objects.create(
            request=request,
            moment=Picture.Moment.BEFORE,
            file=name,
            added_by_id=actor.account_id,
            added_at=at,
        )
        for name in intake.few_pictures(files)
    ]
