"""Attacks on the bundle: whoever lacks the log's key gets nothing past the verifier, and nothing makes it fall over."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from linli.ground.journal import actions as journal
from linli.ground.journal import queries, verifier
from linli.ground.journal.models import Checkpoint, Leaf, Log
from tests.ground.journal.conftest import AT, acts
from tests.ground.journal.forging import Forgery, entry, joined, key_called, split

NAME = "linli.localhost/7"
MINE = key_called(NAME)


@pytest.fixture
def tried(capsys, tmp_path):
    """Let the verifier judge a file, for people and for programs; returns code, text and the fields of the report."""

    def attempt(data: bytes, *options: str) -> tuple[int, str, dict[str, Any]]:
        path = tmp_path / "bundle.linli"
        path.write_bytes(data)
        capsys.readouterr()
        code = verifier.main([str(path), *options])
        said = capsys.readouterr()
        text = said.out + said.err
        assert all(letter.isprintable() for line in text.split("\n") for letter in line), ascii(text)
        if code == 2:
            assert said.out == "" and said.err.count("\n") == 1 and said.err.endswith("。\n")
            return code, text, {}
        assert verifier.main([str(path), "--json", *options]) == code and said.err == ""
        printed = capsys.readouterr().out
        assert all(letter.isprintable() for letter in printed.removesuffix("\n")), ascii(printed)
        report = json.loads(printed)
        assert report["valid"] == (code == 0) == (not report["wrong"])
        assert ("对不上，不要相信" in text) == (code == 1)
        for line in text.split("\n"):
            assert len(line) < 700, line[:100]
        return code, text, report

    return attempt


@pytest.fixture
def real(db) -> bytes:
    """A bundle of the house, with an older checkpoint in it."""
    acts(4)
    journal.publish_now(log_id=7, at=AT)
    acts(3)
    journal.publish_now(log_id=7, at=AT + timedelta(days=2))
    return b"".join(queries.bundle(7, at=AT))


def pinned() -> str:
    return f"--key={queries.verifier_key(7)}"


class TestWithoutTheKey:
    """Somebody who has every bundle, but not the key. The reader has the key from the notice board."""

    def test_what_is_signed_with_another_key_is_told_from_the_real_one(self, tried, real):
        assert tried(real, pinned())[0] == 0
        code, _, report = tried(bytes(Forgery(MINE)), pinned())
        assert code == 1 and [one["code"] for one in report["wrong"]] == ["key"]

    def test_without_a_pinned_key_the_last_line_says_that_anybody_may_have_made_it(self, tried, real):
        for data in (bytes(Forgery(MINE)), real):
            code, text, report = tried(data)
            assert code == 0 and report["pinned"] is False
            conclusion = text.strip().split("\n")[-1]
            assert conclusion != "结论：全部对得上。" and "--key" in conclusion and "仿造" in conclusion
        text = tried(real, pinned())[1]
        assert text.strip().split("\n")[-1] == "结论：全部对得上。" and "仿造" not in text

    @pytest.mark.parametrize("keyed", [True, False])
    def test_the_real_key_named_over_a_foreign_signature(self, tried, real, keyed):
        theirs = queries.verifier_key(7).encode()
        forged = Forgery(MINE, manifest=lambda data: data.replace(MINE.verifier_key.encode(), theirs))
        code, _, report = tried(bytes(forged), *([pinned()] if keyed else []))
        assert code == 1 and [one["code"] for one in report["wrong"]] == ["signature"]

    @pytest.mark.parametrize("part", ["checkpoint", "checkpoints", "entries", "manifest", "manifest.note"])
    def test_one_part_of_the_forgery_in_the_real_bundle_or_the_other_way_round(self, tried, real, part):
        forged = bytes(Forgery(MINE, entries=[entry(number) for number in range(7)]))
        for one, other in ((real, forged), (forged, real)):
            mixed = [(name, dict(split(other))[name] if name == part else data) for name, data in split(one)]
            for options in ([], [pinned()]):
                code, _, report = tried(joined(mixed), *options)
                assert code == 1 and report["wrong"], part

    def test_an_older_bundle_passed_off_as_todays(self, tried, db, tmp_path):
        acts(3)
        journal.publish_now(log_id=7, at=AT)
        old = b"".join(queries.bundle(7, at=AT))
        acts(2)
        journal.publish_now(log_id=7, at=AT)
        note, receipt = tmp_path / "note", queries.receipt(7, 4).code
        note.write_text(queries.last_checkpoint(7).note)
        code, text, _ = tried(old, pinned())
        assert code == 0 and "条数：3" in text and "旧" in text
        code, text, _ = tried(old, pinned(), f"--checkpoint={note}")
        assert code == 1 and "比档案里的日志长" in text
        code, text, _ = tried(old, pinned(), f"--receipt={receipt}")
        assert code == 1 and receipt in text

    def test_an_older_log_under_the_newer_checkpoint(self, tried, real):
        parts = dict(split(real))
        lines = parts["entries"].splitlines(keepends=True)
        for kept in (lines[:4], lines[1:], [*lines, lines[0]], lines[::-1], [lines[1], lines[0], *lines[2:]]):
            assert tried(joined([*(parts | {"entries": b"".join(kept)}).items()]), pinned())[0] == 1

    def test_acts_of_another_compound(self, tried, real):
        acts(7, log=8)
        journal.publish_now(log_id=8, at=AT)
        other = b"".join(queries.bundle(8, at=AT))
        assert tried(other, pinned())[0] == 1
        theirs, ours = dict(split(other)), dict(split(real))
        assert tried(joined([*(ours | {"entries": theirs["entries"]}).items()]), pinned())[0] == 1
        code, _, report = tried(bytes(Forgery(MINE, entries=[entry(0, log=8)])))
        assert code == 1 and "另一本日志 8" in report["wrong"][0]["message"]

    @pytest.mark.parametrize(
        "line",
        [
            "— x AAAA\n",
            "— linli.localhost/8 QUJDREVG\n",
            "— linli.localhost/7 QUJDREVG\n",
            "\n",
            "x\n",
            "—  \n",
        ],
    )
    def test_nothing_can_be_written_beside_the_last_signature(self, tried, real, line):
        parts = [*split(real)]
        name, note = parts[-1]
        head, signature = note.split(b"\n\n")
        for changed in (
            note + line.encode(),
            head + b"\n\n" + line.encode() + signature,
            line.encode() + note,
            head + b"\n" + line.encode() + b"\n" + signature,
        ):
            assert tried(joined([*parts[:-1], (name, changed)]), pinned())[0] == 1

    def test_every_byte_added_or_taken_away(self, real, tmp_path):
        path, chance, missed = tmp_path / "b", random.Random(3), []
        arguments = type("Nothing", (), {"key": [], "receipt": [], "checkpoint": []})

        def content(data: bytes) -> bool:
            path.write_bytes(data)
            report = verifier.Report(arguments)
            with open(path, "rb") as file:
                report.check(file)
            return not report.wrong

        assert content(real)
        for position in range(len(real) + 1):
            for letter in (b"\n", b" ", b"0", b"=", bytes([chance.randrange(256)])):
                changed = real[:position] + letter + real[position:]
                if changed != real and content(changed):
                    missed.append((position, letter))
            if position < len(real) and content(real[:position] + real[position + 1 :]):
                missed.append((position, b""))
        assert missed == []


def zipped(data: bytes) -> bytes:
    with zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.linli", data)
    return made.getvalue()


OTHER_CONTAINERS = {
    "gzip": gzip.compress,
    "zip": zipped,
    "zip bomb": lambda data: zipped(b"linli-bundle v1\n" + b"0" * 20_000_000),
    "a mark of byte order": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "line ends of Windows": lambda data: data.replace(b"\n", b"\r\n"),
    "a shell's first line": lambda data: b"#!/bin/sh\n" + data,
    "zeros behind": lambda data: data + bytes(512),
    "a second bundle behind": lambda data: data + data,
    "a zip behind": lambda data: data + zipped(data),
    "a blank line between": lambda data: data.replace(b"\nentries ", b"\n\nentries "),
    "two blanks": lambda data: data.replace(b"\nentries ", b"\nentries  "),
    "a tab": lambda data: data.replace(b"\nentries ", b"\nentries\t"),
    "a plus": lambda data: data.replace(b"\nentries ", b"\nentries +"),
    "a minus": lambda data: data.replace(b"\nentries ", b"\nentries -"),
    "a leading zero": lambda data: data.replace(b"\nentries ", b"\nentries 0"),
    "an exponent": lambda data: data.replace(b"\nentries ", b"\nentries 1e"),
    "a length beyond all files": lambda data: data.replace(b"\nentries ", b"\nentries 999999999"),
    "a length of a thousand digits": lambda data: data.replace(b"\nentries ", b"\nentries " + b"9" * 1000),
    "a large part that is not there": lambda data: data.replace(
        b"\ncheckpoints ", b"\ncheckpoints 9999999999"
    ),
    "a capital": lambda data: data.replace(b"\nentries ", b"\nEntries "),
    "letters that look alike": lambda data: data.replace(b"\nentries ", "\nеntries ".encode()),
    "digits of another script": lambda data: data.replace(b"\nentries ", "\nentries ٣".encode()),
    "version 2": lambda data: data.replace(b"linli-bundle v1", b"linli-bundle v2", 1),
    "nothing but the first line": lambda data: data[:16],
    "nothing": lambda data: b"",
    "only zeros": lambda data: bytes(100_000),
    "a line without end": lambda data: data[:16] + b"x" * 5_000_000,
}


@pytest.mark.parametrize("change", OTHER_CONTAINERS.values(), ids=OTHER_CONTAINERS.keys())
def test_the_same_content_in_another_wrapping_is_refused(tried, change):
    assert tried(change(bytes(Forgery(MINE))))[0] == 1


HOSTILE_NAMES = [
    "open/../../etc/passwd",
    "open//etc/passwd",
    "/etc/passwd",
    "open/a/..",
    "open/a/./b",
    "open/a\\b/c",
    "open/C:/x",
    "open/a/\x1b[2J",
    "open/a/b\x00c",
    "open/a/b\r",
    "open/a/\u202etxt",
    "open/a/\uff0e\uff0e/b",
    "open/a/" + "x" * 5000,
    "open/a",
    "open/",
    "",
    "note",
    "manifest.note2",
    "open/A/B",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=ascii)
def test_a_hostile_name_of_a_part_is_refused(tried, name):
    parts = split(bytes(Forgery(MINE)))
    for place in range(len(parts) + 1):
        assert tried(joined([*parts[:place], (name, b"x"), *parts[place:]]))[0] == 1


OTHER_SPELLINGS = {
    "a key twice": (b'"v":1', b'"v":1,"v":1'),
    "a key twice, first another": (b'"v":1', b'"v":2,"v":1'),
    "1.0": (b'"v":1', b'"v":1.0'),
    "1e0": (b'"v":1', b'"v":1e0'),
    "-0": (b'"number":0', b'"number":-0'),
    "true for 1": (b'"v":1', b'"v":true'),
    "text for 1": (b'"v":1', b'"v":"1"'),
    "01": (b'"v":1', b'"v":01'),
    "1E400": (b'"number":0', b'"number":1E400'),
    "NaN": (b'"number":0', b'"number":NaN'),
    "Infinity": (b'"number":0', b'"number":-Infinity'),
    "beyond 2^53": (b'"number":0', b'"number":9007199254740992'),
    "sixty thousand digits": (b'"number":0', b'"number":' + b"9" * 60_000),
    "an escape for a letter": (b'"number"', b'"n\\u0075mber"'),
    "a slash escaped": (b'"s":"x"', b'"s":"\\/"'),
    "half a letter": (b'"s":"x"', b'"s":"\\ud800"'),
    "half a letter, raw": (b'"s":"x"', b'"s":"\xed\xa0\x80"'),
    "no UTF-8": (b'"s":"x"', b'"s":"\xc0\xaf"'),
    "another order": (b'"ts":1,"v":1', b'"v":1,"ts":1'),
    "a blank": (b'"v":1', b'"v": 1'),
    "a comment": (b'"v":1', b'"v":1/**/'),
    "a comma more": (b'"v":1}', b'"v":1,}'),
    "a tab at the end": (b'"v":1}', b'"v":1}\t'),
    "two values": (b'"v":1}', b'"v":1}{}'),
    "a key of other letters": (b'"number"', '"nümber"'.encode()),
    "nested a thousand times": (b'"number":0', b'"number":' + b"[" * 1_000 + b"]" * 1_000),
    "nested thirty thousand times": (b'"number":0', b'"number":' + b"[" * 30_000 + b"]" * 30_000),
    "thirty thousand never closed": (b'"number":0', b'"number":' + b'{"a":' * 10_000),
}


@pytest.mark.parametrize(("old", "new"), OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS.keys())
def test_another_spelling_of_an_act_is_refused_also_under_a_signature(tried, old, new):
    acts_ = [entry(number) for number in range(3)]
    assert old in acts_[0]
    code, _, report = tried(bytes(Forgery(MINE, entries=[acts_[0].replace(old, new), *acts_[1:]])))
    assert code == 1 and all(one["code"] == "entry" for one in report["wrong"])


def test_letters_that_are_equal_to_the_eye_are_different_acts(tried, db, tmp_path):
    """é as one letter or as two: both are sound acts, and the one is no proof of the other."""
    one, two = (
        entry(0, s=json.dumps(f"mod{letters}", ensure_ascii=False)) for letters in ("\u00e9", "e\u0301")
    )
    first, second = (Forgery(MINE, entries=[act]) for act in (one, two))
    (tmp_path / "note").write_bytes(first.signed_at(1))
    assert tried(bytes(first), f"--checkpoint={tmp_path / 'note'}")[0] == 0
    assert tried(bytes(second), f"--checkpoint={tmp_path / 'note'}")[0] == 1


MANIFESTS = {
    "true for 1": lambda data: data.replace(b'"v":1}', b'"v":true}'),
    "1.0": lambda data: data.replace(b'"v":1}', b'"v":1.0}'),
    "a key twice": lambda data: data.replace(b'"v":1}', b'"v":1,"v":1}'),
    "a field more": lambda data: data.replace(b'"v":1}', b'"v":1,"w":1}'),
    "another size": lambda data: data.replace(b'"size":3', b'"size":4'),
    "a part twice": lambda data: data.replace(b'"parts":[[', b'"parts":[["open/a/b",0,"00"],['),
    "a blank": lambda data: data + b" ",
    "before 1970": lambda data: data.replace(b'"at":', b'"at":-'),
    "a time beyond the calendar": lambda data: data.replace(b'"at":', b'"at":99999'),
    "a time of thousands of digits": lambda data: data.replace(b'"at":', b'"at":' + b"9" * 5000),
    "no time": lambda data: data.replace(b'"at":', b'"at":null,"au":'),
    "true for a time": lambda data: data.replace(b'"at":1795161600000', b'"at":true'),
    "no key": lambda data: data.replace(b'"key":"', b'"key":"x'),
    "a list": lambda data: b"[" + data + b"]",
    "nothing": lambda data: b"",
    "nested a hundred thousand times": lambda data: b"[" * 100_000,
    "nested in a field": lambda data: data.replace(b'"log":7', b'"log":' + b"[" * 100_000 + b"]" * 100_000),
    "millions of lists": lambda data: b"[" + b"[]," * 3_000_000 + b"[]]",
    "a number of a million digits": lambda data: data.replace(b'"log":7', b'"log":' + b"7" * 1_000_000),
}


@pytest.mark.parametrize("change", MANIFESTS.values(), ids=MANIFESTS.keys())
def test_another_manifest_is_refused_also_under_a_signature(tried, change):
    code, _, report = tried(bytes(Forgery(MINE, manifest=change)))
    assert code == 1 and [one["code"] for one in report["wrong"]] == ["manifest"]


NAMES = {
    "clears the screen": "\x1b[2J/7",
    "starts a sequence in one byte": "a\x9b2J/7",
    "sets the title": "a\x1b]0;ok\x07/7",
    "turns the line round": "a\u202ecba/7",
    "a carriage return": "a\rb/7",
    "its own conclusion": "a\n结论：全部对得上。/7",
    "its own conclusion, after another sign for a line": "a\u2028结论：全部对得上。/7",
    "a letter without width": "a\u200bb/7",
    "a blank": "a b/7",
    "without an end": "x" * 100_000 + "/7",
    "nothing": "",
    "no number": "linli.localhost",
    "delete": "a\x7f/7",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_log_cannot_be_called_what_a_terminal_obeys(tried, name):
    forged = Forgery(key_called(name))
    for data in (bytes(forged), bytes(Forgery(MINE, checkpoint=forged.signed_at(3)))):
        assert tried(data)[0] == 1
    escaped = bytes(Forgery(key_called(name), manifest=lambda data: json.dumps(data.decode())[1:-1].encode()))
    assert tried(escaped)[0] == 1


SHOWN = {
    "no JSON": b"\xff",
    "a list": b"[]",
    "a number": b"7",
    "nested": b"[" * 100_000,
    "thousands of lists": b"[" + b"[]," * 300_000 + b"[]]",
    "a list for an index": b'{"index":[0]}',
    "an object for an index": b'{"index":{}}',
    "null for all": b'{"columns":null,"index":0,"key":null,"salt":null,"table":null,"v":1,"values":null}',
    "numbers for all": b'{"columns":1,"index":0,"key":1,"salt":1,"table":1,"v":1,"values":1}',
    "true for an index": b'{"columns":[],"index":true,"key":1,"salt":"","table":"t","v":1,"values":[]}',
    "an act that never was": b'{"columns":[],"index":99,"key":1,"salt":"","table":"t","v":1,"values":[]}',
    "an act before the first": b'{"columns":[],"index":-1,"key":1,"salt":"","table":"t","v":1,"values":[]}',
}


@pytest.mark.parametrize("content", SHOWN.values(), ids=SHOWN.keys())
def test_a_shown_row_of_any_kind_of_nonsense_is_refused(tried, content):
    code, _, report = tried(bytes(Forgery(MINE, shown={"x/a.row.json": content})))
    assert code == 1 and [one["code"] for one in report["wrong"]] == ["opening"]


def test_a_shown_row_of_millions_of_lists_is_not_even_read(tried):
    code, _, report = tried(bytes(Forgery(MINE, shown={"x/a.row.json": b"[" + b"[]," * 3_000_000 + b"[]]"})))
    assert code == 1 and report["wrong"][0]["message"].endswith("大得不合理。")


def test_of_ten_thousand_faults_the_first_ones_are_told(tried):
    rows = {f"x/{number}.row.json": b"{}" for number in range(10_000)}
    code, text, _ = tried(bytes(Forgery(MINE, entries=[entry(0, c="8")] * 10_000, shown=rows)))
    assert code == 1 and text.count("\n") < 60


def shown_row(**more: Any) -> tuple[bytes, bytes]:
    """A row and the act that holds its digest; ``more`` tells the row in another way."""
    from linli.ground.journal.domain.digests import opened_digest

    salt = bytes(range(32))
    digest = opened_digest("t", 5, ["ab", 1], salt).hex()
    said = {
        "columns": ["x", "y"],
        "index": 0,
        "key": 5,
        "salt": salt.hex(),
        "table": "t",
        "v": 1,
        "values": ["ab", 1],
    }
    row = json.dumps(said | more, sort_keys=True, separators=(",", ":")).encode()
    return row, entry(0, rows=f'[["t",5,"{digest}"]]')


OTHER_ROWS = {
    "salt in capitals": {"salt": bytes(range(32)).hex().upper()},
    "salt with blanks": {"salt": bytes(range(32)).hex(" ")},
    "columns as text": {"columns": "xy"},
    "columns that are no names": {"columns": [1, None]},
    "columns too few": {"columns": ["x"]},
    "columns with a terminal's signs": {"columns": ["x\x1b[2J", "y"]},
    "true for the version": {"v": True},
    "false for the index": {"index": False},
    "another value": {"values": ["ab", 2]},
    "true for a value": {"values": ["ab", True]},
    "another key": {"key": 6},
    "another table": {"table": "u"},
    "a field more": {"more": 1},
}


@pytest.mark.parametrize("more", OTHER_ROWS.values(), ids=OTHER_ROWS.keys())
def test_a_shown_row_has_one_spelling_also_under_a_signature(tried, more):
    row, act = shown_row()
    assert tried(bytes(Forgery(MINE, entries=[act, entry(1)], shown={"x/a.row.json": row})))[0] == 0
    row, _ = shown_row(**more)
    code, _, report = tried(bytes(Forgery(MINE, entries=[act, entry(1)], shown={"x/a.row.json": row})))
    assert code == 1 and [one["code"] for one in report["wrong"]] == ["opening"]


class TestOlderCheckpoints:
    def test_they_grow_and_are_not_longer_than_the_log(self, tried):
        plain = Forgery(MINE)
        notes = [plain.signed_at(size) for size in (1, 2, 3)]
        assert tried(bytes(Forgery(MINE, older=notes[0] + notes[1])))[0] == 0
        for older in (
            notes[1] + notes[0],
            notes[0] + notes[0],
            notes[0][:-1],
            b"\n",
            b"x",
            b"\n" * 5,
            notes[0] + b"\n",
        ):
            assert tried(bytes(Forgery(MINE, older=older)))[0] == 1
        longer = Forgery(MINE, entries=[entry(number) for number in range(9)]).signed_at(9)
        assert tried(bytes(Forgery(MINE, older=longer)))[0] == 1

    def test_a_fork_in_an_older_checkpoint(self, tried):
        other = Forgery(MINE, entries=[entry(number + 50) for number in range(3)])
        code, _, report = tried(bytes(Forgery(MINE, older=other.signed_at(2))))
        assert code == 1 and "日志被改过" in report["wrong"][0]["message"]

    def test_one_of_another_key_or_another_log(self, tried):
        for key in (key_called(NAME, seed=9), key_called("linli.localhost/8")):
            assert tried(bytes(Forgery(MINE, older=Forgery(key).signed_at(2))))[0] == 1

    def test_a_hundred_thousand_of_them_are_refused_at_once(self, tried):
        note = Forgery(MINE).signed_at(2)
        assert tried(bytes(Forgery(MINE, older=note * 100_000)))[0] == 1

    @pytest.mark.parametrize(
        "text",
        [
            b"",
            b"\n",
            b"\xff\xfe",
            b"x\n" * 9,
            b"a\n" + b"9" * 5000 + b"\nAA==\n\nx\n",
            b"\x1b[2J\n1\nx\n\n\n",
        ],
    )
    def test_a_kept_checkpoint_that_is_none(self, tried, tmp_path, text):
        (tmp_path / "kept").write_bytes(text)
        assert tried(bytes(Forgery(MINE)), f"--checkpoint={tmp_path / 'kept'}")[0] == 1

    def test_a_kept_checkpoint_of_the_same_size_and_another_root(self, tried, tmp_path):
        fork = Forgery(MINE, entries=[entry(number + 50) for number in range(3)])
        (tmp_path / "kept").write_bytes(fork.signed_at(3))
        code, text, _ = tried(bytes(Forgery(MINE)), f"--checkpoint={tmp_path / 'kept'}")
        assert code == 1 and "日志被改过" in text

    def test_a_folder_for_a_file(self, tried, tmp_path):
        assert tried(bytes(Forgery(MINE)), f"--checkpoint={tmp_path}")[0] == 2


def test_a_hundred_thousand_small_parts_are_read_in_a_moment(tried):
    shown = {f"x/{number:06}": b"" for number in range(100_000)}
    assert tried(bytes(Forgery(MINE, shown=shown)))[0] == 0
    forged = Forgery(
        MINE, shown=shown, manifest=lambda data: data.replace(b'"open/x/099999"', b'"open/x/099998"')
    )
    assert tried(bytes(forged))[0] == 1


class TestReceipts:
    def test_of_several_each_is_judged(self, tried, real):
        right, wrong, false = queries.receipt(7, 1).code, "LL1:7:1:" + "A" * 43, "LL1:7:2:" + "A" * 43
        code, text, _ = tried(real, pinned(), *[f"--receipt={one}" for one in (wrong, right, false)])
        assert code == 1 and [text.count(f"✗ {one}") for one in (wrong, false)] == [1, 1]
        assert f"✓ 回执 {right} 在日志里" in text

    @pytest.mark.parametrize(
        "change",
        [
            lambda code: code.replace("LL1:7:", "LL1:8:"),
            lambda code: code.replace(":4:", ":3:"),
            lambda code: code.replace(":4:", ":9223372036854775808:"),
            lambda code: code[:-1] + ("A" if code[-1] != "A" else "E"),
            lambda code: code.swapcase().replace("ll1", "LL1"),
        ],
    )
    def test_a_changed_receipt_is_not_in_the_log(self, tried, real, change):
        code = queries.receipt(7, 4).code
        assert tried(real, pinned(), f"--receipt={code}")[0] == 0
        assert change(code) != code and tried(real, pinned(), f"--receipt={change(code)}")[0] == 1

    @pytest.mark.parametrize(
        "code",
        ["", "LL1", "LL1:7:4:" + "A" * 42, "LL1:٧:4:" + "A" * 43, "LL1:07:4:" + "A" * 43, "LL1:7:-1:" + "A" * 43, "\x1b[2J", "LL1:7:4:" + "A" * 43 + "\x1b", "LL1:7:4:" + "=" * 43],
        ids=ascii,
    )  # fmt: skip
    def test_what_is_no_receipt_is_misuse(self, tried, real, code):
        assert tried(real, f"--receipt={code}")[0] == 2

    def test_the_last_letter_of_a_receipt_has_one_spelling(self, tried, real):
        """43 letters hold 258 bits; the two left over are no place to hide anything."""
        code = queries.receipt(7, 4).code
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        twins = [code[:-1] + letters[letters.index(code[-1]) ^ bits] for bits in (1, 2, 3)]
        for twin in twins:
            assert tried(real, pinned(), f"--receipt={twin}")[0] == 1

    def test_of_a_log_cut_short_after_it(self, tried, real, home):
        code = queries.receipt(7, 6).code
        Checkpoint.objects.all().delete()
        Leaf.objects.filter(index__gte=5).delete()
        Log.objects.update(size=5)
        for path in (home / "checkpoints").iterdir():
            path.unlink()
        journal.publish_now(log_id=7, at=AT)
        short = b"".join(queries.bundle(7, at=AT))
        assert tried(short, pinned())[0] == 0
        assert tried(short, pinned(), f"--receipt={code}")[0] == 1


class TestProofs:
    @pytest.fixture
    def proof(self, real) -> bytes:
        return queries.proof(7, 5).encode()

    def test_of_another_key_or_about_another_log(self, tried, proof):
        assert tried(proof, pinned())[0] == 0
        assert tried(proof)[0] == 2
        assert tried(proof, f"--key={MINE.verifier_key}")[0] == 1
        assert tried(proof, f"--key={queries.verifier_key(8)}")[0] == 2
        assert tried(proof, f"--key={queries.verifier_key(8)}", pinned())[0] == 0

    def test_an_older_checkpoint_beside_a_proof_is_not_passed_over(self, tried, proof, tmp_path):
        (tmp_path / "kept").write_text(queries.last_checkpoint(7).note)
        assert tried(proof, pinned(), f"--checkpoint={tmp_path / 'kept'}")[0] == 2

    def test_one_byte_more_or_less(self, tried, proof, tmp_path):
        arguments = type("Pinned", (), {"key": [queries.verifier_key(7)], "receipt": [], "checkpoint": []})
        missed = []
        for position in range(len(proof) + 1):
            for changed in (
                proof[:position] + proof[position + 1 :],
                *[proof[:position] + letter + proof[position:] for letter in (b"\n", b" ", b"=", b"0", b"A")],
            ):
                report = verifier.Report(arguments)
                try:
                    report.check(io.BytesIO(changed))
                except verifier.Misused:
                    continue
                if changed != proof and not report.wrong:
                    missed.append((position, changed))
        assert missed == []

    @pytest.mark.parametrize(
        ("act", "words"),
        [
            (entry(0, log=8), "另一本日志"),
            (b"\x1b[2J", "不是规范写法"),
            ('{"b":{},"by":"a","c":7,"s":"\u202e\x9b2J","t":"x","ts":1,"v":1}'.encode(), ""),
            (entry(0, b='{"a":1.0}'), "不是规范写法"),
            (b"", "不是规范写法"),
            (entry(0, b="{" + '"a":[' * 0 + '"a":' + "[" * 30_000 + "]" * 30_000 + "}"), "不是规范写法"),
        ],
        ids=["another log", "no JSON", "a terminal's signs", "1.0", "nothing", "nested"],
    )
    def test_an_act_against_the_rules_under_a_sound_proof(self, tried, act, words):
        import base64

        text = f"c2sp.org/tlog-proof@v1\nextra {base64.b64encode(act).decode()}\nindex 0\n\n"
        note = Forgery(MINE, entries=[act]).signed_at(1)
        code, said, _ = tried(text.encode() + note, f"--key={MINE.verifier_key}")
        assert (code == 1 and words in said) if words else code == 0

    @pytest.mark.parametrize(
        "change",
        [
            lambda data: data[:23],
            lambda data: data.split(b"\n\n")[0],
            lambda data: data.replace(b"index 5", b"index 99"),
            lambda data: data.replace(b"index 5", b"index 05"),
            lambda data: data.replace(b"index 5", b"index " + b"9" * 5000),
            lambda data: data.replace(b"\nindex", b"\nextra AA==\nindex"),
            lambda data: data.replace(b"index 5\n", b"index 5\n" + b"A" * 43 + b"=\n"),
            lambda data: data.replace(b"index 5\n", b"index 5\n" + (b"A" * 43 + b"=\n") * 100_000),
            lambda data: data.replace(b"\n\n", b"\n\n\n"),
            lambda data: data + data,
            lambda data: data + b"\n",
            lambda data: data.replace(b"\n", b"\r\n"),
            gzip.compress,
        ],
    )
    def test_another_form_is_refused(self, tried, proof, change):
        assert tried(change(proof), pinned())[0] in (1, 2)


class TestMisuse:
    @pytest.mark.parametrize(
        "key",
        ["", "x", "+", "a+b+c", "+00000000+" + "A" * 44, "a+ffffffff+" + "A" * 44, "\x1b[2J+00000000+AQ==", "x" * 5000, "a+1+" + "A" * 5000],
        ids=ascii,
    )  # fmt: skip
    def test_a_key_that_is_none_is_one_sentence(self, tried, key):
        assert tried(bytes(Forgery(MINE)), f"--key={key}")[0] == 2

    @pytest.mark.parametrize(
        "arguments",
        [[], ["a", "b"], ["--nonsense"], ["a", "--key"], ["a", "--json=1"], ["a", "--nonsense\x1b[2J"]],
    )
    def test_a_wrong_call_is_one_sentence(self, capsys, arguments):
        assert verifier.main(arguments) == 2
        said = capsys.readouterr()
        assert (
            said.out == ""
            and said.err.count("\n") == 1
            and said.err.endswith("。\n")
            and "--help" in said.err
        )
        assert said.err[:-1].isprintable()

    @pytest.mark.parametrize("name", ["nowhere", "no\x1b[2Jwhere", "x" * 5000, "."])
    def test_a_file_that_cannot_be_read_is_one_sentence(self, capsys, tmp_path, name):
        assert verifier.main([str(tmp_path / name)]) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1 and said.err[:-1].isprintable()
