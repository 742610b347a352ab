"""What a benchmark reports, and how candidates are timed fairly against each other."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measured figure.

    ``value`` is the median of ``runs`` unless the module says otherwise in ``note``. ``unit`` is ``s``,
    ``cpu_s``, ``rows/s``, ``x`` (a ratio of two figures of the same run) or any other short word.
    ``target`` is the bound that is promised, ``better`` the side of it that is fine.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    runs: tuple[float, ...] = ()
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None where nothing is promised."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    @property
    def spread(self) -> float | None:
        """Half the range of the runs, as a share of the median; None with fewer than two runs."""
        middle = statistics.median(self.runs) if self.runs else 0.0
        if len(self.runs) < 2 or not middle:
            return None
        return (max(self.runs) - min(self.runs)) / 2 / abs(middle)

    def as_json(self) -> dict[str, Any]:
        """The figure as plain data."""
        return asdict(self) | {"met": self.met, "spread": self.spread}


@dataclass(slots=True)
class Timing:
    """The seconds of one candidate: ``wall`` by the clock, ``cpu`` of this process (children included)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median of the wall-clock seconds."""
        return statistics.median(self.wall)

    @property
    def median_cpu(self) -> float:
        """The median of the processor seconds."""
        return statistics.median(self.cpu)


def interleave(
    candidates: Mapping[str, Callable[[], object]], *, rounds: int = 5, warm: int = 1
) -> dict[str, Timing]:
    """Time the candidates in turn, round after round, so that a busy machine burdens all alike.

    ``warm`` unmeasured rounds come first. The order turns from round to round.
    """
    names = list(candidates)
    timings = {name: Timing() for name in names}
    for number in range(-warm, rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            wall, cpu = _time_one(candidates[name])
            if number >= 0:
                timings[name].wall.append(wall)
                timings[name].cpu.append(cpu)
    return timings


def ratio(above: list[float], below: list[float]) -> tuple[float, tuple[float, ...]]:
    """The median of the round-by-round ratios, and the ratios themselves."""
    ratios = tuple(one / other for one, other in zip(above, below, strict=True))
    return statistics.median(ratios), ratios


def _time_one(candidate: Callable[[], object]) -> tuple[float, float]:
    gc.collect()
    times = time.perf_counter(), _cpu_seconds()
    candidate()
    return time.perf_counter() - times[0], _cpu_seconds() - times[1]


def _cpu_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
