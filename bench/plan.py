"""The plan: 30 buildings, 60 streets, 20 days at a gap of 1e-3; one step, and the whole answer."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np

from bench.measure import Measure

Spec = dict[str, Any]
PERIODS = (("夜间", 9), ("早高峰", 2), ("上午", 4), ("下午", 4), ("晚高峰", 3), ("深夜前", 2))


def run(quick: bool) -> list[Measure]:
    """The first step that the solver has to work for, and everything that a committee is shown."""
    size = (8, 10, 4) if quick else (30, 60, 20)
    spec = compound(*size, seed=6)
    what = f"{size[0]} buildings, {size[1]} streets, {size[2]} days, gap {spec['gap']:g}"
    return [_one_step(spec, what, quick), *_whole(spec, what, quick)]


def compound(buildings: int, streets: int, days: int, *, seed: int) -> Spec:
    """A compound short of bays: streets around it with hours at different prices, six lots to share, a gate."""
    chance = np.random.default_rng(seed)
    homes = chance.uniform(0, 400, size=(buildings, 2))
    names = [f"{number}号楼" for number in range(1, buildings + 1)]

    def walks(spot: np.typing.NDArray[np.float64]) -> dict[str, int]:
        metres = np.abs(homes - spot).sum(axis=1)
        return {name: int(far) for name, far in zip(names, metres, strict=True) if far <= 500}

    return {
        "name": f"{buildings} 栋的小区",
        "gap": 1e-3,
        "budget_fen": 900_000 * streets,
        "periods": [{"id": name, "hours": hours} for name, hours in PERIODS],
        "buildings": [
            {
                "id": name,
                "cars": {"elderly": int(chance.integers(3, 9)), "other": int(chance.integers(25, 60))},
            }
            for name in names
        ],
        "presence": {
            name: share for (name, _), share in zip(PERIODS, (1.0, 0.8, 0.4, 0.45, 0.75, 0.95), strict=True)
        },
        "seed": seed,
        "scenarios": {"count": days},
        "existing": [{"id": "院内", "bays": 14 * buildings, "walk_m": dict.fromkeys(names, 60)}],
        "streets": [
            {
                "id": f"S{number}",
                "bays": int(chance.integers(8, 30)),
                "walk_m": walks(chance.uniform(-150, 550, size=2)),
                "plans": _hours(chance),
            }
            for number in range(streets)
        ],
        "lots": [_lot(chance, number, walks(chance.uniform(-100, 500, size=2))) for number in range(6)],
        "gates": [_gate()],
        "exclusions": [
            {"members": [f"S{number}", f"S{number + 1}"], "reason": "同一条路的两侧不能同时划线"}
            for number in range(0, streets - 1, 6)
        ],
    }


def _hours(chance: np.random.Generator) -> list[Spec]:
    fixed, bay = int(chance.integers(2, 9)) * 100_000, int(chance.integers(3, 9)) * 10_000
    names = [name for name, _ in PERIODS]
    kinds = (("夜间", [names[0], names[5]]), ("错峰", [names[0], names[4], names[5]]), ("全天", names))
    return [
        {"id": kind, "periods": hours, "fixed_cost_fen": fixed + 50_000 * len(hours), "bay_cost_fen": bay}
        for kind, hours in kinds
    ]


def _lot(chance: np.random.Generator, number: int, walk_m: dict[str, int]) -> Spec:
    nights = [{"parked": 40, "overstayed": int(chance.integers(0, 4))} for _ in range(10)]
    return {
        "id": f"L{number}",
        "bays": int(chance.integers(20, 60)),
        "periods": [PERIODS[0][0], PERIODS[5][0]],
        "fixed_cost_fen": 600_000,
        "bay_cost_fen": 15_000,
        "walk_m": walk_m,
        "overstay": {"tolerated_bays": 2, "nights": nights},
    }


def _gate() -> Spec:
    return {
        "id": "南门",
        "settings": [
            {"id": "现状", "spillback": {"早高峰": 0.02, "晚高峰": 0.31}},
            {"id": "潮汐车道", "cost_fen": 3_000_000, "spillback": {"早高峰": 0.03, "晚高峰": 0.04}},
            {"id": "加一道", "cost_fen": 12_000_000, "spillback": {"早高峰": 0.0, "晚高峰": 0.01}},
        ],
    }


def _search(spec: Spec) -> Any:
    from linli.civic.parking.domain.plan.judging import Judge
    from linli.civic.parking.domain.plan.master import Master
    from linli.civic.parking.domain.plan.network import Network
    from linli.civic.parking.domain.plan.reading import read_plan
    from linli.civic.parking.domain.plan.scenarios import days_of
    from linli.civic.parking.domain.plan.steps import Search

    specification = read_plan(json.dumps(spec, ensure_ascii=False).splitlines())
    master = Master(Network(specification), days_of(specification))
    return Search(master, Judge(master), specification.gap, lambda _level: None)


def _one_step(spec: Spec, what: str, quick: bool) -> Measure:
    """Unmet demand, from nothing known: the step that takes longest."""
    from linli.civic.parking.domain.plan.steps import Limits

    search = _search(spec)
    began = time.process_time()
    outcome = search.best(("violations", "unmet"), Limits(cost_fen=spec["budget_fen"]))
    used = time.process_time() - began
    assert outcome is not None
    note = f"gap proven {max(step.gap for step in outcome.steps):.1e}"
    return Measure(
        name=f"{what}: one step", value=used, unit="cpu_s", target=None if quick else 25.0, note=note
    )


def _whole(spec: Spec, what: str, quick: bool) -> list[Measure]:
    from linli.civic.parking.domain.plan.answer import answer
    from linli.civic.parking.domain.plan.reading import read_plan

    told: list[str] = []
    specification = read_plan(json.dumps(spec, ensure_ascii=False).splitlines())
    began = time.process_time()
    found = answer(specification, lambda done, total, part: told.append(f"{done}/{total} {part}"))
    used = time.process_time() - began
    gaps = [step.gap for outcome in (found.best, *found.runners_up) for step in outcome.steps]
    note = (
        f"{len(found.frontier)} budgets, {len(found.runners_up)} runners-up, progress told {len(told)} times"
    )
    return [
        Measure(
            name=f"{what}: whole answer", value=used, unit="cpu_s", target=None if quick else 240.0, note=note
        ),
        Measure(
            name="widest gap proven of the best and the runners-up", value=max(gaps), unit="", target=1.01e-3
        ),
    ]
