"""Canonical bytes: one value, one spelling."""

import hashlib
import json
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel.canonical import DEEPEST, INTEGER_LIMIT, commitment, decode, encode
from linli.ground.kernel.errors import Invalid

SPELLINGS = [
    ({"b": 1, "a": [True, False, None]}, b'{"a":[true,false,null],"b":1}'),
    ({}, b"{}"),
    ([], b"[]"),
    ("邻里", '"邻里"'.encode()),
    ('"\\\b\f\n\r\t\x01\x1f/\x7f', b'"\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f"'),
    ("😀\u2028", '"😀\u2028"'.encode()),
    (INTEGER_LIMIT - 1, b"9007199254740991"),
    (-INTEGER_LIMIT + 1, b"-9007199254740991"),
    ({"a1": 1, "a_": 2, "a": 3, "_": 4, "0": 5}, b'{"0":5,"_":4,"a":3,"a1":1,"a_":2}'),
]


@pytest.mark.parametrize(("value", "data"), SPELLINGS)
def test_a_value_has_one_spelling(value, data):
    assert encode(value) == data
    assert decode(data) == value


class Channel(StrEnum):
    PAPER = "paper"


def test_a_word_out_of_a_list_of_words_is_text():
    assert encode({"channel": Channel.PAPER}) == b'{"channel":"paper"}'


def nested(depth, inner=0):
    for _ in range(depth):
        inner = [inner]
    return inner


NOT_HELD = [
    1.0,
    float("nan"),
    float("inf"),
    INTEGER_LIMIT,
    -INTEGER_LIMIT,
    10**400,
    "\ud800",
    {"a": "\udfff"},
    {"A": 1},
    {"": 1},
    {"a-b": 1},
    {"键": 1},
    {"a\n": 1},
    {1: 1},
    (1, 2),
    b"bytes",
    {1, 2},
    object(),
    nested(DEEPEST + 1),
    nested(100_000),
]


@pytest.mark.parametrize("value", NOT_HELD, ids=range(len(NOT_HELD)))
def test_what_the_form_does_not_hold_is_refused(value):
    with pytest.raises(Invalid) as refusal:
        encode(value)
    assert refusal.value.code == "not_canonical"


OTHER_SPELLINGS = [
    b"",
    b" 1",
    b"1 ",
    b"1\n",
    b"+1",
    b"01",
    b"-0",
    b"1.0",
    b"1e3",
    b"NaN",
    b"-Infinity",
    b"nul",
    b"9007199254740992",
    b"1" * 5000,
    b'{"b":1,"a":2}',
    b'{"a":1,"a":1}',
    b'{"a": 1}',
    b'{"a":1,}',
    b"{'a':1}",
    b'{"A":1}',
    b'"\\u0041"',
    b'"\\/"',
    b'"\\u000a"',
    b'"\\u001F"',
    b'"\\ud800"',
    b'"\\ud83d\\ude00"',
    b'"\n"',
    b'"\xed\xa0\x80"',
    b'"\xff"',
    b'"\xc0\x80"',
    b"\xef\xbb\xbf1",
    b"[" * 100_000,
    b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    b"1 2",
    b"\x00",
]


@pytest.mark.parametrize("data", OTHER_SPELLINGS, ids=lambda data: repr(data[:16]))
def test_every_other_spelling_is_refused(data):
    with pytest.raises(Invalid) as refusal:
        decode(data)
    assert refusal.value.code == "not_canonical"


def test_nesting_is_read_as_deep_as_it_is_written():
    assert decode(encode(nested(DEEPEST))) == nested(DEEPEST)


words = st.from_regex("[a-z0-9_]{1,12}", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-INTEGER_LIMIT + 1, INTEGER_LIMIT - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=5),
    max_leaves=20,
)


@given(values)
@settings(deadline=None)
def test_what_is_written_is_read_back_by_us_and_by_any_reader(value):
    data = encode(value)
    assert decode(data) == value
    assert json.loads(data) == value


@given(values, st.data())
@settings(deadline=None)
def test_one_changed_byte_is_refused_or_means_something_else(value, data):
    written = bytearray(encode(value))
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= data.draw(st.integers(1, 255))
    try:
        read = decode(bytes(written))
    except Invalid:
        return
    assert encode(read) == bytes(written) != encode(value)


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_any_bytes_are_canonical_or_refused(data):
    try:
        value = decode(data)
    except Invalid:
        return
    assert encode(value) == data


# --- commitments --------------------------------------------------------------------------------------------

SALT = bytes(range(16))


def test_a_commitment_is_the_hash_of_purpose_salt_and_measured_fields():
    by_hand = b"linli/phone/v1\0" + SALT + b"\0\0\0\0\0\0\0\x03abc" + b"\0\0\0\0\0\0\0\x00"
    assert commitment("phone", SALT, b"abc", b"") == hashlib.sha256(by_hand).digest()


def test_every_part_of_a_commitment_counts():
    variants = {
        commitment("phone", SALT, b"ab", b"c"),
        commitment("phone", SALT, b"a", b"bc"),
        commitment("phone", SALT, b"abc"),
        commitment("phone", SALT),
        commitment("name", SALT, b"ab", b"c"),
        commitment("phone", SALT[::-1], b"ab", b"c"),
    }
    assert len(variants) == 6


@pytest.mark.parametrize("what", ["", "Phone", "a\0", "a/b", ".a", "a.", "电话"])
def test_a_purpose_is_a_plain_word(what):
    with pytest.raises(ValueError, match="word"):
        commitment(what, SALT, b"x")


@pytest.mark.parametrize("length", [0, 15, 33])
def test_a_salt_is_long_enough_to_hide(length):
    with pytest.raises(ValueError, match="16 to 32"):
        commitment("phone", bytes(length), b"x")
