"""``linli leak-check``: would exact totals give away who voted what?"""

from __future__ import annotations

import click

from linli.civic.voting.domain.reporting import told_leak
from linli.civic.voting.domain.sheet import leak_sheet
from linli.civic.voting.management import inputs
from linli.ground.kernel.decimals import read_whole
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand

MOST_TRIALS = 1000


@click.command("leak-check", cls=PlainCommand)
@inputs.roll_option
@inputs.scope_option
@click.option("--trials", default="8", show_default=True, metavar="N", help="试几次假想的投票。")
@click.option(
    "--seed", default="1", show_default=True, metavar="N", help="随机种子；相同的种子得到相同的结果。"
)
@inputs.json_option
def leak_check(*, roll_file: str, scope_file: str | None, trials: str, seed: str, as_json: bool) -> None:
    """秘密投票前先查：公布精确的面积和人数，会让多少业主投了什么被推算出来。

    例：linli leak-check --roll roll.csv
    """
    from linli.civic.voting.domain.leak import check_leak

    times = read_whole(trials, what="试的次数")
    if not 1 <= times <= MOST_TRIALS:
        raise Invalid("trials_wrong", "试的次数应为 1 到 {most}。", most=MOST_TRIALS)
    given = inputs.read_inputs(roll_file, (), scope_file)
    roll = given.roll(count_parking_area=False)
    leak = check_leak(roll.areas, trials=times, seed=read_whole(seed, what="随机种子"))
    told = told_leak(leak, seed=read_whole(seed, what="随机种子"))
    if as_json:
        inputs.tell_json(told)
    else:
        click.echo(leak_sheet(leak))
