"""``linli opinions``: camps and common ground out of agree, disagree and pass."""

from __future__ import annotations

import json

import click

from linli.ground.kernel.terminal import PlainCommand, read_lines


@click.command(cls=PlainCommand)
@click.argument("votes_file", metavar="VOTES.CSV")
@click.option("--statements", "statements_file", metavar="CSV", help="意见的文字：statement_id,text。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def opinions(*, votes_file: str, statements_file: str | None, as_json: bool) -> None:
    """从同意、不同意、跳过里找出营垒和共识，每条共识都说出理由。

    VOTES.CSV 有 person_id、statement_id、choice 三列，choice 是 agree、disagree 或 pass。

    例：linli opinions votes.csv --statements statements.csv
    """
    from linli.civic.deliberation.domain import common_ground, reading, reporting

    answers, table = reading.read_answers(read_lines(votes_file))
    table.finish()
    wording: dict[str, str] = {}
    if statements_file is not None:
        wording, table = reading.read_wording(read_lines(statements_file))
        table.finish()
    found = common_ground.find_opinions(answers)
    if as_json:
        click.echo(json.dumps(reporting.told_opinions(found, wording), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(reporting.opinion_lines(found, wording)))
