"""Who sits in a body: elected for a term, filled up, extended, left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.organisations import policies, queries
from linli.registry.organisations.actions._recording import Told, open_organisation, record
from linli.registry.organisations.domain import bodies, terms
from linli.registry.organisations.models import Organisation, Seat, Term
from linli.registry.people import queries as people

PARTY = "party_membership"
LONGEST_POSITION, LONGEST_MANDATE = 24, 80


@dataclass(frozen=True, slots=True)
class Elected:
    """One who was elected. ``mandate`` names the owner that is no human and sent this person."""

    account_id: int
    position: str
    mandate: str = ""


@transaction.atomic
def hold_election(
    *,
    actor: Actor,
    organisation_id: int,
    members: Sequence[Elected],
    from_on: date,
    to_on: date | None,
    basis: str,
    at: datetime,
) -> Term:
    """Enter an election: a new term with its members; the term that is running ends with it.

    Refuses a body without seats, an open or overlong term, too few or an even number of members by the
    rules of that day, one person twice, whoever owns nothing in the compound, and an election before the
    running term began.
    """
    organisation = _seated(actor, organisation_id)
    rule = queries.rule_of(organisation, from_on)
    until = terms.check_term(from_on, to_on, rule)
    terms.check_members([one.account_id for one in members], rule)
    for one in members:
        _require_may_sit(actor, organisation, one, from_on)
    why = bodies.reason(basis, field="basis")
    ended = _end_running(organisation, from_on)
    term = insert(
        Term(organisation=organisation, from_on=from_on, to_on=until, elected=len(members), basis=why)
    )
    seats = [_seat(organisation, term, one, from_on) for one in members]
    record(
        kind="seat.election",
        organisation=organisation,
        rows=[*ended, term, *seats],
        body={"term": term.pk, "members": len(seats)},
        told=_told(organisation, after=f"{from_on.isoformat()}—{until.isoformat()}", reason=why),
        by=actor,
        at=at,
    )
    return term


@transaction.atomic
def seat_member(
    *, actor: Actor, organisation_id: int, member: Elected, from_on: date, basis: str, at: datetime
) -> Seat:
    """Fill a vacant seat until the running term is over.

    Refuses a body without a running term, one whose seats are all taken, and whoever sits there already.
    """
    organisation = _seated(actor, organisation_id)
    _require_may_sit(actor, organisation, member, from_on)
    why = bodies.reason(basis, field="basis")
    term = queries.term_on(organisation.pk, from_on)
    if term is None:
        raise Conflict("no_term", "这一天没有在任的一届。请先登记选举。")
    sitting = Seat.objects.filter(queries.not_over(from_on), organisation=organisation)
    if sitting.filter(account_id=member.account_id).exists():
        raise Conflict("seated_already", "这个人已经在这个机构任职。", field="name")
    if sitting.count() >= term.elected:
        raise Conflict(
            "no_vacancy", "本届选出 {count} 个席位，现在没有空缺。", count=term.elected, field="position"
        )
    seat = _seat(organisation, term, member, from_on)
    record(
        kind="seat.take",
        organisation=organisation,
        rows=[seat],
        body={"seat": seat.pk},
        told=_told(organisation, after=f"{seat.position} {from_on.isoformat()}", reason=why),
        by=actor,
        at=at,
    )
    return seat


@transaction.atomic
def name_position(*, actor: Actor, seat_id: int, position: str, reason: str, at: datetime) -> Seat:
    """Give a seat another position, as after the first meeting that elects the chair (Qingdao 36)."""
    seat = _running_seat(actor, seat_id)
    before, seat.position = seat.position, _position(position)
    if before == seat.position:
        raise Conflict("nothing_changed", "没有改动。改好后再保存。")
    seat.save(update_fields=["position"])
    record(
        kind="seat.position",
        organisation=seat.organisation,
        rows=[seat],
        body={"seat": seat.pk},
        told=_told(seat.organisation, before=before, after=seat.position, reason=bodies.reason(reason)),
        by=actor,
        at=at,
    )
    return seat


@transaction.atomic
def leave_seat(*, actor: Actor, seat_id: int, on: date, reason: str, at: datetime) -> Seat:
    """End a seat before its term is over, with the reason. Refuses to prolong it, and to end it twice."""
    seat = _running_seat(actor, seat_id)
    if on <= seat.from_on:
        raise Invalid("term_ends_first", "离任日期要晚于就任日期。", field="on")
    if seat.to_on is not None and on > seat.to_on:
        raise Invalid(
            "term_prolonged", "离任日期不能晚于任期届满日期。延长任期请登记业主大会的决定。", field="on"
        )
    seat.to_on, seat.ended_reason = on, bodies.reason(reason)
    seat.save(update_fields=["to_on", "ended_reason"])
    record(
        kind="seat.leave",
        organisation=seat.organisation,
        rows=[seat],
        body={"seat": seat.pk},
        told=_told(seat.organisation, before=seat.position, after=on.isoformat(), reason=seat.ended_reason),
        by=actor,
        at=at,
    )
    return seat


@transaction.atomic
def extend_term(
    *, actor: Actor, organisation_id: int, to_on: date, basis: str, on: date, at: datetime
) -> Term:
    """Enter that the assembly extended the term that runs on a day. Refuses a second extension, and too long a one."""
    organisation = _seated(actor, organisation_id)
    term = queries.term_on(organisation.pk, on)
    if term is None:
        raise Conflict("no_term", "这一天没有在任的一届。请先登记选举。")
    if term.agreed_to_on is not None:
        raise Conflict("extended_already", "这一届已经延长过一次，请组织换届选举。")
    why, agreed = bodies.reason(basis, field="basis"), term.to_on
    terms.check_extension(agreed, to_on, queries.rule_of(organisation, on))
    if Term.objects.filter(organisation=organisation, from_on__gt=term.from_on, from_on__lt=to_on).exists():
        raise Conflict("elected_already", "已经登记了下一届的选举，不能再延长这一届。", field="to_on")
    seats = list(Seat.objects.filter(term=term, to_on=agreed, ended_reason="").order_by("pk"))
    term.agreed_to_on, term.to_on = agreed, to_on
    term.save(update_fields=["agreed_to_on", "to_on"])
    for seat in seats:
        seat.to_on = to_on
        seat.save(update_fields=["to_on"])
    record(
        kind="seat.extend",
        organisation=organisation,
        rows=[term, *seats],
        body={"term": term.pk},
        told=_told(organisation, before=agreed.isoformat(), after=to_on.isoformat(), reason=why),
        by=actor,
        at=at,
    )
    return term


@transaction.atomic
def erase_party_seats(*, actor: Actor, account_id: int, at: datetime) -> int:
    """Forget the seats of somebody who no longer agrees that their party membership is kept (PIPL 15, 47)."""
    rows = Seat.objects.filter(account_id=account_id, organisation__kind__in=bodies.PARTY_BODIES)
    seats = list(lock(rows.select_related("organisation").order_by("pk")))
    for seat in seats:
        key = seat.pk
        seat.delete()
        record(
            kind="seat.erase",
            organisation=seat.organisation,
            rows=[],
            removed=[(Seat, key)],
            body={"seat": key},
            told=Told(),
            by=actor,
            at=at,
        )
    return len(seats)


def _told(organisation: Organisation, *, before: str = "", after: str = "", reason: str = "") -> Told:
    """How the history tells it; of party bodies only that it happened, for a reason may name a person."""
    return Told() if organisation.kind in bodies.PARTY_BODIES else Told(before, after, reason)


def _seated(actor: Actor, organisation_id: int) -> Organisation:
    """The open body, for whoever enters its seats. Refuses a kind that has none."""
    organisation = open_organisation(organisation_id)
    policies.require_may_keep_seats(actor, kind=organisation.kind, place_path=organisation.place.path)
    if organisation.kind not in bodies.SEATED:
        raise Invalid("no_seats_here", "只有业委会和党组织有席位，这类机构没有。")
    return organisation


def _running_seat(actor: Actor, seat_id: int) -> Seat:
    """A seat that has not been left, its body locked. Refuses one that has."""
    known = Seat.objects.filter(pk=seat_id).values_list("organisation_id", flat=True).first()
    if known is None:
        raise NotFound("no_such_seat", "没有找到这个席位。")
    _seated(actor, known)
    seat = lock(Seat.objects.select_related("organisation__place").filter(pk=seat_id)).get()
    if seat.ended_reason:
        raise Conflict("seat_left_already", "这个席位已经登记过离任。")
    return seat


def _require_may_sit(actor: Actor, organisation: Organisation, one: Elected, on: date) -> None:
    """Refuse oneself, an unknown account, somebody who owns nothing here, and a party seat without consent."""
    policies.require_not_oneself(actor, one.account_id)
    acting = people.actor_of(one.account_id, on)
    if not acting.is_somebody:
        raise Invalid("no_such_account", "没有找到这个人的账号，可能已经停用或注销。", field="members")
    if organisation.kind in bodies.PARTY_BODIES:
        if not people.has_consent(one.account_id, PARTY):
            raise Conflict(
                "party_consent_missing",
                "登记党组织职务等于登记党员身份，要本人先在“我的—授权”里同意“登记我的党员身份”。",
                "个人信息保护法第二十八条、第二十九条",
                field="members",
            )
    elif not (acting.owns_in(organisation.place_id) or one.mandate.strip()):
        raise Invalid(
            "not_an_owner",
            "业委会成员要是本小区的业主；代表单位业主的，请写明授权的单位。",
            "《青岛市物业管理条例》第三十四条",
            field="members",
        )


def _end_running(organisation: Organisation, from_on: date) -> list[Term | Seat]:
    """The term and seats that the new election replaces. Refuses an election that is not later than theirs."""
    if Term.objects.filter(organisation=organisation, from_on__gte=from_on).exists():
        raise Conflict(
            "elected_later_already", "已经登记了同一天或更晚开始的一届，请核对日期。", field="from_on"
        )
    ended: list[Term | Seat] = [
        *Term.objects.filter(organisation=organisation, to_on__gt=from_on).order_by("pk"),
        *Seat.objects.filter(queries.not_over(from_on), organisation=organisation).order_by("pk"),
    ]
    for one in ended:
        one.to_on, one.ended_reason = from_on, "换届"
        one.save(update_fields=["to_on", "ended_reason"])
    return ended


def _seat(organisation: Organisation, term: Term, one: Elected, from_on: date) -> Seat:
    return insert(
        Seat(
            organisation=organisation,
            term=term,
            account_id=one.account_id,
            position=_position(one.position),
            mandate=bodies.written(one.mandate, what="授权单位", limit=LONGEST_MANDATE, field="mandate"),
            from_on=from_on,
            to_on=term.to_on,
        )
    )


def _position(text: str) -> str:
    return bodies.written(
        text, what="职务（如主任、委员）", limit=LONGEST_POSITION, field="position", required=True
    )
