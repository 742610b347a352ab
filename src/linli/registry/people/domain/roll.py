"""A roll to be taken over: homes and their owners, as an import hands them in, already read and checked."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class RollOwner(NamedTuple):
    """One owner of a home. ``key`` is the name as names are compared; phone and document may be empty."""

    name: str
    key: str
    kind: str
    phone: str
    document: str


class RollHome(NamedTuple):
    """One unit of the roll. What the file does not say is None (or no owners) and stays as it is.

    ``building`` and ``entrance`` are codes and may be empty; ``area_dm2`` is in 0.01 m². ``sheet`` and
    ``row`` (from 0) are where it stands in the file.
    """

    code: str
    building: str
    building_name: str
    entrance: str
    number: str
    kind: str | None
    area_dm2: int | None
    area_source: str | None
    area_on: date | None
    delivered_on: date | None
    since_on: date | None
    owners: tuple[RollOwner, ...]
    sheet: str
    row: int


class CompoundName(NamedTuple):
    """A compound as a district's roll names it."""

    subdistrict: str
    community: str
    compound: str
