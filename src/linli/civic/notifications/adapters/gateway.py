"""A documented HTTP gateway for SMS or WeChat: one JSON POST a letter.

Request: ``POST <url>`` with ``Authorization: Bearer <token>``, ``Idempotency-Key: <key>`` and
``{"channel": "wechat", "phone": "13800000000", "text": "…", "subject": "…", "link": "…"}``; the key is the same on every retry,
so that the gateway can drop repeats. Any 2xx answer means taken. Login codes come in the same form, with
``phone`` and ``text`` alone; docs/operating/sms.md tells it to who runs the gateway.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from linli.civic.notifications.adapters.protocol import CannotDeliver, Letter

TIMEOUT_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway at ``url`` with its ``token``; ``transport`` stands in for the network in tests."""

    url: str
    token: str
    transport: httpx.BaseTransport | None = None

    def send(self, letter: Letter) -> None:
        body = {
            "channel": letter.channel,
            "phone": letter.address,
            "text": letter.text,
            "subject": letter.subject,
            "link": letter.link,
        }
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": letter.key}
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, transport=self.transport) as client:
                answer = client.post(self.url, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise CannotDeliver(f"网关连不上：{type(error).__name__}") from error
        if not answer.is_success:
            raise CannotDeliver(f"网关没有接收：HTTP {answer.status_code}")
