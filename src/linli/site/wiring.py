"""Who hears what, what runs when, and what stands in the menus: the one table of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from linli.civic.notifications import jobs as notifications
from linli.civic.requests import reactions as requests
from linli.ground.kernel import bus
from linli.registry.regulations.events import HolidaysEntered

REACTIONS: dict[type[Any], tuple[Callable[[Any], None], ...]] = {
    HolidaysEntered: (requests.recompute_promises,),
}
"""Event → reactions, in order; all run in the publisher's transaction."""

JOBS: tuple[tuple[Callable[[datetime], str], timedelta], ...] = (
    (notifications.carry_messages, timedelta(seconds=10)),
)
"""Job and how often it runs."""


def wire() -> None:
    """Connect every reaction; safe to call again."""
    for event, reactions in REACTIONS.items():
        for reaction in reactions:
            bus.subscribe(event, reaction)
