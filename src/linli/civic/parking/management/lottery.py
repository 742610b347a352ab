"""``linli parking lottery``: commit to a secret, and draw by it."""

from __future__ import annotations

import csv
import json
import sys

import click

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, read_lines


@click.command(cls=PlainCommand)
@click.argument("applicants", required=False)
@click.option("--commit", metavar="秘密", help="先做这一步：算出秘密的承诺值，公布它，秘密自己收好。")
@click.option("--seed-commitment", metavar="承诺值", help="事先公布的承诺值，64 位十六进制数。")
@click.option("--secret", metavar="秘密", help="现在公开的秘密。")
@click.option("--public-value", metavar="文字", help="事先约定、报名截止后才知道的公开数，如某期彩票号码。")
@click.option("--bays", metavar="个数", help="有几个车位。")
@click.option(
    "--order", default="", metavar="各条", help="先后顺序；不写就是 standing,car_order,need,memory。"
)
@click.option("--csv", "as_csv", is_flag=True, help="以 csv 输出，末两列是下一期要记住的。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def lottery(applicants: str | None, **given: str | bool | None) -> None:
    """车位摇号：先公布秘密的承诺值，报名截止后再公开秘密；谁都能重摇一遍，名单一字不差。

    APPLICANTS 是 csv：applicant_id,household,standing,car_order，还可以有 need,lost_terms,had_bay。

    例：linli parking lottery --commit 4f9c…（随机的一串）
    例：linli parking lottery applicants.csv --seed-commitment … --secret … --public-value 双色球2026131期 --bays 40
    """
    from linli.civic.parking.domain.lottery import drawing, reading, sheet

    if given["commit"] is not None:
        click.echo(drawing.commitment_of(str(given["commit"])))
        return
    if applicants is None:
        raise Invalid("no_applicants", "请写申请表的文件名；只算承诺值的，写 --commit 秘密。")
    opening = drawing.Opening(
        *(_needed(given, name) for name in ("seed_commitment", "secret", "public_value"))
    )
    bays, criteria = reading.read_bays(_needed(given, "bays")), reading.read_order(str(given["order"]))
    found, table = reading.read_applicants(read_lines(applicants))
    table.finish()
    drawn = drawing.draw(found, bays=bays, opening=opening, criteria=criteria)
    if given["as_json"]:
        click.echo(json.dumps(sheet.lottery_json(drawn), ensure_ascii=False, indent=1))
    elif given["as_csv"]:
        csv.writer(sys.stdout, lineterminator="\n").writerows(sheet.lottery_rows(drawn))
    else:
        click.echo("\n".join(sheet.lottery_sheet(drawn)))


def _needed(given: dict[str, str | bool | None], name: str) -> str:
    value = given[name]
    if not value:
        raise Invalid("option_missing", "缺少 --{option}。", option=name.replace("_", "-"))
    return str(value)
