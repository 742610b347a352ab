"""Every read of requests, already limited to what the actor may see."""

from linli.civic.requests.models import Channel
from linli.civic.requests.queries._details import (
    Detail,
    abuse_waiting,
    detail,
    mark_of_hands,
    picture_file,
    similar_open,
    story_rows,
)
from linli.civic.requests.queries._lists import (
    PAGE,
    BoardColumn,
    Filters,
    Numbers,
    Row,
    awaiting_me,
    board,
    counts,
    export_rows,
    listed,
    mine,
    numbers,
)
from linli.civic.requests.queries._own import own_data

CHANNEL_WORDS: dict[str, str] = dict(Channel.choices)
"""How each channel is called; Chinese, translated where it is shown."""

__all__ = [
    "CHANNEL_WORDS",
    "PAGE",
    "BoardColumn",
    "Detail",
    "Filters",
    "Numbers",
    "Row",
    "abuse_waiting",
    "awaiting_me",
    "board",
    "counts",
    "detail",
    "export_rows",
    "listed",
    "mark_of_hands",
    "mine",
    "numbers",
    "own_data",
    "picture_file",
    "similar_open",
    "story_rows",
]
