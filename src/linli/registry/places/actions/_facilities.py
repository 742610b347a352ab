"""Common facilities: registered one by one or in a row, corrected, retired, and brought back; never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.ground.db.locks import lock
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.kernel.text import fold
from linli.registry.places import policies, queries
from linli.registry.places.actions._recording import change
from linli.registry.places.domain import numbering, retiring, tree
from linli.registry.places.models import Facility, FacilityKind, Place, PlaceKind

LONGEST_SPOT = 120


@transaction.atomic
def add_facility(
    *, actor: Actor, place_id: int, kind: str, name: str, asset_no: str = "", spot: str = "", at: datetime
) -> Facility:
    """Register a common facility under its asset number, so that a QR label can be hung on it.

    Without a number it gets the next free one of its kind. Refuses a number that was given before, even if
    its facility is retired.
    """
    place, compound = _place(place_id)
    policies.require_may_keep(actor, compound.path)
    made = _new(compound, place, _kind(kind), tree.clean_name(name), _spot(spot))
    number = numbering.clean_number(asset_no) if asset_no.strip() else ""
    _hold(place, compound)
    _give_numbers(compound, [number or queries.next_number(compound.pk, kind)], [made], field="asset_no")
    made.save()
    journal.append(
        compound_id=compound.pk,
        stream=queries.stream_of(made),
        kind="facility.add",
        body={"facility": made.pk, "kind": kind, "asset_no": made.asset_no},
        rows=[made],
        by=actor,
        at=at,
    )
    return made


@transaction.atomic
def add_facilities(
    *,
    actor: Actor,
    place_id: int,
    kind: str,
    first_no: str,
    last_no: str,
    name: str,
    spot: str = "",
    at: datetime,
) -> list[Facility]:
    """Register a row of equal facilities, e.g. the lamps LD-01 to LD-60, in one act.

    Each is called by the name and its count: 东路路灯7号. Refuses the whole row if one number was given before.
    """
    place, compound = _place(place_id)
    policies.require_may_keep(actor, compound.path)
    numbers = numbering.series(first_no, last_no)
    called = tree.clean_name(name)
    names = [tree.clean_name(numbering.counted_name(called, number)) for number in numbers]
    made = [_new(compound, place, _kind(kind), one, _spot(spot)) for one in names]
    _hold(place, compound)
    _give_numbers(compound, numbers, made, field="first_no")
    Facility.objects.bulk_create(made)
    journal.append(
        compound_id=compound.pk,
        stream=queries.ROWS_STREAM,
        kind="facility.add_row",
        body={
            "kind": kind,
            "first": numbers[0],
            "last": numbers[-1],
            "facilities": [one.pk for one in made],
        },
        rows=made,
        by=actor,
        at=at,
    )
    return made


@transaction.atomic
def rename_facility(*, actor: Actor, facility_id: int, name: str, reason: str, at: datetime) -> Facility:
    """Give a facility another name, with a reason; its number stays."""
    facility = _locked(actor, facility_id)
    called = tree.clean_name(name)
    if called == facility.name:
        raise Invalid("nothing_changed", "名称和原来一样，没有要改的。", field="name")
    moves = [("name", facility.name, called)]
    facility.name = called
    return _keep(facility, "facility.rename", moves, reason=reason, actor=actor, at=at)


@transaction.atomic
def correct_facility_kind(
    *, actor: Actor, facility_id: int, kind: str, reason: str, at: datetime
) -> Facility:
    """Say that a facility is of another kind than was registered, with a reason."""
    facility = _locked(actor, facility_id)
    if _kind(kind) == facility.kind:
        raise Invalid("nothing_changed", "类别和原来一样，没有要改的。", field="kind")
    moves = [("kind", facility.kind, kind)]
    facility.kind = kind
    return _keep(facility, "facility.kind", moves, reason=reason, actor=actor, at=at)


@transaction.atomic
def relocate_facility(
    *, actor: Actor, facility_id: int, place_id: int, spot: str, reason: str, at: datetime
) -> Facility:
    """Say that a facility stands at another place or spot of the same compound, with a reason."""
    facility = _locked(actor, facility_id)
    place, compound = _place(place_id)
    if compound.pk != facility.compound_id:
        raise Invalid("place_elsewhere", "选的位置不在这个小区，请重新选。", field="place")
    _hold(place, compound)
    where = _spot(spot)
    moves = [("place", facility.place.name, place.name)] if place.pk != facility.place_id else []
    moves += [("spot", facility.spot, where)] if where != facility.spot else []
    if not moves:
        raise Invalid("nothing_changed", "位置和原来一样，没有要改的。", field="place")
    facility.place, facility.spot = place, where
    return _keep(facility, "facility.relocate", moves, reason=reason, actor=actor, at=at)


@transaction.atomic
def retire_facility(*, actor: Actor, facility_id: int, reason: str, on: date, at: datetime) -> Facility:
    """Retire a facility; its label answers from then on that it is out of use, and its number stays its own."""
    facility = _locked(actor, facility_id)
    if facility.retired_on is not None:
        raise Conflict("facility_retired", "这个设施已经停用了。")
    retiring.require_day(on, localdate(at))
    facility.retired_on = on
    moves = [("retired_on", "", on.isoformat())]
    return _keep(facility, "facility.retire", moves, reason=reason, actor=actor, at=at)


@transaction.atomic
def restore_facility(*, actor: Actor, facility_id: int, reason: str, at: datetime) -> Facility:
    """Take a retired facility into use again, under its old number. Refuses one whose place is no more."""
    facility = _locked(actor, facility_id)
    if facility.retired_on is None:
        raise Conflict("facility_in_use", "这个设施正在使用，不用恢复。")
    _hold(facility.place, facility.compound)
    moves = [("retired_on", facility.retired_on.isoformat(), "")]
    facility.retired_on = None
    return _keep(facility, "facility.restore", moves, reason=reason, actor=actor, at=at)


def _place(place_id: int) -> tuple[Place, Place]:
    """The place and its compound; refuses places above compounds and places that are no more."""
    place = queries.place(place_id)
    compound = place if place.kind == PlaceKind.COMPOUND else place.compound
    if compound is None:
        raise Invalid("facility_outside_compound", "设施要放在某个小区里面。", field="place")
    return place, compound


def _hold(place: Place, compound: Place) -> None:
    """Hold the place, which nobody closes meanwhile, and the compound, in which nobody else gives numbers.

    Refuses a place that is no more.
    """
    held = lock(Place.objects.filter(pk__in={place.pk, compound.pk}).order_by("pk"))
    if any(one.pk == place.pk and one.closed_on is not None for one in held):
        raise Conflict(
            "place_closed", "「{place}」已经注销，请先把设施挪到别的位置。", field="place", place=place.name
        )


def _kind(kind: str) -> str:
    if kind not in FacilityKind.values:
        raise Invalid("facility_kind_missing", "请选设施类别。", field="kind")
    return kind


def _spot(spot: str) -> str:
    where = fold(spot)
    if len(where) > LONGEST_SPOT:
        raise Invalid(
            "spot_too_long", "具体位置最多 {limit} 个字，请写短些。", field="spot", limit=LONGEST_SPOT
        )
    return where


def _new(compound: Place, place: Place, kind: str, name: str, spot: str) -> Facility:
    return Facility(compound=compound, place=place, kind=kind, name=name, spot=spot)


def _give_numbers(compound: Place, numbers: Sequence[str], made: Sequence[Facility], *, field: str) -> None:
    """Give the numbers while nobody else gives any in this compound: its row is locked by now."""
    taken = queries.taken_numbers(compound.pk, numbers)
    if len(taken) == 1:
        raise Conflict(
            "asset_no_taken", "设施编号「{number}」已经用过了，请换一个。", field=field, number=taken[0]
        )
    if taken:
        raise Conflict(
            "asset_numbers_taken",
            "有 {count} 个编号已经用过了：{numbers}。请换一段编号，这次一个也没有登记。",
            field=field,
            count=len(taken),
            numbers="、".join(taken[:5]) + ("……" if len(taken) > 5 else ""),
        )
    for one, number in zip(made, numbers, strict=True):
        one.asset_no, one.sort_key = number, numbering.sort_key(number)


def _locked(actor: Actor, facility_id: int) -> Facility:
    facility = lock(Facility.objects.filter(pk=facility_id).select_related("compound", "place")).first()
    if facility is None:
        raise NotFound("no_such_facility", "没有找到这个设施。")
    policies.require_may_keep(actor, facility.compound.path)
    return facility


Move = tuple[str, str, str]


def _keep(
    facility: Facility, kind: str, moves: Sequence[Move], *, reason: str, actor: Actor, at: datetime
) -> Facility:
    """Save a facility whose columns went from one value to another, and record it with the reason."""
    facility.save()
    changes = [
        change(facility, what, before=before, after=after, reason=reason, actor=actor, at=at)
        for what, before, after in moves
    ]
    journal.append(
        compound_id=facility.compound_id,
        stream=queries.stream_of(facility),
        kind=kind,
        body={"facility": facility.pk, "changes": [one.pk for one in changes]},
        rows=[facility, *changes],
        by=actor,
        at=at,
    )
    return facility
