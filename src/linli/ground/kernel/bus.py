"""The event bus: what one capability tells the house, heard in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_reactions: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event: type[Any], reaction: Callable[[Any], None]) -> None:
    """Let ``reaction`` hear every ``event``; called only from the wiring table, in its order."""
    if reaction not in _reactions[event]:
        _reactions[event].append(reaction)


def publish(event: object) -> None:
    """Tell the house. Reactions run now, in order, in the publisher's transaction; faults propagate."""
    for reaction in _reactions[type(event)]:
        reaction(event)
