"""The register as a list in the order of the doors, masked as far as the reader is not entrusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, mask_name, mask_phone
from linli.registry.people import policies
from linli.registry.people.models import Person

if TYPE_CHECKING:
    from linli.registry.places.models import Place

PAGE = 50
FILTERS = ("all", "owner", "tenant", "family", "unlinked", "vacant")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person behind one door; a unit without a known owner has an entry without a person."""

    unit_id: int
    unit_code: str
    unit_label: str
    area_dm2: int | None
    person_id: int | None
    name: str
    kind: str
    relation: str
    phone: str
    has_account: bool
    from_on: date | None
    cursor: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to read: entries whose name or unit contains ``search``, of one kind, from where."""

    search: str = ""
    show: str = "all"
    after: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of entries, and where the next one begins."""

    entries: Sequence[Entry]
    next_cursor: str


_COLUMNS = "u.sort_key, u.id, u.code, u.label, u.area_dm2, m.id, {relation}, {from_on}"
_HELD = (
    "SELECT " + _COLUMNS + " FROM places_unit u JOIN {table} h ON h.unit_id = u.id "
    "JOIN people_person m ON m.id = h.person_id "
    "WHERE u.compound_id = %s AND u.closed_on IS NULL "
    "AND (h.from_on IS NULL OR h.from_on <= %s) AND (h.to_on IS NULL OR h.to_on > %s)"
)
_OWNERS = _HELD.format(relation="'owner'", from_on="h.from_on", table="people_ownership")
_OCCUPANTS = _HELD.format(relation="h.relation", from_on="h.from_on", table="people_occupancy")
_VACANT = (
    "SELECT u.sort_key, u.id, u.code, u.label, u.area_dm2, NULL, '', NULL FROM places_unit u "
    "WHERE u.compound_id = %s AND u.closed_on IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM people_ownership h WHERE h.unit_id = u.id "
    "AND (h.from_on IS NULL OR h.from_on <= %s) AND (h.to_on IS NULL OR h.to_on > %s))"
)
_STATEMENTS = {
    "owner": (_OWNERS,),
    "tenant": (_OCCUPANTS,),
    "family": (_OCCUPANTS,),
    "vacant": (_VACANT,),
}


def households(actor: Actor, compound: Place, wish: Wish, *, on: date) -> EntryPage:
    """One page of the register in the order of the doors; search finds names and unit numbers."""
    policies.require_may_see_register(actor, compound.path)
    names_open = policies.may_see_names(actor, compound.path)
    rows = _rows(compound.pk, wish, on, by_name=names_open, limit=PAGE + 1)
    entries = list(_entries(rows[:PAGE], names_open=names_open, phones_open=False))
    return EntryPage(entries, entries[-1].cursor if len(rows) > PAGE else "")


def whole_register(
    actor: Actor, compound: Place, wish: Wish, *, on: date, phones: bool = False
) -> Iterator[Entry]:
    """Every entry, for a file or a print; with ``phones`` the numbers stand in full.

    The caller has recorded why (``take_register``). Refuses whoever may not take the list away.
    """
    policies.require_may_export(actor, compound.path)
    rows = _rows(compound.pk, wish, on, by_name=True, limit=None)
    return _entries(rows, names_open=True, phones_open=phones)


def _entries(rows: Sequence[tuple[Any, ...]], *, names_open: bool, phones_open: bool) -> Iterator[Entry]:
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        people = Person.objects.in_bulk({row[5] for row in part if row[5] is not None})
        for row in part:
            yield _entry(row, people.get(row[5]), names_open=names_open, phones_open=phones_open)


def _entry(row: tuple[Any, ...], person: Person | None, *, names_open: bool, phones_open: bool) -> Entry:
    sort_key, unit_id, code, label, area, person_id, relation, from_on = row
    phone = (person.phone or "") if person else ""
    return Entry(
        unit_id=unit_id,
        unit_code=code,
        unit_label=label,
        area_dm2=area,
        person_id=person.pk if person else None,
        name=(person.name if names_open else mask_name(person.name)) if person else "",
        kind=person.kind if person else "",
        relation=relation,
        phone=phone if phones_open else mask_phone(phone),
        has_account=person is not None and person.account_id is not None,
        from_on=date.fromisoformat(str(from_on)) if from_on else None,
        cursor=f"{sort_key}|{unit_id}|{person_id or 0}",
    )


def _rows(
    compound_id: int, wish: Wish, on: date, *, by_name: bool, limit: int | None
) -> list[tuple[Any, ...]]:
    if wish.show not in FILTERS:
        raise Invalid("no_such_filter", "没有这种筛选。")
    day = connection.ops.adapt_datefield_value(on)
    statements: list[str] = []
    values: list[Any] = []
    for statement in _STATEMENTS.get(wish.show, (_OWNERS, _OCCUPANTS)):
        conditions = _conditions(statement, wish, by_name=by_name)
        statements.append(" AND ".join([statement, *(condition for condition, _ in conditions)]))
        values += [compound_id, day, day, *(value for _, given in conditions for value in given)]
    tail = f" ORDER BY 1, 2, 6 LIMIT {limit}" if limit else " ORDER BY 1, 2, 6"
    return all_rows(" UNION ALL ".join(statements) + tail, values)


def _conditions(statement: str, wish: Wish, *, by_name: bool) -> list[tuple[str, list[object]]]:
    """The further conditions of a statement, each with its values."""
    found: list[tuple[str, list[object]]] = []
    if wish.show in ("tenant", "family"):
        found.append(("h.relation = %s", [wish.show]))
    if wish.show == "unlinked":
        found.append(("m.account_id IS NULL AND m.kind = 'natural'", []))
    if sought := fold(wish.search):
        like = "%" + sought.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = ["u.code", "u.label", *(["m.name"] if by_name and statement is not _VACANT else [])]
        contains = " OR ".join(f"{column} LIKE %s ESCAPE '\\'" for column in columns)
        found.append((f"({contains})", [like] * len(columns)))
    if wish.after:
        person = "0" if statement is _VACANT else "m.id"
        found.append((f"(u.sort_key, u.id, {person}) > (%s, %s, %s)", list(_cursor(wish.after))))
    return found


def _cursor(after: str) -> tuple[str, int, int]:
    try:
        key, unit_id, person_id = after.rsplit("|", 2)
        return key, int(unit_id), int(person_id)
    except ValueError:
        raise Invalid("bad_page", "翻页的链接不完整，请从第一页看起。") from None
