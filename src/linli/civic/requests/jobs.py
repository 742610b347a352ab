"""What the clock does for requests."""

from __future__ import annotations

from datetime import datetime

from linli.civic.requests import actions


def remind_of_overdue(at: datetime) -> str:
    """Tell of what has just become overdue; says how many."""
    return f"提醒 {actions.tell_overdue(at=at)} 件超时的诉求"
