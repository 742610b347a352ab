"""A second counter, written from the rules on paper and sharing no code with the first.

It walks owner group by owner group, keeps everything in plain lists, compares with fractions and finds what
is missing by trying one after the other. Slow and simple on purpose.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

RANK = {"meeting": 0, "paper": 0, "door": 1, "online": 2, "proxy": 3}
SHARES = {  # (quorum, inclusive), (approval, inclusive), measured against
    ("CC2021", "ordinary"): ((Fraction(2, 3), True), (Fraction(1, 2), False), "participating"),
    ("CC2021", "special"): ((Fraction(2, 3), True), (Fraction(3, 4), True), "participating"),
    ("PL2007", "ordinary"): ((Fraction(1, 2), False), (Fraction(1, 2), False), "total"),
    ("PL2007", "special"): ((Fraction(1, 2), False), (Fraction(2, 3), True), "total"),
}


def second_count(
    units: list[tuple[str, int, frozenset[str]]],
    rows: list[dict[str, Any]],
    closed_at: Any,
    regime: str,
    kind: str,
    precedence: str,
    conflicts: str,
    invalid: str,
) -> dict[str, Any]:
    """Units are (code, area, owners); rows are in file order with number, unit, voter, choice, channel, at."""
    groups = _groups(units)
    fate = _fates(units, rows, closed_at)
    votes: list[tuple[int, str]] = []  # area and choice of each group that takes part
    for owners, size, codes in groups:
        word = _word([row for row in rows if row["unit"] in codes], owners, fate, precedence)
        if word in ("agree", "against", "abstain"):
            votes.append((size, word))
        elif (word, conflicts) == ("conflict", "participate") or (word, invalid) == (
            "invalid",
            "participate",
        ):
            votes.append((size, "none"))
    return _result(groups, votes, fate, SHARES[regime, kind])


def _groups(units: list[tuple[str, int, frozenset[str]]]) -> list[tuple[frozenset[str], int, list[str]]]:
    groups: list[tuple[frozenset[str], int, list[str]]] = []
    for code, area, owners in units:
        for place, (known, size, codes) in enumerate(groups):
            if known == owners:
                groups[place] = (known, size + area, [*codes, code])
                break
        else:
            groups.append((owners, area, [code]))
    return groups


def _word(mine: list[dict[str, Any]], owners: frozenset[str], fate: dict[int, str], precedence: str) -> str:
    """What one owner group says in the end: a choice, conflict, invalid, or nothing."""
    valid = [row for row in mine if fate[row["row"]] == "valid"]
    best = [_best([row for row in valid if row["voter"] == who], precedence) for who in sorted(owners)]
    kept = [row for row in best if row is not None]
    for row in valid:
        if row not in kept:
            fate[row["row"]] = "superseded"
    words = {row["choice"] for row in kept}
    if len(words) > 1:
        for row in kept:
            fate[row["row"]] = "conflict"
        return "conflict"
    if words:
        return str(words.pop())
    return "invalid" if any(fate[row["row"]] == "invalid" for row in mine) else "nothing"


def _fates(
    units: list[tuple[str, int, frozenset[str]]], rows: list[dict[str, Any]], closed_at: Any
) -> dict[int, str]:
    owners_of = {code: owners for code, _, owners in units}
    fate: dict[int, str] = {}
    numbers: list[str] = []
    for row in rows:
        if row["number"] in numbers:
            fate[row["row"]] = "duplicate"
            continue
        numbers.append(row["number"])
        if row["voter"] not in owners_of.get(row["unit"], ()):
            fate[row["row"]] = "not_entitled"
        elif not row["at"] <= closed_at:
            fate[row["row"]] = "late"
        elif row["choice"] == "invalid":
            fate[row["row"]] = "invalid"
        else:
            fate[row["row"]] = "valid"
    return fate


def _best(rows: list[dict[str, Any]], precedence: str) -> dict[str, Any] | None:
    if not rows:
        return None
    if precedence == "first":
        return min(rows, key=lambda row: (row["at"], row["row"]))
    if precedence == "latest":
        return max(rows, key=lambda row: (row["at"], row["row"]))
    return max(rows, key=lambda row: (-RANK[row["channel"]], row["at"], row["row"]))


def _enough(part: int, whole: int, share: tuple[Fraction, bool]) -> bool:
    fraction, inclusive = share
    left, right = part * fraction.denominator, whole * fraction.numerator
    return left > right or (inclusive and left == right)


def _result(groups: Any, votes: list[tuple[int, str]], fate: dict[int, str], shares: Any) -> dict[str, Any]:
    quorum, approval, against = shares
    totals = (sum(size for _, size, _ in groups), len(groups))
    part = (sum(size for size, _ in votes), len(votes))
    sums = {}
    for word in ("agree", "against", "abstain"):
        chosen = [size for size, choice in votes if choice == word]
        sums[word] = (sum(chosen), len(chosen))

    def passes(side: int, more: int) -> bool:
        base = totals[side] if against == "total" else part[side] + more
        return _enough(part[side] + more, totals[side], quorum) and _enough(
            sums["agree"][side] + more, base, approval
        )

    def least(side: int, good: Any) -> int:
        more = 0
        while not good(side, more):
            more += 1
        return more

    def meets_quorum(side: int, more: int) -> bool:
        return _enough(part[side] + more, totals[side], quorum)

    return {
        "total": totals,
        "participating": part,
        "sums": sums,
        "quorum_met": meets_quorum(0, 0) and meets_quorum(1, 0),
        "passed": passes(0, 0) and passes(1, 0),
        "missing": (least(0, passes), least(1, passes)),
        "missing_quorum": (least(0, meets_quorum), least(1, meets_quorum)),
        "fate": fate,
    }
