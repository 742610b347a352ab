"""Backup while people go on writing.

What is copied first and what last matters: checkpoints, then the database, then the pictures. A copy whose
checkpoints were ahead of its database could not be opened, and a row whose picture came later would miss it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from linli.ground.kernel.errors import Conflict, NotFound, Refusal
from linli.ground.kernel.terminal import PlainCommand
from linli.site.management.running import home, start_framework

MANIFEST = "manifest.json"
CHECKPOINTS, MEDIA = "checkpoints", "media"
FOLDERS = (CHECKPOINTS, MEDIA)
KEYS = ("LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY")
"""Without these very keys a backup can be neither read nor continued."""
_CLIENT_ONLY = frozenset({"prepare_threshold", "server_side_binding"})


@click.command(cls=PlainCommand)
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """把数据库、照片和检查点备份成一个文件；备份时照常可以写。

    密钥不在备份里：请把 LINLI_HOME/keys 另存一份，两样分开放。
    """
    if target.exists():
        raise Conflict("backup_exists", "{target} 已存在，请换个文件名，免得盖掉旧备份。", target=target)
    start_framework()
    if is_sqlite() and not Path(database_settings()["NAME"]).is_file():
        raise NotFound("no_database", "还没有数据库 {name}，没有可备份的。", name=database_settings()["NAME"])
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".linli-backup-") as folder:
            _pack(Path(folder), part)
        os.replace(part, target)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refusal(
            "backup_failed", "备份没有完成：{reason}。请换一个有空间、能写的地方。", reason=reason
        ) from error
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"已备份到 {target}（{target.stat().st_size / 2**20:.1f} MB）。密钥请另存：{home() / 'keys'}")


def database_settings() -> dict[str, Any]:
    """How Django reaches the database."""
    from django.conf import settings

    found: dict[str, Any] = settings.DATABASES["default"]
    return found


def is_sqlite() -> bool:
    """Whether the database is one file."""
    return bool(database_settings()["ENGINE"].endswith("sqlite3"))


def key_marks() -> dict[str, list[str]]:
    """For each key a mark by which the same key is known again, and nothing else."""
    from django.conf import settings

    marks = {}
    for name in KEYS:
        value = getattr(settings, name)
        keys = value if isinstance(value, list) else [value]
        marks[name] = [hashlib.sha256(b"linli backup\0" + key.encode()).hexdigest()[:16] for key in keys]
    return marks


def run_tool(command: list[str]) -> None:
    """Run a PostgreSQL client on our database. Refuses with the last line of what it says."""
    import psycopg.conninfo

    settings = database_settings()
    options = {name: text for name, text in settings["OPTIONS"].items() if name not in _CLIENT_ONLY}
    where = psycopg.conninfo.make_conninfo(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        **options,
    )
    password = {"PGPASSWORD": settings["PASSWORD"]} if settings["PASSWORD"] else {}
    try:
        subprocess.run(
            [*command, f"--dbname={where}"],
            env=os.environ | password,
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise Refusal("no_client", "没有找到 {tool}，请安装 PostgreSQL 客户端。", tool=command[0]) from error
    except subprocess.CalledProcessError as error:
        raise Refusal(
            "tool_failed", "{tool} 没有成功：{reason}。", tool=command[0], reason=_first_error(error)
        ) from error


def _first_error(error: subprocess.CalledProcessError) -> str:
    """What the tool said first; what it says afterwards follows from that."""
    lines = [line.strip() for line in error.stderr.splitlines() if line.strip()]
    told = next((line for line in lines if "error:" in line), lines[0] if lines else str(error.returncode))
    return told.partition("error:")[2].strip() or told


def _pack(staging: Path, part: Path) -> None:
    """Write the archive; the list of contents comes last, so that a torn file has none."""
    if (home() / CHECKPOINTS).is_dir():
        shutil.copytree(home() / CHECKPOINTS, staging / CHECKPOINTS)
    database = _dump_database(staging)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    digests: dict[str, str] = {}
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
            digests[database.name] = _add(archive, database.name, database)
            for name, path in [*_files(staging, CHECKPOINTS), *_files(home(), MEDIA)]:
                if path.exists():  # a picture may be erased while we read
                    digests[name] = _add(archive, name, path)
            _add_manifest(archive, digests)
        file.flush()
        os.fsync(file.fileno())


def _files(root: Path, folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((root / folder).rglob("*")):
        if path.is_file() and path.suffix != ".part":
            yield str(path.relative_to(root)), path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add one file and return its digest; what was hashed and what was packed are the same open file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)
    return digest


def _add_manifest(archive: tarfile.TarFile, digests: dict[str, str]) -> None:
    contents = {"linli": version("linli"), "keys": key_marks(), "files": digests}
    text = json.dumps(contents, indent=1, sort_keys=True).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(text), 0o600
    archive.addfile(entry, io.BytesIO(text))


def _dump_database(staging: Path) -> Path:
    if not is_sqlite():
        path = staging / "database.dump"
        run_tool(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}"])
        return path
    path = staging / "database.sqlite3"
    with (
        closing(sqlite3.connect(database_settings()["NAME"])) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
    return path
