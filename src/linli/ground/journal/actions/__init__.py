"""Every write to the log. Call ``append`` as the last write of an action: it takes the log's lock."""

from linli.ground.journal.actions._appending import append, remember, remember_many
from linli.ground.journal.actions._bulk import BulkAct, BulkSlot, close_bulk, open_bulk
from linli.ground.journal.actions._publishing import (
    check_start,
    publish_checkpoint,
    publish_checkpoints,
    publish_now,
)

__all__ = [
    "BulkAct",
    "BulkSlot",
    "append",
    "check_start",
    "close_bulk",
    "open_bulk",
    "publish_checkpoint",
    "publish_checkpoints",
    "publish_now",
    "remember",
    "remember_many",
]
