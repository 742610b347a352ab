"""What every way out of the house has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one address: a phone number (SMS, WeChat) or a mail address; ``channel`` says by which way."""

    address: str
    subject: str
    text: str
    link: str
    key: str
    channel: str = "sms"


class CannotDeliver(Exception):
    """The other side did not take it; the reason is shown to operators, and it is tried again."""


class Outlet(Protocol):
    """A way out of the house."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over, or raise ``CannotDeliver`` with the reason in plain words."""
