"""The tree above the compounds, as the district and the sub-districts read it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from linli.ground.kernel.errors import NotFound
from linli.registry.places.domain import tree
from linli.registry.places.domain.tree import Branch
from linli.registry.places.models import Place, PlaceKind, Unit
from linli.registry.places.queries._finding import compounds_within

ABOVE = (PlaceKind.DISTRICT, PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY, PlaceKind.COMPOUND)


def authority(place_id: int) -> Place:
    """A district, sub-district, community or compound, in use or not. Refuses what stands inside a compound."""
    found = Place.objects.select_related("parent").filter(pk=place_id, kind__in=ABOVE).first()
    if found is None:
        raise NotFound("no_such_place", "没有找到这个区、街道、社区或小区。")
    return found


def tops(paths: Collection[str]) -> list[Place]:
    """The places with these paths, without those that another of them covers."""
    highest = [path for path in set(paths) if not any(path != one and path.startswith(one) for one in paths)]
    return list(Place.objects.filter(path__in=highest, kind__in=ABOVE).order_by("sort_key", "id"))


def above_of(place: Place) -> list[Place]:
    """What a place stands in, from the district down to its parent."""
    keys = [int(key) for key in place.path.strip("/").split("/")[:-1]]
    return sorted(Place.objects.filter(pk__in=keys), key=lambda one: len(one.path))


def compounds_branch(top: Place) -> Branch:
    """A place above the compounds with all that stands in it down to the compounds, and their units; two queries."""
    open_units = Unit.objects.filter(compound__path__startswith=top.path, closed_on=None)
    counted = {
        row["compound_id"]: (row["units"], row["area"], row["without"])
        for row in open_units.values("compound_id").annotate(
            units=Count("id"),
            area=Coalesce(Sum("area_dm2"), 0),
            without=Count("id", filter=Q(area_dm2=None)),
        )
    }
    inside = Q(path__startswith=top.path, kind__in=ABOVE, closed_on=None)
    rows = (
        Place.objects.filter(Q(pk=top.pk) | inside)
        .order_by("sort_key", "id")
        .values_list("id", "parent_id", "kind", "name")
    )
    found = tree.branches(tree.Standing(*row, *counted.get(row[0], (0, 0, 0))) for row in rows)
    return next(branch for branch in found if branch.place.id == top.pk)


def compounds_named(paths: Collection[str], words: str) -> QuerySet[Place]:
    """The open compounds below these paths whose name holds the words, with what they stand in."""
    return compounds_within(paths).filter(name__contains=words).select_related("parent")


def closed_in(place: Place) -> list[Place]:
    """What stood directly in a place and is no more, the last closed first."""
    return list(
        Place.objects.filter(parent=place, closed_on__isnull=False).order_by("-closed_on", "sort_key")
    )
