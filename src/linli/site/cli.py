"""``linli``: the command line, the third face of the house.

Every verb is a click command in its capability's ``management`` room and is imported only when it
is called, so that a rule command starts no framework and answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from linli.ground.kernel.terminal import PlainGroup
from linli.site import faults

VERBS: dict[str, tuple[str, str]] = {
    "init": ("linli.site.management.running:init", "建库、建密钥、整理静态文件"),
    "serve": ("linli.site.management.running:serve", "开门服务（网页、定时任务一起跑）"),
    "tick": ("linli.site.management.running:tick", "跑一遍到点的定时任务"),
    "demo": ("linli.site.management.demo:demo", "演示小区：按真实步骤走出一年的故事"),
    "check": ("linli.site.management.running:check", "体检：数据库、密钥、日志、节假日表"),
    "appoint": ("linli.registry.people.management.appoint:appoint", "任命第一位平台运维"),
    "import": ("linli.outward.exchange.management.importing:importing", "从文件导入业主名册"),
    "sample": ("linli.outward.exchange.management.sampling:sample", "造样例名册，拿来试导入"),
    "backup": ("linli.site.management.safekeeping:backup", "边写边备份成一个文件"),
    "restore": ("linli.site.management.restoring:restore", "把备份恢复到空的地方"),
    "export": ("linli.ground.journal.management.export:export", "导出可以带回家核对的档案"),
    "verify": ("linli.ground.journal.management.verify:verify", "核对档案，或核对数据库与日志"),
    "rmb": ("linli.ground.kernel.commands:rmb", "金额写成人民币大写"),
    "workdays": ("linli.ground.kernel.commands:workdays", "数工作日"),
    "apportion": ("linli.ground.kernel.commands:apportion", "把一笔钱分到每户，一分不差"),
    "check-code": ("linli.ground.kernel.commands:check_code", "核对信用代码、身份证号、手机号、车牌"),
    "law": ("linli.registry.regulations.management.law:law", "按地方和日期查规则"),
    "tally": ("linli.civic.voting.management.tally:tally", "按面积和人数计票"),
    "elect": ("linli.civic.voting.management.elect:elect", "选举计票"),
    "gap": ("linli.civic.voting.management.gap:gap", "还差多少面积、多少人，差在哪几栋"),
    "leak-check": ("linli.civic.voting.management.leak:leak_check", "公布总数会不会泄露谁投了什么"),
    "opinions": (
        "linli.civic.deliberation.management.opinions:opinions",
        "从同意、不同意、跳过里找营垒和共识",
    ),
    "parking": (
        "linli.civic.parking.management.parking:parking",
        "停车的推算：道闸、占用、方案、合规、摇号、预测",
    ),
}


class LazyGroup(PlainGroup):
    """A group that knows its verbs by a table and imports one only to run it."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module_name, attribute = VERBS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, VERBS[name][1]) for name in VERBS])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linli", message="linli %(version)s")
def linli() -> None:
    """邻里：小区自己管好自己的事，人人在家就能核对。

    退出码：0 成功；1 核对后答案是“不对”；2 输入有误或被拒绝，原因用一句话写在错误输出里。
    每个命令后面加 --help 看用法，例如 linli tally --help。
    """


def main() -> None:
    """Run the command line; a refusal is one sentence and exit code 2, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    try:
        linli(prog_name="linli")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        click.echo("已停下。", err=True)
        sys.exit(130)
    except Exception as fault:
        refusal = faults.refusal_of(fault)
        if refusal is None:
            raise
        click.echo(refusal.message, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
