"""When things happen in the demo: by day, as in a real compound, whenever it is seeded."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
MORNING, EVENING = time(8, 30), time(19, 30)
DAY = timedelta(days=1)


def story_end(now: datetime) -> datetime:
    """The last moment of the story: now, or the evening before where it is night."""
    here = now.astimezone(CHINA)
    if here.time() < MORNING:
        return _on(here - DAY, EVENING)
    return min(here, _on(here, EVENING))


def by_day(at: datetime) -> datetime:
    """The instant, or the edge of its day where it falls into the night; the order stays."""
    here = at.astimezone(CHINA)
    return max(_on(here, MORNING), min(here, _on(here, EVENING)))


def days_before(end: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """An hour of the day so many days before the story ends."""
    return _on(end.astimezone(CHINA) - days * DAY, time(hour, minute))


def _on(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, CHINA)
