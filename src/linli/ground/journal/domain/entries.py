"""What one act looks like in the log: its entry bytes, and the commitments to the rows it wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.kernel import canonical

Value = str | int | bool | bytes | date | datetime | None


@dataclass(frozen=True, slots=True)
class RowDigest:
    """The commitment to one row of the database as it stood after the act; 32 bytes, in hex."""

    table: str
    key: int
    digest: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A row that an earlier bulk act covered by its root and that this act takes out of it."""

    table: str
    key: int
    leaf: int
    digest: str


@dataclass(frozen=True, slots=True)
class BulkRows:
    """The rows of a bulk act: their number and the Merkle root of their digests by (table, key)."""

    count: int
    root: str


def plain(value: Value) -> str | int | bool | None:
    """A column's value as canonical JSON can hold it; instants are milliseconds, bytes are hex."""
    if isinstance(value, datetime):
        return milliseconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value).hex()
    return value


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970 UTC, by integer arithmetic."""
    whole = int(instant.replace(microsecond=0).timestamp())
    return whole * 1000 + instant.microsecond // 1000


def row_digest(table: str, key: int, values: Sequence[Value], salt: bytes) -> str:
    """The salted commitment to one row: its table, key and logged columns in their declared order."""
    content = canonical.encode([plain(value) for value in values])
    return canonical.commitment("row", salt, table.encode(), str(key).encode(), content).hex()


def encode_entry(
    *,
    kind: str,
    log: int,
    stream: str,
    at: datetime,
    by: str,
    body: Mapping[str, object],
    rows: Sequence[RowDigest] | BulkRows = (),
    replaced: Sequence[Replaced] = (),
) -> bytes:
    """The canonical bytes of an act. Nothing in it may be personal: who is a key, rows are digests."""
    entry: dict[str, object] = {
        "v": 1,
        "t": kind,
        "c": log,
        "s": stream,
        "ts": milliseconds(at),
        "by": by,
        "b": dict(body),
    }
    if isinstance(rows, BulkRows):
        entry["bulk"] = {"count": rows.count, "root": rows.root}
    elif rows:
        entry["rows"] = [[row.table, row.key, row.digest] for row in rows]
    if replaced:
        entry["was"] = [[row.table, row.key, row.leaf, row.digest] for row in replaced]
    return canonical.encode(entry)
