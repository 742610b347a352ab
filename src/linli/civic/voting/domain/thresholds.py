"""Whether the shares that the law asks for are reached, what is missing, and the comparison written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from linli.ground.kernel.area import format_area
from linli.registry.regulations.domain.profiles import Ruling
from linli.registry.regulations.domain.thresholds import Threshold

Dimension = Literal["area", "heads"]
DIMENSIONS: tuple[Dimension, ...] = ("area", "heads")


class Figures(NamedTuple):
    """The numbers of one count. Areas in 0.01 m², heads are owner groups.

    ``undecided_*`` took part without a choice that counts (conflicts or invalid ballots, where the declared
    rule lets them participate); participating = agree + against + abstain + undecided.
    """

    total_area_dm2: int
    total_heads: int
    participating_area_dm2: int
    participating_heads: int
    agree_area_dm2: int
    agree_heads: int
    against_area_dm2: int
    against_heads: int
    abstain_area_dm2: int
    abstain_heads: int
    undecided_area_dm2: int = 0
    undecided_heads: int = 0

    def of(self, dimension: Dimension) -> tuple[int, int, int]:
        """Total, participating and agreeing, by area or by heads."""
        if dimension == "area":
            return self.total_area_dm2, self.participating_area_dm2, self.agree_area_dm2
        return self.total_heads, self.participating_heads, self.agree_heads

    def with_undecided(self, area_dm2: int, heads: int) -> Figures:
        """The same count with this much taking part without a choice."""
        more_area, more_heads = area_dm2 - self.undecided_area_dm2, heads - self.undecided_heads
        return self._replace(
            participating_area_dm2=self.participating_area_dm2 + more_area,
            participating_heads=self.participating_heads + more_heads,
            undecided_area_dm2=area_dm2,
            undecided_heads=heads,
        )


class Missing(NamedTuple):
    """The least further area and heads that, all taking part and agreeing, would pass; None: impossible."""

    area_dm2: int | None
    heads: int | None
    quorum_area_dm2: int
    quorum_heads: int


def quorum_is_met(figures: Figures, ruling: Ruling) -> bool:
    """Whether enough take part, by area and by heads."""
    return ruling.quorum.is_met(
        figures.participating_area_dm2, figures.total_area_dm2
    ) and ruling.quorum.is_met(figures.participating_heads, figures.total_heads)


def is_passed(figures: Figures, ruling: Ruling) -> bool:
    """Whether enough take part and enough agree, each by area and by heads. Never averaged."""
    if not quorum_is_met(figures, ruling):
        return False
    if ruling.base == "total":
        return ruling.approval.is_met(
            figures.agree_area_dm2, figures.total_area_dm2
        ) and ruling.approval.is_met(figures.agree_heads, figures.total_heads)
    return ruling.approval.is_met(
        figures.agree_area_dm2, figures.participating_area_dm2
    ) and ruling.approval.is_met(figures.agree_heads, figures.participating_heads)


def missing(figures: Figures, ruling: Ruling) -> Missing:
    """What is still missing, for the whole and for the quorum alone."""
    area, quorum_area = _missing(*figures.of("area"), ruling)
    heads, quorum_heads = _missing(*figures.of("heads"), ruling)
    return Missing(area, heads, quorum_area, quorum_heads)


def _missing(total: int, participating: int, agree: int, ruling: Ruling) -> tuple[int | None, int]:
    quorum = _up_to(ruling.quorum, participating, total)
    if ruling.base == "total":
        return max(quorum, _up_to(ruling.approval, agree, total)), quorum
    approval = _growing_with(ruling.approval, agree, participating)
    return None if approval is None else max(quorum, approval), quorum


def _up_to(threshold: Threshold, part: int, whole: int) -> int:
    """The least x ≥ 0 with ``part + x`` enough of a fixed whole."""
    wanted, over = divmod(threshold.numerator * whole, threshold.denominator)
    least = wanted + (over > 0) if threshold.inclusive else wanted + 1
    return max(0, least - part)


def _growing_with(threshold: Threshold, part: int, whole: int) -> int | None:
    """The least x ≥ 0 with ``part + x`` enough of ``whole + x``; None where no x is."""
    if threshold.is_met(part, whole):
        return 0
    gap = threshold.denominator - threshold.numerator
    if gap == 0:
        return None
    lacking = threshold.numerator * whole - threshold.denominator * part
    return -(-lacking // gap) if threshold.inclusive else lacking // gap + 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison by multiplying: ``denominator × part`` against ``numerator × whole``."""

    step: Literal["quorum", "approval"]
    dimension: Dimension
    threshold: Threshold
    part: int
    whole: int
    missing: int | None

    @property
    def is_met(self) -> bool:
        """Whether the share is reached."""
        return self.threshold.is_met(self.part, self.whole)

    @property
    def text(self) -> str:
        """The comparison written out, with what it means and what is missing."""
        return f"{self._written}: {self._meaning}"

    @property
    def plain_text(self) -> str:
        """The comparison written out, with whether it is reached; nothing of further owners."""
        return f"{self._written}: {self._meaning if self.is_met else self._short_of('不够')}"

    @property
    def _written(self) -> str:
        left, right = self.threshold.denominator * self.part, self.threshold.numerator * self.whole
        sign = "<" if left < right else ">" if left > right else "="
        return (
            f"{self.threshold.denominator} × {self._of(self.part)} = {self._of(left)} {sign} "
            f"{self.threshold.numerator} × {self._of(self.whole)} = {self._of(right)}"
        )

    @property
    def _equal(self) -> bool:
        return self.threshold.denominator * self.part == self.threshold.numerator * self.whole

    @property
    def _name(self) -> str:
        return "面积" if self.dimension == "area" else "人数"

    @property
    def _meaning(self) -> str:
        if self.is_met:
            return f"{self._name}刚好够（“以上”含本数）" if self._equal else f"{self._name}够了"
        if self.missing is None:
            return f"{self._name}不够，须全部同意"
        unit = "平方米" if self.dimension == "area" else "人"
        return self._short_of(f"还差 {self._of(self.missing)} {unit}")

    def _short_of(self, words: str) -> str:
        return f"{self._name}{words}{'（刚好一样多，不算超过）' if self._equal else ''}"

    def _of(self, amount: int) -> str:
        return format_area(amount) if self.dimension == "area" else f"{amount:,}"


def comparisons(figures: Figures, ruling: Ruling) -> tuple[Comparison, ...]:
    """The four comparisons that decide: taking part and agreeing, by area and by heads.

    What is missing is counted as further owners who take part and agree.
    """
    found: list[Comparison] = []
    for dimension in DIMENSIONS:
        total, participating, _ = figures.of(dimension)
        short = _up_to(ruling.quorum, participating, total)
        found.append(Comparison("quorum", dimension, ruling.quorum, participating, total, short))
    for dimension in DIMENSIONS:
        total, participating, agree = figures.of(dimension)
        is_total = ruling.base == "total"
        whole = total if is_total else participating
        lacking = (
            _up_to(ruling.approval, agree, whole)
            if is_total
            else _growing_with(ruling.approval, agree, whole)
        )
        found.append(Comparison("approval", dimension, ruling.approval, agree, whole, lacking))
    return tuple(found)
