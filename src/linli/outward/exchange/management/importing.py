"""``linli import``: take a roll over from a file, for one compound or for the whole district."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.ground.kernel.actor import system
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from linli.outward.exchange.actions import TakenOver

SHOWN = 50


@click.group("import", cls=PlainGroup)
def importing() -> None:
    """从文件导入。"""


@importing.command("roll", cls=PlainCommand)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--compound", metavar="SLUG", help="导入到哪个小区：网址 /c/ 后面的那一段")
@click.option(
    "--district",
    is_flag=True,
    help="全区名册：有街道、社区、小区三列的文件，或按 街道/社区/小区.xlsx 摆放的文件夹；没有的小区会新建",
)
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写入")
@click.option("--json", "as_json", is_flag=True, help="结果写成 JSON")
@click.option(
    "--faults",
    type=click.Path(path_type=Path),
    help="把标出问题的工作簿写到这里（.xlsx；导入文件夹时是文件夹）",
)
def roll(
    *, file: Path, compound: str | None, district: bool, dry_run: bool, as_json: bool, faults: Path | None
) -> None:
    """导入业主名册 FILE（.xlsx、.csv，或一个小区一份文件的文件夹），一次全部写入；同一份再导一次，一行也不改。

    退出码：0 全部录入；1 已录入，但有的行有问题、没有录入，逐格列出；2 没有导入，原因写在错误输出里。
    """
    if bool(compound) == district:
        raise Invalid("which_compound", "请写明导入到哪里：--compound 小区，或者 --district 全区，二选一。")
    if file.is_dir() and not district:
        raise Invalid("folder_of_rolls", "“{path}”是文件夹。导入整个文件夹请用 --district。", path=file.name)
    if not file.exists():
        raise Invalid("no_such_file", "找不到文件“{path}”。", path=file.name)
    import django

    django.setup()
    done = _take_over(file, compound, rehearse=dry_run)
    if faults is not None:
        _write_marked(file, done, faults)
    told = _told(done, dry_run)
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else _sentences(told))
    if told["faults"]:
        sys.exit(1)


def _write_marked(file: Path, done: TakenOver, target: Path) -> None:
    """One marked workbook; of a folder, one for each file that has faults."""
    from linli.outward.exchange import adapters, queries

    for one, faults in queries.faults_by_file(file, done.faults):
        here = target if one == file else (target / one.relative_to(file)).with_suffix(".xlsx")
        here.parent.mkdir(parents=True, exist_ok=True)
        queries.write_marked(one, name=one.name, faults=faults, target=here, limits=adapters.COMMAND)


def _take_over(file: Path, slug: str | None, *, rehearse: bool) -> TakenOver:
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from linli.outward.exchange import actions
    from linli.registry.places import queries as places

    compound_id = places.compound_by_slug(slug).pk if slug else None
    with Progress(console=Console(stderr=True), transient=True) as bar, _few_collections():
        task = bar.add_task("正在导入", total=None)
        return actions.take_over(
            actor=system("import"),
            path=file,
            compound_id=compound_id,
            rehearse=rehearse,
            progress=lambda count: bar.update(
                task, advance=count, description=f"已读 {bar.tasks[0].completed + count:.0f} 户"
            ),
            at=timezone.now(),
        )


@contextmanager
def _few_collections() -> Iterator[None]:
    """A roll makes millions of small tuples and no circles; looking for circles would take a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _told(done: TakenOver, dry_run: bool) -> dict[str, object]:
    from linli.outward.exchange.domain.gathering import in_order

    lines = [
        {"sheet": it.sheet, "cell": it.cell, "code": it.code, "warning": it.is_warning, "text": it.sentence}
        for it in in_order(done.faults)
    ]
    return {
        "dry_run": dry_run,
        "rows": done.reading.rows,
        "homes": done.homes,
        "compounds": len({one.compound_id for one in done.imported}),
        "created": sum(one.created for one in done.imported),
        "changed": sum(one.changed for one in done.imported),
        "ended": sum(one.ended for one in done.imported),
        "faults": [line for line in lines if not line["warning"]],
        "warnings": [line for line in lines if line["warning"]],
    }


def _sentences(told: dict[str, object]) -> str:
    verb = "会写入" if told["dry_run"] else "写入"
    lines = [
        f"读到 {told['rows']} 行、{told['homes']} 户，{told['compounds']} 个小区。",
        f"{verb}：新增 {told['created']} 行，更改 {told['changed']} 行，结束 {told['ended']} 行。",
    ]
    for word, key in (("没有录入", "faults"), ("请留意", "warnings")):
        found = told[key]
        assert isinstance(found, list)
        if found:
            lines.append(f"{word}（{len(found)} 处）：")
            lines += [f"  {line['text']}" for line in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"  还有 {len(found) - SHOWN} 处，加 --faults 问题.xlsx 看全部。")
    return "\n".join(lines)
