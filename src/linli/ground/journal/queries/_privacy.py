"""Looking through the logs for what must never be in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.ground.journal.domain import traces
from linli.ground.journal.models import Leaf

_BATCH = 5000


def personal_traces(names: Iterable[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Log, index and finding for every act whose entry holds a phone, an ID number or one of the names."""
    wanted = frozenset(names)
    leaves = Leaf.objects.order_by("log_id", "index").values_list("log_id", "index", "entry")
    for log_id, index, entry in leaves.iterator(chunk_size=_BATCH):
        for found in traces.personal_traces(bytes(entry), wanted):
            yield log_id, index, found
