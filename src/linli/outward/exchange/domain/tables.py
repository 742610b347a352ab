"""What a workbook or a csv file is to the reader: sheets of cells, and how a place in them is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linli.ground.kernel.errors import Invalid, Refusal

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = Sequence[Cell]
Merged = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged area, each as row and column from 0."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows`` may be a stream; row 0 is the first row of the sheet, also when it is empty."""

    name: str
    rows: Iterable[Row]
    merged: Sequence[Merged] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file, and where: the row is left out until it is put right.

    A warning (``is_warning``) leaves nothing out but wants a second look. ``row`` and ``column`` count
    from 0; no column means the whole row, no row the whole sheet.
    """

    sheet: str
    row: int | None
    column: int | None
    refusal: Refusal
    is_warning: bool = False

    @property
    def cell(self) -> str:
        """The place as spreadsheets call it: ``C17``, ``17`` for a whole row, empty for a whole sheet."""
        return cell_name(self.row, self.column)

    @property
    def code(self) -> str:
        """What kind of fault it is, for programs."""
        return self.refusal.code

    @property
    def sentence(self) -> str:
        """Where and what in one Chinese sentence: 「Sheet1」C17：面积“八十”不是数字。"""
        place = self.cell if self.column is not None or self.row is None else f"第 {self.cell} 行"
        return f"「{self.sheet}」{place}：{self.refusal.message}"


def cell_name(row: int | None, column: int | None) -> str:
    """The place as spreadsheets call it, from row and column counted from 0."""
    if row is None:
        return ""
    return f"{column_letters(column) if column is not None else ''}{row + 1}"


def column_letters(column: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be unpacked; a browser's upload and a district's roll differ."""

    packed_bytes: int = 64 * 2**20
    unpacked_bytes: int = 512 * 2**20
    parts: int = 2000
    ratio: int = 200


def check_directory(parts: Iterable[tuple[str, int, int]], limits: Limits) -> None:
    """Refuse a workbook by its table of contents, before anything of it is unpacked.

    ``parts`` are name, packed and unpacked size of each. A part that unpacks to more than ``ratio``
    times its size (and to more than 32 MB) is a bomb, not a sheet.
    """
    total = 0
    for count, (_, packed, unpacked) in enumerate(parts, 1):
        total += unpacked
        if unpacked > 32 * 2**20 and unpacked > limits.ratio * max(packed, 1):
            raise Invalid(
                "zip_bomb", "这个文件解压后会异常膨胀，不像正常的工作簿，没有打开。请用 Excel 另存一份再传。"
            )
        if count > limits.parts or total > limits.unpacked_bytes:
            raise Invalid(
                "workbook_too_large",
                "工作簿解压后超过 {limit} MB，太大了。请按楼栋分成几个文件，或另存为 csv。",
                limit=limits.unpacked_bytes // 2**20,
            )
