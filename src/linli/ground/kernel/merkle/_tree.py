"""Hashes, roots and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""The root of a tree without leaves: the hash of nothing."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one entry: SHA-256(0x00 ‖ data)."""
    return sha256(b"\0" + data).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of every entry."""
    return [sha256(b"\0" + data).digest() for data in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\1" + left + right).digest()


def parents(level: Sequence[bytes]) -> list[bytes]:
    """The next level up: pairs hashed, a lone last node carried up unchanged."""
    nodes = iter(level)
    above = [sha256(b"\1" + left + right).digest() for left, right in zip(nodes, nodes, strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root over leaf hashes: the Merkle Tree Hash of RFC 6962 §2.1."""
    level = leaf_hashes
    while len(level) > 1:
        level = parents(level)
    return level[0] if level else EMPTY_ROOT


class Tree:
    """All levels of one tree, for many proofs: each costs its own length, not the size of the tree."""

    def __init__(self, leaf_hashes: Sequence[bytes]) -> None:
        self.levels = [list(leaf_hashes)]
        while len(self.levels[-1]) > 1:
            self.levels.append(parents(self.levels[-1]))

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self.levels[0])

    def root(self) -> bytes:
        """The root over all leaves."""
        return self.levels[-1][0] if self.size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The hashes that lead from the leaf at ``index`` to the root, lowest first (RFC 6962 §2.1.1)."""
        if not 0 <= index < self.size:
            raise IndexError(f"leaf {index} of a tree of {self.size}")
        path = []
        for level in self.levels[:-1]:
            if index ^ 1 < len(level):
                path.append(level[index ^ 1])
            index >>= 1
        return path

    def consistency_proof(self, old: int) -> list[bytes]:
        """The hashes that show the first ``old`` leaves to be a beginning of this tree (RFC 6962 §2.1.2)."""
        if not 0 <= old <= self.size:
            raise IndexError(f"the first {old} leaves of a tree of {self.size}")
        if old in (0, self.size):
            return []
        node, last, height = old - 1, self.size - 1, 0
        while node & 1:
            node, last, height = node >> 1, last >> 1, height + 1
        proof = [self.levels[height][node]] if node else []
        while last:
            if node & 1:
                proof.append(self.levels[height][node - 1])
            elif node < last:
                proof.append(self.levels[height][node + 1])
            node, last, height = node >> 1, last >> 1, height + 1
        return proof


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from one leaf to the root, lowest first. For many proofs keep a :class:`Tree`."""
    return Tree(leaf_hashes).inclusion_proof(index)


def consistency_proof(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """The hashes that show the tree of the first ``old`` leaves to be a beginning of this one."""
    return Tree(leaf_hashes).consistency_proof(old)
