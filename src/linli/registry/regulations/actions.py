"""Entering a year's holiday table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from linli.ground.journal import actions as journal
from linli.ground.kernel import bus, canonical
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.calendar import DayTableFaults, check_day_table
from linli.ground.kernel.errors import Invalid, NotAllowed
from linli.registry.regulations import events
from linli.registry.regulations.models import HolidayYear

ENTERERS = frozenset({RoleName.DISTRICT_OFFICER, RoleName.SUBDISTRICT_OFFICER, RoleName.OPERATOR})


@transaction.atomic
def enter_holidays(*, actor: Actor, lines: Iterable[str], source: str, at: datetime) -> HolidayYear:
    """Enter one year's table (csv: date,name,is_off_day) with its source; again replaces it.

    Refuses a faulty table naming each line, several years at once, and a missing source.
    """
    if not (actor.is_system or any(role.name in ENTERERS for role in actor.roles)):
        raise NotAllowed("may_not_enter_holidays", "放假安排由街道、区里或平台运维录入。")
    if not source.strip():
        raise Invalid("source_missing", "请写明依据，例如“国办发明电〔2026〕X号”。", field="source")
    table, faults = check_day_table(lines)
    if faults:
        raise DayTableFaults(faults)
    if len(table.years) != 1:
        raise Invalid("one_year_at_a_time", "一次只录一年的放假安排。", field="lines")
    year = next(iter(table.years))
    days = {day.isoformat(): off for day, off in sorted(table.days.items())}
    digest = hashlib.sha256(canonical.encode([[day, off] for day, off in days.items()])).hexdigest()
    row, _ = HolidayYear.objects.update_or_create(
        year=year,
        defaults={
            "days": days,
            "days_sha256": digest,
            "source": source.strip()[:200],
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
    bus.publish(events.HolidaysEntered(year=year, at=at))
    return row
