"""Rolls as property companies keep them, written for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

HEADS = ("楼号", "单元", "房号", "建筑面积(㎡)", "产权人", "联系电话", "交房日期")


def workbook(
    path: Path, sheets: Mapping[str, Iterable[Sequence[Any]]], merged: Sequence[Sequence[Any]] = ()
) -> Path:
    """A workbook; ``merged`` are areas of the first sheet: first row and column, last ones, and the text."""
    book = xlsxwriter.Workbook(str(path))
    for number, (name, rows) in enumerate(sheets.items()):
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
        for area in merged if number == 0 else ():
            page.merge_range(*area)
    book.close()
    return path


def messy(path: Path) -> Path:
    """Good rows in every spelling, and ten planted faults; see ``PLANTED``."""
    rows = [
        ["龙栖苑业主名册"],
        ["制表：物业服务中心", "", "2026年3月"],
        HEADS,
        ["3号楼", "2单元", 501, "８９.５㎡", "张三、李四", "13800001234", 43617],
        ["", "2单元", "502室", 90.25, "王五", 1.3900001234e10, "2019年6月1日"],
        ["小计", "", "", 179.75],
        [],
        HEADS,
        ["3#", "二单元", "５０３", "八十", "赵六", "13700001234", "2019-06-01"],
        ["3栋", "2", "504", 90, "钱七", "1.37E+10", "2019/6/1"],
        ["3栋", "2", "505", -5, "孙八", "13600001234", ""],
        ["3栋", "2", "506", 90, "周九", "136****1234", ""],
        ["3栋", "2", "507", 90, "吴十等3人", "", ""],
        ["3栋", "2", "508", 90, "郑一", "", "2019-02-30"],
        ["3栋", "2", "", 90, "冯二", "", ""],
        ["3栋", "2", "509", 90, "陈三", "", ""],
        ["3栋", "2", "509", 95, "陈三", "", ""],
        ["3栋", "2", "4-1-601", 90, "褚四", "", ""],
        ["3栋", "2", "510", 90, "13512345678", "", ""],
        ["3栋", "2", "511", "90", "卫五", "13400001234", ""],
        ["3栋", "2", "511", "90", "蒋六", "13400005678", ""],
    ]
    return workbook(path, {"名册": rows}, [(3, 0, 4, 0, "3号楼")])


PLANTED = {
    "D9": "not_a_number",
    "F10": "phone_lost_digits",
    "D11": "area_not_positive",
    "F12": "phone_covered",
    "E13": "owners_not_named",
    "G14": "day_impossible",
    "C15": "number_missing",
    "D17": "unit_contradicts",
    "C18": "door_contradicts",
    "E19": "name_with_digits",
}
"""The cells of ``messy`` that are wrong, and how."""
GOOD = ["3-2-501", "3-2-502", "3-2-511"]
