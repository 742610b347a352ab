"""Whether exact totals give away who voted what: for how many owners the published sums leave no doubt.

If a secret vote publishes the exact area and heads of the consenting, an owner is exposed when every set of
owners with the same area and heads contains him, or none does. Tried on seeded votes over the frozen roll.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

MOST_COMBINATIONS = 2**20
"""Combinations of one half that are still listed one by one; beyond, owners are tried in samples."""
SAMPLE_COMBINATIONS = 2**12
ATTEMPTS = 12
_HEADS = 1 << 20

Words = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leak:
    """What the trials showed. ``exact`` is False where some owner's safety could not be proven (counted as
    exposed then)."""

    owners: int
    exposed: tuple[int, ...]
    exact: bool

    @property
    def worst(self) -> int:
        """The most owners exposed in any trial."""
        return max(self.exposed)

    @property
    def mean(self) -> float:
        """The owners exposed on average."""
        return sum(self.exposed) / len(self.exposed)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Owners with equal areas: nobody can tell them apart by sums."""

    area: int
    owners: int
    agreeing: int

    @property
    def is_mixed(self) -> bool:
        return 0 < self.agreeing < self.owners


@dataclass(frozen=True, slots=True)
class _Half:
    """All combinations of half of the kinds: each distinct (area, heads), and which kinds can be above
    nobody or below everybody in it (bits)."""

    keys: Words
    some: Words
    not_all: Words


def check_leak(areas: Sequence[int], *, trials: int = 8, seed: int = 1) -> Leak:
    """Try seeded votes, each owner consenting or not by a fair coin, never all and never none.

    ``areas`` in 0.01 m², one for each owner group. A single owner is always exposed. Unanimity always
    exposes everybody, whatever the roll.
    """
    if len(areas) == 1:
        return Leak(1, (1,), True)
    chance = Random(seed)
    sizes = Counter(areas)
    plain = [_Kind(area, owners, 0) for area, owners in sorted(sizes.items())]
    whole = _halves(plain) if _is_listable(plain) else None
    votes = [_vote(sizes, _some_but_not_all(len(areas), chance), areas) for _ in range(trials)]
    found = []
    exact = True
    for kinds in votes:
        if whole is not None:
            exposed = _exposed(kinds, whole)
        else:
            exposed = _not_proven_safe(kinds, chance)
            exact = exact and not exposed
        found.append(sum(kind.owners for kind in exposed))
    return Leak(len(areas), tuple(found), exact)


def exposed_by(areas: Sequence[int], agrees: Sequence[bool]) -> int:
    """How many owners the totals of this very vote expose. For small rolls only."""
    kinds = _vote(Counter(areas), agrees, areas)
    return sum(kind.owners for kind in _exposed(kinds, _halves(kinds)))


def _some_but_not_all(owners: int, chance: Random) -> list[bool]:
    while True:
        agrees = [chance.random() < 0.5 for _ in range(owners)]
        if any(agrees) and not all(agrees):
            return agrees


def _vote(sizes: Counter[int], agrees: Sequence[bool], areas: Sequence[int]) -> list[_Kind]:
    agreeing = Counter(area for area, agree in zip(areas, agrees, strict=True) if agree)
    return [_Kind(area, owners, agreeing[area]) for area, owners in sorted(sizes.items())]


def _combinations(kinds: Iterable[_Kind]) -> int:
    number = 1
    for kind in kinds:
        number *= kind.owners + 1
    return number


def _is_listable(kinds: Sequence[_Kind]) -> bool:
    return len(kinds) <= 60 and all(
        _combinations(half) <= MOST_COMBINATIONS for half in (kinds[::2], kinds[1::2])
    )


def _halves(kinds: Sequence[_Kind]) -> tuple[_Half, _Half]:
    numbered = list(enumerate(kinds))
    return _half(numbered[::2]), _half(numbered[1::2])


def _half(kinds: Sequence[tuple[int, _Kind]]) -> _Half:
    """List the combinations of these kinds and fold those with the same area and heads together."""
    keys, some, not_all = (np.zeros(1, dtype=np.int64) for _ in range(3))
    for bit, kind in kinds:
        number = np.arange(kind.owners + 1, dtype=np.int64)
        flag = np.int64(1) << np.int64(bit)
        keys = np.add.outer(keys, number * (kind.area * _HEADS + 1)).ravel()
        some = np.bitwise_or.outer(some, np.where(number > 0, flag, 0)).ravel()
        not_all = np.bitwise_or.outer(not_all, np.where(number < kind.owners, flag, 0)).ravel()
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return _Half(
        keys[starts],
        np.bitwise_or.reduceat(some[order], starts),
        np.bitwise_or.reduceat(not_all[order], starts),
    )


def _exposed(kinds: Sequence[_Kind], halves: tuple[_Half, _Half]) -> list[_Kind]:
    """The kinds whose part in the consent is the same in every combination with these totals."""
    left, right = halves
    target = sum(kind.agreeing * (kind.area * _HEADS + 1) for kind in kinds)
    wanted = target - left.keys
    at = np.minimum(np.searchsorted(right.keys, wanted), len(right.keys) - 1)
    fits = right.keys[at] == wanted
    at = at[fits]
    some = int(np.bitwise_or.reduce(left.some[fits]) | np.bitwise_or.reduce(right.some[at]))
    not_all = int(np.bitwise_or.reduce(left.not_all[fits]) | np.bitwise_or.reduce(right.not_all[at]))
    exposed = []
    for bit, kind in enumerate(kinds):
        can_agree, can_refuse = some >> bit & 1, not_all >> bit & 1
        if not (can_agree and can_refuse):
            exposed.append(kind)
    return exposed


def _not_proven_safe(kinds: Sequence[_Kind], chance: Random) -> list[_Kind]:
    """The kinds that no sample of owners shows to be safe, everybody else's vote held fixed."""
    doubtful = [kind for kind in kinds if not kind.is_mixed]
    others = list(kinds)
    for _ in range(ATTEMPTS):
        chance.shuffle(doubtful)
        still: list[_Kind] = []
        waiting = list(doubtful)
        while waiting:
            sample = _sample(waiting, others, chance)
            exposed = _exposed(sample, _halves(sample))
            chosen = {kind.area for kind in sample}
            still += [kind for kind in exposed if kind in waiting]
            waiting = [kind for kind in waiting if kind.area not in chosen]
        doubtful = still
    return doubtful


def _sample(waiting: Sequence[_Kind], others: Sequence[_Kind], chance: Random) -> list[_Kind]:
    """Doubtful kinds first, then any others, as many as can be listed; of large kinds only a few owners."""
    sample: dict[int, _Kind] = {}
    number = 1
    for kind in [*waiting, *chance.sample(list(others), min(len(others), 60))]:
        part = _part_of(kind)
        if kind.area in sample:
            continue
        number *= part.owners + 1
        if number > SAMPLE_COMBINATIONS**2 or len(sample) == 60:
            break
        sample[kind.area] = part
    return list(sample.values())


def _part_of(kind: _Kind) -> _Kind:
    """At most three owners of a kind, agreeing and refusing alike where both are there."""
    if kind.owners <= 3:
        return kind
    agreeing = min(kind.agreeing, 3) if not kind.is_mixed else min(kind.agreeing, 1)
    return _Kind(kind.area, 3, agreeing)
