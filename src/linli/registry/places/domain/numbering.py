"""Asset numbers as they stand on labels: LD-01 to LD-60 in one go, and which number comes next."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import natural_key
from linli.registry.places.domain import tree

LONGEST = 24
MOST_AT_ONCE = 200
"""So many facilities are registered in one act; more would no longer be read before they are confirmed."""

BEGINNINGS = {
    "door": "DM",
    "lift": "DT",
    "bench": "CY",
    "ramp": "PD",
    "lamp": "LD",
    "fitness": "JS",
    "gate": "DZ",
    "playground": "LY",
    "fire": "XF",
    "water": "GS",
    "other": "SS",
}
"""How the numbers of a kind begin where the compound has none of its own yet: 路灯 LD-01."""

_COUNTED = re.compile(r"(?P<stem>.*?)(?P<count>[0-9]{1,9})")


def clean_number(text: str, *, field: str = "asset_no") -> str:
    """An asset number in its one form: ｌｄ－０１ and ld-01 are LD-01. Refuses blanks and odd signs."""
    return tree.clean_code(text.replace("－", "-"), field=field, limit=LONGEST).upper()


def sort_key(number: str) -> str:
    """The key that sorts numbers as people read: LD-2 before LD-10."""
    return natural_key(number)[:120]


def series(first: str, last: str) -> list[str]:
    """All numbers from the first to the last: LD-08, LD-09, LD-10. As many digits as the first one has.

    Refuses what does not end in digits, two that begin differently, a last before the first, and too many.
    """
    begin, end = clean_number(first, field="first_no"), clean_number(last, field="last_no")
    here, there = _COUNTED.fullmatch(begin), _COUNTED.fullmatch(end)
    if here is None or there is None:
        raise Invalid(
            "series_not_counted",
            "成批登记的编号要以数字结尾，例如 LD-01 到 LD-60。",
            field="last_no" if here else "first_no",
        )
    if here["stem"] != there["stem"]:
        raise Invalid(
            "series_apart",
            "起止编号的开头要一样，现在一个是「{first}」，一个是「{last}」。",
            field="last_no",
            first=begin,
            last=end,
        )
    low, high = int(here["count"]), int(there["count"])
    if high < low:
        raise Invalid("series_backwards", "止号「{last}」在起号前面，请对调。", field="last_no", last=end)
    if high - low >= MOST_AT_ONCE:
        raise Invalid(
            "series_too_long", "一次最多登记 {most} 个，请分几次。", field="last_no", most=MOST_AT_ONCE
        )
    return [_written(here["stem"], number, len(here["count"])) for number in range(low, high + 1)]


def _written(stem: str, number: int, digits: int) -> str:
    return f"{stem}{number:0{digits}d}"


def counted_name(name: str, number: str) -> str:
    """What one of a series is called: 东路路灯 and LD-07 make 东路路灯7号."""
    match = _COUNTED.fullmatch(number)
    assert match is not None, "a series is counted"
    return f"{name}{int(match['count'])}号"


def next_number(kind: str, of_kind: Iterable[str], taken: Collection[str]) -> str:
    """The number to propose for the next facility of a kind: it goes on where the last one of the kind ends.

    Numbers of retired facilities are taken too: a label is never given to something else. Where the compound
    has no counted number of the kind yet, it begins with the kind's two letters.
    """
    counted = [match for number in of_kind if (match := _COUNTED.fullmatch(number))]
    if counted:
        last = max(counted, key=lambda match: natural_key(match[0]))
        found = _first_free(last["stem"], int(last["count"]) + 1, len(last["count"]), taken)
        if len(found) <= LONGEST:
            return found
    return _first_free(f"{BEGINNINGS[kind]}-", 1, 2, taken)


def _first_free(stem: str, start: int, digits: int, taken: Collection[str]) -> str:
    number = start
    while (found := _written(stem, number, digits)) in taken:
        number += 1
    return found
