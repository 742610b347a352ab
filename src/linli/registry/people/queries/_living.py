"""Who can be told something about a place because they live or own there."""

from __future__ import annotations

from datetime import date

from linli.registry.people.models import Occupancy, Ownership
from linli.registry.people.queries._staff import in_force


def accounts_living_at(*, place_path: str, on: date) -> list[int]:
    """The accounts with a home at or under the place on that day, each once."""
    found: set[int] = set()
    for table in (Ownership, Occupancy):
        rows = table.objects.filter(
            in_force(on), unit__place__path__startswith=place_path, person__account__closed_at=None
        )
        found.update(rows.exclude(person__account=None).values_list("person__account_id", flat=True))
    return sorted(found)
