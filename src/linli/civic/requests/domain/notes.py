"""What the house itself writes into a step; people read it in their own language, the log holds it in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping

DISPATCHED = "交给{body}处理。"
MERGED = "与单号 {number} 是同一件事，并到一起办理。"
COVERED = "照片已遮挡后公开。"
CLEARED = "照片已查看，可以公开。"
HANDED_BACK = "原处理人离岗，单子退回本单位重新安排。"
HANDED_OVER = "原处理人离岗，由{name}接手。"
UNREACHED = "三次联系不上报事人，按规定办结；报事人随时可以要求重办。"
FORGOTTEN = "报事人注销了账号，原话和照片已经删除。"
FORGOTTEN_GOES_ON = "报事人注销了账号，原话和照片已经删除；事情接着办，请也遇到的邻居补充说明。"

WRITTEN = (
    DISPATCHED,
    MERGED,
    COVERED,
    CLEARED,
    HANDED_BACK,
    HANDED_OVER,
    UNREACHED,
    FORGOTTEN,
    FORGOTTEN_GOES_ON,
)
REPORTER, SYSTEM, NEIGHBOUR = "报事人", "系统", "邻居"
"""How those are shown who have no duty."""


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^\\n。]{1,60}?)", re.escape(template)))


_PATTERNS = tuple((template, _pattern(template)) for template in WRITTEN)


def house_note(note: str) -> tuple[str, Mapping[str, str]] | None:
    """The sentence of the house that this note is, and what was filled into it; None for people's own words."""
    for template, pattern in _PATTERNS:
        found = pattern.fullmatch(note)
        if found:
            return template, found.groupdict()
    return None
