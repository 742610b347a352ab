"""Floor areas, exact to 0.01 m², held as integers (``area_dm2``: hundredths of a square metre)."""

from __future__ import annotations

import re

from linli.ground.kernel.decimals import read_decimal, written
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown

LARGEST_AREA_DM2 = 10**9
"""10 km²: larger than any compound, and still a four-byte integer."""

_UNIT = re.compile(r"(?:平方米|平米|平方|平|m2|m\^2|㎡)$", re.IGNORECASE)


def parse_area(text: str) -> int:
    """The area in hundredths of a square metre: ``"118.64"`` and ``"１１８．６４㎡"`` are 11864.

    Refuses what is no number, finer than 0.01 m², not above zero, or above 10 km².
    """
    dm2 = read_decimal(_UNIT.sub("", fold(text)), what="面积", places=2)
    if dm2 <= 0:
        raise Invalid("area_not_positive", "面积“{text}”应大于零。", text=shown(text))
    if dm2 > LARGEST_AREA_DM2:
        raise Invalid("too_large", "面积“{text}”太大了，请核对。", text=shown(text))
    return dm2


def format_area(dm2: int, *, grouped: bool = True) -> str:
    """Hundredths of a square metre for reading: 11864 is ``118.64``; ``grouped=False`` leaves commas out."""
    return written(dm2, grouped=grouped)
