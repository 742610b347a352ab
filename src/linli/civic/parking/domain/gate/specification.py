"""What is asked of the gate simulation: arrivals, service, lanes, storage and the times of the report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Distribution = Literal["exponential", "lognormal", "deterministic"]

LARGEST_HEADWAY_RATE = 900.0
"""Vehicles an hour that one lane can pass at best: 4.0 s from bumper to bumper (measured: 4.18 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalPiece:
    """Poisson arrivals of one rate, until a time in seconds from the start."""

    until_s: float
    per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClass:
    """A share of the vehicles and the headway that they need at the gate, in seconds."""

    share: float
    distribution: Distribution
    mean_s: float
    cv: float

    @property
    def spread(self) -> float:
        """The standard deviation of the logarithm, for a lognormal headway."""
        return math.sqrt(math.log1p(self.cv * self.cv))

    @property
    def second_moment(self) -> float:
        """The mean square of the headway, in square seconds."""
        factor = {"exponential": 2.0, "deterministic": 1.0, "lognormal": 1.0 + self.cv * self.cv}
        return factor[self.distribution] * self.mean_s * self.mean_s


Mix = tuple[ServiceClass, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneHours:
    """A window in which a reversible lane serves this direction, in seconds from the start."""

    lane: int
    from_s: float
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSpecification:
    """One gate and the experiment on it; times in seconds from the start with an empty gate.

    ``mixes`` are the different service mixes, ``lane_mix`` says which of them each lane has. Lanes named in
    ``hours`` are open in their windows only; a window that reaches the horizon stays open afterwards.
    """

    seed: int
    replications: int
    lanes: int
    storage_cars: int
    horizon_s: float
    warmup_s: float
    arrivals: tuple[ArrivalPiece, ...]
    mixes: tuple[Mix, ...]
    lane_mix: tuple[int, ...]
    hours: tuple[LaneHours, ...] = ()
    report_at_s: tuple[float, ...] = ()

    @property
    def identical_lanes(self) -> bool:
        """Whether every lane serves alike and is always open."""
        return len(self.mixes) == 1 and not self.hours

    @property
    def expected_vehicles(self) -> float:
        """Vehicles expected in one replication, from the start to the horizon."""
        return float(self.cumulative_at(self.horizon_s))

    def knots(self) -> tuple[Floats, Floats, Floats]:
        """Times, cumulative expected vehicles there, and the rate per second that follows each.

        Behind the last piece the rate is one vehicle a second: it only sets the time of the first vehicle
        that no longer counts.
        """
        times, counts, rates = [0.0], [0.0], []
        for piece in self.arrivals:
            until = min(piece.until_s, self.horizon_s)
            rate = piece.per_hour / 3600.0
            rates.append(rate)
            counts.append(counts[-1] + rate * (until - times[-1]))
            times.append(until)
            if until >= self.horizon_s:
                break
        if times[-1] < self.horizon_s:
            rates.append(0.0)
            counts.append(counts[-1])
            times.append(self.horizon_s)
        return np.array(times), np.array(counts), np.array([*rates, 1.0])

    def cumulative_at(self, time_s: float) -> float:
        """Vehicles expected from the start until a time before the horizon."""
        times, counts, rates = self.knots()
        piece = int(np.searchsorted(times, time_s, side="right")) - 1
        return float(counts[piece] + rates[piece] * (time_s - times[piece]))

    def lane_windows(self) -> tuple[Floats, Floats]:
        """Opening and closing times by lane, padded with infinity; always open is one endless window."""
        windows: list[list[tuple[float, float]]] = []
        for lane in range(self.lanes):
            own = sorted((h.from_s, h.until_s) for h in self.hours if h.lane == lane)
            reaching = [(opens, math.inf if closes >= self.horizon_s else closes) for opens, closes in own]
            windows.append(reaching or [(0.0, math.inf)])
        widest = max(len(own) for own in windows)
        padded = np.full((2, self.lanes, widest), math.inf)
        for lane, own in enumerate(windows):
            padded[:, lane, : len(own)] = np.array(own).T
        return padded[0], padded[1]

    def mix_moments(self) -> tuple[Floats, Floats]:
        """Mean and mean square of the headway by service mix."""
        means = [sum(c.share * c.mean_s for c in mix) for mix in self.mixes]
        squares = [sum(c.share * c.second_moment for c in mix) for mix in self.mixes]
        return np.array(means), np.array(squares)

    def with_lanes(self, lanes: int) -> GateSpecification:
        """The same experiment with another number of identical lanes, on the same vehicles."""
        assert self.identical_lanes
        return replace(self, lanes=lanes, lane_mix=(0,) * lanes)

    def with_replications(self, replications: int) -> GateSpecification:
        """The same experiment, repeated another number of times."""
        return replace(self, replications=replications)


@dataclass(frozen=True, slots=True)
class Question:
    """What is computed as it stands, yet should be looked at again."""

    place: str
    message: str

    def as_json(self) -> dict[str, str]:
        """Place and sentence."""
        return {"place": self.place, "message": self.message}


def cumulative_shares(mix: Sequence[ServiceClass]) -> Floats:
    """The upper bounds of the classes on the unit interval; the last is 1."""
    bounds: Floats = np.cumsum([service.share for service in mix])
    bounds[-1] = 1.0
    return bounds
