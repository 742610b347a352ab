"""The gate against exact theory: one comparison for the suite and for the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linli.civic.parking.domain import theory
from linli.civic.parking.domain.gate.engines import Engine
from linli.civic.parking.domain.gate.estimates import Estimate
from linli.civic.parking.domain.gate.experiment import simulate
from linli.civic.parking.domain.gate.specification import ServiceClass
from tests.civic.parking.domain.gate_worlds import deterministic, gate, lognormal, steady, z_score

STORAGE = 6


@dataclass(frozen=True)
class Comparison:
    """One simulated figure beside its exact value; the error is a share of ``scale``."""

    what: str
    estimate: Estimate
    truth: float
    scale: float

    @property
    def z(self) -> float:
        return z_score(self.estimate, self.truth)

    @property
    def standard_error(self) -> float:
        return (self.estimate.high - self.estimate.low) / 3.92 / self.scale

    @property
    def error(self) -> float:
        return abs(self.estimate.value - self.truth) / self.scale


def compare(kind: str, setting: dict[str, Any], *, vehicles: float, engine: Engine) -> list[Comparison]:
    """Simulate about so many vehicles at a setting, and hold the figures against theory."""
    how: dict[str, Callable[..., list[Comparison]]] = {
        "M/M/c": _markov,
        "M/G/1": _general,
        "M/D/c": _regular,
        "Mt/M/c": _transient,
    }
    return how[kind](setting, vehicles, engine)


def _markov(setting: dict[str, Any], vehicles: float, engine: Engine) -> list[Comparison]:
    lanes, load, mean = setting["lanes"], setting["load"], setting["mean_s"]
    service = ServiceClass(share=1.0, distribution="exponential", mean_s=mean, cv=1.0)
    waiting = theory.erlang_c(lanes, load * lanes)
    wait = theory.mmc_mean_wait(lanes, load * lanes / mean, mean)
    return _steady(setting, (service,), vehicles, engine, wait=wait, waiting=waiting)


def _general(setting: dict[str, Any], vehicles: float, engine: Engine) -> list[Comparison]:
    mean = setting["mean_s"]
    mix = (
        lognormal(mean, setting["cv"], 0.8),
        lognormal(2.5 * mean, 0.6, 0.17),
        lognormal(4 * mean, 0.5, 0.03),
    )
    first = sum(one.share * one.mean_s for one in mix)
    square = sum(one.share * one.second_moment for one in mix)
    wait = theory.mg1_mean_wait(setting["load"] / first, first, square)
    return _steady(setting, mix, vehicles, engine, wait=wait, waiting=setting["load"])


def _regular(setting: dict[str, Any], vehicles: float, engine: Engine) -> list[Comparison]:
    lanes, load, mean = setting["lanes"], setting["load"], setting["mean_s"]
    rate = load * lanes / mean
    waiting = float(theory.mdc_steady_state(lanes, rate, mean)[lanes:].sum())
    wait = theory.mdc_mean_wait(lanes, rate, mean)
    return _steady(setting, (deterministic(mean),), vehicles, engine, wait=wait, waiting=waiting)


def _steady(
    setting: dict[str, Any],
    service: tuple[ServiceClass, ...],
    vehicles: float,
    engine: Engine,
    *,
    wait: float,
    waiting: float,
) -> list[Comparison]:
    each = 4_000.0
    specification = steady(
        setting["lanes"],
        setting["load"],
        service,
        vehicles=each,
        replications=int(vehicles / each),
        seed=setting["seed"],
    )
    answer = simulate(specification, engine)
    return [
        Comparison("mean wait", answer.mean_wait_s, wait, wait),
        Comparison("P(wait)", answer.probability_of_wait, waiting, waiting),
    ]


def _transient(setting: dict[str, Any], vehicles: float, engine: Engine) -> list[Comparison]:
    lanes, mean = setting["lanes"], setting["mean_s"]
    capacity = lanes / mean
    loads = ((500.0, 0.8 * setting["load"]), (1000.0, setting["peak"]), (1500.0, 0.5 * setting["load"]))
    rates = [(until, load * capacity) for until, load in loads]
    times = (300.0, 600.0, 800.0, 1000.0, 1200.0, 1500.0)
    service = ServiceClass(share=1.0, distribution="exponential", mean_s=mean, cv=1.0)
    specification = gate(
        *((until, rate * 3600) for until, rate in rates),
        service=(service,),
        lanes=lanes,
        storage_cars=STORAGE,
        seed=setting["seed"],
        report_at_s=times,
    )
    replications = int(vehicles / specification.expected_vehicles)
    answer = simulate(specification.with_replications(replications), engine)
    pieces = [theory.Piece(until, rate) for until, rate in rates]
    exact = theory.transient_queue(lanes, pieces, mean, times, states=600)
    queue = exact @ np.maximum(np.arange(exact.shape[1]) - lanes, 0.0)
    over = exact[:, lanes + STORAGE + 1 :].sum(axis=1)
    found = [
        Comparison(f"Lq({at.t_s:.0f})", at.mean_waiting, float(truth), float(queue.max()))
        for at, truth in zip(answer.at, queue, strict=True)
    ]
    found += [
        Comparison(f"P(q>{STORAGE} at {at.t_s:.0f})", at.probability_waiting_over_storage, float(truth), 1.0)
        for at, truth in zip(answer.at, over, strict=True)
    ]
    spilled = theory.spillback_probability(lanes, pieces, mean, STORAGE, 1500.0)
    return [*found, Comparison("P(spill)", answer.probability_of_spillback, spilled, 1.0)]
