"""Start a PostgreSQL of our own in a fresh folder, run a command beside it, and stop it again.

    python tools/run_postgres.py [--durable] COMMAND [ARGUMENT …]

The server listens on a socket in that folder only, never on a port, so it can be mistaken for no other.
It runs as an unprivileged user when we are root, for PostgreSQL refuses root. The distribution's own
cluster is never touched. The command finds ``LINLI_DATABASE``, ``EXPECT_DB``, ``EXPECT_PGDATA`` and the
libpq variables in its environment.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
OLDEST_VERSION = 14
USER = "linli"
DATABASE = "linli"
START_SECONDS = 60
COMMON = {"listen_addresses": "''", "max_connections": "100", "timezone": "'UTC'", "lc_messages": "'C'"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}
DURABLE = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "4GB",
    "work_mem": "16MB",
}


class NoPostgres(Exception):
    """There is no usable PostgreSQL on this machine, or it does not start."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: its ``data`` folder, the folder of its ``socket`` and of its ``binaries``."""

    data: Path
    socket: Path
    binaries: Path

    @property
    def url(self) -> str:
        """What Linli wants in ``LINLI_DATABASE``."""
        return f"postgresql://{USER}@/{DATABASE}?host={self.socket}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables a command needs to use this server, and to prove that it does."""
        return {
            "LINLI_DATABASE": self.url,
            "LINLI_PG_BIN": str(self.binaries),
            "LINLI_PG_SOCKET": str(self.socket),
            "EXPECT_DB": "postgresql",
            "EXPECT_PGDATA": str(self.data),
            "PGHOST": str(self.socket),
            "PGUSER": USER,
            "PGDATABASE": DATABASE,
        }


def find_binaries() -> Path:
    """The folder that holds ``initdb`` and ``postgres``, of the newest version; refuses without one."""
    found = [path.parent for path in DEBIAN_BINARIES.glob("*/bin/initdb")]
    found.sort(key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    for folder in found:
        if (folder / "postgres").exists() and _major_version(folder) >= OLDEST_VERSION:
            return folder
    raise NoPostgres("没有找到 PostgreSQL（14 或更新）。 / PostgreSQL 14 or newer was not found.")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A fresh server for as long as the block runs; ``durable`` keeps every safety on (for benchmarks)."""
    binaries = find_binaries()
    owner = _owner()
    # The socket's path must stay below 108 characters, hence no deep TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="linli-pg-", dir="/tmp"))
    started: subprocess.Popen[bytes] | None = None
    try:
        if owner:
            os.chown(folder, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
        ours = Cluster(data=folder / "data", socket=folder, binaries=binaries)
        _initialise(ours, owner)
        started = _start(ours, owner, DURABLE if durable else FAST)
        yield ours
    finally:
        if started:
            _stop(started)
        shutil.rmtree(folder, ignore_errors=True)


def _major_version(folder: Path) -> int:
    shown = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"(\d+)", shown)
    return int(match[1]) if match else 0


def _owner() -> str | None:
    """The user the server runs as; None when we are not root and simply run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise NoPostgres(
        "没有可用的普通用户来运行 PostgreSQL。 / There is no unprivileged user to run PostgreSQL as."
    )


def _as(owner: str | None) -> dict[str, Any]:
    if owner is None:
        return {"cwd": "/"}
    entry = pwd.getpwnam(owner)
    return {"cwd": "/", "user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _initialise(ours: Cluster, owner: str | None) -> None:
    # C.UTF-8 and not C: pg_trgm finds nothing in Chinese text under the C locale.
    command = [str(ours.binaries / "initdb"), "-D", str(ours.data), "-U", USER, "-A", "trust", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_as(owner))
    if done.returncode:
        raise NoPostgres(f"initdb: {done.stderr.strip() or done.stdout.strip()}")


def _start(ours: Cluster, owner: str | None, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    lines = [f"{name} = {value}" for name, value in (COMMON | settings).items()]
    lines.append(f"unix_socket_directories = '{ours.socket}'")
    with (ours.data / "postgresql.conf").open("a", encoding="utf-8") as config:
        config.write("\n".join(lines) + "\n")
    log = (ours.socket / "log").open("wb")
    server = subprocess.Popen(
        [ours.binaries / "postgres", "-D", ours.data],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        **_as(owner),
    )
    _await(ours, server)
    subprocess.run(
        [ours.binaries / "createdb", "-h", ours.socket, "-U", USER, DATABASE], check=True, capture_output=True
    )
    return server


def _await(ours: Cluster, server: subprocess.Popen[bytes]) -> None:
    ready = [str(ours.binaries / "pg_isready"), "-q", "-h", str(ours.socket), "-U", USER, "-d", "postgres"]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            _stop(server)
            log = (ours.socket / "log").read_text(encoding="utf-8", errors="replace")
            raise NoPostgres(f"PostgreSQL 没有启动。 / PostgreSQL did not start.\n{log[-2000:]}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask for a fast shutdown, then insist."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(arguments: list[str]) -> int:
    """Run the command beside a fresh server and hand back its exit code."""
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with cluster(durable=durable) as ours:
            return subprocess.run(command, env=os.environ | ours.environment, check=False).returncode
    except NoPostgres as fault:
        print(fault, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
