"""Rows between the homes that tell of none: subtotals, headings again, who signed, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from linli.ground.kernel.text import fold
from linli.outward.exchange.domain.headings import heading_of, is_heading_again
from linli.outward.exchange.domain.tables import Cell, Row

_SUBTOTAL = re.compile(r".{0,12}(?:小计|合计|总计|共计|累计)[:：]?.{0,20}")
_SIGNED = re.compile(
    r"(?:制表|填表|制单|填报|编制|审核|复核|审批|经办|负责|录入|统计|打印|日期|时间|单位|联系|备注|说明|注|第.{1,4}页)"
    r"[^:]{0,6}:.{0,60}"
)


def is_subtotal(cell: Cell) -> bool:
    """Whether a cell says 小计, 合 计, 3号楼合计：."""
    if type(cell) is not str or "计" not in cell:
        return False
    return _SUBTOTAL.fullmatch(fold(cell).replace(" ", "")) is not None


def is_signed(row: Row) -> bool:
    """Whether everything in a row is of the kind 制表人：…, 日期：…."""
    told = [cell for cell in row if not (cell is None or cell == "" or str(cell).isspace())]
    return bool(told) and all(type(cell) is str and _SIGNED.fullmatch(fold(cell)) for cell in told)


def is_aside(row: Row, door: Cell, told: Iterable[int]) -> bool:
    """Whether a row tells of no home. ``door`` is what stands where the door should, ``told`` where labels stand.

    Where no door is told, a subtotal may stand anywhere; a remark beside a door drops no home.
    """
    for at in told:
        cell = row[at]
        if type(cell) is str and "计" in cell and is_subtotal(cell):
            return True
    if door is None or door == "":
        return _tells_little(row) or any(map(is_subtotal, row)) or is_signed(row)
    if type(door) is not str:
        return False
    if ":" in door or "：" in door:
        return is_signed(row)
    return heading_of(door) is not None and is_heading_again(row)


def _tells_little(row: Sequence[Cell]) -> bool:
    return sum(1 for cell in row if not (cell is None or cell == "") and str(cell).strip()) <= 1


def is_blank(row: Row) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell is not None and cell != "" and str(cell).strip() for cell in row)
