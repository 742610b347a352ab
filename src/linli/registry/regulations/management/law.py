"""``linli law``: what the rules of a place ask for, and the statutory dates of an owners' assembly."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from linli.ground.kernel.calendar import Workdays, load_shipped_table, parse_day, read_day_table
from linli.ground.kernel.terminal import PlainCommand, PlainGroup, read_lines
from linli.ground.kernel.text import fold
from linli.registry.regulations.domain import clocks, reporting
from linli.registry.regulations.domain.explaining import deadline_lines, explanation
from linli.registry.regulations.domain.profiles import LawBook
from linli.registry.regulations.queries import law_book_with

_profile = click.option(
    "--profile", required=True, metavar="NAME", help="规则名或行政区划代码，如 cn-3702-qingdao、370211。"
)
_rules = click.option(
    "--rules",
    "rules_files",
    multiple=True,
    metavar="FILE",
    help="另加的规则文件（TOML），如本小区业主大会的约定；可以写多次。",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")


@click.group(cls=PlainGroup)
def law() -> None:
    """按地方和日期查规则：谁来决定、要多少人同意、提前几天通知、最迟哪天做什么。"""


@law.command(cls=PlainCommand)
@_profile
@click.option("--item", required=True, metavar="CODE", help="表决事项，如 FUND_RAISING。")
@click.option("--on", required=True, metavar="DATE", help="哪一天的规则，如 2026-06-01。")
@_rules
@_as_json
def explain(*, profile: str, item: str, on: str, rules_files: tuple[str, ...], as_json: bool) -> None:
    """说清一件事由谁决定、要多少人参加和同意、提前多久通知，写明条文。

    例：linli law explain --profile cn-3702-qingdao --item FUND_RAISING --on 2026-06-01
    """
    rules = _book(rules_files).resolve(fold(profile), on=parse_day(on))
    ruling = rules.ruling(fold(item))
    _tell(reporting.explained(rules, ruling), explanation(rules, ruling), as_json)


@law.command(cls=PlainCommand)
@_profile
@click.option("--meeting", required=True, metavar="DATE", help="业主大会会议（或表决截止）的日期。")
@click.option("--item", metavar="CODE", help="只列这件事要用的日期；不写就全列。")
@click.option("--term-ends", metavar="DATE", help="本届业主委员会任期届满日，用来算换届会议的期限。")
@click.option("--prep-formed", metavar="DATE", help="筹备组成立日，用来算首次业主大会的期限。")
@click.option("--table", metavar="FILE", help="放假安排表 csv，不写就用自带的表。")
@_rules
@_as_json
def deadlines(
    *,
    profile: str,
    meeting: str,
    item: str | None,
    term_ends: str | None,
    prep_formed: str | None,
    table: str | None,
    rules_files: tuple[str, ...],
    as_json: bool,
) -> None:
    """列出业主大会会议前后的法定日期，每个都写明怎样数出来、依据哪一条。

    例：linli law deadlines --profile cn-3702-qingdao --meeting 2026-03-20
    """
    day = parse_day(meeting)
    rules = _book(rules_files).resolve(fold(profile), on=day)
    item = None if item is None else fold(item)
    if item is not None:
        rules.ruling(item)
    found = clocks.deadlines(
        rules,
        meeting=day,
        workdays=Workdays(read_day_table(read_lines(table)) if table else load_shipped_table()),
        item=item,
        term_ends=_day(term_ends),
        prep_formed=_day(prep_formed),
    )
    _tell(reporting.dated(rules, day, found), "\n".join(deadline_lines(rules, found)), as_json)


@law.command("list", cls=PlainCommand)
@_rules
@_as_json
def list_rules(rules_files: tuple[str, ...], as_json: bool) -> None:
    """列出收录的规则、地区和表决事项。"""
    book = _book(rules_files)
    _tell(reporting.listed(book), "\n".join(reporting.list_lines(book)), as_json)


def _book(rules_files: tuple[str, ...]) -> LawBook:
    return law_book_with({path: "".join(read_lines(path)) for path in rules_files})


def _day(text: str | None) -> date | None:
    return None if text is None else parse_day(text)


def _tell(answer: dict[str, Any], text: str, as_json: bool) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else text)
