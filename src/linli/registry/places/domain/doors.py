"""Buildings, entrances and units as people write them: 3, 3#, 3栋 and 三号楼 are one building."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, natural_key, shown
from linli.registry.places.domain.tree import entrance_name

_DASHES = re.compile(r"[—–－‐‑−_~/\\]+|--+")
NUMERALS = "零〇一二三四五六七八九十百"
PART = rf"(?:[0-9A-Za-z]+|[{NUMERALS}]+|[东西南北中])"
"""What numbers a building or an entrance: digits and letters, Chinese numerals, or a direction."""

_BUILDING = re.compile(rf"(?P<token>{PART})-?(?P<mark>号楼|#楼|楼|栋|幢|座|号|#)?")
_ENTRANCE = re.compile(rf"(?P<token>{PART})-?(?:单元|门栋|门|梯|#)?")
_CODE = re.compile(r"[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿-]*")


class Building(NamedTuple):
    """A building: the code that stands in unit codes, and how it is called."""

    code: str
    name: str


def tidy(text: str) -> str:
    """The text folded, without blanks, with one kind of dash."""
    return _DASHES.sub("-", fold(text).replace(" ", "")).strip("-")


def token(text: str) -> str:
    """3, 03 and 三 are 3; letters are capitals."""
    if text.isdigit():
        return text.lstrip("0") or "0"
    if all(character in NUMERALS for character in text):
        return natural_key(text).lstrip("0") or "0"
    return text.upper()


@lru_cache(maxsize=16_384)
def read_building(text: str) -> Building:
    """A building by code and name; one with a name of its own keeps it. Refuses what is no name."""
    word = tidy(text)
    match = _BUILDING.fullmatch(word)
    if match:
        number, mark = token(match["token"]), match["mark"] or ""
        lettered = number.isalpha() and mark not in ("号楼", "#楼", "#", "栋", "幢", "楼")
        return Building(number, f"{number}座" if mark == "座" or lettered else f"{number}号楼")
    if not _CODE.fullmatch(word) or len(word) > 16:
        raise Invalid("building_unreadable", "楼栋“{text}”认不出来，请写成 3号楼 或 3。", text=shown(text))
    return Building(word, word)


@lru_cache(maxsize=16_384)
def read_entrance(text: str) -> str:
    """An entrance by its number: 2, 2单元 and 二单元 are the same one. Refuses what is none."""
    match = _ENTRANCE.fullmatch(tidy(text))
    if not match:
        raise Invalid("entrance_unreadable", "单元“{text}”认不出来，请写成 2单元 或 2。", text=shown(text))
    return token(match["token"])


def building_code(name: str) -> str:
    """The code of a building that stands in the register already."""
    try:
        return read_building(name).code
    except Invalid:
        return fold(name)


def entrance_code(building_name: str, name: str) -> str:
    """The code of an entrance that stands in the register already: 3号楼2单元 is 2."""
    rest = fold(name).removeprefix(fold(building_name))
    try:
        return read_entrance(rest)
    except Invalid:
        return rest


def code_behind(kind: str, name: str, building_name: str, number: str) -> str:
    """The code of a unit by where it stands: 501 in 3号楼2单元 is 3-2-501, 017 in 地下车库 is 地下车库-017."""
    door = tidy(number).upper().removesuffix("室")
    if kind == "entrance":
        return f"{building_code(building_name)}-{entrance_code(building_name, name)}-{door}"
    if kind == "building":
        return f"{building_code(name)}-{door}"
    return door if kind == "compound" else f"{tidy(name)}-{door}"


def typed_number(label: str, place_name: str) -> str:
    """What stands on the door, out of the label of a unit: 501 of 3号楼2单元501."""
    return label.removeprefix(place_name) or label


def usual_name(kind: str, name: str, parent_name: str) -> str:
    """How a new place is called, as imports call it: 3栋 is 3号楼, its 2单元 is 3号楼2单元; others keep their name."""
    if kind == "building":
        return read_building(name).name
    if kind == "entrance":
        try:
            return entrance_name(parent_name, read_entrance(fold(name).removeprefix(fold(parent_name))))
        except Invalid:
            return name
    return name
