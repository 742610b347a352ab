"""Statutory dates of an owners' assembly, checked on the calendar on the wall."""

from __future__ import annotations

from datetime import date

import pytest

from linli.ground.kernel.calendar import CalendarMissing, Workdays, load_shipped_table
from linli.registry.regulations.domain.clocks import Deadline, deadlines
from linli.registry.regulations.domain.explaining import deadline_lines
from linli.registry.regulations.queries import law_book

WORKDAYS = Workdays(load_shipped_table())


def _dates(meeting: str, profile: str = "cn-3702-qingdao", **more: object) -> dict[str, Deadline]:
    day = date.fromisoformat(meeting)
    rules = law_book().resolve(profile, on=day)
    return {one.code: one for one in deadlines(rules, meeting=day, workdays=WORKDAYS, **more)}  # type: ignore[arg-type]


# meeting       what it is               latest day      why
DATES = """
2026-03-20      notice                   2026-03-05      15 days back, never moved
2026-03-20      decision_published       2026-03-23      Monday, three days on
2026-03-20      posting_kept             2026-03-26      three more
2026-03-20      committee_first_meeting  2026-03-23      within three days
2026-03-20      officers_published       2026-03-26      three days after that
2026-03-20      handover                 2026-03-30      ten days, a Monday
2026-03-20      filing                   2026-04-20      the 30th day is Sunday the 19th
2026-03-20      fund_plan_posted         2026-03-13      seven days back
2026-03-02      notice                   2026-02-15      in the Spring Festival, not moved
2026-02-12      decision_published       2026-02-24      the 15th is in the Spring Festival
2026-02-11      decision_published       2026-02-14      a Saturday that is worked
2026-09-28      decision_published       2026-10-08      1 October is off until the 7th
2026-09-10      filing                   2026-10-10      a Saturday that is worked
2026-04-30      covenant_published       2026-05-06      3 May is in the holiday of May
2028-03-16      notice                   2028-03-01      over 29 February
"""


@pytest.mark.parametrize("line", DATES.strip().splitlines())
def test_the_dates_of_an_assembly(line: str) -> None:
    meeting, code, latest, _ = line.split(maxsplit=3)
    if meeting.startswith("2028"):
        rules = law_book().resolve("3702", on=date(2026, 1, 1))
        calm = Workdays(load_shipped_table(), provisional=True)
        found = {
            one.code: one for one in deadlines(rules, meeting=date.fromisoformat(meeting), workdays=calm)
        }
    else:
        found = _dates(meeting)
    assert found[code].on.isoformat() == latest


def test_moved_and_provisional_dates_say_so() -> None:
    found = _dates("2026-03-20")
    assert found["filing"].moved
    assert found["filing"].counted_to == date(2026, 4, 19)
    assert not found["notice"].moved
    assert found["revocation"].on == date(2027, 3, 22)
    assert found["revocation"].provisional
    assert not any(one.provisional for one in found.values() if one.code != "revocation")


def test_a_notice_on_a_day_off_is_hinted_at() -> None:
    assert _dates("2026-03-02")["notice"].rest_day
    assert not _dates("2026-03-20")["notice"].rest_day


def test_a_year_without_a_table_is_refused() -> None:
    with pytest.raises(CalendarMissing, match="2027 年"):
        _dates("2026-12-30")


def test_a_notice_in_a_year_without_a_table_needs_none() -> None:
    found = _dates("2018-01-10")
    assert found["notice"].on == date(2017, 12, 26)
    assert not found["notice"].rest_day


def test_only_what_the_matter_asks_for_is_listed() -> None:
    assert "fund_plan_posted" in _dates("2026-03-20", item="FUND_USE")
    assert "filing" not in _dates("2026-03-20", item="FUND_USE")
    assert "covenant_published" in _dates("2026-03-20", item="COVENANT")
    assert "handover" in _dates("2026-03-20", item="COMMITTEE_ELECTION")
    assert "first_assembly_notice" not in _dates("2026-03-20")


def test_a_first_assembly_and_a_re_election_have_dates_of_their_own() -> None:
    first = _dates("2026-03-20", prep_formed=date(2026, 2, 2))
    assert first["prep_published"].on == date(2026, 2, 5)
    assert first["first_meeting"].on == date(2026, 4, 3)
    assert first["first_meeting_extended"].on == date(2026, 5, 6)  # 3 May is a holiday, as are 4 and 5
    assert first["first_assembly_notice"].on == date(2026, 3, 5)
    again = _dates("2026-03-20", term_ends=date(2026, 6, 30))
    assert again["re_election_meeting"].on == date(2026, 5, 1)


def test_shandong_alone_knows_fewer_and_other_dates() -> None:
    found = _dates("2026-03-20", "cn-37-shandong", term_ends=date(2026, 6, 30))
    assert found["committee_first_meeting"].on == date(2026, 3, 27)
    assert found["re_election_meeting"].on == date(2026, 4, 1)
    assert "posting_kept" not in found
    assert "officers_published" not in found


def test_a_year_that_begins_on_29_february_ends_on_the_28th() -> None:
    assert _dates("2024-02-29")["revocation"].counted_to == date(2025, 2, 28)


def test_dates_come_in_order_and_every_one_cites_its_article() -> None:
    found = list(_dates("2026-03-20").values())
    assert [one.on for one in found] == sorted(one.on for one in found)
    assert all(one.fact.citation.article for one in found)
    text = "\n".join(
        deadline_lines(law_book().resolve("3702", on=date(2026, 3, 2)), _dates("2026-03-02").values())
    )
    assert "这天是休息日，宜提前" in text
    assert "暂定（该年放假安排未公布）" in text
    assert "往前数的不顺延" in text
