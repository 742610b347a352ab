"""What one act looks like in the log: its entry bytes, and what they say about rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.ground.journal.domain.digests import milliseconds, plain
from linli.ground.kernel import canonical
from linli.ground.kernel.errors import Invalid

LONGEST_ENTRY = 65_535
"""Bytes of one entry; what is longer belongs into tables, with its SHA-256 in the entry."""


@dataclass(frozen=True, slots=True)
class RowDigest:
    """The commitment to one row as it stood after the act (hex); ``None`` says the row is no more."""

    table: str
    key: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A row that an earlier bulk act covered by its root and that this act takes out of it."""

    table: str
    key: int
    leaf: int
    digest: str


@dataclass(frozen=True, slots=True)
class Rooted:
    """Many rows at once: their number and the Merkle root (hex) of what is said about each."""

    count: int
    root: str


def encode_entry(
    *,
    kind: str,
    log: int,
    stream: str,
    at: datetime,
    by: str,
    body: Mapping[str, object],
    rows: Sequence[RowDigest] | Rooted = (),
    replaced: Sequence[Replaced] | Rooted = (),
) -> bytes:
    """The canonical bytes of an act. Nothing in it may be personal: who is a key, rows are digests.

    Refuses an act of more than 65,535 bytes and a row that is named twice.
    """
    entry: dict[str, object] = {
        "v": 1,
        "t": kind,
        "c": log,
        "s": stream,
        "ts": milliseconds(at),
        "by": by,
        "b": {name: _plain_fact(fact) for name, fact in body.items()},
    }
    if isinstance(rows, Rooted):
        entry["bulk"] = {"count": rows.count, "root": rows.root}
    elif rows:
        assert len({(row.table, row.key) for row in rows}) == len(rows), f"{kind} names a row twice"
        entry["rows"] = [[row.table, row.key, row.digest] for row in rows]
    if isinstance(replaced, Rooted):
        entry["was"] = {"count": replaced.count, "root": replaced.root}
    elif replaced:
        entry["was"] = [[row.table, row.key, row.leaf, row.digest] for row in replaced]
    encoded = canonical.encode(entry)
    if len(encoded) > LONGEST_ENTRY:
        raise Invalid(
            "entry_too_long", "这一步要记的内容太多（{count} 字节），请分成几步做。", count=len(encoded)
        )
    return encoded


def _plain_fact(fact: object) -> object:
    """A fact as canonical JSON holds it: days as text, instants as milliseconds, tuples as lists."""
    if isinstance(fact, Mapping):
        return {str(name): _plain_fact(value) for name, value in fact.items()}
    if isinstance(fact, list | tuple):
        return [_plain_fact(value) for value in fact]
    return plain(fact)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act read back from its bytes. ``at_ms`` is milliseconds since 1970 UTC."""

    kind: str
    log: int
    stream: str
    at_ms: int
    by: str
    body: dict[str, Any]
    rows: tuple[RowDigest, ...]
    bulk: Rooted | None
    replaced: tuple[Replaced, ...]
    bulk_replaced: Rooted | None


def decode_entry(data: bytes) -> Entry:
    """Read an act; refuses bytes that are not canonical or that lack a part of an act."""
    entry = canonical.decode(data)
    try:
        was = entry.get("was", [])
        return Entry(
            kind=entry["t"],
            log=entry["c"],
            stream=entry["s"],
            at_ms=entry["ts"],
            by=entry["by"],
            body=entry["b"],
            rows=tuple(RowDigest(*row) for row in entry.get("rows", [])),
            bulk=Rooted(**entry["bulk"]) if "bulk" in entry else None,
            replaced=() if isinstance(was, dict) else tuple(Replaced(*row) for row in was),
            bulk_replaced=Rooted(**was) if isinstance(was, dict) else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid("not_an_entry", "这不是一条日志记录：{why}。", why=str(error)) from error
