"""What one cell says: areas, days, phones, numbers of documents, kinds and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from linli.ground.kernel.area import parse_area
from linli.ground.kernel.codes import check_citizen_id, check_mobile, check_uscc
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown
from linli.outward.exchange.domain.tables import Cell

EARLIEST_DAY, LATEST_YEAR = date(1949, 10, 1), 2100
LARGEST_HOME_DM2 = 200_000
LARGEST_UNIT_DM2 = 10_000_000
NOTHING = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "\\",
        "无",
        "暂无",
        "空",
        "不详",
        "未知",
        "N/A",
        "n/a",
        "#N/A",
        "NULL",
        "null",
        "None",
    }
)
"""What people write into a cell that they leave empty."""

_PLAIN_AREA = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_EIGHT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.0+)?")
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_BETWEEN = re.compile(
    r"[、/;,，；|\n]+|(?<!86)[ \t]+(?=(?:\+?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9]))|或|和|转"
)
_LANDLINE = re.compile(r"(?:\(?0[0-9]{2,3}\)?[ -]?)?[2-8][0-9]{6,7}(?:[ -][0-9]{1,5})?")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOBILES = re.compile(r"1[3-9][0-9]{9}(?:、1[3-9][0-9]{9})*")

KINDS = {
    "home": "住宅 住房 公寓 别墅 高层住宅 多层住宅 成套住宅 普通住宅 商品房 洋房 小高层 居住 民用住宅",
    "shop": "商铺 网点 商业 商业网点 商业服务 门市 门市房 店铺 门面 底商 商网 商服",
    "garage": "车库 车位 地下车位 地下车库 停车位 车库车位 人防车位 产权车位",
    "storage": "储藏室 储藏间 储物间 地下室 仓库 杂物间 阁楼 储藏",
    "other": "其他 其它 办公 写字楼 办公楼 会所 物业用房 社区用房 幼儿园 公建 工业 设备用房",
}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words.split()}
SOURCES = {
    "property_register": "不动产登记簿 登记簿 不动产登记 产权证 房产证 不动产证 不动产权证 不动产权证书 房屋所有权证 产权登记 登记",
    "survey": "测绘实测 测绘 实测 实测面积 测绘报告 房产测绘",
    "contract": "买卖合同 合同 购房合同 合同面积 预测 预测面积 商品房买卖合同",
    "unknown": "未知 不详 来源未注明 未注明",
}
_SOURCES = {word: source for source, words in SOURCES.items() for word in words.split()}


def text_of(cell: Cell) -> str:
    """A cell as text: 501.0 is 501, True is nothing anybody meant."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return "" if cell is None else str(cell)


def is_nothing(cell: Cell) -> bool:
    """Whether a cell is empty, or holds one of the marks that people write instead."""
    if cell is None or cell == "":
        return True
    return type(cell) is str and (_means_nothing(cell) if len(cell) <= 6 else cell.isspace())


@lru_cache(maxsize=16_384)
def _means_nothing(text: str) -> bool:
    return fold(text) in NOTHING


def read_area(cell: Cell) -> int:
    """An area in 0.01 m². Rounds away what a formula leaves behind (118.6400000001), and nothing else."""
    if isinstance(cell, float):
        rounded = round(cell * 100)
        if abs(rounded - cell * 100) < 1e-6 * max(1.0, abs(rounded)):
            cell = f"{rounded // 100}.{rounded % 100:02}" if rounded >= 0 else repr(cell)
    text = text_of(cell).strip()
    if _PLAIN_AREA.fullmatch(text):
        whole, _, decimals = text.partition(".")
        area = int(whole) * 100 + int(decimals.ljust(2, "0"))
    else:
        area = parse_area(text)
    if area <= 0:
        raise Invalid("area_not_positive", "面积“{text}”应大于零。", text=shown(text))
    if area > LARGEST_UNIT_DM2:
        raise Invalid("area_unlikely", "面积“{text}”太大了，不像一户的面积，请核对小数点。", text=shown(text))
    return area


def check_home_area(area_dm2: int) -> None:
    """Refuse a home above 2,000 m²: almost always a lost decimal point."""
    if area_dm2 > LARGEST_HOME_DM2:
        raise Invalid(
            "area_unlikely",
            "面积“{text}”太大了，不像一户住宅的面积，请核对小数点。",
            text=f"{area_dm2 // 100}.{area_dm2 % 100:02}",
        )


def read_day(cell: Cell) -> date:
    """A day: a date, a serial number of the spreadsheet (43617), 20190601, 2019-6-1, 2019年6月1日."""
    day = _day_of(cell)
    if not day >= EARLIEST_DAY or day.year > LATEST_YEAR:
        raise Invalid("day_unlikely", "日期“{text}”不可能，请核对年份。", text=day.isoformat())
    return day


def _day_of(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = fold(text_of(cell))
    if _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    match = _DAY.fullmatch(text.replace(" 年", "年")) or _EIGHT.fullmatch(text)
    if match is None:
        raise Invalid(
            "day_unreadable",
            "日期“{text}”认不出来，请写成 2019-06-01（年、月、日都要有）。",
            text=shown(text),
        )
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Invalid("day_impossible", "没有“{text}”这一天，请核对。", text=shown(text)) from None


def read_kind(cell: Cell) -> str:
    """What a unit is for: home, shop, garage, storage or other."""
    word = fold(text_of(cell)).replace(" ", "")
    kind = _KINDS.get(word)
    if kind is None:
        raise Invalid(
            "kind_unknown", "类型“{text}”认不出来，请用：住宅、商铺、车库、储藏室、其他。", text=shown(word)
        )
    return kind


def read_source(cell: Cell) -> str:
    """Where an area comes from: the register, a survey, a contract."""
    word = fold(text_of(cell)).replace(" ", "")
    source = _SOURCES.get(word)
    if source is None:
        raise Invalid(
            "source_unknown",
            "面积来源“{text}”认不出来，请用：不动产登记簿、测绘实测、买卖合同。",
            text=shown(word),
        )
    return source


class Landline(Exception):
    """A number that rings, but takes no SMS: it is left out with a warning."""


def read_phones(cell: Cell) -> list[str]:
    """The mobile numbers in a cell. Refuses a number that lost digits, a covered one, a wrong one.

    Raises ``Landline`` when there are only landlines.
    """
    if isinstance(cell, str) and _MOBILES.fullmatch(cell):
        return cell.split("、")
    if is_nothing(cell):
        return []
    text = text_of(cell).strip()
    found: list[str] = []
    landlines = 0
    for part in _BETWEEN.split(fold(text).strip("、/;,|") if "\n" not in text else text):
        word = fold(part)
        if not word or word in NOTHING:
            continue
        if _LANDLINE.fullmatch(word):
            landlines += 1
        else:
            found.append(_phone(word))
    if landlines and not found:
        raise Landline
    return found


def _phone(word: str) -> str:
    if _EXPONENT.fullmatch(word):
        return _unfolded(word)
    if "*" in word or "×" in word.lower():
        raise Invalid("phone_covered", "电话“{text}”中间被遮住了，请补全 11 位。", text=shown(word))
    whole = _WHOLE.fullmatch(word)
    try:
        return check_mobile(whole[1] if whole else word)
    except Invalid as refusal:
        raise Invalid(
            "phone_wrong", "电话“{text}”不是 11 位手机号，请核对。", text=_covered(word)
        ) from refusal


def _unfolded(word: str) -> str:
    """1.3800001234E+10 still has all its digits; 1.38E+10 has lost them."""
    try:
        mantissa = word.lower().partition("e")[0].replace(".", "")
        number = str(int(Decimal(word)))
    except (InvalidOperation, ValueError):
        number = mantissa = ""
    if len(mantissa.rstrip("0")) < 8 or not _MOBILE.fullmatch(number):
        raise Invalid(
            "phone_lost_digits",
            "电话被存成了科学记数“{text}”，末几位已经丢了。请把这一列设成文本格式，重新填 11 位号码。",
            text=shown(word),
        )
    return number


def _covered(word: str) -> str:
    """A wrong number as a fault repeats it: enough to find it in the cell, not enough to call."""
    word = shown(word)
    return word if len(word) <= 4 else f"{word[:3]}…{word[-2:]}（{len(word)} 位）"


def read_documents(cell: Cell, *, company: bool) -> list[str]:
    """The ID numbers in a cell, or a company's credit code. Refuses what fails its check digit."""
    if isinstance(cell, (float, int)):
        raise Invalid(
            "document_lost_digits", "证件号被存成了数字，末几位已经丢了。请把这一列设成文本格式，重新填写。"
        )
    text = str(cell)
    if _EXPONENT.fullmatch(fold(text)):
        raise Invalid(
            "document_lost_digits", "证件号被存成了数字，末几位已经丢了。请把这一列设成文本格式，重新填写。"
        )
    words = [fold(part) for part in re.split(r"[、/;,，；|\n]+| +(?=[0-9]{17})", text)]
    return [_document(word, company) for word in words if word and word not in NOTHING]


def _document(word: str, company: bool) -> str:
    if "*" in word:
        raise Invalid("document_covered", "证件号中间被遮住了。请补全，或者整格留空。")
    try:
        return check_uscc(word) if company else check_citizen_id(word)
    except Invalid as refusal:
        raise Invalid("document_wrong", "证件号不对：{why}", why=refusal.message) from refusal


def _or_nothing(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same reader, which gives None for the marks that people write into an empty cell."""

    @lru_cache(maxsize=65_536)
    def reading(cell: Cell) -> Any:
        return None if is_nothing(cell) else read(cell)

    return reading


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "kind": _or_nothing(read_kind),
        "area": _or_nothing(read_area),
        "area_source": _or_nothing(read_source),
        "area_on": _or_nothing(read_day),
        "delivered_on": _or_nothing(read_day),
        "since_on": _or_nothing(read_day),
    }
)
"""How the cells of single values are read, by field."""
