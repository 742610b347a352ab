"""People: who owns, lives, signs in and serves where."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.registry.people"
    label = "people"
    verbose_name = "人"
