"""A problem comes in: from the resident, from a scanned label, or through a clerk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from linli.civic.requests import policies
from linli.civic.requests.actions import _telling
from linli.civic.requests.actions._pictures import add_pictures
from linli.civic.requests.domain import categories, intake, sla
from linli.civic.requests.domain.workflow import Move, Status
from linli.civic.requests.models import Channel, Picture, Request, Step
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.text import hide_numbers
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.registry.places.models import Place


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


@dataclass(frozen=True, slots=True)
class _Intake:
    """How a report came in: to which compound, by which way, from whom."""

    compound: Place
    channel: str
    caller: Caller
    reporter_id: int | None


@transaction.atomic
def report(*, actor: Actor, report: Report, channel: str = Channel.APP, at: datetime) -> Request:
    """Record a resident's problem, promise a day, and tell those who dispatch.

    Refuses strangers of the compound, an empty or overlong text, a place of another compound.
    """
    compound = places.compound(report.compound_id)
    policies.require_may_report(actor, compound.pk, compound.path)
    taken = _Intake(compound, channel, Caller(), reporter_id=actor.account_id)
    return _record(actor, report, taken, at)


@transaction.atomic
def enter_on_behalf(*, actor: Actor, report: Report, channel: str, caller: Caller, at: datetime) -> Request:
    """Record what a caller or visitor reports; the clerk and the channel stay on record."""
    compound = places.compound(report.compound_id)
    policies.require_may_enter_on_behalf(actor, compound.path)
    return _record(actor, report, _Intake(compound, channel, caller, reporter_id=None), at)


def _record(actor: Actor, report: Report, taken: _Intake, at: datetime) -> Request:
    request = _write(actor, report, taken, at)
    files = intake.few_pictures(report.pictures)
    pictures = add_pictures(request, files, moment=Picture.Moment.BEFORE, actor=actor, at=at)
    step = insert(
        Step(
            request=request,
            move=Move.REPORT,
            status=Status.RECEIVED,
            account_id=actor.account_id,
            who=_telling.shown_as(actor, request, reporter=taken.reporter_id is not None),
            note="",
            at=at,
        )
    )
    _telling.tell_reported(request, actor, at)
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.report",
        body={
            "request": request.pk,
            "category": request.category,
            "channel": taken.channel,
            "danger": request.danger,
            "due": request.due_at.isoformat(),
            "pictures": len(pictures),
        },
        rows=[request, step, *pictures],
        by=actor,
        at=at,
    )
    return request


def _write(actor: Actor, report: Report, taken: _Intake, at: datetime) -> Request:
    text, title = intake.clean_report(report.text, report.title)
    spot = places.resolve_spot(
        compound=taken.compound,
        place_id=report.place_id,
        unit_id=report.unit_id,
        facility_id=report.facility_id,
    )
    category = report.category or categories.guess_category(text)
    danger = categories.find_danger(f"{title} {text}")
    promised = sla.promise(category=category, danger=danger is not None, at=at, workdays=_telling.workdays())
    return insert(
        Request(
            compound=taken.compound,
            category=category,
            status=Status.RECEIVED,
            danger=danger.code if danger else "",
            title=title,
            text=text,
            place=spot.place,
            unit_id=spot.unit_id,
            facility_id=spot.facility_id,
            spot=hide_numbers(report.spot.strip())[:120],
            is_public=report.is_public,
            channel=taken.channel,
            reporter_id=taken.reporter_id,
            entered_by_id=None if taken.reporter_id else actor.account_id,
            caller_name=taken.caller.name or None,
            caller_phone=taken.caller.phone or None,
            reported_at=at,
            due_at=promised.due_at,
            due_provisional=promised.provisional,
        )
    )
