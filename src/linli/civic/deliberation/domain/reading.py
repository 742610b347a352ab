"""Reads answers and the wording of statements out of csv lines."""

from __future__ import annotations

from collections.abc import Iterable

from linli.civic.deliberation.domain.common_ground import CHOICES, Answer
from linli.civic.voting.domain.reading import Table, read_table

ANSWER_COLUMNS = ("person_id", "statement_id", "choice")


def read_answers(lines: Iterable[str]) -> tuple[list[Answer], Table]:
    """Answers: ``person_id,statement_id,choice``. Who answers a statement twice is noted as a fault."""
    table = read_table(lines, what="表态表", required=ANSWER_COLUMNS)
    if table.faults:
        return [], table
    table.require_filled("person_id", "statement_id")
    table.require_one_of("choice", CHOICES)
    first: dict[tuple[str, str], int] = {}
    cells = zip(table.rows, *(table.columns[name] for name in ANSWER_COLUMNS), strict=True)
    answers = [Answer(*cell) for cell in cells]
    for answer in answers:
        earlier = first.setdefault((answer.person_id, answer.statement_id), answer.row)
        if earlier != answer.row:
            table.fault(answer.row, f"这个人对这条意见在第 {earlier} 行已经表过态。")
    if not table.faults and not answers:
        table.fault(None, "里面没有任何表态。")
    return answers, table


def read_wording(lines: Iterable[str]) -> tuple[dict[str, str], Table]:
    """The wording of statements: ``statement_id,text``."""
    table = read_table(lines, what="意见清单", required=("statement_id", "text"))
    if table.faults:
        return {}, table
    table.require_filled("statement_id", "text")
    table.require_distinct("statement_id")
    return dict(zip(table.columns["statement_id"], table.columns["text"], strict=True)), table
