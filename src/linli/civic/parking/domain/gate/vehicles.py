"""The vehicles of a block of replications: when each arrives, and how long each lane would need for it.

A vehicle's service time belongs to the vehicle: the *n*-th vehicle of a replication draws the same numbers
whatever the lanes, the storage or the rates are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from linli.civic.parking.domain.gate.specification import (
    Floats,
    GateSpecification,
    Mix,
    ServiceClass,
    cumulative_shares,
)
from linli.civic.parking.domain.streams import Purpose, stream


@dataclass(frozen=True, slots=True)
class Vehicles:
    """Vehicles by replication (row) and order of arrival (column); the last in a row no longer counts.

    ``gaps`` holds, for each vehicle, the expected number of arrivals until the next one (a unit exponential
    draw) less one; ``services`` the headway in seconds by service mix. Every row ends with at least one
    vehicle at or behind the horizon.
    """

    arrivals: Floats
    gaps: Floats
    services: Floats


def draw_vehicles(specification: GateSpecification, first: int, count: int) -> Vehicles:
    """The vehicles of ``count`` replications from number ``first`` on."""
    expected = specification.expected_vehicles
    draws = math.ceil(expected + 6.0 * math.sqrt(expected)) + 12
    while True:
        units = _unit_gaps(specification.seed, first, count, draws)
        clock = np.cumsum(units, axis=1)
        if clock[:, -2].min() >= expected:
            break
        draws *= 2
    columns = int((clock < expected).sum(axis=1).max()) + 1
    arrivals = _times(specification, clock[:, :columns])
    gaps = units[:, 1 : columns + 1] - 1.0
    sizes = _Sizes(specification, first, count, columns)
    services = np.stack([sizes.headways(mix) for mix in specification.mixes])
    return Vehicles(arrivals, gaps, services)


def _unit_gaps(seed: int, first: int, count: int, draws: int) -> Floats:
    units = np.empty((count, draws))
    for row in range(count):
        stream(seed, first + row, Purpose.ARRIVALS).standard_exponential(out=units[row])
    return units


def _times(specification: GateSpecification, clock: Floats) -> Floats:
    times, counts, rates = specification.knots()
    if len(times) == 2:
        return np.asarray(clock / rates[0])
    piece = np.searchsorted(counts, clock, side="right") - 1
    return np.asarray(times[piece] + (clock - counts[piece]) / rates[piece])


class _Sizes:
    """The draws that decide the headways, made only for the distributions that occur."""

    def __init__(self, specification: GateSpecification, first: int, count: int, columns: int) -> None:
        self._seed, self._first, self._shape = specification.seed, first, (count, columns)
        self._made: dict[Purpose, Floats] = {}

    def headways(self, mix: Mix) -> Floats:
        if len(mix) == 1:
            return self._of_class(mix[0])
        bounds = cumulative_shares(mix)[:-1]
        drawn = self._draws(Purpose.CLASSES)
        if all(service.distribution == "lognormal" for service in mix):
            return self._lognormal_mix(mix, bounds, drawn)
        headways = self._of_class(mix[0])
        for bound, service in zip(bounds, mix[1:], strict=True):
            np.copyto(headways, self._of_class(service), where=drawn >= bound)
        return headways

    def _lognormal_mix(self, mix: Mix, bounds: Floats, drawn: Floats) -> Floats:
        which = np.zeros(self._shape, dtype=np.int8)
        for bound in bounds:
            which += drawn >= bound
        spreads = np.array([service.spread for service in mix])
        centres = np.array([math.log(service.mean_s) for service in mix]) - spreads * spreads / 2.0
        headways = spreads.take(which)
        headways *= self._draws(Purpose.NORMAL_SIZES)
        headways += centres.take(which)
        return np.asarray(np.exp(headways, out=headways))

    def _of_class(self, service: ServiceClass) -> Floats:
        if service.distribution == "deterministic" or service.spread == 0.0:
            return np.full(self._shape, service.mean_s)
        if service.distribution == "exponential":
            scaled: Floats = self._draws(Purpose.EXPONENTIAL_SIZES) * service.mean_s
            return scaled
        centre = math.log(service.mean_s) - service.spread**2 / 2.0
        headways = self._draws(Purpose.NORMAL_SIZES) * service.spread
        headways += centre
        return np.asarray(np.exp(headways, out=headways))

    def _draws(self, purpose: Purpose) -> Floats:
        if purpose not in self._made:
            drawn = np.empty(self._shape)
            for row in range(self._shape[0]):
                generator = stream(self._seed, self._first + row, purpose)
                if purpose is Purpose.CLASSES:
                    generator.random(out=drawn[row])
                elif purpose is Purpose.NORMAL_SIZES:
                    generator.standard_normal(out=drawn[row])
                else:
                    generator.standard_exponential(out=drawn[row])
            self._made[purpose] = drawn
        return self._made[purpose]
