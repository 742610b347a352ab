"""Pages, forms and doors: the mechanisms by which people meet the house."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "linli.ground.web"
    label = "web"
    verbose_name = "网页"
