"""Statutory dates of an owners' assembly, counted by Civil Code 201–203 on the working-day table.

Forward, the first day is not counted and a last day off moves to the next working day; backward, a date is
never moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from linli.ground.kernel.calendar import CalendarMissing, Workdays
from linli.registry.regulations.domain.profiles import Citation, Fact, Profile

Direction = Literal["backward", "forward"]
Unit = Literal["days", "years"]

CIVIL_CODE = Citation("民法典", "第二百零一条、第二百零三条", "T")


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table of duties: from which day, by which fact, counted which way."""

    code: str
    fact: str
    start: str  # the meeting, or the code of the step it follows
    direction: Direction
    duty: str
    items: tuple[str, ...] = ()  # only for these matters; for all when empty
    unit: Unit = "days"
    tolerant: bool = False  # a far date may be provisional where next year's table is not out yet


STEPS: tuple[Step, ...] = (
    Step("first_assembly_notice", "first_assembly_notice_days", "meeting", "backward",
         "首次业主大会：筹备组最迟在这一天公示筹备内容", ("FIRST_ASSEMBLY",)),
    Step("notice", "notice_days", "meeting", "backward",
         "最迟在这一天通知全体业主，公示议题、时间、地点、方式，并报告居（村）民委员会"),
    Step("fund_plan_posted", "fund_plan_post_days", "meeting", "backward",
         "最迟在这一天开始公示维修资金使用方案", ("FUND_USE",)),
    Step("decision_published", "decision_publish_days", "meeting", "forward",
         "最迟在这一天公示业主大会的决定"),
    Step("covenant_published", "covenant_publish_days", "meeting", "forward",
         "通过管理规约、议事规则的：最迟在这一天公示", ("COVENANT", "ASSEMBLY_RULES")),
    Step("posting_kept", "publicity_min_days", "decision_published", "forward",
         "在期限最后一天才公示的，公示至少保留到这一天"),
    Step("committee_first_meeting", "committee_first_meeting_days", "meeting", "forward",
         "选出业主委员会的：最迟在这一天开首次会议，推选主任、副主任", ("COMMITTEE_ELECTION",)),
    Step("officers_published", "officers_publish_days", "committee_first_meeting", "forward",
         "在期限最后一天才推选的，主任、副主任名单最迟在这一天公示", ("COMMITTEE_ELECTION",)),
    Step("handover", "handover_days", "meeting", "forward",
         "换届的：上一届最迟在这一天移交资料、印章和财物", ("COMMITTEE_ELECTION",)),
    Step("filing", "filing_days", "meeting", "forward",
         "选出业主委员会的：最迟在这一天备案", ("COMMITTEE_ELECTION",)),
    Step("revocation", "revocation_years", "meeting", "forward",
         "业主认为决定侵害自己权益的，自知道或者应当知道之日起算；以会议当日知道为例，最迟在这一天请求法院撤销",
         (), "years", True),
)  # fmt: skip

PREPARATION: tuple[Step, ...] = (
    Step("prep_published", "prep_publish_days", "prep_formed", "forward",
         "筹备组最迟在这一天公示成员名单", ("FIRST_ASSEMBLY",)),
    Step("first_meeting", "first_meeting_days", "prep_formed", "forward",
         "首次业主大会会议最迟在这一天召开", ("FIRST_ASSEMBLY",)),
    Step("first_meeting_extended", "first_meeting_extension_days", "first_meeting", "forward",
         "经批准延期的，首次业主大会会议最迟在这一天召开", ("FIRST_ASSEMBLY",)),
)  # fmt: skip

RE_ELECTION: tuple[Step, ...] = (
    Step("re_election_meeting", "reelect_before_days", "term_ends", "backward",
         "换届会议最迟在这一天召开", ("COMMITTEE_ELECTION",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date: what is due, how it was counted, by which article."""

    code: str
    duty: str
    on: date
    start: date
    count: int
    unit: Unit
    direction: Direction
    counted_to: date  # before a last day off moved it; equal to ``on`` otherwise
    provisional: bool
    rest_day: bool
    fact: Fact
    items: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether the last day was off, so that the date moved."""
        return self.on != self.counted_to


def deadlines(
    profile: Profile,
    *,
    meeting: date,
    workdays: Workdays,
    item: str | None = None,
    term_ends: date | None = None,
    prep_formed: date | None = None,
) -> tuple[Deadline, ...]:
    """Every statutory date around an assembly on the day ``meeting``, in order of time.

    ``item`` leaves out what other matters ask for. ``term_ends`` adds the latest day of a re-election,
    ``prep_formed`` the latest day of a first assembly. Refuses a year without a working-day table
    (:class:`CalendarMissing`), except for the year-long period, which is then marked provisional.
    """
    days = {"meeting": meeting}
    steps: list[Step] = [step for step in STEPS if _concerns(step, item, prep_formed is not None)]
    if term_ends is not None:
        days["term_ends"], steps = term_ends, [*steps, *RE_ELECTION]
    if prep_formed is not None:
        days["prep_formed"], steps = prep_formed, [*steps, *PREPARATION]
    found = list(_counted(profile, steps, days, workdays))
    return tuple(sorted(found, key=lambda deadline: (deadline.on, deadline.code)))


def _concerns(step: Step, item: str | None, is_first: bool) -> bool:
    if step.items == ("FIRST_ASSEMBLY",):
        return is_first
    return not step.items or item is None or item in step.items


def _counted(
    profile: Profile, steps: list[Step], days: Mapping[str, date], workdays: Workdays
) -> Iterator[Deadline]:
    known = dict(days)
    for step in steps:
        fact = profile.fact(step.fact)
        start = known.get(step.start)
        if fact is None or start is None:
            continue
        deadline = _count(step, fact, start, workdays)
        known[step.code] = deadline.on
        yield deadline


def _count(step: Step, fact: Fact, start: date, workdays: Workdays) -> Deadline:
    assert isinstance(fact.value, int)
    count = fact.value
    if step.direction == "backward":
        counted_to = on = workdays.days_before(start, count)
    else:
        calm = Workdays(workdays.table, provisional=True) if step.tolerant else workdays
        on = (
            calm.period_end(start, years=count)
            if step.unit == "years"
            else calm.period_end(start, days=count)
        )
        counted_to = start + timedelta(days=count) if step.unit == "days" else _years_later(start, count)
    return Deadline(
        code=step.code,
        duty=step.duty,
        on=on,
        start=start,
        count=count,
        unit=step.unit,
        direction=step.direction,
        counted_to=counted_to,
        provisional=step.direction == "forward" and workdays.is_provisional(on, since=counted_to),
        rest_day=step.direction == "backward" and _is_rest_day(on, workdays),
        fact=fact,
        items=step.items,
    )


def _years_later(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February: the period ends with the month
        return date(start.year + years, 2, 28)


def _is_rest_day(day: date, workdays: Workdays) -> bool:
    """Whether a day counted backward is off, which is worth a hint. Without a table there is no hint."""
    try:
        return not workdays.is_working_day(day)
    except CalendarMissing:
        return False
