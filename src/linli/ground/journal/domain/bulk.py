"""Many rows in one act: their digests in order, the root over them, and the finding aid beside it."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from linli.ground.journal.domain.digests import RowHasher, Value
from linli.ground.journal.domain.entries import Replaced, Rooted
from linli.ground.kernel import canonical, merkle
from linli.ground.kernel.errors import Invalid

DIGEST = 32
HINT = 4
"""Bytes of a digest that the finding aid keeps: enough to name the row, not enough to prove anything."""


@dataclass(slots=True)
class Cover:
    """The rows that one bulk act writes in one log: 40 bytes of memory a row.

    ``table`` → keys and digests; rows of a table may come in any order and in several portions.
    """

    salt: bytes
    _keys: dict[str, array[int]] = field(default_factory=dict)
    _digests: dict[str, bytearray] = field(default_factory=dict)
    _rooted: Rooted | None = None

    def add(self, table: str, keys: Sequence[int], rows: Iterable[Sequence[Value]]) -> None:
        """Commit to rows by their logged columns, in the order in which their table declares them."""
        self.add_digests(table, keys, RowHasher(table, self.salt).digests(keys, rows))

    def add_digests(self, table: str, keys: Iterable[int], digests: Iterable[bytes]) -> None:
        """Commit to rows whose digests are known already."""
        self._rooted = None
        self._keys.setdefault(table, array("q")).extend(keys)
        self._digests.setdefault(table, bytearray()).extend(b"".join(digests))

    def __len__(self) -> int:
        return sum(map(len, self._keys.values()))

    def tables(self) -> list[str]:
        """The tables whose rows are covered, in order."""
        return sorted(self._keys)

    def of_table(self, table: str) -> tuple[list[int], list[bytes]]:
        """Keys in order, and the digest of each; a key named twice is a fault of the caller."""
        keys, joined = list(self._keys.get(table, ())), self._digests.get(table, b"")
        digests = [bytes(joined[start : start + DIGEST]) for start in range(0, len(joined), DIGEST)]
        if any(one >= other for one, other in zip(keys, keys[1:], strict=False)):
            pairs = sorted(zip(keys, digests, strict=True))
            keys, digests = [key for key, _ in pairs], [digest for _, digest in pairs]
        return keys, digests

    def rooted(self) -> Rooted:
        """Number and Merkle root: the digests are the leaf data, ordered by table and key.

        Computed once, until more rows come. Refuses a row that is named twice.
        """
        if self._rooted is None:
            self._rooted = self._compute_root()
        return self._rooted

    def _compute_root(self) -> Rooted:
        hashes: list[bytes] = []
        for table in self.tables():
            keys, digests = self.of_table(table)
            if any(one == other for one, other in zip(keys, keys[1:], strict=False)):
                raise Invalid("row_named_twice", "同一步里有一行写了两次（{table}）。", table=table)
            hashes += merkle.leaf_hashes(digests)
        return Rooted(len(hashes), merkle.root(hashes).hex())

    def aid(self) -> bytes:
        """The finding aid: which rows, and four bytes of each digest, so that a fault can be named.

        It proves nothing and needs no trust: it is asked only where the root does not fit.
        """
        parts: list[bytes] = []
        for table in self.tables():
            keys, digests = self.of_table(table)
            name = table.encode()
            parts += [len(name).to_bytes(1, "big"), name, len(keys).to_bytes(8, "big")]
            parts += [_big_endian(array("q", keys)), b"".join([digest[:HINT] for digest in digests])]
        return zlib.compress(b"".join(parts), 1)


def read_aid(aid: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Table, key and hint of every row of a finding aid; stops where the aid is damaged.

    A third of an aid is digests, which do not shrink: one that would grow more than fourfold is none of ours.
    """
    try:
        whole = zlib.decompressobj().decompress(aid, 4 * len(aid) + 1024)
    except zlib.error:
        return
    at = 0
    while at < len(whole):
        start = at + 9 + whole[at]
        table = whole[at + 1 : start - 8].decode(errors="replace")
        count = int.from_bytes(whole[start - 8 : start], "big")
        middle, at = start + 8 * count, start + (8 + HINT) * count
        if at > len(whole):
            return
        for row in range(count):
            key = int.from_bytes(whole[start + 8 * row : start + 8 * row + 8], "big", signed=True)
            yield table, key, whole[middle + HINT * row : middle + HINT * (row + 1)]


def rooted_replaced(replaced: Iterable[Replaced]) -> Rooted:
    """The root over rows that an act takes out of earlier bulk acts, ordered by table, key and leaf."""
    ordered = sorted(replaced, key=lambda row: (row.table, row.key, row.leaf))
    said = [canonical.encode([row.table, row.key, row.leaf, row.digest]) for row in ordered]
    return Rooted(len(said), merkle.root(merkle.leaf_hashes(said)).hex())


def _big_endian(numbers: array[int]) -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()
