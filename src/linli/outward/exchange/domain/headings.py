"""Which column is what: headings by the many names that property companies use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from linli.ground.kernel.text import fold
from linli.outward.exchange.domain.tables import Row

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "subdistrict": "街道 街道办 所属街道 街道办事处 镇街 街道名称",
        "community": "社区 居委会 所属社区 社区居委会 社区名称",
        "compound": "小区 小区名称 项目 项目名称 楼盘 楼盘名称 所属小区",
        "building": "楼栋 楼栋号 楼号 楼幢 楼幢号 幢 幢号 栋 栋号 座 座号 楼 楼座 楼座号 号楼 楼宇 楼宇号 楼栋名称",
        "entrance": "单元 单元号 门栋 梯 梯号 单元名称",
        "number": "房号 房间号 室号 室 户号 门牌 门牌号 房间 房屋号 号 房屋编号 房间编号 房号室号 门号 商铺号 车位号 车库号",
        "address": "房屋 地址 房屋地址 房产 房产地址 房屋坐落 坐落 位置 房屋位置 房屋名称 住址 楼栋房号 楼号房号"
        " 房产坐落 资源名称 房屋信息 详细地址 楼房号",
        "area": "建筑面积 面积 产权面积 房屋面积 房产面积 产权建筑面积 登记面积 建面 房屋建筑面积 计费面积 收费面积 实测面积",
        "owner": "业主 业主姓名 产权人 产权人姓名 姓名 户主 户主姓名 权利人 所有权人 房主 业主名称 客户名称 产权人名称"
        " 共有人 业主1 业主2 业主二 共有人姓名 买受人 房屋所有权人",
        "phone": "电话 手机 手机号 手机号码 联系电话 联系方式 电话号码 移动电话 业主电话 联系手机 电话1 电话2 手机1 手机2"
        " 备用电话 联系人电话 共有人电话",
        "document": "身份证 身份证号 身份证号码 证件号 证件号码 公民身份号码 证件编号 身份证件号码 统一社会信用代码",
        "kind": "类型 用途 房屋类型 房屋用途 物业类型 房屋性质 规划用途 业态 房产类型 设计用途 性质",
        "delivered_on": "交房日期 交付日期 交房时间 交付时间 入伙日期 收房日期 交房 接房日期 收房时间 接房时间",
        "since_on": "登记日期 产权登记日期 发证日期 登记时间 不动产登记日期 取得日期 产权日期 过户日期 购房日期",
        "area_source": "面积来源 来源 面积依据 面积出处",
        "area_on": "面积日期 测绘日期 面积登记日期",
        "ignored": "序号 备注 说明 套内面积 套内建筑面积 使用面积 公摊面积 公摊 楼层 层 层数 所在楼层 户型 朝向 性别 状态"
        " 入住状态 房屋状态 是否入住 物业费 物业费标准 收费标准 单价 编号 份额 产权份额 车牌 车牌号 工作单位"
        " 紧急联系人 与业主关系 家庭人口 民族 籍贯 年龄 出生日期 录入人 录入日期 更新日期 联系人 区 区县 邮编",
    }
)
FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "subdistrict": "街道",
        "community": "社区",
        "compound": "小区",
        "building": "楼栋",
        "entrance": "单元",
        "number": "房号",
        "address": "房屋",
        "area": "建筑面积",
        "owner": "业主",
        "phone": "电话",
        "document": "证件号",
        "kind": "类型",
        "delivered_on": "交房日期",
        "since_on": "登记日期",
        "area_source": "面积来源",
        "area_on": "面积日期",
    }
)
"""How a field is called when we speak of it."""

HEADINGS: Mapping[str, str] = MappingProxyType(
    {word: name for name, words in _WORDS.items() for word in words.split()}
)
_SEVERAL = frozenset({"owner", "phone", "document"})
_BRACKETS = re.compile(r"[(\[【〔<].*?[)\]】〕>]")
_MEASURES = re.compile(r"(?:m2|m\^2|平方米|平米|平方)$", re.IGNORECASE)
_MARKS = re.compile(r"[\s*:：、。.·_/\\-]+")
LOOKED_AT = 40
"""How many rows from the top the heading may stand in."""


@dataclass(slots=True)
class Columns:
    """Where each field stands: one column, or several for owners and their phones and documents."""

    row: int
    last_row: int
    one: dict[str, int] = field(default_factory=dict)
    several: dict[str, list[int]] = field(default_factory=dict)
    ignored: dict[int, str] = field(default_factory=dict)
    twice: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    def column(self, name: str) -> int | None:
        """The first column of a field."""
        return self.several[name][0] if self.several.get(name) else self.one.get(name)


def heading_of(cell: object) -> str | None:
    """Which field a heading names; None for other words. Units and remarks in brackets do not matter."""
    return _heading_of(cell) if isinstance(cell, str) and 0 < len(cell) <= 40 else None


@lru_cache(maxsize=16_384)
def _heading_of(cell: str) -> str | None:
    word = _MARKS.sub("", _BRACKETS.sub("", fold(cell)))
    return HEADINGS.get(word) or HEADINGS.get(_MEASURES.sub("", word))


def headings_in(row: Row) -> dict[int, str]:
    """The fields that the cells of a row name, by column."""
    return {column: name for column, cell in enumerate(row) if (name := heading_of(cell))}


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """The heading among the first rows: the row that names most fields, with its neighbour if it has two.

    None when no row names a door and something else.
    """
    named = [headings_in(row) for row in rows[:LOOKED_AT]]
    best = max(range(len(named)), key=lambda at: (_weight(named[at]), -at), default=None)
    if best is None or _weight(named[best]) < 2:
        return None
    found, first, last = dict(named[best]), best, best
    for beside in (best + 1, best - 1):
        if 0 <= beside < len(named) and _completes(named[beside], found, rows[beside]):
            found = found | {at: name for at, name in named[beside].items() if at not in found}
            first, last = min(first, beside), max(last, beside)
    if not {"number", "address"} & set(found.values()):
        return None
    words = {
        at: next((str(rows[r][at]) for r in (last, first) if at < len(rows[r]) and rows[r][at]), "")
        for at in found
    }
    return _arranged(found, words, first, last)


def _weight(named: Mapping[int, str]) -> int:
    return len({name for name in named.values() if name != "ignored"})


def _completes(other: Mapping[int, str], found: Mapping[int, str], row: Row) -> bool:
    """Whether a neighbouring row is the other half of a heading of two rows: nothing but headings."""
    new = {at for at in other if at not in found}
    told = sum(1 for cell in row if cell not in ("", None))
    return bool(new) and told <= len(other) + 2


def _arranged(found: Mapping[int, str], words: dict[int, str], first: int, last: int) -> Columns:
    columns = Columns(first, last, words=words)
    for at, name in sorted(found.items()):
        if name == "ignored":
            columns.ignored[at] = words[at]
        elif name in _SEVERAL:
            columns.several.setdefault(name, []).append(at)
        elif name in columns.one:
            columns.twice[at] = words[at]
        else:
            columns.one[name] = at
    return columns


def is_heading_again(row: Row) -> bool:
    """Whether a row repeats the heading, as printed pages do."""
    named = headings_in(row)
    return len(named) >= 2 and sum(1 for cell in row if cell not in ("", None)) <= len(named) + 1
