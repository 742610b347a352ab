"""Lists to take home: CSV that Excel opens rightly, and xlsx; both safe to open, both streamed."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from linli.ground.kernel.errors import NotFound
from linli.ground.web.formats import local

Cell = str | int | date | datetime | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_NUMBER = re.compile(r"[+\-−]?[\d,]+(?:\.\d+)?%?")
_BOM = "\ufeff"
_BATCH = 500


def download(
    *, kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """The list in the wished form: ``csv`` or ``xlsx``. Refuses any other."""
    if kind == "csv":
        return csv_response(name, heads, rows)
    if kind == "xlsx":
        return xlsx_response(name, heads, rows)
    raise NotFound("no_such_form", "只有 CSV 和 Excel 两种下载。")


def csv_response(name: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """The list as CSV in UTF-8 with a mark that Excel recognises; ``name`` is without extension."""
    response = StreamingHttpResponse(_csv_lines(heading, rows), content_type="text/csv; charset=utf-8")
    return _as_file(response, f"{name}.csv")


def xlsx_response(
    name: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str = "清单"
) -> FileResponse:
    """The list as a workbook, written row by row to disk and sent from there."""
    handle, path = tempfile.mkstemp(suffix=".xlsx")
    os.close(handle)
    try:
        _write_workbook(path, heading, rows, sheet)
        file = open(path, "rb")  # noqa: SIM115 - the response closes it
    finally:
        os.unlink(path)
    response = FileResponse(
        file, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    _as_file(response, f"{name}.xlsx")
    return response


def harmless(value: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula; plain numbers stay as they are."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    text = str(value)
    if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    pending = [_BOM, writer.writerow([harmless(word) for word in heading])]
    for row in rows:
        pending.append(writer.writerow([harmless(cell) for cell in row]))
        if len(pending) >= _BATCH:
            yield "".join(pending)
            pending = []
    yield "".join(pending)


def _write_workbook(path: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]], sheet: str) -> None:
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bg_color": "#EEE9E1"})
    day, moment = (
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    page = book.add_worksheet(sheet[:31])
    page.freeze_panes(1, 0)
    for column, word in enumerate(heading):
        page.set_column(column, column, max(10, min(40, 2 * len(word) + 6)))
        page.write_string(0, column, word, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, (number, column), value, (day, moment))
    book.close()


def _write_cell(page: Any, at: tuple[int, int], value: Cell, formats: tuple[Any, Any]) -> None:
    if isinstance(value, datetime):
        page.write_datetime(*at, local(value).replace(tzinfo=None), formats[1])
    elif isinstance(value, date):
        page.write_datetime(*at, value, formats[0])
    elif isinstance(value, int):
        page.write_number(*at, value)
    elif value is not None:
        page.write_string(*at, value)


def _as_file(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
