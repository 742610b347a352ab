"""Setting up, serving, ticking and checking an installation."""

from __future__ import annotations

import errno
import os
import socket
import time
from pathlib import Path

import click

from linli.ground.kernel.errors import Conflict, NotFound
from linli.ground.kernel.terminal import PlainCommand
from linli.site.keys import make_keys, require_keys
from linli.site.management import serving


def start_framework() -> None:
    """Load the settings and the apps; called by every command that needs the database."""
    import django

    django.setup()


def home() -> Path:
    """The folder that holds the installation: keys, pictures, checkpoints, the SQLite database."""
    return Path(os.environ.get("LINLI_HOME", "var")).resolve()


@click.command(cls=PlainCommand)
def init() -> None:
    """建库、建密钥、整理静态文件；再跑一次只补缺的，不动已有数据。

    密钥放在 LINLI_HOME/keys，只有本用户可读。请另外备份：没有密钥，加密的手机号就读不出来。
    """
    made = make_keys(home() / "keys")
    start_framework()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    click.echo(f"已就绪：{home()}" + (f"；新建密钥 {len(made)} 把，请备份 keys 文件夹" if made else ""))


@click.command(cls=PlainCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数")
def serve(host: str, port: int, workers: int) -> None:
    """开门服务：网页和定时任务一起跑，按 Ctrl+C 停。

    日志比最近公布的检查点还短时不启动：那说明数据库被换成了旧的。
    """
    start_framework()
    require_ready()
    require_free_port(host, port)
    from linli.ground.journal import actions as journal

    journal.check_start()
    serving.keep_open(host, port, workers)


def require_ready() -> None:
    """Stop with one sentence where keys, tables or static files are missing."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    require_keys()
    path = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(path).is_file():
        raise NotFound("no_database", "还没有数据库 {path}，请先运行 linli init。", path=path)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Conflict("old_tables", "数据库的结构不是这个版本的，请先运行 linli init。")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        raise NotFound("no_static", "静态文件还没有整理，请先运行 linli init。")
    connection.close()


def require_free_port(host: str, port: int, *, wait_seconds: float = 3) -> None:
    """Stop with one sentence when somebody else has the port; a house that is just closing gets a moment."""
    until = time.monotonic() + wait_seconds
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise _no_port(host, port, error) from error
        time.sleep(0.2)


def _no_port(host: str, port: int, error: OSError) -> Conflict:
    if error.errno == errno.EADDRINUSE:
        sentence = (
            "端口 {port} 已经有别的程序在用。请换一个：linli serve --port 8080，或 PORT=8080 make demo。"
        )
    elif error.errno == errno.EACCES:
        sentence = "没有权限用端口 {port}。1024 以下的端口要管理员权限，请换一个：linli serve --port 8080。"
    else:
        sentence = "这台机器上不能用 {host} 的端口 {port}。请检查 --host 有没有写错。"
    return Conflict("no_port", sentence, host=host, port=port)


@click.command(cls=PlainCommand)
def tick() -> None:
    """跑一遍到点的定时任务：发通知、签发检查点、提醒快到期的事。

    退出码：0 都跑了；1 有任务出错，详情在日志里。
    """
    start_framework()
    require_ready()
    from linli.site.jobs import run_due

    ran = run_due(everything=True)
    for line in ran:
        click.echo(line.words)
    if not all(line.fine for line in ran):
        raise SystemExit(1)


@click.command(cls=PlainCommand)
def check() -> None:
    """体检：数据库连得上、结构最新、密钥齐全、日志没有变短、今年和明年的放假安排在不在。

    退出码：0 都好；1 有要处理的，前面打 ✗。
    """
    start_framework()
    from linli.site.checking import findings

    results = findings()
    for finding in results:
        mark = "✓" if finding.fine else "·" if finding.is_hint else "✗"
        click.echo(f"{mark} {finding.words}")
    if not all(finding.fine or finding.is_hint for finding in results):
        raise SystemExit(1)
