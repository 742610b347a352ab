"""Mail through Django's mail backend."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from linli.civic.notifications.adapters.protocol import CannotDeliver, Letter


class Mail:
    """Sends each letter as a plain-text mail."""

    def send(self, letter: Letter) -> None:
        message = EmailMessage(
            subject=letter.subject,
            body=f"{letter.text}\n\n{letter.link}",
            from_email=settings.LINLI_MAIL_FROM,
            to=[letter.address],
            headers={"X-Linli-Key": letter.key},
        )
        try:
            message.send()
        except (SMTPException, OSError) as error:
            raise CannotDeliver(f"邮件服务器没有接收：{type(error).__name__}") from error
