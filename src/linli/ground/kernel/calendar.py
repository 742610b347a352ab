"""Working days and legal periods: the State Council's yearly table, Civil Code 201–203.

``DayTable`` is the yearly table, ``Workdays`` counts on it. A table is data: the product ships one, staff
enter next year's.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import MAXYEAR, date, datetime, timedelta
from importlib.resources import files

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.reading import one_sentence
from linli.ground.kernel.text import fold, shown

COLUMNS = ("date", "name", "is_off_day")
_ALWAYS_OFF = ((1, 1, "元旦"), (5, 1, "劳动节"), (10, 1, "国庆节"))
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_YES_NO = {"1": True, "0": False}


class CalendarMissing(Invalid):
    """The year has no table of holidays yet, so its working days cannot be counted exactly."""

    def __init__(self, year: int) -> None:
        super().__init__(
            "calendar_missing",
            "没有 {year} 年的放假安排表，无法计算工作日；请先录入国务院办公厅公布的该年放假通知。",
            clause="全国年节及纪念日放假办法",
            year=year,
        )


class DayTableFaults(Invalid):
    """The lines of a table that are wrong; ``faults`` holds one refusal for each, in order."""

    def __init__(self, faults: list[Invalid]) -> None:
        super().__init__("day_table_faults", "放假安排表有误：{faults}", faults=one_sentence(faults))
        self.faults = tuple(faults)


class DayTable:
    """The days on which the yearly notice departs from the week: ``days[day]`` is whether it is off.

    ``years`` are those that the table covers. When they are not named, a day covers its own year; the last
    days of December do not, for the next year's notice arranges them.
    """

    def __init__(
        self,
        days: Mapping[date, bool],
        *,
        years: Collection[int] | None = None,
        names: Mapping[date, str] | None = None,
    ) -> None:
        self.days = dict(days)
        self.names = dict(names or {})
        covered = {day.year for day in days if not _is_late_december(day)} if years is None else years
        self.years = frozenset(covered)

    def is_off(self, day: date) -> bool:
        """Whether the day is off by the table, or by the week where the table is silent."""
        if isinstance(day, datetime):
            raise TypeError("a day, not a moment: which day it is depends on the place")
        listed = self.days.get(day)
        return day.weekday() >= 5 if listed is None else listed

    def overlaid_by(self, newer: DayTable) -> DayTable:
        """This table with the years that ``newer`` covers replaced, and the late December days it arranges."""
        days = {day: off for day, off in self.days.items() if day.year not in newer.years}
        return DayTable(days | newer.days, years=self.years | newer.years, names=self.names | newer.names)


def _is_late_december(day: date) -> bool:
    return day.month == 12 and day.day > 20


def parse_day(text: str, *, what: str = "日期") -> date:
    """The day in ``2026-02-13``, ``2026/2/13`` or ``2026年2月13日``. Refuses what is no such day."""
    match = _DAY.fullmatch(fold(text))
    try:
        if match is None:
            raise ValueError(text)
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Invalid(
            "not_a_day", "{what}“{text}”不是有效的日期，应写成 2026-02-13 这样。", what=what, text=shown(text)
        ) from None


def check_day_table(lines: Iterable[str]) -> tuple[DayTable, list[Invalid]]:
    """The table in csv lines ``date,name,is_off_day`` (1 off, 0 working), and every fault by its line.

    A line is refused for a wrong day, a repeated day, a flag that is not 0 or 1, or the wrong number of
    columns; a year is refused when one of 元旦, 劳动节, 国庆节 is not in it (a file cut short).
    """
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    faults: list[Invalid] = []
    reader = csv.reader(line.replace("\0", " ") for line in lines)
    try:
        header = next(reader, [])
        if tuple(fold(cell) for cell in header) != COLUMNS:
            return DayTable({}), [_at(1, "表头应为 date,name,is_off_day。")]
        for row in reader:
            fault = _take_row(row, days, names) if any(row) else None
            if fault:
                faults.append(_at(reader.line_num, fault))
    except csv.Error:
        faults.append(_at(reader.line_num, "这一行不是 csv 格式。"))
    years = {day.year for day in days if not _is_late_december(day)}
    faults.extend(_incomplete_years(days, years))
    if not days and not faults:
        faults.append(_at(1, "表里没有任何日期。"))
    return DayTable(days, years=years, names=names), faults


def _at(line: int, what: str) -> Invalid:
    return Invalid("day_table_line", "第 {line} 行：{what}", line=line, what=what)


def _take_row(row: list[str], days: dict[date, bool], names: dict[date, str]) -> str | None:
    """Enter one line into the table, or say what is wrong with it."""
    if len(row) != len(COLUMNS):
        return f"应有 3 列，实有 {len(row)} 列。"
    try:
        day = parse_day(row[0])
    except Invalid as refusal:
        return refusal.message
    off = _YES_NO.get(fold(row[2]))
    if off is None:
        return f"is_off_day“{shown(row[2])}”应为 1（休息）或 0（上班）。"
    if day in days:
        return f"{day} 重复。"
    days[day], names[day] = off, fold(row[1])
    return None


def _incomplete_years(days: Mapping[date, bool], years: Collection[int]) -> list[Invalid]:
    return [
        Invalid(
            "day_table_year",
            "{year} 年的表不完整：{month} 月 {day} 日（{name}）应为休息日。",
            year=year,
            month=month,
            day=day,
            name=name,
        )
        for year in sorted(years)
        for month, day, name in _ALWAYS_OFF
        if not days.get(date(year, month, day))
    ]


def read_day_table(lines: Iterable[str]) -> DayTable:
    """The table in csv lines. Refuses with every fault by its line (:class:`DayTableFaults`)."""
    table, faults = check_day_table(lines)
    if faults:
        raise DayTableFaults(faults)
    return table


def load_shipped_table() -> DayTable:
    """The table that the product ships: the State Council's yearly notices from 2018."""
    shipped = files("linli.ground.kernel").joinpath("data/holidays-cn.csv")
    return read_day_table(shipped.read_text("utf-8").splitlines())


class Workdays:
    """Counts working days and periods on a table.

    A year without a table is refused (:class:`CalendarMissing`), unless ``provisional``: then its days
    count by the week, and :meth:`is_provisional` says so, until the table is entered.
    """

    def __init__(self, table: DayTable, *, provisional: bool = False) -> None:
        self.table = table
        self.provisional = provisional

    def is_provisional(self, day: date, *, since: date | None = None) -> bool:
        """Whether the day, or any between ``since`` and it, lies in a year without a table."""
        first, last = sorted((since or day, day))
        return any(year not in self.table.years for year in range(first.year, last.year + 1))

    def is_working_day(self, day: date) -> bool:
        """Whether people work that day. Refuses a year without a table."""
        self._require(day.year)
        return not self.table.is_off(day)

    def add_working_days(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start``, which itself is not counted; before it if negative.

        With 0 it is ``start`` itself, working or not.
        """
        self._require(start.year)
        day, left, step = start, abs(count), 1 if count > 0 else -1
        while left:
            day = _shifted(day, step)
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``.

        For an earlier ``end`` they are counted back from ``start``, and negative; so adding n working days
        and counting them always gives n again.
        """
        if end < start:
            return -self._count(end, start - end, first=0)
        return self._count(start, end - start, first=1)

    def _count(self, start: date, span: timedelta, *, first: int) -> int:
        for year in range(start.year, (start + span).year + 1):
            self._require(year)
        days = range(first, span.days + first)
        return sum(not self.table.is_off(start + timedelta(days=offset)) for offset in days)

    def period_end(
        self, start: date, *, days: int | None = None, months: int | None = None, years: int | None = None
    ) -> date:
        """The last day of a period counted forward from ``start``, which itself is not counted.

        By months or years the period ends on the day of the same number, or the last of the month where
        there is none. A last day off moves to the next working day. Source: 民法典 201, 202, 203.
        Exactly one of ``days``, ``months``, ``years``, at least 1.
        """
        given = [count for count in (days, months, years) if count is not None]
        if len(given) != 1 or given[0] < 1:
            raise Invalid("bad_period", "期间应以日、月、年之一计，且至少为 1。", clause="民法典第二百零一条")
        end = _shifted(start, days) if days else _months_later(start, (months or 0) + 12 * (years or 0))
        while not self.is_working_day(end):
            end = _shifted(end, 1)
        return end

    def days_before(self, day: date, count: int) -> date:
        """The day that lies ``count`` days before ``day``; counted backward a date is never shifted."""
        if count < 0:
            raise Invalid("bad_period", "倒推的天数不能是负数。")
        return _shifted(day, -count)

    def _require(self, year: int) -> None:
        if not self.provisional and year not in self.table.years:
            raise CalendarMissing(year)


def _out_of_range() -> Invalid:
    return Invalid("day_out_of_range", "日期超出了日历的范围，请核对。")


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise _out_of_range() from None


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > MAXYEAR:
        raise _out_of_range()
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
