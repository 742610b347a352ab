"""The journal: the append-only log of everything that is done."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "linli.ground.journal"
    label = "journal"
    verbose_name = "日志"
