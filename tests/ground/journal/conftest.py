"""A few places and acts, and a folder of their own for what is published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.ground.journal import actions as journal
from linli.ground.journal.actions import BulkAct
from linli.ground.kernel.actor import system
from linli.registry.places.models import Place, Unit

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SOMEBODY = system("test")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Checkpoints of one test must not bind the next one."""
    settings.HOME = tmp_path
    return tmp_path


def act(log: int = 7, kind: str = "test.act", number: int = 0, **more: Any) -> int:
    """Record one act; ``number`` makes its bytes differ."""
    said = {
        "stream": "test/1",
        "body": {"number": number},
        "by": SOMEBODY,
        "at": AT + timedelta(seconds=number),
    }
    return journal.append(compound_id=log, kind=kind, **(said | more))


def acts(count: int, log: int = 7) -> None:
    """Record several acts."""
    for number in range(count):
        act(log=log, number=number)


def compound(name: str = "海云花园") -> Place:
    """A compound, recorded in its own log."""
    place = Place.objects.create(kind="compound", name=name, code=name, path="/", sort_key=name)
    Place.objects.filter(pk=place.pk).update(path=f"/{place.pk}/")
    place.refresh_from_db()
    journal.append(
        compound_id=place.log_id, stream="place", kind="place.add", body={}, rows=[place], by=SOMEBODY, at=AT
    )
    return place


def units(place: Place, count: int, **more: Any) -> list[Unit]:
    """Homes brought in by one bulk act, as an import does it."""
    slots = journal.open_bulk([place.pk])
    slot = slots[place.pk]
    made = Unit.objects.bulk_create(
        Unit(
            compound=place,
            place=place,
            code=f"{slot.index}-{number}",
            label=f"{number}号",
            sort_key=f"{number:04}",
            area_dm2=10_000 + number,
            leaf=slot.index,
            **more,
        )
        for number in range(count)
    )
    slot.add(
        Unit, [unit.pk for unit in made], [[getattr(unit, name) for name in Unit.LOGGED] for unit in made]
    )
    body = {"units": count}
    told = BulkAct(slot=slot, stream="roll", kind="roll.import", body=body, by=SOMEBODY, at=AT)
    journal.close_bulk(slots, [told])
    return made
