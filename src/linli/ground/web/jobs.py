"""What the clock runs for the web."""

from __future__ import annotations

from datetime import datetime

from linli.ground.web import idempotency, rate


def forget_old_forms(at: datetime) -> str:
    """Delete the keys of forms that nobody will send again, and the counters of past windows."""
    return f"表单 {idempotency.forget_old(at=at)}，计数 {rate.forget_old(at=at)}"
