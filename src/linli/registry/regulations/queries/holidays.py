"""What the law's calendar says: shipped tables, overlaid with the years that staff entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from linli.ground.db.statements import all_rows
from linli.ground.journal import queries as journal
from linli.ground.journal.queries import Act
from linli.ground.kernel.calendar import DayTable, Workdays, load_shipped_table
from linli.registry.regulations.models import HolidayYear


def workdays() -> Workdays:
    """The working-day calendar for promised days: years without a table count by weekends, provisionally."""
    entered = all_rows("SELECT year, days_sha256 FROM regulations_holidays ORDER BY year")
    return _workdays(tuple((int(year), str(digest)) for year, digest in entered))


@lru_cache(maxsize=4)
def _workdays(entered: tuple[tuple[int, str], ...]) -> Workdays:
    table = load_shipped_table()
    for row in HolidayYear.objects.filter(year__in=[year for year, _ in entered]).order_by("year"):
        days = {date.fromisoformat(day): off for day, off in row.days.items()}
        table = table.overlaid_by(DayTable(days, years=[row.year]))
    return Workdays(table, provisional=True)


@dataclass(frozen=True, slots=True)
class KnownTable:
    """What is known of one year. ``mark`` changes whenever the table does, so that a preview can be trusted."""

    years: frozenset[int]
    days: dict[date, bool]
    names: dict[date, str]
    mark: str
    source: str
    entered_at: datetime | None


def known_table(year: int) -> KnownTable:
    """The table that counts for a year, entered or shipped; empty days where there is none."""
    row = HolidayYear.objects.filter(year=year).first()
    if row is not None:
        days = {date.fromisoformat(day): off for day, off in row.days.items()}
        names = {date.fromisoformat(day): name for day, name in row.names.items()}
        return KnownTable(frozenset({year}), days, names, row.days_sha256, row.source, row.entered_at)
    shipped = load_shipped_table()
    days = {day: off for day, off in shipped.days.items() if day.year == year}
    names = {day: shipped.names.get(day, "") for day in days}
    return KnownTable(frozenset({year} & shipped.years), days, names, "shipped", "", None)


def known_years() -> list[int]:
    """The years whose working days are exact."""
    entered = HolidayYear.objects.values_list("year", flat=True)
    return sorted({*load_shipped_table().years, *entered})


@dataclass(frozen=True, slots=True)
class Line:
    """One year as the list shows it; the source is empty for a table that came with the product."""

    year: int
    source: str
    entered_at: datetime | None


def years() -> list[Line]:
    """The known years, newest first, with where each table comes from."""
    entered = {row.year: row for row in HolidayYear.objects.all()}
    return [
        Line(year, entered[year].source, entered[year].entered_at)
        if year in entered
        else Line(year, "", None)
        for year in reversed(known_years())
    ]


def entering_acts(year: int) -> list[Act]:
    """Every time that the year's table was entered, in order, each with its receipt."""
    return [act for act in journal.story(0, "holidays") if act.body.get("year") == year]
