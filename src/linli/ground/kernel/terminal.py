"""How commands speak: whatever is wrong with the input is one Chinese sentence and exit code 2.

For every command without a framework: ``@click.command(cls=PlainCommand)``, ``@click.group(cls=PlainGroup)``,
files through :func:`read_lines`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from typing import Any, BinaryIO

import click

from linli.ground.kernel.errors import Invalid, Refusal
from linli.ground.kernel.reading import LONGEST_LINE_BYTES, text_lines, too_long
from linli.ground.kernel.text import SHOWN_LENGTH, fold, shown

LARGEST_FILE_BYTES = 256 * 2**20
BLOCK_BYTES = 2**20
NO_SHORT_OPTIONS = {"ignore_unknown_options": True}
"""Context settings of a command that takes negative numbers: ``-5`` is a number, not an option."""


class Told(click.ClickException):
    """A refusal on its way to the terminal: one sentence on the error output, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=True)


def usage_in_chinese(error: click.UsageError) -> str:
    """The sentence for a wrong call: what is missing, unknown or too much, and where to read on."""
    described: list[tuple[type[click.UsageError], Callable[[Any], str]]] = [
        (click.MissingParameter, lambda e: f"缺少 {e.param.get_error_hint(e.ctx) if e.param else '参数'}"),
        (click.NoSuchOption, lambda e: f"没有 {shown(e.option_name)} 这个选项"),
        (click.NoSuchCommand, lambda e: f"没有 {shown(e.command_name)} 这个命令"),
        (click.BadOptionUsage, lambda e: f"选项 {shown(e.option_name)} 用得不对，可能缺少它的值"),
        (click.BadParameter, lambda e: f"{e.param.get_error_hint(e.ctx) if e.param else '参数'} 的值不对"),
    ]
    words = next((words(error) for kind, words in described if isinstance(error, kind)), "参数的写法不对")
    where = f"“{error.ctx.command_path} --help”" if error.ctx else "--help"
    return f"{words}；用法见 {where}。"


class _Plain(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise Told(usage_in_chinese(error)) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise Told(refusal.message) from None
        except click.UsageError as error:
            raise Told(usage_in_chinese(error)) from None


class PlainCommand(_Plain):
    """A command whose every refusal is one Chinese sentence and exit code 2."""


class PlainGroup(_Plain, click.Group):
    """A group of such commands."""


def read_lines(path: str, *, longest_line_bytes: int = LONGEST_LINE_BYTES) -> list[str]:
    """The lines of a text file, or of the standard input for ``-``; UTF-8 or GB18030.

    Refuses a missing or unreadable file, a folder, an empty file, one above 256 MB, a line above 64 KB (or the
    given limit: a program writes a JSON specification on one line), and what is no text.
    """
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as file:
            return text_lines(_raw_lines(file, longest_line_bytes), longest_line_bytes=longest_line_bytes)
    except Invalid as refusal:
        if path == "-":
            raise
        reason = refusal.message
        raise Invalid(refusal.code, "“{path}”：{reason}", path=_named(path), reason=reason) from None
    except FileNotFoundError:
        raise Invalid("no_such_file", "找不到文件“{path}”。", path=_named(path)) from None
    except IsADirectoryError:
        raise Invalid("is_a_folder", "“{path}”是文件夹，不是文件。", path=_named(path)) from None
    except PermissionError:
        raise Invalid("file_not_readable", "没有权限读取文件“{path}”。", path=_named(path)) from None
    except OSError as error:
        raise Invalid(
            "file_not_readable",
            "读不了文件“{path}”（系统错误 {number}）。",
            path=_named(path),
            number=error.errno,
        ) from None


def _named(path: str) -> str:
    """The path as a refusal repeats it: printable, and its end when it is long, for there stands the name."""
    named = fold(path[-4 * SHOWN_LENGTH :])
    return named if len(named) <= SHOWN_LENGTH else "…" + named[-SHOWN_LENGTH:]


def _raw_lines(file: BinaryIO, longest_line_bytes: int) -> list[bytes]:
    """The lines, block by block, so that a line without an end is refused before it is in memory."""
    lines: list[bytes] = []
    size = 0
    rest = b""
    while block := file.read(BLOCK_BYTES):
        found = BytesIO(rest + block).readlines()
        if max(map(len, found)) > longest_line_bytes:
            number = next(number for number, line in enumerate(found, 1) if len(line) > longest_line_bytes)
            raise too_long(len(lines) + number, longest_line_bytes)
        size += len(block)
        if size > LARGEST_FILE_BYTES:
            raise Invalid("file_too_large", "文件超过 256 MB，请分开处理。")
        rest = b"" if found[-1].endswith(b"\n") else found.pop()
        lines += found
    return [*lines, rest] if rest else lines
