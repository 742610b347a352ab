"""Every write to places: founding, naming, correcting, closing; never deleting."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from django.db import transaction

from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.kernel.text import natural_key
from linli.registry.places import events, policies, queries
from linli.registry.places.domain import tree
from linli.registry.places.models import (
    AreaSource,
    Change,
    Facility,
    Place,
    PlaceKind,
    Unit,
    UnitKind,
)


@transaction.atomic
def found_place(
    *,
    actor: Actor,
    kind: str,
    name: str,
    code: str = "",
    parent_id: int | None = None,
    slug: str | None = None,
    at: datetime,
) -> Place:
    """Found a district, sub-district, community or compound, or a building, entrance or common area.

    Refuses a kind that does not fit its parent, a code that its parent has already, and an address
    that another compound has.
    """
    parent = queries.place(parent_id) if parent_id is not None else None
    tree.require_fits(kind, parent.kind if parent else None)
    compound = _compound_of(parent)
    if compound is None:
        policies.require_may_found(actor, kind, parent.path if parent else "")
    else:
        policies.require_may_keep(actor, compound.path)
    called = tree.clean_name(name)
    short = tree.clean_code(code or called)
    address = tree.clean_slug(slug or "") if kind == PlaceKind.COMPOUND else None
    _require_free(parent, short, address)
    place = Place.objects.create(
        parent=parent,
        compound=compound,
        kind=kind,
        name=called,
        code=short,
        path="",
        sort_key=tree.sort_key(parent.sort_key if parent else "", called),
        slug=address,
    )
    place.path = tree.child_path(parent.path if parent else "", place.pk)
    place.save(update_fields=["path"])
    journal.append(
        compound_id=place.log_id,
        stream=queries.stream_of(place),
        kind="place.found",
        body={"place": place.pk, "kind": kind, "parent": parent.pk if parent else 0},
        rows=[place],
        by=actor,
        at=at,
    )
    return place


def _compound_of(parent: Place | None) -> Place | None:
    if parent is None or parent.kind in (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY):
        return None
    return parent if parent.kind == PlaceKind.COMPOUND else parent.compound


def _require_free(parent: Place | None, code: str, slug: str | None) -> None:
    if Place.objects.filter(parent=parent, code=code).exists():
        raise Conflict(
            "code_taken", "这里已经有编号为「{taken}」的地方，请换一个编号。", field="code", taken=code
        )
    if slug is not None and Place.objects.filter(slug=slug).exists():
        raise Conflict("slug_taken", "网址「{slug}」已有别的小区在用，请换一个。", field="slug", slug=slug)


@transaction.atomic
def rename_place(*, actor: Actor, place_id: int, name: str, reason: str, at: datetime) -> Place:
    """Give a place another name, with a reason; its code and its units' codes stay."""
    place = queries.place(place_id)
    _require_may_touch(actor, place)
    before, old_name = journal.remember(place), place.name
    place.name = tree.clean_name(name)
    place.sort_key = tree.sort_key(place.parent.sort_key if place.parent else "", place.name)
    place.save()
    journal.append(
        compound_id=place.log_id,
        stream=queries.stream_of(place),
        kind="place.rename",
        body={"place": place.pk},
        rows=[
            place,
            change(place, "name", before=old_name, after=place.name, reason=reason, actor=actor, at=at),
        ],
        replaced=before,
        by=actor,
        at=at,
    )
    return place


@transaction.atomic
def close_place(*, actor: Actor, place_id: int, reason: str, on: date, at: datetime) -> Place:
    """Close a place that is no more, e.g. a demolished building; its history stays.

    Refuses while open places or units stand in it.
    """
    place = queries.place(place_id)
    _require_may_touch(actor, place)
    inside = Place.objects.filter(parent=place, closed_on=None).count()
    units = Unit.objects.filter(place=place, closed_on=None).count()
    if inside or units:
        raise Conflict(
            "place_not_empty",
            "里面还有 {inside} 处地方、{units} 户房屋在用，请先处理它们。",
            inside=inside,
            units=units,
        )
    before = journal.remember(place)
    place.closed_on = on
    place.save()
    journal.append(
        compound_id=place.log_id,
        stream=queries.stream_of(place),
        kind="place.close",
        body={"place": place.pk},
        rows=[
            place,
            change(place, "closed_on", before="", after=on.isoformat(), reason=reason, actor=actor, at=at),
        ],
        replaced=before,
        by=actor,
        at=at,
    )
    return place


def _require_may_touch(actor: Actor, place: Place) -> None:
    compound = place if place.kind == PlaceKind.COMPOUND else place.compound
    if compound is None:
        policies.require_may_found(actor, place.kind, place.path)
    else:
        policies.require_may_keep(actor, compound.path)


@transaction.atomic
def add_unit(
    *,
    actor: Actor,
    place_id: int,
    number: str,
    code: str,
    kind: str = UnitKind.HOME,
    area_dm2: int | None = None,
    area_source: str = AreaSource.UNKNOWN,
    area_on: date | None = None,
    delivered_on: date | None = None,
    at: datetime,
) -> Unit:
    """Register one exclusive part; ``area_dm2`` is the gross building area in 0.01 m².

    Refuses a place outside a compound and a code that the compound has already.
    """
    place = queries.place(place_id)
    compound = place if place.kind == PlaceKind.COMPOUND else place.compound
    if compound is None:
        raise Invalid("unit_outside_compound", "房屋要放在某个小区里面。", field="place")
    policies.require_may_keep(actor, compound.path)
    door, short = tree.clean_name(number, field="number", limit=24), tree.clean_code(code, limit=32)
    if Unit.objects.filter(compound=compound, code=short).exists():
        raise Conflict("unit_code_taken", "本小区已有房号「{taken}」，请检查。", field="code", taken=short)
    label = tree.unit_label("" if place.kind == PlaceKind.COMPOUND else place.name, door)
    unit = Unit.objects.create(
        compound=compound,
        place=place,
        kind=kind,
        code=short,
        label=label[:60],
        sort_key=natural_key(short)[:120],
        area_dm2=_area(area_dm2),
        area_source=area_source,
        area_on=area_on,
        delivered_on=delivered_on,
    )
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


def _area(area_dm2: int | None) -> int | None:
    if area_dm2 is not None and not 0 < area_dm2 < 100_000_000:
        raise Invalid("area_out_of_range", "面积应大于 0，小于 100 万平方米。", field="area")
    return area_dm2


@transaction.atomic
def correct_area(
    *, actor: Actor, unit_id: int, area_dm2: int, source: str, area_on: date, reason: str, at: datetime
) -> Unit:
    """Correct a unit's area with its source, date and reason; the log keeps what it was.

    Source of the order register – survey – contract: 建筑物区分所有权解释 art. 8.
    """
    unit = Unit.objects.select_for_update(of=("self",)).select_related("compound").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("no_such_unit", "没有找到这户房屋。")
    policies.require_may_correct_unit(actor, unit.compound.path)
    if source not in AreaSource.values:
        raise Invalid("area_source_missing", "请选面积来源：登记簿、测绘还是合同。", field="source")
    before_dm2, before = unit.area_dm2, journal.remember(unit)
    unit.area_dm2, unit.area_source, unit.area_on = _area(area_dm2), source, area_on
    unit.save()
    journal.append(
        compound_id=unit.compound_id,
        stream=queries.stream_of(unit),
        kind="unit.area",
        body={"unit": unit.pk, "before_dm2": before_dm2, "after_dm2": area_dm2},
        rows=[
            unit,
            change(
                unit,
                "area_dm2",
                before=str(before_dm2 or ""),
                after=str(area_dm2),
                reason=reason,
                actor=actor,
                at=at,
            ),
        ],
        replaced=before,
        by=actor,
        at=at,
    )
    bus.publish(events.UnitAreaCorrected(unit.pk, unit.compound_id, before_dm2, area_dm2, at))
    return unit


def change(
    row: Place | Unit | Facility,
    what: str,
    *,
    before: str,
    after: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Change:
    """Keep the reason beside what changed; the log commits to it and shows none of it."""
    words = " ".join(reason.split())[:200]
    if not words:
        raise Invalid("reason_missing", "请写明原因，会留在记录里。", field="reason")
    return Change.objects.create(
        compound_id=row.log_id or None,
        subject=type(row).__name__.lower(),
        key=row.pk,
        what=what,
        before=before,
        after=after,
        reason=words,
        account_id=actor.account_id,
        at=at,
        salt=secrets.token_bytes(16),
    )
