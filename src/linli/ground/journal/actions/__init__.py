"""Every write to the log. Call ``append`` as the last write of an action: it takes the log's lock."""

from linli.ground.journal.actions._appending import append, remember, remember_many
from linli.ground.journal.actions._bulk import BulkAct, BulkSlot, close_bulk, open_bulk

__all__ = ["BulkAct", "BulkSlot", "append", "close_bulk", "open_bulk", "remember", "remember_many"]
