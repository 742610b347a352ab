"""Every read of organisations: who serves a compound, who belongs to whom, how they are shown."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import Invalid, NotFound
from linli.registry.organisations.models import Duty, Organisation
from linli.registry.people import queries as people
from linli.registry.places import queries as places


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


SHOWN_FIRST = (
    RoleName.REPAIRER,
    RoleName.PROPERTY_MANAGER,
    RoleName.PROPERTY_CLERK,
    RoleName.PARTY_SECRETARY,
    RoleName.COMMITTEE_MEMBER,
    RoleName.COMMUNITY_WORKER,
    RoleName.BUILDING_CAPTAIN,
    RoleName.SUPERVISOR,
    RoleName.SUBDISTRICT_OFFICER,
    RoleName.PARTNER_OFFICER,
    RoleName.DISTRICT_OFFICER,
)


def public_name(*, actor: Actor, compound_path: str) -> str:
    """How staff are shown beside what they did: body and name; empty for somebody without a duty here."""
    held = [role for role in actor.roles if compound_path.startswith(role.scope)]
    ranked = sorted(
        (role for role in held if role.name in SHOWN_FIRST), key=lambda role: SHOWN_FIRST.index(role.name)
    )
    if not ranked:
        return ""
    body = (
        Organisation.objects.filter(pk=ranked[0].organisation_id or 0)
        .values_list("short_name", flat=True)
        .first()
    )
    return f"{body} · {actor.name}" if body else actor.name


def on_duty(*, compound_id: int, on: date) -> list[str]:
    """Who is on duty for a compound on a day, as they are shown: body and name."""
    duties = (
        Duty.objects.filter(place_id=compound_id, on=on)
        .select_related("organisation", "account")
        .order_by("id")
    )
    return [f"{duty.organisation.short_name} · {duty.account.name}" for duty in duties]
