"""The commitment to a row: the fast way says what the slow way says, and one row gives nothing else away."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.journal.domain import digests

SALT = bytes(range(16))
TABLES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=40)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.dates(),
    st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),
    st.binary(max_size=40),
    st.binary(max_size=40).map(memoryview),
)
ROWS = st.lists(st.tuples(st.integers(-(2**53) + 1, 2**53 - 1), st.lists(VALUES, max_size=12)), max_size=6)


class Colour(StrEnum):
    RED = "红"


@given(table=TABLES, salt=st.binary(min_size=16, max_size=16), rows=ROWS)
def test_the_fast_way_hashes_every_row_as_the_slow_way_does(table, salt, rows):
    keys, values = [key for key, _ in rows], [row for _, row in rows]
    fast = digests.RowHasher(table, salt).digests(keys, values)
    assert fast == [digests.row_digest(table, key, row, salt) for key, row in rows]


def test_the_digest_is_the_one_that_is_documented():
    own = sha256(
        b"linli/row-salt/v1\0"
        + SALT
        + (11).to_bytes(8, "big")
        + b"places_unit"
        + (2).to_bytes(8, "big")
        + b"17"
    ).digest()
    content = b'["places_unit",17,5,"3-2-501",null,true,"2026-11-20"]'
    said = sha256(b"linli/row/v1\0" + own + len(content).to_bytes(8, "big") + content).digest()
    values = [5, "3-2-501", None, True, date(2026, 11, 20)]
    assert digests.row_digest("places_unit", 17, values, SALT) == said
    assert digests.row_salt(SALT, "places_unit", 17) == own


@given(row=st.lists(VALUES, min_size=1, max_size=8), position=st.integers(0, 7), other=VALUES)
def test_another_value_in_any_column_is_another_digest(row, position, other):
    changed = [*row]
    changed[position % len(row)] = other
    same = list(map(digests.plain, row)) == list(map(digests.plain, changed))
    same = same and list(map(type, map(digests.plain, row))) == list(map(type, map(digests.plain, changed)))
    equal = digests.row_digest("t", 1, row, SALT) == digests.row_digest("t", 1, changed, SALT)
    assert equal == same


def test_table_key_and_salt_are_part_of_what_is_hashed():
    known = digests.row_digest("t", 1, ["a"], SALT)
    assert known != digests.row_digest("u", 1, ["a"], SALT)
    assert known != digests.row_digest("t", 2, ["a"], SALT)
    assert known != digests.row_digest("t", 1, ["a"], SALT[::-1])


def test_what_opens_one_row_opens_no_other():
    own = digests.row_salt(SALT, "t", 1)
    assert digests.opened_digest("t", 1, ["a"], own) == digests.row_digest("t", 1, ["a"], SALT)
    assert digests.opened_digest("t", 2, ["a"], own) != digests.row_digest("t", 2, ["a"], SALT)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(2026, 11, 20, 16, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=8))), 1_795_161_600_999),
        (datetime(1969, 12, 31, 23, 59, 59, 1_000, tzinfo=UTC), -999),
        (date(2026, 2, 28), "2026-02-28"),
        (b"\x00\xff", "00ff"),
        (Colour.RED, "红"),
        (True, True),
        (None, None),
    ],
)
def test_every_kind_of_column_has_one_plain_form(value, said):
    assert digests.plain(value) == said
    assert type(digests.plain(value)) is type(said)


@pytest.mark.parametrize("value", [1.5, {"a": 1}, ["a"], object()])
def test_a_value_without_a_plain_form_is_a_fault_of_the_table(value):
    with pytest.raises(TypeError):
        digests.plain(value)


def test_the_writer_without_the_c_encoder_says_the_same(monkeypatch):
    row = ("t", 5, '三号楼\n"2"\u2028', None, True, date(2026, 1, 1))
    fast = "".join(digests._writer()(row, 0))
    monkeypatch.setattr(digests.json_encoder, "c_make_encoder", None)
    assert "".join(digests._writer()(row, 0)) == fast


def test_keys_and_rows_must_come_in_equal_numbers():
    with pytest.raises(ValueError):
        digests.RowHasher("t", SALT).digests([1, 2], [["a"]])
