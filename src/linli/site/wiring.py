"""Who hears what, what runs when, and what stands in the menus: the one table of the house."""

from __future__ import annotations

from linli.ground.kernel import bus

REACTIONS: dict[type[object], list[object]] = {}
"""Event → reactions, in order; all run in the publisher's transaction."""


def wire() -> None:
    """Connect every reaction; safe to call again."""
    for event, reactions in REACTIONS.items():
        for reaction in reactions:
            bus.subscribe(event, reaction)  # type: ignore[arg-type]
