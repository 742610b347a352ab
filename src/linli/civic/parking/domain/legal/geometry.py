"""Shapes in metres and what is measured between them; shapely does the geometry.

Everything is measured on the polygon itself, never on its bounding box, to far less than a centimetre.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from linli.ground.kernel.errors import Invalid

try:
    import shapely
    from shapely.validation import explain_validity
except ImportError:  # an optional part; ``require`` says so before anything is measured
    shapely = None

Shape = Any
Point = tuple[float, float]
NOTHING_M = 1e-9


def require() -> None:
    """Refuse to measure where shapely is not installed."""
    if shapely is None:
        raise Invalid("no_shapely", "没有安装 shapely，量不了距离；请安装可选的 planning 部分。")


def point(at: Point) -> Shape:
    """A point."""
    return shapely.Point(at)


def line(corners: Sequence[Point]) -> Shape:
    """A line along the corners."""
    return shapely.LineString(corners)


def polygon(corners: Sequence[Point]) -> Shape:
    """A polygon; its corners are not repeated at the end."""
    return shapely.Polygon(corners)


def area_m2(shape: Shape) -> float:
    """The area in m²."""
    return float(shape.area)


def crossing(corners: Sequence[Point]) -> tuple[str, str] | None:
    """Where the outline crosses or touches itself; None when it is a proper polygon."""
    found = shapely.Polygon(corners)
    if found.is_valid and found.area > NOTHING_M:
        return None
    words = explain_validity(found).partition("[")[2].rstrip("]").split()
    x, y = words if len(words) == 2 else (corners[0][0], corners[0][1])
    return f"{float(x):.2f}", f"{float(y):.2f}"


def sides_m(shape: Shape) -> tuple[float, float]:
    """The short and the long side of the smallest rectangle around a shape."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(shape).exterior.coords)
    sides = np.hypot(*np.diff(corners[:3], axis=0).T)
    return float(sides.min()), float(sides.max())


def overlap_m(one: Shape, other: Shape) -> float:
    """How wide the overlap of two shapes is: the largest circle in it, by its diameter; 0 where they only touch.

    Where the other has no area (a line, a point) it is how deep it lies inside, doubled.
    """
    common = shapely.intersection(one, other)
    if common.is_empty:
        return 0.0
    if common.area > NOTHING_M:
        return 2 * float(shapely.maximum_inscribed_circle(common, tolerance=1e-4).length)
    return 2 * float(shapely.hausdorff_distance(common, one.exterior)) if common.within(one) else 0.0


def nearest(shapes: Sequence[Shape], others: Sequence[Shape]) -> tuple[list[int], list[float]]:
    """For each shape the nearest of the others: its place and the distance in metres."""
    tree = shapely.STRtree(others)
    (rows, found), distances = tree.query_nearest(shapes, return_distance=True, all_matches=False)
    order = np.argsort(rows, kind="stable")
    return [int(place) for place in found[order]], [float(metres) for metres in distances[order]]


def near(shapes: Sequence[Shape], others: Sequence[Shape], metres: float) -> list[tuple[int, int]]:
    """The pairs of places that are no further apart than so many metres."""
    tree = shapely.STRtree(others)
    rows, found = tree.query(shapes, predicate="dwithin", distance=metres)
    return sorted((int(row), int(place)) for row, place in zip(rows, found, strict=True))


def distance_m(one: Shape, other: Shape) -> float:
    """The distance in metres; 0 where they touch or overlap."""
    return float(one.distance(other))


def clear_widths_m(centre: Shape, width_m: float, bays: Sequence[Shape]) -> Iterator[tuple[int, float]]:
    """For each bay that stands in a lane the widest free way past it, at its narrowest, in metres.

    The lane is ``width_m`` wide along its centre line. Across it, at every station of a bay, the free way is the
    widest gap that all bays leave there; between corners gaps change evenly, so that corners and the stations where
    two gaps are equal are enough.
    """
    narrowest: dict[int, float] = {}
    for start, end in pairwise(centre.coords):
        for place, clear in _clear_in_segment(start, end, width_m, bays):
            narrowest[place] = min(clear, narrowest.get(place, width_m))
    yield from sorted(narrowest.items())


def _clear_in_segment(
    start: Point, end: Point, width_m: float, bays: Sequence[Shape]
) -> Iterator[tuple[int, float]]:
    origin, along = np.asarray(start), np.subtract(end, start)
    length = float(np.hypot(*along))
    along = along / length
    turn = np.array([[along[0], along[1]], [-along[1], along[0]]])
    strip = shapely.box(0.0, -width_m / 2, length, width_m / 2)
    inside = {}
    for place, bay in enumerate(bays):
        turned = shapely.transform(bay, lambda corners: (corners - origin) @ turn.T)
        part = shapely.intersection(turned, strip)
        if part.area > NOTHING_M:
            inside[place] = part
    for place, part in inside.items():
        first, _, last, _ = part.bounds
        neighbours = [
            other for other in inside.values() if other.bounds[0] <= last and other.bounds[2] >= first
        ]
        yield place, _narrowest(shapely.union_all(neighbours), first, last, width_m / 2)


def _narrowest(taken: Shape, first: float, last: float, half: float) -> float:
    """The least, over the stations, of the widest gap."""
    corners = shapely.get_coordinates(taken)[:, 0]
    stations = np.unique(np.concatenate(([first, last], corners[(corners > first) & (corners < last)])))
    least = 2 * half
    for one, other in pairwise(stations):
        inset = min(1e-7, (other - one) / 4)
        here, there = (_gaps(taken, station, half) for station in (one + inset, other - inset))
        least = min(least, max(here), max(there))
        if len(here) == len(there):
            least = min([least, *_equal_gaps(here, there)])
    return float(least)


def _equal_gaps(here: list[float], there: list[float]) -> Iterator[float]:
    """The widest gap wherever two gaps that change evenly are equal."""
    for one, other in combinations(range(len(here)), 2):
        apart, later = here[one] - here[other], there[one] - there[other]
        if apart * later < 0:
            share = apart / (apart - later)
            yield max(a + share * (b - a) for a, b in zip(here, there, strict=True))


def _gaps(taken: Shape, station: float, half: float) -> list[float]:
    """The free widths across the lane at a station, from one edge to the other."""
    cut = shapely.intersection(taken, shapely.LineString([(station, -half), (station, half)]))
    bounds = sorted(
        (part.bounds[1], part.bounds[3]) for part in shapely.get_parts(cut) if part.geom_type == "LineString"
    )
    edges = [-half, *(edge for pair in bounds for edge in pair), half]
    return [upper - lower for lower, upper in zip(edges[::2], edges[1::2], strict=True)]
