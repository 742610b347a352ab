"""``linli parking gate``: simulate a gate out of a JSON specification."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import TYPE_CHECKING

import click

from linli.ground.kernel.terminal import PlainCommand, read_lines

if TYPE_CHECKING:
    from linli.civic.parking.domain.gate.engines import Engine
    from linli.civic.parking.domain.gate.experiment import GateAnswer
    from linli.civic.parking.domain.gate.specification import GateSpecification

LONGEST_LINE_BYTES = 32 * 2**20
"""A specification that a program wrote stands on one line."""


@click.command(cls=PlainCommand)
@click.argument("spec")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option(
    "--engine",
    type=click.Choice(["auto", "numpy", "numba"]),
    default="auto",
    show_default=True,
    help="用哪个计算引擎；两个引擎在同样的输入上结果一致。",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="用几个进程；个数不改变结果的任何一位。",
)
def gate(spec: str, as_json: bool, engine: str, processes: int) -> None:
    """道闸排队：SPEC 是 JSON 规格文件，- 表示标准输入。

    算平均等候、95% 分位、要等的可能、溢到路上的可能和时间，每个数都带 95% 区间。
    """
    from linli.civic.parking.domain.gate.engines import choose_engine
    from linli.civic.parking.domain.gate.sheet import gate_json, gate_sheet
    from linli.civic.parking.domain.reading_gate import read_gate

    request = read_gate(read_lines(spec, longest_line_bytes=LONGEST_LINE_BYTES))
    chosen = choose_engine(engine, request.specification)
    answer = _simulated(request.specification, chosen, processes)
    if as_json:
        click.echo(json.dumps(gate_json(*request, answer, chosen), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(gate_sheet(*request, answer)))


def _simulated(specification: GateSpecification, engine: Engine, processes: int) -> GateAnswer:
    from linli.civic.parking.domain.gate.experiment import blocks, conclude, run_block, simulate

    parts = blocks(specification)
    if processes == 1 or len(parts) == 1:
        return simulate(specification, engine)
    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=get_context("spawn")) as pool:
        firsts, counts = zip(*parts, strict=True)
        done = pool.map(run_block, repeat(specification), repeat(engine), firsts, counts)
        return conclude(specification, done)
