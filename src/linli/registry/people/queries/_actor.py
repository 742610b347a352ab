"""Who is behind a cookie: one prepared query from the session to the actor with duties and homes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from linli.ground.db.statements import one_row
from linli.ground.kernel.actor import NOBODY, Actor, Home, Role, RoleName
from linli.registry.people.domain import login, roles
from linli.registry.people.domain.login import Standing

_AGGREGATE = {
    "postgresql": "(SELECT coalesce(json_agg(json_build_array({columns})), '[]')::text FROM {rows})",
    "sqlite": "(SELECT json_group_array(json_array({columns})) FROM {rows})",
}
_IN_FORCE = "({t}.from_on IS NULL OR {t}.from_on <= %s) AND ({t}.to_on IS NULL OR {t}.to_on > %s)"
_DUTIES = (
    "r.role, p.path, r.organisation_id, r.from_on",
    "people_role r JOIN places_place p ON p.id = r.place_id WHERE r.account_id = a.id AND "
    + _IN_FORCE.format(t="r"),
)
_HELD = (
    "h.unit_id, m.id, h.compound_id, p.path, {relation}",
    "people_person m JOIN {table} h ON h.person_id = m.id JOIN places_unit u ON u.id = h.unit_id "
    "JOIN places_place p ON p.id = u.place_id WHERE m.account_id = a.id AND u.closed_on IS NULL AND "
    + _IN_FORCE.format(t="h"),
)
_OWNED = (_HELD[0].format(relation="'owner'"), _HELD[1].format(table="people_ownership"))
_LIVED = (_HELD[0].format(relation="h.relation"), _HELD[1].format(table="people_occupancy"))
_GOOD = "a.suspended_at IS NULL AND a.closed_at IS NULL"
_BY_TOKEN = (
    "SELECT s.id, s.strong, s.waits_for, s.seen_at, a.totp_since IS NOT NULL, a.id, a.name, {parts} "
    "FROM people_session s JOIN people_account a ON a.id = s.account_id "
    f"WHERE s.token_hash = %s AND s.revoked_at IS NULL AND s.expires_at > %s AND {_GOOD}"
)
_BY_ACCOUNT = f"SELECT a.id, a.name, {{parts}} FROM people_account a WHERE a.id = %s AND {_GOOD}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that holds: who acts with it, how far the sign-in has come, and whether to note the hour."""

    session_id: int
    account_id: int
    standing: Standing
    strong: bool
    waits_for: str
    actor: Actor
    seen_long_ago: bool
    duties_wait: bool
    """The account has duties that open only after a second factor is set up."""


def signed_in(token_hash: str, at: datetime) -> SignedIn | None:
    """The session of this token, if it is neither expired nor revoked nor its account suspended or closed."""
    today = timezone.localdate(at)
    found = _one(_BY_TOKEN, today, (token_hash, connection.ops.adapt_datetimefield_value(at)))
    if found is None:
        return None
    session_id, strong, waits_for, seen_at, has_factor, account_id, name, duties, *held = found
    rows = json.loads(duties)
    held_names = [RoleName(row[0]) for row in rows]
    needs = roles.needs_second_factor(held_names) and not settings.LINLI_DEMO
    standing = login.standing(
        has_factor=bool(has_factor),
        strong=bool(strong),
        waits=bool(waits_for),
        needs_factor=needs,
        in_grace=_in_grace(rows, today),
    )
    return SignedIn(
        session_id=session_id,
        account_id=account_id,
        standing=standing,
        strong=bool(strong),
        waits_for=waits_for,
        actor=_actor(standing, account_id, name, rows, held),
        seen_long_ago=at - _instant(seen_at) >= login.SEEN_EVERY,
        duties_wait=needs and standing != Standing.FULL,
    )


def actor_of(account_id: int, on: date) -> Actor:
    """The account as an actor on that day; nobody if it is suspended or closed. For work in its name."""
    found = _one(_BY_ACCOUNT, on, (account_id,))
    if found is None:
        return NOBODY
    _, name, duties, *held = found
    return _actor(Standing.FULL, account_id, name, json.loads(duties), held)


def _actor(standing: Standing, account_id: int, name: str, duties: list[Any], held: list[str]) -> Actor:
    if standing == Standing.HALF:
        return NOBODY
    homes = [Home(*row) for part in held for row in json.loads(part)]
    acting = duties if standing == Standing.FULL else []
    return Actor(
        key=f"account:{account_id}",
        account_id=account_id,
        name=name,
        roles=tuple(sorted((_role(row) for row in acting), key=lambda role: (role.scope, role.name))),
        homes=tuple(sorted(homes, key=lambda home: (home.compound_id, home.unit_id, home.relation))),
    )


def _role(row: list[Any]) -> Role:
    return Role(RoleName(row[0]), row[1], row[2])


def _in_grace(duties: list[Any], today: date) -> bool:
    """A new member of staff has some days to set up the second factor, if the operator grants any."""
    begun = [date.fromisoformat(row[3]) for row in duties if roles.needs_second_factor([RoleName(row[0])])]
    return bool(begun) and today < min(begun) + timedelta(days=settings.LINLI_STAFF_GRACE_DAYS)


def _one(template: str, on: date, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Run the query; each of its three parts asks twice for the day."""
    aggregate = _AGGREGATE[connection.vendor]
    day = connection.ops.adapt_datefield_value(on)
    parts = ", ".join(
        aggregate.format(columns=columns, rows=rows) for columns, rows in (_DUTIES, _OWNED, _LIVED)
    )
    return one_row(template.format(parts=parts), [*[day] * 6, *values])


def _instant(value: datetime | str) -> datetime:
    """SQLite hands an instant back as text, in UTC and without saying so."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if timezone.is_aware(value) else value.replace(tzinfo=timezone.get_fixed_timezone(0))
