"""What the house is told about people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """Somebody was given a duty; a phone number that was unknown got an account for it."""

    account_id: int
    role: str
    place_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffLeft:
    """An account no longer holds these duties; its open work goes to the successor, or back to the heap."""

    account_id: int
    successor_id: int | None
    roles: Sequence[tuple[str, int]]
    """Pairs of duty and place id."""
    at: datetime


@dataclass(frozen=True, slots=True)
class StaffSuspended:
    """An account is shut out until it is resumed; its duties stand, but others have to do its open work."""

    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HomeClaimMade:
    """A person says that a home is theirs; staff of the compound should look at the proof."""

    claim_id: int
    compound_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HomeClaimAnswered:
    """Staff confirmed or refused a claim; the claimant wants to know."""

    claim_id: int
    compound_id: int
    account_id: int
    confirmed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnersChanged:
    """A unit has another set of owners from now on; ``kind`` is a ``domain.register.Ground``."""

    unit_id: int
    compound_id: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneChangeAsked:
    """A person proved a new number and waits for staff of these compounds to confirm it."""

    change_id: int
    account_id: int
    compound_ids: Sequence[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A person took a consent back; capabilities above erase what they kept on its ground."""

    account_id: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountErased:
    """An account is gone; capabilities above erase what they keep of it, where the law lets them."""

    account_id: int
    at: datetime


@dataclass(slots=True)
class OwnDataAsked:
    """A person takes a copy of their data; each capability that keeps some adds its part.

    Told by ``actions.take_own_data``; a reaction calls ``add``.
    """

    account_id: int
    at: datetime
    parts: dict[str, Sequence[dict[str, object]]] = field(default_factory=dict)

    def add(self, title: str, rows: Sequence[dict[str, object]]) -> None:
        """Add a table: its Chinese title, and rows of Chinese column names and plain values."""
        self.parts[title] = rows
