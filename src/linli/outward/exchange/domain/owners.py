"""Who owns it: several names in one cell, companies, the developer, and what is written beside a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown
from linli.outward.exchange.domain.values import NOTHING
from linli.registry.people.domain import names

LONGEST_NAME = 40
MOST_OWNERS = 20
DEVELOPER = "建设单位"
_DEVELOPERS = frozenset(
    [
        "开发商",
        "建设单位",
        "未售",
        "未售出",
        "未出售",
        "开发商未售",
        "未售（开发商）",
        "开发商持有",
        "开发商自持",
        "开发公司",
        "空置未售",
        "待售",
    ]
)
_COMPANY = re.compile(
    r"公司|集团|有限|银行|合作社|委员会|居委会|学校|幼儿园|医院|事务所|研究院|中心$|[局厂部所社]$(?<=.{4})"
)
_BETWEEN = re.compile(r"[、/;,，；|\n\\&]+")
_REMARK = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]$")
_MORE = re.compile(r"等(?:[0-9一二三四五六七八九十]*[人户]?)?$")
_CHINESE = re.compile(r"[㐀-鿿]+(?:[·•][㐀-鿿]+)*")


class Name(NamedTuple):
    """One owner's name, the form in which names are compared, and what kind of owner it is."""

    name: str
    key: str
    kind: str


class Names(NamedTuple):
    """The names of a cell, and the remarks that were cut off."""

    names: tuple[Name, ...]
    remarks: tuple[str, ...]


_NOBODY = Names((), ())
_PLAIN = re.compile(r"[㐀-鿿]{2,5}(?:、[㐀-鿿]{2,5})*")
_UNLIKE_NAMES = re.compile("[司团限行社会校园院所心局厂部等商售位无空详未]")
"""Whatever is no person's name, or no name at all, has one of these; a name that has one is read at leisure."""


@lru_cache(maxsize=32_768)
def read_names(text: str) -> Names:
    """The owners that a cell names. Refuses 等 (who else?), digits in a name, and an endless one."""
    if _PLAIN.fullmatch(text) and not _UNLIKE_NAMES.search(text):
        found = {name: Name(name, name, "natural") for name in text.split("、")}
        return _few_enough(Names(tuple(found.values()), ()))
    if "\n" not in text:
        text = fold(text)
    if text in NOTHING:
        return _NOBODY
    found = {}
    remarks: list[str] = []
    for part in _BETWEEN.split(text):
        for name in _named(part.strip(), remarks):
            found[name.key] = name
    return _few_enough(Names(tuple(found.values()), tuple(remarks)))


def _few_enough(found: Names) -> Names:
    if len(found.names) > MOST_OWNERS:
        raise Invalid("too_many_owners", "一套房最多登记 {most} 位共有人。", most=MOST_OWNERS)
    return found


def _named(part: str, remarks: list[str]) -> Iterator[Name]:
    if part in NOTHING:
        return
    if part.replace(" ", "").replace("(", "（").replace(")", "）") in _DEVELOPERS:
        yield Name(DEVELOPER, DEVELOPER, "developer")
        return
    if _COMPANY.search(part):
        yield Name(_checked_length(_all_named(part)), names.key(part), "organisation")
        return
    for word in _words(part):
        bare = _REMARK.sub("", word).strip()
        if bare != word:
            remarks.append(word[len(bare) :].strip("()（）[]【】 "))
        if bare:
            yield Name(_checked(bare), names.key(bare), "natural")


def _words(part: str) -> list[str]:
    """Split at blanks between Chinese names; 张 三 with a blank for looks is one name."""
    words = part.split()
    chinese = all(_CHINESE.fullmatch(_REMARK.sub("", word)) for word in words)
    if len(words) > 1 and chinese and all(len(word) > 1 for word in words):
        return words
    return ["".join(words)] if chinese else [" ".join(words)]


def _all_named(name: str) -> str:
    if _MORE.search(name) and len(name) > 1:
        raise Invalid(
            "owners_not_named",
            "“{text}”没有写全共有人，请把每一位的姓名都写上，用顿号分开。",
            text=shown(name),
        )
    return name


def _checked(name: str) -> str:
    if any(character.isdigit() for character in _all_named(name)):
        raise Invalid("name_with_digits", "姓名“{text}”里有数字，是不是填错了列？", text=_short(name))
    return _checked_length(name)


def _short(name: str) -> str:
    """What stands there may be a phone in the wrong column."""
    name = shown(name)
    return name if len(name) <= 4 else f"{name[:3]}…"


def _checked_length(name: str) -> str:
    if len(name) > LONGEST_NAME:
        raise Invalid("name_too_long", "姓名最多 {most} 个字，请核对。", most=LONGEST_NAME)
    return name
