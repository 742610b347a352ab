"""Names: when two are the same person's, and what the public may read."""

from __future__ import annotations

from linli.ground.kernel.text import fold, mask_name

ERASED_NAME = "已注销"


def same_name(one: str, other: str) -> bool:
    """Whether two written names are the same: widths, blanks, case and the middle dot do not matter."""
    return bool(key(one)) and key(one) == key(other)


def key(name: str) -> str:
    """The form in which names are compared and found."""
    return fold(name).replace(" ", "").replace("·", "").replace("•", "").casefold()


def public(name: str, *, consented: bool) -> str:
    """What a page without a sign-in may show: the full name only of those who agreed to it."""
    return name if consented else mask_name(name)


def mask_label(label: str) -> str:
    """A home for somebody who still has to prove that it is theirs: 3号楼2单元501室 → 3号楼…"""
    folded = fold(label)
    for mark in ("号楼", "栋", "幢", "座", "楼"):
        head, found, rest = folded.partition(mark)
        if found and rest:
            return f"{head}{mark}…"
    head, dash, _ = folded.partition("-")
    return f"{head}{dash}…" if dash else f"{folded[:1]}…"
