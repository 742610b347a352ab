"""The house as it is served, and a crowd at its door: plain connections that cost the house little of the machine."""

from __future__ import annotations

import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bench.district import costs

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@contextmanager
def served(*, workers: int) -> Iterator[tuple[int, int]]:
    """The house as ``linli serve`` opens it, jobs included; the port it listens on, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "linli.site.cli",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    house = subprocess.Popen(command, start_new_session=True)
    try:
        _await(port, house)
        _await_calm(house.pid)
        yield port, house.pid
    finally:
        house.terminate()
        house.wait(timeout=60)


def _await(port: int, house: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert house.poll() is None, "the house did not open"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the house did not answer within a minute")


def _await_calm(session: int) -> None:
    """Let the house finish its start, which is no page's cost: loading, and the jobs that were due."""
    used = costs.of_house(session)
    for _ in range(60):
        time.sleep(0.5)
        before, used = used, costs.of_house(session)
        if used - before < 0.05:
            return


@dataclass(slots=True)
class _Visitor:
    """One connection: what it sends next, and what has come back so far."""

    line: socket.socket
    next_sending: Callable[[], bytes]
    came: bytearray

    def send(self) -> None:
        self.came.clear()
        self.line.sendall(self.next_sending())

    def answered(self) -> int:
        """Take in what arrived; the status of a whole answer, else 0."""
        arrived = self.line.recv(1 << 16)
        assert arrived, "the house hung up"
        self.came += arrived
        head = self.came.find(b"\r\n\r\n")
        if head < 0:
            return 0
        length = _LENGTH.search(self.came, 0, head + 2)
        assert length, bytes(self.came[:head])
        return int(self.came[9:12]) if len(self.came) >= head + 4 + int(length[1]) else 0


def visit(
    port: int, sendings: list[Callable[[], bytes]], *, status: int, seconds: float
) -> tuple[int, float]:
    """How many answers the visitors get in how many seconds, each asking again as soon as it was answered.

    Refuses an answer with another status: a page of errors is quickly served.
    """
    selector = selectors.DefaultSelector()
    for sending in sendings:
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line, selectors.EVENT_READ, _Visitor(line, sending, bytearray()))
    visitors = [key.data for key in selector.get_map().values()]
    try:
        for visitor in visitors:
            visitor.send()
        return _count(selector, status, seconds)
    finally:
        for visitor in visitors:
            visitor.line.close()
        selector.close()


def _count(selector: selectors.BaseSelector, status: int, seconds: float) -> tuple[int, float]:
    begun, answered = time.perf_counter(), 0
    while True:
        for key, _events in selector.select():
            got = key.data.answered()
            if not got:
                continue
            assert got == status, bytes(key.data.came[:2000]).decode("utf-8", "replace")
            answered += 1
            key.data.send()
        passed = time.perf_counter() - begun
        if answered and passed >= seconds:
            return answered, passed
