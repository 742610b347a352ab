"""How every act on a place or a unit is written down: what each column was, what it is, why, by whom."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.places.models import Change, Facility, Place, Unit

Row = Place | Unit | Facility


def held_place(place_id: int) -> Place:
    """A place, in use or not, that stays as it is until the act ends. Refuses unknown ones."""
    place = lock(Place.objects.select_related("parent", "compound").filter(pk=place_id)).first()
    if place is None:
        raise NotFound("no_such_place", "没有找到这个地方。")
    return place


def held_unit(unit_id: int) -> Unit:
    """A unit, in use or not, that stays as it is until the act ends. Refuses unknown ones."""
    unit = lock(Unit.objects.select_related("compound").filter(pk=unit_id)).first()
    if unit is None:
        raise NotFound("no_such_unit", "没有找到这套房。")
    return unit


def require_open(row: Place | Unit) -> None:
    """Refuse what is no more."""
    if row.closed_on is not None:
        raise Conflict("closed_already", "「{name}」已经注销。要登记或更改，请先恢复它。", name=str(row))


def require_closed(row: Place | Unit) -> None:
    """Refuse to bring back what never went."""
    if row.closed_on is None:
        raise Conflict("still_open", "「{name}」在用，不用恢复。", name=str(row))


@contextmanager
def unless_taken(check: Callable[[], None]) -> Iterator[None]:
    """Write what must be unique. ``check`` refuses what is taken: before, and when somebody else was quicker."""
    check()
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        check()
        raise Conflict("taken_just_now", "刚刚有人登记了同样的内容，请刷新后再看。") from error


def clean_reason(reason: str) -> str:
    """Why, in words. Refuses none."""
    words = " ".join(reason.split())[:200]
    if not words:
        raise Invalid("reason_missing", "请写明原因，会留在记录里。", field="reason")
    return words


def differences(row: Row, wanted: Mapping[str, object]) -> dict[str, object]:
    """What the columns were that are to be something else. Refuses when nothing is."""
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    if not before:
        raise Invalid("nothing_changed", "填的和登记的一样，没有要改的。")
    return before


def changes(
    row: Row, before: Mapping[str, object], *, reason: str, actor: Actor, at: datetime
) -> list[Change]:
    """One line for every column that was something else before."""
    return [
        change(row, name, before=text(old), after=text(getattr(row, name)), reason=reason, actor=actor, at=at)
        for name, old in before.items()
    ]


def text(value: object) -> str:
    """A value of a column as the history keeps it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def change(
    row: Row, what: str, *, before: str, after: str, reason: str, actor: Actor, at: datetime
) -> Change:
    """Keep the reason beside what changed; the log commits to it and shows none of it."""
    return insert(
        Change(
            compound_id=row.log_id or None,
            subject=type(row).__name__.lower(),
            key=row.pk,
            what=what,
            before=before,
            after=after,
            reason=clean_reason(reason),
            account_id=actor.account_id,
            at=at,
            salt=secrets.token_bytes(16),
        )
    )


def keys(rows: Sequence[Change]) -> list[int]:
    """The lines of an act as its entry in the log names them."""
    return [row.pk for row in rows]
