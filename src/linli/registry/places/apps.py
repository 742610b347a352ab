"""Places: what stands where."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "linli.registry.places"
    label = "places"
    verbose_name = "地方"
