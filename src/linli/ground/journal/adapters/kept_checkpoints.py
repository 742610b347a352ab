"""The checkpoints that were published, kept as files beside the database.

One file per log, five lines per checkpoint, only ever appended to. A database restored from an older
backup does not know what was published since; these files do.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from linli.ground.kernel.errors import Conflict

_LINES = 5
_TAIL_BYTES = 8192
_SUFFIX = ".notes"
_SIGNATURE_LINE = re.compile("\n\u2014 [^\n]*\n".encode())


def keep(folder: Path, origin: str, size: int, note: str) -> None:
    """Append a checkpoint to its log's file and wait until the disk has it, unless it is there already.

    Refuses a note that differs from the one kept for the same size.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(_path(folder, origin), "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end, last = _last_note(file.fileno())
        if last and note_size(last) >= size:
            if note_size(last) == size and last != note:
                raise two_roots(origin, size)
            return
        os.ftruncate(file.fileno(), end)
        file.write(note.encode())
        file.flush()
        os.fsync(file.fileno())


def last_kept(folder: Path, origin: str) -> str:
    """The last checkpoint that was published for a log, or an empty text."""
    try:
        with open(_path(folder, origin), "rb") as file:
            return _last_note(file.fileno())[1]
    except FileNotFoundError:
        return ""


def kept_origins(folder: Path, prefix: str) -> Iterator[str]:
    """The logs of which something was published, among those whose name begins with the prefix."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        origin = unquote(path.name.removesuffix(_SUFFIX))
        if origin.startswith(prefix):
            yield origin


def note_size(note: str) -> int:
    """The size that a checkpoint speaks of."""
    return int(note.split("\n")[1])


def two_roots(origin: str, size: int) -> Conflict:
    """The refusal to say two different things about the same size of a log."""
    sentence = "日志 {origin} 在 {size} 条时公布过的核对点，和现在算出的不一样：日志被改动过，不能再签。"
    return Conflict("two_roots", sentence, origin=origin, size=size)


def _path(folder: Path, origin: str) -> Path:
    return folder / f"{quote(origin, safe='')}{_SUFFIX}"


def _last_note(descriptor: int) -> tuple[int, str]:
    """Where the last complete checkpoint ends, and its text; what a power failure tore is left out."""
    start = max(0, os.fstat(descriptor).st_size - _TAIL_BYTES)
    tail = os.pread(descriptor, _TAIL_BYTES, start)
    whole = 0
    for match in _SIGNATURE_LINE.finditer(tail):
        whole = match.end()
    if not whole:
        return 0, ""
    lines = tail[:whole].decode(errors="replace").split("\n")
    return start + whole, "\n".join(lines[-_LINES - 1 :])
