"""Who votes with what: units gathered into owner groups, one head each, with the area of all their units."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from linli.ground.kernel.errors import Invalid

Holder = Literal["owner", "developer"]


class Unit(NamedTuple):
    """One exclusive part on the roll. ``owners`` are sorted and distinct; areas in 0.01 m²."""

    row: int
    code: str
    area_dm2: int
    owners: tuple[str, ...]
    holder: str
    parking_area_dm2: int = 0


@dataclass(slots=True)
class Roll:
    """The voting rights. Group ``g`` is one head with ``areas[g]``; ``owners[g]`` may vote for it.

    A group is a distinct set of owners: one buyer of several units is one head, so is a developer with all
    its unsold and undelivered units (each distinct developer id one head); the area of all units counts.
    Source: 建筑物区分所有权解释第八条、第九条.
    """

    owners: list[tuple[str, ...]]
    areas: list[int]
    group_of_unit: dict[str, int]
    total_area_dm2: int
    outside: frozenset[str]
    warnings: tuple[str, ...]

    @property
    def total_heads(self) -> int:
        """One head for each group."""
        return len(self.areas)

    def units_of(self) -> list[list[str]]:
        """The unit codes of every group."""
        units: list[list[str]] = [[] for _ in self.areas]
        for code, group in self.group_of_unit.items():
            units[group].append(code)
        return units


def build_roll(
    units: Iterable[Unit], *, scope: Collection[str] | None = None, count_parking_area: bool = False
) -> Roll:
    """The voting rights of these units, or of those in ``scope`` (列支范围).

    Refuses a scope that names a unit which is not on the roll, and a roll without any unit.
    """
    listed = list(units)
    inside = listed if scope is None else [unit for unit in listed if unit.code in scope]
    index: dict[tuple[str, ...], int] = {}
    groups = [index.setdefault(unit.owners, len(index)) for unit in inside]
    areas = [0] * len(index)
    for group, unit in zip(groups, inside, strict=True):
        areas[group] += unit.area_dm2
    if count_parking_area:
        for group, unit in zip(groups, inside, strict=True):
            areas[group] += unit.parking_area_dm2
    group_of_unit = dict(zip([unit.code for unit in inside], groups, strict=True))
    _check_scope(scope, group_of_unit)
    outside = (
        frozenset(unit.code for unit in listed if unit.code not in group_of_unit) if scope else frozenset()
    )
    joint = sum(unit.holder == "developer" and len(unit.owners) > 1 for unit in inside)
    return Roll(list(index), areas, group_of_unit, sum(areas), outside, _warnings(index, joint))


def _check_scope(scope: Collection[str] | None, group_of_unit: dict[str, int]) -> None:
    missing = [code for code in scope or () if code not in group_of_unit]
    if missing:
        raise Invalid(
            "scope_unknown_unit",
            "列支范围里的“{unit_code}”不在名册上{more}。",
            unit_code=missing[0],
            more=f"（这样的共 {len(missing)} 套）" if len(missing) > 1 else "",
        )
    if not group_of_unit:
        raise Invalid("roll_empty", "名册里没有任何房屋，无法计票。")


def _warnings(groups: Collection[tuple[str, ...]], joint_developers: int) -> tuple[str, ...]:
    warnings = []
    both = sorted({owner for group in groups if len(group) > 1 for owner in group if (owner,) in groups})
    if both:
        warnings.append(
            f"有 {len(both)} 名业主既单独拥有房屋，又与他人共有房屋（如 {both[0]}），按不同的产权人组分别计一人；"
            "议事规则另有约定的从其约定。"
        )
    if joint_developers:
        warnings.append(f"有 {joint_developers} 套房屋由几家建设单位共同持有，这几家合计一人。")
    return tuple(warnings)


def building_of(unit_code: str) -> str:
    """The building a unit lies in: its code up to the first ``-``."""
    return unit_code.partition("-")[0]
