"""What the law's calendar says: shipped tables, overlaid with the years that staff entered."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import connection

from linli.ground.kernel.calendar import DayTable, Workdays, load_shipped_table
from linli.registry.regulations.models import HolidayYear


def workdays() -> Workdays:
    """The working-day calendar for promised days: years without a table count by weekends, provisionally."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT year, days_sha256 FROM regulations_holidays ORDER BY year")
        entered = tuple((int(year), str(digest)) for year, digest in cursor.fetchall())
    return _workdays(entered)


@lru_cache(maxsize=4)
def _workdays(entered: tuple[tuple[int, str], ...]) -> Workdays:
    table = load_shipped_table()
    for row in HolidayYear.objects.filter(year__in=[year for year, _ in entered]).order_by("year"):
        days = {date.fromisoformat(day): off for day, off in row.days.items()}
        table = table.overlaid_by(DayTable(days, years=[row.year]))
    return Workdays(table, provisional=True)


def known_years() -> list[int]:
    """The years whose working days are exact."""
    entered = HolidayYear.objects.values_list("year", flat=True)
    return sorted({*load_shipped_table().years, *entered})


def entered_years() -> list[HolidayYear]:
    """The years that staff entered, newest first."""
    return list(HolidayYear.objects.order_by("-year"))
