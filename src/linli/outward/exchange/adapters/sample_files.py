"""Sample rolls as files: workbooks and csv, the same bytes for the same rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.outward.exchange.domain.sample import Book, DistrictRoll
from linli.outward.exchange.domain.sample_faults import Planted
from linli.outward.exchange.domain.sample_pages import Page
from linli.outward.exchange.domain.tables import Cell

_CREATED = datetime(2026, 3, 16)
"""A workbook tells when it was made; ours would otherwise never be the same twice."""


def write_book(path: Path, book: Book) -> None:
    """A compound's workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    file.set_properties({"created": _CREATED})
    day = file.add_format({"num_format": "yyyy-mm-dd"})
    middle = file.add_format({"align": "center", "valign": "vcenter"})
    for page in book.pages:
        _write_page(file.add_worksheet(page.name), page, day, middle)
    file.close()


def _write_page(sheet: Any, page: Page, day: Any, middle: Any) -> None:
    for at, row in enumerate(page.rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(at, column, cell)
            elif isinstance(cell, (int, float)):
                sheet.write_number(at, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(at, column, cell, day)
    for (top, left), (bottom, right) in page.merged:
        sheet.merge_range(top, left, bottom, right, page.rows[top][left], middle)
    if page.is_hidden:
        sheet.hide()


def write_district(path: Path, roll: DistrictRoll) -> None:
    """A district's csv, row by row, with the mark by which spreadsheets know UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in roll.rows:
            writer.writerow([_as_text(cell) for cell in row])


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)


def write_planted(path: Path, planted: Iterable[Planted]) -> None:
    """The list of true faults beside a messy sample."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("sheet", "cell", "kind", "what"))
        for one in planted:
            writer.writerow((one.sheet, one.cell, one.kind, one.what))
