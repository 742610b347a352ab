"""Restore a backup into an empty place, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

import click

from linli.ground.kernel.errors import Conflict, Invalid
from linli.ground.kernel.terminal import PlainCommand
from linli.site.keys import require_keys
from linli.site.management.running import home, start_framework
from linli.site.management.safekeeping import (
    FOLDERS,
    MANIFEST,
    database_settings,
    is_sqlite,
    key_marks,
    run_tool,
)


@click.command(cls=PlainCommand)
@click.argument("source", type=click.Path(path_type=Path))
def restore(source: Path) -> None:
    """把备份恢复到空的 LINLI_HOME 和空的数据库；不空就不动手。

    先把 keys 文件夹放回 LINLI_HOME，再恢复；最后自动核对日志与每一行数据。

    退出码：0 恢复好了，全部对得上；1 恢复了，但有对不上的；2 没有恢复，什么都没动。
    """
    if not source.is_file():
        raise Invalid("no_such_file", "找不到备份文件 {source}。", source=source)
    start_framework()
    require_keys()
    _require_empty()
    with tempfile.TemporaryDirectory(dir=home(), prefix=".restore-") as folder:
        staging = Path(folder)
        unpack(source, staging)
        _load_database(staging)
        for name in FOLDERS:
            if (staging / name).is_dir():
                _put(staging / name, home() / name)
    _compare()


def _compare() -> None:
    """Hold every row against the log, as ``linli verify --db`` does."""
    from linli.ground.journal import actions as journal
    from linli.ground.journal import queries

    journal.check_start()
    found = queries.check_database(lambda _part: None)
    click.echo(f"已恢复：{found.acts} 条日志、{found.rows} 行数据。")
    if found.findings:
        click.echo(f"有 {len(found.findings)} 处对不上，运行 linli verify --db 看是哪些。", err=True)
        raise SystemExit(1)
    click.echo("日志与数据全部对得上。接着运行 linli init（整理静态文件），就可以 linli serve。")


def _require_empty() -> None:
    name = database_settings()["NAME"]
    home().mkdir(parents=True, exist_ok=True)
    kept = [folder for folder in FOLDERS if (home() / folder).exists() and any((home() / folder).iterdir())]
    if kept:
        raise Conflict(
            "not_empty",
            "{home} 里已有 {kept}，请恢复到空的地方。",
            home=home(),
            kept="、".join(kept),
        )
    if is_sqlite():
        for companion in ("", "-wal", "-journal"):
            if Path(f"{name}{companion}").exists():
                raise Conflict("not_empty", "{path} 已存在，请恢复到空的地方。", path=f"{name}{companion}")
        return
    from django.db import connection

    if connection.introspection.table_names():
        raise Conflict("not_empty", "数据库 {name} 里已有数据，请恢复到空的数据库。", name=name)
    connection.close()


def unpack(source: Path, staging: Path) -> None:
    """Unpack, and refuse what is not whole, not unchanged, or sealed with other keys."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            _take_out(archive, staging)
        manifest: dict[str, Any] = json.loads((staging / MANIFEST).read_text(encoding="utf-8"))
        files, keys = dict(manifest["files"]), dict(manifest["keys"])
    except OSError as error:
        if error.errno is not None and not isinstance(error, FileNotFoundError | FileExistsError):
            raise
        raise _not_whole(source) from error
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise _not_whole(source) from error
    damaged = [name for name, digest in files.items() if not _is_intact(staging / name, digest)]
    if damaged:
        raise Invalid("backup_damaged", "备份里的 {name} 坏了或被改过，没有恢复。", name=damaged[0])
    ours = key_marks()
    foreign = [name for name, marks in keys.items() if not set(marks) <= set(ours.get(name, ()))]
    if foreign:
        raise Invalid(
            "other_keys",
            "备份是用另一套密钥做的（{names} 不同），没有恢复。请先把当时的 keys 文件夹放回 {home}。",
            names="、".join(foreign),
            home=home(),
        )


def _take_out(archive: tarfile.TarFile, staging: Path) -> None:
    """Write the plain files of the archive into the folder. Refuses links, devices and ways out of it.

    The filters of ``tarfile`` do the same, but Python 3.11 has them from its fourth release on only, and
    Debian 12 brings an earlier one.
    """
    for entry in archive:
        target = (staging / entry.name).resolve()
        if not entry.isfile() or not target.is_relative_to(staging.resolve()):
            raise tarfile.ReadError(entry.name)
        content = archive.extractfile(entry)
        assert content is not None
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file)
        target.chmod(entry.mode & 0o644 | 0o600)


def _not_whole(source: Path) -> Invalid:
    return Invalid("not_a_backup", "{source} 不是完整的备份文件，没有恢复。", source=source)


def _is_intact(path: Path, digest: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest


def _load_database(staging: Path) -> None:
    dump = staging / ("database.sqlite3" if is_sqlite() else "database.dump")
    if not dump.exists():
        raise Invalid("other_database", "备份来自另一种数据库，请用同一种数据库恢复。")
    if is_sqlite():
        target = Path(database_settings()["NAME"])
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(dump, part)
        os.replace(part, target)
        return
    run_tool(
        ["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--single-transaction", str(dump)]
    )


def _put(staged: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()
    os.replace(staged, target)
