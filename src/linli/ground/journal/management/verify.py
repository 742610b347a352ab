"""``linli verify``: a bundle without any framework, or the database against the log."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand

if TYPE_CHECKING:
    from linli.ground.journal.queries import DatabaseCheck

MOST_SHOWN = 100


@click.command(cls=PlainCommand)
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--key", "keys", multiple=True, help="公示的公钥；不给，就只能核对档案自身是否一致。可以给几把。"
)
@click.option(
    "--receipt", "receipts", multiple=True, help="手里的回执 LL1:…，看那一步在不在日志里。可以给几张。"
)
@click.option(
    "--checkpoint", "checkpoints", multiple=True, help="以前留下的核对点文件，看历史有没有改写。可以给几个。"
)
@click.option("--db", "database", is_flag=True, help="核对本机数据库：每一行与日志，日志与公布过的核对点。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def verify(
    *,
    file: str | None,
    keys: tuple[str, ...],
    receipts: tuple[str, ...],
    checkpoints: tuple[str, ...],
    database: bool,
    as_json: bool,
) -> None:
    """核对档案 FILE（linli export bundle 导出的文件，或一条 .tlog-proof 证明）；或用 --db 核对数据库。

    核对档案不连数据库、不联网、不用任何密钥。它逐条重算日志的哈希和根，查签名、查更早的核对点、
    查公开附件，并把整个文件重新写一遍、逐字节比对：改动任何一个字节都会报出来。

    \b
    例：linli verify 海云花园.linli --key 'linli.example/17+0a1b2c3d+AR…'
        linli verify 海云花园.linli --receipt LL1:17:1042:k3…
        linli verify --db

    同样的核对程序可以单独拿走：linli export verifier。它只有一个文件，有 Python 就能跑：
    python verifier.py 海云花园.linli

    用哪一把公钥：公示栏上印着的，或以前自己记下的那一把。档案里也写着一把，可仿造的档案会写仿造的人的公钥，
    所以不要从档案里抄。不给 --key 也能核对，只是档案自己与自己，结论里会这样写明。

    核对不了的：记下来的事当初是不是真的；最后一个核对点之后的事；别人手里是不是另一本日志
    （与邻居比一比“根”）。

    退出码：0 全部对得上；1 有对不上的；2 用法不对或读不了文件。
    """
    if database == bool(file):
        raise Invalid("what_to_verify", "请给出要核对的文件，或者用 --db 核对数据库，两样选一样。")
    sys.exit(
        _verify_database(as_json)
        if database
        else _verify_file(str(file), keys, receipts, checkpoints, as_json)
    )


def _verify_file(
    file: str, keys: tuple[str, ...], receipts: tuple[str, ...], checkpoints: tuple[str, ...], as_json: bool
) -> int:
    from linli.ground.journal import verifier

    named = {"--key": keys, "--receipt": receipts, "--checkpoint": checkpoints}
    options = [f"{name}={value}" for name, values in named.items() for value in values]
    return verifier.main([*options, *(["--json"] if as_json else []), "--", file])


def _verify_database(as_json: bool) -> int:
    import django

    django.setup()
    from linli.ground.journal import queries

    quiet = as_json or not sys.stderr.isatty()
    check = queries.check_database(
        lambda part: None if quiet else click.echo(f"\r\033[K{part}", nl=False, err=True)
    )
    if not quiet:
        click.echo("\r\033[K", nl=False, err=True)
    click.echo(_as_json(check) if as_json else _as_text(check))
    return 1 if check.findings else 0


def _as_json(check: DatabaseCheck) -> str:
    counts = {"logs": check.logs, "acts": check.acts, "rows": check.rows, "checkpoints": check.checkpoints}
    findings = [
        {
            "code": finding.code,
            "table": finding.table,
            "key": finding.key,
            "log": finding.log,
            "index": finding.index,
            "message": finding.message,
        }
        for finding in check.findings
    ]
    return json.dumps({"valid": not findings, **counts, "findings": findings}, ensure_ascii=False)


def _as_text(check: DatabaseCheck) -> str:
    from linli.ground.journal.verifier import plain

    lines = [
        f"看过 {check.logs} 本日志、{check.acts} 条记录、{check.checkpoints} 个核对点、{check.rows} 行数据。"
    ]
    lines += [f"✗ {plain(finding.message)}" for finding in check.findings[:MOST_SHOWN]]
    if len(check.findings) > MOST_SHOWN:
        lines.append(f"……还有 {len(check.findings) - MOST_SHOWN} 处，用 --json 看全部。")
    if check.findings:
        return "\n".join([*lines, f"结论：{len(check.findings)} 处对不上。"])
    unknown = "核对不了的：最后一个核对点之后，数据和日志若被人一起改掉，只有手里有回执的人能发现。"
    return "\n".join([*lines, unknown, "结论：全部对得上。"])
