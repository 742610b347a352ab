"""What requests do when something happens elsewhere in the house."""

from __future__ import annotations

from linli.civic.requests import actions, queries
from linli.ground.kernel.actor import system
from linli.registry.people.events import AccountErased, OwnDataAsked, StaffLeft, StaffSuspended
from linli.registry.places import queries as places
from linli.registry.regulations.events import HolidaysEntered


def recompute_promises(event: HolidaysEntered) -> None:
    """A year's holidays are known now: provisional promised days become firm."""
    event.recomputed(actions.recompute_provisional(actor=system("holidays"), at=event.at))


def take_over_orders(event: StaffLeft) -> None:
    """Somebody left: their open orders go to the successor, or back to their organisation's desk."""
    actions.hand_over_open_work(
        actor=system("handover"),
        account_id=event.account_id,
        places=[places.place(place_id).path for _role, place_id in event.roles],
        successor_id=event.successor_id,
        at=event.at,
    )


def take_orders_of_suspended(event: StaffSuspended) -> None:
    """Somebody is shut out: their open orders go back to the desks."""
    actions.take_open_work(actor=system("handover"), account_id=event.account_id, at=event.at)


def forget_account(event: AccountErased) -> None:
    """Somebody erased their account: their words and photos go from the requests too."""
    actions.forget_account(actor=system("erasure"), account_id=event.account_id, at=event.at)


def add_own_requests(event: OwnDataAsked) -> None:
    """Somebody takes a copy of their data: what they reported, wrote and met too belongs to it."""
    for title, rows in queries.own_data(event.account_id).items():
        event.add(title, rows)
