"""The forecast of occupancy on Birmingham: its error, its band and its time."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from bench.measure import Measure, interleave

COUNTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "birmingham-parking.csv.gz"


def run(quick: bool) -> list[Measure]:
    """The twelve days from 2016-11-29 to 2016-12-12 that have data, each from what came before."""
    from linli.civic.parking.domain.forecast.measure import measure
    from linli.civic.parking.domain.forecast.records import Table
    from linli.civic.parking.domain.forecast_reading import read_counts

    lines = gzip.decompress(COUNTS.read_bytes()).decode().splitlines()
    read = read_counts(lines)

    def all_days() -> None:
        measure(Table.of(read.records), read.records, date(2016, 11, 29), date(2016, 12, 12))

    measured = measure(Table.of(read.records), read.records, date(2016, 11, 29), date(2016, 12, 12))
    times = interleave(
        {"read": lambda: read_counts(lines), "walk": all_days}, rounds=1 if quick else 3, warm=0
    )
    counts = f"{measured.counts:,} counts on {len(measured.days)} days"
    return [
        Measure(name="mean absolute error", value=measured.mae, unit="share", target=0.042, note=counts),
        Measure(name="the same half-hour last week", value=measured.baseline_mae, unit="share"),
        Measure(
            name="band of 90 of 100: away from 90",
            value=100 * abs(measured.coverage - 0.90),
            unit="points",
            target=3.0,
            note=f"{measured.coverage:.1%} held, mean width {measured.band_width:.3f}",
        ),
        Measure(
            name=f"reading {read.rows:,} rows",
            value=times["read"].median_cpu,
            unit="cpu_s",
            runs=tuple(times["read"].cpu),
        ),
        Measure(
            name="walking through 70 days",
            value=times["walk"].median_cpu,
            unit="cpu_s",
            runs=tuple(times["walk"].cpu),
        ),
    ]
