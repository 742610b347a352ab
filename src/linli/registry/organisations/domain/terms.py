"""The term of a committee: how long, how many, until when, and when the next election must be held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.people.domain.roles import years_later
from linli.registry.regulations.domain.profiles import Fact, Profile


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that the rules of the place lay down, and the article in which it stands."""

    value: int
    clause: str


@dataclass(frozen=True, slots=True)
class TermRule:
    """What the rules in force on a day say about a committee. None where they say nothing."""

    longest_years: Limit | None = None
    longest_extension_years: Limit | None = None
    fewest_members: Limit | None = None
    odd: Limit | None = None
    elect_before_days: Limit | None = None


def term_rule(profile: Profile) -> TermRule:
    """The rule for committees as the nearest level lays it down."""
    return TermRule(
        longest_years=_limit(profile.fact("committee_term_max_years")),
        longest_extension_years=_limit(profile.fact("committee_extension_max_years")),
        fewest_members=_limit(profile.fact("committee_min")),
        odd=_limit(profile.fact("committee_odd")),
        elect_before_days=_limit(profile.fact("reelect_before_days")),
    )


def _limit(fact: Fact | None) -> Limit | None:
    if fact is None or not isinstance(fact.value, int) or fact.value is False:
        return None
    return Limit(int(fact.value), str(fact.citation))


def check_term(from_on: date, to_on: date | None, rule: TermRule) -> date:
    """The day on which the term is over. Refuses an open end, one before the beginning, and one too far."""
    if to_on is None:
        raise Invalid("term_end_missing", "请写任期到哪天为止。", field="to_on")
    if to_on <= from_on:
        raise Invalid("term_ends_first", "任期的结束日期要晚于开始日期。", field="to_on")
    longest = rule.longest_years
    if longest and to_on > years_later(from_on, longest.value):
        raise Invalid(
            "term_too_long",
            "一届任期最长 {years} 年，最晚到 {last} 为止，请核对日期。",
            longest.clause,
            years=longest.value,
            last=(years_later(from_on, longest.value) - timedelta(days=1)).isoformat(),
            field="to_on",
        )
    return to_on


def check_extension(agreed_to_on: date, to_on: date, rule: TermRule) -> None:
    """Refuse an extension that shortens, or that goes on longer than the rules let an assembly decide."""
    if to_on <= agreed_to_on:
        raise Invalid("extension_shortens", "延长后的届满日期要晚于现在的届满日期。", field="to_on")
    longest = rule.longest_extension_years
    if longest is None:
        raise Invalid("no_extension_here", "本地的规则没有规定延长任期，请按期换届。", field="to_on")
    if to_on > years_later(agreed_to_on, longest.value):
        raise Invalid(
            "extension_too_long",
            "延长任期最多 {years} 年，请核对日期。",
            longest.clause,
            years=longest.value,
            field="to_on",
        )


def check_members(account_ids: Sequence[int], rule: TermRule) -> None:
    """Refuse an election of too few, of an even number, or of one person twice."""
    if not account_ids:
        raise Invalid("nobody_elected", "请至少填写一位当选的成员。", field="members")
    if len(set(account_ids)) != len(account_ids):
        raise Conflict("elected_twice", "同一个人在名单里出现了两次，请去掉一行。", field="members")
    fewest, found = rule.fewest_members, len(account_ids)
    if fewest and found < fewest.value:
        raise Invalid(
            "too_few_members",
            "业主委员会至少 {fewest} 人，名单上只有 {found} 人。",
            fewest.clause,
            fewest=fewest.value,
            found=found,
            field="members",
        )
    if rule.odd and found % 2 == 0:
        raise Invalid(
            "even_members",
            "业主委员会人数要是单数，名单上有 {found} 人。",
            rule.odd.clause,
            found=found,
            field="members",
        )


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a term stands on a day. ``last_on`` is the last day of the term."""

    last_on: date
    elect_by: date | None
    clause: str
    days_left: int
    members: int
    elected: int

    @property
    def is_over(self) -> bool:
        """Whether the term has run out."""
        return self.days_left < 0

    @property
    def must_elect(self) -> bool:
        """Whether more than half of the seats are vacant, so that there must be a new election."""
        return self.members * 2 < self.elected

    def is_due(self, on: date, *, ahead_days: int = 90) -> bool:
        """Whether the next election has to be prepared now: ``ahead_days`` before its last day."""
        return self.elect_by is not None and on >= self.elect_by - timedelta(days=ahead_days)


def clock(*, to_on: date, members: int, elected: int, on: date, rule: TermRule) -> Clock:
    """The clock of a term: its last day, and the last day on which the next election may be held."""
    last_on, ahead = to_on - timedelta(days=1), rule.elect_before_days
    return Clock(
        last_on=last_on,
        elect_by=last_on - timedelta(days=ahead.value) if ahead else None,
        clause=ahead.clause if ahead else "",
        days_left=(last_on - on).days,
        members=members,
        elected=elected,
    )
