"""Which move is possible from where, in tables that a clerk could check."""

from __future__ import annotations

import pytest

from linli.civic.requests.domain import workflow
from linli.civic.requests.domain.workflow import Move, Status
from linli.ground.kernel.errors import Conflict
from tests.refusing import refused

# From where → what may be done there (besides hiding texts and covering photos, which is always possible).
POSSIBLE = """
received   dispatch forward refuse withdraw merge correct note nudge reclassify
dispatched dispatch return_order accept wait forward withdraw merge correct note nudge hand_over reclassify
accepted   dispatch return_order arrive wait finish forward withdraw correct note nudge hand_over reclassify
on_site    dispatch wait finish correct note nudge hand_over reclassify
waiting    dispatch resume forward withdraw correct note nudge hand_over reclassify
done       confirm close_unreached reopen correct note attempt
confirmed  reopen rate
forwarded  take_back withdraw correct note nudge
refused
withdrawn
merged
"""


@pytest.mark.parametrize("line", POSSIBLE.strip().splitlines())
def test_what_may_be_done_with_a_request(line: str):
    status, *moves = line.split()
    always = {Move.MODERATE, Move.RESTORE, Move.REDACT}
    assert set(workflow.possible_moves(Status(status))) == {Move(move) for move in moves} | always


@pytest.mark.parametrize(
    ("status", "move", "leads_to"),
    [
        ("received", "dispatch", "dispatched"),
        ("dispatched", "accept", "accepted"),
        ("accepted", "arrive", "on_site"),
        ("on_site", "finish", "done"),
        ("done", "confirm", "confirmed"),
        ("confirmed", "rate", "confirmed"),
        ("done", "reopen", "dispatched"),
        ("confirmed", "reopen", "dispatched"),
        ("on_site", "wait", "waiting"),
        ("waiting", "resume", "on_site"),
        ("received", "forward", "forwarded"),
        ("forwarded", "take_back", "received"),
        ("accepted", "return_order", "received"),
        ("on_site", "hand_over", "dispatched"),
    ],
)
def test_where_a_move_leads(status, move, leads_to):
    assert workflow.next_status(Move(move), Status(status)) == leads_to


def test_a_move_that_is_not_possible_says_where_the_request_stands():
    with pytest.raises(Conflict) as refused:
        workflow.next_status(Move.ACCEPT, Status.DONE)
    assert refused.value.message == "这件诉求现在是「等您确认」，不能接单。请刷新页面看最新进展。"


@pytest.mark.parametrize(("times", "is_left"), [(0, True), (1, True), (2, False), (3, False)])
def test_the_third_reopening_belongs_to_deliberation(times, is_left):
    if is_left:
        workflow.require_reopening_left(times)
    else:
        with refused(Conflict, "reopened_too_often"):
            workflow.require_reopening_left(times)


@pytest.mark.parametrize(
    ("status", "bar"),
    [
        ("received", "已提交✓ 已受理● 已派单 处理中 您确认"),
        ("accepted", "已提交✓ 已受理✓ 已派单● 处理中 您确认"),
        ("waiting", "已提交✓ 已受理✓ 已派单✓ 处理中● 您确认"),
        ("done", "已提交✓ 已受理✓ 已派单✓ 处理中✓ 您确认●"),
        ("confirmed", "已提交✓ 已受理✓ 已派单✓ 处理中✓ 您确认✓"),
    ],
)
def test_the_bar_of_five_steps(status, bar):
    marks = {"done": "✓", "now": "●", "todo": ""}
    assert " ".join(word + marks[state] for word, state in workflow.step_states(Status(status))) == bar
