"""Several items on one paper: which matter each item is, and its ballots apart from the others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from linli.civic.voting.domain.ballots import Ballot
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, natural_key, shown

_LIKE_A_CODE = re.compile(r"[A-Z][A-Z_]{3,}")


@dataclass(frozen=True, slots=True)
class Items:
    """What was asked for: the matter of the whole paper, and the matters of items by their labels."""

    matter: str | None
    labels: Mapping[str, str]

    def matter_of(self, item: str, matters: Collection[str]) -> str:
        """The matter an item is. Refuses a label of which nobody said what it is."""
        if item in self.labels:
            return self.labels[item]
        if item in matters or _LIKE_A_CODE.fullmatch(item) or self.matter is None:
            return item
        return self.matter


def read_items(words: Sequence[str]) -> Items:
    """The options ``--item``: at most one plain code, and any number of ``label=CODE``."""
    labels: dict[str, str] = {}
    plain: list[str] = []
    for word in map(fold, words):
        label, equals, code = (part.strip() for part in word.rpartition("="))
        if equals:
            labels[label] = code
        else:
            plain.append(code)
    if len(plain) > 1:
        raise Invalid(
            "items_unclear",
            "--item 写了几个事项（{items}），要写成 名称=事项 的样子，名称与选票的 item 列对应。",
            items="、".join(shown(code) for code in plain),
        )
    if not plain and not labels:
        raise Invalid("item_missing", "缺少 --item，请写明表决事项，如 --item FUND_USE。")
    return Items(plain[0] if plain else None, labels)


def boxes(
    ballots: Iterable[Ballot], asked: Items, *, has_items: bool, matters: Collection[str]
) -> list[tuple[str, list[Ballot]]]:
    """The ballots of every item, the asked ones first as they were asked, then in natural order.

    Without an ``item`` column all ballots are of the asked item. An asked matter that nobody voted on is
    an empty box, unless the items are labels of its own.
    """
    if not has_items:
        if asked.matter is None and len(asked.labels) != 1:
            raise Invalid("item_missing", "选票没有 item 列，只能有一个表决事项，请用 --item 写明是哪个。")
        return [(asked.matter or next(iter(asked.labels)), list(ballots))]
    sorted_out: dict[str, list[Ballot]] = {label: [] for label in asked.labels}
    for ballot in ballots:
        sorted_out.setdefault(ballot.item, []).append(ballot)
    if asked.matter is not None and all(item in matters for item in sorted_out):
        sorted_out.setdefault(asked.matter, [])
    order = {item: place for place, item in enumerate((asked.matter, *asked.labels))}
    return sorted(
        sorted_out.items(), key=lambda box: (order.get(box[0], len(order)), natural_key(box[0]), box[0])
    )
