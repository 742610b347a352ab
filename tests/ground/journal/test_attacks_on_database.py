"""Attacks by whoever owns the disk: ``linli verify --db`` names what was done, and never falls over."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from linli.ground.journal import actions as journal
from linli.ground.journal import queries
from linli.ground.journal.adapters import kept_checkpoints
from linli.ground.journal.domain import notes
from linli.ground.journal.management.verify import verify
from linli.ground.journal.models import Checkpoint, Leaf, Log, TakenOut
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Refusal
from linli.registry.places.models import Place, Unit
from tests.ground.journal.conftest import AT, act, acts, compound, units

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(home) -> Place:
    """A compound with three homes of one import, published, beside a log that has only acts."""
    made = compound()
    units(made, 3)
    act(log=made.pk, number=1)
    acts(6, log=77)
    for log in (made.pk, 77):
        journal.publish_now(log_id=log, at=AT)
    assert judged() == set()
    return made


def judged() -> set[str]:
    """The kinds of findings; the command agrees with them and speaks in sentences."""
    found = queries.check_database().findings
    done = CliRunner().invoke(verify, ["--db"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == (1 if found else 0)
    assert done.output.count("✗") == min(len(found), 100)
    assert all(letter.isprintable() for line in done.output.split("\n") for letter in line), ascii(
        done.output
    )
    return {one.code for one in found}


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def notes_of(home: Path, log: int) -> Path:
    return next(path for path in (home / "checkpoints").iterdir() if path.name.endswith(f"%2F{log}.notes"))


# --- rows ---


def swap_rows(place: Place) -> None:
    """Two rows change places: each is sound, but under the other's key."""
    one, two = Unit.objects.order_by("pk")[:2]
    for key, to in ((one.pk, -1), (two.pk, one.pk), (-1, two.pk)):
        sql("UPDATE places_unit SET id = %s WHERE id = %s", to, key)


def double_row(place: Place) -> None:
    """A row a second time under a new key, in the same act."""
    values = Unit.objects.values().order_by("pk")[0]
    Unit.objects.create(**(values | {"id": values["id"] + 1000, "code": "other", "label": "other"}))


def hide_row(place: Place) -> None:
    """A row moves to an act of another log."""
    unit = Unit.objects.order_by("pk")[0]
    Unit.objects.filter(pk=unit.pk).update(leaf=2)


ON_ROWS: dict[str, tuple[Callable[[Place], object], set[str]]] = {
    "a column": (lambda place: Unit.objects.filter(leaf=1).update(label="x"), {"changed"}),
    "one column of one row": (lambda place: Place.objects.update(name="x"), {"changed"}),
    "a row removed": (lambda place: Unit.objects.order_by("pk")[0].delete(), {"missing"}),
    "all rows removed": (lambda place: Unit.objects.all().delete(), {"missing"}),
    "a row added": (lambda place: Unit.objects.create(compound=place, place=place, code="n", label="n", sort_key="n"), {"unlogged"}),
    "a row doubled": (double_row, {"unlogged"}),
    "two rows swapped": (swap_rows, {"changed"}),
    "a row said to be of another act": (hide_row, {"unlogged", "missing"}),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "codes"), ON_ROWS.values(), ids=ON_ROWS.keys())
def test_whatever_is_done_to_rows_is_named(place, attack, codes):
    attack(place)
    assert judged() == codes


# --- the log, its checkpoints, the folder beside the database ---


def forget_log(place: Place) -> None:
    """A whole log with its rows is gone, as if the compound had never been."""
    for model in (Checkpoint, TakenOut, Leaf):
        model.objects.filter(log_id=77).delete()
    Log.objects.filter(pk=77).delete()


def forget_log_but_checkpoints(place: Place) -> None:
    Leaf.objects.filter(log_id=77).delete()
    sql("PRAGMA foreign_keys = OFF") if connection.vendor == "sqlite" else None
    Log.objects.filter(pk=77).update(size=0)


def roll_back(place: Place) -> None:
    Checkpoint.objects.filter(log_id=77).delete()
    Leaf.objects.filter(log_id=77, index__gte=4).delete()
    Log.objects.filter(pk=77).update(size=4)


def roll_back_and_sign_again(place: Place) -> None:
    """With the key: the log ends earlier and is signed there; only the folder remembers."""
    roll_back(place)
    sign(4)


def fork(place: Place) -> None:
    """With the key: the same size, another root, signed and stored in place of the first."""
    data = bytes(Leaf.objects.get(log_id=77, index=5).entry).replace(b'"number":5', b'"number":6')
    Leaf.objects.filter(log_id=77, index=5).update(entry=data, hash=merkle.leaf_hash(data))
    Checkpoint.objects.filter(log_id=77).delete()
    sign(6)


def sign(size: int) -> None:
    hashes = [
        bytes(one) for one in Leaf.objects.filter(log_id=77).order_by("index").values_list("hash", flat=True)
    ]
    key, frontier = queries.signing_key(77), merkle.Frontier().extend(hashes[:size])
    said = notes.CheckpointText(key.name, size, frontier.root())
    Checkpoint.objects.create(
        log_id=77, origin=key.name, size=size, root=said.root, note=key.sign(str(said)), frontier=frontier.to_bytes(), at=AT
    )  # fmt: skip


def swap_acts(place: Place) -> None:
    for index, to in ((1, -1), (2, 1), (-1, 2)):
        sql('UPDATE journal_leaf SET "index" = %s WHERE log_id = 77 AND "index" = %s', to, index)


def move_act(place: Place) -> None:
    """An act of another log, with its hash."""
    foreign = Leaf.objects.get(log_id=place.pk, index=2)
    Leaf.objects.filter(log_id=77, index=3).update(
        entry=bytes(foreign.entry),
        hash=bytes(foreign.hash),
        kind=foreign.kind,
        stream=foreign.stream,
        at=foreign.at,
    )


def add_act(place: Place) -> None:
    """An act in front of the first."""
    first = Leaf.objects.get(log_id=77, index=0)
    Leaf.objects.create(
        log_id=77, index=-1, entry=bytes(first.entry), hash=bytes(first.hash), salt=bytes(16), kind=first.kind,
        stream=first.stream, at=first.at,
    )  # fmt: skip


def foreign_checkpoint(place: Place) -> None:
    """Signed with another key under the right name."""
    key = notes.signing_key("linli.localhost/77", base64.b64encode(bytes(32)).decode())
    stored = Checkpoint.objects.get(log_id=77)
    said = notes.CheckpointText(key.name, 6, bytes(stored.root))
    Checkpoint.objects.filter(pk=stored.pk).update(note=key.sign(str(said)))


ON_LOGS: dict[str, tuple[Callable[[Place], object], set[str]]] = {
    "a whole log gone": (forget_log, {"checkpoint"}),
    "all acts gone": (forget_log_but_checkpoints, {"checkpoint"}),
    "rolled back": (roll_back, {"checkpoint"}),
    "rolled back and signed again": (roll_back_and_sign_again, {"checkpoint"}),
    "a fork": (fork, {"checkpoint"}),
    "two acts swapped": (swap_acts, {"checkpoint"}),
    "an act of another log": (move_act, {"checkpoint", "leaf_column"}),
    "an act before the first": (add_act, {"checkpoint", "hole", "longer"}),
    "a checkpoint of another key": (foreign_checkpoint, {"checkpoint_note"}),
    "a checkpoint of another log": (lambda place: Checkpoint.objects.filter(log_id=77).update(log_id=place.pk), {"checkpoint", "checkpoint_note"}),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "codes"), ON_LOGS.values(), ids=ON_LOGS.keys())
def test_whatever_is_done_to_a_log_is_named(place, attack, codes):
    attack(place)
    found = judged()
    assert found and found <= codes, found


LONG = "9" * 5000
ON_THE_FOLDER: dict[str, bytes] = {
    "garbage": b"garbage",
    "one line that looks like a signature": "\n— x\n".encode(),
    "five such lines": "a\nb\nc\n\n— x y\n".encode(),
    "no UTF-8": b"\n\xff\n\xe2\x80\x94 x\n",
    "a size of thousands of digits": f"linli.localhost/77\n{LONG}\nAAAA\n\n— linli.localhost/77 AAAA\n".encode(),
    "digits of another script": "linli.localhost/77\n٣\nAAAA\n\n— linli.localhost/77 AAAA\n".encode(),
    "a size below nothing": "linli.localhost/77\n-1\nAAAA\n\n— linli.localhost/77 AAAA\n".encode(),
    "a terminal's signs": "\x1b[2J\n1\n\x1b[2J\n\n— \x1b[2J AAAA\n".encode(),
    "much after the last": b"x" * 20_000,
    "zeros after the last": bytes(20_000),
}


@pytest.mark.parametrize("content", ON_THE_FOLDER.values(), ids=ON_THE_FOLDER.keys())
@pytest.mark.parametrize("whole", [True, False], ids=["alone", "behind"])
def test_a_damaged_file_of_checkpoints_is_a_finding_and_stops_the_start(place, home, content, whole):
    """What a power failure tears is shorter than one checkpoint and let be; all else is told."""
    path = notes_of(home, 77)
    path.write_bytes(content if whole else path.read_bytes() + content)
    torn = content == b"garbage"
    assert judged() == (set() if torn else {"kept_damaged"})
    if not torn:
        act(log=77, number=9)
        before = path.read_bytes()
        for refused in (journal.check_start, lambda: journal.publish_now(log_id=77, at=AT)):
            with pytest.raises(Refusal):
                refused()
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    [
        "linli.localhost%2Fx.notes",
        "linli.localhost%2F.notes",
        "linli.localhost%2F-1.notes",
        "linli.localhost%2F%D9%A3.notes",
        "linli.localhost%2F" + "9" * 30 + ".notes",
        "x.notes",
        "%1b[2J.notes",
    ],
)
def test_a_file_that_is_called_like_no_log_is_let_be(place, home, name):
    (home / "checkpoints" / name).write_bytes(b"x")
    journal.check_start()
    assert judged() == set()


def test_a_log_whose_file_is_all_that_is_left_stops_the_start(place):
    forget_log(place)
    with pytest.raises(Refusal):
        journal.check_start()


NESTED = b'{"a":' * 60_000
NONSENSE_IN_LEAVES: dict[str, bytes] = {
    "nested": NESTED,
    "nested and closed": b"[" * 30_000 + b"]" * 30_000,
    "a list": b"[]",
    "a digest too short": b'{"b":{},"by":"a","c":77,"rows":[["places_place",1,"ab"]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a digest that is none": b'{"b":{},"by":"a","c":77,"rows":[["places_place",1,"zz"]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a digest that is a number": b'{"b":{},"by":"a","c":77,"rows":[["places_place",1,7]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a key beyond all keys": b'{"b":{},"by":"a","c":77,"rows":[["places_place",99999999999999999999,null]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a table that is a list": b'{"b":{},"by":"a","c":77,"rows":[[[],1,null]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a table with a terminal's signs": b'{"b":{},"by":"a","c":77,"rows":[["\\u001b[2J",1,"' + b"a" * 64 + b'"]],"s":"test/1","t":"test.act","ts":1,"v":1}',
    "taken out with no digest": b'{"b":{},"by":"a","c":77,"s":"test/1","t":"test.act","ts":1,"v":1,"was":[["places_unit",1,0,"zz"]]}',
    "taken out of a list": b'{"b":{},"by":"a","c":77,"s":"test/1","t":"test.act","ts":1,"v":1,"was":[["places_unit",1,[],"zz"]]}',
    "a root that is none": b'{"b":{},"bulk":{"count":"x","root":7},"by":"a","c":77,"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a time beyond all times": b'{"b":{},"by":"a","c":77,"s":"test/1","t":"test.act","ts":99999999999999999999,"v":1}',
    "another spelling": b'{"b": {},"by":"a","c":77,"s":"test/1","t":"test.act","ts":1,"v":1}',
    "a key twice": b'{"b":{},"by":"a","c":77,"rows":[],"rows":[],"s":"test/1","t":"test.act","ts":1,"v":1}',
}  # fmt: skip


@pytest.mark.parametrize("data", NONSENSE_IN_LEAVES.values(), ids=NONSENSE_IN_LEAVES.keys())
@pytest.mark.parametrize("published", [True, False])
def test_nonsense_in_the_log_is_a_finding(place, data, published):
    """Also in acts that no checkpoint covers yet, and with the hash made to fit."""
    if not published:
        act(log=77, number=9)
    Leaf.objects.filter(log_id=77, index=5 if published else 6).update(
        entry=data, hash=merkle.leaf_hash(data)
    )
    assert judged() & {"leaf_damaged", "unknown_table", "bulk_differs"}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("journal_leaf", "entry", "'text'"),
        ("journal_leaf", "hash", "'text'"),
        ("journal_leaf", "hash", "7"),
        ("journal_leaf", "salt", "'text'"),
        ("journal_leaf", "salt", "x''"),
        ("journal_leaf", "at", "'not a time'"),
        ("journal_leaf", "at", "7"),
        ("journal_leaf", "stream", "x'ff'"),
        ("journal_leaf", "aid", "'text'"),
        ("journal_leaf", "aid", "x'00'"),
        ("journal_log", "size", "'many'"),
        ("journal_log", "size", "-1"),
        ("journal_checkpoint", "root", "'text'"),
        ("journal_checkpoint", "root", "x''"),
        ("journal_checkpoint", "size", "'many'"),
        ("journal_checkpoint", "size", "-1"),
        ("journal_checkpoint", "size", "99999999"),
        ("journal_checkpoint", "note", "x'ff'"),
        ("journal_checkpoint", "origin", "x'ff'"),
        ("journal_checkpoint", "origin", "''"),
    ],
)
def test_nonsense_in_the_tables_of_the_log_is_a_finding(place, table, column, value):
    if connection.vendor == "postgresql":
        return  # its columns have types
    sql(f"UPDATE {table} SET {column} = {value} WHERE {'id' if table == 'journal_log' else 'log_id'} = 77")
    if (column, value) in (("aid", "'text'"), ("aid", "x'00'"), ("salt", "'text'"), ("salt", "x''")):
        judged()  # these acts name no rows: nothing depends on it
    else:
        assert judged()


def test_a_damaged_finding_aid_is_no_stumbling_block(place):
    import zlib

    Unit.objects.filter(leaf=1).update(label="x")
    for aid in (
        b"",
        b"x",
        zlib.compress(b"\xff"),
        zlib.compress(b"\x01a" + b"\xff" * 8),
        zlib.compress(b"\x01a" + bytes(7) + b"\x01"),
    ):
        Leaf.objects.filter(log_id=place.pk, index=1).update(aid=aid)
        assert judged()


def test_a_finding_aid_that_bursts_is_not_unpacked_to_the_end(place):
    import zlib

    Unit.objects.filter(leaf=1).update(label="x")
    Leaf.objects.filter(log_id=place.pk, index=1).update(aid=zlib.compress(bytes(200_000_000), 9))
    import tracemalloc

    tracemalloc.start()
    try:
        assert queries.check_database().findings
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_kept_checkpoints_refuse_a_damaged_file_by_themselves(home):
    folder = home / "checkpoints"
    key = queries.signing_key(5)
    kept_checkpoints.keep(folder, key.name, 1, key.sign(str(notes.CheckpointText(key.name, 1, bytes(32)))))
    path = notes_of(home, 5)
    path.write_bytes(path.read_bytes() + b"x" * 20_000)
    with pytest.raises(Refusal):
        kept_checkpoints.last_kept(folder, key.name)
