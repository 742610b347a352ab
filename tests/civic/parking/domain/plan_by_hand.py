"""Every plan of a tiny question, tried one by one, by a program that shares nothing with the optimiser.

It reads the JSON itself, parks cars by successive shortest paths in plain Python, and takes the overstaying from the
binomial distribution of scipy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

from scipy.stats import binom

Values = tuple[float, float, float, float, float]
Plan = tuple[tuple[str, str, int], ...]
"""What is opened: place, hour plan or gate setting, bays."""

CLASSES = (("elderly", 200.0, 1.5, 2.0), ("other", 500.0, 1.0, 1.0))
FIRST = 1e7
TOLERANCE = 1e-6


def every_plan(spec: dict[str, Any]) -> dict[Plan, Values]:
    """The five values of every plan that keeps budget, exclusions and requirements."""
    park = _parking(spec)
    found: dict[Plan, Values] = {}
    for plan in _combinations(spec):
        violations, spill, cost = _plain_values(spec, plan)
        if cost <= spec["budget_fen"]:
            unmet, walking = park(plan)
            found[plan] = (violations, unmet, spill, walking, cost)
    return found


def least(values: list[Values]) -> Values:
    """The least of them, level by level, each level with the tolerance of floating point."""
    left = values
    for level in range(5):
        best = min(value[level] for value in left)
        left = [value for value in left if value[level] <= best + TOLERANCE * (1 + abs(best))]
    return left[0]


def _combinations(spec: dict[str, Any]) -> Iterator[Plan]:
    choices: list[list[tuple[str, str, int]]] = []
    for street in spec["streets"]:
        ways = [
            (street["id"], plan["id"], n) for plan in street["plans"] for n in range(1, street["bays"] + 1)
        ]
        choices.append(ways if street.get("required") else [(street["id"], "", 0), *ways])
    for lot in spec["lots"]:
        choices.append([(lot["id"], "", n) for n in range(_most(lot, spec["overstay_tolerance"]) + 1)])
    for gate in spec["gates"]:
        choices.append([(gate["id"], setting["id"], 0) for setting in gate["settings"]])
    for plan in product(*choices):
        opened = {place for place, _, n in plan if n}
        if all(len(opened.intersection(one["members"])) <= 1 for one in spec["exclusions"]):
            yield plan


def _most(lot: dict[str, Any], tolerance: float) -> int:
    nights, tolerated = lot["overstay"]["nights"], lot["overstay"]["tolerated_bays"]

    def chance(n: int) -> float:
        shares = [(night["overstayed"] + 0.5) / (night["parked"] + 1) for night in nights]
        return float(sum(binom.sf(tolerated, n, share) for share in shares) / len(shares))

    return max(n for n in range(lot["bays"] + 1) if n <= tolerated or chance(n) <= tolerance)


def _plain_values(spec: dict[str, Any], plan: Plan) -> tuple[float, float, float]:
    things = {one["id"]: one for one in (*spec["streets"], *spec["lots"], *spec["gates"])}
    violations, spill, cost = 0.0, 0.0, 0.0
    for place, way, n in plan:
        thing = things[place]
        if "settings" in thing:
            setting = next(one for one in thing["settings"] if one["id"] == way)
            spill += sum(max(0.0, chance - 0.05) for chance in setting["spillback"].values())
            cost += setting.get("cost_fen", 0)
        elif n:
            price = next(one for one in thing["plans"] if one["id"] == way) if "plans" in thing else thing
            cost += price["fixed_cost_fen"] + n * price["bay_cost_fen"]
            hit = len({one["bay"] for one in spec["findings"] if one["street"] == place})
            violations += max(0, n - (thing["bays"] - hit))
    return violations, spill, cost


def _parking(spec: dict[str, Any]) -> Any:
    periods = {period["id"]: period["hours"] for period in spec["periods"]}
    places = [*spec["streets"], *spec["lots"], *spec["existing"]]
    total = sum(day["weight"] for day in spec["scenarios"])
    homes = [(one["id"], *kind) for one in spec["buildings"] for kind in CLASSES]
    arcs = {
        (h, p): weight * place["walk_m"][building] - FIRST * heavy
        for h, (building, _, limit, heavy, weight) in enumerate(homes)
        for p, place in enumerate(places)
        if place["walk_m"].get(building, 1e9) <= limit
    }

    @cache
    def block(index: int, period: str, room: tuple[int, ...]) -> tuple[float, float]:
        day = spec["scenarios"][index]
        cars = [day["cars"][building][name][period] for building, name, _, _, _ in homes]
        served, paid = _shortest_paths(cars, list(room), arcs)
        missing = sum((n - s) * home[3] for n, s, home in zip(cars, served, homes, strict=True))
        weighted = sum(s * home[3] for s, home in zip(served, homes, strict=True))
        return missing * periods[period], paid + FIRST * weighted

    def park(plan: Plan) -> tuple[float, float]:
        unmet = walking = 0.0
        for period in periods:
            room = tuple(_room(place, plan, period) for place in places)
            for index, day in enumerate(spec["scenarios"]):
                short, walked = block(index, period, room)
                unmet += short * day["weight"] / total
                walking += walked * day["weight"] / total
        return unmet, walking

    return park


def _room(place: dict[str, Any], plan: Plan, period: str) -> int:
    if "plans" not in place and "overstay" not in place:
        return int(place["bays"])
    _, way, n = next(one for one in plan if one[0] == place["id"])
    if not n:
        return 0
    open_in = next(one for one in place["plans"] if one["id"] == way) if "plans" in place else place
    return n if period in open_in["periods"] else 0


def _shortest_paths(
    cars: list[int], room: list[int], costs: dict[tuple[int, int], float]
) -> tuple[list[int], float]:
    """One car after the other along the cheapest way to make room for it, while that is worth it."""
    flow = dict.fromkeys(costs, 0)
    left, free, served, paid = list(cars), list(room), [0] * len(cars), 0.0
    while True:
        far: dict[tuple[str, int], float] = {("home", h): 0.0 for h, n in enumerate(left) if n}
        before: dict[tuple[str, int], tuple[int, int]] = {}
        changed = True
        while changed:
            changed = False
            for (h, p), cost in costs.items():
                there, back = ("place", p), ("home", h)
                if back in far and far[back] + cost < far.get(there, 1e18) - 1e-7:
                    far[there], before[there], changed = far[back] + cost, (h, p), True
                if flow[h, p] and there in far and far[there] - cost < far.get(back, 1e18) - 1e-7:
                    far[back], before[back], changed = far[there] - cost, (h, p), True
        ends = [(far["place", p], p) for p, n in enumerate(free) if n and ("place", p) in far]
        if not ends or min(ends)[0] >= 0:
            return served, paid
        cost, p = min(ends)
        paid += cost
        free[p] -= 1
        at: tuple[str, int] = ("place", p)
        while at in before:
            arc = before[at]
            flow[arc] += 1 if at[0] == "place" else -1
            at = ("home", arc[0]) if at[0] == "place" else ("place", arc[1])
        left[at[1]] -= 1
        served[at[1]] += 1
