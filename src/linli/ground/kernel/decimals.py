"""Decimal numbers as people write them, read exactly into integers; no floating point anywhere."""

from __future__ import annotations

import re

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown

LARGEST_WHOLE_DIGITS = 18
"""Digits before the point that are read at all; more is a slip of the keyboard."""

_DECIMAL = re.compile(r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+)|[0-9]+)(?:\.([0-9]+))?")
_MINUS_SIGNS = str.maketrans("−–", "--")


def read_decimal(text: str, *, what: str, places: int) -> int:
    """The number in units of the last of ``places`` decimals: ``"88.51"`` at two places is 8851.

    Full-width digits, thousands commas and a real minus sign are read; further decimals only if they are
    zeros. Refuses everything else (letters, NaN, 1e5), naming it. ``what`` names the thing in Chinese.
    """
    match = _DECIMAL.fullmatch(fold(text).translate(_MINUS_SIGNS))
    if match is None:
        raise Invalid("not_a_number", "{what}“{text}”不是数字。", what=what, text=shown(text))
    sign, whole, decimals = match[1], match[2].replace(",", "").lstrip("0"), (match[3] or "").rstrip("0")
    if len(whole) > LARGEST_WHOLE_DIGITS:
        raise Invalid("too_large", "{what}“{text}”太大了，请核对。", what=what, text=shown(text))
    if decimals and not places:
        raise Invalid("too_precise", "{what}“{text}”应为整数。", what=what, text=shown(text), places=places)
    if len(decimals) > places:
        raise Invalid(
            "too_precise",
            "{what}“{text}”的小数太多，最多 {places} 位。",
            what=what,
            text=shown(text),
            places=places,
        )
    value = int((whole or "0") + decimals.ljust(places, "0"))
    return -value if sign == "-" else value


def read_whole(text: str, *, what: str) -> int:
    """A whole number, exactly. Refuses what :func:`read_decimal` refuses, and decimals."""
    return read_decimal(text, what=what, places=0)


def written(value: int, *, grouped: bool) -> str:
    """Hundredths as ``1,234.50``, with a real minus sign (U+2212)."""
    whole, hundredths = divmod(abs(value), 100)
    digits = f"{whole:,}" if grouped else str(whole)
    return f"{'−' if value < 0 else ''}{digits}.{hundredths:02}"
