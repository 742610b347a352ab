"""Every reading of the log: what was done, where it stands, what proves it, and whether the rows agree."""

from linli.ground.journal.queries._checking import DatabaseCheck, check_database, logged_models
from linli.ground.journal.queries._checkpoints import (
    frontier,
    last_checkpoint,
    leaf_hashes,
    origin,
    root_at,
    signing_key,
    size,
    unpublished_logs,
    verifier_key,
)
from linli.ground.journal.queries._proving import opening, proof, receipt
from linli.ground.journal.queries._telling import Act, act, acts, find_act, story

__all__ = [
    "Act",
    "DatabaseCheck",
    "act",
    "acts",
    "check_database",
    "find_act",
    "frontier",
    "last_checkpoint",
    "leaf_hashes",
    "logged_models",
    "opening",
    "origin",
    "proof",
    "receipt",
    "root_at",
    "signing_key",
    "size",
    "story",
    "unpublished_logs",
    "verifier_key",
]
