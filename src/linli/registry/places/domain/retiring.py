"""When a facility may be said to be out of use."""

from __future__ import annotations

from datetime import date

from linli.ground.kernel.errors import Invalid

EARLIEST = date(1980, 1, 1)
"""Before this no compound had common facilities with numbers; an earlier day is a slip of the pen."""


def require_day(on: date, today: date) -> None:
    """A facility is out of use since a day that has come; refuses days ahead and days of long ago."""
    if on > today:
        raise Invalid("retired_ahead", "停用日期不能晚于今天，请等停用那天再登记。", field="on")
    if on < EARLIEST:
        raise Invalid("retired_long_ago", "停用日期写得太早，请检查年份。", field="on")
