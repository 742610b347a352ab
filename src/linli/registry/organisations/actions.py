"""Every write to organisations: registering, contracting, seating, planning duty; ended by date, never deleted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.codes import check_uscc
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.kernel.text import fold
from linli.registry.organisations import policies
from linli.registry.organisations.models import Duty, Organisation, OrganisationKind, Seat, ServiceContract
from linli.registry.places import queries as places

STREAM = "register/organisations"


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

    Refuses a wrong credit code (GB 32100-2015), a code that is registered already, a company without one.
    """
    place = places.place(place_id)
    policies.require_may_keep(actor, place.path)
    if kind not in OrganisationKind.values:
        raise Invalid("organisation_kind_missing", "请选机构类别。", field="kind")
    code = check_uscc(uscc) if uscc.strip() else ""
    if kind == OrganisationKind.PROPERTY_COMPANY and not code:
        raise Invalid("uscc_missing", "物业服务企业要填统一社会信用代码。", field="uscc")
    if code and Organisation.objects.filter(uscc=code).exists():
        raise Conflict("uscc_taken", "这个统一社会信用代码已经登记过了。", field="uscc")
    called, short = fold(name), fold(short_name)
    if not called or not short:
        raise Invalid("name_missing", "请写机构的全称和简称。", field="name")
    if len(called) > 80 or len(short) > 24:
        raise Invalid("name_too_long", "全称最多 80 个字，简称最多 24 个字。", field="name")
    organisation = Organisation.objects.create(
        kind=kind,
        name=called,
        short_name=short,
        uscc=code,
        place=place,
        parent_id=parent_id,
        phone=fold(phone)[:24],
        hours=fold(hours)[:60],
    )
    _record(
        "organisation.register", {"organisation": organisation.pk, "kind": kind}, [organisation], actor, at
    )
    return organisation


@transaction.atomic
def close_organisation(*, actor: Actor, organisation_id: int, on: date, at: datetime) -> Organisation:
    """Close a body that is no more; what it did stays."""
    organisation = _locked(organisation_id)
    policies.require_may_keep(actor, organisation.place.path)
    if organisation.closed_on is not None:
        raise Conflict("organisation_closed", "这个机构已经注销登记了。")
    organisation.closed_on = on
    organisation.save(update_fields=["closed_on"])
    _record("organisation.close", {"organisation": organisation.pk}, [organisation], actor, at)
    return organisation


@transaction.atomic
def sign_contract(
    *,
    actor: Actor,
    compound_id: int,
    company_id: int,
    from_on: date,
    to_on: date | None = None,
    filed_on: date | None = None,
    at: datetime,
) -> ServiceContract:
    """Register that a company serves a compound from a day until a day on which it no longer does.

    Refuses a second company for the same days (one area, one company: Qingdao 53).
    """
    compound = places.compound(compound_id)
    policies.require_may_keep(actor, compound.path)
    company = _locked(company_id)
    if company.kind != OrganisationKind.PROPERTY_COMPANY:
        raise Invalid("not_a_company", "请选一家物业服务企业。", field="company")
    if to_on is not None and to_on <= from_on:
        raise Invalid("contract_ends_first", "合同的结束日期要晚于开始日期。", field="to_on")
    overlapping = ServiceContract.objects.filter(compound_id=compound_id)
    overlapping = overlapping.exclude(to_on__lte=from_on)
    if to_on is not None:
        overlapping = overlapping.filter(from_on__lt=to_on)
    if overlapping.exists():
        raise Conflict(
            "contract_overlaps",
            "这段日子里已有另一份物业服务合同，一个小区同一时间只能有一家。",
            clause="《青岛市物业管理条例》第五十三条",
            field="from_on",
        )
    contract = ServiceContract.objects.create(
        compound_id=compound_id, company=company, from_on=from_on, to_on=to_on, filed_on=filed_on
    )
    journal.append(
        compound_id=compound_id,
        stream=STREAM,
        kind="contract.sign",
        body={"contract": contract.pk, "company": company.pk},
        rows=[contract],
        by=actor,
        at=at,
    )
    return contract


@transaction.atomic
def end_contract(*, actor: Actor, contract_id: int, to_on: date, at: datetime) -> ServiceContract:
    """End a contract on a day."""
    contract = (
        ServiceContract.objects.select_for_update(of=("self",))
        .select_related("compound")
        .filter(pk=contract_id)
        .first()
    )
    if contract is None:
        raise NotFound("no_such_contract", "没有找到这份合同。")
    policies.require_may_keep(actor, contract.compound.path)
    if to_on <= contract.from_on:
        raise Invalid("contract_ends_first", "合同的结束日期要晚于开始日期。", field="to_on")
    contract.to_on = to_on
    contract.save(update_fields=["to_on"])
    journal.append(
        compound_id=contract.compound_id,
        stream=STREAM,
        kind="contract.end",
        body={"contract": contract.pk},
        rows=[contract],
        by=actor,
        at=at,
    )
    return contract


@transaction.atomic
def seat_member(
    *,
    actor: Actor,
    organisation_id: int,
    account_id: int,
    position: str,
    from_on: date,
    to_on: date | None = None,
    at: datetime,
) -> Seat:
    """Seat somebody in a committee or party body for a term of at most five years (Qingdao 35)."""
    organisation = _locked(organisation_id)
    policies.require_may_keep(actor, organisation.place.path)
    if to_on is not None and to_on <= from_on:
        raise Invalid("term_ends_first", "任期的结束日期要晚于开始日期。", field="to_on")
    if to_on is not None and to_on > _years_later(from_on, 5):
        raise Invalid(
            "term_too_long",
            "一届任期最长五年，请核对日期。",
            clause="《青岛市物业管理条例》第三十五条",
            field="to_on",
        )
    if not fold(position):
        raise Invalid("position_missing", "请写职务，例如主任、委员。", field="position")
    seat = Seat.objects.create(
        organisation=organisation,
        account_id=account_id,
        position=fold(position)[:24],
        from_on=from_on,
        to_on=to_on,
    )
    _record("seat.take", {"seat": seat.pk, "organisation": organisation.pk}, [seat], actor, at)
    return seat


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def leave_seat(*, actor: Actor, seat_id: int, on: date, reason: str, at: datetime) -> Seat:
    """End a seat before or at its term, with the reason."""
    seat = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("organisation__place")
        .filter(pk=seat_id)
        .first()
    )
    if seat is None:
        raise NotFound("no_such_seat", "没有找到这个席位。")
    policies.require_may_keep(actor, seat.organisation.place.path)
    if on <= seat.from_on:
        raise Invalid("term_ends_first", "离任日期要晚于就任日期。", field="on")
    if not reason.strip():
        raise Invalid("reason_missing", "请写明离任的原因。", field="reason")
    seat.to_on, seat.ended_reason = on, reason.strip()[:200]
    seat.save(update_fields=["to_on", "ended_reason"])
    _record("seat.leave", {"seat": seat.pk}, [seat], actor, at)
    return seat


@transaction.atomic
def plan_duty(
    *,
    actor: Actor,
    organisation_id: int,
    place_id: int,
    account_id: int,
    on: date,
    note: str = "",
    at: datetime,
) -> Duty:
    """Put somebody on duty at a place on a day; the same again changes nothing."""
    place = places.place(place_id)
    policies.require_may_plan_duty(actor, organisation_id, place.path)
    duty, is_new = Duty.objects.get_or_create(
        organisation_id=organisation_id,
        place=place,
        account_id=account_id,
        on=on,
        defaults={"note": fold(note)[:60]},
    )
    if is_new:
        _record("duty.plan", {"duty": duty.pk, "on": on.isoformat()}, [duty], actor, at)
    return duty


def _locked(organisation_id: int) -> Organisation:
    found = (
        Organisation.objects.select_for_update(of=("self",))
        .select_related("place")
        .filter(pk=organisation_id)
        .first()
    )
    if found is None:
        raise NotFound("no_such_organisation", "没有找到这个机构。")
    return found


def _record(
    kind: str,
    body: dict[str, object],
    rows: list[Organisation] | list[Seat] | list[Duty],
    actor: Actor,
    at: datetime,
) -> None:
    journal.append(compound_id=0, stream=STREAM, kind=kind, body=body, rows=rows, by=actor, at=at)
