"""What is still missing, and in which buildings the owners live who have not taken part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from linli.civic.voting.domain.entitlement import Roll, building_of
from linli.civic.voting.domain.tally import Result
from linli.ground.kernel.text import natural_key


@dataclass(slots=True)
class Building:
    """One building. Heads are owner groups with a unit in it; a group in two buildings stands in both.

    Areas are of the units in this building. Silent is who has neither a choice nor a conflict to settle.
    """

    code: str
    total_area_dm2: int = 0
    participating_area_dm2: int = 0
    silent_area_dm2: int = 0
    unsettled_area_dm2: int = 0
    groups: set[int] = field(default_factory=set)
    participating_groups: set[int] = field(default_factory=set)
    silent_groups: set[int] = field(default_factory=set)
    unsettled_groups: set[int] = field(default_factory=set)
    silent_units: list[str] = field(default_factory=list)
    unsettled_units: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gap:
    """The buildings in natural order, and the fewest of them (most silent area first) that could close the gap."""

    buildings: tuple[Building, ...]
    suggested: tuple[str, ...]
    in_several_buildings: int


def find_gap(result: Result, roll: Roll, unit_areas: dict[str, int]) -> Gap:
    """Where the missing area and heads could come from. ``unit_areas`` in 0.01 m², as counted."""
    unsettled = {conflict.group for conflict in result.standing.conflicts} | result.standing.invalid_groups
    buildings: dict[str, Building] = {}
    for code, group in roll.group_of_unit.items():
        building = buildings.setdefault(building_of(code), Building(building_of(code)))
        area = unit_areas[code]
        building.total_area_dm2 += area
        building.groups.add(group)
        if group in result.standing.choices:
            building.participating_area_dm2 += area
            building.participating_groups.add(group)
        elif group in unsettled:
            building.unsettled_area_dm2 += area
            building.unsettled_groups.add(group)
            building.unsettled_units.append(code)
        else:
            building.silent_area_dm2 += area
            building.silent_groups.add(group)
            building.silent_units.append(code)
    ordered = sorted(buildings.values(), key=lambda building: (natural_key(building.code), building.code))
    for building in ordered:
        building.silent_units.sort(key=natural_key)
        building.unsettled_units.sort(key=natural_key)
    homes = Counter(group for building in ordered for group in building.groups)
    several = sum(number > 1 for number in homes.values())
    return Gap(tuple(ordered), tuple(_fewest(result, roll, ordered)), several)


def _fewest(result: Result, roll: Roll, buildings: Iterable[Building]) -> list[str]:
    """Buildings to visit, the most silent area first, until area and heads would do; none if nothing would."""
    area, heads = result.missing.area_dm2, result.missing.heads
    if area is None or heads is None or result.passed:
        return []
    chosen: list[str] = []
    reached: set[int] = set()
    by_size = sorted(buildings, key=lambda building: -building.silent_area_dm2)
    for building in by_size:
        if not building.silent_groups - reached:
            continue
        reached |= building.silent_groups
        chosen.append(building.code)
        if sum(roll.areas[group] for group in reached) >= area and len(reached) >= heads:
            return chosen
    return []
