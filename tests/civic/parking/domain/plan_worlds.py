"""Small parking questions, made from a seed, as the JSON that the command reads."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from linli.civic.parking.domain.plan.judging import Judge
from linli.civic.parking.domain.plan.master import Master
from linli.civic.parking.domain.plan.network import Network
from linli.civic.parking.domain.plan.reading import read_plan
from linli.civic.parking.domain.plan.scenarios import days_of
from linli.civic.parking.domain.plan.specification import Specification
from linli.civic.parking.domain.plan.steps import Search

Spec = dict[str, Any]


def read(spec: Spec) -> Specification:
    return read_plan(json.dumps(spec, ensure_ascii=False).splitlines())


def search_of(spec: Spec) -> Search:
    """A search over the days of a question, that has learned nothing yet."""
    specification = read(spec)
    master = Master(Network(specification), days_of(specification))
    return Search(master, Judge(master), specification.gap, lambda level: None)


def tiny(seed: int) -> Spec:
    """Two or three streets, a lot, a gate: few enough to try every plan."""
    chance = np.random.default_rng(seed)
    buildings = ["甲", "乙", "丙"][: int(chance.integers(2, 4))]

    def walks() -> dict[str, int]:
        return {name: int(chance.integers(2, 60)) * 10 for name in buildings if chance.random() < 0.9}

    def plans() -> list[Spec]:
        hours = [["夜"], ["昼", "夜"], ["昼"]]
        return [
            {
                "id": f"p{index}",
                "periods": hours[int(chance.integers(3))],
                "fixed_cost_fen": int(chance.integers(0, 6)) * 1000,
                "bay_cost_fen": int(chance.integers(1, 5)) * 500,
            }
            for index in range(int(chance.integers(1, 3)))
        ]

    streets = [
        {"id": f"S{index}", "bays": int(chance.integers(1, 4)), "plans": plans(), "walk_m": walks()}
        for index in range(int(chance.integers(2, 4)))
    ]
    spec: Spec = {
        "gap": 0,
        "budget_fen": int(chance.integers(2, 16)) * 1000,
        "periods": [{"id": "夜", "hours": 12}, {"id": "昼", "hours": int(chance.integers(2, 11))}],
        "buildings": [{"id": name} for name in buildings],
        "scenarios": [day(chance, buildings, weight) for weight in (1, 2)],
        "existing": [{"id": "院内", "bays": int(chance.integers(0, 5)), "walk_m": walks()}],
        "streets": streets,
        "lots": [
            {
                "id": "学校",
                "bays": int(chance.integers(1, 4)),
                "periods": ["夜"],
                "fixed_cost_fen": int(chance.integers(0, 3)) * 1000,
                "bay_cost_fen": 500,
                "walk_m": walks(),
                "overstay": {
                    "tolerated_bays": int(chance.integers(0, 2)),
                    "nights": [{"parked": 30, "overstayed": int(chance.integers(0, 4))} for _ in range(3)],
                },
            }
        ],
        "overstay_tolerance": 0.1,
        "gates": [
            {
                "id": "南门",
                "settings": [
                    {"id": "现状", "spillback": {"晚高峰": 0.3}},
                    {"id": "加一道", "cost_fen": 3000, "spillback": {"晚高峰": 0.02}},
                ],
            }
        ],
        "exclusions": [{"members": ["S0", "S1"], "reason": "两侧不能同时划线"}]
        if chance.random() < 0.5
        else [],
        "findings": [],
    }
    if chance.random() < 0.5:
        spec["findings"] = [{"street": "S0", "bay": "S0-1", "rule": "消防通道", "severity": "block"}]
    if chance.random() < 0.3:
        spec["streets"][1]["required"] = True
    return spec


def day(chance: np.random.Generator, buildings: list[str], weight: int) -> Spec:
    """One day: whole cars of every building, class and period."""
    cars = {
        name: {
            "elderly": {"夜": int(chance.integers(0, 3)), "昼": int(chance.integers(0, 2))},
            "other": {"夜": int(chance.integers(0, 4)), "昼": int(chance.integers(0, 3))},
        }
        for name in buildings
    }
    cars[buildings[0]]["other"]["夜"] += 1
    return {"weight": weight, "cars": cars}
