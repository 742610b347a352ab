"""Duty in hours: when a shift begins and ends, whether it is running, and whether two of them collide."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold

DAYS_OF_A_WEEK = 7
LONGEST_AHEAD_DAYS = 92
_HOUR = re.compile(r"([0-9]{1,2})[:点时]([0-9]{2})?分?")


@dataclass(frozen=True, slots=True)
class Shift:
    """A day and its hours, as minutes since midnight. From 0 to 0 is the whole day.

    An end that is not after the beginning lies on the next day: 20:00 to 8:00.
    """

    on: date
    from_minute: int
    to_minute: int

    @property
    def starts_at(self) -> datetime:
        """When it begins, on the wall clock."""
        return _at(self.on, self.from_minute)

    @property
    def ends_at(self) -> datetime:
        """When it is over, on the wall clock."""
        ends = _at(self.on, self.to_minute)
        return ends if self.to_minute > self.from_minute else ends + timedelta(days=1)

    @property
    def hours(self) -> str:
        """How the hours are written: 08:00—20:00."""
        return f"{clock_text(self.from_minute)}—{clock_text(self.to_minute)}"

    @property
    def is_whole_day(self) -> bool:
        """Whether somebody is there for twenty-four hours."""
        return self.from_minute == self.to_minute

    def runs_at(self, moment: datetime) -> bool:
        """Whether the shift is running at this moment of the wall clock."""
        return self.starts_at <= moment < self.ends_at

    def collides_with(self, other: Shift) -> bool:
        """Whether one person cannot be in both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(0, 0)) + timedelta(minutes=minute)


def clock_text(minute: int) -> str:
    """480 → 08:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_clock(text: str) -> int:
    """The minute of the day in ``8:00``, ``08：30`` or ``8点``. Refuses what is no time of the day; 24:00 is 0."""
    match = _HOUR.fullmatch(fold(text))
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise Invalid(
            "not_a_time", "“{text}”不是有效的时间，应写成 8:00 或 20:30 这样。", text=fold(text)[:12]
        )
    return (hour % 24) * 60 + minute


def check_day(on: date, today: date) -> None:
    """Refuse to plan what is over, and what is too far away to be known."""
    if on < today:
        raise Invalid("duty_in_past", "过去的日子不能再排班。", field="days")
    if on > today + timedelta(days=LONGEST_AHEAD_DAYS):
        raise Invalid(
            "duty_too_far",
            "最多提前 {days} 天排班，请选近一些的日子。",
            days=LONGEST_AHEAD_DAYS,
            field="days",
        )


def collision(shift: Shift, planned: Iterable[Shift]) -> Shift | None:
    """The first of the planned shifts that this one collides with."""
    return next((one for one in planned if one.collides_with(shift)), None)


def monday_of(day: date) -> date:
    """The Monday of the week in which a day lies."""
    return day - timedelta(days=day.weekday())


def week_from(monday: date) -> list[date]:
    """The seven days of a week."""
    return [monday + timedelta(days=number) for number in range(DAYS_OF_A_WEEK)]
