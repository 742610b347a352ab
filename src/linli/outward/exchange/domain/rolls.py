"""A roll out of sheets: the heading is found, merged cells are filled, every row is read, faults are gathered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold
from linli.outward.exchange.domain.gathering import Gatherer, Places
from linli.outward.exchange.domain.headings import LOOKED_AT, Columns, find_columns
from linli.outward.exchange.domain.rows import RowReader, prefix_is_entrance
from linli.outward.exchange.domain.tables import Cell, Fault, Row, Sheet
from linli.registry.people.domain.roll import CompoundName, RollHome

_BUILDING_SHEET = re.compile(r"(?:[0-9A-Za-z]+|[一二三四五六七八九十]+)(?:号楼|栋|幢|座|#楼|#)")
SEGMENT = 20_000
"""A compound's homes are handed on when another begins, or when there are this many."""


@dataclass(slots=True)
class Reading:
    """What reading found besides homes: faults and warnings, rows passed over, columns not taken.

    ``label`` stands before the names of the sheets, where several files are read. ``said`` is the compound
    that the rows of a roll name, if they do, with the sheet and row that names it.
    """

    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0
    rows: int = 0
    ignored: list[str] = field(default_factory=list)
    sheets: int = 0
    places: dict[str, Places] = field(default_factory=dict)
    homes: int = 0
    label: str = ""
    said: tuple[CompoundName, str, int] | None = None

    def take_in(self, other: Reading) -> None:
        """Add what was found in another file."""
        self.faults += other.faults
        self.skipped, self.rows = self.skipped + other.skipped, self.rows + other.rows
        self.sheets, self.homes = self.sheets + other.sheets, self.homes + other.homes
        self.ignored += [word for word in other.ignored if word not in self.ignored]
        self.places |= other.places

    def errors(self) -> list[Fault]:
        """What leaves rows out."""
        return [fault for fault in self.faults if not fault.is_warning]

    def warnings(self) -> list[Fault]:
        """What wants a second look."""
        return [fault for fault in self.faults if fault.is_warning]


def read_roll(sheets: Iterable[Sheet], label: str = "") -> tuple[list[RollHome], Reading]:
    """The homes of one compound's roll and everything that is wrong with it.

    Refuses a file without a heading, and one that names several compounds.
    """
    reading = Reading(label=label)
    gatherer = Gatherer(reading.faults, reading.places)
    for reader, rows in _readers(sheets, reading):
        for at, row in rows:
            reading.rows += 1
            found = reader.read(at, row)
            if found:
                _require_one_compound(reading, *found)
                gatherer.add(found[1])
        _close(reader, reading)
        gatherer.blocked |= {code for _, code in reader.blocked}
    homes = gatherer.finish()
    reading.homes = len(homes)
    return homes, reading


def _require_one_compound(reading: Reading, name: CompoundName | None, home: RollHome) -> None:
    if name is None or (reading.said and reading.said[0] == name):
        return
    if reading.said is not None:
        raise Invalid(
            "several_compounds",
            "文件里不止一个小区（「{one}」和「{other}」），这里一次只导入一个小区。请按小区分开再导入。",
            one=reading.said[0].compound,
            other=name.compound,
        )
    reading.said = (name, home.sheet, home.row)


def other_compound(reading: Reading, name: str) -> Iterator[Fault]:
    """A question when the file names another compound than the one that it is imported into."""
    if reading.said and reading.said[0].compound != fold(name):
        told, sheet, row = reading.said
        refusal = Invalid(
            "other_compound",
            "文件里写的小区是「{told}」，现在是导入到「{name}」，请确认没有拿错文件。",
            told=told.compound,
            name=name,
        )
        yield Fault(sheet, row, None, refusal, True)


def read_district(sheets: Iterable[Sheet], reading: Reading) -> Iterator[tuple[CompoundName, list[RollHome]]]:
    """The homes of many compounds, compound by compound as they follow each other in the file.

    A compound whose rows do not stand together comes in several parts; a unit in two parts is a fault.
    """
    parts = _Parts(reading)
    for reader, rows in _readers(sheets, reading):
        if "compound" not in reader.columns.one:
            raise Invalid(
                "compound_column_missing", "全区名册要有“街道、社区、小区”三列，没有找到“小区”一列。"
            )
        for at, row in rows:
            reading.rows += 1
            found = reader.read(at, row)
            if found is None:
                continue
            name, home = found
            assert name is not None
            if name != parts.name or len(parts.gatherer.homes) >= SEGMENT:
                if parts.name is not None:
                    yield parts.name, parts.finish(reader)
                parts.begin(name)
            parts.gatherer.add(home)
        if parts.name is not None:
            yield parts.name, parts.finish(reader)
            parts.name = None
        _close(reader, reading)


class _Parts:
    """The part of a district's roll that is being gathered, and the units of the parts before."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.name: CompoundName | None = None
        self.seen: set[CompoundName] = set()
        self.units: set[int] = set()
        self.begin(None)

    def begin(self, name: CompoundName | None) -> None:
        self.name = name
        self.gatherer = Gatherer(self.reading.faults, self.reading.places)

    def finish(self, reader: RowReader) -> list[RollHome]:
        """The homes of this part; those that an earlier part of the compound has already are faults."""
        name = self.name
        self.gatherer.blocked |= {code for key, code in reader.blocked if key == name}
        homes = self.gatherer.finish()
        marks = [hash((name, home.code)) for home in homes]
        if name in self.seen:
            kept = []
            for home, mark in zip(homes, marks, strict=True):
                if mark in self.units:
                    column = self.reading.places[home.sheet].number
                    refusal = Invalid(
                        "unit_in_two_parts",
                        "{unit} 前面已经有了；请把同一小区的行排在一起再导入。",
                        unit=home.code,
                    )
                    self.reading.faults.append(Fault(home.sheet, home.row, column, refusal))
                else:
                    kept.append(home)
            homes = kept
        self.reading.homes += len(homes)
        self.units.update(marks)
        if name is not None:
            self.seen.add(name)
        return homes


def _readers(
    sheets: Iterable[Sheet], reading: Reading
) -> Iterator[tuple[RowReader, Iterator[tuple[int, Row]]]]:
    """A reader for every sheet that has a heading, with its rows after it."""
    without: list[str] = []
    for sheet in sheets:
        stream = iter(_filled(sheet))
        head = list(islice(stream, LOOKED_AT + 10))
        if not any(cell not in (None, "") for row in head for cell in row):
            continue
        columns = find_columns(head)
        if columns is None:
            without.append(sheet.name)
            continue
        reading.sheets += 1
        reading.ignored += [word for word in columns.ignored.values() if word not in reading.ignored]
        called = f"{reading.label} {sheet.name}" if reading.label else sheet.name
        reading.places[called] = _places(columns)
        default = _building_of(sheet.name, columns)
        below = head[columns.last_row + 1 :]
        reader = RowReader(
            called, columns, reading.faults, default_building=default,
            prefix_is_entrance=prefix_is_entrance(below, columns, default),
        )  # fmt: skip
        for at, word in columns.twice.items():
            reader.warn(
                columns.last_row,
                at,
                Invalid("heading_twice", "“{word}”这一列重复，用了前面那一列。", word=word),
            )
        yield reader, enumerate(chain(below, stream), columns.last_row + 1)
    _require_some(reading, without)


def _require_some(reading: Reading, without: Sequence[str]) -> None:
    if not reading.sheets and not without:
        raise Invalid("roll_empty", "文件里没有内容。")
    if not reading.sheets:
        raise Invalid(
            "heading_missing",
            "「{sheet}」没有认出表头。表头要有“房号”（或“房屋”），以及楼栋、建筑面积、业主、电话中的几列。",
            sheet=without[0],
        )
    for name in without:
        refusal = Invalid("sheet_without_heading", "这张表没有认出表头，没有读。")
        called = f"{reading.label} {name}" if reading.label else name
        reading.faults.append(Fault(called, None, None, refusal, True))


def _close(reader: RowReader, reading: Reading) -> None:
    reader.close()
    reading.skipped += reader.skipped


def _places(columns: Columns) -> Places:
    number = columns.column("number")
    return Places(
        number=number if number is not None else columns.column("address"),
        area=columns.column("area"),
        owner=columns.column("owner"),
        phone=columns.column("phone"),
        document=columns.column("document"),
    )


def _building_of(name: str, columns: Columns) -> str:
    """A sheet called 3号楼 tells the building where no column does."""
    word = fold(name).replace(" ", "")
    known = "building" in columns.one or "address" in columns.one
    return word if not known and _BUILDING_SHEET.fullmatch(word) else ""


def _filled(sheet: Sheet) -> Iterable[Row]:
    """The rows with merged cells filled downwards: whatever stands in the first holds for all of them."""
    tall = [area for area in sheet.merged if area[1][0] > area[0][0]]
    if not tall:
        return sheet.rows
    rows: list[list[Cell]] = [list(row) for row in sheet.rows]
    for (top, left), (bottom, _) in tall:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row):
                row[left] = rows[top][left]
    return rows
