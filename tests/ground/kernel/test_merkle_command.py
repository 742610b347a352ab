"""``python -m linli.ground.kernel.merkle verify proof.json``: a proof checked at home."""

import json
import runpy
import sys

import pytest
from click.testing import CliRunner

from linli.ground.kernel import merkle
from linli.ground.kernel.merkle.__main__ import main

ENTRIES = [f'{{"n":{n}}}' for n in range(7)]
TREE = merkle.Tree(merkle.leaf_hashes(entry.encode() for entry in ENTRIES))
OLD = merkle.Tree(TREE.levels[0][:3])
INCLUSION = {
    "kind": "inclusion",
    "leaf_hash": TREE.levels[0][4].hex(),
    "index": 4,
    "size": 7,
    "proof": [step.hex() for step in TREE.inclusion_proof(4)],
    "root": TREE.root().hex(),
}
CONSISTENCY = {
    "kind": "consistency",
    "old_size": 3,
    "new_size": 7,
    "old_root": OLD.root().hex(),
    "new_root": TREE.root().hex(),
    "proof": [step.hex() for step in TREE.consistency_proof(3)],
}


def verify(said, *options):
    text = said if isinstance(said, str) else json.dumps(said)
    return CliRunner().invoke(main, ["verify", "-", *options], input=text)


def test_a_true_proof_is_a_yes():
    assert verify(INCLUSION).stdout == "证明成立：第 4 条（从 0 数起）在 7 条的日志里。\n"
    assert verify(CONSISTENCY).stdout == "证明成立：7 条的日志以原来的 3 条开头，没有改动。\n"
    assert verify(INCLUSION).exit_code == verify(CONSISTENCY).exit_code == 0


def test_the_entry_itself_may_stand_for_its_hash():
    said = {name: value for name, value in INCLUSION.items() if name != "leaf_hash"} | {"entry": ENTRIES[4]}
    assert verify(said).exit_code == 0
    assert verify(said | {"entry": ENTRIES[5]}).exit_code == 1


def test_a_false_proof_is_a_no_that_names_both_roots():
    result = verify(INCLUSION | {"leaf_hash": TREE.levels[0][5].hex()})
    assert result.exit_code == 1
    assert f"expected_root：{TREE.root().hex()}" in result.stdout
    assert "computed_root：" in result.stdout
    result = verify(CONSISTENCY | {"old_root": TREE.root().hex()})
    assert result.exit_code == 1
    assert f"expected_old_root：{TREE.root().hex()}；computed_old_root：{OLD.root().hex()}" in result.stdout


def test_a_proof_of_the_wrong_length_is_a_no():
    for said in (INCLUSION, CONSISTENCY):
        result = verify(said | {"proof": []})
        assert (result.exit_code, result.stdout) == (1, "证明不成立：证明的长度与日志的大小不符。\n")


def test_programs_are_answered_in_json():
    assert json.loads(verify(INCLUSION, "--json").stdout) == {
        "valid": True,
        "expected_root": TREE.root().hex(),
        "computed_root": TREE.root().hex(),
    }
    result = verify(CONSISTENCY | {"new_root": OLD.root().hex()}, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "valid": False,
        "expected_old_root": OLD.root().hex(),
        "computed_old_root": OLD.root().hex(),
        "expected_root": OLD.root().hex(),
        "computed_root": TREE.root().hex(),
    }


UNREADABLE = [
    ("no json", "证明文件不是 JSON。"),
    ("[" * 60_000, "证明文件不是 JSON。"),
    ('{"kind":"inclusion","kind":"inclusion"}', "证明文件不是 JSON。"),
    ("[]", "证明的 kind 应为 inclusion 或 consistency。"),
    ('{"kind":["inclusion"]}', "证明的 kind 应为 inclusion 或 consistency。"),
    (INCLUSION | {"index": "4"}, "index 应为不小于零的整数。"),
    (INCLUSION | {"index": True}, "index 应为不小于零的整数。"),
    (INCLUSION | {"size": -1}, "size 应为不小于零的整数。"),
    (INCLUSION | {"proof": "ab"}, "proof 应为哈希的列表。"),
    (INCLUSION | {"proof": ["ab"]}, "proof 第 1 个应为 64 位十六进制的哈希。"),
    (INCLUSION | {"root": "z" * 64}, "root 应为 64 位十六进制的哈希。"),
    (INCLUSION | {"root": None}, "root 应为 64 位十六进制的哈希。"),
    ("x" * 70_000, "第 1 行太长"),
    ("", "文件是空的。"),
]


@pytest.mark.parametrize(("said", "sentence"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_proof_is_refused_in_one_sentence(said, sentence):
    result = verify(said)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_it_runs_as_a_module(tmp_path, monkeypatch, capsys):
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(INCLUSION))
    monkeypatch.setattr(sys, "argv", ["merkle", "verify", str(path)])
    monkeypatch.delitem(sys.modules, "linli.ground.kernel.merkle.__main__")
    with pytest.raises(SystemExit) as done:
        runpy.run_module("linli.ground.kernel.merkle", run_name="__main__")
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith("证明成立")
