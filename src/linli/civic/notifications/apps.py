"""Notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "linli.civic.notifications"
    label = "notifications"
    verbose_name = "通知"
