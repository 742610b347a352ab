"""Random rolls and ballot boxes out of a seed: tiny areas, so that shares often fall exactly on the mark."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import NamedTuple

from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.entitlement import Unit
from tests.civic.voting.domain.rules import at

CLOSED_AT = at(20, 18)
MOMENTS = tuple(CLOSED_AT + timedelta(minutes=minutes) for minutes in (-9000, -300, -5, -5, -1, 0, 0, 1))
CHANNELS = ("paper", "meeting", "door", "online", "online", "proxy")
CHOICES = ("agree",) * 7 + ("against",) * 2 + ("abstain", "invalid")
STRANGERS = ("nobody", "o0", "D")
NOWHERE = ("9-901", "")


class Box(NamedTuple):
    """A roll and the ballots that came in."""

    units: list[Unit]
    ballots: list[Ballot]


def random_box(chance: Random) -> Box:
    """One to seven units of few owners, some shared, some the developer's; zero to ten ballots."""
    draw = chance.random
    people = ["o0", "o1", "o2", "o3", "o4"][: 1 + int(draw() * 5)]
    units = []
    for place in range(1 + int(draw() * 7)):
        owners: tuple[str, ...] = (people[int(draw() * len(people))],)
        kind = draw()
        if kind < 0.35:
            owners = tuple(sorted({owners[0], people[int(draw() * len(people))]}))
        elif kind < 0.45:
            owners = ("D",) if draw() < 0.7 else ("E",)
        holder = "developer" if owners[0] in "DE" else "owner"
        units.append(Unit(place + 2, f"1-{place}", 1 + int(draw() * 9), owners, holder))
    ballots = [_random_ballot(chance, units, row) for row in range(2, 2 + int(draw() * 11))]
    return Box(units, ballots)


def _random_ballot(chance: Random, units: list[Unit], row: int) -> Ballot:
    draw = chance.random
    unit = units[(row if draw() < 0.7 else int(draw() * 99)) % len(units)]
    voter = unit.owners[int(draw() * len(unit.owners))]
    code = unit.code
    oddity = draw()
    if oddity < 0.04:
        voter = STRANGERS[int(draw() * 3)]
    elif oddity < 0.06:
        code = NOWHERE[int(draw() * 2)]
    number = f"b{row}" if draw() < 0.95 else f"b{row - 1}"
    choice, channel = CHOICES[int(draw() * 11)], CHANNELS[int(draw() * 6)]
    return Ballot(row, number, code, voter, choice, channel, MOMENTS[int(draw() * 8)])
