"""Registering a body, putting it right, and closing it with everything that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.codes import check_uscc
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.organisations import policies, queries
from linli.registry.organisations.actions._contracts import record_contract
from linli.registry.organisations.actions._recording import Told, open_organisation, record
from linli.registry.organisations.domain import bodies
from linli.registry.organisations.models import (
    Duty,
    Organisation,
    OrganisationKind,
    Seat,
    ServiceContract,
    Term,
)
from linli.registry.people import queries as people
from linli.registry.places import queries as places


@dataclass(frozen=True, slots=True)
class Particulars:
    """What can be put right about a body: names, credit code, superior, how it is reached."""

    name: str
    short_name: str
    uscc: str = ""
    parent_id: int | None = None
    phone: str = ""
    hours: str = ""


@transaction.atomic
def register_organisation(
    *,
    actor: Actor,
    kind: str,
    name: str,
    short_name: str,
    place_id: int,
    uscc: str = "",
    parent_id: int | None = None,
    phone: str = "",
    hours: str = "",
    at: datetime,
) -> Organisation:
    """Register a body for the place it is responsible for.

    Refuses a wrong credit code (GB 32100-2015), a code that is registered already, a company without one, a
    kind that does not stand at this kind of place, a second committee of a compound, a superior that does
    not cover the place, and what is too long.
    """
    place = places.place(place_id)
    policies.require_may_keep(actor, place.path)
    bodies.require_stands(kind, place.kind)
    lock(place)
    if place.closed_on is not None:
        raise Invalid("place_closed", "这个地方已经注销登记，请另选。", field="place")
    if kind in bodies.ONE_AT_A_PLACE:
        _require_only_one(kind, place_id)
    given = Particulars(name, short_name, uscc, parent_id, phone, hours)
    organisation = Organisation(kind=kind, place=place)
    _fill(organisation, given)
    _save(organisation)
    record(
        kind="organisation.register",
        organisation=organisation,
        rows=[organisation],
        body={"kind": kind},
        told=Told(after=organisation.name),
        by=actor,
        at=at,
    )
    return organisation


@transaction.atomic
def correct_organisation(
    *, actor: Actor, organisation_id: int, right: Particulars, reason: str, at: datetime
) -> Organisation:
    """Put names, code, superior, phone or hours right, with the reason. Refuses to change nothing."""
    organisation = open_organisation(organisation_id)
    policies.require_may_keep(actor, organisation.place.path)
    why, before = bodies.reason(reason), _written(organisation)
    _fill(organisation, right)
    after = _written(organisation)
    changed = [word for word in before if before[word] != after[word]]
    if not changed:
        raise Conflict("nothing_changed", "没有改动。改好后再保存。")
    _save(organisation)
    record(
        kind="organisation.correct",
        organisation=organisation,
        rows=[organisation],
        body={},
        told=Told(
            before="；".join(f"{word}：{before[word] or '（空）'}" for word in changed),
            after="；".join(f"{word}：{after[word] or '（空）'}" for word in changed),
            reason=why,
        ),
        by=actor,
        at=at,
    )
    return organisation


@transaction.atomic
def close_organisation(
    *, actor: Actor, organisation_id: int, on: date, reason: str, at: datetime
) -> Organisation:
    """Close a body that is no more. Its contracts, term, seats and coming duties end with it; what it did stays.

    Refuses a day to come, and as long as people act for it or another body stands under it.
    """
    organisation = open_organisation(organisation_id)
    policies.require_may_keep(actor, organisation.place.path)
    today, why = timezone.localdate(at), bodies.reason(reason)
    if on > today:
        raise Invalid("closed_in_future", "注销日期不能晚于今天。", field="on")
    _require_nothing_hangs_on(organisation, today)
    contracts, ended = _end_contracts(organisation, on, why), _end_seats(organisation, on, why)
    Duty.objects.filter(organisation=organisation, on__gte=on, removed_at=None).update(
        removed_at=at, removed_reason=why
    )
    removed = list(Duty.objects.filter(organisation=organisation, removed_at=at))
    organisation.closed_on = on
    organisation.save(update_fields=["closed_on"])
    record(
        kind="organisation.close",
        organisation=organisation,
        rows=[organisation, *ended, *removed],
        body={"contracts": len(contracts)},
        told=Told(after=on.isoformat(), reason=why),
        by=actor,
        at=at,
    )
    for contract in contracts:
        record_contract("contract.end", contract, Told(after=on.isoformat(), reason=why), actor, at)
    return organisation


def _require_only_one(kind: str, place_id: int) -> None:
    if Organisation.objects.filter(kind=kind, place_id=place_id, closed_on=None).exists():
        raise Conflict(
            "one_body_of_a_kind",
            "这里已经登记了一个{kind}。换届请在它的页面登记选举；确已撤销的，先注销再登记。",
            kind=OrganisationKind(kind).label,
            field="kind",
        )


def _fill(organisation: Organisation, given: Particulars) -> None:
    """Set what was given, each checked; the superior must be open and cover the place."""
    organisation.name = bodies.written(
        given.name, what="全称", limit=bodies.LONGEST_NAME, field="name", required=True
    )
    organisation.short_name = bodies.written(
        given.short_name, what="简称", limit=bodies.LONGEST_SHORT_NAME, field="short_name", required=True
    )
    organisation.phone = bodies.written(given.phone, what="电话", limit=bodies.LONGEST_PHONE, field="phone")
    organisation.hours = bodies.written(
        given.hours, what="服务时间", limit=bodies.LONGEST_HOURS, field="hours"
    )
    organisation.uscc = _code(organisation, given.uscc)
    organisation.parent = _parent(organisation, given.parent_id)


def _code(organisation: Organisation, uscc: str) -> str:
    try:
        code = check_uscc(uscc) if uscc.strip() else ""
    except Invalid as refusal:
        raise Invalid(
            refusal.code, refusal.template, refusal.clause, **{**refusal.data, "field": "uscc"}
        ) from None
    if organisation.kind == OrganisationKind.PROPERTY_COMPANY and not code:
        raise Invalid("uscc_missing", "物业服务企业要填统一社会信用代码。", field="uscc")
    if code and Organisation.objects.filter(uscc=code).exclude(pk=organisation.pk).exists():
        raise _taken()
    return code


def _taken() -> Conflict:
    return Conflict("uscc_taken", "这个统一社会信用代码已经登记过了，请在清单里查找。", field="uscc")


def _parent(organisation: Organisation, parent_id: int | None) -> Organisation | None:
    if parent_id is None:
        return None
    parent = Organisation.objects.select_related("place").filter(pk=parent_id, closed_on=None).first()
    if parent is None:
        raise Invalid("no_such_parent", "没有找到这个上级机构，或者它已经注销，请重新选。", field="parent")
    bodies.require_parent_fits(
        own_path=organisation.place.path,
        own_id=organisation.pk,
        parent_path=parent.place.path,
        parent_chain=queries.chain_above(parent),
    )
    return parent


def _save(organisation: Organisation) -> None:
    """Write it; of two who register one code at the same moment the second is told so."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError as error:
        raise _taken() from error


def _written(organisation: Organisation) -> dict[str, str]:
    parent = organisation.parent
    return {
        "全称": organisation.name,
        "简称": organisation.short_name,
        "信用代码": organisation.uscc,
        "上级": parent.name if parent else "",
        "电话": organisation.phone,
        "服务时间": organisation.hours,
    }


def _require_nothing_hangs_on(organisation: Organisation, today: date) -> None:
    staff = people.staff_of_organisation(organisation_id=organisation.pk, on=today)
    if staff:
        raise Conflict(
            "people_still_serve",
            "还有 {count} 人在这个机构任职，请先在“工作人员”里结束他们的任职，再注销。",
            count=len(staff),
        )
    child = Organisation.objects.filter(parent=organisation, closed_on=None).order_by("pk").first()
    if child is not None:
        raise Conflict("bodies_still_under", "“{name}”还以它为上级，请先改那边的上级机构。", name=child.name)


def _end_contracts(organisation: Organisation, on: date, why: str) -> list[ServiceContract]:
    running = ServiceContract.objects.filter(queries.not_over(on), company=organisation)
    found = list(lock(running.select_related("compound", "company").order_by("compound_id", "pk")))
    for contract in found:
        if contract.from_on >= on:
            raise Conflict(
                "contract_not_begun",
                "还有一份 {day} 才开始的物业合同，请先终止这份合同，再注销。",
                day=contract.from_on.isoformat(),
            )
        contract.agreed_to_on, contract.to_on, contract.end_reason = contract.to_on, on, why
        contract.save(update_fields=["agreed_to_on", "to_on", "end_reason"])
    return found


def _end_seats(organisation: Organisation, on: date, why: str) -> list[Term | Seat]:
    terms = list(Term.objects.filter(organisation=organisation, to_on__gt=on).order_by("pk"))
    seats = list(Seat.objects.filter(queries.not_over(on), organisation=organisation).order_by("pk"))
    ended: list[Term | Seat] = [*terms, *seats]
    for one in ended:
        one.to_on, one.ended_reason = max(on, one.from_on), why
        one.save(update_fields=["to_on", "ended_reason"])
    return ended
