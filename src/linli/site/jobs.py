"""The periodic jobs of the house, and the clock that runs them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from linli.site.wiring import JOBS

_log = logging.getLogger("linli.jobs")
_last_run: dict[str, float] = {}


def run_due(*, everything: bool = False) -> list[str]:
    """Run every job whose pause is over; a job that fails is logged and does not stop the others."""
    lines = []
    for job, every in JOBS:
        name = f"{job.__module__.split('.')[-2]}.{job.__name__}"
        if everything or time.monotonic() - _last_run.get(name, -1e9) >= every.total_seconds():
            _last_run[name] = time.monotonic()
            lines.append(f"{name}：{_run(job, timezone.now())}")
    return lines


def _run(job: Callable[[datetime], str], at: datetime) -> str:
    close_old_connections()
    try:
        return job(at)
    except Exception:
        _log.exception("job failed")
        return "出错了，详情在日志里"


__all__ = ["run_due", "timedelta"]
