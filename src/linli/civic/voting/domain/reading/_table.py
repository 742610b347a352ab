"""A csv table by columns: folded cells, the row number of every record, and faults that name the row."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TypeVar

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown

Value = TypeVar("Value")
MOST_ROWS_NAMED = 20


class TableFaults(Invalid):
    """What is wrong with a table; ``faults`` holds one refusal for each place, in order."""

    def __init__(self, faults: Sequence[Invalid]) -> None:
        first, more = faults[0].message.removesuffix("。"), _further(faults[1:])
        super().__init__("table_faults", "{first}{more}。", first=first, more=more)
        self.faults = tuple(faults)


def _further(faults: Sequence[Invalid]) -> str:
    """How many faults there are besides the first, and in which rows."""
    if not faults:
        return ""
    rows = list(dict.fromkeys(str(fault.data["row"]) for fault in faults if fault.data["row"] is not None))
    listed = f"，在第 {'、'.join(rows[:MOST_ROWS_NAMED])} 行" if rows else ""
    return f"（另有 {len(faults)} 处错误{listed}{'等处' if len(rows) > MOST_ROWS_NAMED else ''}）"


@dataclass(slots=True)
class Table:
    """The records of a csv file. ``rows`` are their numbers as a spreadsheet shows them (the header is 1)."""

    what: str
    rows: Sequence[int] = ()
    columns: dict[str, list[str]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    faults: list[Invalid] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def fault(self, row: int | None, why: str) -> None:
        """Note a fault of one row, or of the whole table."""
        place = self.what if row is None else f"{self.what}第 {row} 行"
        self.faults.append(Invalid("table_fault", "{place}：{why}", place=place, why=why, row=row))

    def finish(self) -> None:
        """Refuse the table if anything is wrong with it (:class:`TableFaults`)."""
        if self.faults:
            raise TableFaults(self.faults)

    def require_filled(self, *names: str) -> None:
        """Note every blank cell of these columns."""
        for name in names:
            column = self.columns[name]
            if "" in column:
                for row, cell in zip(self.rows, column, strict=True):
                    if not cell:
                        self.fault(row, f"{name} 是空的。")

    def require_one_of(self, name: str, allowed: Collection[str]) -> None:
        """Note every cell of the column that is none of these words."""
        if not set(self.columns[name]) <= set(allowed):
            known = "、".join(word for word in allowed if word) + ("，或者空着" if "" in allowed else " 之一")
            for row, cell in zip(self.rows, self.columns[name], strict=True):
                if cell not in allowed:
                    self.fault(row, f"{name}“{shown(cell)}”不对，应为 {known}。")

    def require_distinct(self, name: str) -> None:
        """Note every cell of the column that repeats an earlier one."""
        column = self.columns[name]
        if len(set(column)) == len(column):
            return
        first: dict[str, int] = {}
        for row, cell in zip(self.rows, column, strict=True):
            if first.setdefault(cell, row) != row:
                self.fault(row, f"{name}“{shown(cell)}”重复，第 {first[cell]} 行已经有了。")

    def parsed(self, name: str, parse: Callable[[str], Value], stand_in: Value) -> list[Value]:
        """The column's values; a cell that ``parse`` refuses is noted and takes the stand-in."""
        column = self.columns[name]
        values: dict[str, Value] = {}
        wrong: dict[str, str] = {}
        for cell in set(column):
            try:
                values[cell] = parse(cell)
            except Invalid as refusal:
                values[cell], wrong[cell] = stand_in, refusal.message
        if wrong:
            for row, cell in zip(self.rows, column, strict=True):
                if cell in wrong:
                    self.fault(row, wrong[cell])
        return [values[cell] for cell in column]


def read_table(
    lines: Iterable[str], *, what: str, required: Sequence[str], optional: Sequence[str] = ()
) -> Table:
    """The csv table in these lines. ``what`` names it in refusals, e.g. 名册.

    Cells are folded (full-width digits become half-width, blanks trimmed). Missing or repeated columns and
    rows of another width are noted as faults; columns that nobody asked for are left out and named in
    ``ignored``; an optional column that is absent is not in ``columns``.
    """
    table = Table(what)
    listed = list(lines)
    text = "".join(listed)
    is_plain = '"' not in text and text.count("\r") == text.count("\r\n")
    header = _header(listed, table, is_plain)
    _check_header(table, header, required, optional)
    if table.faults:
        return table
    wanted = {*required, *optional}
    columns = _columns_at_once(listed, len(header)) if is_plain else None
    table.rows = range(2, len(listed) + 1)
    if columns is None:
        table.rows, columns = _columns_one_by_one(table, listed, len(header))
    table.columns = {
        name: _folded(column) for name, column in zip(header, columns, strict=True) if name in wanted
    }
    table.ignored = tuple(name for name in header if name not in wanted and name)
    return table


def _header(lines: list[str], table: Table, is_plain: bool) -> list[str]:
    try:
        cells = next(csv.reader(lines[:1] if is_plain else lines, strict=True), [])
    except csv.Error:
        table.fault(1, "引号没有成对，或者换行不对，不是 csv 格式。")
        return []
    return [fold(cell).lower() for cell in cells]


def _columns_at_once(lines: list[str], width: int) -> list[list[str]] | None:
    """The columns of plain lines, none of them blank and all of this width; None for anything else."""
    if set(map(str.count, lines, repeat(","))) != {width - 1}:
        return None
    cells = "".join(lines).rstrip("\r\n").replace("\r\n", "\n").replace("\n", ",").split(",")
    columns = [cells[place + width :: width] for place in range(width)]
    return None if "" in columns[0] else columns


def _columns_one_by_one(table: Table, lines: list[str], width: int) -> tuple[list[int], list[list[str]]]:
    """The columns with their row numbers; blank rows are left out, another width is noted."""
    rows: list[int] = []
    body: list[list[str]] = []
    reader = csv.reader(lines, strict=True)
    try:
        for row, record in enumerate(reader, 1):
            if row == 1 or not any(cell.strip() for cell in record):
                continue
            if len(record) == width:
                rows.append(row)
                body.append(record)
            else:
                table.fault(row, f"应有 {width} 列，实有 {len(record)} 列。")
    except csv.Error:
        table.fault(reader.line_num, "引号没有成对，或者换行不对，不是 csv 格式。")
    return rows, [[record[place] for record in body] for place in range(width)]


def _check_header(table: Table, header: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    if table.faults:
        return
    absent = [name for name in required if name not in header]
    if absent:
        found = "，".join(shown(name) for name in header[:12] if name)
        table.fault(1, f"表头缺少 {'、'.join(absent)}；现有：{found or '空'}。各列用英文逗号隔开。")
    for name in dict.fromkeys(header):
        if name in (*required, *optional) and header.count(name) > 1:
            table.fault(1, f"表头里 {name} 出现了 {header.count(name)} 次。")


def _folded(column: list[str]) -> list[str]:
    """The cells folded; at once where there is nothing to fold."""
    joined = "|".join(column)
    if " " not in joined and joined.isprintable() and unicodedata.is_normalized("NFKC", joined):
        return column
    seen = {cell: fold(cell) for cell in set(column)}
    return [seen[cell] for cell in column]
