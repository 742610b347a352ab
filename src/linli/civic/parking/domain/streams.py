"""Streams of chance: every replication draws from streams of its own, named by seed and purpose.

Because a stream depends on nothing but ``(seed, replication, purpose)``, the same seed gives the same numbers
on any number of processes, and two scenarios with the same seed meet the same vehicles.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream is drawn for; the numbers are part of the published recipe and never change."""

    ARRIVALS = 0
    CLASSES = 1
    NORMAL_SIZES = 2
    EXPONENTIAL_SIZES = 3
    SURVEY = 4
    DAY = 5
    STAYS = 6


def stream(seed: int, replication: int, purpose: Purpose, *parts: int) -> np.random.Generator:
    """The generator of one replication for one purpose, or for a numbered part of it.

    PCG64DXSM, seeded by NumPy's SeedSequence with the spawn key ``(replication, purpose, *parts)``.
    """
    source = np.random.SeedSequence(seed, spawn_key=(replication, int(purpose), *parts))
    return np.random.Generator(np.random.PCG64DXSM(source))
