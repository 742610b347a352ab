"""Every write of notifications: telling people, reading, and publishing announcements."""

from linli.civic.notifications.actions._announcing import (
    announce,
    mark_announcement_read,
    withdraw_announcement,
)
from linli.civic.notifications.actions._delivering import deliver_due, expand_messages, retry_failed
from linli.civic.notifications.actions._keeping import Forgotten, forget_old
from linli.civic.notifications.actions._reading import choose_channels, mark_all_read, mark_read
from linli.civic.notifications.actions._telling import Audience, forget_account, forget_words, tell

__all__ = [
    "Audience",
    "Forgotten",
    "announce",
    "choose_channels",
    "deliver_due",
    "expand_messages",
    "forget_account",
    "forget_old",
    "forget_words",
    "mark_all_read",
    "mark_announcement_read",
    "mark_read",
    "retry_failed",
    "tell",
    "withdraw_announcement",
]
