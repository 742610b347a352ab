"""Every reading of the log: what was done, where it stands, what proves it, and whether the rows agree."""

from linli.ground.journal.queries._bundling import bundle
from linli.ground.journal.queries._checking import DatabaseCheck, check_database, logged_models
from linli.ground.journal.queries._checkpoints import (
    frontier,
    known_root,
    last_checkpoint,
    leaf_hashes,
    origin,
    root_at,
    signing_key,
    size,
    unpublished_logs,
    verifier_key,
)
from linli.ground.journal.queries._openings import Provider, log_named, name_logs, openings, provide_openings
from linli.ground.journal.queries._privacy import personal_traces
from linli.ground.journal.queries._proving import opening, proof, receipt
from linli.ground.journal.queries._telling import Act, acts, find_act, story

__all__ = [
    "Act",
    "DatabaseCheck",
    "Provider",
    "acts",
    "bundle",
    "check_database",
    "find_act",
    "frontier",
    "known_root",
    "last_checkpoint",
    "leaf_hashes",
    "log_named",
    "logged_models",
    "name_logs",
    "opening",
    "openings",
    "origin",
    "personal_traces",
    "proof",
    "provide_openings",
    "receipt",
    "root_at",
    "signing_key",
    "size",
    "story",
    "unpublished_logs",
    "verifier_key",
]
