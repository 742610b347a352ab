"""The duty roster: who is on duty now, and a week of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from linli.ground.kernel.actor import Actor
from linli.registry.organisations import policies
from linli.registry.organisations.domain.rosters import Shift, monday_of, week_from
from linli.registry.organisations.models import Duty, Organisation
from linli.registry.organisations.queries._serving import working_here
from linli.registry.organisations.queries._showing import names_for_everybody


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One shift as a page shows it. ``name`` is empty where it may not be shown."""

    duty_id: int
    organisation_id: int
    body: str
    post: str
    name: str
    phone: str
    shift: Shift
    note: str
    may_remove: bool = False

    @property
    def line(self) -> str:
        """In one line: 隆祺物业 · 刘建军."""
        return f"{self.body} · {self.name}" if self.name else self.body


def on_duty(*, compound_id: int, at: datetime, in_full: bool = False) -> list[OnDuty]:
    """Who is on duty in a compound at this moment, with the number to call.

    ``in_full`` shows full names: for colleagues, the caller has checked that they are. Everybody else reads
    what the bearers agreed to.
    """
    moment = timezone.localtime(at).replace(tzinfo=None)
    days = (moment.date() - timedelta(days=1), moment.date())
    running = [duty for duty in _rows(compound_id, days) if _shift(duty).runs_at(moment)]
    public = (
        {} if in_full else names_for_everybody((duty.account_id, duty.organisation.kind) for duty in running)
    )
    return [
        _shown(duty, duty.account.name if in_full else public[duty.account_id, duty.organisation.kind])
        for duty in running
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of a compound's roster."""

    days: list[tuple[date, list[OnDuty]]]
    before: date
    after: date

    @property
    def monday(self) -> date:
        """The first day."""
        return self.days[0][0]


def week(*, actor: Actor, compound_id: int, compound_path: str, day: date, at: datetime) -> Week:
    """The week in which a day lies, with full names, for those who work for the compound."""
    policies.require_reads_roster(actor, compound_path)
    monday = monday_of(day)
    days = week_from(monday)
    found: dict[date, list[OnDuty]] = {one: [] for one in days}
    moment = timezone.localtime(at).replace(tzinfo=None)
    for duty in _rows(compound_id, days):
        open_yet = _shift(duty).ends_at > moment
        may = open_yet and policies.may_plan_duty(actor, duty.organisation_id, duty.place.path)
        found[duty.on].append(_shown(duty, duty.account.name, may_remove=may))
    return Week(list(found.items()), monday - timedelta(days=7), monday + timedelta(days=7))


def planning_bodies(*, actor: Actor, compound_id: int, compound_path: str, on: date) -> list[Organisation]:
    """The bodies whose duty in this compound the actor plans."""
    return [
        body
        for body in working_here(compound_id, on)
        if policies.may_plan_duty(actor, body.pk, compound_path)
    ]


def coming_duties(organisation: Organisation, scopes: tuple[str, ...], on: date) -> list[OnDuty]:
    """A body's duties of a day and the seven after it, in places at or inside these paths; names as agreed."""
    inside = Q(pk__in=())
    for scope in scopes:
        inside |= Q(place__path__startswith=scope)
    rows = Duty.objects.filter(
        inside, organisation=organisation, on__range=(on, on + timedelta(days=7)), removed_at=None
    )
    found = list(rows.select_related("organisation", "account").order_by("on", "from_minute", "id")[:60])
    names = names_for_everybody((duty.account_id, organisation.kind) for duty in found)
    return [_shown(duty, names[duty.account_id, organisation.kind]) for duty in found]


def _rows(compound_id: int, days: tuple[date, ...] | list[date]) -> list[Duty]:
    here = Q(place_id=compound_id) | Q(place__compound_id=compound_id)
    rows = Duty.objects.filter(here, on__in=days, removed_at=None)
    return list(
        rows.select_related("organisation", "account", "place").order_by(
            "on", "from_minute", "organisation_id", "id"
        )
    )


def _shift(duty: Duty) -> Shift:
    return Shift(duty.on, duty.from_minute, duty.to_minute)


def _shown(duty: Duty, name: str, *, may_remove: bool = False) -> OnDuty:
    return OnDuty(
        duty_id=duty.pk,
        organisation_id=duty.organisation_id,
        body=duty.organisation.short_name,
        post=duty.post,
        name=name,
        phone=duty.phone or duty.organisation.phone,
        shift=_shift(duty),
        note=duty.note,
        may_remove=may_remove,
    )
