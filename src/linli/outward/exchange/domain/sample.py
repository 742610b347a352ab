"""A sample roll: invented homes as workbooks and csv files of property companies hold them, tidy or messy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from linli.outward.exchange.domain import sample_pages as pages
from linli.outward.exchange.domain.sample_faults import Planted
from linli.outward.exchange.domain.sample_homes import Compound, Home
from linli.outward.exchange.domain.sample_pages import Page
from linli.outward.exchange.domain.sample_writing import (
    ADDRESS,
    COLUMNS,
    ONE_BUILDING,
    TIDY,
    Line,
    tidy_line,
)
from linli.outward.exchange.domain.tables import Row
from linli.registry.people.domain.roll import CompoundName

PLACE = ("subdistrict", "community", "compound")
_INSIDE = tuple(name for name in TIDY if name not in PLACE)


@dataclass(frozen=True, slots=True)
class Book:
    """One compound's workbook: its sheets, what is planted in them, and the homes that are told without a flaw."""

    compound: CompoundName
    pages: Sequence[Page]

    @property
    def planted(self) -> list[Planted]:
        """The true faults of all sheets."""
        return [one for page in self.pages for one in page.planted]

    @property
    def good(self) -> list[Home]:
        """The homes that must go in."""
        return [home for page in self.pages for home in page.good]


@dataclass(slots=True)
class DistrictRoll:
    """A district's roll as a stream of rows; the lists are full when the rows were taken."""

    name: str
    rows: Iterator[Row]
    planted: list[Planted] = field(default_factory=list)
    good: list[tuple[CompoundName, Home]] = field(default_factory=list)


def tidy_book(compound: Compound) -> Book:
    """One sheet with a heading, one row a home."""
    page = Page("业主名册", _INSIDE)
    page.put_at({name: TIDY[name] for name in _INSIDE})
    for home in compound.homes:
        page.put_at(tidy_line(home))
    page.good += compound.homes
    return Book(compound.name, [page])


def messy_book(compound: Compound, chance: Random) -> Book:
    """Several sheets, each by another hand: by columns, by address, one a building; a remark, a hidden one."""
    buildings = [list(group) for _, group in groupby(compound.homes, key=lambda home: home.building)]
    apart = min(2, len(buildings) // 4)
    first = len(buildings) - apart if apart == 0 else 1 + (len(buildings) - apart) * 3 // 5
    parts = (buildings[:first], buildings[first : len(buildings) - apart])
    fields = (COLUMNS, ADDRESS) if apart or chance.random() < 0.5 else (ADDRESS, COLUMNS)
    made = [
        _messy_page(compound, name, mine, chosen, chance)
        for name, mine, chosen in zip(("业主名册", "二期"), parts, fields, strict=True)
        if mine
    ]
    for mine in buildings[len(buildings) - apart :]:
        made.append(_messy_page(compound, f"{mine[0].building}号楼", [mine], ONE_BUILDING, chance))
    return Book(compound.name, [*made, _remark_page(), _hidden_page(made[0])])


def _messy_page(
    compound: Compound, name: str, buildings: Iterable[Sequence[Home]], fields: Sequence[str], chance: Random
) -> Page:
    homes = [home for building in buildings for home in building]
    page, words = Page(name, fields), pages.draw_heading(fields, chance)
    page.titles(compound.name.compound, chance)
    page.heading(words, grouped=chance.random() < 0.5)
    pages.fill(page, homes, words, {}, chance)
    pages.close(page, homes)
    pages.draw_together(page, merge=True)
    return page


def _remark_page() -> Page:
    page = Page("说明", ("order",))
    page.put("本册由物业服务中心整理。")
    page.put("有出入的，以业主本人核对为准。")
    return page


def _hidden_page(page: Page) -> Page:
    """An old version that somebody hid: the first rows again, without what is wrong in them."""
    return Page("旧名册", page.fields, is_hidden=True, rows=[list(row) for row in page.rows[:12]])


def tidy_district(compounds: Iterable[Compound]) -> DistrictRoll:
    """All compounds under one heading, with their street and community."""
    roll = DistrictRoll("全区", iter(()))
    roll.rows = _tidy_rows(compounds)
    return roll


def _tidy_rows(compounds: Iterable[Compound]) -> Iterator[Row]:
    yield list(TIDY.values())
    for compound in compounds:
        for home in compound.homes:
            line = tidy_line(home)
            yield [*compound.name, *[line[name] for name in _INSIDE]]


def messy_district(compounds: Iterable[Compound], chance: Random) -> DistrictRoll:
    """All compounds under one messy heading, by one hand after the other."""
    roll = DistrictRoll("全区", iter(()))
    roll.rows = _messy_rows(compounds, roll, chance)
    return roll


def _messy_rows(compounds: Iterable[Compound], roll: DistrictRoll, chance: Random) -> Iterator[Row]:
    fields = (*PLACE, *(COLUMNS if chance.random() < 0.6 else ADDRESS))
    words = pages.draw_heading(fields, chance)
    at = 0
    for compound in compounds:
        page = Page(roll.name, fields, first=at)
        if at == 0:
            page.titles("全区", chance)
            page.heading(words, grouped=False)
        place: Line = dict(zip(PLACE, compound.name, strict=True))
        pages.fill(page, compound.homes, words, place, chance)
        pages.close(page, compound.homes)
        pages.draw_together(page, merge=False)
        yield from page.rows
        at += len(page.rows)
        roll.planted += page.planted
        roll.good += [(compound.name, home) for home in page.good]
