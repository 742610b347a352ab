"""True faults planted into a messy sample: each in one cell, under the code by which the import names it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from linli.outward.exchange.domain.sample_homes import Home, person
from linli.outward.exchange.domain.sample_writing import Line
from linli.outward.exchange.domain.tables import Cell, cell_name


class Planted(NamedTuple):
    """A true fault: sheet, row and column from 0, the import's code for it, and what was done, in words."""

    sheet: str
    row: int
    column: int
    kind: str
    what: str

    @property
    def cell(self) -> str:
        """The place as spreadsheets call it."""
        return cell_name(self.row, self.column)


class Flaw(NamedTuple):
    """What is wrong with one line: the import's code, the field, and what was done."""

    kind: str
    field: str
    what: str


@dataclass(slots=True)
class Draft:
    """One line on its way to a row: the home it tells of, how, and its flaw if it has one."""

    home: Home
    line: Line
    flaw: Flaw | None = None
    is_good: bool = True


class Way(NamedTuple):
    """One way to spoil a cell: the code, the field, which homes it fits, what is written, and its words."""

    kind: str
    field: str
    fits: Callable[[Home], bool]
    write: Callable[[Home, Random], Cell]
    words: str


def _any(_home: Home) -> bool:
    return True


def _is_home(home: Home) -> bool:
    return home.kind == "home"


def _natural(home: Home) -> bool:
    return all(owner.document for owner in home.owners)


def _with_phone(home: Home) -> bool:
    return bool(_phone(home))


def _one_natural(home: Home) -> bool:
    return _natural(home) and len(home.owners) == 1 and _with_phone(home)


def _two_natural(home: Home) -> bool:
    return _natural(home) and len(home.owners) > 1


def _people(count: int, chance: Random) -> str:
    names: dict[str, None] = {}
    while len(names) < count:
        names[person(chance).name] = None
    return "、".join(names)


def _next_check(document: str) -> str:
    marks = "10X98765432"
    return document[:17] + marks[(marks.index(document[17]) + 1) % 11]


def _phone(home: Home) -> str:
    return home.owners[0].phone


def _document(home: Home) -> str:
    return home.owners[0].document


def _covered_phone(home: Home, _: Random) -> str:
    return f"{_phone(home)[:3]}****{_phone(home)[7:]}"


def _covered_document(home: Home, _: Random) -> str:
    return f"{_document(home)[:6]}********{_document(home)[14:]}"


def _other_door(home: Home, _: Random) -> str:
    return f"{home.building + 90}-{home.entrance}-{home.number}"


WAYS: tuple[Way, ...] = (
    Way("not_a_number", "area", _any, lambda _, chance: chance.choice(("八十九", "约90", "见房本")), "面积不是数字"),
    Way("area_not_positive", "area", _any, lambda home, chance: chance.choice((0, -home.area_dm2 / 100)), "面积不大于零"),
    Way("area_unlikely", "area", _is_home, lambda home, _: home.area_dm2 * 1.0, "面积丢了小数点"),
    Way("phone_lost_digits", "phone", _with_phone, lambda home, _: f"1.{_phone(home)[1:3]}E+10", "电话成了科学记数，末几位丢了"),
    Way("phone_covered", "phone", _with_phone, _covered_phone, "电话中间被遮住"),
    Way("phone_wrong", "phone", _with_phone, lambda home, _: _phone(home)[:10], "电话少一位"),
    Way("document_wrong", "document", _one_natural, lambda home, _: _next_check(_document(home)), "身份证号校验位不符"),
    Way("document_lost_digits", "document", _one_natural, lambda home, _: float(_document(home)[:15] + "000"), "身份证号成了数字"),
    Way("document_covered", "document", _one_natural, _covered_document, "身份证号中间被遮住"),
    Way("documents_do_not_fit", "document", _two_natural, lambda home, _: _document(home), "几位业主只有一个证件号"),
    Way("day_impossible", "delivered_on", _any, lambda home, _: f"{home.delivered_on.year}-02-30", "没有这一天"),
    Way("day_unreadable", "delivered_on", _any, lambda home, _: f"{home.delivered_on.year}年底", "日期没有写全"),
    Way("day_unlikely", "delivered_on", _any, lambda home, _: f"{home.delivered_on.year + 190}-06-01", "年份不可能"),
    Way("number_missing", "door", _any, lambda _, chance: chance.choice(("", None, "无")), "没有房号"),
    Way("number_unreadable", "door", _any, lambda _, chance: chance.choice(("待定", "?", "东户")), "房号认不出来"),
    Way("door_contradicts", "number", _any, _other_door, "房号里的楼栋和楼栋一列不同"),
    Way("building_unreadable", "building", _any, lambda home, _: f"{home.building}@", "楼栋认不出来"),
    Way("entrance_unreadable", "entrance", _any, lambda home, _: f"{home.entrance}?单元", "单元认不出来"),
    Way("owners_not_named", "owner", _any, lambda home, _: f"{home.owners[0].name}等3人", "共有人没有写全"),
    Way("name_with_digits", "owner", _with_phone, lambda home, _: _phone(home), "姓名一格写了电话"),
    Way("name_too_long", "owner", _any, lambda home, _: (home.owners[0].name * 30)[:41], "姓名太长"),
    Way("too_many_owners", "owner", _any, lambda _, chance: _people(21, chance), "共有人超过 20 位"),
    Way("kind_unknown", "kind", _any, lambda _, chance: chance.choice(("待核实", "甲类", "见图纸")), "类型认不出来"),
    Way("source_unknown", "area_source", _any, lambda _, chance: chance.choice(("听说", "老账本")), "面积来源认不出来"),
    Way("compound_missing", "compound", _any, lambda _, chance: chance.choice(("", " ")), "没有写小区"),
)  # fmt: skip
"""Every way to spoil one cell."""


def plant(drafts: list[Draft], fields: Sequence[str], chance: Random) -> list[Draft]:
    """Spoil lines of a sheet with these fields, every way that it has room for; at most one line in four.

    Returns the lines to be put behind them: second rows that contradict a first.
    """
    door = "address" if "address" in fields else "number"
    ways = [way for way in WAYS if way.field in fields or way.field == "door"]
    free = chance.sample(range(len(drafts)), len(drafts))
    most, times = len(drafts) // 4, 1 + len(drafts) // 1500
    chance.shuffle(ways)
    for way in (ways * times)[:most]:
        place = _take(free, drafts, way.fits)
        if place is None:
            continue
        draft, field = drafts[place], door if way.field == "door" else way.field
        draft.line[field] = way.write(draft.home, chance)
        draft.flaw, draft.is_good = Flaw(way.kind, field, way.words), False
    if most <= len(ways):
        return []
    behind = [again for _ in range(times) for again in _second_rows(drafts, free, fields, chance)]
    if "document" in fields:
        _share_document(drafts, free)
    return behind


def _take(free: list[int], drafts: Sequence[Draft], fits: Callable[[Home], bool]) -> int | None:
    place = next((place for place in free if fits(drafts[place].home)), None)
    if place is not None:
        free.remove(place)
    return place


def _second_rows(
    drafts: Sequence[Draft], free: list[int], fields: Sequence[str], chance: Random
) -> list[Draft]:
    """A home told twice with two areas, and an owner told twice with two numbers: neither row goes in."""
    made = []
    area, phone = _take(free, drafts, _any), _take(free, drafts, _one_natural)
    if area is not None:
        first = drafts[area]
        again = first.line | {"area": (first.home.area_dm2 + 100) / 100}
        made.append(Draft(first.home, again, Flaw("unit_contradicts", "area", "同一户写了两个面积"), False))
        first.is_good = False
    if phone is not None and "phone" in fields:
        first = drafts[phone]
        number = f"139{chance.randrange(10**8):08}"
        again = first.line | {"phone": number}
        made.append(
            Draft(first.home, again, Flaw("owner_contradicts", "owner", "同一位业主写了两个电话"), False)
        )
        first.is_good = False
    return made


def _share_document(drafts: Sequence[Draft], free: list[int]) -> None:
    """One document under two names: the later row is told, both stay out."""
    one = _take(free, drafts, _one_natural)
    if one is None:
        return
    name = drafts[one].home.owners[0].name
    other = _take(free, drafts, lambda home: _one_natural(home) and home.owners[0].name != name)
    if other is None:
        return
    first, second = drafts[min(one, other)], drafts[max(one, other)]
    first.line["document"] = second.line["document"] = _document(first.home)
    second.flaw = Flaw("document_of_two", "document", "同一个证件号写在两个姓名下")
    first.is_good = second.is_good = False
