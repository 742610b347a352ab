"""A house that is really served, for the tests that look at all its pages."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.crawling import Crawled, Page, crawl

COMMAND = [sys.executable, "-m", "linli.site.cli"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "DJANGO_"))}
    return kept | {"LINLI_HOME": str(folder), "LINLI_DEMO": "1", "LINLI_LOG_LEVEL": "ERROR"}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo that ``linli serve`` serves, as after ``make demo``."""
    folder, port = tmp_path_factory.mktemp("served"), _free_port()
    environment = _environment(folder)
    for verb in ("init", "demo"):
        subprocess.run([*COMMAND, verb], env=environment, check=True, stdout=subprocess.DEVNULL)
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port), "--workers", "1"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped at once"
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within a minute")


@pytest.fixture(scope="session")
def crawled(served: str) -> Crawled:
    """What everybody of the cast reaches by following links."""
    return crawl(served)


@pytest.fixture(scope="session")
def pages(crawled: Crawled) -> list[Page]:
    """One example of every page."""
    return crawled.pages
