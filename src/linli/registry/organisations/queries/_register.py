"""The register of organisations for those who keep it: the list, one body, its history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import fold
from linli.registry.organisations import policies
from linli.registry.organisations.domain import contracts
from linli.registry.organisations.models import Change, Organisation, OrganisationKind, ServiceContract
from linli.registry.organisations.queries._rosters import OnDuty, coming_duties
from linli.registry.organisations.queries._seats import Seats, seats_of
from linli.registry.people import queries as people
from linli.registry.places import queries as places
from linli.registry.regulations.queries.here import rules_here

KINDS = tuple((kind.value, kind.label) for kind in OrganisationKind)
HISTORY = 50
OFFERED = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: words in the name or the credit code, a kind, and whether closed ones too."""

    search: str = ""
    kind: str = ""
    closed: bool = False


def _above(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _seen_by(actor: Actor) -> Q:
    """What the reader's duty covers: bodies at or inside the place, those above it, and who serves it by contract."""
    if actor.is_system:
        return Q()
    seen = Q(pk__in=())
    for scope in actor.scopes(policies.KEEPERS):
        serving = ServiceContract.objects.filter(company=OuterRef("pk"), compound__path__startswith=scope)
        seen |= Q(place__path__startswith=scope) | Q(place_id__in=_above(scope)) | Q(Exists(serving))
    return seen


def register(actor: Actor, wish: Wish) -> QuerySet[Organisation]:
    """The bodies of the reader's scope that fit the wish, by name."""
    policies.require_reads_register(actor)
    found = Organisation.objects.filter(_seen_by(actor)).select_related("place", "parent")
    words = fold(wish.search)
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(uscc=words.upper())
        )
    if wish.kind in OrganisationKind.values:
        found = found.filter(kind=wish.kind)
    return (found if wish.closed else found.filter(closed_on=None)).order_by("name", "id")


def register_page(
    actor: Actor, wish: Wish, *, after: list[str | int] | None, before: list[str | int] | None, limit: int
) -> list[Organisation]:
    """At most ``limit`` bodies that follow ``after`` (name, id), or precede ``before``, nearest first."""
    found = register(actor, wish)
    if after:
        found = found.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    if before:
        found = found.filter(Q(name__lt=before[0]) | Q(name=before[0], pk__lt=before[1])).order_by(
            "-name", "-id"
        )
    return list(found[:limit])


def register_rows(actor: Actor, wish: Wish) -> Iterator[tuple[str, ...]]:
    """The whole list as rows of text, for a file."""
    for one in register(actor, wish).iterator(chunk_size=500):
        yield (
            one.name,
            one.short_name,
            one.get_kind_display(),
            one.place.name,
            one.uscc,
            one.phone,
            one.hours,
            one.parent.name if one.parent else "",
            one.closed_on.isoformat() if one.closed_on else "",
        )


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract, as its page shows it. ``file_by`` is the last day of filing, where one is laid down."""

    contract_id: int
    compound: str
    company: str
    company_id: int
    signed_on: date | None
    from_on: date
    last_on: date | None
    filed_on: date | None
    file_by: date | None
    agreed_last_on: date | None
    end_reason: str
    is_running: bool
    is_coming: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One body with everything that hangs on it."""

    organisation: Organisation
    contracts: list[ContractLine]
    seats: Seats | None
    children: list[Organisation]
    roster: list[OnDuty]
    staff: int
    history: list[Change]
    actors: dict[int, str]
    may_keep: bool
    may_seat: bool


def card(*, actor: Actor, organisation_id: int, on: date) -> Card:
    """One body of the reader's scope. Refuses others as if they were not there."""
    one = visible(actor, organisation_id)
    path, seats = one.place.path, seats_of(actor=actor, organisation=one, on=on)
    history = _history(actor, one, without_seats=seats is not None and seats.withheld)
    return Card(
        organisation=one,
        contracts=_contracts(actor, one, on),
        seats=seats,
        children=list(register(actor, Wish()).filter(parent=one)[:100]),
        roster=coming_duties(one, _scopes(actor), on),
        staff=len(people.staff_of_organisation(organisation_id=one.pk, on=on)),
        history=history,
        actors=people.full_names(change.account_id for change in history),
        may_keep=policies.may_keep(actor, path) and one.closed_on is None,
        may_seat=policies.may_keep_seats(actor, kind=one.kind, place_path=path) and one.closed_on is None,
    )


def _scopes(actor: Actor) -> tuple[str, ...]:
    return ("/",) if actor.is_system else actor.scopes(policies.KEEPERS)


def _history(actor: Actor, one: Organisation, *, without_seats: bool) -> list[Change]:
    """What was registered about a body, newest first; of compounds only those of the reader's scope."""
    here = places.compounds_within(_scopes(actor)).values("pk")
    rows = Change.objects.filter(Q(log=0) | Q(log__in=here), organisation=one)
    if without_seats:
        rows = rows.exclude(what__startswith="seat.")
    return list(rows.order_by("-id")[:HISTORY])


def visible(actor: Actor, organisation_id: int) -> Organisation:
    """One body of the reader's scope. Refuses others as if they were not there."""
    found = register(actor, Wish(closed=True)).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("no_such_organisation", "没有找到这个机构。")
    return found


def contract_of(actor: Actor, organisation_id: int, contract_id: int, on: date) -> ContractLine:
    """One contract of a company, in a compound of the reader's scope."""
    lines = _contracts(actor, visible(actor, organisation_id), on)
    found = next((line for line in lines if line.contract_id == contract_id), None)
    if found is None:
        raise NotFound("no_such_contract", "没有找到这份合同。")
    return found


def rule_of_contracts(on: date) -> contracts.ContractRule:
    """What the rules of a day ask of a contract."""
    return contracts.contract_rule(rules_here(on))


def _contracts(actor: Actor, company: Organisation, on: date) -> list[ContractLine]:
    if company.kind != OrganisationKind.PROPERTY_COMPANY:
        return []
    rows = ServiceContract.objects.filter(company=company).select_related("compound", "company")
    inside = Q(pk__in=())
    for scope in _scopes(actor):
        inside |= Q(compound__path__startswith=scope)
    days = rule_of_contracts(on).filing_days
    return [contract_line(one, on, days) for one in rows.filter(inside).order_by("-from_on", "-id")[:200]]


def contract_line(one: ServiceContract, on: date, days: int | None) -> ContractLine:
    """One contract as pages show it on a day."""
    ended = one.to_on is not None and one.to_on <= on
    return ContractLine(
        contract_id=one.pk,
        compound=one.compound.name,
        company=one.company.name,
        company_id=one.company_id,
        signed_on=one.signed_on,
        from_on=one.from_on,
        last_on=one.to_on - timedelta(days=1) if one.to_on else None,
        filed_on=one.filed_on,
        file_by=contracts.file_by(one.signed_on, days),
        agreed_last_on=one.agreed_to_on - timedelta(days=1) if one.agreed_to_on else None,
        end_reason=one.end_reason,
        is_running=one.from_on <= on and not ended,
        is_coming=one.from_on > on,
    )


def chain_above(organisation: Organisation) -> tuple[int, ...]:
    """The ids of a body and of everything above it."""
    chain: list[int] = []
    next_id: int | None = organisation.pk
    while next_id is not None and next_id not in chain:
        chain.append(next_id)
        next_id = Organisation.objects.filter(pk=next_id).values_list("parent_id", flat=True).first()
    return tuple(chain)


def possible_parents(organisation_path: str) -> list[tuple[int, str]]:
    """The open bodies at a place or above it: whom a body there may stand under."""
    rows = Organisation.objects.filter(place_id__in=_above(organisation_path), closed_on=None)
    return list(rows.order_by("place__path", "name").values_list("pk", "name")[:300])


def places_for(actor: Actor, words: str) -> list[tuple[int, str]]:
    """The first places of the reader's scope that hold the words: where a body can be registered."""
    scopes, found = actor.scopes(policies.KEEPERS), dict[int, tuple[str, str]]()
    for scope in scopes:
        above = places.authorities_under(scope).filter(name__icontains=words)[:OFFERED]
        found |= {place.pk: (place.path, f"{place.name}（{place.get_kind_display()}）") for place in above}
    inside = places.compounds_within(scopes).filter(name__icontains=words)[:OFFERED]
    found |= {place.pk: (place.path, f"{place.name}（{place.get_kind_display()}）") for place in inside}
    return [(pk, name) for pk, (_, name) in sorted(found.items(), key=lambda one: one[1])][:OFFERED]


def compounds_for(actor: Actor, words: str) -> list[tuple[int, str]]:
    """The first compounds of the reader's scope that hold the words, for a contract."""
    inside = places.compounds_within(actor.scopes(policies.KEEPERS)).filter(name__icontains=words)
    return [(place.pk, place.name) for place in inside[:OFFERED]]
