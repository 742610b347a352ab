"""What may be written into a request, and how a title is found in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import hide_numbers

MAX_TEXT = 2000
MAX_TITLE = 60
MAX_PICTURES = 6


def clean_report(text: str, title: str) -> tuple[str, str]:
    """The report's text and title; the title is the first clause of the text if none was given.

    The title stands in lists and messages, so phone and ID numbers in it are made unreadable.

    Refuses an empty text and one of more than 2,000 characters, saying by how many.
    """
    body = clean_note(text, empty="请写一两句是什么情况，师傅好带对工具。")
    heading = " ".join(title.split())[:MAX_TITLE] or first_clause(body)
    return body, hide_numbers(heading)


def clean_note(text: str, *, empty: str) -> str:
    """A note without trailing blanks; refuses an empty one with the given sentence, and overlong ones."""
    body = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not body:
        raise Invalid("text_missing", empty, field="text")
    if len(body) > MAX_TEXT:
        raise Invalid(
            "text_too_long",
            "写得太长了：最多 {limit} 个字，现在有 {length} 个，请删去 {surplus} 个字。",
            field="text",
            limit=MAX_TEXT,
            length=len(body),
            surplus=len(body) - MAX_TEXT,
        )
    return body


def first_clause(text: str) -> str:
    """The words up to the first full stop or line break, at most 24 characters."""
    clause = re.split(r"[。！？；\n.!?;]", text, maxsplit=1)[0].strip("，, ")
    return clause if len(clause) <= 24 else clause[:23] + "…"


def few_pictures(files: Sequence[str]) -> Sequence[str]:
    """The pictures, refused when there are more than six."""
    if len(files) > MAX_PICTURES:
        raise Invalid(
            "too_many_pictures", "照片最多 {limit} 张，请去掉几张。", field="pictures", limit=MAX_PICTURES
        )
    return files


def readable_reason(text: str) -> str:
    """A reason that is shown to the person concerned; refuses an empty one."""
    return clean_note(text, empty="请写明原因，当事人会看到。")
