"""Setting up, serving, ticking and checking an installation."""

from __future__ import annotations

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

KEYS = ("LINLI_SECRET_KEY", "LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY")
TICK_SECONDS = 10


def start_framework() -> None:
    """Load the settings and the apps; called by every command that needs the database."""
    import django

    django.setup()


def home() -> Path:
    """The folder that holds the installation: keys, pictures, checkpoints, the SQLite database."""
    return Path(os.environ.get("LINLI_HOME", "var")).resolve()


def make_keys(folder: Path) -> list[str]:
    """Make the keys that are missing, readable by the owner only; returns the names of the new ones."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = []
    for name in KEYS:
        path = folder / name
        if os.environ.get(name) or os.environ.get(f"{name}_FILE") or path.exists():
            continue
        key = (
            secrets.token_urlsafe(48)
            if name == "LINLI_SECRET_KEY"
            else base64.b64encode(secrets.token_bytes(32)).decode()
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
        made.append(name)
    return made


@click.command()
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


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, help="端口")
@click.option("--workers", default=2, show_default=True, help="进程数")
def serve(host: str, port: int, workers: int) -> None:
    """开门服务：网页和定时任务一起跑，按 Ctrl+C 停。

    日志比最近公布的检查点还短时不启动：那说明数据库被换成了旧的。
    """
    require_free_port(host, port)
    start_framework()
    from linli.ground.journal import actions as journal

    journal.check_start()
    server = subprocess.Popen(_server_command(host, port, workers))
    try:
        _keep_ticking(server)
    finally:
        server.terminate()
        server.wait(timeout=20)


def require_free_port(host: str, port: int) -> None:
    """Stop with one sentence when somebody else has the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"端口 {port} 用不了（{error.strerror}）。换一个：PORT=8080 make demo，或 linli serve --port 8080。"
            ) from error


def _server_command(host: str, port: int, workers: int) -> Sequence[str]:
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "2",
        "--log-level",
        "warning",
        "linli.site.wsgi:application",
    ]


def _keep_ticking(server: subprocess.Popen[bytes]) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    from linli.site.jobs import run_due

    while server.poll() is None:
        run_due()
        time.sleep(TICK_SECONDS)
    raise click.ClickException("网页服务停了，请看上面的日志。")


@click.command()
def tick() -> None:
    """跑一遍到点的定时任务：发通知、签发检查点、提醒快到期的事。"""
    start_framework()
    from linli.site.jobs import run_due

    for line in run_due(everything=True):
        click.echo(line)


@click.command()
def check() -> None:
    """体检：数据库连得上、结构最新、密钥齐全、日志没有变短、今年和明年的放假安排在不在。"""
    start_framework()
    from linli.site.checking import findings

    results = findings()
    for finding in results:
        click.echo(f"{'✓' if finding.fine else '✗'} {finding.words}")
    if not all(finding.fine or finding.is_hint for finding in results):
        raise SystemExit(1)
