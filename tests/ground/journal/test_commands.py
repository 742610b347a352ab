"""The log on the command line: exporting, verifying, and one sentence where it cannot be done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.ground.journal import queries, verifier
from linli.ground.journal.management.export import export
from linli.ground.journal.management.verify import verify
from linli.ground.journal.queries import _openings
from linli.registry.places.models import Place
from tests.ground.journal.conftest import acts, compound


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def bundle(db, tmp_path, monkeypatch):
    """The bundle of a compound called haiyun, as the command writes it."""
    monkeypatch.setattr(_openings, "_namers", [{"haiyun": 7}.get])
    acts(4)
    done = run(export, "bundle", "--compound", "haiyun", "--out", tmp_path / "haiyun.linli")
    assert done.exit_code == 0, done.output
    assert "4 条" in done.output and queries.verifier_key(7) in done.output
    return tmp_path / "haiyun.linli"


def test_what_is_exported_verifies_and_turns_red_after_one_byte(bundle):
    fine = run(verify, bundle, "--key", queries.verifier_key(7), "--receipt", queries.receipt(7, 3).code)
    assert fine.exit_code == 0 and "结论：全部对得上。" in fine.output
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(data)
    red = run(verify, bundle)
    assert red.exit_code == 1 and "不要相信这份档案" in red.output


def test_the_verdict_can_be_read_by_a_program(bundle):
    told = json.loads(run(verify, bundle, "--json").output)
    assert told["valid"] is True and told["size"] == 4 and told["log"] == 7 and told["pinned"] is False


def test_an_export_publishes_first_so_that_nothing_is_left_out(bundle):
    acts(2)
    done = run(export, "bundle", "--compound", "7", "--out", bundle)
    assert "6 条" in done.output
    assert json.loads(run(verify, bundle, "--json").output)["size"] == 6


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "选一样"),
        (["--db", "x"], "选一样"),
        (["/nowhere/at/all"], "读不了文件"),
        (["x", "--nonsense"], "--nonsense"),
    ],
)
def test_wrong_use_of_verify_is_one_sentence_and_code_2(arguments, sentence):
    done = run(verify, *arguments)
    assert done.exit_code == 2 and sentence in done.output and done.output.count("\n") == 1


def test_wrong_use_of_export_is_one_sentence_and_code_2(bundle, tmp_path):
    acts(1, log=8)
    for arguments, sentence in (
        (["--compound", "nowhere"], "nowhere"),
        (["--compound", "99"], "还是空的"),
        (["--compound", "8", "--out", tmp_path / "no" / "folder.linli"], "写不了文件"),
    ):
        done = run(export, "bundle", *arguments)
        assert done.exit_code == 2 and sentence in done.output, done.output
        assert done.output.count("\n") == 1
    assert list(tmp_path.glob("*.part")) == []


def test_the_verifier_can_be_taken_along_with_its_fingerprint(tmp_path):
    done = run(export, "verifier", "--out", tmp_path / "v.py")
    data = (tmp_path / "v.py").read_bytes()
    assert data == Path(verifier.__file__).read_bytes()
    assert sha256(data).hexdigest() in done.output


@pytest.mark.django_db
def test_the_database_is_verified_and_a_changed_row_is_named():
    place = compound()
    assert run(verify, "--db").exit_code == 0
    Place.objects.update(name="别处")
    done = run(verify, "--db", "--json")
    assert done.exit_code == 1
    assert [found["key"] for found in json.loads(done.output)["findings"]] == [place.pk]


def test_verifying_a_bundle_starts_no_framework(bundle):
    program = (
        "import sys; from linli.site.cli import linli; "
        f"linli(['verify', {str(bundle)!r}], standalone_mode=False, prog_name='linli')"
    )
    watch = "import sys, atexit; atexit.register(lambda: print('DJANGO', 'django' in sys.modules)); "
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    command = [sys.executable, "-c", watch + program]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, encoding="utf-8"
    )
    assert "全部对得上" in done.stdout and "DJANGO False" in done.stdout, done.stderr


def test_help_says_what_can_and_what_cannot_be_known():
    told = run(verify, "--help").output
    for words in ("核对不了的", "退出码", "--receipt", "--db", "verifier.py", "例："):
        assert words in told
