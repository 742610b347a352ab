"""The common facilities: the list of their keepers, what a label says, the next number."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Q, QuerySet

from linli.ground.kernel.errors import Invalid, NotFound
from linli.ground.kernel.text import fold
from linli.registry.places.domain import numbering
from linli.registry.places.models import Facility, FacilityKind, Place

IN_USE, RETIRED, ALL = "", "retired", "all"
FACILITY_KINDS = tuple((kind.value, str(kind.label)) for kind in FacilityKind)
"""The words of the table, in Chinese; faces say them in the reader's language."""
Key = list[str | int]


@dataclass(frozen=True, slots=True)
class FacilityWish:
    """What the list of facilities is narrowed to; an empty field narrows nothing but ``which``: those in use."""

    words: str = ""
    kind: str = ""
    inside: int | None = None
    which: str = IN_USE
    keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many facilities of a kind a list holds."""

    kind: str
    label: str
    count: int


def facilities_of(compound_id: int) -> QuerySet[Facility]:
    """The common facilities in use, by asset number as people count."""
    return Facility.objects.filter(compound_id=compound_id, retired_on=None).order_by("sort_key", "id")


def facilities_inside(place: Place) -> int:
    """How many facilities are in use at a place and at all that stands in it."""
    return facilities_of(place.compound_id or place.pk).filter(place__path__startswith=place.path).count()


def facility_by_number(compound_id: int, asset_no: str) -> Facility:
    """The facility behind a label, scanned or typed, in use or not; refuses a number that was never given."""
    written = fold(asset_no).replace(" ", "")
    found = (
        Facility.objects.filter(compound_id=compound_id, asset_no__in={written, written.upper()})
        .select_related("place")
        .first()
    )
    if found is None:
        raise NotFound(
            "no_such_facility", "这个小区没有这个设施编号。请看清标签再扫一次，或者直接反映、写明位置。"
        )
    return found


def facility_in(compound_id: int, facility_id: int) -> Facility:
    """A facility of the compound, also a retired one; refuses those of other compounds."""
    found = (
        Facility.objects.filter(pk=facility_id, compound_id=compound_id)
        .select_related("place", "compound")
        .first()
    )
    if found is None:
        raise NotFound("no_such_facility", "这个小区里没有这个设施。")
    return found


def chosen_facilities(compound_id: int, wish: FacilityWish) -> QuerySet[Facility]:
    """The facilities that fit the wish, by number; list, counts, exports and labels all come from here."""
    found = Facility.objects.filter(compound_id=compound_id)
    if wish.which != ALL:
        found = found.filter(retired_on__isnull=wish.which != RETIRED)
    if wish.kind:
        found = found.filter(kind=wish.kind)
    if wish.keys:
        found = found.filter(pk__in=wish.keys)
    if wish.inside is not None:
        found = found.filter(place__path__startswith=_path(compound_id, wish.inside))
    for word in fold(wish.words).split():
        found = found.filter(
            Q(asset_no__icontains=word)
            | Q(name__icontains=word)
            | Q(spot__icontains=word)
            | Q(place__name__icontains=word)
        )
    return found.select_related("place").order_by("sort_key", "id")


def _path(compound_id: int, place_id: int) -> str:
    inside = Q(pk=place_id) & (Q(pk=compound_id) | Q(compound_id=compound_id))
    path = Place.objects.filter(inside).values_list("path", flat=True).first()
    if path is None:
        raise NotFound("no_such_place", "这个小区里没有这个地方，请从清单重新选。")
    return path


def facilities_page(
    compound_id: int, wish: FacilityWish, after: Key | None, before: Key | None, limit: int
) -> list[Facility]:
    """The facilities that follow or precede a key, nearest first, for ``paging.page``."""
    found = chosen_facilities(compound_id, wish)
    if before is not None:
        return list(found.filter(_beyond("lt", before)).order_by("-sort_key", "-id")[:limit])
    return list((found.filter(_beyond("gt", after)) if after else found)[:limit])


def labelled_page(
    compound_id: int, wish: FacilityWish, after: Key | None, before: Key | None, limit: int
) -> list[Facility]:
    """As ``facilities_page``, of those in use only: nobody hangs a label on what is out of use."""
    return facilities_page(compound_id, replace(wish, which=IN_USE), after, before, limit)


def _beyond(side: str, key: Key) -> Q:
    order, pk = str(key[0]), key[-1]
    if len(key) != 2 or not isinstance(pk, int):
        raise Invalid("bad_cursor", "这个翻页地址不完整。请回到列表第一页再翻。")
    return Q(**{f"sort_key__{side}": order}) | Q(sort_key=order, **{f"id__{side}": pk})


def kind_counts(compound_id: int, wish: FacilityWish) -> list[KindCount]:
    """How many there are of each kind, whatever kind the wish names; in the order of the table of kinds."""
    found = chosen_facilities(compound_id, replace(wish, kind="")).order_by()
    counts = dict(found.values_list("kind").annotate(count=Count("id")))
    return [KindCount(kind, label, counts[kind]) for kind, label in FACILITY_KINDS if kind in counts]


def next_number(compound_id: int, kind: str) -> str:
    """The number to propose for a new facility of this kind."""
    numbers = list(Facility.objects.filter(compound_id=compound_id).values_list("kind", "asset_no"))
    taken = {number for _kind, number in numbers}
    return numbering.next_number(kind, (number for one, number in numbers if one == kind), taken)


def taken_numbers(compound_id: int, numbers: Iterable[str]) -> list[str]:
    """Those of the numbers that the compound has given already, to whatever and whenever."""
    wanted: Collection[str] = list(numbers)
    found = Facility.objects.filter(compound_id=compound_id, asset_no__in=wanted)
    return list(found.order_by("sort_key").values_list("asset_no", flat=True))
