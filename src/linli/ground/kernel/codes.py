"""Numbers that carry their own check: credit codes, citizen IDs, mobile numbers, number plates.

Each function gives the normalised text or refuses with what is wrong. Own code, because the libraries that
exist refuse the letters N and Y of rural and other bodies, skip the organisation's inner check digit, and
reject IDs of districts that have been renamed since.
"""

from __future__ import annotations

import re
from datetime import date

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC = re.compile(rf"[1-9ANY][{_USCC_ALPHABET[1:]}][0-9]{{6}}[{_USCC_ALPHABET}]{{10}}")
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_RULE = "GB 32100-2015"

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_RULE = "GB 11643-1999"
_EARLIEST_BIRTH_YEAR = 1850

_MOBILE = re.compile(r"1[3-9][0-9]{9}")

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER, _SIGN = "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"[{_PROVINCES}](?:{_LETTER}{_SIGN}{{5}}"  # ordinary
    rf"|{_LETTER}[A-HJK]{_SIGN}[0-9]{{4}}|{_LETTER}[0-9]{{5}}[A-HJK]"  # new energy, small and large
    rf"|{_LETTER}{_SIGN}{{4}}[警学挂港澳领试超]"  # police, learner, trailer, Hong Kong, Macao, consulate
    rf"|[SX]{_SIGN}{{4,5}}应急)"  # fire and rescue
    rf"|使[0-9]{{6}}|[0-9]{{6}}使"  # embassy
    rf"|WJ[{_PROVINCES}]?{_SIGN}{{5}}|{_LETTER}{{2}}[0-9]{{5}}"  # armed police, army
)


def _bare(text: str, separators: str) -> str:
    """The text folded, in capitals, without blanks and the separators people write."""
    return fold(text).upper().translate(dict.fromkeys(map(ord, separators + " ")))


def _weighed(text: str, alphabet: str, weights: tuple[int, ...]) -> int:
    return sum(alphabet.index(character) * weight for character, weight in zip(text, weights, strict=True))


def _require_length(text: str, what: str, length: int, clause: str | None = None) -> None:
    if len(text) != length:
        raise Invalid(
            "code_length",
            "{what}应为 {length} 位，这里是 {found} 位。",
            clause,
            what=what,
            length=length,
            found=len(text),
        )


def check_uscc(text: str) -> str:
    """The unified social credit code (统一社会信用代码), checked by both of its check characters.

    Refuses the wrong length, a character that the code does not use, and a check character that does not fit.
    Source: GB 32100-2015, GB 11714.
    """
    code = _bare(text, "-")
    _require_length(code, "统一社会信用代码", 18, _USCC_RULE)
    if not _USCC.fullmatch(code):
        raise Invalid(
            "uscc_characters", "统一社会信用代码里有不该出现的字符（不用 I、O、S、V、Z）。", _USCC_RULE
        )
    if code[17] != _USCC_ALPHABET[-_weighed(code[:17], _USCC_ALPHABET, _USCC_WEIGHTS) % 31]:
        raise Invalid("uscc_check", "统一社会信用代码的校验位（第 18 位）不符，请逐位核对。", _USCC_RULE)
    inner = -_weighed(code[8:16], _ORGANISATION_ALPHABET, _ORGANISATION_WEIGHTS) % 11
    if code[16] != "0123456789X"[inner]:
        raise Invalid(
            "uscc_organisation_check", "其中组织机构代码的校验位（第 17 位）不符，请逐位核对。", _USCC_RULE
        )
    return code


def check_citizen_id(text: str, *, today: date | None = None) -> str:
    """The citizen ID number (公民身份号码): length, birth date, check character.

    The district may be historical. With ``today`` a birth date after it is refused too. Refusals never
    repeat the number. Source: GB 11643-1999.
    """
    number = _bare(text, "-")
    _require_length(number, "身份证号", 18, _CITIZEN_RULE)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise Invalid("citizen_id_characters", "身份证号应为 17 位数字，末位是数字或 X。", _CITIZEN_RULE)
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Invalid("citizen_id_birth", "身份证号里的出生日期不存在。", _CITIZEN_RULE) from None
    if born.year < _EARLIEST_BIRTH_YEAR or (today is not None and born > today):
        raise Invalid("citizen_id_birth", "身份证号里的出生日期不可能。", _CITIZEN_RULE)
    if number[17] != "10X98765432"[_weighed(number[:17], "0123456789", _CITIZEN_WEIGHTS) % 11]:
        raise Invalid("citizen_id_check", "身份证号的校验位（末位）不符，请逐位核对。", _CITIZEN_RULE)
    return number


def check_mobile(text: str) -> str:
    """The mobile number of the mainland, eleven digits; ``+86`` and ``0086`` in front are dropped."""
    number = re.sub(r"^(?:\+|00)86", "", _bare(text, "-"))
    _require_length(number, "手机号", 11)
    if not _MOBILE.fullmatch(number):
        raise Invalid("mobile_characters", "手机号应为 11 位数字，以 13 至 19 开头。")
    return number


def check_plate(text: str) -> str:
    """The number plate, without points and blanks: 鲁B12345, 鲁BD12345.

    Ordinary, new energy, police, learner, trailer, Hong Kong and Macao, embassy, consulate, rescue, armed
    police and army. Refuses the rest. Source: GA 36-2018.
    """
    plate = _bare(text, "-·•.・")
    if not _PLATE.fullmatch(plate):
        raise Invalid(
            "plate", "不是有效的车牌号，应像“鲁B12345”或新能源“鲁BD12345”（字母不用 I、O）。", "GA 36-2018"
        )
    return plate
