"""Workbooks: looked through before anything is opened, then read sheet by sheet with their merged cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from linli.ground.kernel.errors import Invalid
from linli.outward.exchange.domain.tables import Limits, Sheet, check_directory

MOST_CELLS = 20_000_000
"""The library lays a sheet out as a rectangle: one lonely cell far away must not cost the memory of the house."""
_CHUNK = 2**20
_OVERLAP = 80
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2}|[A-Za-z][0-9]{6})""")
"""A cell beyond column Z or row 99,999. Without one the rectangle is small, and no cell is looked at singly."""
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")


def sheets(path: Path, limits: Limits) -> Iterator[Sheet]:
    """The visible sheets of a workbook, one after the other. Refuses bombs, damage and what is no workbook."""
    _look_through(path, limits)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for about in book.sheets_metadata:
                if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                    sheet = book.get_sheet_by_name(about.name)
                    rows = sheet.to_python(skip_empty_area=False)
                    yield Sheet(about.name, rows, sheet.merged_cell_ranges or ())
    except (CalamineError, PasswordError, XmlError, ZipError, OSError) as error:
        raise _damaged() from error


def _look_through(path: Path, limits: Limits) -> None:
    """By the directory first; then every part really unpacks to what the directory says."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            check_directory(((it.filename, it.compress_size, it.file_size) for it in parts), limits)
            if not any(it.filename == "xl/workbook.xml" for it in parts):
                raise Invalid(
                    "not_a_workbook",
                    "这是压缩包或别的文件，不是 Excel 工作簿。请先解压，再选择“.xlsx”或“.csv”的名册。",
                )
            for part in parts:
                if _reaches_far(archive, part):
                    _require_small(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _damaged() from error


def _reaches_far(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Read a part to its end, which checks its length and sum; whether it is a sheet with a cell far away."""
    far, is_sheet = False, part.filename.startswith("xl/worksheets/")
    for piece in _pieces(archive, part):
        far = far or (is_sheet and _FAR.search(piece) is not None)
    return far


def _require_small(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a sheet whose cells span too large a rectangle."""
    rows, columns = 0, 0
    for piece in _pieces(archive, part):
        cells = _CELL.findall(piece)
        rows = max([rows, *{int(row) for _, row in cells}])
        columns = max([columns, *map(_number, {letters for letters, _ in cells})])
        if rows * columns > MOST_CELLS:
            raise Invalid(
                "sheet_too_wide",
                "有一张表的内容一直写到第 {row} 行、第 {column} 列，不像名册。请把表格外面多余的格子删掉再传。",
                row=rows,
                column=columns,
            )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of a part; each piece begins with the end of the one before."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _damaged() -> Invalid:
    return Invalid("workbook_damaged", "工作簿打不开，可能没有传完整或已损坏。请用 Excel 另存一份再传。")
