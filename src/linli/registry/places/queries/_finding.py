"""Finding places, units and facilities by what is known of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from linli.ground.db.bulk import reserve_ids
from linli.ground.db.statements import one_row
from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.kernel.text import fold
from linli.registry.places.domain import addresses
from linli.registry.places.models import Facility, Place, PlaceKind, Unit


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is, resolved and checked: a place of the compound, perhaps a unit or a facility."""

    place: Place
    unit_id: int | None = None
    facility_id: int | None = None


_COLUMNS = [field.attname for field in Place._meta.concrete_fields]
_ONE = f"SELECT {', '.join(_COLUMNS)} FROM places_place WHERE "


def _one(condition: str, value: int | str) -> Place | None:
    """The place that fits; by a statement written out, for every page of a compound asks for it first."""
    row = one_row(_ONE + condition, [value])
    return None if row is None else Place.from_db(connection.alias, _COLUMNS, _read(row))


def _read(row: Sequence[Any]) -> list[Any]:
    """SQLite hands days over as text."""
    return [
        date.fromisoformat(value) if name == "closed_on" and isinstance(value, str) else value
        for name, value in zip(_COLUMNS, row, strict=True)
    ]


def compound(compound_id: int) -> Place:
    """The compound with this id; refuses what is no open compound."""
    found = _one("id = %s AND kind = 'compound'", compound_id)
    if found is None:
        raise NotFound("no_such_compound", "没有找到这个小区。")
    return found


def compound_by_slug(slug: str) -> Place:
    """The compound of an address; refuses unknown ones."""
    found = _one("slug = %s AND kind = 'compound' AND closed_on IS NULL", slug)
    if found is None:
        raise NotFound("no_such_compound", "没有找到这个小区，请检查网址。")
    return found


def open_compounds() -> QuerySet[Place]:
    """All compounds in use, in natural order."""
    return Place.objects.filter(kind=PlaceKind.COMPOUND, closed_on=None).order_by("sort_key", "id")


def districts() -> QuerySet[Place]:
    """The districts that there are, in the order in which they were founded."""
    return Place.objects.filter(kind=PlaceKind.DISTRICT).order_by("pk")


def places_of(compound_id: int) -> QuerySet[Place]:
    """The buildings, entrances and common areas of a compound, in natural order."""
    return Place.objects.filter(compound_id=compound_id, closed_on=None).order_by("sort_key", "id")


def units_of(compound_id: int) -> QuerySet[Unit]:
    """The units of a compound that exist now, in natural order."""
    return Unit.objects.filter(compound_id=compound_id, closed_on=None).order_by("sort_key", "id")


def resolve_spot(
    *,
    compound: Place,
    place_id: int | None = None,
    unit_id: int | None = None,
    facility_id: int | None = None,
) -> Spot:
    """Check that place, unit and facility belong to the compound, and fill in the place they stand at."""
    if facility_id is not None:
        facility = Facility.objects.select_related("place").filter(pk=facility_id, compound=compound).first()
        if facility is None:
            raise _elsewhere()
        return Spot(facility.place, facility_id=facility.pk)
    if unit_id is not None:
        unit = Unit.objects.select_related("place").filter(pk=unit_id, compound=compound).first()
        if unit is None:
            raise _elsewhere()
        return Spot(unit.place, unit_id=unit.pk)
    if place_id is None:
        raise Invalid("place_missing", "请选一下在哪里，师傅好找到。", field="place")
    if place_id == compound.pk:
        return Spot(compound)
    return Spot(place_inside(compound_id=compound.pk, place_id=place_id))


def _elsewhere() -> Invalid:
    return Invalid("place_elsewhere", "选的位置不在这个小区，请重新选。", field="place")


def place_inside(*, compound_id: int, place_id: int) -> Place:
    """The compound itself or a place in it; refuses places elsewhere."""
    found = _one("id = %s AND closed_on IS NULL", place_id)
    if found is None or compound_id not in (found.pk, found.compound_id):
        raise _elsewhere()
    return found


def place(place_id: int) -> Place:
    """A place by its id, with its parent and compound; refuses unknown ones."""
    found = Place.objects.select_related("parent", "compound").filter(pk=place_id).first()
    if found is None:
        raise NotFound("no_such_place", "没有找到这个地方。")
    return found


def units_by_id(unit_ids: Collection[int]) -> QuerySet[Unit]:
    """These units in natural order."""
    return Unit.objects.filter(pk__in=unit_ids).order_by("sort_key", "id")


def compounds_by_id(compound_ids: Collection[int]) -> QuerySet[Place]:
    """These compounds, in natural order."""
    return open_compounds().filter(pk__in=compound_ids)


def search_compounds(words: str, limit: int = 50) -> QuerySet[Place]:
    """Compounds whose name holds the words; the first ones when there are none."""
    found = open_compounds()
    return (found.filter(name__contains=words) if words else found).select_related("parent")[:limit]


def compound_id_by_slug(slug: str) -> int | None:
    """The id of the compound with this address word, also of a closed one; None for others."""
    return Place.objects.filter(slug=slug, kind=PlaceKind.COMPOUND).values_list("pk", flat=True).first()


def unit_by_code(compound_id: int, code: str) -> Unit:
    """The unit of a compound by its code as people write it: 3-2-501, ３号楼２单元５０１."""
    written = [addresses.searched_code(code), fold(code)]
    found = units_of(compound_id).filter(code__in=written).select_related("compound").first()
    if found is None:
        raise Invalid(
            "no_such_unit", "没有找到这个房号。请按“楼-单元-室”写，例如 3-2-501。", field="unit_code"
        )
    return found


def authorities_under(path: str) -> QuerySet[Place]:
    """The district, streets and communities at this path or under it, in natural order."""
    kinds = (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY)
    return Place.objects.filter(path__startswith=path, kind__in=kinds, closed_on=None).order_by(
        "sort_key", "id"
    )


def compounds_within(paths: Collection[str]) -> QuerySet[Place]:
    """The open compounds at or below places with these paths, in their natural order."""
    inside = Q()
    for path in paths:
        inside |= Q(path__startswith=path)
    return open_compounds().filter(inside) if paths else Place.objects.none()


def new_place_ids(count: int) -> Sequence[int]:
    """So many ids for places that an act of this transaction is going to write."""
    return reserve_ids(Place, count)


def new_unit_ids(count: int) -> Sequence[int]:
    """So many ids for units that an act of this transaction is going to write."""
    return reserve_ids(Unit, count)


def filled_units(compound_id: int, leaf: int) -> int:
    """How many units still stand as the bulk act at this leaf wrote them."""
    return Unit.objects.filter(compound_id=compound_id, leaf=leaf).count()
