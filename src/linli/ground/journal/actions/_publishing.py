"""Publishing checkpoints: what the house has signed it can never take back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from linli.ground.journal import queries
from linli.ground.journal.adapters import kept_checkpoints
from linli.ground.journal.domain import notes
from linli.ground.journal.models import Checkpoint
from linli.ground.kernel.errors import Conflict, Refusal


def publish_checkpoint(*, log_id: int, at: datetime) -> None:
    """Publish where the log stands as soon as the running transaction is committed, or now without one."""
    transaction.on_commit(partial(publish_now, log_id=log_id, at=at))


def publish_checkpoints(*, at: datetime) -> tuple[int, list[str]]:
    """Publish every log that has grown since its last checkpoint.

    Returns how many, and why not for each of the others: one damaged log must not silence its neighbours.
    """
    refused: list[str] = []
    dirty = list(queries.unpublished_logs())
    for log_id in dirty:
        try:
            publish_now(log_id=log_id, at=at)
        except Refusal as refusal:
            refused.append(refusal.message)
    return len(dirty) - len(refused), refused


def publish_now(*, log_id: int, at: datetime) -> Checkpoint:
    """Sign the log's present size and root, store that, and only then give it out.

    Only committed acts may be signed, so this never runs inside an action: use ``publish_checkpoint``
    there. Refuses an empty log, and a log that no longer begins with what was published before.
    """
    key, size = queries.signing_key(log_id), queries.size(log_id)
    if not size:
        raise Conflict("log_empty", "这本日志还是空的，没有可以公布的核对点。")
    last = queries.last_checkpoint(log_id)
    _refuse_departure(key, log_id, size, last.size if last else 0)
    if last is None or last.size < size:
        last = _sign(key, log_id, size, last, at)
    kept_checkpoints.keep(_folder(), last.origin, last.size, last.note)
    return last


def check_start() -> None:
    """Refuse to start on a database that is behind what was already published, or differs from it.

    It compares every log with the last checkpoint kept as a file under ``LINLI_HOME/checkpoints``.
    """
    prefix = f"{settings.LINLI_ORIGIN}/"
    for origin in kept_checkpoints.kept_origins(_folder(), prefix):
        log_id = int(origin.removeprefix(prefix))
        _refuse_departure(queries.signing_key(log_id), log_id, queries.size(log_id), 0)


def _sign(key: notes.SigningKey, log_id: int, size: int, last: Checkpoint | None, at: datetime) -> Checkpoint:
    frontier = queries.frontier(log_id, size, last)
    said = notes.CheckpointText(key.name, size, frontier.root())
    made = Checkpoint(
        log_id=log_id,
        origin=key.name,
        size=size,
        root=said.root,
        note=key.sign(str(said)),
        frontier=frontier.to_bytes(),
        at=at,
    )
    with transaction.atomic(durable=True):
        Checkpoint.objects.bulk_create([made], ignore_conflicts=True)
    stored = Checkpoint.objects.get(origin=key.name, size=size)
    if bytes(stored.root) != said.root:
        raise kept_checkpoints.two_roots(key.name, size)
    return stored


def _refuse_departure(key: notes.SigningKey, log_id: int, size: int, known: int) -> None:
    """Refuse a log that does not begin with what was published of it.

    Up to ``known`` acts the caller goes on from a stored checkpoint, so that nothing is computed twice.
    """
    note = kept_checkpoints.last_kept(_folder(), key.name)
    if not note:
        return
    published = notes.open_checkpoint(note, key)
    if size < published.size:
        raise Conflict(
            "log_shorter_than_published",
            "日志 {log} 只有 {size} 条，比已经公布的核对点（{published} 条）短：数据库多半是用旧备份恢复的。"
            "请恢复最新的备份；确实找不回来，就照 docs/operating/backup.md 换一个 LINLI_ORIGIN 再开门。",
            log=log_id,
            size=size,
            published=published.size,
        )
    if published.size > known and queries.known_root(log_id, published.size) != published.root:
        raise kept_checkpoints.two_roots(key.name, published.size)


def _folder() -> Path:
    return Path(settings.HOME) / "checkpoints"
