"""Who serves a compound, who stands above it, and who belongs to a body."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from linli.ground.kernel.errors import Invalid, NotFound
from linli.registry.organisations.models import Organisation, OrganisationKind, Seat
from linli.registry.people import queries as people
from linli.registry.places import queries as places


def not_over(on: date) -> Q:
    """The filter for what is not over on the day; ``to_on`` is the first day on which it is."""
    return Q(to_on=None) | Q(to_on__gt=on)


def in_force(on: date) -> Q:
    """The filter for what has begun and is not over on the day."""
    return not_over(on) & Q(from_on__lte=on)


def serving_organisations(compound_id: int, on: date | None = None) -> QuerySet[Organisation]:
    """The bodies that work for a compound: its own committees and branch, and the contracted company."""
    contracted = Q(contracts__compound_id=compound_id)
    if on is not None:
        contracted &= Q(contracts__from_on__lte=on) & (Q(contracts__to_on=None) | Q(contracts__to_on__gt=on))
    return (
        Organisation.objects.filter(Q(place_id=compound_id) | contracted, closed_on=None)
        .distinct()
        .order_by("kind", "id")
    )


def serving(*, compound_id: int, organisation_id: int) -> Organisation:
    """One body that works for the compound; refuses others."""
    found = serving_organisations(compound_id).filter(pk=organisation_id).first()
    if found is None:
        raise Invalid("not_serving", "请选一个服务本小区的单位。", field="organisation")
    return found


def working_here(compound_id: int, on: date) -> QuerySet[Organisation]:
    """Whose people can be on duty in a compound: the bodies that serve it, and the offices above it."""
    above = [int(part) for part in places.compound(compound_id).path.strip("/").split("/")]
    offices = Q(place_id__in=above) & ~Q(kind=OrganisationKind.PROPERTY_COMPANY)
    contracted = Q(pk__in=serving_organisations(compound_id, on).values("pk"))
    return Organisation.objects.filter(offices | contracted, closed_on=None).order_by("kind", "id")


def require_works_here(*, compound_id: int, organisation_id: int, on: date) -> None:
    """Refuse a body that does not work for the compound on that day."""
    if not working_here(compound_id, on).filter(pk=organisation_id).exists():
        raise Invalid(
            "not_serving_then",
            "这个单位在 {day} 不服务本小区，不能排班。",
            day=on.isoformat(),
            field="days",
        )


def reachable_organisations(compound_id: int) -> QuerySet[Organisation]:
    """Whom a request may be passed on to: every body responsible for a place at or above the compound."""
    above = [int(part) for part in places.compound(compound_id).path.strip("/").split("/")]
    return (
        Organisation.objects.filter(
            Q(place_id__in=above) | Q(contracts__compound_id=compound_id), closed_on=None
        )
        .distinct()
        .order_by("kind", "id")
    )


def reachable(*, compound_id: int, organisation_id: int) -> Organisation:
    """One body a request may be passed on to; refuses others."""
    found = reachable_organisations(compound_id).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("no_such_organisation", "没有找到这个单位，请从名单里选。")
    return found


def speaking_organisations(compound_id: int, on: date | None = None) -> list[Organisation]:
    """Who may put up a notice in a compound: the bodies that work for it, and those it stands under."""
    found = {body.pk: body for body in serving_organisations(compound_id, on)}
    return list((found | {body.pk: body for body in reachable_organisations(compound_id)}).values())


def speaking(*, compound_id: int, organisation_id: int) -> Organisation:
    """One body that may put up a notice in a compound; refuses others."""
    found = next((one for one in speaking_organisations(compound_id) if one.pk == organisation_id), None)
    return found or serving(compound_id=compound_id, organisation_id=organisation_id)


def require_member(*, organisation_id: int, account_id: int, on: date) -> None:
    """Refuse a person who holds no role for the organisation on that day."""
    if account_id not in {
        member.account_id for member in people.staff_of_organisation(organisation_id=organisation_id, on=on)
    }:
        raise Invalid("not_a_member", "选的人不在这个单位，请重新选。", field="handler")


def members(organisation_id: int, on: date) -> dict[int, str]:
    """Who belongs to a body on a day, by account, with the full name: its staff, and who sits in it."""
    found = {
        one.account_id: one.name
        for one in people.staff_of_organisation(organisation_id=organisation_id, on=on)
    }
    sitting = Seat.objects.filter(in_force(on), organisation_id=organisation_id).values_list(
        "account_id", flat=True
    )
    return found | people.full_names([one for one in sitting if one not in found])
