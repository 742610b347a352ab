"""When a failed delivery is tried again, and when it is given up."""

from __future__ import annotations

from datetime import timedelta

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""The pause after each failed try; after the last one a person has to look."""


def pause_after(tries: int) -> timedelta | None:
    """The pause after so many failed tries, or None when the delivery is given up."""
    return PAUSES[tries - 1] if 1 <= tries <= len(PAUSES) else None
