"""Digests over inputs, rule and result: two who count the same get the same, whatever the order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.deeming import Delivery
from linli.civic.voting.domain.entitlement import Unit
from linli.ground.kernel.canonical import encode


def digest_of_units(units: Iterable[Unit]) -> str:
    """SHA-256 over the roll's rows, sorted: unit, area, owners, holder, parking area, joined by tabs."""
    columns = list(zip(*units, strict=True))
    if not columns:
        return _of_lines([])
    _, codes, areas, owners, holders, parking = columns
    joined = map(";".join, owners)
    return _of_lines(
        map("\t".join, zip(codes, map(str, areas), joined, holders, map(str, parking), strict=True))
    )


def digest_of_ballots(ballots: Iterable[Ballot]) -> str:
    """SHA-256 over the ballots' rows, sorted: number, unit, voter, choice, channel, time (+08:00), item."""
    columns = list(zip(*ballots, strict=True))
    if not columns:
        return _of_lines([])
    _, numbers, units, voters, choices, channels, times, items, _ = columns
    written = {instant: instant.isoformat() for instant in set(times)}
    instants = map(written.__getitem__, times)
    return _of_lines(
        map("\t".join, zip(numbers, units, voters, choices, channels, instants, items, strict=True))
    )


def digest_of_deliveries(deliveries: Iterable[Delivery]) -> str:
    """SHA-256 over the deliveries, sorted: unit, time."""
    return _of_lines(f"{one.unit_code}\t{one.delivered_at.isoformat()}" for one in deliveries)


def digest_of_words(words: Iterable[str]) -> str:
    """SHA-256 over words, sorted."""
    return _of_lines(words)


def digest_of(value: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical bytes of plain data."""
    return hashlib.sha256(encode(dict(value))).hexdigest()


def _of_lines(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8")).hexdigest()
