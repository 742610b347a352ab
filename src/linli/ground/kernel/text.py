"""Text as people type it: folded for comparison, sorted as a reader counts, masked for strangers."""

from __future__ import annotations

import re
import unicodedata

SHOWN_LENGTH = 40
"""How much of a wrong value a refusal repeats, in characters."""

_DIGITS = "零一二三四五六七八九"
_VALUES = {character: value for value, character in enumerate(_DIGITS)} | {"〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "".join(_VALUES) + "".join(_PLACES)
_NUMBER = re.compile(
    rf"[0-9]+|[{''.join(_VALUES)}十][{_NUMERAL}]{{0,15}}"
)  # 百合苑 and 千禧园 are no numbers
_MOBILE_NUMBER = re.compile(
    r"(?<!\d)[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
)  # \d takes full-width digits too
_ID_NUMBER = re.compile(r"(?<!\d)[1-9１-９]\d{16}[\dXxＸｘ](?!\d)")
_CONTROL = {"Cc": " ", "Cf": "", "Cs": ""}


def _printable(text: str) -> str:
    """The text with control characters as blanks, without invisible marks and broken surrogates."""
    return "".join(_CONTROL.get(unicodedata.category(character), character) for character in text)


def fold(text: str) -> str:
    """One form for what looks the same: NFKC (full-width becomes half-width), trimmed, inner blanks single.

    Invisible marks that spreadsheets and phones leave behind (zero-width blanks, byte order marks,
    direction marks) go. Folding twice changes nothing.
    """
    if not text.isprintable():
        text = _printable(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def shown(text: str) -> str:
    """The text as a refusal repeats it: folded, and cut when it is long."""
    short = fold(text[: SHOWN_LENGTH * 4])
    return short if len(short) <= SHOWN_LENGTH else short[:SHOWN_LENGTH] + "…"


def _chinese_number(numeral: str) -> int:
    """The value of 十二, 二十三, 一百零五 or, digit by digit, 一〇一."""
    if not any(character in _PLACES for character in numeral):
        return int("".join(str(_VALUES[character]) for character in numeral))
    total = pending = 0
    for character in numeral:
        if character in _PLACES:
            total += (pending or 1) * _PLACES[character]
            pending = 0
        else:
            pending = pending * 10 + _VALUES[character]
    return total + pending


def _padded(number: re.Match[str]) -> str:
    written = number[0]
    digits = written.lstrip("0") if written.isascii() else str(_chinese_number(written))
    return ":" * (len(digits) - 8) + digits.zfill(8)  # a colon sorts behind every digit


def natural_key(text: str) -> str:
    """A string that sorts as a reader counts: 2号楼 before 10号楼, 二单元 beside 2单元.

    Every number, in digits or Chinese numerals, is padded with zeros to eight digits; longer ones sort
    behind all shorter ones. Upper and lower case sort alike. Compare keys byte by byte, without a locale.
    """
    return _NUMBER.sub(_padded, fold(text).casefold())


def mask_name(name: str) -> str:
    """The name for those who may not know it: the first character, then one star for each other (王**)."""
    name = fold(name)
    return name and name[0] + "*" * max(1, len(name) - 1)


def mask_phone(phone: str) -> str:
    """The number for those who may not know it: 138****5678; of shorter ones at most the last two digits."""
    phone = fold(phone).replace(" ", "").replace("-", "")
    if len(phone) >= 11:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    kept = 2 if len(phone) >= 7 else 0
    return "*" * (len(phone) - kept) + phone[len(phone) - kept :]


def hide_numbers(text: str) -> str:
    """The text with every mobile and ID number in it unreadable, as it may stand on a public page."""
    return _ID_NUMBER.sub(_starred, _MOBILE_NUMBER.sub(_starred, text))


def _starred(number: re.Match[str]) -> str:
    written = number[0]
    return written[:3] + "*" * (len(written) - 5) + written[-2:]


def bigrams(text: str) -> list[str]:
    """Every two neighbouring letters or characters, for search and likeness; a lone one stands by itself.

    Blanks and punctuation separate. Repeated pairs are repeated.
    """
    runs = "".join(c if c.isalnum() else " " for c in fold(text).casefold()).split()
    return [
        pair
        for run in runs
        for pair in ([run] if len(run) == 1 else map("".join, zip(run, run[1:], strict=False)))
    ]
