"""The bundle: the log of one compound as one file that anyone can check at home.

One spelling for everything: a first line, then parts in a fixed order, each a line ``<name> <bytes>``, its
bytes and a newline. Parts: ``checkpoint``, ``checkpoints`` (older ones), ``open/…`` (what is shown publicly
beside the log, by path), ``entries`` (one a line), ``manifest`` (every part before it with its length and
SHA-256) and ``manifest.note`` (the log's signature over the manifest). docs/algorithms/bundle.md.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, Sum
from django.db.models.functions import Length

from linli.ground.journal.domain.digests import milliseconds
from linli.ground.journal.domain.notes import SigningKey
from linli.ground.journal.models import Checkpoint, Leaf
from linli.ground.journal.queries._checkpoints import last_checkpoint, signing_key
from linli.ground.journal.queries._openings import openings
from linli.ground.kernel import canonical
from linli.ground.kernel.errors import Conflict

FIRST_LINE = b"linli-bundle v1\n"
_BATCH = 2000


def bundle(log_id: int, *, at: datetime) -> Iterator[bytes]:
    """The bytes of a bundle, piece by piece, up to the last published checkpoint.

    Refuses, at once, a log of which nothing was published yet.
    """
    last = last_checkpoint(log_id)
    if last is None:
        raise Conflict("not_published_yet", "这本日志还没有公布过核对点，最多等十分钟再来。")
    return _pieces(last, signing_key(log_id), at)


def _pieces(last: Checkpoint, key: SigningKey, at: datetime) -> Iterator[bytes]:
    log_id, parts = last.log_id, list[object]()
    yield FIRST_LINE
    yield from _part(parts, "checkpoint", [last.note.encode()])
    yield from _part(parts, "checkpoints", [_older_checkpoints(last)])
    for path, content in openings(log_id):
        yield from _part(parts, f"open/{path}", [content])
    yield from _entries(parts, log_id, last.size)
    said = {"v": 1, "origin": key.name, "log": log_id, "size": last.size, "key": key.verifier_key}
    manifest = canonical.encode(said | {"at": milliseconds(at), "parts": parts})
    yield from _part([], "manifest", [manifest])
    digest = base64.b64encode(sha256(manifest).digest()).decode()
    note = key.sign(f"linli-bundle v1\n{key.name}\n{digest}\n")
    yield from _part([], "manifest.note", [note.encode()])


def _part(
    parts: list[object], name: str, pieces: Iterable[bytes], length: int | None = None
) -> Iterator[bytes]:
    if length is None:
        pieces = list(pieces)
        length = sum(map(len, pieces))
    hashed, seen = sha256(), 0
    yield f"{name} {length}\n".encode()
    for piece in pieces:
        hashed.update(piece)
        seen += len(piece)
        yield piece
    yield b"\n"
    assert seen == length, f"the part {name} has {seen} bytes instead of {length}"
    parts.append([name, length, hashed.hexdigest()])


def _entries(parts: list[object], log_id: int, size: int) -> Iterator[bytes]:
    leaves = Leaf.objects.filter(log_id=log_id, index__lt=size)
    counted = leaves.aggregate(bytes=Sum(Length("entry")), count=Count("index"))
    if counted["count"] != size:
        raise Conflict("log_has_a_hole", "日志 {log} 少了几条，导不出来。", log=log_id)
    stored = leaves.order_by("index").values_list("entry", flat=True).iterator(chunk_size=_BATCH)
    lines = (bytes(entry) + b"\n" for entry in stored)
    yield from _part(parts, "entries", lines, length=counted["bytes"] + size)


def _older_checkpoints(last: Checkpoint) -> bytes:
    """The last checkpoint of every day before the last one, oldest first: what people may have kept."""
    older = Checkpoint.objects.filter(origin=last.origin, size__lt=last.size).order_by("size")
    of_day = {at.date(): note for note, at in older.values_list("note", "at")}
    return "".join(of_day.values()).encode()
