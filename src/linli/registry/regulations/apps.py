"""Regulations: the clauses, clocks and working days that everything cites."""

from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "linli.registry.regulations"
    label = "regulations"
    verbose_name = "法规"
