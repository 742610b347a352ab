"""A year's holidays as staff write them, one line for each: expanded to the table's csv, and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from linli.ground.kernel.calendar import COLUMNS, DayTable, DayTableFaults, check_day_table, parse_day
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold

LONGEST_SPAN_DAYS, MOST_LINES = 31, 400
FLAGS = {"休": "1", "放假": "1", "休息": "1", "班": "0", "上班": "0", "补班": "0", "调休上班": "0"}
_SPAN = re.compile(r"\s*(?:—+|–|~|～|至|到)\s*")
_PARTS = re.compile(r"[\s,，、]+")


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the new table departs from what is known. None: not in the table, the week decides."""

    day: date
    name: str
    before: bool | None
    after: bool | None


def read_table(text: str) -> DayTable:
    """One year's table out of csv, or out of lines like ``2027-02-05 至 2027-02-11 春节 休``.

    Refuses with every fault by its line, more than one year, and a text without end.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid(
            "too_many_lines",
            "最多 {most} 行，一年的放假安排用不了这么多，请核对。",
            most=MOST_LINES,
            field="text",
        )
    is_csv = bool(lines) and tuple(fold(cell) for cell in lines[0].lstrip("\ufeff").split(",")) == COLUMNS
    table, faults = check_day_table(lines if is_csv else _expanded(lines))
    if faults:
        raise DayTableFaults(faults)
    if len(table.years) != 1:
        raise Invalid("one_year_at_a_time", "一次只录一年的放假安排。", field="text")
    return table


def as_csv(table: DayTable) -> str:
    """The table in the csv of the notice, to be shown, kept and sent along."""
    rows = [
        f"{day.isoformat()},{table.names.get(day, '')},{int(off)}" for day, off in sorted(table.days.items())
    ]
    return "\n".join([",".join(COLUMNS), *rows])


def differences(known: Mapping[date, bool], new: DayTable) -> list[Difference]:
    """What the new table changes about the days of its year and about the late December days it arranges."""
    year = next(iter(new.years))
    days = {day for day in known if day.year == year} | set(new.days)
    return [
        Difference(day, new.names.get(day, ""), known.get(day), new.days.get(day))
        for day in sorted(days)
        if known.get(day) != new.days.get(day)
    ]


def _expanded(lines: list[str]) -> list[str]:
    """The lines as csv; every wrong one is told, by its number, in one refusal."""
    found, faults = [",".join(COLUMNS)], list[Invalid]()
    for number, line in enumerate(lines, start=1):
        try:
            found += _days_of(line)
        except Invalid as refusal:
            faults.append(
                Invalid("day_table_line", "第 {line} 行：{what}", line=number, what=refusal.message)
            )
    if faults:
        raise DayTableFaults(faults)
    return found


def _days_of(line: str) -> Iterator[str]:
    parts = [part for part in _PARTS.split(_SPAN.sub("~", line.strip())) if part]
    if len(parts) != 3 or parts[2] not in FLAGS:
        raise Invalid(
            "holiday_line", "应写成“2027-02-05 至 2027-02-11 春节 休”，单独一天写一个日期，调休上班写“班”。"
        )
    first, _, last = parts[0].partition("~")
    begin, end = parse_day(first), parse_day(last or first)
    span = (end - begin).days
    if not 0 <= span < LONGEST_SPAN_DAYS:
        raise Invalid("holiday_span", "起止日期颠倒，或者超过一个月，请核对。")
    flag = FLAGS[parts[2]]
    return (f"{begin + timedelta(days=offset)},{parts[1]},{flag}" for offset in range(span + 1))
