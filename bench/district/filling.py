"""A district of compounds, homes, signed-in residents and requests, put into the real tables in sets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

FIRST_COMPOUND, FIRST_ACCOUNT = 1_000_001, 5_000_001
FIRST_MADE = {
    "requests_request": 6_000_000_001,
    "requests_step": 7_000_000_001,
    "notifications_message": 8_000_000_001,
}
"""Keys far apart: a number in a captured statement then tells what it is."""
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class District:
    """How much there is. Every compound has ``homes`` homes, the first one ``crowd`` more.

    The owner of every home has an account and is signed in. Every tenth request is of the first compound.
    """

    compounds: int = 1_200
    homes: int = 100
    crowd: int = 1_200
    requests: int = 100_000

    @property
    def accounts(self) -> int:
        """How many owners there are."""
        return self.compounds * self.homes + self.crowd

    def compound_of(self, account: int) -> int:
        """The compound, counted from 0, of an account, counted from 0; the crowd comes last."""
        return account % self.compounds if account < self.compounds * self.homes else 0

    def first_of(self, compound: int) -> int:
        """The first account of a compound, both counted from 0."""
        return compound

    def crowd_of_the_first(self) -> range:
        """The accounts that the first compound has more than others."""
        return range(self.accounts - self.crowd, self.accounts)


def token(account: int) -> str:
    """The secret of the session of an account, counted from 0."""
    return f"session-of-{account:016d}"


def slug(compound: int) -> str:
    """The address word of a compound, counted from 0."""
    return f"c{compound + 1}"


PLACES = """
INSERT INTO places_place (id, kind, name, code, path, sort_key)
VALUES (1, 'district', '测区', 'district', '/1/', '测区');
INSERT INTO places_place (id, kind, name, code, path, sort_key, slug, parent_id)
SELECT {place} + n, 'compound', '小区' || n, 'c' || n, '/1/' || {place} + n || '/', 'c' || n, 'c' || n + 1, 1
FROM generate_series(0, {compounds} - 1) n;
INSERT INTO places_place (kind, name, code, path, sort_key, parent_id, compound_id)
SELECT 'building', b || '号楼', b::text, path || 'b' || b || '/', b::text, p.id, p.id
FROM places_place p, generate_series(1, 10) b WHERE p.kind = 'compound';
INSERT INTO journal_log (id, size) SELECT id, 0 FROM places_place WHERE kind = 'compound';
"""
HOMES = """
CREATE TEMP TABLE home AS
SELECT n, {account} + n AS account,
       {place} + CASE WHEN n < {compounds} * {homes} THEN n % {compounds} ELSE 0 END AS compound
FROM generate_series(0, {accounts} - 1) n;
INSERT INTO people_account (id, name, totp_last_step, care_mode, language, created_at, suspended_reason, salt)
SELECT account, '业主' || n, 0, false, 'zh-hans', '{at}'::timestamptz, '', '\\x00000000000000000000000000000000' FROM home;
INSERT INTO places_unit (id, kind, code, label, sort_key, area_dm2, area_source, compound_id, place_id)
SELECT n + 1, 'home', '1-1-' || n, '1号楼' || n || '室', n::text, 8900, 'survey', compound,
       (SELECT min(id) FROM places_place p WHERE p.compound_id = home.compound)
FROM home;
INSERT INTO people_person (id, kind, name, name_key, document_tail, salt, account_id, compound_id)
SELECT n + 1, 'natural', '业主' || n, n::text, '', '\\x00000000000000000000000000000000', account, compound
FROM home;
INSERT INTO people_ownership (ground, compound_id, unit_id, person_id)
SELECT 'delivery', compound, n + 1, n + 1 FROM home;
INSERT INTO people_session (token_hash, device, strong, waits_for, tries, created_at, seen_at, expires_at, account_id)
SELECT encode(sha256(('session-of-' || lpad(n::text, 16, '0'))::bytea), 'hex'), '手机', false, '', 0,
       now(), now(), now() + interval '9 days', account FROM home;
"""
STAFF = """
INSERT INTO people_account (id, name, totp_since, totp_last_step, care_mode, language, created_at, suspended_reason, salt)
SELECT {account} + {accounts} + n, '经理' || n, '{at}'::timestamptz, 0, false, 'zh-hans', '{at}'::timestamptz, '',
       '\\x00000000000000000000000000000000' FROM generate_series(0, {compounds} - 1) n;
INSERT INTO people_role (role, organisation_id, title, from_on, ended_reason, salt, account_id, place_id)
SELECT 'property_manager', 1, '项目经理', '2026-01-01', '', '\\x00000000000000000000000000000000',
       {account} + {accounts} + n, {place} + n FROM generate_series(0, {compounds} - 1) n;
INSERT INTO people_session (token_hash, device, strong, waits_for, tries, created_at, seen_at, expires_at, account_id)
SELECT encode(sha256(('session-of-' || lpad(({accounts} + n)::text, 16, '0'))::bytea), 'hex'), '电脑', true, '', 0,
       now(), now(), now() + interval '9 days', {account} + {accounts} + n
FROM generate_series(0, {compounds} - 1) n;
"""
REQUESTS = """
INSERT INTO requests_request (id, category, status, danger, title, text, spot, is_public, channel, waiting_for,
    reported_at, due_at, due_provisional, reopen_count, support_count, text_hidden, salt, compound_id,
    organisation_id, handler_id, place_id, reporter_id)
SELECT m, (ARRAY['door', 'lift', 'light', 'water', 'hygiene', 'parking'])[m % 6 + 1],
    (ARRAY['received', 'dispatched', 'accepted', 'done', 'confirmed', 'confirmed'])[m % 7 % 6 + 1],
    '', '楼道的灯不亮了，第' || m || '件', '三楼楼道的灯不亮了，老人上楼看不见台阶，请来看看。', '三楼', m % 8 > 0, 'app', '',
    '{at}'::timestamptz - m * interval '37 seconds', '{at}'::timestamptz - m * interval '37 seconds' + interval '3 days', false, 0, m % 5,
    false, '\\x00000000000000000000000000000000', h.compound, CASE WHEN m % 7 > 0 THEN 1 END,
    CASE WHEN m % 7 > 1 THEN {account} + {accounts} + h.compound - {place} END, u.place_id, h.account
FROM generate_series(1, {requests}) m
JOIN home h ON h.n = CASE WHEN m % 10 = 0 THEN 0 ELSE m::bigint * 7919 % ({compounds} * {homes}) END
JOIN places_unit u ON u.id = h.n + 1;
INSERT INTO requests_step (move, status, who, note, is_internal, hidden, at, salt, account_id, request_id)
SELECT 'report', 'received', '报事人', '', false, false, reported_at, salt, reporter_id, id FROM requests_request;
"""


def fill(district: District) -> None:
    """Put the district into the database, and let it count its rows."""
    numbers = {
        "place": FIRST_COMPOUND,
        "account": FIRST_ACCOUNT,
        "at": AT,
        "compounds": district.compounds,
        "homes": district.homes,
        "accounts": district.accounts,
        "requests": district.requests,
    }
    from linli.registry.organisations.models import Organisation

    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('places_place', 'id'), 2000000)")
        _carry_out(cursor, PLACES, numbers)
        Organisation.objects.create(
            pk=1, kind="property_company", name="测区物业服务公司", short_name="测区物业", place_id=1
        )
        _carry_out(cursor, HOMES + STAFF + REQUESTS, numbers)
        for table, first in FIRST_MADE.items():
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first}, false)")
        cursor.execute("VACUUM ANALYZE")
    assert token_hash_is_known(), "the sessions do not open the house"


def _carry_out(cursor: Any, statements: str, numbers: Mapping[str, object]) -> None:
    for statement in filter(str.strip, statements.split(";\n")):
        cursor.execute(statement.format(**numbers))


def token_hash_is_known() -> bool:
    """Whether the table holds the hash that the house looks for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM people_session WHERE token_hash = %s",
            [hashlib.sha256(token(0).encode()).hexdigest()],
        )
        return bool(cursor.fetchone()[0])


def forget_knocks() -> None:
    """Let everybody report twenty times again: the house's limit is not what is measured."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE web_rate_counter")


def require_nothing_half_made() -> None:
    """Stop unless every report, ours or pgbench's, has its step, its message, its leaf and its place in the log."""
    counts = {}
    with connection.cursor() as cursor:
        for table, first in FIRST_MADE.items():
            told = " AND kind = 'request.report'" if table == "notifications_message" else ""
            cursor.execute(f"SELECT count(*) FROM {table} WHERE id >= {first}{told}")
            counts[table] = cursor.fetchone()[0]
        cursor.execute("SELECT (SELECT count(*) FROM journal_leaf), (SELECT sum(size) FROM journal_log)")
        counts["journal_leaf"], counts["journal_log"] = cursor.fetchone()
    assert len(set(counts.values())) == 1, counts
