"""Counts of parked cars out of a csv: rows, and what about them is doubtful, each with its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime

from linli.civic.parking.domain.forecast.records import Counts, Record
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown

COLUMNS = {
    "lot": ("SystemCodeNumber", "lot", "车场"),
    "capacity": ("Capacity", "capacity", "车位数"),
    "occupied": ("Occupancy", "occupied", "停车数"),
    "at": ("LastUpdated", "at", "时间"),
}
MOST_CAPACITY = 1_000_000
MOST_LOTS, MOST_DAYS, MOST_CELLS = 5_000, 3_700, 2_000_000
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)


def read_counts(lines: Iterable[str]) -> Counts:
    """The counts of a csv with the columns of ``COLUMNS``, under any of their names and in any order.

    Refuses a missing column, a cell that is no number or time, a capacity below one, and an empty table,
    naming line and column.
    """
    numbered = enumerate(lines, 1)
    header = next(((number, line) for number, line in numbered if line.strip()), None)
    if header is None:
        raise Invalid("file_empty", "文件是空的。")
    places = _places(_cells(header[1], header[0]))
    found = Counts()
    seen: dict[tuple[str, datetime], tuple[int, int]] = {}
    for number, line in numbered:
        if line.strip():
            _take(found, seen, _record(_cells(line, number), places, number))
    if not found.records:
        raise Invalid("no_rows", "表里只有表头，没有一行记录。")
    _check_size(found.records)
    return found


def _take(found: Counts, seen: dict[tuple[str, datetime], tuple[int, int]], record: Record) -> None:
    found.rows += 1
    if not record.possible:
        found.impossible.append(record.line)
    earlier = seen.setdefault((record.lot, record.at), (record.capacity, record.occupied))
    if len(seen) > len(found.records):
        found.records.append(record)
    elif earlier == (record.capacity, record.occupied):
        found.repeated.append(record.line)
    else:
        found.contradictory.append(record.line)


def _cells(line: str, number: int) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], strict=True), [])
    except csv.Error:
        raise Invalid("broken_row", "第 {line} 行的引号没有成对，读不懂。", line=number) from None


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip() for name in header]
    places = {}
    for column, known in COLUMNS.items():
        here = [place for place, name in enumerate(names) if name in known]
        if not here:
            raise Invalid(
                "missing_column",
                "表头缺少 {column} 这一列（也可以叫 {others}）。",
                column=known[0],
                others="、".join(known[1:]),
            )
        if len(here) > 1:
            raise Invalid("repeated_column", "表头里 {column} 这一列写了两次。", column=names[here[1]])
        places[column] = here[0]
    return places


def _record(cells: list[str], places: dict[str, int], line: int) -> Record:
    if len(cells) <= max(places.values()):
        raise Invalid(
            "short_row",
            "第 {line} 行只有 {got} 格，比表头少。",
            line=line,
            got=len(cells),
        )
    lot = cells[places["lot"]].strip()
    if not lot:
        raise Invalid("no_lot", "第 {line} 行没有写车场。", line=line)
    capacity = _whole(cells[places["capacity"]], "车位数", line)
    if not 1 <= capacity <= MOST_CAPACITY:
        raise Invalid(
            "bad_capacity", "第 {line} 行的车位数 {got} 应在 1 到 1,000,000 之间。", line=line, got=capacity
        )
    return Record(
        line,
        lot,
        capacity,
        _whole(cells[places["occupied"]], "停车数", line),
        _time(cells[places["at"]], line),
    )


def _whole(cell: str, what: str, line: int) -> int:
    text = cell.strip()
    if not _WHOLE.fullmatch(text):
        why = "含全角数字，请改成半角" if re.search("[０-９]", text) else "不是整数"
        told = "".join(character for character in text[:40] if character.isprintable())
        raise Invalid(
            "not_whole", "第 {line} 行的{what}“{text}”{why}。", line=line, what=what, text=told, why=why
        )
    return int(text)


def _time(cell: str, line: int) -> datetime:
    text = cell.strip()
    try:
        if not _TIME.fullmatch(text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "not_a_time",
            "第 {line} 行的时间“{text}”写法不对，应如 2016-11-29 08:30:00。",
            line=line,
            text=shown(text),
        ) from None


def _check_size(records: list[Record]) -> None:
    lots = len({record.lot for record in records})
    first, last = (pick(record.at.date() for record in records) for pick in (min, max))
    days = (last - first).days + 1
    if lots > MOST_LOTS or days > MOST_DAYS or lots * days > MOST_CELLS:
        raise Invalid(
            "too_large",
            "{lots} 个车场、从 {first} 到 {last} 共 {days} 天，太大了，请分开预测。",
            lots=lots,
            first=first.isoformat(),
            last=last.isoformat(),
            days=days,
        )
