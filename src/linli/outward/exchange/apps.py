"""Files go in and out: the owners' roll comes in from the workbook a property company really has."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "linli.outward.exchange"
    label = "exchange"
    verbose_name = "导入导出"
