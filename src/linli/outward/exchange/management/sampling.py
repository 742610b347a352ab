"""``linli sample``: invented rolls to try the import with, tidy ones and messy ones; connects to no database."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linli.outward.exchange.domain.sample_faults import Planted
    from linli.outward.exchange.domain.sample_homes import Compound

ROLLS, PLANTED = "名册", "planted.csv"


@click.group("sample", cls=PlainGroup)
def sample() -> None:
    """造样例数据：人名、电话、小区都是编的。"""


@sample.command("roll", cls=PlainCommand)
@click.option("--compounds", type=int, default=1, show_default=True, help="几个小区")
@click.option("--units", type=int, required=True, help="一共几户")
@click.option("--messy", is_flag=True, help="像物业手里的表一样乱，并混进真错误，另写一份 planted.csv")
@click.option("--seed", type=int, required=True, help="种子：同样的种子，一字不差的文件")
@click.option(
    "--format", "kind", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True,
    help="xlsx 每个小区一份工作簿；csv 全区一个文件",
)  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("样例名册"),
    show_default=True,
    help="写到哪个文件夹",
)
def roll(*, compounds: int, units: int, messy: bool, seed: int, kind: str, out: Path) -> None:
    """造一份业主名册，拿来试 linli import roll。

    一个小区写成 OUT/小区.xlsx；几个小区写成 OUT/名册/街道/社区/小区.xlsx；csv 写成 OUT/全区.csv。
    planted.csv 列出混进去的真错误（表、格、种类、说明），应当和导入列出的一格不差。
    """
    from linli.outward.exchange.adapters import sample_files
    from linli.outward.exchange.domain import sample_homes

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Invalid("not_empty", "“{path}”里已经有东西。请换一个文件夹，或先清空。", path=str(out))
    chance = Random(seed)
    made = sample_homes.compounds(compounds, units, chance)
    out.mkdir(parents=True, exist_ok=True)
    written = (
        _district(out, made, chance, messy)
        if kind == "csv"
        else _books(out, made, chance, messy=messy, several=compounds > 1)
    )
    click.echo(f"写好 {compounds} 个小区、{units} 户：{out}")
    if messy:
        sample_files.write_planted(out / PLANTED, written)
        click.echo(f"混进 {len(written)} 处真错误，列在 {out / PLANTED}")


def _books(
    out: Path, made: Iterator[Compound], chance: Random, *, messy: bool, several: bool
) -> list[Planted]:
    from linli.outward.exchange.adapters import sample_files
    from linli.outward.exchange.domain import sample

    planted: list[Planted] = []
    for compound in made:
        book = sample.messy_book(compound, chance) if messy else sample.tidy_book(compound)
        name = book.compound
        path = Path(f"{name.compound}.xlsx")
        if several:
            path = Path(name.subdistrict, name.community, path)
            planted += [one._replace(sheet=f"{path.as_posix()} {one.sheet}") for one in book.planted]
        else:
            planted += book.planted
        sample_files.write_book(out / ROLLS / path if several else out / path, book)
    return planted


def _district(out: Path, made: Iterator[Compound], chance: Random, messy: bool) -> list[Planted]:
    from linli.outward.exchange.adapters import sample_files
    from linli.outward.exchange.domain import sample

    district = sample.messy_district(made, chance) if messy else sample.tidy_district(made)
    sample_files.write_district(out / f"{district.name}.csv", district)
    return district.planted
