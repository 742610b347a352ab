"""How places stand inside one another, and how they are named and sorted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, natural_key

MAY_STAND_IN: dict[str, frozenset[str]] = {
    "district": frozenset(),
    "subdistrict": frozenset({"district"}),
    "community": frozenset({"subdistrict"}),
    "compound": frozenset({"community", "subdistrict"}),
    "building": frozenset({"compound"}),
    "entrance": frozenset({"building"}),
    "area": frozenset({"compound", "building"}),
}
"""Which kind of place may stand in which; a district stands in nothing."""


def may_hold(kind: str) -> list[str]:
    """The kinds of places that may stand in one of this kind."""
    return [inner for inner, outer in MAY_STAND_IN.items() if kind in outer]


def require_fits(kind: str, parent_kind: str | None) -> None:
    """Refuse a place that stands where its kind cannot stand, e.g. an entrance without a building."""
    allowed = MAY_STAND_IN.get(kind)
    if allowed is None:
        raise Invalid("place_kind_missing", "请选要登记的是哪一种地方。", field="kind")
    if parent_kind is None and not allowed:
        return
    if parent_kind not in allowed:
        raise Invalid("place_does_not_fit", "这一级地方不能放在那里，请检查上级选得对不对。", field="parent")


def child_path(parent_path: str, key: int) -> str:
    """The path of a place: its parent's path and its own id."""
    return f"{parent_path or '/'}{key}/"


def covers(outer_path: str, inner_path: str) -> bool:
    """Whether a place covers another: itself or something above it."""
    return inner_path.startswith(outer_path)


def sort_key(parent_key: str, name: str) -> str:
    """The key that sorts a place within its tree as people read: 2号楼 before 10号楼."""
    return f"{parent_key}{natural_key(name)}/"[-240:]


_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")


def clean_slug(text: str) -> str:
    """The address word of a compound; lower-case letters, digits and hyphens, 3 to 40 long."""
    slug = fold(text).lower()
    if not _SLUG.fullmatch(slug) or "--" in slug:
        raise Invalid(
            "slug_bad", "网址用 3 到 40 个小写字母、数字或短横线，以字母开头，例如 longqi。", field="slug"
        )
    return slug


def clean_name(text: str, *, field: str = "name", limit: int = 60) -> str:
    """A name without odd blanks; refuses an empty or overlong one."""
    name = fold(text)
    if not name:
        raise Invalid("name_missing", "请写名称。", field=field)
    if len(name) > limit:
        raise Invalid("name_too_long", "名称最多 {limit} 个字，请写短些。", field=field, limit=limit)
    return name


_CODE = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿-]*")


def clean_code(text: str, *, field: str = "code", limit: int = 24) -> str:
    """A short code as on doors and labels (3, 3-2, B1-017); refuses blanks and odd signs."""
    code = fold(text).replace(" ", "").replace("—", "-").replace("–", "-")
    if not code or len(code) > limit or not _CODE.fullmatch(code):
        raise Invalid(
            "code_bad", "编号只用汉字、字母、数字和短横线，最多 {limit} 个字符。", field=field, limit=limit
        )
    return code


def code_of(name: str, limit: int = 24) -> str:
    """The code of a place that was given none: its name without the signs that codes do not have."""
    code = re.sub(r"[^0-9A-Za-z一-鿿-]+", "", fold(name)).strip("-")[:limit]
    if not code:
        raise Invalid("name_unreadable", "名称里至少要有一个汉字、字母或数字。", field="name")
    return code


def unit_label(place_name: str, number: str) -> str:
    """How a unit is called: the entrance's or building's name and the number on the door."""
    return f"{place_name}{number}"


def entrance_name(building_name: str, number: str) -> str:
    """How an entrance is called: 3号楼2单元."""
    return f"{building_name}{number}单元"


class Standing(NamedTuple):
    """A place with the units that stand directly at it."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    units: int = 0
    area_dm2: int = 0
    without_area: int = 0


@dataclass(slots=True)
class Branch:
    """A place with everything inside it; the numbers are those of the whole branch."""

    place: Standing
    units: int
    area_dm2: int
    without_area: int
    inside: list[Branch] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """How many places of a kind stand in the branch, itself left out."""
        return sum((one.place.kind == kind) + one.count(kind) for one in self.inside)


def branches(places: Iterable[Standing]) -> list[Branch]:
    """Places as a tree with sums; brothers keep their order, and each stands once, whatever the order.

    A place whose parent is not among them stands at the top.
    """
    found = {place.id: Branch(place, *place[4:]) for place in places}
    tops: list[Branch] = []
    for branch in found.values():
        parent = found.get(branch.place.parent_id or 0)
        (parent.inside if parent else tops).append(branch)
    for top in tops:
        _sum_up(top)
    return tops


def _sum_up(branch: Branch) -> None:
    for one in branch.inside:
        _sum_up(one)
        branch.units += one.units
        branch.area_dm2 += one.area_dm2
        branch.without_area += one.without_area
