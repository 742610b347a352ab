"""``linli parking``: the group of the parking commands; each is imported only when it is called."""

from __future__ import annotations

import importlib

import click

from linli.ground.kernel.terminal import PlainGroup

_ROOM = "linli.civic.parking.management"
COMMANDS: dict[str, tuple[str, str]] = {
    "gate": (f"{_ROOM}.gate:gate", "道闸排队：等多久、会不会溢到路上"),
}


class CommandTable(PlainGroup):
    """A group that knows its commands by a table and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click hands it in)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module_name, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("命令"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.group(cls=CommandTable)
def parking() -> None:
    """停车的推算：道闸排队。

    都是纯计算，不连数据库；同样的输入、同样的种子，得到一字不差的结果。
    """
