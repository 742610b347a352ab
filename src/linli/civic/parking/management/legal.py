"""``linli parking legal``: every bay of a site against the rules in force."""

from __future__ import annotations

import json
import sys
from datetime import date

import click

from linli.ground.kernel.terminal import PlainCommand, read_lines

LONGEST_LINE_BYTES = 32 * 2**20
"""A site that a program wrote stands on one line."""


@click.command(cls=PlainCommand)
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取；findings 可以直接放进方案。")
def legal(site: str, as_json: bool) -> None:
    """合规检查：SITE 是 JSON 文件，写明车位的多边形、周围的消防通道、路口等，- 表示标准输入。

    每个车位对每条规则量一遍（按多边形量，不按外框），报出实测的米数、条款和负责的单位。有阻断时退出码是 1。
    """
    from linli.civic.parking.domain.legal import geometry
    from linli.civic.parking.domain.legal.checking import check_site
    from linli.civic.parking.domain.legal.sheet import legal_json, legal_sheet
    from linli.civic.parking.domain.legal.site import read_site

    geometry.require()
    read = read_site(read_lines(site, longest_line_bytes=LONGEST_LINE_BYTES), today=date.today())
    checked = check_site(read)
    if as_json:
        click.echo(json.dumps(legal_json(checked), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(legal_sheet(checked)))
    sys.exit(1 if "blocked" in checked.verdicts().values() else 0)
