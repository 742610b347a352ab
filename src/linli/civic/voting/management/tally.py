"""``linli tally``: count ballots by area and by heads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import click

from linli.civic.voting.domain import items, reading
from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.deeming import Deemed, Delivery, deem
from linli.civic.voting.domain.digest import digest_of_deliveries
from linli.civic.voting.domain.reporting import told_result
from linli.civic.voting.domain.sheet import result_sheet
from linli.civic.voting.domain.tally import Options, Result
from linli.civic.voting.domain.tally import tally as count_ballots
from linli.civic.voting.management import inputs
from linli.ground.kernel.terminal import PlainCommand, read_lines
from linli.registry.regulations.domain.profiles import Ruling


@dataclass(slots=True)
class _Counted:
    """One item's result on its way to the reader."""

    item: str
    result: Result
    warnings: list[str] = field(default_factory=list)
    deemed: Deemed | None = None


@click.command(cls=PlainCommand)
@inputs.roll_option
@inputs.ballots_option
@inputs.profile_option
@click.option(
    "--item",
    "item_words",
    multiple=True,
    metavar="CODE",
    help="表决事项，如 FUND_USE；选票有 item 列的，可写 屋面=FUND_USE 说明每项是什么事，写几次。",
)
@click.option("--closed-at", required=True, metavar="TIME", help="投票截止时间，如 2026-06-01T18:00+08:00。")
@inputs.precedence_option
@inputs.conflicts_option
@inputs.invalid_option
@click.option(
    "--deemed",
    "deemed_file",
    metavar="CSV",
    help="送达表（unit_code,delivered_at）：并列给出“未投票的视为从多”的结果。",
)
@inputs.scope_option
@inputs.rules_option
@inputs.json_option
def tally(
    *,
    roll_file: str,
    ballot_files: tuple[str, ...],
    profile: str,
    item_words: tuple[str, ...],
    closed_at: str,
    precedence: str,
    conflicts: str,
    invalid: str,
    deemed_file: str | None,
    scope_file: str | None,
    rules_files: tuple[str, ...],
    as_json: bool,
) -> None:
    """按面积和人数计票，出一张看得懂的结果单。

    例：linli tally --roll roll.csv --ballots ballots.csv --item FUND_USE --closed-at 2026-06-01T18:00+08:00
    """
    options = inputs.options_of(precedence, conflicts, invalid)
    asked = items.read_items(item_words)
    with inputs.without_collector():
        given = inputs.read_inputs(roll_file, ballot_files, scope_file)
        deliveries = _deliveries(deemed_file, given)
        closing = reading.read_closing(closed_at)
        rules = inputs.rules_on(profile, closing.date(), rules_files)
        counted = [
            _count(given, box, rules.ruling(asked.matter_of(box[0], rules.matters)), closing, options)
            for box in items.boxes(given.ballots, asked, has_items=given.has_items, matters=rules.matters)
        ]
        if deliveries is not None:
            _deem(counted, given, deliveries)
        _tell(counted, given, as_json)


def _deliveries(path: str | None, given: inputs.Inputs) -> list[Delivery] | None:
    if path is None:
        return None
    found, table = reading.read_deliveries(read_lines(path))
    table.finish()
    given.digests["deliveries"] = digest_of_deliveries(found)
    return found


def _count(
    given: inputs.Inputs,
    box: tuple[str, list[Ballot]],
    ruling: Ruling,
    closing: datetime,
    options: Options,
) -> _Counted:
    item, ballots = box
    roll = given.roll(count_parking_area=ruling.count_parking_area)
    result = count_ballots(ballots, roll, ruling, closed_at=closing, options=options)
    warnings = [*ruling.warnings, *roll.warnings, *given.warnings, *inputs.parking_hint(given, ruling)]
    return _Counted(item, result, warnings)


def _deem(counted: list[_Counted], given: inputs.Inputs, deliveries: list[Delivery]) -> None:
    """Add the deemed result to the ordinary matters. Refuses where there is none."""
    ordinary = [one for one in counted if one.result.ruling.kind == "ordinary"]
    for one in ordinary or counted:
        roll = given.roll(count_parking_area=one.result.ruling.count_parking_area)
        one.deemed = deem(one.result, roll, deliveries)
    for one in counted:
        if one.deemed is None:
            one.warnings.append("重大事项不适用“未投票的视为从多”，只按严格计票。")


def _tell(counted: list[_Counted], given: inputs.Inputs, as_json: bool) -> None:
    told = [
        told_result(
            one.result, item=one.item, deemed=one.deemed, warnings=_warnings(one), digests=given.digests
        )
        for one in counted
    ]
    if as_json:
        answer = dict(told[0])
        if given.has_items:
            answer["items"] = {one["item"]: one for one in told}
        inputs.tell_json(answer)
        return
    pages = [
        result_sheet(
            one.result, item=one.item, deemed=one.deemed, warnings=_warnings(one), digest=told["digest"]
        )
        for one, told in zip(counted, told, strict=True)
    ]
    click.echo("\n\n".join(pages))


def _warnings(one: _Counted) -> list[str]:
    flips = (
        ["共有人意见不一的票或者无效票换一种算法，结果就不同，宣布前请先核实。"]
        if one.result.sensitivity
        else []
    )
    repeated = len(one.result.standing.duplicates)
    if repeated:
        flips.append(f"有 {repeated} 行票号重复，只算每个票号的第一行。")
    return [*one.warnings, *flips]
