"""Backup while people go on writing, and restore into an empty place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from linli.site.management.running import home, start_framework

MANIFEST = "manifest.json"
FOLDERS = ("media", "checkpoints")


@click.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """把数据库、照片和检查点备份成一个文件；备份时照常可以写。

    密钥不在备份里：请把 LINLI_HOME/keys 另存一份，两样分开放。
    """
    if target.exists():
        raise click.ClickException(f"{target} 已存在，请换个文件名，免得盖掉旧备份。")
    start_framework()
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        staging = Path(folder)
        try:
            name = _dump_database(staging)
            _pack(staging, name, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            raise click.ClickException(
                f"备份没有完成：{error.strerror or error}。请换一个有空间、能写的地方。"
            ) from error
    click.echo(f"已备份到 {target}（{target.stat().st_size / 2**20:.1f} MB）。密钥请另存：{home() / 'keys'}")


def _database() -> dict[str, Any]:
    from django.conf import settings

    found: dict[str, Any] = settings.DATABASES["default"]
    return found


def _dump_database(staging: Path) -> str:
    settings = _database()
    if settings["ENGINE"].endswith("sqlite3"):
        path = staging / "database.sqlite3"
        with closing(sqlite3.connect(settings["NAME"])) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return path.name
    path = staging / "database.dump"
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={path}", settings["NAME"]], settings)
    return path.name


def _run(command: list[str], settings: dict[str, Any]) -> None:
    environment = os.environ | {
        "PGHOST": str(settings["HOST"]),
        "PGPORT": str(settings["PORT"] or 5432),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
    }
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise click.ClickException(f"没有找到 {command[0]}，请安装 PostgreSQL 客户端。") from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        raise click.ClickException(
            f"{command[0]} 没有成功：{lines[-1] if lines else error.returncode}"
        ) from error


def _pack(staging: Path, database: str, target: Path) -> None:
    files = {database: staging / database}
    for folder in FOLDERS:
        for path in sorted((home() / folder).rglob("*")):
            if path.is_file():
                files[f"{folder}/{path.relative_to(home() / folder)}"] = path
    manifest = {name: _sha256(path) for name, path in files.items()}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    with tarfile.open(target, "x:gz", compresslevel=3) as archive:
        archive.add(staging / MANIFEST, MANIFEST)
        for name, path in files.items():
            archive.add(path, name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """把备份恢复到空的 LINLI_HOME 和空的数据库；不空就不动手。

    先把 keys 文件夹放回 LINLI_HOME，再恢复；最后自动核对日志与每一行数据。
    """
    start_framework()
    _require_empty()
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        staging = Path(folder)
        _unpack(source, staging)
        _load_database(staging)
        for name in FOLDERS:
            if (staging / name).is_dir():
                shutil.copytree(staging / name, home() / name, dirs_exist_ok=True)
    from linli.ground.journal import actions as journal

    journal.check_start()
    click.echo("已恢复。请运行 linli verify --db 核对日志与每一行数据。")


def _require_empty() -> None:
    settings = _database()
    home().mkdir(parents=True, exist_ok=True)
    kept = [name for name in FOLDERS if (home() / name).exists() and any((home() / name).iterdir())]
    if kept:
        raise click.ClickException(f"{home()} 里已有 {'、'.join(kept)}，请恢复到空的地方。")
    if settings["ENGINE"].endswith("sqlite3"):
        if Path(settings["NAME"]).exists():
            raise click.ClickException(f"数据库 {settings['NAME']} 已存在，请恢复到空的地方。")
        return
    from django.db import connection

    if connection.introspection.table_names():
        raise click.ClickException(f"数据库 {settings['NAME']} 里已有数据，请恢复到空的数据库。")
    connection.close()


def _unpack(source: Path, staging: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(staging, filter="data")
        manifest = json.loads((staging / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise click.ClickException(f"{source} 不是完整的备份文件。") from error
    damaged = [name for name, digest in manifest.items() if not _is_intact(staging / name, digest)]
    if damaged:
        raise click.ClickException(f"备份里的 {damaged[0]} 坏了或被改过，没有恢复。")


def _is_intact(path: Path, digest: str) -> bool:
    return path.is_file() and _sha256(path) == digest


def _load_database(staging: Path) -> None:
    settings = _database()
    is_sqlite = settings["ENGINE"].endswith("sqlite3")
    dump = staging / ("database.sqlite3" if is_sqlite else "database.dump")
    if not dump.exists():
        raise click.ClickException("备份来自另一种数据库，请用同一种数据库恢复。")
    if is_sqlite:
        shutil.copy2(dump, settings["NAME"])
        return
    _run(
        ["pg_restore", "--no-owner", "--single-transaction", f"--dbname={settings['NAME']}", str(dump)],
        settings,
    )
