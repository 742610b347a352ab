"""What was done, told from the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linli.ground.journal.domain import entries, receipts
from linli.ground.journal.models import Leaf


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a page tells it. ``by`` is a key, e.g. ``account:17``; ``hash`` is the leaf hash."""

    log_id: int
    index: int
    at: datetime
    by: str
    kind: str
    stream: str
    body: dict[str, Any]
    hash: bytes

    @property
    def receipt(self) -> str:
        """The short code by which this act is found again in a bundle."""
        return receipts.Receipt(self.log_id, self.index, self.hash).code


def story(log_id: int, stream: str) -> list[Act]:
    """All acts of one matter, in the order in which they happened."""
    return _told(Leaf.objects.filter(log_id=log_id, stream=stream).order_by("index"))


def acts(log_id: int, *, before: int | None = None, limit: int = 50) -> list[Act]:
    """The latest acts of a log, newest first; pass the last one's index as ``before`` for the next page."""
    leaves = Leaf.objects.filter(log_id=log_id)
    if before is not None:
        leaves = leaves.filter(index__lt=before)
    return _told(leaves.order_by("-index")[:limit])


def find_act(log_id: int, index: int) -> Act | None:
    """One act, or None if the log has no such index."""
    return next(iter(_told(Leaf.objects.filter(log_id=log_id, index=index))), None)


def _told(leaves: QuerySet[Leaf]) -> list[Act]:
    told = []
    for leaf in leaves.only("log_id", "index", "at", "kind", "stream", "entry", "hash"):
        entry = entries.decode_entry(bytes(leaf.entry))
        told.append(
            Act(
                log_id=leaf.log_id,
                index=leaf.index,
                at=leaf.at,
                by=entry.by,
                kind=entry.kind,
                stream=entry.stream,
                body=entry.body,
                hash=bytes(leaf.hash),
            )
        )
    return told
