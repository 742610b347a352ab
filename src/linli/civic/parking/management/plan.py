"""``linli parking plan``: choose streets, hours, gates and shared lots out of a JSON specification."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from linli.ground.kernel.terminal import PlainCommand, read_lines

LONGEST_LINE_BYTES = 32 * 2**20
"""A specification that a program wrote stands on one line."""


@click.command(cls=PlainCommand)
@click.argument("spec")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
def plan(spec: str, as_json: bool, quiet: bool) -> None:
    """停车方案：SPEC 是 JSON 规格文件，- 表示标准输入。

    在预算、步行上限和互斥关系之内选路段、时段、道闸设置和错时共享车场；依次比较违规、缺口、溢出、
    步行、费用。总是给出：什么都不做、最便宜的达标方案、推荐、备选、预算曲线，以及没选的路段为什么不选。
    """
    from linli.civic.parking.domain.plan.answer import answer
    from linli.civic.parking.domain.plan.reading import read_plan
    from linli.civic.parking.domain.plan.sheet import plan_json
    from linli.civic.parking.domain.plan.telling import plan_sheet

    specification = read_plan(read_lines(spec, longest_line_bytes=LONGEST_LINE_BYTES))
    with _progress(quiet) as tell, _solver_kept_silent():
        found = answer(specification, tell)
        lines = (
            [json.dumps(plan_json(found), ensure_ascii=False, indent=1)]
            if as_json
            else list(plan_sheet(found))
        )
    click.echo("\n".join(lines))


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on the error output; nothing of it reaches the answer."""
    if quiet:
        yield lambda _done, _total, _part: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        told: list[int] = []

        def tell(done: int, total: int, part: str) -> None:
            bar.update(task, completed=done, total=total, description=part)
            if not console.is_terminal and done not in told:
                told.append(done)
                console.print(f"{done}/{total} {part}")

        yield tell


@contextmanager
def _solver_kept_silent() -> Iterator[None]:
    """HiGHS prints a line now and then straight to the standard output; it must not get into the answer."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
