"""What goes wrong around the house, in one sentence: the database, the disk, the keys, the permissions."""

from __future__ import annotations

import errno
import sys

from linli.ground.kernel.errors import Refusal

_DISK: dict[int | None, str] = {
    errno.EACCES: "没有权限读写 {path}。请检查这个文件夹归谁，用运行邻里的那个用户来执行。",
    errno.EPERM: "没有权限读写 {path}。请检查这个文件夹归谁，用运行邻里的那个用户来执行。",
    errno.EROFS: "{path} 所在的磁盘是只读的，写不进去。",
    errno.ENOSPC: "磁盘满了，写不进 {path}。请先腾出空间，再执行一遍。",
    errno.EDQUOT: "磁盘配额用完了，写不进 {path}。请先腾出空间，再执行一遍。",
    errno.EFBIG: "文件太大，系统不让再写 {path}。请放宽限制，再执行一遍。",
    errno.ENOENT: "找不到 {path}。请检查路径有没有写错。",
    errno.ENOTDIR: "{path} 这条路径里有一段是文件，不是文件夹。请检查 LINLI_HOME 有没有写错。",
    errno.EEXIST: "{path} 已经有了，而且是文件，不是文件夹。请检查 LINLI_HOME 有没有写错。",
}


def refusal_of(fault: BaseException) -> Refusal | None:
    """The refusal that says what an operator must do; None for a fault of the program itself."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, OSError):
        return of_disk(fault)
    return _of_framework(fault)


def of_disk(fault: OSError) -> Refusal:
    """The refusal for a file or folder that cannot be used."""
    sentence = _DISK.get(fault.errno, "读写 {path} 时出错（{reason}）。")
    path = fault.filename if fault.filename is not None else "文件"
    return Refusal("disk", sentence, path=path, reason=fault.strerror or str(fault))


def _of_framework(fault: BaseException) -> Refusal | None:
    if "django" not in sys.modules:
        return None
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, InterfaceError

    if isinstance(fault, DatabaseError | InterfaceError):
        return _of_database(fault)
    if isinstance(fault, ImproperlyConfigured):
        return _of_settings(str(fault))
    return None


_DATABASE = (
    (("no such table", "UndefinedTable"), "no_tables", "数据库里还没有表，请先运行 linli init。"),
    (
        ("no such column", "UndefinedColumn"),
        "old_tables",
        "数据库的结构不是这个版本的，请先运行 linli init。",
    ),
    (
        ("unable to open database",),
        "database_unreachable",
        "数据库文件打不开。请检查 LINLI_HOME 和 LINLI_DATABASE 写得对不对，文件夹让不让写。",
    ),
    (("readonly database",), "database_read_only", "数据库文件是只读的，写不进去。请检查它归哪个用户。"),
    (("is not a database", "malformed"), "database_damaged", "数据库文件坏了，或者不是数据库。请恢复备份。"),
    (
        ("disk is full", "DiskFull", "disk I/O"),
        "disk",
        "数据库所在的磁盘写不进去了。请先腾出空间，再执行一遍。",
    ),
    (("is locked",), "database_busy", "数据库正忙，等了二十秒还没有轮到。请过一会儿再执行一遍。"),
)


def _of_database(fault: BaseException) -> Refusal | None:
    """What the database said, in our words; a fault of our own statements stays a fault."""
    said = f"{fault} {type(fault.__cause__).__name__}"
    for signs, code, sentence in _DATABASE:
        if any(sign in said for sign in signs):
            return Refusal(code, sentence)
    if type(fault).__name__ in ("OperationalError", "InterfaceError"):
        return Refusal(
            "database_unreachable",
            "数据库连不上（{reason}）。请检查它开着没有，LINLI_DATABASE 写得对不对。",
            reason=" ".join(str(fault).split())[:200],
        )
    return None


def _of_settings(said: str) -> Refusal | None:
    if "SECRET_KEY" in said:
        return Refusal(
            "no_keys",
            "缺密钥 LINLI_SECRET_KEY。新装请先运行 linli init；恢复时请先把 keys 文件夹放回 LINLI_HOME。",
        )
    return Refusal("bad_setting", "{said}。", said=said.rstrip("。")) if said.startswith("设置 ") else None
