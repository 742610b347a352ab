"""Every log against itself: its entries, its hashes, its checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.ground.journal.adapters import kept_checkpoints
from linli.ground.journal.domain import notes
from linli.ground.journal.domain.bulk import rooted_replaced
from linli.ground.journal.domain.digests import milliseconds
from linli.ground.journal.domain.entries import Replaced, Rooted
from linli.ground.journal.domain.findings import Finding
from linli.ground.journal.models import Checkpoint, Leaf, Log, TakenOut
from linli.ground.journal.queries._checking._said import DatabaseCheck, Said
from linli.ground.journal.queries._checkpoints import origin, signing_key
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Refusal

_COLUMNS = ("index", "stream", "kind", "at", "entry", "hash", "salt")
_BATCH = 5000


def read_logs(said: Said, check: DatabaseCheck) -> Iterator[str]:
    """Read every log, note what it says about rows, and report where it contradicts itself."""
    for log_id, size in Log.objects.order_by("pk").values_list("pk", "size"):
        yield f"日志 {log_id}"
        check.logs += 1
        hashes = list(_read_leaves(said, check, log_id))
        if size != len(hashes):
            check.findings.append(Finding("longer", log_id, len(hashes), key=size))
        _check_taken_out(said, check, log_id)
        _check_published(check, log_id, hashes)


def _read_leaves(said: Said, check: DatabaseCheck, log_id: int) -> Iterator[bytes]:
    expected = 0
    leaves = Leaf.objects.filter(log_id=log_id).order_by("index").values_list(*_COLUMNS)
    for index, stream, kind, at, entry, hashed, salt in leaves.iterator(chunk_size=_BATCH):
        if index != expected:
            check.findings.append(Finding("hole", log_id, expected))
        expected = index + 1
        check.acts += 1
        computed = merkle.leaf_hash(bytes(entry))
        yield computed
        columns = (kind, log_id, stream, milliseconds(at))
        wrong = _note(said, index, columns, bytes(entry), bytes(salt))
        if computed != bytes(hashed):
            wrong = "leaf_damaged"
        if wrong:
            check.findings.append(Finding(wrong, log_id, index))


def _note(said: Said, index: int, columns: tuple[str, int, str, int], data: bytes, salt: bytes) -> str:
    """Note what an act says; returns what is wrong with it, or nothing."""
    log_id = columns[1]
    try:
        entry = json.loads(data)
        act = said.add_act(log_id, index, entry["ts"], salt)
        _note_rows(said, log_id, index, act, entry)
        matches = (entry["t"], entry["c"], entry["s"], entry["ts"]) == columns
    except (ValueError, KeyError, TypeError, OverflowError):
        return "leaf_damaged"
    return "" if matches else "leaf_column"


def _note_rows(said: Said, log_id: int, index: int, act: int, entry: dict[str, Any]) -> None:
    was = entry.get("was", ())
    if isinstance(was, dict):
        said.bulk_replaced[log_id, index] = (act, Rooted(**was))
    else:
        for table, key, leaf, digest in was:
            said.take_out(log_id, Replaced(table, key, leaf, digest), act)
    for table, key, digest in entry.get("rows", ()):
        said.mention(table, key, act, digest)
    if "bulk" in entry:
        said.bulk[log_id, index] = (act, Rooted(**entry["bulk"]))


def _check_taken_out(said: Said, check: DatabaseCheck, log_id: int) -> None:
    """Compare the rows that bulk acts took out of earlier ones with the roots in the log."""
    groups: dict[int, list[Replaced]] = {}
    columns = ("by_leaf", "table", "key", "leaf", "digest")
    for by_leaf, *row in TakenOut.objects.filter(log_id=log_id).values_list(*columns):
        groups.setdefault(by_leaf, []).append(Replaced(*row))
    expected = {index: rooted for (log, index), rooted in said.bulk_replaced.items() if log == log_id}
    for index in sorted(groups.keys() | expected.keys()):
        rows = groups.get(index, [])
        act, rooted = expected.get(index, (-1, None))
        if rooted_replaced(rows) != rooted:
            check.findings.append(Finding("taken_out", log_id, index))
        for row in rows if rooted else ():
            said.take_out(log_id, row, act)


def _check_published(check: DatabaseCheck, log_id: int, hashes: list[bytes]) -> None:
    """Compare the log with every checkpoint of it, in the database and in the folder beside it."""
    stored = Checkpoint.objects.filter(log_id=log_id).values_list("origin", "size", "root", "note")
    published: list[tuple[str, int, bytes | None, str]]
    published = [(name, size, bytes(root), note) for name, size, root, note in stored]
    note = kept_checkpoints.last_kept(Path(settings.HOME) / "checkpoints", origin(log_id))
    if note:
        published.append((origin(log_id), kept_checkpoints.note_size(note), None, note))
    frontier = merkle.Frontier()
    for name, size, root, text in sorted(published, key=lambda one: one[1]):
        check.checkpoints += 1
        frontier = frontier.extend(hashes[frontier.size : size])
        if (signed := _signed_root(log_id, name, size, text)) is None or (root and root != signed):
            check.findings.append(Finding("checkpoint_note", log_id, key=size))
        elif frontier.size != size or frontier.root() != signed:
            check.findings.append(Finding("checkpoint", log_id, key=size))


def _signed_root(log_id: int, name: str, size: int, note: str) -> bytes | None:
    try:
        key = signing_key(log_id)
        stated = notes.open_checkpoint(note, notes.SigningKey(name, key.private))
    except Refusal:
        return None
    return stated.root if (stated.origin, stated.size) == (name, size) else None
