"""Terms and seats: what the rules ask, what runs on a day, and who sits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from linli.ground.kernel.actor import Actor
from linli.registry.organisations import policies
from linli.registry.organisations.domain import bodies, terms
from linli.registry.organisations.domain.terms import Clock, TermRule
from linli.registry.organisations.models import Organisation, Seat, Term
from linli.registry.organisations.queries._serving import in_force
from linli.registry.people import queries as people
from linli.registry.regulations.queries.here import rules_here


def rule_of(organisation: Organisation, on: date) -> TermRule:
    """What the rules of this place ask of a body on a day; party bodies are not theirs to rule."""
    if organisation.kind not in bodies.COMMITTEES:
        return TermRule()
    return terms.term_rule(rules_here(on))


def term_on(organisation_id: int, on: date) -> Term | None:
    """The term that runs on a day."""
    return Term.objects.filter(organisation_id=organisation_id, from_on__lte=on, to_on__gt=on).first()


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat, as those who keep it read it."""

    seat_id: int
    account_id: int
    name: str
    position: str
    mandate: str
    from_on: date
    last_on: date | None
    ended_reason: str
    is_running: bool
    acts: bool


@dataclass(frozen=True, slots=True)
class Seats:
    """A body's term and seats. ``withheld`` says that the reader may not know who sits there."""

    term: Term | None
    clock: Clock | None
    rule: TermRule
    running: list[SeatLine]
    past: list[SeatLine]
    without_seat: list[str]
    withheld: bool = False

    @property
    def has_vacancy(self) -> bool:
        """Whether fewer sit than were elected."""
        return self.term is not None and len(self.running) < self.term.elected


def seats_of(*, actor: Actor, organisation: Organisation, on: date) -> Seats | None:
    """Who sits and sat in a body, the clock of its term, and who acts for it without a seat; None without seats."""
    if organisation.kind not in bodies.SEATED:
        return None
    rule = rule_of(organisation, on)
    if not policies.may_keep_seats(actor, kind=organisation.kind, place_path=organisation.place.path):
        return Seats(None, None, rule, [], [], [], withheld=True)
    latest = Term.objects.filter(organisation=organisation, from_on__lte=on).order_by("-from_on").first()
    staff = people.staff_of_organisation(organisation_id=organisation.pk, on=on)
    acting = {one.account_id: one.name for one in staff}
    rows = Seat.objects.filter(organisation=organisation).order_by("-from_on", "id")[:200]
    found = list(rows.select_related("account"))
    kept = _kept(organisation, found)
    lines = [_line(seat, acting, on) for seat in found if seat.account_id in kept]
    running = [line for line in lines if line.is_running]
    sitting = {line.account_id for line in running}
    return Seats(
        term=latest,
        clock=None
        if latest is None
        else terms.clock(to_on=latest.to_on, members=len(running), elected=latest.elected, on=on, rule=rule),
        rule=rule,
        running=running,
        past=[line for line in lines if not line.is_running],
        without_seat=[] if not lines else [name for key, name in acting.items() if key not in sitting],
    )


def _kept(organisation: Organisation, seats: list[Seat]) -> set[int]:
    """Whose seats may be shown: of a party body only those whose consent still stands."""
    accounts = {seat.account_id for seat in seats}
    if organisation.kind in bodies.PARTY_BODIES and accounts:
        return people.consenting(accounts, "party_membership")
    return accounts


def _line(seat: Seat, acting: dict[int, str], on: date) -> SeatLine:
    return SeatLine(
        seat_id=seat.pk,
        account_id=seat.account_id,
        name=seat.account.name,
        position=seat.position,
        mandate=seat.mandate,
        from_on=seat.from_on,
        last_on=seat.to_on - timedelta(days=1) if seat.to_on else None,
        ended_reason=seat.ended_reason,
        is_running=seat.from_on <= on and (seat.to_on is None or on < seat.to_on),
        acts=seat.account_id in acting,
    )


def sitting_in(organisation_ids: list[int], on: date) -> list[Seat]:
    """Who sits in these bodies on a day, with account and body."""
    rows = Seat.objects.filter(in_force(on), organisation_id__in=organisation_ids)
    return list(rows.select_related("organisation").order_by("organisation_id", "from_on", "id"))
