"""Figures with 95 % intervals, out of sums over independent replications.

Every estimate is computed from sums of products alone, so that blocks of replications can be simulated
anywhere and added up in their order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

from linli.civic.parking.domain.gate.specification import Floats, Integers

LEAST_REPLICATIONS_FOR_CONTROLS = 20
LEAST_SHARE_FOR_CONTROLS = 0.02
LARGEST_ERROR_FOR_CONTROLS = 0.25
QUANTILE_GROUPS = 64


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the interval that covers the truth in 95 of 100 experiments."""

    value: float
    low: float
    high: float

    def within(self, least: float, most: float) -> Estimate:
        """The same, kept where the figure can be at all."""
        return Estimate(*(min(max(bound, least), most) for bound in (self.value, self.low, self.high)))

    def scaled(self, factor: float) -> Estimate:
        """The same in another unit."""
        return Estimate(self.value * factor, self.low * factor, self.high * factor)

    def as_json(self) -> dict[str, float]:
        """Value and bounds, to ten digits."""
        return {"value": digits(self.value), "low": digits(self.low), "high": digits(self.high)}


def digits(number: float) -> float:
    """The number to ten significant digits, which no engine and no order of adding disturbs."""
    return float(f"{number:.10g}")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of products over replications of a few columns; the first column is 1, the last are the controls.

    ``products[i, j]`` is the sum of column i times column j.
    """

    products: Floats
    controls: int

    @property
    def replications(self) -> float:
        """How many replications were added up."""
        return float(self.products[0, 0])

    def ratio(self, above: int, below: int = 0) -> Estimate:
        """The ratio of two expectations, by default a plain mean, without controls."""
        value, spread, _ = self._linearised(above, below)
        error = math.sqrt(spread / (self.replications - 1) / self.replications)
        return _interval(value, error, self.replications - 1)

    def controlled_ratio(self, above: int, below: int = 0) -> Estimate:
        """The same, less the part of its error that the controls explain.

        The controls have expectation zero; a regression says how the ratio moves with them, and the ratio is
        corrected by what they happened to be. With too few replications for that it is the plain ratio.
        """
        value, spread, against = self._linearised(above, below)
        if self.replications < LEAST_REPLICATIONS_FOR_CONTROLS or spread <= 0.0:
            return self.ratio(above, below)
        means, inverse, rank = self._control_space()
        slopes = inverse @ against
        unexplained = max(spread - float(slopes @ against), 0.0)
        freedom = self.replications - 1 - rank
        leverage = 1.0 / self.replications + float(means @ inverse @ means)
        error = math.sqrt(unexplained / freedom * leverage)
        return _interval(value - float(slopes @ means), error, freedom)

    def surest_ratio(self, above: int, below: int = 0) -> Estimate:
        """The controlled ratio, unless the plain one is so uncertain that a regression would be a guess."""
        plain = self.ratio(above, below)
        uncertain = plain.high - plain.low > 2 * LARGEST_ERROR_FOR_CONTROLS * abs(plain.value)
        return plain if uncertain else self.controlled_ratio(above, below)

    def _linearised(self, above: int, below: int) -> tuple[float, float, Floats]:
        """The ratio, the squares of its linear part by replication, and their products with the controls."""
        products = self.products
        value = float(products[0, above] / products[0, below])
        scale = float(products[0, below]) / self.replications
        mixed = products[above, above] - 2 * value * products[above, below]
        squares = float(mixed + value**2 * products[below, below])
        controls = slice(len(products) - self.controls, None)
        against = (products[above, controls] - value * products[below, controls]) / scale
        return value, max(squares, 0.0) / scale**2, against

    def _control_space(self) -> tuple[Floats, Floats, int]:
        """Means of the controls, the inverse of their scatter, and how many of them differ at all."""
        controls = slice(len(self.products) - self.controls, None)
        totals = self.products[0, controls]
        scatter = self.products[controls, controls] - np.outer(totals, totals) / self.replications
        size = np.sqrt(np.maximum(np.diag(scatter), 0.0))
        size[size <= 1e-9 * np.sqrt(np.diag(self.products)[controls])] = 0.0
        moving = np.flatnonzero(size > 0.0)
        inverse = np.zeros_like(scatter)
        if not len(moving):
            return totals / self.replications, inverse, 0
        scale = np.outer(size[moving], size[moving])
        values, vectors = np.linalg.eigh(scatter[np.ix_(moving, moving)] / scale)
        kept = values > 1e-9
        unscaled = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T / scale
        inverse[np.ix_(moving, moving)] = unscaled
        return totals / self.replications, inverse, int(kept.sum())


def _interval(value: float, error: float, freedom: float) -> Estimate:
    reach = error * float(stdtrit(freedom, 0.975))
    return Estimate(value, value - reach, value + reach)


def proportion(hits: int, of: int) -> Estimate:
    """A share with Jeffreys' interval, in the form of Brown, Cai and DasGupta (2001) near 0 and 1."""
    low = 0.0 if hits <= 1 else float(betaincinv(hits + 0.5, of - hits + 0.5, 0.025))
    high = 1.0 if hits >= of - 1 else float(betaincinv(hits + 0.5, of - hits + 0.5, 0.975))
    if hits == 0:
        high = 1.0 - 0.025 ** (1.0 / of)
    if hits == of:
        low = 0.025 ** (1.0 / of)
    return Estimate(hits / of, low, high)


def quantile(counts: Integers, controls: Floats, edges: Floats, level: float) -> Estimate:
    """A quantile of counts by group of replications (row) and bin, with Woodruff's interval.

    The uncertainty of the share below the quantile, seen between the groups and less what their controls
    explain, is carried over to the quantile. Within a bin the counts are taken as evenly spread; the lowest
    bin counts as zero.
    """
    pooled = counts.sum(axis=0)
    plain = _quantile_of(pooled, edges, level)
    missed = _share_below(counts, edges, plain) - level * counts.sum(axis=1)
    columns = np.concatenate([np.ones((len(counts), 1)), missed[:, None], controls], axis=1)
    excess = Sums(np.einsum("ri,rj->ij", columns, columns), controls.shape[1]).controlled_ratio(1)
    size = float(pooled.sum()) / len(counts)
    levels = (min(max(level - above / size, 0.0), 1.0) for above in (excess.value, excess.high, excess.low))
    return Estimate(*(_quantile_of(pooled, edges, corrected) for corrected in levels))


def _quantile_of(pooled: Integers, edges: Floats, level: float) -> float:
    summed = np.cumsum(pooled)
    wanted = level * float(summed[-1])
    place = int(np.searchsorted(summed, wanted, side="left"))
    if place == 0:
        return 0.0
    within = (wanted - float(summed[place - 1])) / float(pooled[place])
    return float(edges[place] + within * (edges[place + 1] - edges[place]))


def _share_below(counts: Integers, edges: Floats, value: float) -> Floats:
    """How many of each group lie at or below a value."""
    place = int(np.searchsorted(edges, value, side="right")) - 1 if value > 0.0 else 0
    summed = np.cumsum(counts, axis=1)
    if place == 0:
        return np.asarray(summed[:, 0], dtype=np.float64)
    within = (value - edges[place]) / (edges[place + 1] - edges[place])
    return np.asarray(summed[:, place - 1] + within * counts[:, place])
