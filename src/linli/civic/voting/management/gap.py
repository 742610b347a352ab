"""``linli gap``: what is still missing, and in which buildings."""

from __future__ import annotations

import click

from linli.civic.voting.domain import items
from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.gap import find_gap
from linli.civic.voting.domain.reporting import told_gap
from linli.civic.voting.domain.sheet import gap_sheet
from linli.civic.voting.domain.tally import tally as count_ballots
from linli.civic.voting.management import inputs
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand


@click.command(cls=PlainCommand)
@inputs.roll_option
@inputs.ballots_option
@inputs.profile_option
@click.option(
    "--item", required=True, metavar="CODE", help="表决事项，如 FUND_USE；选票有 item 列的，写其中一项。"
)
@click.option("--closed-at", metavar="TIME", help="投票截止时间；不写就不判断逾期。")
@inputs.precedence_option
@inputs.conflicts_option
@inputs.invalid_option
@inputs.scope_option
@inputs.rules_option
@inputs.json_option
def gap(
    *,
    roll_file: str,
    ballot_files: tuple[str, ...],
    profile: str,
    item: str,
    closed_at: str | None,
    precedence: str,
    conflicts: str,
    invalid: str,
    scope_file: str | None,
    rules_files: tuple[str, ...],
    as_json: bool,
) -> None:
    """还差多少面积、多少人，差在哪几栋楼。投票期间随时可以看。

    例：linli gap --roll roll.csv --ballots ballots.csv --item FUND_USE
    """
    options = inputs.options_of(precedence, conflicts, invalid)
    asked = items.read_items([item])
    with inputs.without_collector():
        given = inputs.read_inputs(roll_file, ballot_files, scope_file)
        closing, day = inputs.closing_and_day(closed_at, given.ballots, given.warnings)
        rules = inputs.rules_on(profile, day, rules_files)
        boxes = items.boxes(given.ballots, asked, has_items=given.has_items, matters=rules.matters)
        label, ballots = _box(boxes, next(iter(asked.labels), asked.matter))
        ruling = rules.ruling(asked.matter_of(label, rules.matters))
        roll = given.roll(count_parking_area=ruling.count_parking_area)
        result = count_ballots(ballots, roll, ruling, closed_at=closing, options=options)
        found = find_gap(result, roll, given.areas(count_parking_area=ruling.count_parking_area))
        warnings = [*ruling.warnings, *roll.warnings, *given.warnings]
        told = told_gap(result, found, item=label, warnings=warnings)
        if as_json:
            inputs.tell_json(told)
        else:
            click.echo(gap_sheet(told))


def _box(boxes: list[tuple[str, list[Ballot]]], asked: str | None) -> tuple[str, list[Ballot]]:
    """The box that was asked for, or the only one."""
    for label, ballots in boxes:
        if label == asked or len(boxes) == 1:
            return label, ballots
    raise Invalid("item_unclear", "选票里有几个事项，请用 --item 写明看哪一个，如 --item 屋面=FUND_USE。")
