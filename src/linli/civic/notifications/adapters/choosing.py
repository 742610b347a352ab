"""Which way out each channel takes, by the settings."""

from __future__ import annotations

from django.conf import settings

from linli.civic.notifications.adapters.console import Console
from linli.civic.notifications.adapters.gateway import Gateway
from linli.civic.notifications.adapters.mail import Mail
from linli.civic.notifications.adapters.protocol import Outlet
from linli.civic.notifications.models import Delivery


def outlet_for(channel: str) -> Outlet:
    """The outlet of a channel; without a gateway SMS and WeChat go to the console."""
    if channel == Delivery.Channel.MAIL:
        return Mail()
    if settings.LINLI_SMS == "http":
        return Gateway(settings.LINLI_SMS_URL, settings.LINLI_SMS_TOKEN)
    return Console()
