"""The web server and the clock beside it, as one service that opens and closes together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from linli.ground.kernel.errors import Refusal

TICK_SECONDS = 10
CLOSING_SECONDS = 20
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class _Closing(BaseException):
    """A service manager asks us to close; no job may take this for a fault of its own."""


def keep_open(host: str, port: int, workers: int) -> None:
    """Serve and tick until asked to close. Refuses to go on alone when the server is gone."""
    signal.signal(signal.SIGTERM, _close)
    server = subprocess.Popen(
        _server_command(host, port, workers),
        process_group=0,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - no second thread runs yet
    )
    try:
        _keep_ticking(server)
    except _Closing:
        pass
    finally:
        _close_server(server)


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
        "--respawn-failed-workers",
        "--blocking-threads",
        "2",
        "--log-level",
        "warning",
        "linli.site.wsgi:application",
    ]


def _die_with_parent() -> None:
    """Let the system close the server when we are killed, so that its port is free for the next start."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _close(_number: int, _frame: FrameType | None) -> None:
    raise _Closing


def _keep_ticking(server: subprocess.Popen[bytes]) -> None:
    from linli.site.jobs import run_due

    next_tick = 0.0
    while server.poll() is None:
        if time.monotonic() >= next_tick:
            run_due()
            next_tick = time.monotonic() + TICK_SECONDS
        time.sleep(0.5)
    raise Refusal("server_gone", "网页服务停了，请看上面的日志。")


def _close_server(server: subprocess.Popen[bytes]) -> None:
    """Let what is being answered end, then insist; workers that outlived their master go, too."""
    if server.poll() is None:
        server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=CLOSING_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
