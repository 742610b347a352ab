"""``linli export``: what people take home."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path

import click

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, PlainGroup


@click.group(cls=PlainGroup)
def export() -> None:
    """导出可以带回家核对的东西。"""


@export.command(cls=PlainCommand)
@click.option("--compound", required=True, help="小区的网址名，或日志号；0 是本站自己的日志。")
@click.option("--out", type=click.Path(dir_okay=False), help="写到哪个文件；不写就是 小区名.linli。")
def bundle(compound: str, out: str | None) -> None:
    """把一个小区的日志导成一个文件，任何人可以用 linli verify 或 verifier.py 在家核对。

    导出前先公布一个新的核对点，所以此刻为止的每一步都在里面。文件里没有姓名、电话，也没有核对程序：
    核对程序要从别处拿，见 linli export verifier。
    """
    import django

    django.setup()
    from linli.ground.journal import actions, queries

    at, log_id = datetime.now(UTC), queries.log_named(compound)
    actions.publish_now(log_id=log_id, at=at)
    path = Path(out or f"{compound}.linli")
    _write(path, queries.bundle(log_id, at=at))
    click.echo(f"已导出 {path}（{path.stat().st_size:,} 字节，{queries.size(log_id):,} 条）")
    click.echo(f"公钥：{queries.verifier_key(log_id)}")
    click.echo(f"核对：linli verify {path} --key '{queries.verifier_key(log_id)}'")
    click.echo("请把公钥印在公示栏上：在家核对的人要拿它来对，不能从档案里抄。")


@export.command(cls=PlainCommand)
@click.option(
    "--out", type=click.Path(dir_okay=False), default="verifier.py", show_default=True, help="写到哪个文件。"
)
def verifier(out: str) -> None:
    """把核对程序单独写成一个文件：只用 Python 自带的库，有 Python 就能跑。

    请把它的指纹（SHA-256）印在公示栏上：拿到核对程序的人可以先对一对指纹。
    """
    content = resources.files("linli.ground.journal").joinpath("verifier.py").read_bytes()
    _write(Path(out), [content])
    click.echo(f"已写出 {out}，SHA-256：{sha256(content).hexdigest()}")


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file as a whole or not at all; a full disk or a wrong folder is one sentence."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as file:
            for piece in pieces:
                file.write(piece)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Invalid(
            "file_not_written", "写不了文件“{path}”：{why}。", path=str(path), why=error.strerror
        ) from None
