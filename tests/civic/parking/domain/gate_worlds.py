"""Gates for the tests: one place that says what is left unsaid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from linli.civic.parking.domain.gate.specification import (
    ArrivalPiece,
    GateSpecification,
    LaneHours,
    ServiceClass,
)

EXPONENTIAL = ServiceClass(share=1.0, distribution="exponential", mean_s=7.3, cv=1.0)


def deterministic(mean_s: float) -> ServiceClass:
    return ServiceClass(share=1.0, distribution="deterministic", mean_s=mean_s, cv=0.0)


def lognormal(mean_s: float, cv: float, share: float = 1.0) -> ServiceClass:
    return ServiceClass(share=share, distribution="lognormal", mean_s=mean_s, cv=cv)


def gate(
    *pieces: tuple[float, float],
    service: tuple[ServiceClass, ...] = (EXPONENTIAL,),
    lane_services: tuple[tuple[ServiceClass, ...], ...] = (),
    hours: tuple[tuple[int, float, float], ...] = (),
    **given: Any,
) -> GateSpecification:
    """A gate whose ``pieces`` are (until_s, per_hour); the horizon is the end of the last piece."""
    lanes = given.pop("lanes", len(lane_services) or 1)
    mixes = tuple(dict.fromkeys(lane_services)) or (service,)
    defaults: dict[str, Any] = {
        "seed": 1,
        "replications": 100,
        "storage_cars": 6,
        "horizon_s": pieces[-1][0],
        "warmup_s": 0.0,
    }
    return GateSpecification(
        lanes=lanes,
        arrivals=tuple(ArrivalPiece(until_s=until, per_hour=rate) for until, rate in pieces),
        mixes=mixes,
        lane_mix=tuple(mixes.index(own) for own in lane_services) or (0,) * lanes,
        hours=tuple(LaneHours(lane=lane, from_s=opens, until_s=closes) for lane, opens, closes in hours),
        **(defaults | given),
    )


def steady(
    lanes: int, load: float, service: tuple[ServiceClass, ...], *, vehicles: float, **given: Any
) -> GateSpecification:
    """A gate at a constant load, warmed up for ten relaxation times, then counted for so many vehicles."""
    mean = sum(one.share * one.mean_s for one in service)
    square = sum(one.share * one.second_moment for one in service)
    rate = load * lanes / mean
    relaxation = mean / lanes / (1 - math.sqrt(load)) ** 2 * max(0.5, square / mean**2 / 2)
    warmup = 10.0 * relaxation
    horizon = warmup + vehicles / rate
    return gate((horizon, rate * 3600), service=service, lanes=lanes, warmup_s=warmup, **given)


def z_score(estimate: Any, truth: float) -> float:
    """How many standard errors an estimate is off; its interval is 1.96 of them wide on each side."""
    return float((estimate.value - truth) / max((estimate.high - estimate.low) / 3.92, 1e-12))


def random_settings(seed: int, count: int, heaviest: float) -> list[tuple[str, dict[str, Any]]]:
    """Settings for the comparison with theory: the kind of queue in turn, the rest by chance."""
    chance = np.random.default_rng(seed)
    found: list[tuple[str, dict[str, Any]]] = []
    for number in range(count):
        kind = ("M/M/c", "M/G/1", "M/D/c", "Mt/M/c")[number % 4]
        found.append(
            (
                kind,
                {
                    "lanes": 1 if kind == "M/G/1" else int(chance.integers(1, 5)),
                    "load": float(chance.uniform(0.4, heaviest)),
                    "mean_s": float(chance.uniform(4.5, 18.0)),
                    "cv": float(chance.uniform(0.2, 1.2)),
                    "peak": float(chance.uniform(1.1, 1.5)),
                    "seed": int(chance.integers(1, 10**6)),
                },
            )
        )
    return found
