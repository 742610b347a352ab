"""Money in whole fen: split without losing one, written for people and for bills, read back exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linli.ground.kernel.decimals import read_decimal, written
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, natural_key, shown

LARGEST_FEN = 10**18 - 1
"""9,999,999,999,999,999.99 yuan: the last amount that Chinese section units name, and a bigint holds."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_AROUND = re.compile(r"^(?:人民币|RMB|CNY|¥|￥)\s*|\s*(?:元|圆)$", re.IGNORECASE)


def split_fen(total_fen: int, weights: Sequence[int], keys: Sequence[str] | None = None) -> list[int]:
    """Split a total by weights so that the parts add up exactly (largest remainder).

    Everyone gets the whole fen of the exact share; the fen left over go one each to the largest remainders,
    ties in the natural order of ``keys``, else of position. A negative total mirrors the positive one.
    Refuses no weights, a negative weight and weights that are all zero.
    """
    whole = sum(weights)
    if min(weights, default=-1) < 0 or whole == 0:
        raise _bad_weights(weights)
    if keys is not None and len(keys) != len(weights):
        raise ValueError("one key for each weight")
    if total_fen < 0:
        return [-share for share in split_fen(-total_fen, weights, keys)]
    shares, remainders = [], []
    for weight in weights:
        share, remainder = divmod(total_fen * weight, whole)
        shares.append(share)
        remainders.append(remainder)
    left_over = total_fen - sum(shares)
    if left_over:
        for position in _first_in_line(remainders, keys, left_over):
            shares[position] += 1
    return shares


def _bad_weights(weights: Sequence[int]) -> Invalid:
    if not weights:
        return Invalid("no_weights", "没有可以分摊的对象。")
    if min(weights) < 0:
        return Invalid("negative_weight", "权重不能是负数。")
    return Invalid("weights_all_zero", "权重全部为零，无法分摊。")


def _first_in_line(remainders: Sequence[int], keys: Sequence[str] | None, places: int) -> list[int]:
    """The positions of the largest remainders; ties by the natural order of keys, then by position."""
    least = sorted(remainders, reverse=True)[places - 1]
    sure = [position for position, remainder in enumerate(remainders) if remainder > least]
    tied = [position for position, remainder in enumerate(remainders) if remainder == least]
    if keys is not None:
        tied.sort(key=lambda position: (natural_key(keys[position]), keys[position]))
    return sure + tied[: places - len(sure)]


def format_fen(fen: int, *, grouped: bool = True) -> str:
    """Fen as yuan for reading: 123450 is ``1,234.50``, with a real minus sign; commas only if grouped."""
    return written(fen, grouped=grouped)


def parse_yuan(text: str) -> int:
    """The amount in fen: ``"1,234.50"``, ``"￥１２３４．５"`` and ``"1234.5元"`` are 123450.

    Refuses what is no number, finer than one fen, or too large to write.
    """
    fen = read_decimal(_AROUND.sub("", fold(text)), what="金额", places=2)
    if abs(fen) > LARGEST_FEN:
        raise Invalid("too_large", "金额“{text}”太大了，请核对。", text=shown(text))
    return fen


def rmb_words(fen: int) -> str:
    """The amount in bill characters (人民币大写): 1640902 fen is 壹万陆仟肆佰零玖元零贰分.

    Zeros inside read as one 零; none before 仟 or 角 when the section or yuan before it ends in zero (the
    shorter of the two lawful forms). 整 stands after 元 and 角, not after 分. Refuses amounts beyond
    9,999,999,999,999,999.99 yuan. Source: 支付结算办法 附一《正确填写票据和结算凭证的基本规定》.
    """
    if abs(fen) > LARGEST_FEN:
        raise Invalid("too_large", "金额太大，无法写成大写：最多 16 位元。")
    if fen < 0:
        return "负" + rmb_words(-fen)
    yuan, rest = divmod(fen, 100)
    return (_whole_words(yuan) + "元" if yuan else "") + _rest_words(*divmod(rest, 10), after_yuan=yuan > 0)


def _whole_words(number: int) -> str:
    """A whole number above zero in bill characters, section by section: 亿, 万, ones."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, size)
        if high:
            zero = "零" if 0 < low < size // 10 else ""
            return _whole_words(high) + unit + zero + (_whole_words(low) if low else "")
    return _section_words(f"{number:04}")


def _section_words(section: str) -> str:
    """Four digits with their places, zeros inside as one 零, none at either end."""
    spoken = "".join(_DIGITS[int(d)] + (p if d != "0" else "") for d, p in zip(section, _PLACES, strict=True))
    return re.sub("零+", "零", spoken).strip("零")


def _rest_words(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整" if after_yuan else "零元整"
    jiao_words = _DIGITS[jiao] + "角" if jiao else ("零" if after_yuan else "")
    return jiao_words + (_DIGITS[fen] + "分" if fen else "整")
