"""Whole installations, as an operator has them: a folder, a database, a served house, browsers that post."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

COMMAND = [sys.executable, "-m", "linli.site.cli"]
POSTGRES = os.environ.get("EXPECT_DB") == "postgresql"
START_SECONDS = 60
_FOUND = """
import django
django.setup()
import json, secrets
from datetime import timedelta
from django.utils import timezone
from linli.registry.people.domain.login import token_hash
from linli.registry.people.models import Session
from linli.site.demo import cast
now = timezone.now()
world = cast.found_world(at=now - timedelta(days=20), buildings=5, floors=5)
tokens = {}
for key, account in world.accounts.items():
    tokens[key] = secrets.token_urlsafe(32)
    Session.objects.create(account_id=account, token_hash=token_hash(tokens[key]), device="手机",
        created_at=now, seen_at=now, expires_at=now + timedelta(days=9))
print(json.dumps({"tokens": tokens, "spot": f"place-{world.places['longqi:3号楼'].pk}"}))
"""


@dataclass(slots=True)
class Installation:
    """A folder with its keys, and a database of its own; ``known`` is what the founding of the world told."""

    home: Path
    database: str
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Ours without any other setting of Linli: a test must never reach another house."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LINLI_", "DJANGO_", "EXPECT_"))
        }
        return kept | {
            "LINLI_HOME": str(self.home),
            "LINLI_DATABASE": self.database,
            "LINLI_DEMO": "1",
            "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
        }

    def run(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """What a command answers."""
        return subprocess.run(
            [*COMMAND, *map(str, words)],
            env=self.environment | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def script(self, text: str) -> str:
        """What a few lines of Python print beside this database."""
        done = subprocess.run(
            [sys.executable, "-c", text],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "linli.site.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read past the application; a statement that changes rows is committed."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.home / "linli.sqlite3", timeout=20)) as opened, opened:
                return opened.execute(sql).fetchall()
        with psycopg.connect(self.database) as opened:
            cursor = opened.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def texts(self) -> list[str]:
        """What was reported, in order."""
        return [row[0] for row in self.ask("SELECT text FROM requests_request ORDER BY id")]

    @contextmanager
    def served(self, *, workers: int = 1, before: Sequence[str] = (), **settings: str) -> Iterator[Served]:
        """The house, open; ``before`` are words in front of the command (``prlimit …``)."""
        house = Served.start(self, workers=workers, before=before, settings=settings)
        try:
            house.await_answer()
            yield house
        finally:
            house.stop()


@dataclass(slots=True)
class Served:
    """A served house: its address, its process, and what it wrote to its log."""

    installation: Installation
    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @classmethod
    def start(
        cls,
        installation: Installation,
        *,
        workers: int = 1,
        before: Sequence[str] = (),
        settings: dict[str, str] | None = None,
        port: int | None = None,
    ) -> Served:
        """Open the house; it need not answer yet."""
        port, log = port or free_port(), installation.home.parent / "server.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                [*before, *COMMAND, "serve", "--port", str(port), "--workers", str(workers)],
                env=installation.environment | (settings or {}),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(installation, process, f"http://127.0.0.1:{port}", log)

    def await_answer(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                httpx.get(self.address, timeout=5)
                return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        """``kill -9``, all of it at once, as when the power fails."""
        for pid in family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Close the house as a service manager does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=30)

    def browser(self, who: str) -> Browser:
        """A browser in which one of the cast is signed in."""
        return Browser(self, self.installation.known["tokens"][who])


class Browser:
    """Somebody's browser: it has their session, and the token that our own forms carry."""

    def __init__(self, house: Served, token: str) -> None:
        csrf = secrets.token_hex(16)
        cookies = {"linli_session": token, "csrftoken": csrf}
        self.client = httpx.Client(base_url=house.address, cookies=cookies, timeout=60)
        self.spot, self.csrf = house.installation.known["spot"], csrf

    def get(self, path: str) -> httpx.Response:
        """A page."""
        return self.client.get(path)

    def post(self, path: str, key: str = "", files: Any = None, **fields: str) -> httpx.Response:
        """Send a form once, under this key."""
        data = {"csrfmiddlewaretoken": self.csrf, "idempotency_key": key or secrets.token_hex(16)} | fields
        return self.client.post(path, data=data, files=files)

    def report(self, text: str, key: str = "", files: Any = None) -> httpx.Response:
        """Report something at building 3, having looked at what is reported there already."""
        fields = {"text": text, "spot_key": self.spot, "category": "light", "similar_seen": "1"}
        return self.post("/c/longqi/requests/new/", key, files, **fields)


def family(session: int) -> list[int]:
    """The processes of a served house: the first and all that it started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                found.append(int(folder.name))
    return sorted(found)


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_database(home: Path, *, like: str = "", owner: str = "") -> str:
    """The address of an empty database, or of a copy of another; on PostgreSQL of a given owner."""
    if not POSTGRES:
        return f"sqlite:///{home}/linli.sqlite3"
    name = f"linli_{secrets.token_hex(4)}"
    socket_folder = os.environ["LINLI_PG_SOCKET"]
    with psycopg.connect(
        f"postgresql://linli@/postgres?host={socket_folder}", autocommit=True
    ) as administrator:
        template = like.partition("@/")[2].partition("?")[0]
        copied = f" TEMPLATE {template}" if template else ""
        owned = f" OWNER {owner}" if owner else ""
        administrator.execute(f"CREATE DATABASE {name}{owned}{copied}".encode())
    return f"postgresql://{owner or 'linli'}@/{name}?host={socket_folder}"


def found(home: Path) -> Installation:
    """A new installation with the cast in it, each signed in."""
    home.mkdir(parents=True, exist_ok=True)
    made = Installation(home, new_database(home))
    done = made.run("init")
    assert done.returncode == 0, done.stderr
    made.known = json.loads(made.script(_FOUND))
    return made


def copied(of: Installation, home: Path) -> Installation:
    """The same installation in another place, with the same keys."""
    shutil.copytree(of.home, home)
    return Installation(home, new_database(home, like=of.database), of.known)


def beside(of: Installation, home: Path) -> Installation:
    """An empty place with the keys of another installation, as when restoring."""
    home.mkdir(parents=True)
    shutil.copytree(of.home / "keys", home / "keys")
    return Installation(home, new_database(home), of.known)
