"""One row of a roll: which door, whose, how large; everything that is wrong with it, by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold
from linli.outward.exchange.domain import values
from linli.outward.exchange.domain.asides import is_aside, is_blank
from linli.outward.exchange.domain.headings import Columns
from linli.outward.exchange.domain.owners import Name, read_names
from linli.outward.exchange.domain.tables import Cell, Fault, Row, cell_name
from linli.registry.people.domain.roll import CompoundName, RollHome, RollOwner
from linli.registry.places.domain.addresses import Door, read_door, unit_code
from linli.registry.places.domain.doors import Building, read_building, read_entrance


class RowReader:
    """Reads the rows of one sheet under its heading; what is wrong goes to ``faults``.

    ``blocked`` holds the doors of which a row was wrong: an owner group is taken whole or not at all.
    """

    def __init__(
        self,
        sheet: str,
        columns: Columns,
        faults: list[Fault],
        *,
        default_building: str = "",
        prefix_is_entrance: bool = False,
    ) -> None:
        self.sheet, self.columns, self.faults = sheet, columns, faults
        self.blocked: set[tuple[CompoundName | None, str]] = set()
        self.skipped = 0
        one, several = columns.one, columns.several
        self._place = [one.get(name) for name in ("subdistrict", "community", "compound")]
        self._building, self._entrance = one.get("building"), one.get("entrance")
        self._number, self._address = one.get("number"), one.get("address")
        self._values = tuple(
            (place, values.READERS[name], one[name])
            for place, name in enumerate(values.READERS)
            if name in one
        )
        owners, phones, documents = (several.get(name, []) for name in ("owner", "phone", "document"))
        self._groups = _paired(owners, phones, documents)
        told = [self._building, self._entrance, self._number, self._address, *owners[:1], 0, 1]
        self.width = max(*one.values(), *owners, *phones, *documents, *columns.ignored) + 1
        self._told = tuple(dict.fromkeys(at for at in told if at is not None and at < self.width))
        self._prefix_is_entrance = prefix_is_entrance
        self._default = read_building(default_building) if default_building else None
        self._last: tuple[Cell, Cell] = (None, None)
        self._last_texts = ("", "")
        self._last_place: tuple[tuple[Cell, ...], CompoundName | None] = ((), None)
        self._filled: list[str] = []
        self._bad = False

    def read(self, at: int, row: Row) -> tuple[CompoundName | None, RollHome] | None:
        """The home in a row and the compound it names; None for a row that says nothing or is wrong."""
        if len(row) < self.width:
            row = [*row, *[None] * (self.width - len(row))]
        if self._says_nothing(row):
            return None
        self._bad = False
        place = self._compound(at, row)
        door = self._door(at, row)
        kind, area, source, area_on, delivered, since = self._told_values(at, row)
        owners = self._owners(at, row)
        if door is None:
            return None
        building, entrance, number = door
        if kind is None and not number[0].isascii():
            kind = _guessed(number)
        if area is not None and kind in (None, "home"):
            self._attempt(values.check_home_area, area, at, self.columns.one["area"])
        code = self._code(at, door)
        if self._bad or code is None:
            if code is not None:
                self.blocked.add((place, code))
            return None
        named = building or Building("", "")
        home = RollHome(
            code, named.code, named.name, entrance or "", number, kind, area, source, area_on, delivered, since,
            owners, self.sheet, at,
        )  # fmt: skip
        return place, home

    def close(self) -> None:
        """Tell what concerns the whole sheet."""
        if self._filled:
            refusal = Invalid(
                "filled_down",
                "楼栋、单元有 {count} 格是空的，已按上一行补上（从 {first} 起），请留意是不是这样。",
                count=len(self._filled),
                first=self._filled[0],
            )
            self.faults.append(Fault(self.sheet, None, None, refusal, True))

    def fault(self, at: int, column: int | None, refusal: Invalid) -> None:
        """Note that a cell is wrong; its row is left out."""
        self._bad = True
        self.faults.append(Fault(self.sheet, at, column, refusal))

    def warn(self, at: int, column: int | None, refusal: Invalid) -> None:
        """Note what wants a second look."""
        self.faults.append(Fault(self.sheet, at, column, refusal, True))

    def _says_nothing(self, row: Row) -> bool:
        """Blank rows, subtotals, headings again and remarks between the rows."""
        door = row[self._number] if self._number is not None else None
        if door in (None, "") and self._address is not None:
            door = row[self._address]
        if not is_aside(row, door, self._told):
            return False
        self.skipped += not is_blank(row)
        return True

    def _compound(self, at: int, row: Row) -> CompoundName | None:
        if self._place[2] is None:
            return None
        cells = tuple(row[column] if column is not None else None for column in self._place)
        if cells == self._last_place[0]:
            return self._last_place[1]
        words = [fold(values.text_of(cell)) for cell in cells]
        place = CompoundName(*words)
        if not place.compound:
            self.fault(at, self._place[2], Invalid("compound_missing", "没有写小区名称。"))
            return None
        self._last_place, self._last = (cells, place), (None, None)
        return place

    def _door(self, at: int, row: Row) -> Door | None:
        building, entrance = self._beside(at, row)
        column = (
            self._number
            if self._number is not None and not values.is_nothing(row[self._number])
            else self._address
        )
        cell = row[column] if column is not None else None
        if column is None or values.is_nothing(cell):
            self.fault(at, self._number if self._number is not None else self._address,
                       Invalid("number_missing", "这一行没有房号，请补上；不是房屋就删掉这一行。"))  # fmt: skip
            return None
        door = self._attempt(read_door, values.text_of(cell), at, column)
        if door is None:
            return None
        known = self._attempt(read_building, building, at, self._building) if building else self._default
        stairs = self._attempt(read_entrance, entrance, at, self._entrance) if entrance else None
        if self._prefix_is_entrance and known and door.building and not door.entrance:
            door = Door(known, door.building.code, door.number)
        if known and door.building and known.code != door.building.code:
            self.fault(at, column, _other_building(by_column=bool(building)))
            return None
        if stairs and door.entrance and stairs != door.entrance:
            self.fault(at, column, Invalid("door_contradicts", "房号里的单元和单元一列对不上，请核对。"))
            return None
        if self._bad:
            return None
        return Door(door.building or known, door.entrance or stairs, door.number)

    def _beside(self, at: int, row: Row) -> tuple[str, str]:
        """Building and entrance from their columns; blanks below one another are filled from above."""
        building = row[self._building] if self._building is not None else None
        entrance = row[self._entrance] if self._entrance is not None else None
        if building and (building, entrance) == self._last and type(building) is type(entrance) is str:
            return self._last_texts
        empty = (values.is_nothing(building), values.is_nothing(entrance))
        last_building, last_entrance = self._last
        if empty[0] and self._building is not None and last_building is not None:
            building = last_building
            self._filled.append(cell_name(at, self._building))
        if (
            empty[1]
            and self._entrance is not None
            and (empty[0] or self._building is None)
            and last_entrance is not None
        ):
            entrance = last_entrance
            self._filled.append(cell_name(at, self._entrance))
        elif empty[1]:
            entrance = None
        if empty[0] and building is not last_building:
            building = None
        self._last = (building, entrance)
        self._last_texts = (values.text_of(building), values.text_of(entrance))
        return self._last_texts

    def _told_values(self, at: int, row: Row) -> list[Any]:
        """Kind, area, source of the area and its day, delivery, registration; None where nothing is told."""
        told: list[Any] = [None] * len(values.READERS)
        for place, reader, column in self._values:
            cell = row[column]
            if cell is None or cell == "":
                continue
            try:
                told[place] = reader(cell)
            except Invalid as refusal:
                self.fault(at, column, refusal)
        return told

    def _code(self, at: int, door: Door) -> str | None:
        try:
            return unit_code(*door)
        except Invalid as refusal:
            self.fault(at, self._number if self._number is not None else self._address, refusal)
            return None

    def _attempt(self, reader: Callable[[Any], Any], value: Any, at: int, column: int | None) -> Any:
        try:
            return reader(value)
        except Invalid as refusal:
            self.fault(at, column, refusal)
            return None

    def _owners(self, at: int, row: Row) -> tuple[RollOwner, ...]:
        owners: tuple[RollOwner, ...] = ()
        for group in self._groups:
            owners += self._group(at, row, *group)
        return owners

    def _group(
        self, at: int, row: Row, owners: Sequence[int], phones: Sequence[int], documents: Sequence[int]
    ) -> tuple[RollOwner, ...]:
        names: list[Name] = []
        for column in owners:
            cell = row[column]
            if cell is None or cell == "":
                continue
            read = self._attempt(read_names, values.text_of(cell), at, column)
            if read is None:
                return ()
            names += read.names
            for remark in read.remarks:
                self.warn(at, column, Invalid("remark_cut", "姓名后面的“{text}”没有录入。", text=remark[:20]))
        numbers = [phone for column in phones for phone in self._phones(at, row, column)]
        company = any(name.kind == "organisation" for name in names)
        papers = [paper for column in documents for paper in self._documents(at, row, column, company)]
        if len(names) == 1 and len(numbers) <= 1 and not papers:
            name = names[0]
            return (RollOwner(name.name, name.key, name.kind, numbers[0] if numbers else "", ""),)
        self._check_counts(at, len(names), (numbers, phones), (papers, documents))
        return tuple(
            RollOwner(
                name.name, name.key, name.kind, numbers[place] if place < len(numbers) else "",
                papers[place] if place < len(papers) else "",
            )
            for place, name in enumerate(names)
        )  # fmt: skip

    def _phones(self, at: int, row: Row, column: int) -> list[str]:
        cell = row[column]
        if cell is None or cell == "":
            return []
        try:
            return values.read_phones(cell)
        except Invalid as refusal:
            self.fault(at, column, refusal)
        except values.Landline:
            self.warn(at, column, Invalid("landline", "这是固定电话，收不到短信，没有录入；有手机号请补上。"))
        return []

    def _documents(self, at: int, row: Row, column: int, company: bool) -> list[str]:
        cell = row[column]
        if cell is None or cell == "" or values.is_nothing(cell):
            return []
        try:
            return values.read_documents(cell, company=company)
        except Invalid as refusal:
            self.fault(at, column, refusal)
        return []

    def _check_counts(
        self,
        at: int,
        names: int,
        told_phones: tuple[list[str], Sequence[int]],
        told_documents: tuple[list[str], Sequence[int]],
    ) -> None:
        (numbers, phones), (papers, documents) = told_phones, told_documents
        if len(numbers) > names:
            self.warn(
                at,
                phones[0],
                Invalid(
                    "phones_left_over",
                    "电话比业主多 {count} 个，多出的没有录入。",
                    count=len(numbers) - names,
                ),
            )
        if papers and len(papers) != names:
            refusal = Invalid(
                "documents_do_not_fit", "业主有 {names} 位，证件号有 {count} 个，分不清谁是谁的。",
                names=names, count=len(papers),
            )  # fmt: skip
            self.fault(at, documents[0], refusal)


def _other_building(by_column: bool) -> Invalid:
    if by_column:
        return Invalid("door_contradicts", "房号里的楼栋和楼栋一列对不上，请核对。")
    return Invalid("door_contradicts", "房号里的楼栋和表名对不上，请核对。")


def _paired(
    owners: list[int], phones: list[int], documents: list[int]
) -> tuple[tuple[Sequence[int], Sequence[int], Sequence[int]], ...]:
    """Which phones and documents belong to which owners: column by column where the numbers fit."""
    several = len(owners) > 1 and len(phones) in (0, len(owners)) and len(documents) in (0, len(owners))
    if not several:
        return ((owners, phones, documents),)
    return tuple(
        ([owner], phones[place : place + 1], documents[place : place + 1])
        for place, owner in enumerate(owners)
    )


def _guessed(number: str) -> str | None:
    words = (
        ("车库", "garage"),
        ("车位", "garage"),
        ("地下车", "garage"),
        ("商铺", "shop"),
        ("网点", "shop"),
        ("储藏", "storage"),
    )
    return next((kind for word, kind in words if number.startswith(word)), None)


def prefix_is_entrance(rows: Sequence[Row], columns: Columns, default_building: str) -> bool:
    """Whether 2-501 means entrance 2: beside a building that is told elsewhere and is sometimes another."""
    at = columns.one.get("number", columns.one.get("address"))
    beside = columns.one.get("building")
    if at is None or (beside is None and not default_building):
        return False
    building: str = default_building
    for row in rows:
        told = row[beside] if beside is not None and beside < len(row) else None
        building = building if values.is_nothing(told) else values.text_of(told)
        if at >= len(row) or values.is_nothing(row[at]) or not building:
            continue
        try:
            door = read_door(values.text_of(row[at]))
            if door.building and not door.entrance and door.building.code != read_building(building).code:
                return True
        except Invalid:
            continue
    return False
