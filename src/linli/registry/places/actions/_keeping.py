"""The places themselves: founded, named, closed when they are no more, and brought back; never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.ground.db.bulk import update_each
from linli.ground.journal import actions as journal
from linli.ground.journal.domain.entries import Replaced
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict
from linli.registry.places import policies, queries
from linli.registry.places.actions._recording import (
    changes,
    clean_reason,
    differences,
    held_place,
    keys,
    require_closed,
    require_open,
    unless_taken,
)
from linli.registry.places.domain import areas, doors, tree
from linli.registry.places.models import Change, Facility, Place, PlaceKind, Unit


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

    A building is named as people count (3, 3栋 and 3# are 3号楼), an entrance after its building. Refuses a
    kind that does not fit its parent, a closed parent, a code that its parent has already, and an address
    that another compound has.
    """
    parent = held_place(parent_id) if parent_id is not None else None
    compound = _compound_of(parent)
    _require_may_set(actor, kind, parent, compound)
    tree.require_fits(kind, parent.kind if parent else None)
    if parent is not None:
        require_open(parent)
    called = doors.usual_name(kind, tree.clean_name(name), parent.name if parent else "")
    short = tree.clean_code(code) if code.strip() else tree.code_of(called)
    address = tree.clean_slug(slug or "") if kind == PlaceKind.COMPOUND else None
    place = Place(
        parent=parent,
        compound=compound,
        kind=kind,
        name=called,
        code=short,
        path="",
        sort_key=tree.sort_key(parent.sort_key if parent else "", called),
        slug=address,
    )
    with unless_taken(lambda: _require_free(parent, short, address)):
        place.save()
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


def _require_may_set(actor: Actor, kind: str, parent: Place | None, compound: Place | None) -> None:
    """Whoever may found such a place there may also rename and close it."""
    if compound is None:
        policies.require_may_found(actor, kind, parent.path if parent else "")
    else:
        policies.require_may_keep(actor, compound.path)


def _compound_of(parent: Place | None) -> Place | None:
    if parent is None or parent.kind in (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY):
        return None
    return parent if parent.kind == PlaceKind.COMPOUND else parent.compound


def _require_free(parent: Place | None, code: str, slug: str | None) -> None:
    standing = Place.objects.filter(parent=parent, code=code).first()
    if standing is not None and standing.closed_on is not None:
        raise Conflict(
            "code_closed",
            "这里曾有「{name}」，已经注销。是同一个地方就恢复它；不是就换一个名称。",
            field="name",
            name=standing.name,
        )
    if standing is not None:
        raise Conflict(
            "code_taken", "这里已经有「{name}」，请检查，或者换一个名称。", field="name", name=standing.name
        )
    if slug is not None and Place.objects.filter(slug=slug).exists():
        raise Conflict("slug_taken", "网址「{slug}」已有别的小区在用，请换一个。", field="slug", slug=slug)


@transaction.atomic
def rename_place(*, actor: Actor, place_id: int, name: str, reason: str, at: datetime) -> Place:
    """Give a place another name, with a reason; its code and its units' codes stay.

    What is called after it goes along: the entrances of a building, and the labels of the units inside.
    """
    place = held_place(place_id)
    _require_may_set(actor, place.kind, place.parent, place.compound)
    require_open(place)
    clean_reason(reason)
    before = differences(place, {"name": tree.clean_name(name)})
    old, new = place.name, tree.clean_name(name)
    replaced = journal.remember(place)
    place.name = new
    inside, homes = queries.named_after(place, old)
    replaced += journal.remember_many(Place, [one.pk for one in inside], log_id=place.log_id)
    replaced += journal.remember_many(Unit, [one.pk for one in homes], log_id=place.log_id)
    place.save()
    lines = changes(place, before, reason=reason, actor=actor, at=at)
    for one in inside:
        lines += _call_after(one, "name", old, new, reason=reason, actor=actor, at=at)
    for home in homes:
        lines += _call_after(home, "label", old, new, reason=reason, actor=actor, at=at)
    _sort_anew(place)
    rows: list[Place | Unit | Change] = [place, *inside, *homes, *lines]
    _record(place, "place.rename", rows, lines, replaced=replaced, by=actor, at=at)
    return place


def _call_after(
    row: Place | Unit, column: str, old: str, new: str, *, reason: str, actor: Actor, at: datetime
) -> list[Change]:
    """Let a remembered row whose name begins with the old name begin with the new one."""
    word = getattr(row, column)
    setattr(row, column, tree.clean_name(new + word.removeprefix(old)))
    row.leaf = None
    row.save(update_fields=[column])
    return changes(row, {column: word}, reason=reason, actor=actor, at=at)


def _sort_anew(top: Place) -> None:
    """Give a place and everything inside it the sort keys that follow from the names."""
    above = top.parent.sort_key if top.parent else ""
    inside = Place.objects.filter(path__startswith=top.path).values_list("id", "parent_id", "name", "path")
    found: dict[int | None, str] = {top.parent_id: above}
    for pk, parent_id, name, _path in sorted(inside, key=lambda row: row[3].count("/")):
        found[pk] = tree.sort_key(found[parent_id], name)
    del found[top.parent_id]
    update_each(Place, ["sort_key"], [(pk, [key]) for pk, key in found.items() if pk is not None])
    top.sort_key = found[top.pk]


@transaction.atomic
def close_place(*, actor: Actor, place_id: int, reason: str, on: date, at: datetime) -> Place:
    """Close a place that is no more, e.g. a demolished building; its history stays.

    Refuses while open places, units or facilities stand in it.
    """
    place = held_place(place_id)
    _require_may_set(actor, place.kind, place.parent, place.compound)
    require_open(place)
    areas.require_past(on, localdate(at), field="on")
    inside = Place.objects.filter(parent=place, closed_on=None).count()
    units = Unit.objects.filter(place=place, closed_on=None).count()
    facilities = Facility.objects.filter(place=place, retired_on=None).count()
    if inside or units or facilities:
        raise Conflict(
            "place_not_empty",
            "里面还有 {inside} 处地方、{units} 套房屋、{facilities} 件设施在用，请先处理它们。",
            inside=inside,
            units=units,
            facilities=facilities,
        )
    return _rewrite(place, "place.close", on, reason=reason, actor=actor, at=at)


@transaction.atomic
def reopen_place(*, actor: Actor, place_id: int, reason: str, at: datetime) -> Place:
    """Bring a place back that was closed by mistake. Refuses while what it stands in is closed."""
    place = held_place(place_id)
    _require_may_set(actor, place.kind, place.parent, place.compound)
    require_closed(place)
    if place.parent is not None:
        require_open(place.parent)
    return _rewrite(place, "place.reopen", None, reason=reason, actor=actor, at=at)


def _rewrite(
    place: Place, kind: str, closed_on: date | None, *, reason: str, actor: Actor, at: datetime
) -> Place:
    before = differences(place, {"closed_on": closed_on})
    replaced = journal.remember(place)
    place.closed_on = closed_on
    place.save()
    lines = changes(place, before, reason=reason, actor=actor, at=at)
    _record(place, kind, [place, *lines], lines, replaced=replaced, by=actor, at=at)
    return place


def _record(
    place: Place,
    kind: str,
    rows: Sequence[Place | Unit | Change],
    lines: Sequence[Change],
    *,
    replaced: Sequence[Replaced],
    by: Actor,
    at: datetime,
) -> None:
    journal.append(
        compound_id=place.log_id,
        stream=queries.stream_of(place),
        kind=kind,
        body={"place": place.pk, "changes": keys(lines)},
        rows=rows,
        replaced=replaced,
        by=by,
        at=at,
    )
