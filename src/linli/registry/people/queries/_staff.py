"""Duties: who serves a place, what an account holds, and who comes after whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import mask_phone
from linli.registry.people import policies
from linli.registry.people.domain.roles import Held, label
from linli.registry.people.models import Account, RoleAssignment


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One duty of one account, as the lists of staff show it."""

    assignment_id: int
    account_id: int
    name: str
    role: RoleName
    label: str
    title: str
    organisation_id: int | None
    place_id: int
    place_name: str
    scope: str
    from_on: date
    to_on: date | None
    ended_reason: str

    @property
    def last_on(self) -> date | None:
        """The last day on which the duty holds, as people say it."""
        return self.to_on - timedelta(days=1) if self.to_on else None


def in_force(on: date) -> Q:
    """The filter for rows whose interval covers the day."""
    return (Q(from_on=None) | Q(from_on__lte=on)) & (Q(to_on=None) | Q(to_on__gt=on))


def staff_of(*, path: str, roles: Collection[RoleName], on: date) -> list[StaffMember]:
    """Everybody whose duty of these names covers the place with this path, at it or above it."""
    above = [int(part) for part in path.split("/") if part]
    return _members(_assignments(on, roles).filter(place_id__in=above))


def staff_within(*, path: str, roles: Collection[RoleName] | None = None, on: date) -> list[StaffMember]:
    """Everybody with a duty at the place or inside it: the captains of its buildings too."""
    return _members(_assignments(on, roles).filter(place__path__startswith=path))


def staff_of_organisation(*, organisation_id: int, on: date) -> list[StaffMember]:
    """Everybody who acts for the organisation."""
    return _members(_assignments(on, None).filter(organisation_id=organisation_id))


def held_by(account_id: int, on: date) -> list[Held]:
    """The duties of an account that hold on the day or will hold later."""
    rows = RoleAssignment.objects.filter(Q(to_on=None) | Q(to_on__gt=on), account_id=account_id)
    return [
        Held(RoleName(name), path, organisation_id, from_on, to_on)
        for name, path, organisation_id, from_on, to_on in rows.values_list(
            "role", "place__path", "organisation_id", "from_on", "to_on"
        )
    ]


def duties_of(account_id: int, on: date) -> list[StaffMember]:
    """The duties of an account, today's and coming ones, for its own page and for who manages it."""
    rows = RoleAssignment.objects.filter(Q(to_on=None) | Q(to_on__gt=on), account_id=account_id)
    return _members(rows.select_related("account", "place"))


def every_duty_of(account_id: int) -> list[StaffMember]:
    """The duties an account ever held, the first one first: for the copy of one's own data."""
    rows = RoleAssignment.objects.filter(account_id=account_id).order_by("from_on", "id")
    return _members(rows.select_related("account", "place"), ordered=True)


def past_duties_within(path: str, on: date) -> list[StaffMember]:
    """The duties at the place or inside it that are over, the latest first."""
    rows = RoleAssignment.objects.filter(place__path__startswith=path, to_on__lte=on)
    return _members(rows.select_related("account", "place").order_by("-to_on", "-id")[:200], ordered=True)


def assignment(assignment_id: int) -> RoleAssignment:
    """The assignment with this number."""
    found = RoleAssignment.objects.select_related("account", "place").filter(pk=assignment_id).first()
    if found is None:
        raise NotFound("no_such_assignment", "没有找到这一项任职。")
    return found


def assignment_at(assignment_id: int, path: str) -> RoleAssignment:
    """The assignment, if it is for the place with this path or for a place inside it."""
    found = assignment(assignment_id)
    if not found.place.path.startswith(path):
        raise NotFound("no_such_assignment", "没有找到这一项任职。")
    return found


def staff_account(actor: Actor, account_id: int, on: date) -> Account:
    """An account whose duties the actor could have given; others are not to be known of."""
    found = Account.objects.filter(pk=account_id, closed_at=None).first()
    held = held_by(account_id, on)
    if found is None or not policies.may_manage(actor, held):
        raise NotFound("no_such_staff", "没有找到这位工作人员。")
    return found


@dataclass(frozen=True, slots=True)
class StaffCard:
    """The account behind a duty, for whoever answers for all of its duties."""

    account_id: int
    phone: str
    seen_at: datetime | None
    has_factor: bool
    suspended_at: datetime | None
    suspended_reason: str


def staff_card(actor: Actor, account_id: int, on: date) -> StaffCard | None:
    """The account's state, or None for whoever does not answer for it."""
    if actor.account_id == account_id or not policies.may_manage(actor, held_by(account_id, on)):
        return None
    account = Account.objects.get(pk=account_id)
    return StaffCard(
        account_id=account.pk,
        phone=mask_phone(account.phone or ""),
        seen_at=account.seen_at,
        has_factor=account.totp_since is not None,
        suspended_at=account.suspended_at,
        suspended_reason=account.suspended_reason,
    )


def duty(assignment_id: int, path: str) -> StaffMember:
    """One duty at the place with this path or inside it."""
    known = assignment_at(assignment_id, path)
    rows = RoleAssignment.objects.filter(pk=known.pk).select_related("account", "place")
    return _members(rows)[0]


_organisations: list[Callable[[int, date], Iterable[tuple[int, str]]]] = []


def name_organisations(of_place: Callable[[int, date], Iterable[tuple[int, str]]]) -> None:
    """Let somebody above tell which organisations (id, name) a duty at a place can be held for."""
    _organisations[:] = [of_place]


def organisations_at(place_id: int, on: date) -> list[tuple[int, str]]:
    """The organisations that a duty at this place can be held for, as far as anybody has told."""
    return [one for of_place in _organisations for one in of_place(place_id, on)]


def successors(leaving: Iterable[StaffMember], on: date) -> list[tuple[int, str]]:
    """Who could take over from somebody: the colleagues with one of the same duties for the same place."""
    found: dict[int, str] = {}
    for duty in leaving:
        for other in staff_of(path=duty.scope, roles=[duty.role], on=on):
            if other.account_id != duty.account_id and other.organisation_id == duty.organisation_id:
                found.setdefault(other.account_id, other.name)
    return sorted(found.items(), key=lambda one: one[1])


def _assignments(on: date, names: Collection[RoleName] | None) -> QuerySet[RoleAssignment]:
    rows = RoleAssignment.objects.filter(
        in_force(on), account__suspended_at=None, account__closed_at=None
    ).select_related("account", "place")
    return rows if names is None else rows.filter(role__in=list(names))


def _members(rows: QuerySet[RoleAssignment], *, ordered: bool = False) -> list[StaffMember]:
    found = [
        StaffMember(
            assignment_id=row.pk,
            account_id=row.account_id,
            name=row.account.name,
            role=RoleName(row.role),
            label=label(row.role),
            title=row.title,
            organisation_id=row.organisation_id,
            place_id=row.place_id,
            place_name=row.place.name,
            scope=row.place.path,
            from_on=row.from_on,
            to_on=row.to_on,
            ended_reason=row.ended_reason,
        )
        for row in rows
    ]
    order = list(RoleName)
    return (
        found
        if ordered
        else sorted(found, key=lambda one: (order.index(one.role), one.scope, one.assignment_id))
    )
