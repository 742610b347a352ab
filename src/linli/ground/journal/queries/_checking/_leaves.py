"""Every log against itself: its entries, its hashes, its checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet

from linli.ground.journal.adapters import kept_checkpoints
from linli.ground.journal.domain import notes
from linli.ground.journal.domain.bulk import rooted_replaced
from linli.ground.journal.domain.digests import milliseconds
from linli.ground.journal.domain.entries import Replaced, Rooted
from linli.ground.journal.domain.findings import Finding
from linli.ground.journal.models import Checkpoint, Leaf, Log, TakenOut
from linli.ground.journal.queries._checking._said import DatabaseCheck, Said, plain_bytes
from linli.ground.journal.queries._checkpoints import origin, signing_key
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Refusal

_COLUMNS = ("index", "stream", "kind", "entry", "hash", "salt", "at")
_BATCH = 5000
_UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, RecursionError, DatabaseError, Refusal)
"""What reading a leaf raises when somebody wrote nonsense into it."""
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def read_logs(said: Said, check: DatabaseCheck) -> Iterator[str]:
    """Read every log, note what it says about rows, and report where it contradicts itself."""
    sizes = dict(Log.objects.values_list("pk", "size"))
    for log_id in sorted(sizes.keys() | _logs_spoken_of()):
        yield f"日志 {log_id}"
        check.logs += 1
        hashes = list(_read_leaves(said, check, log_id))
        if sizes.get(log_id, 0) != len(hashes):
            check.findings.append(Finding("longer", log_id, len(hashes), key=sizes.get(log_id, 0)))
        _check_taken_out(said, check, log_id)
        _check_published(check, log_id, hashes)


def _logs_spoken_of() -> set[int]:
    """The logs of which there are acts or checkpoints, also where their heads are gone."""
    prefix = origin(0).removesuffix("0")
    kept = kept_checkpoints.kept_origins(_folder(), prefix)
    found = {int(name.removeprefix(prefix)) for name in kept}
    for rows in (Leaf.objects.all(), Checkpoint.objects.all()):
        found |= set(rows.order_by().values_list("log_id", flat=True).distinct())
    return found


def _read_leaves(said: Said, check: DatabaseCheck, log_id: int) -> Iterator[bytes]:
    expected = 0
    for index, stream, kind, entry, hashed, salt, at in _rows(log_id):
        if index != expected:
            check.findings.append(Finding("hole", log_id, expected))
        expected = index + 1
        check.acts += 1
        data = plain_bytes(entry)
        computed = merkle.leaf_hash(data)
        yield computed
        columns = (kind, log_id, stream, milliseconds(at) if at else None)
        wrong = _note(said, index, columns, data, plain_bytes(salt))
        if computed != plain_bytes(hashed):
            wrong = "leaf_damaged"
        if wrong:
            check.findings.append(Finding(wrong, log_id, index))


def _rows(log_id: int) -> Iterator[tuple[Any, ...]]:
    """The leaves of a log in order; where a time cannot be read, that leaf comes without it."""
    leaves, last = Leaf.objects.filter(log_id=log_id).order_by("index"), -(2**63)
    while True:
        rows = leaves.filter(index__gt=last)[:_BATCH]
        try:
            batch = list(rows.values_list(*_COLUMNS))
        except _UNREADABLE:
            batch = [
                _without_nonsense(leaves.filter(index=row[0]), row)
                for row in rows.values_list(*_COLUMNS[:-1])
            ]
        if not batch:
            return
        yield from batch
        last = batch[-1][0]


def _without_nonsense(leaf: QuerySet[Leaf], row: tuple[Any, ...]) -> tuple[Any, ...]:
    try:
        return (*row, leaf.values_list("at", flat=True).get())
    except _UNREADABLE:
        return (*row, None)


def _note(said: Said, index: int, columns: tuple[str, int, str, int | None], data: bytes, salt: bytes) -> str:
    """Note what an act says; returns what is wrong with it, or nothing."""
    log_id = columns[1]
    try:
        entry = json.loads(data)
        act = said.add_act(log_id, index, entry["ts"], salt)
        _note_rows(said, log_id, index, act, entry)
        matches = (entry["t"], entry["c"], entry["s"], entry["ts"]) == columns
        if _canonical(entry).encode() != data:
            return "leaf_damaged"
    except _UNREADABLE:
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
        try:
            sound = rooted_replaced(rows) == rooted
            for row in rows if rooted else ():
                said.take_out(log_id, row, act)
        except _UNREADABLE:
            sound = False
        if not sound:
            check.findings.append(Finding("taken_out", log_id, index))


def _check_published(check: DatabaseCheck, log_id: int, hashes: list[bytes]) -> None:
    """Compare the log with every checkpoint of it, in the database and in the folder beside it."""
    published: list[tuple[int, bytes]] = []
    stored = Checkpoint.objects.filter(log_id=log_id).values_list("origin", "size", "root", "note")
    for name, size, root, note in stored:
        check.checkpoints += 1
        signed = _signed_root(log_id, name, size, note)
        if signed is None or plain_bytes(root) != signed:
            check.findings.append(Finding("checkpoint_note", log_id, key=size))
        else:
            published.append((size, signed))
    published += _kept(check, log_id)
    frontier = merkle.Frontier()
    for size, signed in sorted(published):
        frontier = frontier.extend(hashes[frontier.size : size])
        if frontier.size != size or frontier.root() != signed:
            check.findings.append(Finding("checkpoint", log_id, key=size))


def _kept(check: DatabaseCheck, log_id: int) -> list[tuple[int, bytes]]:
    """Size and root of the last checkpoint in the folder, if there is one."""
    try:
        note = kept_checkpoints.last_kept(_folder(), origin(log_id))
    except Refusal:
        check.findings.append(Finding("kept_damaged", log_id))
        return []
    if not note:
        return []
    check.checkpoints += 1
    size = kept_checkpoints.note_size(note)
    signed = _signed_root(log_id, origin(log_id), size, note)
    if signed is None:
        check.findings.append(Finding("checkpoint_note", log_id, key=size))
    return [] if signed is None else [(size, signed)]


def _signed_root(log_id: int, name: str, size: int, note: str) -> bytes | None:
    try:
        key = signing_key(log_id)
        stated = notes.open_checkpoint(note, notes.SigningKey(name, key.private))
    except (Refusal, TypeError, AttributeError):  # SQLite may hold bytes where there should be text
        return None
    return stated.root if (stated.origin, stated.size) == (name, size) else None


def _folder() -> Path:
    return Path(settings.HOME) / "checkpoints"
