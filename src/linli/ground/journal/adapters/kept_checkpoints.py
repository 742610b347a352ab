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

_TAIL_BYTES = 8192
_LONGEST_TORN = 2048
"""What a power failure leaves of one checkpoint is shorter; more than that is damage."""
_SUFFIX = ".notes"
_NOTE = re.compile("[^\n]+\n(?:0|[1-9][0-9]{0,17})\n[A-Za-z0-9+/=]+\n\n\u2014 [^\n]*\n".encode())
_SIGNATURE_LINE = re.compile("\n\u2014 [^\n]*\n".encode())
_LOG = re.compile("0|[1-9][0-9]{0,17}")


def keep(folder: Path, origin: str, size: int, note: str) -> None:
    """Append a checkpoint to its log's file and wait until the disk has it, unless it is there already.

    Refuses a note that differs from the one kept for the same size, and a damaged file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open(_path(folder, origin), "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end, last = _last_note(file.fileno(), origin)
        if last and note_size(last) >= size:
            if note_size(last) == size and last != note:
                raise two_roots(origin, size)
            return
        os.ftruncate(file.fileno(), end)
        file.write(note.encode())
        file.flush()
        os.fsync(file.fileno())


def last_kept(folder: Path, origin: str) -> str:
    """The last checkpoint that was published for a log, or an empty text. Refuses a damaged file."""
    try:
        with open(_path(folder, origin), "rb") as file:
            return _last_note(file.fileno(), origin)[1]
    except FileNotFoundError:
        return ""


def kept_origins(folder: Path, prefix: str) -> Iterator[str]:
    """The logs of which something was published, among those whose name begins with the prefix."""
    for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        origin = unquote(path.name.removesuffix(_SUFFIX))
        if origin.startswith(prefix) and _LOG.fullmatch(origin.removeprefix(prefix)):
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


def _last_note(descriptor: int, origin: str) -> tuple[int, str]:
    """Where the last complete checkpoint ends, and its text; what a power failure tore is left out.

    Refuses a file whose end is more than that: it must not pass for one in which nothing was published.
    """
    start = max(0, os.fstat(descriptor).st_size - _TAIL_BYTES)
    tail = os.pread(descriptor, _TAIL_BYTES, start)
    end, last = 0, b""
    for match in _NOTE.finditer(tail):
        end, last = match.end(), match[0]
    torn = tail[end:]
    try:
        if len(torn) <= _LONGEST_TORN and not _SIGNATURE_LINE.search(b"\n" + torn):
            return start + end, last.decode()
    except UnicodeDecodeError:
        pass
    raise Conflict(
        "kept_damaged", "日志 {origin} 公布过的核对点的文件损坏了，读不出最后一个核对点。", origin=origin
    )
