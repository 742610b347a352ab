"""``linli parking``: the group of the parking commands; each is imported only when it is called."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

import click

from linli.ground.kernel.terminal import PlainGroup

_ROOM = "linli.civic.parking.management"
COMMANDS: dict[str, tuple[str, str]] = {
    "gate": (f"{_ROOM}.gate:gate", "道闸排队：等多久、会不会溢到路上"),
    "occupancy": (f"{_ROOM}.occupancy:occupancy", "车位占用：每小时停多少、缺多少"),
    "plan": (f"{_ROOM}.plan:plan", "方案：预算之内用哪些路段、时段和共享车场"),
    "lottery": (f"{_ROOM}.lottery:lottery", "摇号：先承诺种子，人人可重摇"),
    "legal": (f"{_ROOM}.legal:legal", "合规：车位与消防通道、路口等的距离"),
    "forecast": (f"{_ROOM}.forecast:forecast", "预测：明天停多满，可信到什么程度"),
}


def standing_commands() -> dict[str, tuple[str, str]]:
    """The commands of the table whose module stands; the others are not offered."""
    return {name: one for name, one in COMMANDS.items() if find_spec(one[0].split(":")[0])}


class CommandTable(PlainGroup):
    """A group that knows its commands by a table and imports one only to run it."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(standing_commands())

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in standing_commands():
            return None
        module_name, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, told) for name, (_, told) in standing_commands().items()])


@click.group(cls=CommandTable)
def parking() -> None:
    """停车的推算：道闸、占用、方案、摇号、合规、预测。

    都是纯计算，不连数据库；同样的输入、同样的种子，得到一字不差的结果。
    """
