"""Filling a compound by an import: many places and units as part of a bulk act that somebody else records.

These are no acts of their own: whoever calls them has checked the right to, holds the slots of the
journal, and closes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import ProtectedError

from linli.ground.db.bulk import copy_in, reserve_ids, update_each
from linli.ground.journal.actions import BulkSlot, remember_many
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict
from linli.registry.places.actions._recording import text
from linli.registry.places.models import Change, Place, PlaceKind, Unit

_PLACE = (
    "id",
    "parent_id",
    "compound_id",
    "kind",
    "name",
    "code",
    "path",
    "sort_key",
    "slug",
    "closed_on",
    "leaf",
)
_UNIT = (
    "id",
    "compound_id",
    "place_id",
    "kind",
    "code",
    "label",
    "sort_key",
    "area_dm2",
    "area_source",
    "area_on",
    "delivered_on",
    "closed_on",
    "leaf",
)
_CHUNK = 5000
T = TypeVar("T")


class NewPlace(NamedTuple):
    """A place to be written, with its id taken before; ``compound_id`` is None for a compound itself."""

    id: int
    parent_id: int
    compound_id: int | None
    kind: str
    name: str
    code: str
    path: str
    sort_key: str
    slug: str | None

    @property
    def log_id(self) -> int:
        """The log that records it."""
        return self.compound_id or self.id


class NewUnit(NamedTuple):
    """A unit to be written, with its id taken before. Days as ISO text."""

    id: int
    compound_id: int
    place_id: int
    kind: str
    code: str
    label: str
    sort_key: str
    area_dm2: int | None
    area_source: str
    area_on: str | None
    delivered_on: str | None


def copy_places(*, slots: Mapping[int, BulkSlot], places: Sequence[NewPlace]) -> None:
    """Write places, parents before children, each covered by the slot of its log."""
    assert Place.LOGGED == ("parent_id", "compound_id", "kind", "name", "path", "slug", "closed_on")
    for log_id, mine in _by_log((place.log_id, place) for place in places):
        rows = [(it.parent_id, it.compound_id, it.kind, it.name, it.path, it.slug, None) for it in mine]
        slots[log_id].add(Place, [it.id for it in mine], rows)
    copy_in(Place, _PLACE, ((*it, None, slots[it.log_id].index) for it in places))


def copy_units(*, slots: Mapping[int, BulkSlot], units: Sequence[NewUnit]) -> None:
    """Write units, each covered by the slot of its compound."""
    assert Unit.LOGGED[:5] == ("compound_id", "place_id", "kind", "code", "label")
    assert Unit.LOGGED[5:] == ("area_dm2", "area_source", "area_on", "delivered_on", "closed_on")
    copy_in(Unit, _UNIT, _unit_rows(slots, units))


def _unit_rows(slots: Mapping[int, BulkSlot], units: Sequence[NewUnit]) -> Iterator[tuple[Any, ...]]:
    """Rows while they are covered, so that the database takes them in meanwhile."""
    for log_id, mine in _by_log((unit.compound_id, unit) for unit in units):
        slots[log_id].add(Unit, [it.id for it in mine], [(*it[1:6], *it[7:], None) for it in mine])
        index = slots[log_id].index
        for it in mine:
            yield (*it, None, index)


def change_units(
    *, slot: BulkSlot, changes: Mapping[int, Mapping[str, object]], reason: str, actor: Actor, at: datetime
) -> dict[int, dict[str, object]]:
    """Change columns of units that stand already; returns what the columns were, by unit.

    Every changed column is a line in the history of its unit.
    """
    before: dict[int, dict[str, object]] = {}
    columns = ("kind", "area_dm2", "area_source", "area_on", "delivered_on")
    keys = sorted(changes)
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        old = {row["id"]: row for row in Unit.objects.filter(pk__in=some).values("id", *columns)}
        before |= {key: {name: _plain(old[key][name]) for name in changes[key]} for key in some}
        slot.take_out(remember_many(Unit, some, log_id=slot.log_id))
        rows = [
            (key, [*[changes[key].get(name, old[key][name]) for name in columns], slot.index]) for key in some
        ]
        update_each(Unit, [*columns, "leaf"], rows)
        written = Unit.objects.filter(pk__in=some).values_list("pk", *Unit.LOGGED)
        slot.add(Unit, [row[0] for row in written], [row[1:] for row in written])
        _tell(slot, {key: before[key] for key in some}, changes, reason=reason, actor=actor, at=at)
    return before


def _tell(
    slot: BulkSlot,
    before: Mapping[int, Mapping[str, object]],
    after: Mapping[int, Mapping[str, object]],
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Write what became of every column that is not what it was, covered by the same bulk act."""
    moves = [
        (key, name, text(old), text(_plain(after[key][name])))
        for key, columns in before.items()
        for name, old in columns.items()
    ]
    moves = [move for move in moves if move[2] != move[3]]
    lines = [
        Change(
            id=pk,
            compound_id=slot.log_id,
            subject="unit",
            key=key,
            what=what,
            before=old,
            after=new,
            reason=reason,
            account_id=actor.account_id,
            at=at,
            salt=secrets.token_bytes(16),
            leaf=slot.index,
        )
        for pk, (key, what, old, new) in zip(reserve_ids(Change, len(moves)), moves, strict=True)
    ]
    Change.objects.bulk_create(lines, batch_size=1000)
    rows = [[getattr(line, name) for name in Change.LOGGED] for line in lines]
    slot.add(Change, [line.pk for line in lines], rows)


def remove_filled(*, slot: BulkSlot, leaf: int, keep_units: Iterable[int]) -> tuple[int, int]:
    """Take back what a bulk act had written and nobody has touched since: its new units and places.

    Refuses when something else stands on them by now. Returns how many units and places went.
    """
    log_id, kept = slot.log_id, set(keep_units)
    units = [key for key in _covered_units(log_id, leaf) if key not in kept]
    inside = Place.objects.filter(compound_id=log_id, leaf=leaf)
    places = list(inside.values_list("pk", flat=True))
    try:
        _remove(slot, Unit, units)
        for kind in (PlaceKind.ENTRANCE, PlaceKind.BUILDING):
            _remove(slot, Place, list(inside.filter(kind=kind).values_list("pk", flat=True)))
    except ProtectedError as error:
        raise Conflict(
            "import_in_use", "这次导入的房屋或楼栋已经有诉求、认领等在用，不能整批撤销；请逐户更正。"
        ) from error
    return len(units), len(places)


def _covered_units(log_id: int, leaf: int) -> list[int]:
    return list(Unit.objects.filter(compound_id=log_id, leaf=leaf).values_list("pk", flat=True))


def _remove(slot: BulkSlot, model: type[Unit] | type[Place], keys: Sequence[int]) -> None:
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        slot.take_out(remember_many(model, some, log_id=slot.log_id))
        model._default_manager.filter(pk__in=some).delete()


def _by_log(rows: Iterable[tuple[int, T]]) -> Iterable[tuple[int, list[T]]]:
    found: dict[int, list[T]] = {}
    for log_id, row in rows:
        found.setdefault(log_id, []).append(row)
    return found.items()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
