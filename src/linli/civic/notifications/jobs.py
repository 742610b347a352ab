"""What the clock does for notifications."""

from __future__ import annotations

from datetime import datetime

from linli.civic.notifications import actions
from linli.civic.notifications.adapters.choosing import outlet_for


def carry_messages(at: datetime) -> str:
    """Expand waiting messages and send what is due; says what it did."""
    expanded = actions.expand_messages(at=at)
    sent, failed = actions.deliver_due(outlets=outlet_for, at=at)
    return f"展开 {expanded} 条消息，送出 {sent} 条，失败 {failed} 条"


def forget_old(at: datetime) -> str:
    """Delete messages and the records of carrying them when their days are over."""
    gone = actions.forget_old(at=at)
    return f"清掉 {gone.messages} 条旧消息、{gone.deliveries} 条旧发送记录"
