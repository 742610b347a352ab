"""Typed readers of the environment: every setting is ``LINLI_…``, and a secret may come from a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from linli.ground.kernel.errors import Invalid


class BadSetting(Invalid):
    """A setting that cannot be used; start-up stops with one sentence."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__("bad_setting", "设置 {name} 不对：{problem}。", name=name, problem=problem)


def text(name: str, default: str = "") -> str:
    """A text, from ``NAME`` or from the file named by ``NAME_FILE``."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = _why(error)
            raise BadSetting(f"{name}_FILE", f"读不到文件 {path}（{reason}）") from error
    return os.environ.get(name, default)


def secret(name: str, home: Path) -> str:
    """A key: from the environment, or from the file that ``linli init`` made under ``home/keys``."""
    given = text(name)
    kept = home / "keys" / name
    try:
        if given or not kept.is_file():
            return given
        return kept.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = _why(error)
        raise BadSetting(name, f"读不到密钥文件 {kept}（{reason}）") from error


def flag(name: str, default: bool) -> bool:
    """A yes or no: 1/true/yes/on or 0/false/no/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise BadSetting(name, f"应为 1 或 0，现在是「{value}」")


def number(name: str, default: int, *, least: int | None = None) -> int:
    """A whole number; not less than ``least``, if there is such a bound."""
    value = text(name)
    if not value:
        return default
    try:
        found = int(value)
    except ValueError as error:
        raise BadSetting(name, f"应为整数，现在是「{value}」") from error
    if least is not None and found < least:
        raise BadSetting(name, f"不能小于 {least}，现在是「{value}」")
    return found


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


SQLITE_START = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;"
)


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database from ``sqlite:///path`` or ``postgresql://user@/name?host=/socket``.

    Connections are persistent, PostgreSQL statements are prepared on the server, and SQLite takes its
    write lock at the beginning of a transaction and syncs fully: an acknowledged write survives.
    """
    url = text(name, default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:])
            if parts.path.startswith("//")
            else unquote(parts.path[1:] or ":memory:"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(parts)
    raise BadSetting(name, f"只认识 sqlite:// 和 postgresql://，现在是「{url}」")


def _postgresql(parts: Any) -> dict[str, Any]:
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "prepare_threshold": 1,
            "server_side_binding": True,
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            **query,
        },
    }


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, PermissionError):
        return "没有权限"
    return (error.strerror or "读不了") if isinstance(error, OSError) else "不是文本"
