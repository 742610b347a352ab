"""The Merkle tree of RFC 6962 and RFC 9162 (SHA-256): roots, proofs, their verification, and the frontier.

``python -m linli.ground.kernel.merkle verify proof.json`` checks a proof without a server.
"""

from linli.ground.kernel.merkle._frontier import Frontier
from linli.ground.kernel.merkle._tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root,
)
from linli.ground.kernel.merkle._verify import (
    root_of_inclusion,
    roots_of_consistency,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY_ROOT",
    "HASH_BYTES",
    "Frontier",
    "Tree",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "leaf_hashes",
    "node_hash",
    "root",
    "root_of_inclusion",
    "roots_of_consistency",
    "verify_consistency",
    "verify_inclusion",
]
