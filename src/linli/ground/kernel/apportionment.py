"""One sum over many homes: reading the weights and splitting the sum, to the last fen."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from linli.ground.kernel.decimals import read_decimal
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.money import split_fen
from linli.ground.kernel.text import fold, shown

COLUMNS = ("unit_code", "weight")
DECIMALS = 12
"""Decimals of a weight; more are a program's rounding, not somebody's share."""
LONGEST_CODE = 64


@dataclass(frozen=True, slots=True)
class Weights:
    """The homes in the order of their rows. ``weights`` are integers in units of 10⁻¹², all alike."""

    unit_codes: tuple[str, ...]
    weights: tuple[int, ...]


def apportion(total_fen: int, weights: Weights) -> list[tuple[str, int]]:
    """Each home's part of the sum, in the order of the rows; the parts add up to the sum.

    Largest remainder, ties in the natural order of unit codes. Refuses no rows and weights that are all zero.
    """
    shares = split_fen(total_fen, weights.weights, weights.unit_codes)
    return list(zip(weights.unit_codes, shares, strict=True))


def read_weights(lines: Iterable[str]) -> tuple[Weights, list[Invalid]]:
    """The weights in csv lines with the columns ``unit_code`` and ``weight``, and every fault by its line.

    Full-width digits and blanks are read as their half-width fellows, further columns are left alone, blank
    lines passed over. A line is refused for a missing or repeated unit code, and for a weight that is no
    number, negative or too long.
    """
    reader = csv.reader(lines, strict=True)
    taken: dict[str, int] = {}
    weights: list[int] = []
    faults: list[Invalid] = []
    try:
        header = [fold(cell).casefold() for cell in next(reader, [])]
        if any(header.count(column) != 1 for column in COLUMNS):
            return Weights((), ()), [_at(1, "表头应有 unit_code 和 weight 两列，各一列。")]
        places = [header.index(column) for column in COLUMNS]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            try:
                code, weight = _read_row(row, len(header), places, taken)
            except Invalid as refusal:
                faults.append(_at(reader.line_num, refusal.message))
            else:
                taken[code] = reader.line_num
                weights.append(weight)
    except csv.Error:
        faults.append(_at(reader.line_num, "不是 csv 格式，可能是引号没有成对。"))
    return Weights(tuple(taken), tuple(weights)), faults


def _read_row(row: list[str], width: int, places: list[int], taken: dict[str, int]) -> tuple[str, int]:
    """The unit code and weight of one row; refuses with what is wrong in it."""
    if len(row) != width:
        raise Invalid("row_width", "应有 {expected} 列，实有 {found} 列。", expected=width, found=len(row))
    code, weight = fold(row[places[0]]), row[places[1]]
    if not code or len(code) > LONGEST_CODE:
        raise Invalid("unit_code", "unit_code 不能为空，也不能超过 64 个字。")
    if code in taken:
        raise Invalid("unit_repeated", "{unit} 与第 {line} 行重复。", unit=shown(code), line=taken[code])
    if not weight.strip():
        raise Invalid("weight_missing", "没有填权重。")
    value = read_decimal(weight, what="权重", places=DECIMALS)
    if value < 0:
        raise Invalid("negative_weight", "权重“{text}”不能是负数。", text=shown(weight))
    return code, value


def _at(line: int, what: str) -> Invalid:
    return Invalid("weights_line", "第 {line} 行：{what}", line=line, what=what)
