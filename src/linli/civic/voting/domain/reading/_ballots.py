"""Reads ballots and instants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from linli.civic.voting.domain.ballots import BEIJING, CHANNEL_RANK, CHOICES, Ballot
from linli.civic.voting.domain.reading._table import Table, read_table
from linli.ground.kernel.calendar import parse_day
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import fold, shown

BALLOT_COLUMNS = ("ballot_no", "unit_code", "voter_id", "choice", "channel", "cast_at")
EARLIEST = datetime(1, 1, 2, tzinfo=BEIJING)

SHORTEST = len("2026-06-01T18:00")
SEPARATORS = frozenset("T ")

_LOOSE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[T ]([0-9]{1,2})(:[0-9]{2}.*)")
_DAY_ENDS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]24:00(?::00)?(?:\+08:00)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_ballots(
    lines: Iterable[str], *, what: str = "表决票", source: str = "", choices: Sequence[str] | None = CHOICES
) -> tuple[list[Ballot], Table]:
    """Ballots: ``ballot_no,unit_code,voter_id,choice,channel,cast_at`` and perhaps ``item``.

    ``choices`` None takes any choice that is not blank (an election whose papers list the chosen).
    """
    table = read_table(lines, what=what, required=BALLOT_COLUMNS, optional=("item",))
    if table.faults:
        return [], table
    table.require_filled("ballot_no", "unit_code", "voter_id", "choice")
    if choices is not None and not table.faults:
        table.require_one_of("choice", choices)
    table.require_one_of("channel", tuple(CHANNEL_RANK))
    times = instants(table, "cast_at")
    if "item" in table.columns:
        table.require_filled("item")
        items = table.columns["item"]
    else:
        items = [""] * len(table)
    columns = table.columns
    cells = (columns[name] for name in BALLOT_COLUMNS[:-1])
    rows = zip(table.rows, *cells, times, items, [source] * len(table), strict=True)
    return list(map(Ballot._make, rows)), table


def instants(table: Table, name: str) -> list[datetime]:
    """A column of instants; at once where every cell is written as it should be."""
    column = table.columns[name]
    if column and min(map(len, column)) >= SHORTEST and {cell[10] for cell in column} <= SEPARATORS:
        try:
            found = {cell: _in_beijing(datetime.fromisoformat(cell)) for cell in set(column)}
            return [found[cell] for cell in column]
        except (ValueError, OverflowError):
            pass
    return table.parsed(name, lambda text: parse_instant(text, what=name), EARLIEST)


def parse_instant(text: str, *, what: str) -> datetime:
    """The instant, in Beijing time; without a zone it is +08:00. Refuses a day without a time."""
    try:
        return _in_beijing(_instant(text))
    except (ValueError, OverflowError):
        raise Invalid(
            "not_an_instant",
            "{what}“{text}”不是有效的时间，应写成 2026-06-01T18:00+08:00 这样。",
            what=what,
            text=shown(text),
        ) from None


def _in_beijing(instant: datetime) -> datetime:
    return instant.replace(tzinfo=BEIJING) if instant.tzinfo is None else instant.astimezone(BEIJING)


def _instant(text: str) -> datetime:
    if len(text) >= SHORTEST and text[10] in SEPARATORS:
        return datetime.fromisoformat(text)
    match = _LOOSE.fullmatch(text)  # as spreadsheets write it: 2026/6/1 9:05
    if match is None:
        raise ValueError(text)
    year, month, day, hour, rest = match.groups()
    return datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}{rest}")


def read_closing(text: str) -> datetime:
    """The closing time. A day alone, or its 24:00, closes at its last moment (民法典第二百零三条第二款)."""
    folded = fold(text)
    day_ends = _DAY.fullmatch(folded) or _DAY_ENDS.fullmatch(folded)
    if day_ends is None:
        return parse_instant(folded, what="截止时间")
    day = parse_day(folded[:10], what="截止时间")
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=BEIJING)
