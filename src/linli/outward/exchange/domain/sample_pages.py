"""Sheets of a messy sample: titles, merged cells, subtotals, repeated headings and rows, remarks between rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from linli.outward.exchange.domain.sample_faults import Draft, Planted, plant
from linli.outward.exchange.domain.sample_homes import Home
from linli.outward.exchange.domain.sample_writing import HEADINGS, Line, draw_hand, messy_line
from linli.outward.exchange.domain.tables import Cell, Merged

_GROUPS = {"building": "房屋信息", "owner": "产权人信息"}
_LABELLED = ("order", "building", "entrance", "address")
_BETWEEN_ROWS = ("以下为二期", "—— 续下页 ——", "此栋底层为商铺")


@dataclass(slots=True)
class Page:
    """One sheet that grows row by row; ``first`` is the number of its first row, counted from 0."""

    name: str
    fields: Sequence[str]
    first: int = 0
    is_hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """Which of the rows, counted from 0, tell of a home."""
    merged: list[Merged] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    good: list[Home] = field(default_factory=list)

    def put(self, *cells: Cell) -> int:
        """A row as it is, filled up with blanks; returns its number."""
        self.rows.append([*cells, *[""] * (len(self.fields) - len(cells))])
        return self.first + len(self.rows) - 1

    def put_at(self, told: Line) -> int:
        """A row with something under some of the fields."""
        return self.put(*[told.get(name, "") for name in self.fields])

    def titles(self, compound: str, chance: Random) -> None:
        """What stands above the heading: a title over all columns, who made it, perhaps a blank row."""
        at = self.put(f"{compound}业主名册")
        self.merged.append(((at, 0), (at, len(self.fields) - 1)))
        self.put(*["制表：物业服务中心", "", "2026年3月", "单位：㎡"][: len(self.fields)])
        if chance.random() < 0.5:
            self.put()

    def heading(self, words: Line, *, grouped: bool) -> None:
        """The heading; ``grouped`` puts a row of group headings over it."""
        if grouped:
            self.put_at({name: word for name, word in _GROUPS.items() if name in self.fields})
        self.put_at(words)


def draw_heading(fields: Sequence[str], chance: Random) -> Line:
    """One of the names that each column has."""
    return {name: chance.choice(HEADINGS[name]) for name in fields}


def fill(page: Page, homes: Sequence[Home], words: Line, place: Line, chance: Random) -> None:
    """Write homes into a page: some lines spoilt, some told twice, building by building with subtotals.

    ``words`` is the heading, which comes again now and then; ``place`` stands in every row.
    """
    hand, printed = draw_hand(chance), chance.random() < 0.6
    drafts = [Draft(home, messy_line(home, hand, chance) | place) for home in homes]
    behind = plant(drafts, page.fields, chance)
    drafts = list(_retold(drafts, page.fields, chance))
    order = 0
    for _, group in groupby([*drafts, *behind], key=lambda draft: draft.home.building):
        mine = list(group)
        for draft in mine:
            order += 1
            page.lines.append(len(page.rows))
            at = page.put_at(draft.line | {"order": order})
            if draft.flaw:
                column = list(page.fields).index(draft.flaw.field)
                page.planted.append(Planted(page.name, at, column, draft.flaw.kind, draft.flaw.what))
            if printed and order % 45 == 0:
                page.put_at(words)
        _close_building(page, mine, chance)
    page.good += dict.fromkeys(draft.home for draft in drafts if draft.is_good)


def _retold(drafts: Iterable[Draft], fields: Sequence[str], chance: Random) -> Iterator[Draft]:
    """Some homes stand there twice, and some co-owners on a row of their own."""
    for draft in drafts:
        drawn = chance.random()
        if not draft.is_good or drawn > 0.03 or "phone" not in fields:
            yield draft
        elif drawn < 0.015:
            yield draft
            yield Draft(draft.home, dict(draft.line))
        elif len(draft.home.owners) == 2:
            for owner in draft.home.owners:
                told: Line = {"owner": owner.name, "phone": owner.phone, "document": ""}
                yield Draft(draft.home, draft.line | told)
        else:
            yield draft


def _close_building(page: Page, drafts: Sequence[Draft], chance: Random) -> None:
    drawn = chance.random()
    if drawn < 0.5:
        label = chance.choice(("小计", "小 计", "本栋小计", f"{drafts[0].home.building}号楼合计："))
        under = chance.choice([name for name in page.fields if name in _LABELLED])
        total = sum(draft.home.area_dm2 for draft in drafts) / 100
        page.put_at({under: label, "area": total})
    if drawn < 0.3:
        page.put()
    if 0.4 < drawn < 0.6:
        page.put(chance.choice(_BETWEEN_ROWS))


def close(page: Page, homes: Sequence[Home]) -> None:
    """The total, and who signed."""
    page.put_at({page.fields[0]: "合计", "area": sum(home.area_dm2 for home in homes) / 100})
    page.put()
    page.put("制表人：方宁", "", "审核：陶知", "日期：2026.3.16")
    page.put("注：面积以不动产登记簿为准。")


def draw_together(page: Page, *, merge: bool) -> None:
    """Buildings and entrances that follow each other stand there once: merged, or blank below as in a csv."""
    if "building" not in page.fields:
        return
    building, entrance = page.fields.index("building"), page.fields.index("entrance")
    for columns in ((building, entrance), (building,)):
        start = 0
        for at in range(1, len(page.lines) + 1):
            if at == len(page.lines) or not _follows(page, at, columns):
                _one_run(page, page.lines[start:at], columns[-1], merge)
                start = at


def _follows(page: Page, at: int, columns: Sequence[int]) -> bool:
    """Whether a line stands right under the one before it and says the same in these columns."""
    above, here = page.lines[at - 1], page.lines[at]
    same = all(page.rows[above][column] == page.rows[here][column] for column in columns)
    return here == above + 1 and same


def _one_run(page: Page, run: Sequence[int], column: int, merge: bool) -> None:
    said = page.rows[run[0]][column]
    if len(run) < 2 or said == "":
        return
    for at in run[1:]:
        page.rows[at][column] = ""
    if merge:
        page.merged.append(((run[0], column), (run[-1], column)))
