"""The workbook as it came, with what is wrong coloured and told in notes, and a list of all of it in front."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.outward.exchange.domain.gathering import in_order
from linli.outward.exchange.domain.tables import Cell, Fault, Sheet

MOST_ROWS = 1_048_576
LIST_NAME = "问题清单"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_marked(path: Path, sheets: Iterable[Sheet], faults: Sequence[Fault]) -> None:
    """Write the original rows anew, faulty cells red and doubtful ones yellow, each with its sentence as a note."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    formats = {
        True: book.add_format({"bg_color": "#FFF1C2"}),
        False: book.add_format({"bg_color": "#F6C9C4"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "bold": book.add_format({"bold": True}),
    }
    _write_list(book, formats, faults)
    names = {LIST_NAME}
    for sheet in sheets:
        mine: dict[tuple[int, int], list[Fault]] = {}
        for fault in faults:
            if fault.sheet == sheet.name and fault.row is not None:
                mine.setdefault((fault.row, fault.column or 0), []).append(fault)
        _write_sheet(book.add_worksheet(_name(sheet.name, names)), sheet, mine, formats)
    book.close()


def _write_list(book: Any, formats: dict[Any, Any], faults: Sequence[Fault]) -> None:
    page = book.add_worksheet(LIST_NAME)
    page.freeze_panes(1, 0)
    for column, (word, width) in enumerate([("表", 16), ("格", 10), ("轻重", 10), ("说明", 90)]):
        page.set_column(column, column, width)
        page.write_string(0, column, word, formats["bold"])
    for row, fault in enumerate(in_order(faults), 1):
        if row >= MOST_ROWS:
            break
        weight = "提醒" if fault.is_warning else "没有录入"
        for column, text in enumerate((fault.sheet, fault.cell, weight, fault.refusal.message)):
            page.write_string(row, column, text, formats[fault.is_warning] if column == 2 else None)


def _write_sheet(
    page: Any, sheet: Sheet, faults: dict[tuple[int, int], list[Fault]], formats: dict[Any, Any]
) -> None:
    for at, row in enumerate(sheet.rows):
        if at >= MOST_ROWS:
            break
        for column, cell in enumerate(row):
            told = faults.get((at, column))
            look = formats[all(one.is_warning for one in told)] if told else None
            _write_cell(page, (at, column), cell, look, formats["day"])
    for (at, column), told in faults.items():
        if at < MOST_ROWS:
            page.write_comment(at, column, "\n".join(one.refusal.message for one in told), {"x_scale": 2})


def _write_cell(page: Any, at: tuple[int, int], cell: Cell, look: Any, day: Any) -> None:
    if cell is None or cell == "":
        page.write_blank(*at, None, look)
    elif isinstance(cell, bool):
        page.write_boolean(*at, cell, look)
    elif isinstance(cell, (int, float)):
        page.write_number(*at, cell, look)
    elif isinstance(cell, (datetime, date)) and cell.year >= 1900:
        page.write_datetime(*at, cell, look or day)
    elif isinstance(cell, (date, time, timedelta)):
        page.write_string(*at, str(cell), look)
    else:
        page.write_string(*at, cell[:32_767], look)


def _name(name: str, taken: set[str]) -> str:
    """A sheet's name as workbooks allow it, and only once."""
    bare = (_FORBIDDEN.sub("_", name).strip("'") or "Sheet")[:31]
    number, chosen = 2, bare
    while chosen.lower() in {one.lower() for one in taken}:
        chosen, number = f"{bare[:27]}-{number}", number + 1
    taken.add(chosen)
    return chosen
