"""Checking proofs: recompute the root, then compare (RFC 9162 §2.1.3.2, §2.1.4.2).

The ``verify`` functions take anything and answer True or False; the ``root`` functions return what the proof
leads to, or None where it leads nowhere, so that a refusal can name the expected and the computed root.
"""

from __future__ import annotations

from collections.abc import Sequence

from linli.ground.kernel.merkle._tree import EMPTY_ROOT, HASH_BYTES, node_hash

LARGEST_SIZE = 2**63


def _are_hashes(*hashes: object) -> bool:
    return all(type(one) is bytes and len(one) == HASH_BYTES for one in hashes)


def _is_proof(proof: object) -> bool:
    return type(proof) in (list, tuple) and len(proof) <= 64 and _are_hashes(*proof)  # type: ignore[arg-type, misc]


def _are_ordered(*numbers: object) -> bool:
    """Whether these are plain integers, from 0 upward, none smaller than the one before."""
    if not all(type(number) is int for number in numbers):
        return False
    rising = (0, *numbers, LARGEST_SIZE)
    return all(low <= high for low, high in zip(rising, rising[1:], strict=False))  # type: ignore[operator]


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a proof leads from a leaf hash; None if the proof does not fit the size."""
    if not (_are_ordered(index, size) and index != size and _are_hashes(leaf) and _is_proof(proof)):
        return None
    node, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if node & 1 or node == last:
            computed = node_hash(step, computed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        node, last = node >> 1, last >> 1
    return computed if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at ``index`` of the tree of ``size`` leaves with this root."""
    computed = root_of_inclusion(leaf, index, size, proof)
    return computed is not None and _are_hashes(root) and computed == root


def roots_of_consistency(
    old_size: int, new_size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """The old and the new root to which a consistency proof leads; None if it does not fit the sizes.

    ``old_root`` is where the proof starts when the old size is a power of two.
    """
    if not (_are_ordered(old_size, new_size) and 0 < old_size < new_size):
        return None
    if not (_is_proof(proof) and _are_hashes(old_root)):
        return None
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    steps = list(proof) if node else [old_root, *proof]
    if not steps:
        return None
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree with ``new_root`` begins with all leaves of the tree with ``old_root``.

    Every tree begins with the empty one, and with itself; both need an empty proof.
    """
    if not (_are_ordered(old_size, new_size) and _is_proof(proof) and _are_hashes(old_root, new_root)):
        return False
    if old_size in (0, new_size):
        begins = EMPTY_ROOT if old_size == 0 else new_root
        return not proof and old_root == begins and (new_size > 0 or new_root == EMPTY_ROOT)
    computed = roots_of_consistency(old_size, new_size, old_root, proof)
    return computed is not None and computed == (old_root, new_root)
