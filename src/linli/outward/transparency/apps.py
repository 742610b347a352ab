"""Transparency."""

from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "linli.outward.transparency"
    label = "transparency"
    verbose_name = "公开"
