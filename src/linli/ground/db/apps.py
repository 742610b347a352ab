"""Columns and locks that every capability's tables use."""

from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "linli.ground.db"
    label = "db"
    verbose_name = "数据库"
