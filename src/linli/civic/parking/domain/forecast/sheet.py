"""The answer of the forecast: plain values for programs, sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from linli.civic.parking.domain.forecast.measure import HOW_MEASURED, DayScore, Measured
from linli.civic.parking.domain.forecast.records import Counts, Record, Table
from linli.civic.parking.domain.forecast.walk import DayForecast
from linli.civic.parking.domain.gate.estimates import digits
from linli.civic.parking.domain.gate.specification import Integers


def measured_json(measured: Measured) -> dict[str, Any]:
    """How good the forecast was, in all and by day."""
    return {
        "from": measured.days[0].on.isoformat(),
        "to": measured.days[-1].on.isoformat(),
        "days": len(measured.days),
        "counts": measured.counts,
        "mae": digits(measured.mae),
        "baseline_mae": digits(measured.baseline_mae),
        "coverage": digits(measured.coverage),
        "band_width": digits(measured.band_width),
        "how_measured": HOW_MEASURED,
        "by_day": [_day_json(day) for day in measured.days],
    }


def _day_json(day: DayScore) -> dict[str, Any]:
    return {
        "date": day.on.isoformat(),
        "counts": day.counts,
        "mae": digits(day.missed / day.counts),
        "baseline_mae": digits(day.baseline_missed / max(day.baseline_counts, 1)),
        "coverage": digits(day.inside / day.counts),
    }


def next_day_json(table: Table, measured: Measured, capacities: Mapping[str, int]) -> dict[str, Any]:
    """The day after the last record: for every lot and half-hour that is usually counted, share and cars."""
    made = measured.next_day
    usual = np.isfinite(table.shares[:, max(0, made.day - 28) : made.day]).any(axis=1)
    forecasts = []
    for lot, slot in np.argwhere(usual).tolist():
        name = table.lots[lot]
        share, low, high = (float(part[lot, slot]) for part in (made.value, made.low, made.high))
        forecasts.append(
            {
                "lot": name,
                "time": f"{slot // 2:02d}:{slot % 2 * 30:02d}",
                "value": digits(share),
                "low": digits(low),
                "high": digits(high),
                "cars": round(share * capacities[name]),
                "capacity": capacities[name],
            }
        )
    return {"date": table.date_of(made.day).isoformat(), "forecasts": forecasts}


def latest_capacities(records: list[Record]) -> dict[str, int]:
    """The capacity of each lot in its latest record."""
    return {record.lot: record.capacity for record in sorted(records, key=lambda record: record.at)}


def forecast_sheet(table: Table, measured: Measured, capacities: Mapping[str, int]) -> list[str]:
    """The forecast of the next day, busiest half-hour by lot, and how good the forecast was lately."""
    made = measured.next_day
    lines = [f"{table.date_of(made.day).isoformat()} 各车场最满的时候（括号里是十天里九天的范围）："]
    for lot, name in enumerate(table.lots):
        usual = np.isfinite(table.shares[lot, max(0, made.day - 28) : made.day]).any(axis=0)
        if usual.any():
            lines.append(
                "  " + _fullest(made, lot, np.flatnonzero(usual), f"{name}（{capacities[name]:,} 个车位）")
            )
    return [
        *lines,
        f"预测得准不准：{measured.days[0].on.isoformat()} 到 {measured.days[-1].on.isoformat()} "
        f"有记录的 {len(measured.days)} 天、{measured.counts:,} 条记录，"
        f"平均差 {measured.mae:.2%} 的车位（照搬上周同一天差 {measured.baseline_mae:.2%}），"
        f"{measured.coverage:.1%} 落在范围里。",
        HOW_MEASURED,
    ]


def _fullest(made: DayForecast, lot: int, slots: Integers, name: str) -> str:
    slot = int(slots[np.argmax(made.value[lot, slots])])
    value, low, high = (float(part[lot, slot]) for part in (made.value, made.low, made.high))
    return f"{name}：{slot // 2:02d}:{slot % 2 * 30:02d} 停满 {value:.0%}（{low:.0%}～{high:.0%}）"


def reading_sheet(counts: Counts) -> list[str]:
    """What the reader found doubtful, in sentences."""
    lines = [f"读了 {counts.rows:,} 行，用了 {len(counts.records):,} 行。"]
    for found, words in (
        (counts.repeated, "与前面的行完全相同，只算一次"),
        (counts.contradictory, "与前面同一车场、同一时间的数不同，以前面的为准"),
        (counts.impossible, "停车数是负数或超过车位数，不可能，截到 0 或满位后使用"),
    ):
        if found:
            where = "、".join(str(line) for line in found[:5]) + ("……" if len(found) > 5 else "")
            lines.append(f"{len(found):,} 行{words}（第 {where} 行）。")
    return lines


def reading_json(counts: Counts) -> dict[str, Any]:
    """What the reader found, with the line of every doubtful row."""
    return {
        "rows": counts.rows,
        "used": len(counts.records),
        "duplicates": len(counts.repeated),
        "duplicate_lines": counts.repeated,
        "contradictory": len(counts.contradictory),
        "contradictory_lines": counts.contradictory,
        "impossible": len(counts.impossible),
        "impossible_lines": counts.impossible,
    }
