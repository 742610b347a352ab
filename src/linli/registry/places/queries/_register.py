"""The register of a compound as its keepers read it: the tree with counts, the list of units, the sums."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from linli.ground.kernel.errors import NotFound
from linli.registry.places.domain import addresses, doors, tree
from linli.registry.places.domain.tree import Branch
from linli.registry.places.models import AreaSource, Facility, Place, PlaceKind, Unit, UnitKind
from linli.registry.places.queries._finding import units_of

WITHOUT_AREA, CLOSED = "no_area", "closed"
UNIT_KINDS = tuple((kind.value, str(kind.label)) for kind in UnitKind)
AREA_SOURCES = tuple((source.value, str(source.label)) for source in AreaSource)
PLACE_KINDS = {kind.value: str(kind.label) for kind in PlaceKind}
"""The words of the tables, in Chinese; faces say them in the reader's language."""
Key = list[str | int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list of units is narrowed to; an empty field narrows nothing."""

    words: str = ""
    inside: int | None = None
    kind: str = ""
    which: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many units a list holds, their area, and how many of them have none."""

    units: int
    area_dm2: int
    without_area: int


def branch_of(top: Place) -> Branch:
    """A compound, or a place in it, with all that stands inside and the units of each place; one query."""
    here = Q(units_here__closed_on=None)
    inside = Q(compound_id=top.compound_id or top.pk, path__startswith=top.path, closed_on=None)
    rows = (
        Place.objects.filter(Q(pk=top.pk) | inside)
        .annotate(
            units_count=Count("units_here", filter=here),
            area=Coalesce(Sum("units_here__area_dm2", filter=here), 0),
            without=Count("units_here", filter=here & Q(units_here__area_dm2=None)),
        )
        .order_by("sort_key", "id")
        .values_list("id", "parent_id", "kind", "name", "units_count", "area", "without")
    )
    found = tree.branches(tree.Standing(*row) for row in rows)
    return next(branch for branch in found if branch.place.id == top.pk)


def buildings_of(compound_id: int) -> QuerySet[Place]:
    """The buildings and common areas directly in a compound, in natural order."""
    kinds = (PlaceKind.BUILDING, PlaceKind.AREA)
    return Place.objects.filter(parent_id=compound_id, kind__in=kinds, closed_on=None).order_by(
        "sort_key", "id"
    )


def chosen_units(compound_id: int, wish: Wish) -> QuerySet[Unit]:
    """The units that fit the wish, in natural order; the list, the sums and the exports all come from here."""
    closed = wish.which == CLOSED
    found = (
        Unit.objects.filter(compound_id=compound_id, closed_on__isnull=False)
        if closed
        else units_of(compound_id)
    )
    if wish.which == WITHOUT_AREA:
        found = found.filter(area_dm2=None)
    if wish.kind in UnitKind.values:
        found = found.filter(kind=wish.kind)
    if wish.inside is not None:
        found = found.filter(place__path__startswith=_path(compound_id, wish.inside))
    if wish.words:
        found = found.filter(_written(wish.words))
    return found.select_related("place").order_by("sort_key", "id")


def _path(compound_id: int, place_id: int) -> str:
    inside = Q(pk=place_id) & (Q(pk=compound_id) | Q(compound_id=compound_id))
    path = Place.objects.filter(inside).values_list("path", flat=True).first()
    if path is None:
        raise NotFound("no_such_place", "这个小区里没有这个地方，请从清单重新选。")
    return path


def _written(words: str) -> Q:
    """3-2-501 and what begins with it; 501 behind any door; a part of the name on the door."""
    code = addresses.searched_code(words)
    fits = Q(code=code) | Q(code__startswith=f"{code}-") | Q(code__endswith=f"-{code}")
    return fits if code.isdigit() else fits | Q(label__icontains=words.replace(" ", ""))


def units_page(compound_id: int, wish: Wish, after: Key | None, before: Key | None, limit: int) -> list[Unit]:
    """The units that follow or precede a key, nearest first, for ``paging.page``."""
    found = chosen_units(compound_id, wish)
    if before is not None:
        return list(found.filter(_beyond("lt", before)).order_by("-sort_key", "-id")[:limit])
    return list((found.filter(_beyond("gt", after)) if after else found)[:limit])


def _beyond(side: str, key: Key) -> Q:
    order, pk = key
    return Q(**{f"sort_key__{side}": order}) | Q(sort_key=order, **{f"id__{side}": pk})


def sums(compound_id: int, wish: Wish) -> Sums:
    """The sums of exactly the units that the list of the same wish shows."""
    found = chosen_units(compound_id, wish).aggregate(
        units=Count("id"), area=Coalesce(Sum("area_dm2"), 0), without=Count("id", filter=Q(area_dm2=None))
    )
    return Sums(found["units"], found["area"], found["without"])


def unit_in(compound_id: int, unit_id: int) -> Unit:
    """A unit of the compound, also one that is no more; refuses those of other compounds."""
    found = (
        Unit.objects.select_related("place__parent", "compound")
        .filter(pk=unit_id, compound_id=compound_id)
        .first()
    )
    if found is None:
        raise NotFound("no_such_unit", "这个小区里没有这套房。")
    return found


def mark_of_area(unit: Unit) -> str:
    """A word for the area that is registered now: a form that carries an older one was filled in on older facts."""
    return _mark(unit.area_dm2, unit.area_source, unit.area_on)


def mark_of_use(unit: Unit) -> str:
    """The same for what the unit is used for and when it was handed over."""
    return _mark(unit.kind, unit.delivered_on)


def mark_of_number(unit: Unit) -> str:
    """The same for the number on the door and the code."""
    return _mark(unit.label, unit.code)


def _mark(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def number_of(unit: Unit) -> dict[str, str]:
    """The number on a unit's door, and its code where that does not follow from where the unit stands."""
    place = unit.place
    inside = place.kind != PlaceKind.COMPOUND
    number = doors.typed_number(unit.label, place.name) if inside else unit.label
    parent = place.parent.name if place.kind == PlaceKind.ENTRANCE and place.parent else ""
    follows = doors.code_behind(place.kind, place.name, parent, number) == unit.code
    return {"number": number, "code": "" if follows else unit.code}


def place_in(compound_id: int, place_id: int) -> Place:
    """A place inside the compound, also one that is no more; refuses those of other compounds."""
    found = (
        Place.objects.select_related("parent", "compound")
        .filter(pk=place_id, compound_id=compound_id)
        .first()
    )
    if found is None:
        raise NotFound("no_such_place", "这个小区里没有这个地方。")
    return found


def named_after(place: Place, name: str) -> tuple[list[Place], list[Unit]]:
    """What inside a building, an entrance or an area is called after it: entrances, and units by their labels."""
    if place.compound_id is None:
        return [], []
    inside = Place.objects.filter(path__startswith=place.path, name__startswith=name).exclude(pk=place.pk)
    homes = Unit.objects.filter(place__path__startswith=place.path, label__startswith=name)
    return list(inside.order_by("sort_key", "id")), list(homes.order_by("sort_key", "id"))


@dataclass(frozen=True, slots=True)
class Inside:
    """What is still in use directly in a place, and so keeps it from being closed."""

    places: list[Place]
    units: list[Unit]
    facilities: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it any more."""
        return not (self.places or self.units or self.facilities)


def standing_in(place: Place) -> Inside:
    """What is in use directly in a place, in natural order."""
    inside = Place.objects.filter(parent=place, closed_on=None).order_by("sort_key", "id")
    units = Unit.objects.filter(place=place, closed_on=None).order_by("sort_key", "id")
    facilities = Facility.objects.filter(place=place, retired_on=None).count()
    return Inside(list(inside), list(units), facilities)
