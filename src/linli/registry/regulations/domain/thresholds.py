"""A share that the law asks for, as an exact fraction; compared by multiplying, never by dividing."""

from __future__ import annotations

from dataclasses import dataclass

_NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True, slots=True)
class Threshold:
    """``numerator/denominator`` of a whole. Inclusive is 以上 (the number itself suffices), strict is 过半数.

    Source: 民法典第一千二百五十九条 (以上 includes the number, 超过 does not).
    """

    numerator: int
    denominator: int
    inclusive: bool

    def is_met(self, part: int, whole: int) -> bool:
        """Whether ``part`` of ``whole`` is enough."""
        left, right = self.denominator * part, self.numerator * whole
        return left >= right if self.inclusive else left > right

    @property
    def fraction(self) -> str:
        """The fraction as digits: ``2/3``."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def words(self) -> str:
        """The share as the law says it: 三分之二以上, 过半数, 超过三分之二."""
        if (self.numerator, self.denominator, self.inclusive) == (1, 2, False):
            return "过半数"
        share = f"{_numeral(self.denominator)}分之{_numeral(self.numerator)}"
        return f"{share}以上" if self.inclusive else f"超过{share}"

    @property
    def short_words(self) -> str:
        """What decides at exactly the number: 含本数 or 不含本数."""
        return "含本数" if self.inclusive else "不含本数"


def _numeral(number: int) -> str:
    return _NUMERALS[number] if number < len(_NUMERALS) else str(number)
