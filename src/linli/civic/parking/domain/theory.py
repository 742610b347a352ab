"""Exact queueing theory, written apart from the simulations, so that each can be held against the other.

Rates are per second and times in seconds; any other unit will do if it is the same throughout.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

Floats = NDArray[np.float64]


def erlang_b(places: int, load: float) -> float:
    """The share of arrivals that find all places taken (M/G/C/C; load in Erlang)."""
    blocked = 1.0
    for place in range(1, places + 1):
        blocked = load * blocked / (place + load * blocked)
    return blocked


def erlang_c(lanes: int, load: float) -> float:
    """The probability of having to wait (M/M/c; load in Erlang, below the number of lanes)."""
    assert load < lanes, "the queue has no steady state"
    blocked = erlang_b(lanes, load)
    return blocked / (1.0 - load / lanes * (1.0 - blocked))


def mmc_mean_wait(lanes: int, arrival_rate: float, mean_service: float) -> float:
    """The mean wait of M/M/c in steady state."""
    load = arrival_rate * mean_service
    return erlang_c(lanes, load) * mean_service / (lanes - load)


def mmc_wait_quantile(lanes: int, arrival_rate: float, mean_service: float, level: float) -> float:
    """The wait that a share ``level`` of the vehicles does not exceed (M/M/c, first come, first served)."""
    load = arrival_rate * mean_service
    waiting = erlang_c(lanes, load)
    if waiting <= 1.0 - level:
        return 0.0
    return math.log(waiting / (1.0 - level)) * mean_service / (lanes - load)


def mg1_mean_wait(arrival_rate: float, mean_service: float, mean_square_service: float) -> float:
    """The mean wait of M/G/1 in steady state, after Pollaczek and Khinchine."""
    load = arrival_rate * mean_service
    assert load < 1.0, "the queue has no steady state"
    return arrival_rate * mean_square_service / (2.0 * (1.0 - load))


def mdc_steady_state(lanes: int, arrival_rate: float, service: float, states: int = 600) -> Floats:
    """The steady state of M/D/c by the number of vehicles at the gate (Crommelin).

    Whoever is in service now has left one service time later, and those who came meanwhile are there.
    """
    load = arrival_rate * service
    assert load < lanes, "the queue has no steady state"
    counts = np.arange(states)
    logs = counts * math.log(load) - load - np.array([math.lgamma(n + 1.0) for n in counts])
    coming = np.exp(logs)
    transition = np.zeros((states, states))
    for state in range(states):
        left = max(state - lanes, 0)
        transition[state, left:] = coming[: states - left]
        transition[state, -1] += 1.0 - transition[state].sum()
    system = transition.T - np.eye(states)
    system[-1] = 1.0
    right = np.zeros(states)
    right[-1] = 1.0
    return np.asarray(np.linalg.solve(system, right))


def mdc_mean_wait(lanes: int, arrival_rate: float, service: float) -> float:
    """The mean wait of M/D/c in steady state, by Little's law."""
    steady = mdc_steady_state(lanes, arrival_rate, service)
    waiting = np.maximum(np.arange(len(steady)) - lanes, 0)
    return float(waiting @ steady) / arrival_rate


@dataclass(frozen=True, slots=True)
class Piece:
    """Poisson arrivals of one rate, until a time."""

    until: float
    rate: float


def transient_queue(
    lanes: int, pieces: Sequence[Piece], mean_service: float, times: Sequence[float], states: int = 400
) -> Floats:
    """The distribution of vehicles at the gate at each time, from an empty gate (M_t/M/c, Kolmogorov).

    One row per time, which must not decrease; ``states`` bounds the number of vehicles.
    """
    start = np.zeros(states)
    start[0] = 1.0
    return _at_times(lambda rate: _birth_death(rate, lanes, mean_service, states), pieces, times, start)


def spillback_probability(
    lanes: int, pieces: Sequence[Piece], mean_service: float, storage: int, horizon: float
) -> float:
    """The probability that, before the horizon, some arrival makes more than ``storage`` wait (M_t/M/c)."""
    states = lanes + storage + 2

    def generator(rate: float) -> Any:
        matrix = _birth_death(rate, lanes, mean_service, states).tolil()
        matrix[-1, :] = 0.0
        return matrix.tocsr()

    start = np.zeros(states)
    start[0] = 1.0
    return float(_at_times(generator, pieces, [horizon], start)[0, -1])


def transient_occupancy(
    places: int, stock: int, pieces: Sequence[Piece], mean_stay: float, times: Sequence[float]
) -> Floats:
    """The distribution of taken places at each time, from a given stock (M_t/M/C/C, Kolmogorov)."""
    start = np.zeros(places + 1)
    start[stock] = 1.0
    return _at_times(lambda rate: _birth_death(rate, places, mean_stay, places + 1), pieces, times, start)


def infinite_mean(
    rate: Callable[[float], float], survival: Callable[[float], float], time: float, steps: int = 4_000
) -> float:
    """The mean number present at a time of M_t/G/infinity, empty at zero: rate and survival, integrated."""
    middles = (np.arange(steps) + 0.5) * time / steps
    return float(sum(rate(u) * survival(time - u) for u in middles) * time / steps)


def _birth_death(rate: float, lanes: int, mean_service: float, states: int) -> Any:
    """The generator of births at one rate and deaths of up to ``lanes`` at once, by row."""
    deaths = np.minimum(np.arange(1, states), lanes) / mean_service
    births = np.full(states - 1, rate)
    staying = -np.append(births, 0.0)
    staying[1:] -= deaths
    return sparse.diags([deaths, staying, births], [-1, 0, 1], format="csr")


def _at_times(
    generator: Callable[[float], Any], pieces: Sequence[Piece], times: Sequence[float], start: Floats
) -> Floats:
    now, current = 0.0, start
    found = []
    for time in times:
        for piece in pieces:
            if now < min(piece.until, time):
                reach = min(piece.until, time)
                current = expm_multiply(generator(piece.rate).T * (reach - now), current)
                now = reach
        found.append(current)
    return np.array(found)
