"""The forecast: honest bands, nothing of the future, and a reader that reports what is doubtful."""

from __future__ import annotations

import gzip
import math
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.civic.parking.domain.forecast import sheet
from linli.civic.parking.domain.forecast.measure import measure
from linli.civic.parking.domain.forecast.model import blend, fallback, signs
from linli.civic.parking.domain.forecast.records import Counts, Record, Table
from linli.civic.parking.domain.forecast.walk import Walk
from linli.civic.parking.domain.forecast_reading import read_counts
from linli.ground.kernel.errors import Invalid

BIRMINGHAM = Path(__file__).parents[3] / "data" / "birmingham-parking.csv.gz"
FIRST, LAST = date(2016, 11, 29), date(2016, 12, 12)
HEADER = "SystemCodeNumber,Capacity,Occupancy,LastUpdated"


@pytest.fixture(scope="module")
def birmingham() -> Counts:
    return read_counts(gzip.decompress(BIRMINGHAM.read_bytes()).decode().splitlines())


@pytest.fixture(scope="module")
def measured(birmingham):
    return measure(Table.of(birmingham.records), birmingham.records, FIRST, LAST)


def made_up(days: int = 42, lots: int = 3, noise: float = 0.03, seed: int = 1) -> list[Record]:
    """Lots with a workday, a weekend and a daily shape, and some chance."""
    chance = np.random.default_rng(seed)
    records = []
    for day in range(days):
        on = datetime(2026, 3, 2) + timedelta(days=day)
        for lot in range(lots):
            for half_hour in range(16, 36):
                shape = math.sin((half_hour - 16) / 20 * math.pi) * (0.4 if on.weekday() >= 5 else 0.8)
                share = min(max(shape + 0.05 * lot + noise * chance.normal(), 0.0), 1.0)
                at = on + timedelta(minutes=30 * half_hour)
                records.append(Record(len(records) + 2, f"P{lot}", 200, round(200 * share), at))
    return records


# --- measured on Birmingham ---------------------------------------------------------------------------------


def test_the_reader_reports_every_repeated_and_impossible_row_of_birmingham(birmingham):
    assert birmingham.rows == 32_292
    assert len(birmingham.repeated) == 216
    assert len(birmingham.impossible) == 312
    assert birmingham.contradictory == []
    assert len(birmingham.records) == 32_292 - 216
    assert birmingham.repeated[:2] == [399, 435] and birmingham.impossible[0] == 1274


def test_the_forecast_of_birmingham_misses_by_at_most_42_thousandths(measured):
    assert [day.on.isoformat() for day in measured.days] == [
        *(f"2016-{day}" for day in ("11-29", "11-30", "12-01", "12-02")),
        *(f"2016-12-{day:02d}" for day in range(5, 13)),
    ]
    assert measured.counts == 5_820
    assert measured.mae <= 0.042
    assert measured.baseline_mae == pytest.approx(0.0453, abs=0.0001)


def test_the_band_covers_87_to_93_of_100_counts(measured):
    assert 0.87 <= measured.coverage <= 0.93
    assert measured.band_width < 0.20


def test_the_band_is_honest_in_the_weeks_before_too(birmingham):
    """None of these days is asked about in the target."""
    earlier = measure(
        Table.of(birmingham.records), birmingham.records, date(2016, 10, 29), date(2016, 11, 28)
    )
    assert 0.87 <= earlier.coverage <= 0.93
    assert earlier.mae < 0.9 * earlier.baseline_mae
    told = (Path(__file__).parents[4] / "docs/algorithms/forecast.md").read_text("utf-8")
    assert (
        f"| {earlier.counts:,} | {earlier.mae:.4f} | {earlier.baseline_mae:.4f} | {earlier.coverage:.1%}"[:-1]
        in told
    )


# --- nothing of the future ----------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(day=st.integers(22, 40), seed=st.integers(0, 1_000))
def test_a_day_is_forecast_from_what_came_before_alone(day, seed):
    records = made_up(seed=seed)
    begin = datetime(2026, 3, 2) + timedelta(days=day)
    chance = np.random.default_rng(seed)
    before = [record for record in records if record.at < begin]
    changed = before + [
        Record(r.line, r.lot, r.capacity, int(chance.integers(0, 201)), r.at)
        for r in records
        if r.at >= begin
    ]
    made = []
    for some in (before, changed):
        walk = Walk(Table.of(some))
        while walk.day < day:
            walk.advance()
        made.append(walk.forecast())
    for part in ("value", "low", "high"):
        np.testing.assert_allclose(getattr(made[0], part), getattr(made[1], part), atol=1e-9)


def test_the_next_day_is_the_day_after_the_last_record():
    records = made_up()
    found = measure(Table.of(records), records, date(2026, 4, 1), date(2026, 4, 12))
    told = sheet.next_day_json(Table.of(records), found, sheet.latest_capacities(records))
    assert told["date"] == "2026-04-13"
    assert len(told["forecasts"]) == 3 * 20
    monday_noon = next(one for one in told["forecasts"] if (one["lot"], one["time"]) == ("P0", "13:00"))
    assert monday_noon["value"] == pytest.approx(0.8, abs=0.04)
    assert monday_noon["low"] < monday_noon["value"] < monday_noon["high"]
    assert monday_noon["cars"] == round(200 * monday_noon["value"])


# --- the method ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0.02, 0.05])
def test_the_band_covers_nine_of_ten_counts_of_a_made_up_town(noise):
    records = made_up(days=70, lots=6, noise=noise)
    found = measure(Table.of(records), records, date(2026, 3, 30), date(2026, 5, 10))
    assert 0.87 <= found.coverage <= 0.93
    assert found.mae < 1.1 * noise
    assert found.mae < found.baseline_mae


def test_the_blend_finds_the_sign_that_tells_and_ignores_an_odd_day():
    chance = np.random.default_rng(1)
    past = chance.random((2_000, 5))
    shares = past[:, 3].copy()
    shares[:100] = 1.0 - shares[:100]
    assert blend(past, shares)[3] == pytest.approx(1.0, abs=0.02)
    assert blend(past[:50], shares[:50]).tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_a_lot_that_is_new_is_taken_like_the_others_with_a_wide_band():
    records = made_up(days=36)
    newcomer = [Record(1, "新", 100, 50, datetime(2026, 4, 7, hour, 0)) for hour in range(9, 17)]
    table = Table.of(records + newcomer)
    found = measure(table, records + newcomer, date(2026, 4, 1), date(2026, 4, 7))
    assert found.days[-1].counts == len(newcomer)
    assert found.days[-1].baseline_counts == 0
    by_slot = fallback(table, 30)[table.lots.index("新")]
    assert by_slot[26] == pytest.approx(np.nanmean(table.shares[:, :30, 26]))
    assert by_slot[0] == 0.5


def test_signs_come_from_the_days_before_and_fill_each_other():
    records = [r for r in made_up(days=16, lots=1, noise=0.0) if r.at.date() != date(2026, 3, 9)]
    table = Table.of(records)
    monday = table.day_of(date(2026, 3, 16))
    found = signs(table, monday)[0, 26]
    assert (
        found[0] == found[1] == table.shares[0, 0, 26]
    )  # a week ago nothing was counted, two weeks ago it was
    assert found[3] == table.shares[0, monday - 3, 26]  # Friday, the latest working day


def test_a_day_without_any_count_teaches_nothing_and_is_passed():
    records = [r for r in made_up(days=40) if r.at.date() not in (date(2026, 4, 1), date(2026, 4, 2))]
    found = measure(Table.of(records), records, date(2026, 3, 30), date(2026, 4, 5))
    assert [day.on.day for day in found.days] == [30, 31, 3, 4, 5]


# --- the reader ---------------------------------------------------------------------------------------------


def test_doubtful_rows_are_told_by_line_and_the_first_of_two_stands():
    found = read_counts(
        [
            HEADER,
            "A,10,5,2026-03-02 08:00:00",
            "",
            "A,10,5,2026-03-02 08:00:00",
            "A,10,7,2026-03-02 08:00:00",
            "A,10,11,2026-03-02 08:31:00",
            "B,10,-1,2026-03-02T23:50",
        ]
    )
    assert (found.repeated, found.contradictory, found.impossible) == ([4], [5], [6, 7])
    assert [(r.lot, r.occupied, r.slot, r.share) for r in found.records] == [
        ("A", 5, 16, 0.5),
        ("A", 11, 17, 1.0),
        ("B", -1, 48, 0.0),
    ]
    told = "\n".join(sheet.reading_sheet(found))
    assert "读了 5 行，用了 3 行" in told and "（第 4 行）" in told and "不可能" in told
    assert sheet.reading_json(found)["impossible_lines"] == [6, 7]


def test_columns_may_stand_in_any_order_and_be_named_in_chinese():
    found = read_counts(['时间,"停车数",车位数,备注,车场', '2026-03-02 08:00,5,10,"甲,乙",东门'])
    assert found.records == [Record(2, "东门", 10, 5, datetime(2026, 3, 2, 8, 0))]


def test_too_little_before_and_nothing_counted_are_refused():
    records = made_up(days=30)
    with pytest.raises(Invalid, match="之前要有至少 21 天"):
        measure(Table.of(records), records, date(2026, 3, 22), date(2026, 3, 30))
    with pytest.raises(Invalid, match="没有一条记录"):
        measure(Table.of(records), records, date(2026, 4, 20), date(2026, 4, 21))


def test_nothing_at_all_is_an_empty_file():
    for lines in ([], ["\n", "  \n"]):
        with pytest.raises(Invalid, match="文件是空的"):
            read_counts(lines)


def test_a_lot_that_was_not_counted_for_four_weeks_stands_in_no_list():
    records = [one for one in made_up() if one.lot != "P2" or one.at < datetime(2026, 3, 9)]
    table = Table.of(records)
    found = measure(table, records, date(2026, 4, 6), date(2026, 4, 12))
    capacities = sheet.latest_capacities(records)
    told = "\n".join(sheet.forecast_sheet(table, found, capacities))
    assert "P1（200 个车位）" in told and "P2" not in told
    lots = {one["lot"] for one in sheet.next_day_json(table, found, capacities)["forecasts"]}
    assert lots == {"P0", "P1"}


def test_the_sheet_says_the_fullest_time_and_how_it_was_measured(birmingham, measured):
    capacities = sheet.latest_capacities(birmingham.records)
    told = "\n".join(sheet.forecast_sheet(Table.of(birmingham.records), measured, capacities))
    assert "2016-12-13" in told and "Bull Ring（3,053 个车位）：13:30 停满 74%" in told
    assert "平均差 3.50% 的车位（照搬上周同一天差 4.53%），91.7% 落在范围里" in told
    plain = sheet.measured_json(measured)
    assert plain["days"] == len(plain["by_day"]) == 12
    assert plain["how_measured"].startswith("每天只用前一天为止的记录")
