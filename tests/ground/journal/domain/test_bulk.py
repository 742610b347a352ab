"""Many rows in one act: one root whatever the order, and an aid that names the odd one."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.journal.domain.bulk import Cover, read_aid, rooted_replaced
from linli.ground.journal.domain.digests import row_digest
from linli.ground.journal.domain.entries import Replaced
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Invalid

SALT = bytes(16)
PLACES = st.dictionaries(
    st.tuples(st.sampled_from(["people_person", "places_unit", "z"]), st.integers(-(2**62), 2**62)),
    st.binary(min_size=32, max_size=32),
    max_size=20,
)


def covered(rows):
    cover = Cover(SALT)
    for (table, key), digest in rows:
        cover.add_digests(table, [key], [digest])
    return cover


@given(rows=PLACES, data=st.data())
def test_the_root_does_not_depend_on_the_order_of_writing(rows, data):
    shuffled = data.draw(st.permutations(list(rows.items())))
    rooted = covered(shuffled).rooted()
    in_order = [digest for _, digest in sorted(rows.items())]
    assert rooted.count == len(rows)
    assert rooted.root == merkle.root(merkle.leaf_hashes(in_order)).hex()


def test_rows_are_hashed_under_the_salt_of_the_act():
    cover = Cover(SALT)
    cover.add("places_unit", [2, 1], [("b", 2), ("a", 1)])
    assert cover.of_table("places_unit") == (
        [1, 2],
        [row_digest("places_unit", 1, ("a", 1), SALT), row_digest("places_unit", 2, ("b", 2), SALT)],
    )
    assert len(cover) == 2


def test_a_row_that_is_written_twice_is_refused():
    cover = covered([(("t", 1), bytes(32)), (("t", 1), bytes(32))])
    with pytest.raises(Invalid):
        cover.rooted()


@given(rows=PLACES)
def test_the_finding_aid_names_every_row(rows):
    aid = covered(rows.items()).aid()
    assert {(table, key): hint for table, key, hint in read_aid(aid)} == {
        place: digest[:4] for place, digest in rows.items()
    }


@pytest.mark.parametrize(
    "aid", [b"", b"rubbish", zlib.compress(b"\x05table\0\0"), zlib.compress(b"\x01t" + b"\xff" * 8)]
)
def test_a_damaged_aid_names_nothing_and_breaks_nothing(aid):
    assert list(read_aid(aid)) == []


def test_taken_out_rows_have_one_root_in_any_order():
    rows = [Replaced("t", 2, 0, "ab" * 32), Replaced("t", 1, 5, "cd" * 32), Replaced("a", 9, 0, "ef" * 32)]
    assert rooted_replaced(rows) == rooted_replaced(rows[::-1])
    assert rooted_replaced(rows).count == 3
    assert rooted_replaced(rows) != rooted_replaced([Replaced("t", 2, 1, "ab" * 32), *rows[1:]])
