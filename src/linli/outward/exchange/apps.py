"""Exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linli.outward.exchange"
    label = "exchange"
    verbose_name = "进出"
