"""The frontier: all that must be kept of a tree to go on appending (a compact range, at most 63 hashes)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.merkle._tree import EMPTY_ROOT, HASH_BYTES, node_hash, parents
from linli.ground.kernel.merkle._verify import LARGEST_SIZE

_SIZE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Frontier:
    """``size`` leaves as the roots of full subtrees, the largest (leftmost) first: one peak per set bit."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size < LARGEST_SIZE or self.size.bit_count() != len(self.peaks):
            raise Invalid("bad_frontier", "日志前沿损坏：大小与节点数不符。")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise Invalid("bad_frontier", "日志前沿损坏：节点长度不是 32 字节。")

    def append(self, leaf_hash: bytes) -> Frontier:
        """The frontier with one leaf more."""
        peaks, size = self.peaks, self.size
        node, full = leaf_hash, len(peaks)
        while size & 1:
            full -= 1
            node, size = node_hash(peaks[full], node), size >> 1
        return Frontier(self.size + 1, (*peaks[:full], node))

    def extend(self, leaf_hashes: Sequence[bytes]) -> Frontier:
        """The frontier with all these leaves more, level by level: as fast as hashing allows."""
        left, level, size = list(self.peaks), list(leaf_hashes), self.size
        right: list[bytes] = []
        while level or size:
            if size & 1:
                level.insert(0, left.pop())
            if len(level) % 2:
                right.append(level.pop())
            level, size = parents(level), size >> 1
        return Frontier(self.size + len(leaf_hashes), tuple(reversed(right)))

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        computed = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            computed = node_hash(peak, computed)
        return computed

    def to_bytes(self) -> bytes:
        """The size in eight bytes, big-endian, then the peaks."""
        return self.size.to_bytes(_SIZE_BYTES, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """The frontier that :meth:`to_bytes` wrote. Refuses anything else."""
        size, rest = int.from_bytes(data[:_SIZE_BYTES], "big"), data[_SIZE_BYTES:]
        if len(data) < _SIZE_BYTES or len(rest) % HASH_BYTES:
            raise Invalid("bad_frontier", "日志前沿损坏：长度不对。")
        return cls(size, tuple(rest[i : i + HASH_BYTES] for i in range(0, len(rest), HASH_BYTES)))
