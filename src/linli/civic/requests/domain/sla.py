"""The promised day: working days by category, half an hour where there is danger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.civic.requests.domain.categories import BY_CODE
from linli.ground.kernel.calendar import Workdays

CHINA = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(18, 0)
DANGER_MINUTES = 30
"""On site within half an hour where life is in danger; for trapped people the figure of TSG T5002."""


@dataclass(frozen=True, slots=True)
class Promise:
    """By when it shall be done. ``provisional``: the year's holiday table is not there yet (暂定)."""

    due_at: datetime
    provisional: bool


def promise(*, category: str, danger: bool, at: datetime, workdays: Workdays) -> Promise:
    """The promise for a request made at ``at``: 18:00 on the last of the category's working days.

    The day of the report does not count (民法典 art. 201). Danger is due in 30 minutes.
    """
    if danger:
        return Promise(at + timedelta(minutes=DANGER_MINUTES), provisional=False)
    reported_on = at.astimezone(CHINA).date()
    due_on = workdays.add_working_days(reported_on, BY_CODE[category].working_days)
    return Promise(
        datetime.combine(due_on, END_OF_DAY, CHINA),
        provisional=workdays.is_provisional(due_on, since=reported_on),
    )


def days_left(due_at: datetime, at: datetime) -> int:
    """Calendar days from today to the promised day in China; negative when it has passed."""
    return (due_at.astimezone(CHINA).date() - at.astimezone(CHINA).date()).days
