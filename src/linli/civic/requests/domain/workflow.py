"""The life of a request as a table: which move is possible from where, and where it leads.

A clerk, the test and the code read the same lines. Source: workflows of a 接诉即办 chain
(受理、派单、接单、到场、办完、确认), 北京市接诉即办工作条例 arts. 10–15 as the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from linli.ground.kernel.errors import Conflict


class Status(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    WAITING = "waiting"
    DONE = "done"
    CONFIRMED = "confirmed"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


STATUS_WORDS: dict[Status, str] = {
    Status.RECEIVED: "已受理",
    Status.DISPATCHED: "已派单",
    Status.ACCEPTED: "已接单",
    Status.ON_SITE: "处理中",
    Status.WAITING: "等待中",
    Status.DONE: "等您确认",
    Status.CONFIRMED: "已办结",
    Status.FORWARDED: "已转交",
    Status.REFUSED: "不予受理",
    Status.WITHDRAWN: "已撤回",
    Status.MERGED: "已并案",
}

OPEN = frozenset(
    {
        Status.RECEIVED,
        Status.DISPATCHED,
        Status.ACCEPTED,
        Status.ON_SITE,
        Status.WAITING,
        Status.DONE,
        Status.FORWARDED,
    }
)
"""A request counts as open until the resident has confirmed it or it ended another way."""

IN_WORK = frozenset({Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE, Status.WAITING})
CLOCK_RUNS = frozenset({Status.RECEIVED, Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE, Status.WAITING})
"""The promised day counts while somebody still owes work; waiting does not stop it, a reason explains it."""


class Move(StrEnum):
    """What can be done to a request; each is an action, a step and an entry of the log."""

    REPORT = "report"
    DISPATCH = "dispatch"
    RETURN_ORDER = "return_order"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    WAIT = "wait"
    RESUME = "resume"
    FINISH = "finish"
    CONFIRM = "confirm"
    CLOSE_UNREACHED = "close_unreached"
    REOPEN = "reopen"
    RATE = "rate"
    FORWARD = "forward"
    TAKE_BACK = "take_back"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    CORRECT = "correct"
    NOTE = "note"
    NUDGE = "nudge"
    MODERATE = "moderate"
    RESTORE = "restore"
    RECLASSIFY = "reclassify"
    ATTEMPT = "attempt"
    REDACT = "redact"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states a move is possible; ``to`` is None where the state stays."""

    words: str
    sources: frozenset[Status]
    to: Status | None


def _from(*states: Status) -> frozenset[Status]:
    return frozenset(states)


S = Status
RULES: dict[Move, Rule] = {
    Move.REPORT: Rule("提交诉求", frozenset(), S.RECEIVED),
    Move.DISPATCH: Rule(
        "派单", _from(S.RECEIVED, S.DISPATCHED, S.ACCEPTED, S.ON_SITE, S.WAITING), S.DISPATCHED
    ),
    Move.RETURN_ORDER: Rule("退单", _from(S.DISPATCHED, S.ACCEPTED), S.RECEIVED),
    Move.ACCEPT: Rule("接单", _from(S.DISPATCHED), S.ACCEPTED),
    Move.ARRIVE: Rule("到场", _from(S.ACCEPTED), S.ON_SITE),
    Move.WAIT: Rule("暂停等待", _from(S.DISPATCHED, S.ACCEPTED, S.ON_SITE), S.WAITING),
    Move.RESUME: Rule("继续处理", _from(S.WAITING), S.ON_SITE),
    Move.FINISH: Rule("办完", _from(S.ACCEPTED, S.ON_SITE), S.DONE),
    Move.CONFIRM: Rule("确认修好", _from(S.DONE), S.CONFIRMED),
    Move.CLOSE_UNREACHED: Rule("三次联系不上，办结", _from(S.DONE), S.CONFIRMED),
    Move.REOPEN: Rule("还没好，重办", _from(S.DONE, S.CONFIRMED), S.DISPATCHED),
    Move.RATE: Rule("评价", _from(S.CONFIRMED), None),
    Move.FORWARD: Rule("转交", _from(S.RECEIVED, S.DISPATCHED, S.ACCEPTED, S.WAITING), S.FORWARDED),
    Move.TAKE_BACK: Rule("收回转交", _from(S.FORWARDED), S.RECEIVED),
    Move.REFUSE: Rule("不予受理", _from(S.RECEIVED), S.REFUSED),
    Move.WITHDRAW: Rule(
        "撤回", _from(S.RECEIVED, S.DISPATCHED, S.ACCEPTED, S.WAITING, S.FORWARDED), S.WITHDRAWN
    ),
    Move.MERGE: Rule("并案", _from(S.RECEIVED, S.DISPATCHED), S.MERGED),
    Move.CORRECT: Rule("补充更正", OPEN, None),
    Move.NOTE: Rule("记录", OPEN, None),
    Move.NUDGE: Rule("催办", CLOCK_RUNS | {S.FORWARDED}, None),
    Move.ATTEMPT: Rule("联系报事人", _from(S.DONE), None),
    Move.HAND_OVER: Rule("换人处理", IN_WORK, S.DISPATCHED),
    Move.MODERATE: Rule("隐藏文字", frozenset(Status), None),
    Move.RESTORE: Rule("恢复文字", frozenset(Status), None),
    Move.RECLASSIFY: Rule("改类别", CLOCK_RUNS, None),
    Move.REDACT: Rule("遮挡照片", frozenset(Status), None),
}

MAX_REOPENINGS = 2
"""A third "still not good" goes to deliberation instead of round the same circle again."""

CONTACT_ATTEMPTS = 3
"""Without an answer a request may be closed only after this many dated attempts to reach the reporter."""


def next_status(move: Move, status: Status) -> Status:
    """The state a move leads to; refuses a move that is not possible from here, saying what is."""
    rule = RULES[move]
    if status not in rule.sources:
        raise Conflict(
            "move_not_possible",
            "这件诉求现在是「{status}」，不能{move}。请刷新页面看最新进展。",
            status=STATUS_WORDS[status],
            move=rule.words,
        )
    return rule.to or status


def possible_moves(status: Status) -> tuple[Move, ...]:
    """Every move that the state admits, in the order of the table."""
    return tuple(move for move, rule in RULES.items() if status in rule.sources)


def require_reopening_left(reopen_count: int) -> None:
    """Refuse a third reopening: it belongs on the table of the next deliberation."""
    if reopen_count >= MAX_REOPENINGS:
        raise Conflict(
            "reopened_too_often",
            "这件事已经重办 {count} 次，请提到议事会上解决，业委会会联系您。",
            count=reopen_count,
        )


STEPS: tuple[tuple[str, frozenset[Status]], ...] = (
    ("已提交", frozenset()),
    ("已受理", _from(S.RECEIVED, S.FORWARDED)),
    ("已派单", _from(S.DISPATCHED, S.ACCEPTED)),
    ("处理中", _from(S.ON_SITE, S.WAITING)),
    ("您确认", _from(S.DONE)),
)


def step_states(status: Status) -> list[tuple[str, str]]:
    """The five-step bar: each step's word with ``done``, ``now`` or ``todo``."""
    if status == Status.CONFIRMED:
        return [(word, "done") for word, _ in STEPS]
    current = next((place for place, (_, states) in enumerate(STEPS) if status in states), 0)
    return [
        (word, "done" if place < current else "now" if place == current else "todo")
        for place, (word, _) in enumerate(STEPS)
    ]
