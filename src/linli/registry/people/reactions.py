"""What the register of people does when something happens to the places below it."""

from __future__ import annotations

from django.utils.timezone import localdate

from linli.ground.kernel.errors import Conflict
from linli.registry.people import queries
from linli.registry.places.events import UnitClosing


def keep_lived_in(event: UnitClosing) -> None:
    """A unit with owners or occupants in the register is in use, and is not closed."""
    owners, occupants = queries.people_behind(event.unit_id, on=localdate(event.at))
    if owners or occupants:
        raise Conflict(
            "unit_lived_in",
            "这套房还登记着 {owners} 位业主、{occupants} 位住户。请先在业主名册里办完变更，再来注销。",
            owners=owners,
            occupants=occupants,
        )
