"""Time-shared lots: how many bays may be used so that the owner finds them free in the morning.

Every counted night is one scenario. In it a car overstays with the share of that night (half a car added to
either side, so that a clean record of a few cars is no certainty); cars overstay independently. The chance that
more cars overstay than the owner tolerates is the mean over the nights, and it may not exceed the tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Night = tuple[int, int]
"""Cars that were parked, and how many of them were still there when the owner needed the bays."""


def share_of(night: Night) -> float:
    """The share of overstaying that is assumed for a car in such a night."""
    parked, overstayed = night
    return (overstayed + 0.5) / (parked + 1.0)


def chance_of_more(bays: int, tolerated: int, nights: Sequence[Night]) -> float:
    """The chance that more than ``tolerated`` of ``bays`` parked cars overstay; 0 without nights or cars."""
    if bays <= tolerated or not nights:
        return 0.0
    return math.fsum(_more(bays, tolerated, share_of(night)) for night in nights) / len(nights)


def _more(bays: int, tolerated: int, share: float) -> float:
    """The upper tail of the binomial distribution, each term from its logarithm."""
    logarithm, complement = math.log(share), math.log1p(-share)
    whole = math.lgamma(bays + 1)
    terms = (
        math.exp(
            whole
            - math.lgamma(late + 1)
            - math.lgamma(bays - late + 1)
            + late * logarithm
            + (bays - late) * complement
        )
        for late in range(tolerated + 1, bays + 1)
    )
    return min(1.0, math.fsum(terms))


def most_bays(bays: int, tolerated: int, nights: Sequence[Night], tolerance: float) -> int:
    """The largest number of bays, up to ``bays``, whose chance of overstaying stays within the tolerance."""
    low, high = min(tolerated, bays), bays
    while low < high:
        middle = (low + high + 1) // 2
        if chance_of_more(middle, tolerated, nights) <= tolerance:
            low = middle
        else:
            high = middle - 1
    return low
