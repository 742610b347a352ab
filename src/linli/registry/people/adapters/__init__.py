"""Outside systems of people: whoever carries an SMS to a phone, behind one protocol."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SmsNotSent(Exception):
    """The carrier did not take the message; the words say what it answered, without the number."""


class SmsSender(Protocol):
    """Carries one short text to one mobile number."""

    def send(self, phone: str, text: str) -> None:
        """Hand the text over, or raise ``SmsNotSent``."""


def sms_sender() -> SmsSender:
    """The carrier that ``LINLI_SMS`` names: ``console`` or ``http``."""
    if settings.LINLI_SMS == "console":
        from linli.registry.people.adapters.console import ConsoleSender

        return ConsoleSender()
    if settings.LINLI_SMS == "http":
        from linli.registry.people.adapters.http_gateway import HttpGateway

        return HttpGateway(url=settings.LINLI_SMS_URL, token=settings.LINLI_SMS_TOKEN)
    raise ImproperlyConfigured(f"设置 LINLI_SMS 只能是 console 或 http，现在是「{settings.LINLI_SMS}」")
