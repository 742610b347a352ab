"""Every write to organisations: registering, contracting, electing, planning duty; ended by date, never deleted."""

from linli.registry.organisations.actions._contracts import end_contract, file_contract, sign_contract
from linli.registry.organisations.actions._register import (
    Particulars,
    close_organisation,
    correct_organisation,
    register_organisation,
)
from linli.registry.organisations.actions._rosters import DutyHours, plan_duty, remove_duty
from linli.registry.organisations.actions._seats import (
    PARTY,
    Elected,
    erase_party_seats,
    extend_term,
    hold_election,
    leave_seat,
    name_position,
    seat_member,
)

__all__ = [
    "PARTY",
    "DutyHours",
    "Elected",
    "Particulars",
    "close_organisation",
    "correct_organisation",
    "end_contract",
    "erase_party_seats",
    "extend_term",
    "file_contract",
    "hold_election",
    "leave_seat",
    "name_position",
    "plan_duty",
    "register_organisation",
    "remove_duty",
    "seat_member",
    "sign_contract",
]
