"""Where the homes of a roll stand: places that are there, and buildings and compounds to be founded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold
from linli.registry.people.domain.roll import CompoundName, RollHome
from linli.registry.places import actions as places
from linli.registry.places import queries
from linli.registry.places.domain import doors, tree

_INSIDE = """
SELECT p.id, p.parent_id, p.compound_id, p.kind, p.name, p.path, p.sort_key, p.code, p.closed_on FROM places_place p
WHERE p.compound_id {these} AND p.kind IN ('building', 'entrance') ORDER BY length(p.path), p.id
"""
_ABOVE = """
SELECT id, parent_id, kind, name, path, sort_key FROM places_place
WHERE kind IN ('district', 'subdistrict', 'community', 'compound') AND closed_on IS NULL ORDER BY id
"""
UNNAMED_DISTRICT = "本区"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is there: id, name, path, sort key."""

    id: int
    name: str
    path: str
    sort_key: str


@dataclass(slots=True)
class Standing:
    """The places of some compounds by building code and entrance code; ("", "") is the compound itself.

    ``founded`` are compounds that this act founds, ``new`` the places to be written, ``taken`` the codes
    (by parent) of places that are no more.
    """

    spots: dict[int, dict[tuple[str, str], Spot]] = field(default_factory=dict)
    old: set[int] = field(default_factory=set)
    founded: set[int] = field(default_factory=set)
    new: list[places.NewPlace] = field(default_factory=list)
    taken: set[tuple[int, str]] = field(default_factory=set)


def standing_places(compound_ids: Collection[int]) -> Standing:
    """The buildings and entrances of compounds that stand already."""
    standing = Standing(old=set(compound_ids))
    for compound in queries.compounds_by_id(compound_ids):
        spot = Spot(compound.pk, compound.name, compound.path, compound.sort_key)
        standing.spots[compound.pk] = {("", ""): spot}
    codes: dict[int, tuple[str, str]] = {}
    for place_id, parent_id, compound_id, kind, name, path, sort_key, code, closed in _rows(
        _INSIDE, compound_ids
    ):
        if closed is not None:
            standing.taken.add((parent_id, code))
            continue
        key = (doors.building_code(name), "")
        if kind == "building":
            codes[place_id] = (key[0], name)
        else:
            building, called = codes.get(parent_id, ("", ""))
            key = (building, doors.entrance_code(called, name))
        standing.spots[compound_id].setdefault(key, Spot(place_id, name, path, sort_key))
    return standing


def _rows(statement: str, compound_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    keys = list(compound_ids)
    if not keys:
        return []
    is_postgres = connection.vendor == "postgresql"
    these = "= ANY(%s)" if is_postgres else f"IN ({', '.join(['%s'] * len(keys))})"
    return all_rows(statement.format(these=these), [keys] if is_postgres else keys)


def found_compounds(
    actor: Actor, names: Sequence[CompoundName], at: datetime
) -> tuple[Mapping[CompoundName, int], Standing]:
    """The compounds of these names: those that stand, and new ones in their communities.

    Sub-districts and communities that are missing are founded too, each as an act of its own. Refuses a
    missing compound without a community, and a name that fits several.
    """
    above = _Above(actor, at)
    found: dict[CompoundName, int | None] = {name: above.compound(name) for name in names}
    standing = standing_places([key for key in found.values() if key is not None])
    missing = [name for name, key in found.items() if key is None]
    parents = [above.community(name) for name in missing]
    for name, parent, key in zip(missing, parents, queries.new_place_ids(len(missing)), strict=True):
        called = tree.clean_name(name.compound)
        spot = Spot(key, called, tree.child_path(parent.path, key), tree.sort_key(parent.sort_key, called))
        standing.spots[key] = {("", ""): spot}
        standing.founded.add(key)
        standing.new.append(
            places.NewPlace(
                key, parent.id, None, "compound", called, called[:24], spot.path, spot.sort_key, f"xq{key}"
            )
        )
        found[name] = key
    return {name: key for name, key in found.items() if key is not None}, standing


class _Above:
    """Districts, sub-districts, communities and compounds by their names."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        rows = all_rows(_ABOVE)
        self.spots = {row[0]: Spot(row[0], row[3], row[4], row[5]) for row in rows}
        self.children: dict[tuple[int | None, str, str], list[int]] = {}
        for key, parent_id, kind, name, *_ in rows:
            self.children.setdefault((parent_id, kind, fold(name)), []).append(key)
        self.by_name: dict[str, list[tuple[int, int | None]]] = {}
        for key, parent_id, kind, name, *_ in rows:
            if kind == "compound":
                self.by_name.setdefault(fold(name), []).append((key, parent_id))
        self.districts = [row[0] for row in rows if row[2] == "district"]

    def compound(self, name: CompoundName) -> int | None:
        """The compound of a name, in its community when one is told; None when there is none."""
        found = [
            key
            for key, parent_id in self.by_name.get(name.compound, ())
            if not name.community or parent_id is None or self.spots[parent_id].name == name.community
        ]
        if len(found) > 1:
            raise Invalid("compound_ambiguous", "有几个小区都叫「{name}」，请写明社区。", name=name.compound)
        return found[0] if found else None

    def community(self, name: CompoundName) -> Spot:
        """The community of a new compound, founded if it is missing."""
        if not name.community:
            raise Invalid(
                "no_such_compound", "没有找到小区「{name}」。新小区要写明街道和社区。", name=name.compound
            )
        if not name.subdistrict:
            known = [key for (_, kind, word), keys in self.children.items() for key in keys
                     if kind == "community" and word == name.community]  # fmt: skip
            if len(known) == 1:
                return self.spots[known[0]]
            raise Invalid("subdistrict_missing", "小区「{name}」没有写明街道。", name=name.compound)
        subdistrict = self._child(self._district(), "subdistrict", name.subdistrict)
        return self._child(subdistrict, "community", name.community)

    def _district(self) -> Spot:
        if not self.districts:
            self.districts.append(self._found(None, "district", UNNAMED_DISTRICT).id)
        return self.spots[self.districts[0]]

    def _child(self, parent: Spot, kind: str, name: str) -> Spot:
        known = self.children.get((parent.id, kind, name))
        return self.spots[known[0]] if known else self._found(parent.id, kind, name)

    def _found(self, parent_id: int | None, kind: str, name: str) -> Spot:
        made = places.found_place(actor=self.actor, kind=kind, name=name, parent_id=parent_id, at=self.at)
        self.spots[made.pk] = Spot(made.pk, made.name, made.path, made.sort_key)
        self.children.setdefault((parent_id, kind, fold(name)), []).append(made.pk)
        return self.spots[made.pk]


def found_inside(standing: Standing, homes: Mapping[int, Sequence[RollHome]]) -> None:
    """Add the buildings and entrances that these new homes need to ``standing.new``, parents first."""
    buildings: dict[tuple[int, str], RollHome] = {}
    entrances: dict[tuple[int, str, str], RollHome] = {}
    for compound_id, mine in homes.items():
        spots = standing.spots[compound_id]
        for home in mine:
            if home.building and (home.building, "") not in spots:
                buildings.setdefault((compound_id, home.building), home)
            if home.building and home.entrance and (home.building, home.entrance) not in spots:
                entrances.setdefault((compound_id, home.building, home.entrance), home)
    for (compound_id, code), key in zip(buildings, queries.new_place_ids(len(buildings)), strict=True):
        name = buildings[compound_id, code].building_name
        _add(standing, key, ("building", name), above=(compound_id, "", ""), at=(code, ""))
    for (compound_id, code, entrance), key in zip(
        entrances, queries.new_place_ids(len(entrances)), strict=True
    ):
        name = tree.entrance_name(standing.spots[compound_id][code, ""].name, entrance)
        _add(standing, key, ("entrance", name), above=(compound_id, code, ""), at=(code, entrance))


def _add(
    standing: Standing,
    key: int,
    called: tuple[str, str],
    *,
    above: tuple[int, str, str],
    at: tuple[str, str],
) -> None:
    kind, name = called
    compound_id, *codes = above
    parent = standing.spots[compound_id][codes[0], codes[1]]
    spot = Spot(key, name, tree.child_path(parent.path, key), tree.sort_key(parent.sort_key, name))
    standing.spots[compound_id][at] = spot
    code = name[:24] if (parent.id, name[:24]) not in standing.taken else f"{name[:12]}-{key}"
    standing.new.append(
        places.NewPlace(key, parent.id, compound_id, kind, name, code, spot.path, spot.sort_key, None)
    )
