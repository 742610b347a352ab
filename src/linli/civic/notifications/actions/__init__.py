"""Every write of notifications: telling people, reading, and publishing announcements."""

from linli.civic.notifications.actions._telling import Audience, tell

__all__ = ["Audience", "tell"]
