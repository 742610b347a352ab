"""Organisations."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.registry.organisations"
    label = "organisations"
    verbose_name = "机构"
