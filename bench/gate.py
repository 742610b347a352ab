"""The gate: 10,000 days of 2,000 vehicles, against SimPy, and against exact theory up to a load of 0.92."""

from __future__ import annotations

import math
import resource
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from bench.measure import Measure, Timing, interleave, ratio

if TYPE_CHECKING:
    from linli.civic.parking.domain.gate.specification import GateSpecification

VEHICLES_A_DAY = 2_000
LANES, STORAGE = 2, 6
SETTINGS = 40


def run(quick: bool) -> list[Measure]:
    """Speed of both engines, speed against SimPy per vehicle, accuracy and honesty of the intervals."""
    return [*_speed(quick), *_theory(quick), *_coverage(quick)]


def day(days: int) -> GateSpecification:
    """A residential day with an evening peak: residents, unregistered visitors and misread plates."""
    from linli.civic.parking.domain.gate.specification import (
        ArrivalPiece,
        GateSpecification,
        ServiceClass,
    )

    hours = ((7.0, 20.0), (17.5, 95.0), (19.5, 310.0), (24.0, 53.9))
    headways = ((0.79, 6.0, 0.35), (0.18, 18.0, 0.6), (0.03, 30.0, 0.5))
    return GateSpecification(
        seed=1,
        replications=days,
        lanes=LANES,
        storage_cars=STORAGE,
        horizon_s=86_400.0,
        warmup_s=0.0,
        arrivals=tuple(ArrivalPiece(until_s=until * 3600, per_hour=rate) for until, rate in hours),
        mixes=(
            tuple(
                ServiceClass(share=share, distribution="lognormal", mean_s=mean, cv=cv)
                for share, mean, cv in headways
            ),
        ),
        lane_mix=(0,) * LANES,
        report_at_s=tuple(3600.0 * hour for hour in range(6, 24, 2)),
    )


def _speed(quick: bool) -> list[Measure]:
    from linli.civic.parking.domain.gate.experiment import simulate

    specification = day(100 if quick else 10_000)
    ours = specification.expected_vehicles * specification.replications
    theirs = 2 if quick else 25
    times = interleave(
        {
            "numba": lambda: simulate(specification, "numba"),
            "numpy": lambda: simulate(specification, "numpy"),
            "simpy": lambda: [_simpy_day(number) for number in range(theirs)],
        },
        rounds=1 if quick else 3,
    )
    per_vehicle = {
        "numba": [cpu / ours for cpu in times["numba"].cpu],
        "numpy": [cpu / ours for cpu in times["numpy"].cpu],
        "simpy": [cpu / (theirs * specification.expected_vehicles) for cpu in times["simpy"].cpu],
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    what = f"{specification.replications:,} days x {VEHICLES_A_DAY:,} vehicles"
    found = [
        _seconds(f"{what}, numba, warm", times["numba"], None if quick else 5.0),
        _seconds(f"{what}, numpy alone", times["numpy"], None if quick else 20.0),
        Measure(name="peak memory of all engines", value=memory, unit="MB"),
    ]
    for engine in ("numba", "numpy"):
        factor, ratios = ratio(per_vehicle["simpy"], per_vehicle[engine])
        found.append(
            Measure(
                name=f"per vehicle against SimPy, {engine}",
                value=factor,
                unit="x",
                target=50.0 if engine == "numba" and not quick else None,
                better="higher",
                runs=ratios,
                note=f"SimPy {1 / min(per_vehicle['simpy']):,.0f} vehicles a CPU-second",
            )
        )
    return found


def _seconds(name: str, timing: Timing, target: float | None) -> Measure:
    note = "random numbers, queue, every figure with its interval, nine report times"
    return Measure(
        name=name, value=timing.median_cpu, unit="cpu_s", target=target, runs=tuple(timing.cpu), note=note
    )


def _simpy_day(number: int) -> tuple[float, bool]:
    """One of our days by SimPy on the same vehicles: the mean wait, and whether the queue spilled."""
    import simpy

    from linli.civic.parking.domain.gate.vehicles import draw_vehicles

    vehicles = draw_vehicles(day(1), number, 1)
    arrivals, services = vehicles.arrivals[0].tolist(), vehicles.services[0, 0].tolist()
    world = simpy.Environment()
    gate = simpy.Resource(world, capacity=LANES)
    waits: list[float] = []
    spilled = False

    def drive(service: float) -> Generator[Any, Any, None]:
        nonlocal spilled
        came = world.now
        with gate.request() as turn:
            spilled = spilled or len(gate.queue) > STORAGE
            yield turn
            waits.append(world.now - came)
            yield world.timeout(service)

    def come() -> Generator[Any, Any, None]:
        for arrival, service in zip(arrivals, services, strict=True):
            yield world.timeout(arrival - world.now)
            world.process(drive(service))

    world.process(come())
    world.run()
    return sum(waits) / len(waits), spilled


def _theory(quick: bool) -> list[Measure]:
    """M/M/c, M/G/1, M/D/c and Mt/M/c at random settings; the error is a share of the truth or of the peak."""
    from tests.civic.parking.domain.gate_theory import compare
    from tests.civic.parking.domain.gate_worlds import random_settings

    settings = random_settings(seed=92, count=4 if quick else SETTINGS, heaviest=0.92)
    vehicles = 4e5 if quick else 4e7
    found = [
        one for kind, setting in settings for one in compare(kind, setting, vehicles=vehicles, engine="numba")
    ]
    scores = [abs(one.z) for one in found]
    errors = [one.error for one in found]
    what = f"{len(settings)} settings up to a load of 0.92"
    told = f"{len(found)} figures, {vehicles:,.0f} vehicles a setting"
    return [
        Measure(
            name=f"{what}: largest |z|",
            value=max(scores),
            unit="sd",
            target=None if quick else 4.0,
            note=told,
        ),
        Measure(
            name=f"{what}: largest error",
            value=100 * max(errors),
            unit="%",
            target=None if quick else 1.0,
            note=told,
        ),
        Measure(name=f"{what}: rms z", value=math.sqrt(sum(z * z for z in scores) / len(scores)), unit="sd"),
    ]


def _coverage(quick: bool) -> list[Measure]:
    """How often the interval of the mean wait holds the truth, in small experiments of a hundred days."""
    from tests.civic.parking.domain.gate_worlds import gate

    from linli.civic.parking.domain import theory
    from linli.civic.parking.domain.gate.experiment import simulate

    rate = 620 / 3600
    truth = theory.mmc_mean_wait(2, rate, 7.3)
    runs = 20 if quick else 200
    held = 0
    for seed in range(1_000, 1_000 + runs):
        specification = gate((4_200.0, 620.0), lanes=2, seed=seed, warmup_s=2_400.0)
        wait = simulate(specification, "numba").mean_wait_s
        held += wait.low <= truth <= wait.high
    share = 100 * held / runs
    what, note = f"intervals that hold the truth, of {runs}", "meant to be 95, promised between 91 and 99"
    least, most = (None, None) if quick else (91.0, 99.0)
    return [
        Measure(
            name=f"{what}: not too narrow", value=share, unit="%", target=least, better="higher", note=note
        ),
        Measure(name=f"{what}: not too wide", value=share, unit="%", target=most, note=note),
    ]
