"""The JSON of a parking plan, read and checked; every refusal names the place in the JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from linli.civic.parking.domain.plan.reading_demand import (
    read_buildings,
    read_classes,
    read_periods,
    read_presence,
    read_scenarios,
)
from linli.civic.parking.domain.plan.reading_supply import (
    Ground,
    read_exclusions,
    read_existing,
    read_findings,
    read_gates,
    read_lots,
    read_streets,
)
from linli.civic.parking.domain.plan.specification import (
    Exclusion,
    Lot,
    Sampling,
    Scenario,
    Specification,
    Street,
)
from linli.civic.parking.domain.reading_gate_json import Fields, fault, number_at, parse_specification

KEYS = (
    *("seed", "gap", "budget_fen", "periods", "classes", "buildings", "presence", "scenarios", "existing"),
    *("streets", "lots", "gates", "exclusions", "findings", "overstay_tolerance", "targets", "runners_up"),
    *("frontier_fen", "unseen_scenarios"),
)
MOST_MONEY_FEN = 10**13
MOST_BLOCKS = 20_000
FRONTIER_EIGHTHS = (0, 2, 4, 6, 8, 10, 12, 16)
"""The budgets of the frontier as eighths of the given one, when the specification names none."""


def read_plan(lines: Iterable[str]) -> Specification:
    """The question that the lines of a JSON file ask. Refuses the first fault, naming its place."""
    fields = parse_specification(lines)
    fields.only(KEYS)
    periods, classes = read_periods(fields), read_classes(fields)
    sampled = isinstance(fields.value("scenarios"), dict)
    buildings = read_buildings(fields, classes, needs_cars=sampled)
    presence = read_presence(fields, periods, classes, needed=sampled)
    sampling, scenarios = read_scenarios(fields, periods, classes, buildings)
    _check_size(periods, sampling, scenarios)
    ground = Ground(
        periods, buildings, fields.number("overstay_tolerance", default=0.05, at_least=0, at_most=1)
    )
    existing = read_existing(fields, ground)
    lots = read_lots(fields, ground)
    findings = read_findings(fields)
    streets = read_streets(fields, ground, findings)
    _check_choice(streets, lots, [*(street.id for street in streets), *(lot.id for lot in lots)])
    exclusions = read_exclusions(fields, streets, lots)
    _check_required(exclusions, streets, lots)
    budget = fields.whole("budget_fen", at_least=0, at_most=MOST_MONEY_FEN)
    targets = Fields.of(fields.values.get("targets") or {}, "targets")
    targets.only(("spillback", "unmet_share"))
    runners = Fields.of(fields.values.get("runners_up") or {}, "runners_up")
    runners.only(("count", "differ_by"))
    return Specification(
        name=fields.values["name"] if isinstance(fields.values.get("name"), str) else "",
        budget_fen=budget,
        gap=fields.number("gap", default=1e-3, at_least=0.0, at_most=0.1),
        periods=periods,
        classes=classes,
        buildings=buildings,
        presence=presence,
        sampling=sampling,
        scenarios=scenarios,
        existing=existing,
        streets=streets,
        lots=lots,
        gates=read_gates(fields),
        exclusions=exclusions,
        findings=findings,
        overstay_tolerance=ground.overstay_tolerance,
        spillback_target=targets.number("spillback", default=0.05, at_least=0.0, at_most=1.0),
        unmet_share_target=targets.number("unmet_share", default=0.1, at_least=0.0, at_most=1.0),
        runners_up=runners.whole("count", default=2, at_least=0, at_most=20),
        differ_by=runners.whole("differ_by", default=1, at_least=1, at_most=1000),
        frontier_fen=_frontier(fields, budget, streets, lots),
        unseen=fields.whole("unseen_scenarios", default=200, at_least=0, at_most=100_000),
    )


def _check_size(periods: Sequence[object], sampling: Sampling | None, scenarios: Sequence[Scenario]) -> None:
    days = sampling.count if sampling else len(scenarios)
    if days * len(periods) > MOST_BLOCKS:
        raise fault(
            "scenarios",
            "情景数乘以时段数不能超过 {most}，这里是 {got}",
            most=MOST_BLOCKS,
            got=days * len(periods),
        )


def _check_choice(streets: Sequence[Street], lots: Sequence[Lot], ids: Collection[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = next(lot.id for lot in lots if any(lot.id == street.id for street in streets))
        raise fault("lots", "共享车场的编号“{id}”与一条路段相同", id=twice)
    if streets and all(street.blocked for street in streets):
        raise fault("streets", "所有路段都被禁止，没有路段可选；只选共享车场的，请删去 streets")
    if not streets and not any(not lot.blocked for lot in lots):
        raise fault("streets", "没有路段也没有可用的共享车场，无从选择")


def _check_required(exclusions: Sequence[Exclusion], streets: Sequence[Street], lots: Sequence[Lot]) -> None:
    required = {street.id for street in streets if street.required}
    required |= {lot.id for lot in lots if lot.required}
    for index, exclusion in enumerate(exclusions):
        both = sorted(required.intersection(exclusion.members))
        if len(both) > 1:
            raise fault(
                f"exclusions[{index}]",
                "“{one}”和“{other}”都必选，又写了只能选一个",
                one=both[0],
                other=both[1],
            )


def _frontier(fields: Fields, budget: int, streets: Sequence[Street], lots: Sequence[Lot]) -> tuple[int, ...]:
    if fields.has("frontier_fen"):
        given = []
        for value, place in fields.items("frontier_fen", least=1, most=50):
            number = number_at(value, place, at_least=0, at_most=MOST_MONEY_FEN)
            if number != int(number):
                raise fault(place, "要写整数（单位：分），收到的是 {got}", got=str(number))
            given.append(int(number))
        return tuple(sorted(set(given)))
    whole = budget or _cost_of_everything(streets, lots)
    return tuple(sorted({whole * eighths // 8 for eighths in FRONTIER_EIGHTHS}))


def _cost_of_everything(streets: Sequence[Street], lots: Sequence[Lot]) -> int:
    opened = [max(plan.fixed_fen + plan.bays * plan.bay_fen for plan in street.plans) for street in streets]
    return sum(opened) + sum(lot.fixed_fen + lot.most_bays * lot.bay_fen for lot in lots)
