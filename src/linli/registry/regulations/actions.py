"""Entering a year's holiday table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.ground.journal import actions as journal
from linli.ground.kernel import bus, canonical
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.regulations import events, policies
from linli.registry.regulations.domain import holiday_lines
from linli.registry.regulations.models import HolidayYear
from linli.registry.regulations.queries import holidays

LONGEST_SOURCE, SHORTEST_SOURCE = 200, 4


@dataclass(frozen=True, slots=True)
class Entered:
    """The year that was entered, and how many promised days followed from it."""

    year: int
    recomputed: int


@transaction.atomic
def enter_holidays(*, actor: Actor, text: str, source: str, seen: str | None = None, at: datetime) -> Entered:
    """Enter one year's table with its source; again replaces it. Promised days that waited for it follow at once.

    ``seen`` is what the preview was compared with. Refuses a faulty table naming each line, several years at
    once, a missing source, a table that changes nothing, and one that somebody else changed in between.
    """
    policies.require_may_enter(actor)
    why = " ".join(source.split())
    if not SHORTEST_SOURCE <= len(why) <= LONGEST_SOURCE:
        raise Invalid(
            "source_missing",
            "请写明依据，例如“国办发明电〔2026〕X号”，最多 {most} 个字。",
            "全国年节及纪念日放假办法第七条",
            most=LONGEST_SOURCE,
            field="source",
        )
    table = holiday_lines.read_table(text)
    year = next(iter(table.years))
    known = holidays.known_table(year)
    if seen is not None and seen != known.mark:
        raise Conflict("holidays_changed", "预览之后这一年的放假安排被人改过，请重新预览。")
    if year in known.years and not holiday_lines.differences(known.days, table):
        raise Conflict("nothing_changed", "{year} 年的放假安排和已有的完全一样，不用再录。", year=year)
    days = {day.isoformat(): off for day, off in sorted(table.days.items())}
    digest = hashlib.sha256(canonical.encode([[day, off] for day, off in days.items()])).hexdigest()
    row, _ = HolidayYear.objects.update_or_create(
        year=year,
        defaults={
            "days": days,
            "names": {day.isoformat(): name for day, name in sorted(table.names.items())},
            "days_sha256": digest,
            "source": why,
            "entered_by_id": actor.account_id,
            "entered_at": at,
        },
    )
    journal.append(
        compound_id=0,
        stream="holidays",
        kind="holidays.enter",
        body={"year": year, "days": digest},
        rows=[row],
        by=actor,
        at=at,
    )
    told = events.HolidaysEntered(year=year, at=at)
    bus.publish(told)
    return Entered(year, sum(told.counts))
