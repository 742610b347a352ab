"""The bundle: any change of any byte is reported, and what is right is said to be right."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from linli.ground.journal import actions as journal
from linli.ground.journal import queries, verifier
from linli.ground.journal.models import Checkpoint, Leaf
from linli.ground.journal.queries import _openings
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Conflict, NotFound
from tests.ground.journal.conftest import AT, act, acts, compound, units

pytestmark = pytest.mark.django_db


@pytest.fixture
def providers(monkeypatch):
    """What the capabilities would put into the bundle, for one test."""
    found = {}
    monkeypatch.setattr(_openings, "_providers", found)
    return found


@pytest.fixture
def small(providers) -> bytes:
    """A bundle with everything in it: two older checkpoints, a bulk act, a row shown, a public file."""
    place = compound()
    for day in range(2):
        act(log=place.pk, number=day, body={"text": "长椅不够坐 ✓", "list": [1, None, True, {"a": -5}]})
        journal.publish_now(log_id=place.pk, at=AT + timedelta(days=day))
    home, *_ = units(place, 3)
    replaced = journal.remember(home)
    act(log=place.pk, rows=[home], replaced=replaced)
    providers["places"] = lambda log: [
        ("0.row.json", queries.opening(place, log_id=log, index=0)),
        ("notice.txt", "公告\n".encode()),
    ]
    return bundled(place.pk)


def bundled(log: int) -> bytes:
    journal.publish_now(log_id=log, at=AT + timedelta(days=9))
    return b"".join(queries.bundle(log, at=AT))


def verdict(tmp_path: Path, data: bytes, *options: str) -> int:
    path = tmp_path / "bundle.linli"
    path.write_bytes(data)
    return verifier.main([str(path), *options])


def found_in(capsys, tmp_path, data: bytes, *options: str):
    capsys.readouterr()
    code = verdict(tmp_path, data, "--json", *options)
    report = json.loads(capsys.readouterr().out)
    assert code == (0 if report["valid"] else 1)
    return report


def test_a_bundle_of_the_house_fits(capsys, tmp_path, small):
    key = small.split(b'"key":"')[1].split(b'"')[0].decode()
    report = found_in(capsys, tmp_path, small, f"--key={key}")
    assert report["valid"] and report["pinned"] and report["wrong"] == []
    assert report["size"] == 5
    assert any("更早的 2 个核对点" in line for line in report["checked"])
    assert any("公开附件 2 份" in line and "1 行" in line for line in report["checked"])


def test_the_same_state_gives_the_same_bytes(small):
    log = Leaf.objects.values_list("log_id", flat=True)[0]
    assert bundled(log) == small


def test_it_runs_alone_and_speaks_plain_chinese(tmp_path, small):
    (tmp_path / "alone.py").write_bytes(Path(verifier.__file__).read_bytes())
    (tmp_path / "b.linli").write_bytes(small)
    key = small.split(b'"key":"')[1].split(b'"')[0].decode()
    command = [sys.executable, "-I", "-S", "alone.py", "b.linli", f"--key={key}"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={}, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "结论：全部对得上。" in done.stdout and "核对不了的：" in done.stdout and done.stderr == ""
    (tmp_path / "b.linli").write_bytes(small.replace(b'"a":-5', b'"a":-6'))
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={}, check=False, encoding="utf-8"
    )
    assert done.returncode == 1 and "不要相信这份档案" in done.stdout and "Traceback" not in done.stderr


def quick(data: bytes, path: Path) -> bool:
    """Whether the verifier is content, asked in this process."""
    path.write_bytes(data)
    report = verifier.Report(ARGUMENTS)
    with open(path, "rb") as file:
        report.check(file)
    return not report.wrong


class ARGUMENTS:
    """No key, no receipts, no older checkpoint: the file alone."""

    key: list[str] = []
    receipt: list[str] = []
    checkpoint: list[str] = []


def test_every_byte_counts(tmp_path, small):
    path = tmp_path / "b"
    assert quick(small, path)
    missed = []
    for position in range(len(small)):
        for pattern in (0x01, 0x20, 0xFF):
            changed = bytearray(small)
            changed[position] ^= pattern
            if quick(bytes(changed), path):
                missed.append((position, pattern))
    assert missed == []


def test_every_bit_of_the_signed_and_structured_parts_counts(tmp_path, small):
    """The parts in which spelling is subtle (numbers, base64, names, signatures), every bit."""
    path, missed = tmp_path / "b", []
    entries = small.index(b"entries ")
    spans = [*range(small.index(b"checkpoints ")), *range(small.rindex(b"manifest.note "), len(small))]
    for position in [*spans, *range(entries, entries + 20)]:
        for bit in range(8):
            changed = bytearray(small)
            changed[position] ^= 1 << bit
            if quick(bytes(changed), path):
                missed.append((position, bit))
    assert missed == []


def test_nothing_can_be_cut_off_added_or_doubled(tmp_path, small):
    path = tmp_path / "b"
    chance = random.Random(5)
    for _ in range(300):
        start, end = sorted(chance.sample(range(len(small) + 1), 2))
        assert not quick(small[:start], path) or start == len(small)
        assert not quick(small[:start] + small[end:], path)
        assert not quick(small[:end] + small[start:], path)
        assert not quick(small[:start] + bytes([chance.randrange(256)]) + small[start:], path)
    assert not quick(small + b"\n", path) and not quick(small + small, path) and not quick(b"", path)


def test_no_part_can_be_left_out_doubled_or_moved(tmp_path, small):
    path = tmp_path / "b"
    parts = parts_of(small)
    assert b"".join([verifier.FIRST_LINE, *parts]) == small
    for number, part in enumerate(parts):
        rest = parts[:number] + parts[number + 1 :]
        assert not quick(b"".join([verifier.FIRST_LINE, *rest]), path)
        for place in range(len(parts) + 1):
            doubled = parts[:place] + [part] + parts[place:]
            assert not quick(b"".join([verifier.FIRST_LINE, *doubled]), path)
            moved = rest[:place] + [part] + rest[place:]
            assert quick(b"".join([verifier.FIRST_LINE, *moved]), path) == (moved == parts)


def parts_of(bundle: bytes) -> list[bytes]:
    parts, rest = [], bundle[len(verifier.FIRST_LINE) :]
    while rest:
        header, _, _ = rest.partition(b"\n")
        length = len(header) + 1 + int(header.split(b" ")[1]) + 1
        parts.append(rest[:length])
        rest = rest[length:]
    return parts


def test_a_sample_of_changes_in_a_thousand_acts(tmp_path, providers):
    acts(1000)
    whole = bundled(7)
    path, chance = tmp_path / "b", random.Random(11)
    assert quick(whole, path)
    for _ in range(60):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        assert not quick(bytes(changed), path)


class TestWhoeverHoldsTheKeyAndRewrites:
    """What only an older proof in somebody else's hands can show."""

    def rewritten(self, log=7):
        acts(6, log=log)
        old = journal.publish_now(log_id=log, at=AT).note
        receipt = queries.receipt(log, 2).code
        proof = queries.proof(log, 2)
        changed = b'{"b":{"number":666},"by":"system:test","c":7,"s":"test/1","t":"test.act","ts":1795161602000,"v":1}'
        Leaf.objects.filter(log_id=log, index=2).update(entry=changed, hash=merkle.leaf_hash(changed))
        return old, receipt, proof

    def resigned(self, home):
        """The operator forgets what was published and signs the rewritten log."""
        Checkpoint.objects.all().delete()
        for path in (home / "checkpoints").iterdir():
            path.unlink()
        return bundled(7)

    def test_the_house_itself_refuses(self):
        self.rewritten()
        act()
        Checkpoint.objects.all().delete()
        with pytest.raises(Conflict):
            bundled(7)

    def test_a_receipt_an_old_checkpoint_or_a_proof_catches_it(self, home, tmp_path, capsys):
        old, receipt, _ = self.rewritten()
        data = self.resigned(home)
        assert found_in(capsys, tmp_path, data)["valid"]
        told = found_in(capsys, tmp_path, data, f"--receipt={receipt}")
        assert [one["code"] for one in told["wrong"]] == ["receipt"]
        (tmp_path / "old").write_text(old)
        told = found_in(capsys, tmp_path, data, f"--checkpoint={tmp_path / 'old'}")
        assert [one["code"] for one in told["wrong"]] == ["root"]

    def test_another_key_is_not_taken_for_the_published_one(self, settings, tmp_path, capsys):
        acts(2)
        published = queries.verifier_key(7)
        settings.LINLI_LOG_KEY = "A" * 43 + "="
        told = found_in(capsys, tmp_path, bundled(7), f"--key={published}")
        assert [one["code"] for one in told["wrong"]] == ["key"]


class TestReceiptsAndProofs:
    def test_a_receipt_in_the_log_is_found(self, tmp_path, capsys):
        acts(9)
        told = found_in(capsys, tmp_path, bundled(7), f"--receipt={queries.receipt(7, 8).code}")
        assert told["valid"] and any("LL1:7:8:" in line for line in told["checked"])

    @pytest.mark.parametrize("code", ["LL1:7:3:" + "A" * 43, "LL1:7:99:" + "A" * 43, "LL1:8:3:" + "A" * 43])
    def test_a_receipt_that_is_not_in_the_log_is_reported(self, tmp_path, capsys, code):
        acts(9)
        told = found_in(capsys, tmp_path, bundled(7), f"--receipt={code}")
        assert [one["code"] for one in told["wrong"]] == ["receipt"]

    def test_a_receipt_of_another_log_is_reported(self, tmp_path, capsys):
        acts(3)
        acts(3, log=9)
        other = queries.receipt(9, 1).code.replace("LL1:9", "LL1:7")
        told = found_in(capsys, tmp_path, bundled(7), f"--receipt={other}")
        assert [one["code"] for one in told["wrong"]] == ["receipt"]

    def test_a_proof_is_checked_alone_and_shows_the_act(self, tmp_path, capsys):
        acts(9)
        journal.publish_now(log_id=7, at=AT)
        told = found_in(
            capsys,
            tmp_path,
            queries.proof(7, 4).encode(),
            f"--key={queries.verifier_key(7)}",
            f"--receipt={queries.receipt(7, 4).code}",
        )
        assert told["valid"] and told["index"] == 4 and '"number":4' in told["entry"]

    def test_every_byte_of_a_proof_counts(self, tmp_path):
        acts(9)
        journal.publish_now(log_id=7, at=AT)
        proof, path = queries.proof(7, 4).encode(), tmp_path / "p"
        arguments = type("Pinned", (ARGUMENTS,), {"key": [queries.verifier_key(7)]})
        for position in range(len(proof)):
            changed = bytearray(proof)
            changed[position] ^= 1 << position % 8
            path.write_bytes(changed)
            with open(path, "rb") as file:
                report = verifier.Report(arguments)
                try:
                    report.check(file)
                except verifier.Misused:
                    continue
                assert report.wrong, position

    def test_a_proof_without_a_key_proves_nothing(self, tmp_path, capsys):
        acts(2)
        journal.publish_now(log_id=7, at=AT)
        assert verdict(tmp_path, queries.proof(7, 1).encode()) == 2
        assert "公钥" in capsys.readouterr().err


class TestLiesUnderASignature:
    """Bundles that the holder of the key signed although they break the rules of the log."""

    @pytest.mark.parametrize(
        ("entry", "fault"),
        [
            ('{"b":{},"by":"a","c":8,"s":"x","t":"x","ts":1,"v":1}', "另一本日志"),
            ('{"b":{},"by":"a","c":7,"s":"x","t":"x","v":1}', "缺少字段 ts"),
            ('{"b":{},"by":"a","c":7,"s":"x","t":"x","ts":1,"v":2}', "字段 v"),
            ('{"b":{},"by":"a","c":7,"s":"x","t":"X","ts":1,"v":1}', "字段 t"),
            ('{"b":[],"by":"a","c":7,"s":"x","t":"x","ts":1,"v":1}', "字段 b"),
            ('{"b":{},"by":"a","c":7,"s":"x","t":"x","ts":1,"v":1,"x":1}', "不认识的字段"),
            ('{"b":{"a":1.5},"by":"a","c":7,"s":"x","t":"x","ts":1,"v":1}', "不是规范写法"),
            ('{"b":{},"by":"a","c":7,"rows":[["t",1,"ab"]],"s":"x","t":"x","ts":1,"v":1}', "字段 rows"),
            (
                '{"b":{},"by":"a","c":7,"rows":[["t",1,null],["t",1,null]],"s":"x","t":"x","ts":1,"v":1}',
                "同一行",
            ),
            (
                '{"b":{},"by":"a","c":7,"s":"x","t":"x","ts":1,"v":1,"was":[["t",1,0,"%s"]]}' % ("a" * 64),
                "不在第 0 条里",
            ),
            ("7", "不认识的字段"),
            ("{", "不是规范写法"),
        ],
    )
    def test_an_entry_against_the_rules_is_reported(self, tmp_path, capsys, entry, fault):
        acts(3)
        data = entry.encode()
        Leaf.objects.filter(index=1).update(entry=data, hash=merkle.leaf_hash(data))
        told = found_in(capsys, tmp_path, bundled(7))
        assert ["第 1 条" in one["message"] and fault in one["message"] for one in told["wrong"]] == [True]

    def test_a_row_that_is_shown_otherwise_than_it_was_is_reported(self, tmp_path, capsys, providers):
        place = compound()
        shown = queries.opening(place, log_id=place.pk, index=0)
        for wrong in (
            shown.replace(place.name.encode(), "别处".encode()),
            shown.replace(b'"index":0', b'"index":1'),
            shown.replace(b'"index":0', b'"index":9'),
            shown.replace(b'"v":1', b'"v":2'),
            b"{}",
            b"[]",
            b"no json",
        ):
            providers["places"] = lambda _log, wrong=wrong: [("0.row.json", wrong)]
            act(log=place.pk)
            told = found_in(capsys, tmp_path, bundled(place.pk))
            assert {one["code"] for one in told["wrong"]} == {"opening"}, wrong


class TestMisuse:
    @pytest.mark.parametrize("options", [["--key=rubbish"], ["--key=a+00000000+AQID"], ["--receipt=LL1"]])
    def test_a_wrong_option_is_one_sentence_and_code_2(self, tmp_path, capsys, options):
        acts(1)
        assert verdict(tmp_path, bundled(7), *options) == 2
        assert capsys.readouterr().err.count("\n") == 1

    def test_a_key_with_a_slip_of_the_pen_is_noticed(self, tmp_path, capsys):
        acts(1)
        data, key = bundled(7), queries.verifier_key(7)
        assert verdict(tmp_path, data, f"--key={key.replace('linli.', 'linIi.')}") == 2
        assert "抄错" in capsys.readouterr().err

    def test_a_file_that_is_not_there_is_one_sentence(self, tmp_path, capsys):
        assert verifier.main([str(tmp_path / "nothing")]) == 2
        assert "读不了" in capsys.readouterr().err

    def test_what_is_no_bundle_at_all_is_said_so(self, tmp_path, capsys):
        assert verdict(tmp_path, b"hello\n") == 1
        assert "不是邻里的档案" in capsys.readouterr().out


class TestMakingOne:
    def test_nothing_published_nothing_to_take_home(self):
        acts(1)
        with pytest.raises(Conflict):
            queries.bundle(7, at=AT)

    def test_a_log_with_a_hole_is_not_exported(self):
        acts(3)
        journal.publish_now(log_id=7, at=AT)
        Leaf.objects.filter(index=1).delete()
        with pytest.raises(Conflict):
            b"".join(queries.bundle(7, at=AT))

    @pytest.mark.parametrize("path", ["../x", "/x", "a//b", "Ä", "a b", "x" * 220])
    def test_a_path_that_no_bundle_may_hold_is_a_fault(self, providers, path):
        acts(1)
        providers["x"] = lambda _log: [(path, b"")]
        with pytest.raises(AssertionError):
            bundled(7)

    def test_of_each_day_the_last_checkpoint_is_taken_along(self):
        for number in range(6):
            act(number=number)
            journal.publish_now(log_id=7, at=AT + timedelta(hours=9 * number))
        parts = parts_of(b"".join(queries.bundle(7, at=AT)))
        notes = parts[1].split(b"linli.localhost/7\n")[1:]
        assert [note.split(b"\n")[0] for note in notes] == [b"2", b"5"]

    def test_a_log_is_named_by_its_compound_or_its_number(self, monkeypatch):
        monkeypatch.setattr(_openings, "_namers", [{"haiyun": 7}.get])
        assert (queries.log_named("haiyun"), queries.log_named("0"), queries.log_named("12")) == (7, 0, 12)
        with pytest.raises(NotFound):
            queries.log_named("nowhere")
