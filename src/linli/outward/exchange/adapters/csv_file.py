"""Csv as spreadsheets write it: UTF-8 with or without mark, UTF-16, or GB18030; streamed line by line."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from linli.ground.kernel.errors import Invalid
from linli.outward.exchange.domain.tables import Row, Sheet

_CHUNK = 2**20


def sheets(path: Path, head: bytes, name: str) -> Iterator[Sheet]:
    """The one sheet of a csv file. Refuses what is no text: a photo, a PDF, a program."""
    encoding = _encoding(path, head)
    yield Sheet(name, _rows(path, encoding))


def _encoding(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\0" in head:
        raise _no_text()
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise _no_text()


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(8192)
        file.seek(0)
        reader = csv.reader(file, delimiter=max(",;\t", key=start.count))
        try:
            yield from reader
        except csv.Error as error:
            raise Invalid(
                "csv_broken",
                "csv 文件第 {line} 行读不下去，可能是引号没有成对。请用 Excel 另存一份再传。",
                line=reader.line_num,
            ) from error


def _no_text() -> Invalid:
    return Invalid(
        "not_a_roll_file", "这个文件不是 Excel 工作簿，也不是 csv 表格。请选择“.xlsx”或“.csv”的名册。"
    )
