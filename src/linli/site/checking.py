"""What ``linli check`` looks at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from linli.ground.journal import actions as journal
from linli.ground.kernel.errors import Refusal
from linli.registry.regulations.queries import holidays
from linli.site import faults
from linli.site.keys import require_keys

FREE_BYTES_WANTED = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. A hint does not make the check fail."""

    fine: bool
    words: str
    is_hint: bool = False


def findings() -> list[Finding]:
    """Everything worth knowing about this installation, in the order an operator would ask."""
    first = [*_database(), *_keys()]
    within = [*_log(), *_holidays()] if all(finding.fine for finding in first) else []
    return [*first, *within, *_disk()]


def _database() -> Iterator[Finding]:
    path = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and not path.is_file():
        yield Finding(False, f"还没有数据库 {path}，请先运行 linli init")
        return
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        refusal = faults.refusal_of(error)
        yield Finding(False, refusal.message.rstrip("。") if refusal else f"数据库出错：{error}")
        return
    yield Finding(
        not missing,
        f"数据库（{connection.vendor}）" + ("结构不是最新，请先 linli init" if missing else "结构最新"),
    )


def _keys() -> Iterator[Finding]:
    try:
        require_keys()
    except Refusal as refusal:
        yield Finding(False, refusal.message.rstrip("。"))
        return
    yield Finding(True, "密钥齐全")


def _log() -> Iterator[Finding]:
    try:
        journal.check_start()
    except Refusal as refusal:
        yield Finding(False, refusal.message)
        return
    yield Finding(True, "日志不短于已公布的检查点")


def _holidays() -> Iterator[Finding]:
    year = timezone.localdate().year
    known = holidays.known_years()
    yield Finding(year in known, f"{year} 年放假安排" + ("已有" if year in known else "还没有，请录入"))
    if year + 1 not in known:
        yield Finding(
            False, f"{year + 1} 年放假安排还没有，跨年的承诺日期先按周末计算、标“暂定”", is_hint=True
        )


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME if settings.HOME.exists() else "/").free
    yield Finding(free > FREE_BYTES_WANTED, f"磁盘剩余 {free // 2**20} MB")
