"""How a property company writes a home into cells: tidily, or in the many ways that people have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from types import MappingProxyType

from linli.outward.exchange.domain.owners import DEVELOPER
from linli.outward.exchange.domain.sample_homes import Home
from linli.outward.exchange.domain.tables import Cell

Line = dict[str, Cell]
"""One row before it is a row: what stands under which field."""

TIDY: Mapping[str, str] = MappingProxyType(
    {
        "subdistrict": "街道",
        "community": "社区",
        "compound": "小区",
        "building": "楼栋",
        "entrance": "单元",
        "number": "房号",
        "area": "建筑面积(㎡)",
        "kind": "用途",
        "owner": "业主",
        "phone": "联系电话",
        "delivered_on": "交房日期",
    }
)
"""The heading of a tidy roll."""

HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "subdistrict": ("街道", "所属街道"),
        "community": ("社区", "所属社区"),
        "compound": ("小区", "小区名称", "项目名称"),
        "order": ("序号",),
        "building": ("楼栋", "楼号", "幢", "楼 号", "栋号"),
        "entrance": ("单元", "单元号", "门栋"),
        "number": ("房号", "室号", "房间号", "户号"),
        "address": ("房屋", "房屋坐落", "房产地址", "楼栋房号"),
        "area": ("建筑面积", "面积(㎡)", "建筑面积（平方米）", "产权面积", "面积/m2", "建筑面积：㎡"),
        "area_source": ("面积来源", "面积依据"),
        "kind": ("用途", "房屋类型", "规划用途", "业态"),
        "owner": ("业主", "产权人", "姓名", "业主姓名", "权利人", "产权人（共有人）"),
        "phone": ("联系电话", "手机号", "电话", "联系方式"),
        "document": ("身份证号", "证件号码", "身份证号码（证件号）"),
        "delivered_on": ("交房日期", "交付时间", "入伙日期"),
        "remark": ("备注", "说明"),
    }
)
"""Names that one column has in different houses."""

COLUMNS = (
    "order",
    "building",
    "entrance",
    "number",
    "area",
    "kind",
    "owner",
    "phone",
    "document",
    "delivered_on",
    "remark",
)
ADDRESS = ("order", "address", "area", "owner", "phone", "delivered_on", "remark")
ONE_BUILDING = ("entrance", "number", "kind", "area", "area_source", "owner", "phone", "document")

_NUMERALS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_KINDS = {"home": ("住宅", "住宅", "成套住宅", "普通住宅"), "shop": ("商铺", "商业", "门面")}
_DEVELOPERS = ("未售", "开发商", "建设单位", "未售（开发商）", "待售")
_NOTHING: tuple[Cell, ...] = ("", None, "无", "-", "/")
_BETWEEN = ("、", "，", "/", ";", "\n", " ", ", ")
_REMARKS = ("", "", "", "", "", "已装修", "出租", "空置", "钥匙未领")
SOURCES = {"property_register": "产权证", "survey": "测绘实测", "contract": "购房合同"}


@dataclass(frozen=True, slots=True)
class Hand:
    """The habits of whoever keeps one sheet."""

    building: str
    entrance: str
    address: str
    odd: float
    """The share of cells that are written in yet another way."""


def draw_hand(chance: Random) -> Hand:
    """Somebody's habits."""
    return Hand(
        chance.choice(("{}号楼", "{}#", "{}栋", "{}幢", "{}")),
        chance.choice(("{}单元", "{}")),
        chance.choice(
            ("{b}-{e}-{n}", "{b}号楼{e}单元{n}室", "{b}栋{e}单元{n}", "{b}#{e}-{n}", "{b}/{e}/{n}")
        ),
        chance.uniform(0.1, 0.3),
    )


def tidy_line(home: Home) -> Line:
    """A home written as one would wish it."""
    return {
        "building": f"{home.building}号楼",
        "entrance": f"{home.entrance}单元",
        "number": home.number,
        "area": home.area_dm2 / 100,
        "kind": _KINDS[home.kind][0],
        "owner": "、".join(owner.name for owner in home.owners),
        "phone": "、".join(owner.phone for owner in home.owners if owner.phone),
        "delivered_on": home.delivered_on,
    }


def messy_line(home: Home, hand: Hand, chance: Random) -> Line:
    """A home as people write it; what it says is the same."""
    odd = [chance.random() < hand.odd for _ in range(9)]
    entrance = hand.entrance if not odd[0] else chance.choice(("{}单元", "{}", "{}门"))
    numeral = odd[1] and entrance != "{}"
    told: Line = {
        "building": hand.building.format(home.building),
        "entrance": entrance.format(_NUMERALS[home.entrance] if numeral else home.entrance),
        "number": _number(home.number, odd[2], chance),
        "address": _address(home, hand.address, odd[2], chance),
        "area": _area(home.area_dm2, odd[3], chance),
        "kind": chance.choice(_KINDS[home.kind]) if home.kind != "home" or not odd[4] else "",
        "area_source": chance.choice(tuple(SOURCES.values())) if odd[4] else "",
        "owner": _owner([owner.name for owner in home.owners], odd[5], chance),
        "phone": _phones([owner.phone for owner in home.owners if owner.phone], odd[6], chance),
        "document": _documents([owner.document for owner in home.owners], odd[7], chance),
        "delivered_on": _day(home.delivered_on, odd[8], chance),
        "remark": chance.choice(_REMARKS),
    }
    return told


def _number(number: str, odd: bool, chance: Random) -> Cell:
    return chance.choice((number + "室", number.translate(_WIDE), f" {number} ")) if odd else int(number)


def _address(home: Home, habit: str, odd: bool, chance: Random) -> str:
    if odd:
        habit = chance.choice(("{b}-{e}-{n}", "{b}号楼{e}单元{n}室", "{b}幢{e}单元{n}", "{b}—{e}—{n}"))
    text = habit.format(b=home.building, e=home.entrance, n=home.number)
    return text.translate(_WIDE) if odd and chance.random() < 0.3 else text


def _area(area_dm2: int, odd: bool, chance: Random) -> Cell:
    text = f"{area_dm2 // 100}.{area_dm2 % 100:02}"
    if not odd:
        return area_dm2 / 100
    return chance.choice(
        (text, text + "㎡", text.translate(_WIDE), text + "平方米", f" {text}", text + " m2")
    )


def _owner(names: Sequence[str], odd: bool, chance: Random) -> Cell:
    if names == [DEVELOPER]:
        return chance.choice(_DEVELOPERS)
    if odd and len(names) == 1 and len(names[0]) == 2:
        return f"{names[0][0]}　{names[0][1]}"
    if odd and len(names) == 1 and "公司" not in names[0]:
        return names[0] + chance.choice(("（已故）", "(常住外地)", " "))
    return (chance.choice(_BETWEEN) if odd else "、").join(names)


def _phones(phones: Sequence[str], odd: bool, chance: Random) -> Cell:
    if not phones:
        return chance.choice(_NOTHING) if odd else ""
    if not odd:
        return "、".join(phones)
    if len(phones) > 1:
        return chance.choice(("/", "，", "\n", " ", "；")).join(phones)
    one = phones[0]
    return chance.choice(
        (int(one), float(one), f"{one[0]}.{one[1:]}E+10", f"{one[:3]} {one[3:7]} {one[7:]}",
         f"{one[:3]}-{one[3:7]}-{one[7:]}", f"+86 {one}", one.translate(_WIDE), f"{one}.0")
    )  # fmt: skip


def _documents(documents: Sequence[str], odd: bool, chance: Random) -> Cell:
    if not odd or not all(documents):
        return ""
    return chance.choice(("、", "，", "\n", "/")).join(documents)


def _day(day: date, odd: bool, chance: Random) -> Cell:
    if not odd:
        return day
    return chance.choice(
        ((day - date(1899, 12, 30)).days, f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}",
         f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", int(f"{day:%Y%m%d}"))
    )  # fmt: skip
