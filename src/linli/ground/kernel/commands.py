"""The rule commands of the kernel: ``rmb``, ``workdays``, ``apportion``, ``check-code``, no framework."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime, timedelta, timezone
from time import time

import click

from linli.ground.kernel import apportionment, calendar, codes, money
from linli.ground.kernel.decimals import read_whole
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.reading import one_sentence
from linli.ground.kernel.terminal import NO_SHORT_OPTIONS, PlainCommand, PlainGroup, read_lines
from linli.ground.kernel.text import shown

BEIJING = timezone(timedelta(hours=8))
_as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")


def _print_json(answer: dict[str, object]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))


@click.command(cls=PlainCommand, context_settings=NO_SHORT_OPTIONS)
@click.argument("fen")
def rmb(fen: str) -> None:
    """金额（单位：分）写成人民币大写。

    例：linli rmb 1640902 → 壹万陆仟肆佰零玖元零贰分
    """
    click.echo(money.rmb_words(read_whole(fen, what="金额（分）")))


@click.group(cls=PlainGroup)
@click.option("--table", metavar="FILE", help="放假安排表 csv（date,name,is_off_day），不写就用自带的表。")
@click.pass_context
def workdays(ctx: click.Context, table: str | None) -> None:
    """数工作日：按国务院办公厅每年的放假安排，含调休。

    没有那一年的放假安排表时退出码为 2。
    """
    lines = read_lines(table) if table else None
    ctx.obj = calendar.Workdays(
        calendar.load_shipped_table() if lines is None else calendar.read_day_table(lines)
    )


@workdays.command(cls=PlainCommand, context_settings=NO_SHORT_OPTIONS)
@click.argument("start")
@click.argument("count")
@_as_json
@click.pass_obj
def add(clock: calendar.Workdays, start: str, count: str, as_json: bool) -> None:
    """START 之后第 COUNT 个工作日（START 当天不算；COUNT 为负则往前数）。

    例：linli workdays add 2026-02-13 5 → 2026-02-27
    """
    first, wanted = calendar.parse_day(start), read_whole(count, what="工作日数")
    _tell_day(clock.add_working_days(first, wanted), as_json)


@workdays.command(cls=PlainCommand)
@click.argument("start")
@click.argument("end")
@_as_json
@click.pass_obj
def between(clock: calendar.Workdays, start: str, end: str, as_json: bool) -> None:
    """START 之后到 END 为止有几个工作日（START 不算，END 算；END 更早则为负）。

    例：linli workdays between 2026-02-13 2026-02-27 → 5
    """
    first, last = calendar.parse_day(start), calendar.parse_day(end)
    counted = clock.working_days_between(first, last)
    if as_json:
        _print_json({"start": str(first), "end": str(last), "working_days": counted})
    else:
        click.echo(counted)


@workdays.command("is", cls=PlainCommand)
@click.argument("day")
@_as_json
@click.pass_context
def is_working(ctx: click.Context, day: str, as_json: bool) -> None:
    """DAY 是不是工作日：是则退出码 0，不是则 1。"""
    clock, asked = ctx.obj, calendar.parse_day(day)
    working = clock.is_working_day(asked)
    name = clock.table.names.get(asked)
    if as_json:
        _print_json({"date": str(asked), "working_day": working, "name": name})
    else:
        click.echo(f"{asked} {_kind_of_day(working, name)}。")
    ctx.exit(0 if working else 1)


def _kind_of_day(working: bool, name: str | None) -> str:
    if working:
        return f"是工作日（{name}调休上班）" if name else "是工作日"
    return f"是休息日（{name}放假）" if name else "是休息日（周末）"


@workdays.command("end", cls=PlainCommand)
@click.argument("start")
@click.option("--days", metavar="N", help="按日计")
@click.option("--months", metavar="N", help="按月计")
@click.option("--years", metavar="N", help="按年计")
@_as_json
@click.pass_obj
def period_end(clock: calendar.Workdays, /, start: str, as_json: bool, **spans: str | None) -> None:
    """从 START 起算的期间哪天届满（民法典第二百零一条至第二百零三条）。

    START 当天不算；最后一天休息的，顺延到下一个工作日。
    例：linli workdays end 2026-09-20 --days 15 → 2026-10-08
    """
    first = calendar.parse_day(start)
    given = {unit: read_whole(count, what="期间") for unit, count in spans.items() if count is not None}
    _tell_day(clock.period_end(first, **given), as_json)


@workdays.command(cls=PlainCommand, context_settings=NO_SHORT_OPTIONS)
@click.argument("day")
@click.argument("count")
@_as_json
@click.pass_obj
def before(clock: calendar.Workdays, day: str, count: str, as_json: bool) -> None:
    """DAY 之前 COUNT 天是哪天（自然日，往前数从不顺延）。

    例：linli workdays before 2026-03-20 15 → 2026-03-05
    """
    last, days = calendar.parse_day(day), read_whole(count, what="天数")
    _tell_day(clock.days_before(last, days), as_json)


def _tell_day(day: date, as_json: bool) -> None:
    if as_json:
        _print_json({"date": str(day)})
    else:
        click.echo(day)


@click.command(cls=PlainCommand)
@click.option("--total-fen", required=True, metavar="FEN", help="总金额（单位：分）。")
@click.argument("weights_file", metavar="WEIGHTS.CSV")
@_as_json
def apportion(total_fen: str, weights_file: str, as_json: bool) -> None:
    """把一笔钱按权重分到每户，一分不差（最大余额法）。

    WEIGHTS.CSV 有 unit_code 和 weight 两列，权重为整数或小数；写 - 则从标准输入读取。
    余下的分给余额最大的户，相同时按户号的自然顺序。
    """
    total = read_whole(total_fen, what="总金额（分）")
    weights, faults = apportionment.read_weights(read_lines(weights_file))
    if faults:
        raise Invalid("weights_faults", "{faults}", faults=one_sentence(faults))
    parts = apportionment.apportion(total, weights)
    if as_json:
        rows = [{"unit_code": code, "amount_fen": amount} for code, amount in parts]
        _print_json({"total_fen": total, "method": "largest_remainder", "rows": rows})
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([("unit_code", "amount_fen"), *parts])


def _citizen_id(text: str) -> str:
    today = datetime.fromtimestamp(time(), BEIJING).date()
    return codes.check_citizen_id(text, today=today)


_CODES = {
    "USCC": ("统一社会信用代码", codes.check_uscc),
    "ID": ("公民身份号码", _citizen_id),
    "MOBILE": ("手机号", codes.check_mobile),
    "PLATE": ("车牌号", codes.check_plate),
}


@click.command("check-code", cls=PlainCommand)
@click.argument("kind")
@click.argument("text")
@_as_json
@click.pass_context
def check_code(ctx: click.Context, kind: str, text: str, as_json: bool) -> None:
    """核对一个号码：KIND 为 USCC、ID、MOBILE 或 PLATE；对则退出码 0，不对则 1。

    例：linli check-code USCC 91350100M000100Y43
    """
    if kind.upper() not in _CODES:
        raise Invalid("code_kind", "不认识“{kind}”，应为 USCC、ID、MOBILE 或 PLATE。", kind=shown(kind))
    name, check = _CODES[kind.upper()]
    try:
        code, reason = check(text), None
    except Invalid as refusal:
        code, reason = None, refusal.message
    if as_json:
        _print_json({"kind": kind.upper(), "valid": reason is None, "code": code, "reason": reason})
    else:
        click.echo(reason or f"{code} 是有效的{name}。")
    ctx.exit(0 if reason is None else 1)
