"""Where a log stands, and what of it was published."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from linli.ground.journal.domain import notes
from linli.ground.journal.models import Checkpoint, Leaf, Log
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Conflict

_BATCH = 5000


def origin(log_id: int) -> str:
    """The log's name in public: it stands in every checkpoint and never changes while the log lives."""
    return f"{settings.LINLI_ORIGIN}/{log_id}"


def signing_key(log_id: int) -> notes.SigningKey:
    """The key that signs for this log. Refuses a house without a log key."""
    return notes.signing_key(origin(log_id), settings.LINLI_LOG_KEY)


def verifier_key(log_id: int) -> str:
    """The key string to publish, with which anyone checks the log's signatures."""
    return signing_key(log_id).verifier_key


def size(log_id: int) -> int:
    """How many acts the log holds."""
    return Log.objects.filter(pk=log_id).values_list("size", flat=True).first() or 0


def last_checkpoint(log_id: int) -> Checkpoint | None:
    """The log's latest published checkpoint."""
    return Checkpoint.objects.filter(origin=origin(log_id)).order_by("-size").first()


def unpublished_logs() -> QuerySet[Log, int]:
    """The ids of the logs that have grown since their last checkpoint."""
    name = Concat(
        Value(f"{settings.LINLI_ORIGIN}/"), Cast(OuterRef("pk"), CharField()), output_field=CharField()
    )
    published = Checkpoint.objects.filter(origin=name, size=OuterRef("size"))
    return Log.objects.filter(~Exists(published), size__gt=0).order_by("pk").values_list("pk", flat=True)


def leaf_hashes(log_id: int, start: int, end: int) -> Iterator[bytes]:
    """The hashes of the acts from ``start`` to before ``end``, in order. Refuses a log with holes."""
    leaves = Leaf.objects.filter(log_id=log_id, index__gte=start, index__lt=end).order_by("index")
    expected = start
    for index, hashed in leaves.values_list(F("index"), "hash").iterator(chunk_size=_BATCH):
        if index != expected:
            break
        yield bytes(hashed)
        expected += 1
    if expected != end:
        raise Conflict("log_has_a_hole", "日志 {log} 的第 {index} 条不见了。", log=log_id, index=expected)


def frontier(log_id: int, to_size: int, last: Checkpoint | None) -> merkle.Frontier:
    """What must be kept of the tree at this size, going on from a checkpoint.

    Refuses a checkpoint that does not fit its own root.
    """
    known = merkle.Frontier.from_bytes(bytes(last.frontier)) if last else merkle.Frontier()
    if last and (known.size != last.size or known.root() != bytes(last.root)):
        raise Conflict("checkpoint_damaged", "日志 {log} 上一个核对点的记录损坏了。", log=log_id)
    return known.extend(list(leaf_hashes(log_id, known.size, to_size)))


def root_at(log_id: int, at_size: int) -> bytes:
    """The root over the first acts of a log, computed from their hashes."""
    return merkle.root(list(leaf_hashes(log_id, 0, at_size)))


def known_root(log_id: int, at_size: int) -> bytes:
    """The root at this size as it was published, or computed where nothing was."""
    stored = Checkpoint.objects.filter(origin=origin(log_id), size=at_size)
    found = stored.values_list("root", flat=True).first()
    return root_at(log_id, at_size) if found is None else bytes(found)
