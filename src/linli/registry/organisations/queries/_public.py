"""What everybody may read about the bodies that serve a compound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from linli.registry.organisations.domain import bodies, terms
from linli.registry.organisations.domain.terms import Clock
from linli.registry.organisations.models import Organisation, ServiceContract, Term
from linli.registry.organisations.queries._register import ContractLine, contract_line, rule_of_contracts
from linli.registry.organisations.queries._rosters import OnDuty, on_duty
from linli.registry.organisations.queries._seats import rule_of, sitting_in
from linli.registry.organisations.queries._serving import in_force, serving_organisations
from linli.registry.organisations.queries._showing import names_for_everybody


@dataclass(frozen=True, slots=True)
class PublicBody:
    """One body with the contract it serves by, or the term and the members of a committee."""

    organisation: Organisation
    contract: ContractLine | None
    clock: Clock | None
    from_on: date | None
    members: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Serving:
    """Who is on duty now, and all who serve the compound."""

    on_duty: list[OnDuty]
    bodies: list[PublicBody]


def serving_page(*, compound_id: int, at: datetime) -> Serving:
    """The bodies of a compound as everybody may read them; names as their bearers agreed."""
    on = timezone.localdate(at)
    found = list(serving_organisations(compound_id, on))
    contracts = _contracts(compound_id, on)
    running = {
        term.organisation_id: term
        for term in Term.objects.filter(in_force(on), organisation__in=[one.pk for one in found])
    }
    seats = sitting_in([one.pk for one in found if one.kind in bodies.COMMITTEES], on)
    names = names_for_everybody((seat.account_id, seat.organisation.kind) for seat in seats)
    members: dict[int, list[tuple[str, str]]] = {}
    for seat in seats:
        name = names[seat.account_id, seat.organisation.kind]
        members.setdefault(seat.organisation_id, []).append((name, seat.position))
    return Serving(
        on_duty(compound_id=compound_id, at=at),
        [
            _body(one, contracts.get(one.pk), running.get(one.pk), members.get(one.pk, []), on)
            for one in found
        ],
    )


def _contracts(compound_id: int, on: date) -> dict[int, ContractLine]:
    rows = ServiceContract.objects.filter(in_force(on), compound_id=compound_id)
    days = rule_of_contracts(on).filing_days
    return {
        row.company_id: contract_line(row, on, days) for row in rows.select_related("compound", "company")
    }


def _body(
    one: Organisation,
    contract: ContractLine | None,
    term: Term | None,
    members: list[tuple[str, str]],
    on: date,
) -> PublicBody:
    shown = term if one.kind in bodies.COMMITTEES else None
    clock = None
    if shown is not None:
        clock = terms.clock(
            to_on=shown.to_on, members=len(members), elected=shown.elected, on=on, rule=rule_of(one, on)
        )
    return PublicBody(one, contract, clock, shown.from_on if shown else None, members)
