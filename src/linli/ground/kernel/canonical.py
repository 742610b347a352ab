"""Canonical bytes: one value, one spelling (JSON of RFC 8785, without floats), and salted commitments.

The log hashes these bytes, so the reader accepts exactly what the writer would have written.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from linli.ground.kernel.errors import Invalid

Value: TypeAlias = "str | int | bool | None | list[Value] | dict[str, Value]"

INTEGER_LIMIT = 2**53
"""Integers stay below it in both directions, so that every JSON reader keeps them exact."""
DEEPEST = 32
"""Levels of lists and objects inside each other."""
SALT_BYTES = range(16, 33)

_is_key = re.compile(r"[a-z0-9_]+").fullmatch
_WHAT = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_write = json.JSONEncoder(sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def encode(value: object) -> bytes:
    """The canonical bytes of text, integers, booleans, nothing, lists and dicts of these.

    Refuses floats, integers from 2^53, keys outside ``[a-z0-9_]+``, broken surrogates, other types and
    nesting deeper than 32.
    """
    _check(value, DEEPEST)
    try:
        return _write(value).encode("utf-8")
    except UnicodeEncodeError:
        raise _refused("文字里有残缺的字符") from None


def decode(data: bytes) -> Any:
    """The value of canonical bytes. Refuses every other spelling, down to a blank or the order of keys."""
    try:
        value = _read(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise _refused("不是 UTF-8 文字") from None
    except (ValueError, RecursionError):
        raise _refused("不是 JSON") from None
    if encode(value) != data:
        raise _refused("与规范写法不一致")
    return value


def commitment(what: str, salt: bytes, *fields: bytes) -> bytes:
    """A salted hash that commits to the fields without showing them (SHA-256).

    ``SHA-256("linli/" what "/v1" 0x00 salt (length field)…)``, each length eight bytes, big-endian. One
    ``what`` always has the same length of salt and the same number of fields: that keeps openings unique.
    """
    if not _WHAT.fullmatch(what):
        raise ValueError(f"not a word for a commitment: {what!r}")
    if len(salt) not in SALT_BYTES:
        raise ValueError("a salt has 16 to 32 bytes")
    digest = hashlib.sha256(b"linli/" + what.encode() + b"/v1\0" + salt)
    for field in fields:
        digest.update(len(field).to_bytes(8, "big") + field)
    return digest.digest()


def _refused(why: str) -> Invalid:
    return Invalid("not_canonical", "不是规范编码：{why}。", why=why)


def _check(value: object, depth: int) -> None:
    """Refuse what the canonical form does not hold."""
    if value is None or value is True or value is False or isinstance(value, str):
        return
    if isinstance(value, int):
        if not -INTEGER_LIMIT < value < INTEGER_LIMIT:
            raise _refused("整数太大")
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or not _is_key(key):
                raise _refused("键只能用小写字母、数字和下划线")
        _check_all(value.values(), depth - 1)
    elif isinstance(value, list):
        _check_all(value, depth - 1)
    else:
        raise _refused(f"不能有 {type(value).__name__} 类型的值")


def _check_all(values: Iterable[object], depth: int) -> None:
    if depth < 0:
        raise _refused("嵌套太深")
    for value in values:
        if type(value) is not str:  # most are, and need no further look
            _check(value, depth)


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _refused("键重复")
    return value


def _no_float(_: str) -> None:
    raise _refused("不能有小数")


def _small_int(text: str) -> int:
    if len(text) > 17:
        raise _refused("整数太大")
    return int(text)


_read = json.JSONDecoder(
    object_pairs_hook=_one_of_each, parse_float=_no_float, parse_int=_small_int, parse_constant=_no_float
).decode
