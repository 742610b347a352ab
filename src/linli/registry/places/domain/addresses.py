"""Which door it is: 3-2-501, 3号楼2单元501室, 3#2-501, and the columns 楼栋, 单元, 房号 beside each other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown
from linli.registry.places.domain.doors import PART, Building, read_building, read_entrance, tidy, token

_NUMBER = re.compile(r"(?P<token>[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿-]{0,23}?)(?:室|号房|号|房|户)?")
_SPOKEN = re.compile(
    rf"(?P<building>{PART}|[一-鿿]{{1,6}}?)-?(?P<mark>号楼|#楼|楼|栋|幢|座|#|阁|苑|轩)-?"
    rf"(?:(?P<entrance>{PART})(?:单元|门栋|门|梯)-?|(?P<dashed>{PART})-(?=[0-9]))?"
    r"(?P<number>[0-9A-Za-z一-鿿][0-9A-Za-z一-鿿-]*)"
)
_ONLY_ENTRANCE = re.compile(
    rf"(?P<entrance>{PART})(?:单元|门栋|门|梯)-?(?P<number>[0-9A-Za-z][0-9A-Za-z-]*.?)"
)
_BEGINNING = re.compile(
    rf"(?P<building>{PART})(?:号楼|#楼|楼|栋|幢|座|#)-?(?:(?P<entrance>{PART})(?:单元|门栋|门|梯)?)?"
)
LONGEST_CODE = 32


class Door(NamedTuple):
    """What a cell says about a door; None where it says nothing."""

    building: Building | None
    entrance: str | None
    number: str


@lru_cache(maxsize=65_536)
def read_door(text: str) -> Door:
    """A door as one cell writes it, with or without building and entrance."""
    word = tidy(text)
    spoken = _SPOKEN.fullmatch(word) if not word.isdigit() else None
    if spoken:
        building = read_building(spoken["building"] + spoken["mark"])
        entrance = spoken["entrance"] or spoken["dashed"]
        return Door(building, token(entrance) if entrance else None, _number(spoken["number"], text))
    only = _ONLY_ENTRANCE.fullmatch(word)
    if only:
        return Door(None, token(only["entrance"]), _number(only["number"], text))
    parts = word.split("-")
    if len(parts) >= 3:
        number = "-".join(parts[2:])
        return Door(read_building(parts[0]), read_entrance(parts[1]), _number(number, text))
    if len(parts) == 2:
        return Door(read_building(parts[0]), None, _number(parts[1], text))
    return Door(None, None, _number(word, text))


def _number(word: str, text: str) -> str:
    match = _NUMBER.fullmatch(word)
    if not match or not any(character.isdigit() for character in word):
        raise Invalid(
            "number_unreadable", "房号“{text}”认不出来，请写成 501，或者 3-2-501。", text=shown(text)
        )
    return match["token"].upper()


def unit_code(building: Building | None, entrance: str | None, number: str) -> str:
    """The code of a unit: 3-2-501, 3-501 where there are no entrances. Refuses an overlong one."""
    code = f"{entrance}-{number}" if entrance else number
    if building and building.code:
        code = f"{building.code}-{code}"
    if len(code) > LONGEST_CODE:
        raise Invalid(
            "code_too_long", "房号“{text}”太长，最多 {most} 个字符。", text=shown(code), most=LONGEST_CODE
        )
    return code


def searched_code(text: str) -> str:
    """What somebody who looks for a door means: the code, or the beginning of codes (3号楼2单元 is 3-2).

    What cannot be read as a door is handed back tidied.
    """
    word = tidy(text)
    beginning = _BEGINNING.fullmatch(word)
    if beginning:
        parts = (beginning["building"], beginning["entrance"])
        return "-".join(token(part) for part in parts if part)
    try:
        return unit_code(*read_door(text))
    except Invalid:
        return word.upper()
