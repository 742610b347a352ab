"""``linli parking occupancy``: simulate the bays of a compound through a day, out of a JSON specification."""

from __future__ import annotations

import json

import click

from linli.ground.kernel.terminal import PlainCommand, read_lines

LONGEST_LINE_BYTES = 32 * 2**20
"""A specification that a program wrote stands on one line."""


@click.command(cls=PlainCommand)
@click.argument("spec")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option(
    "--engine",
    type=click.Choice(["numpy", "numba"]),
    default="numpy",
    show_default=True,
    help="用哪个计算引擎；两个引擎的结果一致。",
)
def occupancy(spec: str, as_json: bool, engine: str) -> None:
    """车位占用：SPEC 是 JSON 规格文件，- 表示标准输入。

    从零点的存车算起，每小时停着多少、想停多少、停不进多少，给出 5%、50%、95% 的日子。
    """
    from linli.civic.parking.domain.gate.engines import available_engine
    from linli.civic.parking.domain.occupancy.experiment import simulate_days
    from linli.civic.parking.domain.occupancy.sheet import occupancy_json, occupancy_sheet
    from linli.civic.parking.domain.occupancy_reading import read_occupancy

    request = read_occupancy(read_lines(spec, longest_line_bytes=LONGEST_LINE_BYTES))
    chosen = available_engine(engine)
    days, fleet = simulate_days(request.specification, chosen)
    if as_json:
        answer = occupancy_json(*request, days, fleet, chosen)
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(occupancy_sheet(*request, days)))
