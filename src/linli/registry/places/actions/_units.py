"""The units behind the doors: added, corrected, closed when they are no more, and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.area import format_area
from linli.ground.kernel.errors import Conflict, Invalid
from linli.ground.kernel.text import natural_key
from linli.registry.places import events, policies, queries
from linli.registry.places.actions._recording import (
    changes,
    clean_reason,
    differences,
    held_place,
    held_unit,
    keys,
    require_closed,
    require_open,
    unless_taken,
)
from linli.registry.places.domain import areas, doors, tree
from linli.registry.places.models import AreaSource, Place, PlaceKind, Unit, UnitKind

LONGEST_LABEL = 60


@transaction.atomic
def add_unit(
    *,
    actor: Actor,
    place_id: int,
    number: str,
    code: str = "",
    kind: str = UnitKind.HOME,
    area_dm2: int | None = None,
    area_source: str = AreaSource.UNKNOWN,
    area_on: date | None = None,
    delivered_on: date | None = None,
    sure: bool = False,
    at: datetime,
) -> Unit:
    """Register one exclusive part; ``area_dm2`` is the gross building area in 0.01 m².

    Without a code it gets the one that follows from building, entrance and number. Refuses a place outside
    a compound, a code that the compound has already, and an odd area unless one is ``sure`` of it.
    """
    place = held_place(place_id)
    compound = _compound_of(place)
    policies.require_may_keep(actor, compound.path)
    require_open(place)
    label, short = _named(place, number, code)
    unit = Unit(
        compound=compound,
        place=place,
        kind=_kind(kind),
        code=short,
        label=label,
        sort_key=_sort_key(short),
        delivered_on=areas.require_past(delivered_on, localdate(at), field="delivered_on"),
    )
    if area_dm2 is not None:
        _require_believable(unit, area_dm2, area_source, sure=sure)
        unit.area_dm2, unit.area_source = area_dm2, area_source
        unit.area_on = areas.require_past(area_on, localdate(at), field="area_on")
    with unless_taken(lambda: _require_free(compound, short)):
        unit.save()
    journal.append(
        compound_id=compound.pk,
        stream=queries.stream_of(unit),
        kind="unit.add",
        body={"unit": unit.pk},
        rows=[unit],
        by=actor,
        at=at,
    )
    return unit


def _compound_of(place: Place) -> Place:
    compound = place if place.kind == PlaceKind.COMPOUND else place.compound
    if compound is None:
        raise Invalid("unit_outside_compound", "房屋要放在某个小区里面。", field="place")
    return compound


def _named(place: Place, number: str, code: str) -> tuple[str, str]:
    """The label on the door and the code of a unit at this place."""
    door = tree.clean_name(number, field="number", limit=24)
    label = tree.unit_label("" if place.kind == PlaceKind.COMPOUND else place.name, door)
    if len(label) > LONGEST_LABEL:
        raise Invalid(
            "label_too_long", "楼栋名加门牌超过 {limit} 个字，请写短些。", field="number", limit=LONGEST_LABEL
        )
    parent = place.parent if place.kind == PlaceKind.ENTRANCE else None
    made = code or doors.code_behind(place.kind, place.name, parent.name if parent else "", door)
    return label, tree.clean_code(made, field="code" if code else "number", limit=32)


def _sort_key(code: str) -> str:
    return natural_key(code)[:120]


def _kind(kind: str) -> str:
    if kind not in UnitKind.values:
        raise Invalid("unit_kind_missing", "请选用途：住宅、商铺、车库、储藏室还是其他。", field="kind")
    return kind


def _require_free(compound: Place, code: str, *, but: int = 0) -> None:
    standing = Unit.objects.filter(compound=compound, code=code).exclude(pk=but).first()
    if standing is not None and standing.closed_on is not None:
        raise Conflict(
            "unit_code_closed",
            "本小区曾有房号「{taken}」，已经注销。是同一套房就恢复它；不是就换一个房号。",
            field="code",
            taken=code,
        )
    if standing is not None:
        raise Conflict("unit_code_taken", "本小区已有房号「{taken}」，请检查。", field="code", taken=code)


def _require_believable(unit: Unit, area_dm2: int, source: str, *, sure: bool) -> None:
    """Refuse an area that cannot be, and an odd one as long as nobody is sure of it."""
    areas.require_possible(area_dm2)
    if source != AreaSource.UNKNOWN:
        areas.require_source(source)
    odd = areas.doubt(
        kind=unit.kind,
        before_dm2=unit.area_dm2,
        after_dm2=area_dm2,
        before_source=unit.area_source,
        source=source,
    )
    if odd is not None and not sure:
        raise odd


@transaction.atomic
def correct_area(
    *,
    actor: Actor,
    unit_id: int,
    area_dm2: int,
    source: str,
    area_on: date,
    reason: str,
    sure: bool = False,
    seen: str | None = None,
    at: datetime,
) -> Unit:
    """Correct a unit's area with its source, date and reason; the log keeps what it was.

    ``seen`` is the mark of the area that the clerk had before them (``queries.mark_of_area``); None when
    nobody looked. Refuses an area that somebody changed since, one that cannot be, one without a source,
    and an odd one unless somebody is ``sure`` of it.
    Source of the order register, survey, contract: 建筑物区分所有权解释 art. 8.
    """
    unit = held_unit(unit_id)
    policies.require_may_correct_unit(actor, unit.compound.path)
    require_open(unit)
    _require_seen(seen, queries.mark_of_area(unit), _area_changed(unit))
    areas.require_source(source)
    areas.require_past(area_on, localdate(at), field="area_on")
    before_dm2 = unit.area_dm2
    _require_believable(unit, area_dm2, source, sure=sure)
    _rewrite(
        unit,
        {"area_dm2": area_dm2, "area_source": source, "area_on": area_on},
        kind="unit.area",
        more={"before_dm2": before_dm2, "after_dm2": area_dm2},
        reason=reason,
        actor=actor,
        at=at,
    )
    bus.publish(events.UnitAreaCorrected(unit.pk, unit.compound_id, before_dm2, area_dm2, at))
    return unit


def _area_changed(unit: Unit) -> Conflict:
    if unit.area_dm2 is None:
        return Conflict("area_changed_meanwhile", "面积刚刚被别人清空了，请核对您填的面积，再提交一次。")
    return Conflict(
        "area_changed_meanwhile",
        "面积刚刚被别人改过，现在登记的是 {area} 平方米，请核对您填的面积，再提交一次。",
        area=format_area(unit.area_dm2),
    )


def _require_seen(seen: str | None, now: str, refusal: Conflict) -> None:
    """Refuse when the clerk had something else before them; the refusal tells the form what is to be seen now."""
    if seen not in (None, now):
        refusal.data["seen"] = now
        raise refusal


@transaction.atomic
def correct_unit(
    *,
    actor: Actor,
    unit_id: int,
    kind: str,
    delivered_on: date | None,
    reason: str,
    seen: str | None = None,
    at: datetime,
) -> Unit:
    """Correct what a unit is used for and when it was handed over; both decide who pays and who votes.

    ``seen`` is the mark of what the clerk had before them (``queries.mark_of_use``). Refuses a use or a day
    that somebody changed since.
    """
    unit = held_unit(unit_id)
    policies.require_may_correct_unit(actor, unit.compound.path)
    require_open(unit)
    _require_seen(
        seen,
        queries.mark_of_use(unit),
        Conflict(
            "use_changed_meanwhile",
            "用途或交付日期刚刚被别人改过，现在登记的写在上面，请核对您填的，再提交一次。",
        ),
    )
    wanted = {
        "kind": _kind(kind),
        "delivered_on": areas.require_past(delivered_on, localdate(at), field="delivered_on"),
    }
    return _rewrite(unit, wanted, kind="unit.correct", reason=reason, actor=actor, at=at)


@transaction.atomic
def renumber_unit(
    *,
    actor: Actor,
    unit_id: int,
    number: str,
    code: str = "",
    reason: str,
    seen: str | None = None,
    at: datetime,
) -> Unit:
    """Correct the number on the door and the code of a unit that were entered wrongly; both stay in the history.

    Without a code it gets the one that follows from building, entrance and number. ``seen`` is the mark of
    what the clerk had before them (``queries.mark_of_number``). Refuses a code that the compound has
    already, and a number that somebody changed since. Whatever hangs on the unit (people, requests, votes)
    knows it by its key and stays.
    """
    standing = Unit.objects.filter(pk=unit_id).first()
    place = held_place(standing.place_id) if standing else None
    unit = held_unit(unit_id)
    policies.require_may_keep(actor, unit.compound.path)
    require_open(unit)
    _require_seen(
        seen,
        queries.mark_of_number(unit),
        Conflict(
            "number_changed_meanwhile",
            "这套房的门牌刚刚被别人改过，现在是“{label}”（房号 {number}），请核对您填的，再提交一次。",
            label=unit.label,
            number=unit.code,
        ),
    )
    label, short = _named(place or unit.place, number, code)
    with unless_taken(lambda: _require_free(unit.compound, short, but=unit.pk)):
        unit.sort_key = _sort_key(short)
        wanted = {"label": label, "code": short}
        return _rewrite(unit, wanted, kind="unit.renumber", reason=reason, actor=actor, at=at)


@transaction.atomic
def close_unit(*, actor: Actor, unit_id: int, on: date, reason: str, at: datetime) -> Unit:
    """Close a unit that is no more, or that was entered by mistake; its history stays.

    Whoever knows of people or matters behind that door refuses by the event.
    """
    unit = held_unit(unit_id)
    policies.require_may_correct_unit(actor, unit.compound.path)
    require_open(unit)
    areas.require_past(on, localdate(at), field="on")
    bus.publish(events.UnitClosing(unit.pk, unit.compound_id, at))
    return _rewrite(unit, {"closed_on": on}, kind="unit.close", reason=reason, actor=actor, at=at)


@transaction.atomic
def reopen_unit(*, actor: Actor, unit_id: int, reason: str, at: datetime) -> Unit:
    """Bring a unit back that was closed by mistake. Refuses while the place it stands in is closed."""
    unit = held_unit(unit_id)
    policies.require_may_correct_unit(actor, unit.compound.path)
    require_closed(unit)
    require_open(held_place(unit.place_id))
    return _rewrite(unit, {"closed_on": None}, kind="unit.reopen", reason=reason, actor=actor, at=at)


def _rewrite(
    unit: Unit,
    wanted: Mapping[str, object],
    *,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
    more: Mapping[str, object] | None = None,
) -> Unit:
    """Write columns of a unit, and record the act with what they were."""
    clean_reason(reason)
    before = differences(unit, wanted)
    replaced = journal.remember(unit)
    for name, value in wanted.items():
        setattr(unit, name, value)
    unit.save()
    lines = changes(unit, before, reason=reason, actor=actor, at=at)
    journal.append(
        compound_id=unit.compound_id,
        stream=queries.stream_of(unit),
        kind=kind,
        body={"unit": unit.pk, "changes": keys(lines), **(more or {})},
        rows=[unit, *lines],
        replaced=replaced,
        by=actor,
        at=at,
    )
    return unit
