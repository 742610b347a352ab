"""The rulings of both regimes, out of the shipped rules."""

from __future__ import annotations

from datetime import date, datetime

from linli.civic.voting.domain.ballots import BEIJING
from linli.registry.regulations.domain.profiles import Ruling
from linli.registry.regulations.queries import law_book

CIVIL_CODE_DAY, PROPERTY_LAW_DAY = date(2026, 6, 1), date(2020, 6, 1)
ORDINARY, SPECIAL = "MANAGER_APPOINTMENT", "REBUILD"  # of the same class under both laws


def ruling(item: str, on: date) -> Ruling:
    return law_book().resolve("cn-3702-qingdao", on=on).ruling(item)


CC_ORDINARY, CC_SPECIAL = ruling(ORDINARY, CIVIL_CODE_DAY), ruling(SPECIAL, CIVIL_CODE_DAY)
PL_ORDINARY, PL_SPECIAL = ruling(ORDINARY, PROPERTY_LAW_DAY), ruling(SPECIAL, PROPERTY_LAW_DAY)
RULINGS = (CC_ORDINARY, CC_SPECIAL, PL_ORDINARY, PL_SPECIAL)


def at(day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    """An instant of May 2026, in Beijing time."""
    return datetime(2026, 5, day, hour, minute, second, tzinfo=BEIJING)
