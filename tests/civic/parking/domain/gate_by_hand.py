"""A gate told event by event, slowly and plainly: what the fast recursion is held against."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

ARRIVAL, LEAVING, OPENING = 1, 0, 2


@dataclass
class Lane:
    """One lane: its opening windows, and since when it has been free."""

    windows: list[tuple[float, float]]
    free_since: float = 0.0
    busy: bool = False

    def open_at(self, now: float) -> bool:
        return any(opens <= now < closes for opens, closes in self.windows)


@dataclass
class Gate:
    """A gate at work. ``services[lane][vehicle]`` is what a lane would need for a vehicle."""

    arrivals: list[float]
    services: list[list[float]]
    lanes: list[Lane]
    starts: dict[int, float] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    history: list[tuple[float, int]] = field(default_factory=list)
    joined: list[tuple[float, int]] = field(default_factory=list)

    def run(self) -> Gate:
        events = [(time, ARRIVAL, vehicle) for vehicle, time in enumerate(self.arrivals)]
        events += [(opens, OPENING, 0) for lane in self.lanes for opens, _ in lane.windows]
        heapq.heapify(events)
        while events:
            now, kind, who = heapq.heappop(events)
            if kind == ARRIVAL:
                self.waiting.append(who)
            elif kind == LEAVING:
                self.lanes[who].busy, self.lanes[who].free_since = False, now
            self._serve(now, events)
            self.history.append((now, len(self.waiting)))
            if kind == ARRIVAL:
                self.joined.append((now, len(self.waiting)))
        return self

    def _serve(self, now: float, events: list[tuple[float, int, int]]) -> None:
        while self.waiting:
            ready = [i for i, lane in enumerate(self.lanes) if not lane.busy and lane.open_at(now)]
            if not ready:
                return
            lane = min(ready, key=lambda i: (self.lanes[i].free_since, i))
            vehicle = self.waiting.pop(0)
            self.starts[vehicle], self.taken[vehicle] = now, lane
            self.lanes[lane].busy = True
            heapq.heappush(events, (now + self.services[lane][vehicle], LEAVING, lane))

    def waiting_at(self, time: float) -> int:
        return next((queue for now, queue in reversed(self.history) if now <= time), 0)

    def minutes_over(self, storage: int, since: float, until: float) -> float:
        times = [*self.history, (math.inf, 0)]
        seconds = 0.0
        for (now, queue), (then, _) in zip(times, times[1:], strict=False):
            if queue > storage:
                seconds += max(min(then, until) - max(now, since), 0.0)
        return seconds / 60


def always_open(count: int) -> list[Lane]:
    return [Lane([(0.0, math.inf)]) for _ in range(count)]
