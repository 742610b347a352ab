"""The periodic jobs of the house, and the clock that runs them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from linli.site.wiring import JOBS

_log = logging.getLogger("linli.jobs")
_last_run: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a job says it did, or that it failed."""

    fine: bool
    words: str


def run_due(*, everything: bool = False) -> list[Ran]:
    """Run every job whose pause is over; a job that fails is logged and does not stop the others."""
    lines = []
    for job, every in JOBS:
        name = f"{job.__module__.split('.')[-2]}.{job.__name__}"
        if everything or time.monotonic() - _last_run.get(name, -1e9) >= every.total_seconds():
            _last_run[name] = time.monotonic()
            lines.append(_run(name, job, timezone.now()))
    return lines


def _run(name: str, job: Callable[[datetime], str], at: datetime) -> Ran:
    close_old_connections()
    try:
        return Ran(True, f"{name}：{job(at)}")
    except Exception:
        _log.exception("job %s failed", name)
        return Ran(False, f"{name}：出错了，详情在日志里")


__all__ = ["run_due", "timedelta"]
