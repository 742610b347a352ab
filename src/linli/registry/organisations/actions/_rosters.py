"""The duty roster: who is at which post on which days, and taken off it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.organisations import policies, queries
from linli.registry.organisations.actions._recording import Told, open_organisation, record
from linli.registry.organisations.domain import bodies, rosters
from linli.registry.organisations.domain.rosters import Shift
from linli.registry.organisations.models import Duty, Organisation
from linli.registry.places import queries as places

LONGEST_POST, LONGEST_NOTE = 24, 60
DEFAULT_POST = "值班"


@dataclass(frozen=True, slots=True)
class DutyHours:
    """A post with its hours (minutes since midnight), the phone that is answered there, and a remark."""

    post: str = DEFAULT_POST
    from_minute: int = 0
    to_minute: int = 0
    phone: str = ""
    note: str = ""


@transaction.atomic
def plan_duty(
    *,
    actor: Actor,
    organisation_id: int,
    place_id: int,
    account_id: int,
    days: Sequence[date],
    hours: DutyHours,
    at: datetime,
) -> list[Duty]:
    """Put somebody on duty at a place on some days; a shift that stands already changes nothing.

    Refuses whoever does not belong to the organisation on that day, one that does not serve the place, days
    that are over, and hours in which the person is on duty already.
    """
    place = places.place(place_id)
    policies.require_may_plan_duty(actor, organisation_id, place.path)
    organisation = open_organisation(organisation_id)
    today, hours = timezone.localdate(at), _checked(hours)
    if not days:
        raise Invalid("no_days", "请至少选一天。", field="days")
    planned: list[Duty] = []
    for day in sorted(set(days)):
        rosters.check_day(day, today)
        queries.require_works_here(
            compound_id=place.compound_id or place.pk, organisation_id=organisation_id, on=day
        )
        _require_member(organisation, account_id, day)
        duty = _duty(organisation, place_id, account_id, day, hours)
        if not _stands_already(duty):
            _require_free(account_id, Shift(day, hours.from_minute, hours.to_minute))
            duty.save()
            planned.append(duty)
    if planned:
        record(
            kind="duty.plan",
            organisation=organisation,
            rows=planned,
            body={"days": len(planned)},
            told=Told(after=f"{hours.post} " + "、".join(duty.on.isoformat() for duty in planned)),
            by=actor,
            at=at,
        )
    return planned


@transaction.atomic
def remove_duty(*, actor: Actor, duty_id: int, compound_id: int, reason: str, at: datetime) -> Duty:
    """Take a duty of a compound off the roster, with the reason. Refuses one that is over or off already."""
    found = Duty.objects.select_related("place", "organisation").filter(pk=duty_id)
    duty = lock(found).first()
    if duty is None or compound_id not in (duty.place_id, duty.place.compound_id):
        raise NotFound("no_such_duty", "没有找到这一班。")
    policies.require_may_plan_duty(actor, duty.organisation_id, duty.place.path)
    if duty.removed_at is not None:
        raise Conflict("duty_removed_already", "这一班已经撤下。")
    shift = Shift(duty.on, duty.from_minute, duty.to_minute)
    if shift.ends_at <= timezone.localtime(at).replace(tzinfo=None):
        raise Conflict("duty_over", "这一班已经结束，记录要留着，不能再撤。")
    duty.removed_at, duty.removed_reason = at, bodies.reason(reason)
    duty.save(update_fields=["removed_at", "removed_reason"])
    record(
        kind="duty.remove",
        organisation=duty.organisation,
        rows=[duty],
        body={"duty": duty.pk},
        told=Told(before=f"{duty.post} {duty.on.isoformat()} {shift.hours}", reason=duty.removed_reason),
        by=actor,
        at=at,
    )
    return duty


def _require_member(organisation: Organisation, account_id: int, day: date) -> None:
    if account_id not in queries.members(organisation.pk, day):
        raise Invalid(
            "not_a_member_then",
            "选的人在 {day} 不在这个单位任职，不能排班。",
            day=day.isoformat(),
            field="account",
        )


def _checked(hours: DutyHours) -> DutyHours:
    return replace(
        hours,
        post=bodies.written(hours.post, what="岗位", limit=LONGEST_POST, field="post", required=True),
        phone=bodies.written(hours.phone, what="值班电话", limit=bodies.LONGEST_PHONE, field="phone"),
        note=bodies.written(hours.note, what="备注", limit=LONGEST_NOTE, field="note"),
    )


def _duty(organisation: Organisation, place_id: int, account_id: int, day: date, hours: DutyHours) -> Duty:
    return Duty(
        organisation=organisation,
        place_id=place_id,
        account_id=account_id,
        on=day,
        post=hours.post,
        phone=hours.phone,
        from_minute=hours.from_minute,
        to_minute=hours.to_minute,
        note=hours.note,
    )


def _stands_already(duty: Duty) -> bool:
    """Whether exactly this shift is on the roster."""
    same = ("organisation_id", "place_id", "account_id", "on", "post", "from_minute", "to_minute")
    wanted = {name: getattr(duty, name) for name in same}
    return Duty.objects.filter(removed_at=None, **wanted).exists()


def _require_free(account_id: int, shift: Shift) -> None:
    """One person is at one place at a time, also when last night's shift goes on into the morning."""
    around = [shift.on + timedelta(days=offset) for offset in (-1, 0, 1)]
    rows = Duty.objects.filter(account_id=account_id, on__in=around, removed_at=None)
    others = [Shift(*row) for row in rows.values_list("on", "from_minute", "to_minute")]
    other = rosters.collision(shift, others)
    if other is not None:
        raise Conflict(
            "on_duty_then",
            "这个人 {day} {hours} 已经有班，时间重叠，请改时间或换人。",
            day=other.on.isoformat(),
            hours=other.hours,
            field="days",
        )
