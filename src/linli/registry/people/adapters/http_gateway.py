"""The SMS gateway over HTTP: one JSON POST per message.

Request::

    POST <LINLI_SMS_URL>
    Authorization: Bearer <LINLI_SMS_TOKEN>
    Idempotency-Key: <32 hex digits, the same for every try of one message>
    Content-Type: application/json

    {"phone": "13812345678", "text": "…"}

Any 2xx means that the message was taken over. 408, 429, 5xx and a broken connection are tried again
twice; every other status is final. A gateway that sends twice for one key is at fault.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from linli.registry.people.adapters import SmsNotSent

PAUSES_SECONDS = (0.3, 0.9)
TIMEOUT_SECONDS = 3.0
_TRY_AGAIN = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Hands messages to the gateway at ``url``."""

    url: str
    token: str
    transport: httpx.BaseTransport | None = None
    pause: Callable[[float], None] = field(default=time.sleep)

    def send(self, phone: str, text: str) -> None:
        """Hand the message over, trying three times in all; raises ``SmsNotSent``."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": secrets.token_hex(16)}
        trouble = ""
        with httpx.Client(timeout=TIMEOUT_SECONDS, transport=self.transport, headers=headers) as client:
            for seconds in (*PAUSES_SECONDS, None):
                trouble, final = self._try(client, phone, text)
                if not trouble:
                    return
                if final or seconds is None:
                    break
                self.pause(seconds)
        raise SmsNotSent(trouble)

    def _try(self, client: httpx.Client, phone: str, text: str) -> tuple[str, bool]:
        """What went wrong, empty if nothing, and whether trying again is useless."""
        try:
            status = client.post(self.url, json={"phone": phone, "text": text}).status_code
        except httpx.HTTPError as error:
            return f"the gateway did not answer: {type(error).__name__}", False
        if 200 <= status < 300:
            return "", True
        return f"the gateway answered {status}", status < 500 and status not in _TRY_AGAIN
