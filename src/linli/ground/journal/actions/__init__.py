"""Every write to the log. Call ``append`` as the last write of an action: it takes the log's lock."""

from linli.ground.journal.actions._appending import append, remember

__all__ = ["append", "remember"]
