"""What organisations do when something happens elsewhere in the house."""

from __future__ import annotations

from linli.ground.kernel.actor import system
from linli.registry.organisations import actions, queries
from linli.registry.people.events import AccountErased, ConsentWithdrawn, OwnDataAsked


def forget_party_seats(event: ConsentWithdrawn) -> None:
    """Somebody no longer agrees that their party membership is kept: their seats in party bodies go."""
    if event.purpose == actions.PARTY:
        actions.erase_party_seats(actor=system("consents"), account_id=event.account_id, at=event.at)


def forget_seats_of_erased(event: AccountErased) -> None:
    """An account is gone, and with it the consent to keep its party membership."""
    actions.erase_party_seats(actor=system("consents"), account_id=event.account_id, at=event.at)


def add_own_seats(event: OwnDataAsked) -> None:
    """Add seats, posts and duties to the copy of somebody's own data."""
    for title, rows in queries.own_data(event.account_id).items():
        event.add(title, rows)
