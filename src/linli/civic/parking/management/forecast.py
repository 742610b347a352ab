"""``linli parking forecast``: tomorrow's occupancy out of counts in a csv, with an honest band."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, read_lines
from linli.ground.kernel.text import shown

if TYPE_CHECKING:
    from linli.civic.parking.domain.forecast.records import Table

DAYS_MEASURED = 14


@click.command(cls=PlainCommand)
@click.argument("counts")
@click.option("--from", "first", metavar="日期", help="从哪天起衡量预测得准不准；不写就是最后 14 天。")
@click.option("--to", "last", metavar="日期", help="衡量到哪天；不写就是最后一天。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def forecast(counts: str, first: str | None, last: str | None, as_json: bool) -> None:
    """占用预测：COUNTS 是停车数的 csv，列为 SystemCodeNumber,Capacity,Occupancy,LastUpdated。

    报告重复和不可能的行，衡量最近两周预测得准不准，再给出下一天每半小时的预测和范围。
    """
    from linli.civic.parking.domain.forecast import sheet
    from linli.civic.parking.domain.forecast.measure import measure
    from linli.civic.parking.domain.forecast.records import Table
    from linli.civic.parking.domain.forecast_reading import read_counts

    read = read_counts(read_lines(counts))
    table = Table.of(read.records)
    measured = measure(table, read.records, *_days(table, first, last))
    capacities = sheet.latest_capacities(read.records)
    if as_json:
        answer = {
            "file": sheet.reading_json(read),
            "measured": sheet.measured_json(measured),
            "next_day": sheet.next_day_json(table, measured, capacities),
        }
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        lines = [*sheet.reading_sheet(read), *sheet.forecast_sheet(table, measured, capacities)]
        click.echo("\n".join(lines))


def _days(table: Table, first: str | None, last: str | None) -> tuple[date, date]:
    """The days to measure. Refuses what is no date, and an end before its beginning."""
    end = _date(last, "--to") if last else table.date_of(table.days - 1)
    start = _date(first, "--from") if first else end - timedelta(days=DAYS_MEASURED - 1)
    if end < start:
        raise Invalid("turned_round", "--to {end} 早于 --from {start}。", end=str(end), start=str(start))
    return start, end


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "not_a_date", "{option} “{text}”不是年-月-日，如 2016-11-29。", option=option, text=shown(text)
        ) from None
