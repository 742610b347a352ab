"""Turning the pages of long lists by key: always as fast as the first page, and nothing is shown twice.

A page begins after a key (the sort columns of its last row). The key travels in the address as a
cursor signed for that list, so that nobody can make up one; a changed cursor and one of another list are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest

from linli.ground.kernel.errors import Invalid

Row = TypeVar("Row")
Key = list[str | int]
SIZE = 20
AFTER, BEFORE = "after", "before"
_SALT = "linli.cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, with the addresses of the pages around them ("" where there is none)."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def write_cursor(key: Sequence[str | int], *, path: str) -> str:
    """The key as a word for an address, signed for the list at this path."""
    return signing.dumps(list(key), salt=f"{_SALT}:{path}", compress=True)


def read_cursor(cursor: str, *, path: str) -> Key | None:
    """The key of a cursor; None for an empty one. Refuses a changed one, and one of another list."""
    if not cursor:
        return None
    try:
        key: Key = signing.loads(cursor, salt=f"{_SALT}:{path}")
    except (signing.BadSignature, ValueError) as error:
        raise Invalid("bad_cursor", "这个翻页地址不完整。请回到列表第一页再翻。") from error
    return key


def page(
    request: HttpRequest,
    fetch: Callable[[Key | None, Key | None, int], list[Row]],
    key: Callable[[Row], Key],
    *,
    size: int = SIZE,
) -> Page[Row]:
    """The page that the address asks for.

    ``fetch(after, before, limit)`` returns at most ``limit`` rows: those that follow ``after``, or those
    that precede ``before`` nearest first, or the first ones. One more than ``size`` is asked for, which
    tells whether there is another page; nothing is counted.
    """
    after, before = (read_cursor(request.GET.get(name, ""), path=request.path) for name in (AFTER, BEFORE))
    rows = fetch(after, None if after else before, size + 1)
    has_more = len(rows) > size
    rows = rows[:size]
    backwards = before is not None and after is None
    if backwards:
        rows.reverse()
    if not rows:
        return Page([])
    newer = _address(request, BEFORE, key(rows[0])) if (has_more if backwards else after is not None) else ""
    older = _address(request, AFTER, key(rows[-1])) if (backwards or has_more) else ""
    return Page(rows, newer, older)


def _address(request: HttpRequest, name: str, key: Key) -> str:
    kept: list[tuple[str, Any]] = [
        (word, value)
        for word, values in request.GET.lists()
        if word not in (AFTER, BEFORE)
        for value in values
    ]
    return f"{request.path}?{urlencode([*kept, (name, write_cursor(key, path=request.path))])}"
