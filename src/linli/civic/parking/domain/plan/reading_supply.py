"""The part of a plan's JSON that says which bays, gates and prices there are to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.civic.parking.domain.plan.overstay import most_bays
from linli.civic.parking.domain.plan.reading_demand import read_flag, read_id, read_name, read_text
from linli.civic.parking.domain.plan.specification import (
    Building,
    Exclusion,
    Existing,
    Finding,
    Gate,
    GateSetting,
    HourPlan,
    Lot,
    Period,
    Reach,
    Street,
)
from linli.civic.parking.domain.reading_gate_json import Fields, described, fault, number_at
from linli.ground.kernel.text import shown

MOST_FEN = 10**12
MOST_BAYS = 5_000
STREET_KEYS = ("id", "bays", "plans", "walk_m", "blocked", "required", "min_bays", "owner_unit")
LOT_KEYS = (
    *("id", "bays", "periods", "fixed_cost_fen", "bay_cost_fen", "walk_m", "overstay", "blocked", "required"),
    "owner_unit",
)
FINDING_KEYS = (
    *("street", "bay", "feature", "rule", "text", "clause", "owner_unit", "severity", "measured_m"),
    *("threshold_m", "overridden", "track"),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every kind of bay is read against."""

    periods: tuple[Period, ...]
    buildings: tuple[Building, ...]
    overstay_tolerance: float


def read_reach(row: Fields, ground: Ground) -> Reach:
    """Walking metres by building; one number stands for every building."""
    value = row.value("walk_m")
    if not isinstance(value, dict):
        metres = number_at(value, row.at("walk_m"), at_least=0.0, at_most=20_000.0)
        return {building.id: metres for building in ground.buildings}
    table = Fields.of(value, row.at("walk_m"))
    known = {building.id for building in ground.buildings}
    for key in table.values:
        if key not in known:
            raise fault(table.at(shown(key)), "没有这一栋，buildings 里没有写")
    return {
        key: number_at(value, table.at(key), at_least=0.0, at_most=20_000.0) for key, value in value.items()
    }


def read_hours(row: Fields, ground: Ground, *, default_all: bool = False) -> tuple[int, ...]:
    """The periods in which bays are open, as indexes."""
    if default_all and not row.has("periods"):
        return tuple(range(len(ground.periods)))
    index = {period.id: number for number, period in enumerate(ground.periods)}
    found = []
    for value, place in row.items("periods", least=1, most=48):
        if not isinstance(value, str) or value not in index:
            raise fault(place, "没有这个时段，periods 里没有写；收到的是{got}", got=described(value))
        found.append(index[value])
    if len(set(found)) < len(found):
        raise fault(row.at("periods"), "同一个时段写了两次")
    return tuple(sorted(found))


def read_existing(fields: Fields, ground: Ground) -> tuple[Existing, ...]:
    """The bays that are there anyway."""
    taken: set[str] = set()
    found = []
    for row in fields.rows("existing", most=200):
        row.only(("id", "bays", "periods", "walk_m"))
        name = read_id(row, taken)
        found.append(
            Existing(
                name,
                read_name(row, name),
                row.whole("bays", at_least=0, at_most=20_000),
                read_hours(row, ground, default_all=True),
                read_reach(row, ground),
            )
        )
    return tuple(found)


def read_findings(fields: Fields) -> tuple[Finding, ...]:
    """The breaches that the legal check reported, in the form in which it reports them."""
    found = []
    for row in fields.rows("findings", most=100_000):
        row.only(FINDING_KEYS)
        if not read_text(row, "street"):
            raise fault(row.at("street"), "要写这是哪条路段的问题")
        severity = row.word("severity", ("block", "warn"))
        found.append(
            Finding(
                read_text(row, "street"),
                read_text(row, "bay") or None,
                read_text(row, "rule"),
                read_text(row, "clause"),
                read_text(row, "owner_unit"),
                row.number("measured_m") if row.has("measured_m") else None,
                severity == "block" and not row.has("overridden"),
            )
        )
    return tuple(found)


def read_streets(fields: Fields, ground: Ground, findings: Sequence[Finding]) -> tuple[Street, ...]:
    """The kerbs outside. Refuses a breach of a street that is not there."""
    taken: set[str] = set()
    streets = tuple(_street(row, taken, ground, findings) for row in fields.rows("streets", most=500))
    for index, finding in enumerate(findings):
        if finding.street not in taken:
            raise fault(f"findings[{index}].street", "没有“{id}”这条路段", id=shown(finding.street))
    return streets


def _street(row: Fields, taken: set[str], ground: Ground, findings: Sequence[Finding]) -> Street:
    row.only(STREET_KEYS)
    name = read_id(row, taken)
    bays = row.whole("bays", at_least=1, at_most=MOST_BAYS)
    plans = _hour_plans(row, bays, ground)
    blocked, required = read_text(row, "blocked"), read_flag(row, "required")
    if blocked and required:
        raise fault(row.at("required"), "这条路段已被禁止（blocked），不能又必选")
    least = row.whole("min_bays", default=1, at_least=1, at_most=min(plan.bays for plan in plans))
    return Street(
        id=name,
        name=read_name(row, name),
        plans=plans,
        walk_m=read_reach(row, ground),
        clean_bays=_clean_bays(row, name, bays, findings),
        blocked=blocked,
        required=required,
        least_bays=least,
    )


def _hour_plans(row: Fields, bays: int, ground: Ground) -> tuple[HourPlan, ...]:
    taken: set[str] = set()
    plans = []
    for plan in row.rows("plans", least=1, most=12):
        plan.only(("id", "periods", "fixed_cost_fen", "bay_cost_fen", "bays"))
        name = read_id(plan, taken)
        plans.append(
            HourPlan(
                name,
                read_name(plan, name),
                read_hours(plan, ground),
                plan.whole("fixed_cost_fen", default=0, at_least=0, at_most=MOST_FEN),
                plan.whole("bay_cost_fen", default=0, at_least=0, at_most=MOST_FEN),
                plan.whole("bays", default=bays, at_least=1, at_most=bays),
            )
        )
    return tuple(plans)


def _clean_bays(row: Fields, street: str, bays: int, findings: Sequence[Finding]) -> int:
    blocking = [finding for finding in findings if finding.street == street and finding.blocks]
    if any(finding.bay is None for finding in blocking):
        return 0
    hit = len({finding.bay for finding in blocking})
    if hit > bays:
        raise fault(
            row.at("bays"), "写了 {bays} 个车位，findings 里却有 {hit} 个车位违规", bays=bays, hit=hit
        )
    return bays - hit


def read_lots(fields: Fields, ground: Ground) -> tuple[Lot, ...]:
    """The lots of others that are shared by time, each with the most bays that its owner can rely on."""
    taken: set[str] = set()
    return tuple(_lot(row, taken, ground) for row in fields.rows("lots", most=200))


def _lot(row: Fields, taken: set[str], ground: Ground) -> Lot:
    row.only(LOT_KEYS)
    name = read_id(row, taken)
    bays = row.whole("bays", at_least=1, at_most=MOST_BAYS)
    overstay = Fields.of(row.value("overstay"), row.at("overstay"))
    overstay.only(("nights", "tolerated_bays"))
    nights = tuple(_night(night) for night in overstay.rows("nights", least=1, most=1_000))
    tolerated = overstay.whole("tolerated_bays", default=0, at_least=0, at_most=MOST_BAYS)
    blocked, required = read_text(row, "blocked"), read_flag(row, "required")
    most = most_bays(bays, tolerated, nights, ground.overstay_tolerance)
    if required and (blocked or not most):
        raise fault(row.at("required"), "这个车场必选，却被禁止或连一个车位都过不了超时约束")
    return Lot(
        id=name,
        name=read_name(row, name),
        periods=read_hours(row, ground),
        bays=bays,
        most_bays=most,
        fixed_fen=row.whole("fixed_cost_fen", default=0, at_least=0, at_most=MOST_FEN),
        bay_fen=row.whole("bay_cost_fen", default=0, at_least=0, at_most=MOST_FEN),
        walk_m=read_reach(row, ground),
        nights=nights,
        tolerated_bays=tolerated,
        blocked=blocked,
        required=required,
    )


def _night(row: Fields) -> tuple[int, int]:
    row.only(("parked", "overstayed"))
    parked = row.whole("parked", at_least=1, at_most=MOST_BAYS)
    return parked, row.whole("overstayed", at_least=0, at_most=parked)


def read_gates(fields: Fields) -> tuple[Gate, ...]:
    """The gates; the first setting of each is the present one and costs nothing."""
    taken: set[str] = set()
    return tuple(_gate(row, taken) for row in fields.rows("gates", most=20))


def _gate(row: Fields, taken: set[str]) -> Gate:
    row.only(("id", "settings"))
    name = read_id(row, taken)
    inner: set[str] = set()
    settings = tuple(_setting(setting, inner) for setting in row.rows("settings", least=1, most=20))
    if settings[0].cost_fen:
        raise fault(row.at("settings[0].cost_fen"), "第一种是现状，费用要写 0")
    for index, setting in enumerate(settings):
        if setting.spillback.keys() != settings[0].spillback.keys():
            raise fault(row.at(f"settings[{index}].spillback"), "高峰时段要与第一种设置写得一样")
    return Gate(name, read_name(row, name), settings)


def _setting(row: Fields, taken: set[str]) -> GateSetting:
    row.only(("id", "cost_fen", "spillback"))
    name = read_id(row, taken)
    peaks = Fields.of(row.value("spillback"), row.at("spillback"))
    if not peaks.values:
        raise fault(peaks.place, "至少要写一个高峰时段的溢出可能")
    return GateSetting(
        name,
        read_name(row, name),
        row.whole("cost_fen", default=0, at_least=0, at_most=MOST_FEN),
        {peak: _chance(peaks, peak) for peak in peaks.values},
    )


def _chance(peaks: Fields, peak: str) -> float:
    """A probability, or a figure of the gate simulation with its interval."""
    value = peaks.values[peak]
    if isinstance(value, dict):
        figure = Fields.of(value, peaks.at(peak))
        figure.only(("value", "low", "high"))
        return figure.number("value", at_least=0.0, at_most=1.0)
    return number_at(value, peaks.at(peak), at_least=0.0, at_most=1.0)


def read_exclusions(fields: Fields, streets: Sequence[Street], lots: Sequence[Lot]) -> tuple[Exclusion, ...]:
    """Streets and lots of which at most one may be opened."""
    known = {street.id for street in streets} | {lot.id for lot in lots}
    found = []
    for row in fields.rows("exclusions", most=2_000):
        row.only(("members", "reason"))
        members = []
        for value, place in row.items("members", least=2, most=500):
            if not isinstance(value, str) or value not in known:
                raise fault(place, "没有这条路段或车场，收到的是{got}", got=described(value))
            members.append(value)
        if len(set(members)) < len(members):
            raise fault(row.at("members"), "同一个编号写了两次")
        found.append(Exclusion(tuple(members), read_text(row, "reason")))
    return tuple(found)
