"""Contracts between a compound and the company that serves it: signed, filed, ended early."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.organisations import policies, queries
from linli.registry.organisations.actions._recording import Told, open_organisation, record
from linli.registry.organisations.domain import bodies, contracts
from linli.registry.organisations.models import OrganisationKind, ServiceContract
from linli.registry.places import queries as places


@transaction.atomic
def sign_contract(
    *,
    actor: Actor,
    compound_id: int,
    company_id: int,
    from_on: date,
    to_on: date | None = None,
    signed_on: date | None = None,
    filed_on: date | None = None,
    at: datetime,
) -> ServiceContract:
    """Register that a company serves a compound from a day until a day on which it no longer does.

    Refuses a closed company, a closed compound, impossible days, and a second contract for the same days
    (one area, one company: Qingdao 53).
    """
    compound = places.compound(compound_id)
    policies.require_may_keep(actor, compound.path)
    company = open_organisation(company_id)
    if company.kind != OrganisationKind.PROPERTY_COMPANY:
        raise Invalid("not_a_company", "请选一家物业服务企业。", field="company")
    if compound.closed_on is not None:
        raise Invalid("compound_closed", "这个小区已经注销登记，不能再登记合同。", field="compound")
    today = timezone.localdate(at)
    contracts.check_dates(signed_on=signed_on, from_on=from_on, to_on=to_on, filed_on=filed_on, today=today)
    lock(compound)
    _require_alone(compound_id, from_on, to_on)
    contract = insert(
        ServiceContract(
            compound=compound,
            company=company,
            from_on=from_on,
            to_on=to_on,
            signed_on=signed_on,
            filed_on=filed_on,
        )
    )
    until = f"—{to_on.isoformat()}" if to_on else "起，未约定期限"
    record_contract(
        "contract.sign", contract, Told(after=f"{compound.name} {from_on.isoformat()}{until}"), actor, at
    )
    return contract


@transaction.atomic
def file_contract(*, actor: Actor, contract_id: int, filed_on: date, at: datetime) -> ServiceContract:
    """Enter the day on which a contract was filed with the authorities (Qingdao 55). Refuses a second filing."""
    contract = _locked(contract_id)
    policies.require_may_keep(actor, contract.compound.path)
    if contract.filed_on is not None:
        raise Conflict("filed_already", "这份合同已经登记过备案。")
    contracts.check_filing(signed_on=contract.signed_on, filed_on=filed_on, today=timezone.localdate(at))
    contract.filed_on = filed_on
    contract.save(update_fields=["filed_on"])
    told = Told(after=f"{contract.compound.name} {filed_on.isoformat()}")
    record_contract("contract.file", contract, told, actor, at)
    return contract


@transaction.atomic
def end_contract(
    *, actor: Actor, contract_id: int, to_on: date, reason: str, at: datetime
) -> ServiceContract:
    """End a contract early, from a day on which the company no longer serves, with the reason.

    Refuses one that has ended, an end before the beginning, and an end later than was agreed.
    """
    contract = _locked(contract_id)
    policies.require_may_keep(actor, contract.compound.path)
    contracts.check_end(
        from_on=contract.from_on,
        to_on=contract.to_on,
        end_reason=contract.end_reason,
        ends_on=to_on,
        today=timezone.localdate(at),
    )
    why, agreed = bodies.reason(reason), contract.to_on
    contract.agreed_to_on, contract.to_on, contract.end_reason = agreed, to_on, why
    contract.save(update_fields=["agreed_to_on", "to_on", "end_reason"])
    name = contract.compound.name
    told = Told(
        before=f"{name} {agreed.isoformat()}" if agreed else f"{name} 未约定期限",
        after=f"{name} {to_on.isoformat()}",
        reason=why,
    )
    record_contract("contract.end", contract, told, actor, at)
    return contract


def _require_alone(compound_id: int, from_on: date, to_on: date | None) -> None:
    overlapping = ServiceContract.objects.filter(compound_id=compound_id).exclude(to_on__lte=from_on)
    if to_on is not None:
        overlapping = overlapping.filter(from_on__lt=to_on)
    found = overlapping.select_related("company").order_by("from_on").first()
    if found is not None:
        raise Conflict(
            "contract_overlaps",
            "这段日子里已有“{company}”的物业服务合同，一个小区同一时间只能有一家。请先终止那一份，或改日期。",
            queries.rule_of_contracts(from_on).one_company_clause or None,
            company=found.company.name,
            field="from_on",
        )


def _locked(contract_id: int) -> ServiceContract:
    found = ServiceContract.objects.select_related("compound", "company__place").filter(pk=contract_id)
    contract = lock(found).first()
    if contract is None:
        raise NotFound("no_such_contract", "没有找到这份合同。")
    return contract


def record_contract(kind: str, contract: ServiceContract, told: Told, actor: Actor, at: datetime) -> None:
    """A contract stands in the log of its compound, where everybody there can find it."""
    record(
        kind=kind,
        organisation=contract.company,
        rows=[contract],
        body={"contract": contract.pk},
        told=told,
        by=actor,
        at=at,
        log=contract.compound_id,
    )
