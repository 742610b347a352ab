"""``linli demo``: found the demo compound once, and say who can sign in."""

from __future__ import annotations

import os

import click

from linli.ground.kernel.terminal import PlainCommand
from linli.site.management.running import start_framework


@click.command(cls=PlainCommand)
@click.option("--port", default=8000, show_default=True, help="网页的端口，只用来打印网址")
def demo(port: int) -> None:
    """演示小区：按真实步骤走出近一年的故事；已经有了就不再建，数据不丢。

    验证码直接显示在登录页上（LINLI_DEMO=1），不发短信。
    """
    os.environ.setdefault("LINLI_DEMO", "1")
    start_framework()
    from django.utils import timezone

    from linli.ground.kernel.errors import Refusal
    from linli.registry.places import queries as places
    from linli.site.demo import cast, seeding

    try:
        places.compound_by_slug("longqi")
        click.echo("演示小区已经在了，数据原样保留。RESET=1 make demo 可以从头来。")
    except Refusal:
        click.echo("正在建演示小区……")
        seeding.seed(now=timezone.now())
    click.echo(f"\n打开 http://127.0.0.1:{port}/c/longqi/ ，登录 http://127.0.0.1:{port}/login/")
    click.echo("手机号任选一个，验证码会显示在页面上：")
    for character in cast.CAST:
        click.echo(f"  {character.phone}  {character.name}  {character.words}")
