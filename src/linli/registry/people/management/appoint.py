"""``linli appoint``: the first duty of an installation, which nobody could give from a page."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from linli.ground.kernel.actor import RoleName, system
from linli.ground.kernel.terminal import PlainCommand

ROLES = [name.value for name in RoleName]


@click.command(cls=PlainCommand)
@click.argument("phone")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default=RoleName.OPERATOR.value, show_default=True, help="职务。"
)
@click.option("--place", type=int, required=True, help="在哪里：地方的编号，区、街道、社区或小区。")
def appoint(phone: str, name: str, role: str, place: int) -> None:
    """任命 PHONE（手机号）的 NAME（姓名）担任一项职务，通常是本站的第一位平台运维。

    对方用这个手机号登录，第一次登录要设置动态验证码；其余的人由他在网页上任命。
    """
    import django

    django.setup()
    from linli.registry.people import actions
    from linli.registry.people.domain import roles
    from linli.registry.places import queries as places

    found = places.place(place)
    given = actions.invite_staff(
        actor=system("appoint"),
        phone=phone,
        name=name,
        role=RoleName(role),
        place=found,
        at=datetime.now(UTC),
    )
    click.echo(f"已任命 {name} 为{found.name}的{roles.label(given.role)}，请用手机号登录。")
