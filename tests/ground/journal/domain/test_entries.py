"""The bytes of an act."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from linli.ground.journal.domain import entries
from linli.ground.journal.domain.entries import Replaced, Rooted, RowDigest
from linli.ground.kernel.errors import Invalid

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
HASH = "ab" * 32


def encode(**more):
    said = {"kind": "roll.import", "log": 7, "stream": "roll", "at": AT, "by": "account:17", "body": {}}
    return entries.encode_entry(**(said | more))


def test_a_single_act_reads_like_this():
    entry = encode(
        body={"from": date(2026, 1, 2), "units": (1, 2)},
        rows=[RowDigest("places_unit", 5, HASH), RowDigest("places_unit", 6, None)],
        replaced=[Replaced("places_unit", 5, 3, HASH)],
    )
    assert entry.decode() == (
        '{"b":{"from":"2026-01-02","units":[1,2]},"by":"account:17","c":7,'
        f'"rows":[["places_unit",5,"{HASH}"],["places_unit",6,null]],"s":"roll","t":"roll.import",'
        f'"ts":1795161600000,"v":1,"was":[["places_unit",5,3,"{HASH}"]]}}'
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"body": {"a": {"b": [None, True, -5, "楼"]}}},
        {"rows": [RowDigest("t", 1, HASH), RowDigest("t", 2, None)]},
        {"rows": Rooted(3, HASH), "replaced": Rooted(2, HASH)},
        {"replaced": [Replaced("t", 1, 0, HASH)]},
    ],
)
def test_an_act_reads_back_as_it_was_written(more):
    entry = entries.decode_entry(encode(**more))
    rows, replaced = more.get("rows", ()), more.get("replaced", ())
    assert (entry.kind, entry.log, entry.stream, entry.by) == ("roll.import", 7, "roll", "account:17")
    assert entry.at_ms == 1_795_161_600_000
    assert entry.body == more.get("body", {})
    assert entry.bulk == (rows if isinstance(rows, Rooted) else None)
    assert entry.rows == (() if isinstance(rows, Rooted) else tuple(rows))
    assert entry.bulk_replaced == (replaced if isinstance(replaced, Rooted) else None)
    assert entry.replaced == (() if isinstance(replaced, Rooted) else tuple(replaced))


def test_an_act_of_more_than_65535_bytes_is_refused():
    assert len(encode(body={"a": "x" * 65_000})) < 65_535
    with pytest.raises(Invalid) as refused:
        encode(body={"a": "x" * 65_600})
    assert refused.value.code == "entry_too_long"
    assert "65" in refused.value.message


@pytest.mark.parametrize("data", [b'{"v":1}', b"[]", b"7", b'{"v": 1}', b"\xff"])
def test_what_is_no_act_is_refused(data):
    with pytest.raises(Invalid):
        entries.decode_entry(data)


def test_a_row_is_named_once():
    with pytest.raises(AssertionError):
        encode(rows=[RowDigest("t", 1, HASH), RowDigest("t", 1, None)])


def test_a_float_among_the_facts_is_a_fault_of_the_caller():
    with pytest.raises(TypeError):
        encode(body={"share": 0.5})
