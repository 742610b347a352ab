"""Uploads between preview and confirmation: encrypted on disk, for one hour, for the one who sent them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from linli.ground.db import crypto
from linli.ground.kernel.errors import NotFound, Refusal

KEPT = timedelta(hours=1)
_TOKEN = re.compile(r"([0-9]{10,11})-[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Kept:
    """An upload in our keeping, and whose it is."""

    token: str
    name: str
    sha256: str
    compound_id: int
    account_id: int | None


def keep(data: bytes, *, name: str, compound_id: int, account_id: int | None, at: datetime) -> Kept:
    """Seal an upload and put it away."""
    token = f"{int(at.timestamp())}-{secrets.token_urlsafe(24)}"
    kept = Kept(token, name, hashlib.sha256(data).hexdigest(), compound_id, account_id)
    about = json.dumps([name, kept.sha256, compound_id, account_id])
    path = _folder() / token
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("\n".join(crypto.encrypt_many([about, base64.b64encode(data).decode()])))
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Refusal("upload_not_kept", "文件现在存不下来，名册没有变。请过一会儿再试。") from error
    return kept


@contextmanager
def opened(token: str, *, at: datetime) -> Iterator[tuple[Kept, Path]]:
    """A kept upload as a file that is gone at the end of the block. Refuses an expired or unknown one."""
    match = _TOKEN.fullmatch(token)
    if match is None or at.timestamp() - int(match[1]) > KEPT.total_seconds():
        raise _gone()
    try:
        about, data = (_folder() / token).read_text(encoding="ascii").split("\n")
        name, sha256, compound_id, account_id = json.loads(crypto.decrypt(about))
        plain = base64.b64decode(crypto.decrypt(data))
    except (OSError, ValueError, crypto.Unreadable) as error:
        raise _gone() from error
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roll"
        path.write_bytes(plain)
        yield Kept(token, name, sha256, compound_id, account_id), path


def forget(token: str) -> None:
    """Delete a kept upload."""
    if _TOKEN.fullmatch(token):
        (_folder() / token).unlink(missing_ok=True)


def forget_expired(at: datetime) -> int:
    """Delete what was kept for an hour; returns how many."""
    gone = 0
    for path in _folder().glob("*-*"):
        match = _TOKEN.fullmatch(path.name)
        if match and at.timestamp() - int(match[1]) > KEPT.total_seconds():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _folder() -> Path:
    return Path(settings.HOME) / "uploads"


def _gone() -> NotFound:
    return NotFound(
        "upload_gone",
        "这份上传已经用过，或者过了一小时。名册没有因此改变；刚才已确认的在“历次导入”里，没有就请重新上传。",
    )
