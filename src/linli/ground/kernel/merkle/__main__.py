"""``python -m linli.ground.kernel.merkle verify proof.json``: check a proof at home, without a server."""

from __future__ import annotations

import json
from typing import Any

import click

from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, PlainGroup, read_lines

INCLUSION = ("leaf_hash", "index", "size", "proof", "root")
CONSISTENCY = ("old_size", "new_size", "old_root", "new_root", "proof")


@click.group(cls=PlainGroup)
def main() -> None:
    """核对默克尔树证明（RFC 6962、RFC 9162）。"""


@main.command(cls=PlainCommand)
@click.argument("proof_file", metavar="PROOF.JSON")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.pass_context
def verify(ctx: click.Context, proof_file: str, as_json: bool) -> None:
    """核对一份证明：对则退出码 0，不对则 1，看不懂则 2。

    包含证明：kind 为 inclusion，另有 leaf_hash（或原文 entry）、index、size、proof、root；
    一致性证明：kind 为 consistency，另有 old_size、new_size、old_root、new_root、proof。
    哈希写成 64 位十六进制。写 - 则从标准输入读取。
    """
    said = _read("".join(read_lines(proof_file)))
    right, answer = _judge(said)
    if as_json:
        click.echo(json.dumps(answer | {"valid": right}, ensure_ascii=False))
    else:
        click.echo(_sentence(said, right, answer))
    ctx.exit(0 if right else 1)


def _judge(said: dict[str, Any]) -> tuple[bool, dict[str, str | None]]:
    """Whether the proof holds, and the expected and computed roots in hexadecimal."""
    if said["kind"] == "inclusion":
        leaf, index, size, proof, root = (said[name] for name in INCLUSION)
        computed = merkle.root_of_inclusion(leaf, index, size, proof)
        right = merkle.verify_inclusion(leaf, index, size, proof, root)
        return right, {"expected_root": root.hex(), "computed_root": computed and computed.hex()}
    old_size, new_size, old_root, new_root, proof = (said[name] for name in CONSISTENCY)
    right = merkle.verify_consistency(old_size, new_size, old_root, new_root, proof)
    old, new = merkle.roots_of_consistency(old_size, new_size, old_root, proof) or (None, None)
    return right, {
        "expected_old_root": old_root.hex(),
        "computed_old_root": old and old.hex(),
        "expected_root": new_root.hex(),
        "computed_root": new and new.hex(),
    }


def _sentence(said: dict[str, Any], right: bool, answer: dict[str, str | None]) -> str:
    if right and said["kind"] == "inclusion":
        return f"证明成立：第 {said['index']} 条（从 0 数起）在 {said['size']} 条的日志里。"
    if right:
        return f"证明成立：{said['new_size']} 条的日志以原来的 {said['old_size']} 条开头，没有改动。"
    if answer["computed_root"] is None:
        return "证明不成立：证明的长度与日志的大小不符。"
    told = "；".join(f"{name}：{value}" for name, value in answer.items())
    return f"证明不成立：算出的根与给出的根不同。{told}"


def _read(text: str) -> dict[str, Any]:
    """The proof as a dict with its hashes as bytes; refuses what is no such thing."""
    try:
        said = json.loads(text, object_pairs_hook=_one_of_each)
    except (ValueError, RecursionError):
        raise Invalid("not_json", "证明文件不是 JSON。") from None
    kinds = {"inclusion": INCLUSION, "consistency": CONSISTENCY}
    if not isinstance(said, dict) or said.get("kind") not in tuple(kinds):
        raise Invalid("proof_kind", "证明的 kind 应为 inclusion 或 consistency。")
    if isinstance(said.get("entry"), str) and "leaf_hash" not in said:
        said["leaf_hash"] = merkle.leaf_hash(said["entry"].encode("utf-8", "surrogatepass")).hex()
    return {"kind": said["kind"]} | {name: _value(name, said.get(name)) for name in kinds[said["kind"]]}


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("a key twice")
    return said


def _value(name: str, value: object) -> int | bytes | list[bytes]:
    if name in ("index", "size", "old_size", "new_size"):
        if type(value) is int and value >= 0:
            return value
        raise Invalid("proof_number", "{name} 应为不小于零的整数。", name=name)
    if name == "proof":
        if not isinstance(value, list):
            raise Invalid("proof_list", "proof 应为哈希的列表。")
        return [_hash(f"proof 第 {number} 个", item) for number, item in enumerate(value, 1)]
    return _hash(f"{name} ", value)


def _hash(name: str, value: object) -> bytes:
    try:
        if isinstance(value, str) and len(value) == 2 * merkle.HASH_BYTES:
            return bytes.fromhex(value)
    except ValueError:
        pass
    raise Invalid("proof_hash", "{name}应为 64 位十六进制的哈希。", name=name)


if __name__ == "__main__":
    main(prog_name="python -m linli.ground.kernel.merkle")
