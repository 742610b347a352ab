"""Lists of requests: one set-shaped statement each, paged by key, never counting what is not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from linli.civic.requests import policies
from linli.civic.requests.domain.workflow import CLOCK_RUNS, OPEN, Status
from linli.civic.requests.models import request_number
from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor

PAGE = 20
"""Rows on a page of a list."""

_COLUMNS = """
SELECT r.id, r.title, r.category, r.status, r.danger, p.name, r.spot, r.reported_at, r.due_at,
       r.due_provisional, r.support_count, r.rating, r.text_hidden, r.reporter_id, o.short_name, h.name,
       r.waiting_for, r.done_at, r.closed_at, r.channel, r.reopen_count, c.slug
FROM requests_request r
JOIN places_place c ON c.id = r.compound_id
JOIN places_place p ON p.id = r.place_id
LEFT JOIN organisations_organisation o ON o.id = r.organisation_id
LEFT JOIN people_account h ON h.id = r.handler_id
"""
_NEWEST = " ORDER BY r.reported_at DESC, r.id DESC LIMIT %s"
_MOST_URGENT = " ORDER BY CASE WHEN r.danger = '' THEN 1 ELSE 0 END, r.due_at, r.id LIMIT %s"


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list, as its page needs it."""

    id: int
    title: str
    category: str
    status: str
    danger: str
    place: str
    spot: str
    reported_at: datetime
    due_at: datetime
    due_provisional: bool
    support_count: int
    rating: int | None
    text_hidden: bool
    reporter_id: int | None
    organisation: str | None
    handler: str | None
    waiting_for: str
    done_at: datetime | None
    closed_at: datetime | None
    channel: str
    reopen_count: int
    slug: str

    @property
    def number(self) -> str:
        """The number people say on the phone."""
        return request_number(self.id, self.reported_at)

    def is_overdue(self, at: datetime) -> bool:
        """Whether somebody still owes work and the promised time has passed."""
        return self.status in CLOCK_RUNS and self.due_at < at


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty field narrows nothing.

    ``words`` are looked for in the text; ``facility`` is an asset number of the compound.
    """

    status: str = ""
    category: str = ""
    words: str = ""
    facility: str = ""
    place_path: str = ""
    handler_id: int | None = None
    only_open: bool = False
    overdue_at: datetime | None = None


def listed(
    *,
    actor: Actor,
    compound_id: int,
    compound_path: str,
    filters: Filters | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[Row]:
    """A compound's requests, newest first: public ones, the actor's own, and for staff all; one more than ``limit``."""
    where, values = _visible(actor, compound_id, compound_path)
    reads_hidden = policies.is_staff_of(actor, compound_path)
    _narrow(filters or Filters(), where, values, reads_hidden=reads_hidden)
    if after is not None:
        where.append("(r.reported_at, r.id) < (%s, %s)")
        values += [_stored(after[0]), after[1]]
    return _rows(where, [*values, limit + 1], _NEWEST)


def mine(*, actor: Actor, after: tuple[datetime, int] | None = None, limit: int = PAGE) -> list[Row]:
    """What the actor reported or supports, in any compound, newest first."""
    where = [
        "(r.reporter_id = %s OR r.id IN (SELECT request_id FROM requests_support WHERE account_id = %s AND ended_at IS NULL))"
    ]
    values: list[Any] = [actor.account_id, actor.account_id]
    if after is not None:
        where.append("(r.reported_at, r.id) < (%s, %s)")
        values += [_stored(after[0]), after[1]]
    return _rows(where, [*values, limit + 1], _NEWEST)


def awaiting_me(*, actor: Actor) -> list[Row]:
    """What waits for the actor: as reporter to confirm, as handler to work on; most urgent first."""
    if actor.account_id is None:
        return []
    where = [
        "((r.reporter_id = %s AND r.status = 'done') OR"
        " (r.handler_id = %s AND r.status IN ('dispatched', 'accepted', 'on_site')))"
    ]
    return _rows(where, [actor.account_id, actor.account_id, 20], _MOST_URGENT)


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One column of the committee's board: its words, how many there are, and the most urgent of them."""

    words: str
    statuses: tuple[Status, ...]
    count: int
    rows: Sequence[Row]


_BOARD: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("待派单", (Status.RECEIVED,)),
    ("办理中", (Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE, Status.WAITING, Status.FORWARDED)),
    ("等居民确认", (Status.DONE,)),
)


def board(*, actor: Actor, compound_id: int, compound_path: str, limit: int = 12) -> list[BoardColumn]:
    """The open requests in three columns, most urgent first; for staff of the compound only."""
    numbers = counts(actor=actor, compound_id=compound_id, compound_path=compound_path)
    columns = []
    for words, statuses in _BOARD:
        where, values = _visible(actor, compound_id, compound_path)
        where.append(f"r.status IN ({', '.join(['%s'] * len(statuses))})")
        rows = _rows(where, [*values, *statuses, limit], _MOST_URGENT)
        columns.append(BoardColumn(words, statuses, sum(numbers.get(status, 0) for status in statuses), rows))
    return columns


def counts(*, actor: Actor, compound_id: int, compound_path: str) -> dict[str, int]:
    """How many requests stand in each state, as far as the actor may see."""
    where, values = _visible(actor, compound_id, compound_path)
    numbers = all_rows(
        f"SELECT r.status, count(*) FROM requests_request r WHERE {' AND '.join(where)} GROUP BY r.status",
        values,
    )
    return {status: int(number) for status, number in numbers}


def export_rows(*, actor: Actor, compound_id: int, compound_path: str, filters: Filters) -> Iterator[Row]:
    """Every row the filters leave, newest first, page by page."""
    after: tuple[datetime, int] | None = None
    while True:
        rows = listed(
            actor=actor,
            compound_id=compound_id,
            compound_path=compound_path,
            filters=filters,
            after=after,
            limit=500,
        )
        yield from rows[:500]
        if len(rows) <= 500:
            return
        after = (rows[499].reported_at, rows[499].id)


def _visible(actor: Actor, compound_id: int, compound_path: str) -> tuple[list[str], list[Any]]:
    where, values = ["r.compound_id = %s"], [compound_id]
    if policies.is_staff_of(actor, compound_path) or actor.is_system:
        return where, list(values)
    where.append("(r.is_public OR r.reporter_id = %s)")
    return where, [*values, actor.account_id or 0]


_AT_FACILITY = "r.facility_id = (SELECT f.id FROM places_facility f WHERE f.compound_id = r.compound_id AND f.asset_no = %s)"


def _narrow(filters: Filters, where: list[str], values: list[Any], *, reads_hidden: bool) -> None:
    conditions: list[tuple[str, object]] = []
    if filters.status:
        conditions.append(("r.status = %s", filters.status))
    if filters.category:
        conditions.append(("r.category = %s", filters.category))
    if filters.facility:
        conditions.append((_AT_FACILITY, filters.facility))
    if filters.place_path:
        conditions.append(("p.path LIKE %s", f"{filters.place_path}%"))
    if filters.handler_id is not None:
        conditions.append(("r.handler_id = %s", filters.handler_id))
    if filters.only_open or filters.overdue_at:
        marks = ", ".join(f"'{status}'" for status in sorted(CLOCK_RUNS if filters.overdue_at else OPEN))
        where.append(f"r.status IN ({marks})")
    if filters.overdue_at:
        conditions.append(("r.due_at < %s", _stored(filters.overdue_at)))
    for condition, value in conditions:
        where.append(condition)
        values.append(value)
    if filters.words:
        _look_for(filters.words, where, values, reads_hidden=reads_hidden)


def _look_for(words: str, where: list[str], values: list[Any], *, reads_hidden: bool) -> None:
    """By number or by words; hidden words are found by those only who may read them."""
    readable = "" if reads_hidden else "NOT r.text_hidden AND "
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    where.append(f"({readable}(r.title LIKE %s ESCAPE '\\' OR r.text LIKE %s ESCAPE '\\') OR r.id = %s)")
    key = words.rsplit("-", 1)[-1]
    values += [f"%{escaped}%", f"%{escaped}%", int(key) if key.isdecimal() and len(key) < 15 else 0]


def _stored(instant: datetime) -> Any:
    """An instant as the database compares it: SQLite keeps UTC text."""
    return connection.ops.adapt_datetimefield_value(instant)


def _instant(value: object) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC)


def _rows(where: Sequence[str], values: Sequence[Any], order: str) -> list[Row]:
    found = all_rows(f"{_COLUMNS} WHERE {' AND '.join(where)}{order}", list(values))
    if connection.vendor == "postgresql":
        return [Row(*row) for row in found]
    return [Row(*_from_text(row)) for row in found]


_INSTANTS = frozenset({7, 8, 17, 18})
_FLAGS = frozenset({9, 12})


def _from_text(row: Sequence[Any]) -> list[Any]:
    return [
        _instant(value) if place in _INSTANTS else bool(value) if place in _FLAGS else value
        for place, value in enumerate(row)
    ]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The month's figures of a compound; each with the number it is a share of."""

    reported: int
    closed: int
    closed_in_time: int
    rated: int
    satisfied: int
    overdue: int


def numbers(*, compound_id: int, at: datetime) -> Numbers:
    """How the last 30 days went: reported, closed, closed in time, rated 3 to 5 of the rated, overdue now."""
    since, now = _stored(at - timedelta(days=30)), _stored(at)
    marks = ", ".join(f"'{status}'" for status in sorted(CLOCK_RUNS))
    statement = f"""
    SELECT count(CASE WHEN reported_at >= %s THEN 1 END),
           count(CASE WHEN status = 'confirmed' AND closed_at >= %s THEN 1 END),
           count(CASE WHEN status = 'confirmed' AND closed_at >= %s AND done_at <= due_at THEN 1 END),
           count(CASE WHEN rating IS NOT NULL AND closed_at >= %s THEN 1 END),
           count(CASE WHEN rating >= 3 AND closed_at >= %s THEN 1 END),
           count(CASE WHEN status IN ({marks}) AND due_at < %s THEN 1 END)
    FROM requests_request WHERE compound_id = %s
    """
    [numbers] = all_rows(statement, [since, since, since, since, since, now, compound_id])
    return Numbers(*numbers)
