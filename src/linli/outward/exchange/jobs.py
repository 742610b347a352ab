"""What the clock does for the exchange."""

from __future__ import annotations

from datetime import datetime

from linli.outward.exchange import actions


def forget_uploads(at: datetime) -> str:
    """Delete uploads that nobody confirmed."""
    return f"清掉 {actions.forget_uploads(at=at)} 份没有确认的名册"
