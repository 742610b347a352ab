"""What the logs say about rows, packed: some fifty bytes for each time an act names a row."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from linli.ground.journal.domain.entries import Replaced, Rooted
from linli.ground.journal.domain.findings import Finding

_GONE = b"\0" * 32


@dataclass(slots=True)
class DatabaseCheck:
    """What was looked at, and what was found to be wrong."""

    logs: int = 0
    acts: int = 0
    rows: int = 0
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)


def plain_bytes(value: object) -> bytes:
    """The bytes of a column of bytes; none where SQLite holds something else in it."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def _digest(text: str) -> bytes:
    digest = bytes.fromhex(text)
    if len(digest) != len(_GONE):
        raise ValueError("not a digest")
    return digest


@dataclass(slots=True)
class Mentions:
    """All mentions of the rows of one table, in the order of log and index."""

    keys: array[int] = field(default_factory=lambda: array("q"))
    acts: array[int] = field(default_factory=lambda: array("q"))
    digests: bytearray = field(default_factory=bytearray)

    def add(self, key: int, act: int, digest: str | None) -> None:
        """Note that an act (by its running number) names a row with this digest; None: the row is gone."""
        raw = _digest(digest) if digest is not None else _GONE
        self.keys.append(key)
        self.acts.append(act)
        self.digests += raw


@dataclass(frozen=True, slots=True)
class Latest:
    """The last word about one row: which act said it, and the digest, None for a row that is gone."""

    key: int
    act: int
    digest: bytes | None


@dataclass(slots=True)
class Said:
    """Everything the logs say that the rows must agree with.

    An act is known by its running number over all logs; ``logs``, ``indices``, ``times`` and ``salts``
    tell where it stands.
    """

    logs: array[int] = field(default_factory=lambda: array("q"))
    indices: array[int] = field(default_factory=lambda: array("q"))
    times: array[int] = field(default_factory=lambda: array("q"))
    salts: bytearray = field(default_factory=bytearray)
    tables: dict[str, Mentions] = field(default_factory=dict)
    bulk: dict[tuple[int, int], tuple[int, Rooted]] = field(default_factory=dict)
    bulk_replaced: dict[tuple[int, int], tuple[int, Rooted]] = field(default_factory=dict)
    replaced: dict[tuple[int, int], list[Replaced]] = field(default_factory=dict)

    def add_act(self, log: int, index: int, at_ms: int, salt: bytes) -> int:
        """Note an act; returns its running number."""
        self.times.append(at_ms)  # first: it alone comes from the entry and may be nonsense
        self.logs.append(log)
        self.indices.append(index)
        self.salts += salt.ljust(16, b"\0")[:16]
        return len(self.logs) - 1

    def salt(self, act: int) -> bytes:
        """The salt of an act."""
        return bytes(self.salts[16 * act : 16 * act + 16])

    def mention(self, table: str, key: int, act: int, digest: str | None) -> None:
        """Note what an act says about a row."""
        self.tables.setdefault(table, Mentions()).add(key, act, digest)

    def take_out(self, log: int, row: Replaced, act: int) -> None:
        """Note that an act took a row out of an earlier bulk act."""
        _digest(row.digest)
        self.replaced.setdefault((log, row.leaf), []).append(row)
        self.mention(row.table, row.key, act, None)

    def latest(self, table: str) -> Iterator[Latest]:
        """The last word about every row of a table, by key.

        Within a log the later act counts; between logs, which share no order, the later time.
        """
        mentions = self.tables.get(table)
        if mentions is None:
            return
        keys = np.frombuffer(mentions.keys, dtype=np.int64)
        acts = np.frombuffer(mentions.acts, dtype=np.int64)
        order = np.lexsort((np.arange(len(keys)), acts, keys))
        ordered, logs = keys[order], np.frombuffer(self.logs, dtype=np.int64)[acts[order]]
        last_in_log = np.ones(len(order), dtype=bool)
        last_in_log[:-1] = (ordered[1:] != ordered[:-1]) | (logs[1:] != logs[:-1])
        best: int | None = None
        for position in order[last_in_log].tolist():
            if best is not None and mentions.keys[best] != mentions.keys[position]:
                yield self._latest(mentions, best)
                best = None
            if best is None or self.times[mentions.acts[position]] >= self.times[mentions.acts[best]]:
                best = position
        if best is not None:
            yield self._latest(mentions, best)

    def _latest(self, mentions: Mentions, position: int) -> Latest:
        digest = bytes(mentions.digests[32 * position : 32 * position + 32])
        return Latest(mentions.keys[position], mentions.acts[position], None if digest == _GONE else digest)
