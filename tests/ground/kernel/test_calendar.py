"""Working days by the State Council's table, and periods by the Civil Code."""

from datetime import MAXYEAR, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel.calendar import (
    CalendarMissing,
    DayTable,
    DayTableFaults,
    Workdays,
    check_day_table,
    load_shipped_table,
    parse_day,
    read_day_table,
)
from linli.ground.kernel.errors import Invalid

SHIPPED = load_shipped_table()
EXACT = Workdays(SHIPPED)
PROVISIONAL = Workdays(SHIPPED, provisional=True)
HEADER = "date,name,is_off_day"
YEAR_2027 = ["2027-01-01,元旦,1", "2027-05-01,劳动节,1", "2027-10-01,国庆节,1"]


def day(text):
    return date.fromisoformat(text)


# --- the shipped table --------------------------------------------------------------------------------------

NOTICE_OF_2026 = [
    # first and last day off — law.md §9.6
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
SHIFTED_OF_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


def test_the_shipped_table_says_what_the_notice_of_2026_says():
    off = set()
    for first, last in NOTICE_OF_2026:
        off |= {day(first) + timedelta(days=n) for n in range((day(last) - day(first)).days + 1)}
    listed = {one: is_off for one, is_off in SHIPPED.days.items() if one.year == 2026}
    assert {one for one, is_off in listed.items() if is_off} == off
    assert {one for one, is_off in listed.items() if not is_off} == {day(text) for text in SHIFTED_OF_2026}


def test_the_shipped_table_covers_2018_to_2026():
    assert SHIPPED.years == frozenset(range(2018, 2027))


WORKING_DAYS_A_YEAR = [(2024, 251), (2025, 248), (2026, 248)]


@pytest.mark.parametrize(("year", "expected"), WORKING_DAYS_A_YEAR)
def test_a_year_has_as_many_working_days_as_the_rules_of_its_time_give(year, expected):
    """Days of the year, less weekends, less statutory holidays (11, from 2025 on 13)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    weekdays = sum(one.weekday() < 5 for one in days)
    assert expected == weekdays - (11 if year < 2025 else 13)
    assert sum(EXACT.is_working_day(one) for one in days) == expected


# --- counting -----------------------------------------------------------------------------------------------

ADDED = [
    # start, working days, result                                     weekdays
    ("2026-02-13", 5, "2026-02-27"),  # Fri; Sat 14 works, holiday to Mon 23, Tue 24 – Fri 27
    ("2026-02-13", 1, "2026-02-14"),  # a shifted Saturday
    ("2026-02-13", 0, "2026-02-13"),
    ("2026-02-15", 0, "2026-02-15"),  # a day off stays what it is
    ("2026-02-15", 1, "2026-02-24"),  # from inside the holiday
    ("2026-03-06", 1, "2026-03-09"),  # Fri to Mon
    ("2026-09-30", 1, "2026-10-08"),  # over National Day
    ("2026-10-08", 2, "2026-10-10"),  # Sat 10 works
    ("2026-02-24", -1, "2026-02-14"),
    ("2026-02-27", -5, "2026-02-13"),
    ("2025-12-31", 1, "2026-01-04"),  # over New Year; Sun 4 works
]


@pytest.mark.parametrize(("start", "count", "result"), ADDED)
def test_working_days_are_counted_from_the_day_after(start, count, result):
    assert EXACT.add_working_days(day(start), count) == day(result)


BETWEEN = [
    ("2026-02-13", "2026-02-27", 5),
    ("2026-02-13", "2026-02-13", 0),
    ("2026-02-14", "2026-02-23", 0),
    ("2026-02-13", "2026-02-14", 1),
    ("2026-02-27", "2026-02-13", -5),
    ("2025-12-31", "2026-01-04", 1),
]


@pytest.mark.parametrize(("start", "end", "count"), BETWEEN)
def test_working_days_between_two_days(start, end, count):
    assert EXACT.working_days_between(day(start), day(end)) == count


within_the_table = st.dates(date(2019, 1, 1), date(2025, 12, 31))


@given(within_the_table, st.integers(-200, 200))
@settings(deadline=None)
def test_counting_what_was_added_gives_the_number_again(start, count):
    end = EXACT.add_working_days(start, count)
    assert EXACT.working_days_between(start, end) == count
    assert count == 0 or EXACT.is_working_day(end)


@given(within_the_table, within_the_table, within_the_table)
@settings(deadline=None)
def test_stretches_of_time_add_up(one, two, three):
    first, middle, last = sorted((one, two, three))
    assert EXACT.working_days_between(first, last) == EXACT.working_days_between(
        first, middle
    ) + EXACT.working_days_between(middle, last)


WITHOUT_TABLE = [
    lambda: EXACT.is_working_day(day("2027-01-04")),
    lambda: EXACT.add_working_days(day("2026-12-30"), 5),
    lambda: EXACT.add_working_days(day("2027-03-01"), 0),
    lambda: EXACT.add_working_days(day("2018-01-02"), -5),
    lambda: EXACT.working_days_between(day("2026-12-01"), day("2027-01-31")),
    lambda: EXACT.working_days_between(day("2017-12-31"), day("2017-12-31")),
    lambda: EXACT.period_end(day("2026-12-25"), days=15),
]


@pytest.mark.parametrize("ask", WITHOUT_TABLE)
def test_a_year_without_table_is_refused_by_name(ask):
    with pytest.raises(CalendarMissing, match="没有 20[12]7 年的放假安排表") as refusal:
        ask()
    assert refusal.value.data["year"] in (2017, 2027)


def test_a_promised_day_beyond_the_table_counts_by_weekends_and_says_so():
    promised = PROVISIONAL.add_working_days(day("2026-12-30"), 5)
    assert promised == day("2027-01-06")  # Thu 31, Fri 1, Mon 4, Tue 5, Wed 6
    assert PROVISIONAL.is_provisional(promised)
    assert not PROVISIONAL.is_provisional(day("2026-12-30"))


def test_a_day_counted_through_a_year_without_table_is_provisional():
    assert PROVISIONAL.is_provisional(day("2018-01-03"), since=day("2017-12-20"))
    assert not PROVISIONAL.is_provisional(day("2019-01-03"), since=day("2018-12-20"))


def test_the_promised_day_moves_when_the_table_is_entered():
    entered = DayTable(
        SHIPPED.days | {day("2027-01-01"): True, day("2027-01-02"): True, day("2027-01-03"): True}
    )
    assert Workdays(entered).add_working_days(day("2026-12-30"), 5) == day("2027-01-07")


def test_a_moment_is_no_day():
    with pytest.raises(TypeError, match="a day, not a moment"):
        EXACT.is_working_day(datetime(2026, 2, 13, 12))


def test_a_table_entered_later_arranges_its_year_and_the_december_before():
    newer = read_day_table([HEADER, "2026-12-31,元旦,1", "2027-01-03,元旦,0", *YEAR_2027])
    both = SHIPPED.overlaid_by(newer)
    assert both.years == SHIPPED.years | {2027}
    assert both.is_off(day("2026-12-31"))
    assert both.is_off(day("2026-10-01"))
    assert not both.is_off(day("2027-01-03"))
    corrected = both.overlaid_by(read_day_table([HEADER, *YEAR_2027]))
    assert corrected.is_off(day("2027-01-03"))
    assert both.names[day("2026-12-31")] == "元旦"


# --- periods: Civil Code 201–203 ------------------------------------------------------------------------------

PERIODS = [
    # start, length, last day
    ("2026-03-05", {"days": 15}, "2026-03-20"),  # Fri
    ("2026-03-05", {"days": 16}, "2026-03-23"),  # Sat 21 moves to Mon 23
    ("2026-09-20", {"days": 15}, "2026-10-08"),  # Mon 5 Oct, holiday, moves to Thu 8
    ("2026-02-05", {"days": 9}, "2026-02-14"),  # a Saturday that is worked ends the period
    ("2026-01-31", {"months": 1}, "2026-02-28"),  # no 31 February; Sat 28 is worked
    ("2026-03-31", {"months": 1}, "2026-04-30"),
    ("2026-01-15", {"months": 1}, "2026-02-24"),  # Sun 15 Feb moves over the Spring Festival
    ("2024-02-29", {"years": 1}, "2025-02-28"),  # Fri
    ("2024-02-29", {"years": 2}, "2026-02-28"),  # Sat, worked
    ("2025-12-10", {"months": 1}, "2026-01-12"),  # Sat 10 Jan moves to Mon 12
    ("2025-11-30", {"months": 3}, "2026-02-28"),
]


@pytest.mark.parametrize(("start", "length", "last"), PERIODS)
def test_a_period_ends_as_the_civil_code_says(start, length, last):
    assert EXACT.period_end(day(start), **length) == day(last)


@pytest.mark.parametrize("length", [{}, {"days": 0}, {"days": -3}, {"days": 1, "months": 1}, {"years": 0}])
def test_a_period_is_counted_in_one_unit_and_has_a_length(length):
    with pytest.raises(Invalid) as refusal:
        EXACT.period_end(day("2026-01-01"), **length)
    assert (refusal.value.code, refusal.value.clause) == ("bad_period", "民法典第二百零一条")


BACKWARD = [
    ("2026-03-20", 15, "2026-03-05"),
    ("2026-03-16", 15, "2026-03-01"),  # a Sunday stays a Sunday
    ("2027-01-10", 15, "2026-12-26"),  # no table is needed
    ("2026-03-20", 0, "2026-03-20"),
]


@pytest.mark.parametrize(("last", "count", "first"), BACKWARD)
def test_counted_backward_a_date_is_never_shifted(last, count, first):
    assert EXACT.days_before(day(last), count) == day(first)


BEYOND = [
    lambda: PROVISIONAL.days_before(date(1, 1, 5), 10),
    lambda: PROVISIONAL.days_before(date(2026, 1, 5), 10**30),
    lambda: PROVISIONAL.period_end(date(2026, 1, 5), days=10**12),
    lambda: PROVISIONAL.period_end(date(2026, 1, 5), months=10**12),
    lambda: PROVISIONAL.period_end(date(2026, 1, 5), years=10**12),
    lambda: PROVISIONAL.period_end(date(MAXYEAR, 12, 30), days=2),
    lambda: PROVISIONAL.add_working_days(date(MAXYEAR, 12, 25), 10),
]


@pytest.mark.parametrize("ask", BEYOND)
def test_days_beyond_the_calendar_are_refused(ask):
    with pytest.raises(Invalid) as refusal:
        ask()
    assert refusal.value.code == "day_out_of_range"


def test_days_before_are_not_counted_in_negative_numbers():
    with pytest.raises(Invalid) as refusal:
        PROVISIONAL.days_before(date(2026, 1, 5), -1)
    assert refusal.value.code == "bad_period"


@given(within_the_table, st.integers(1, 400))
@settings(deadline=None)
def test_a_period_never_ends_on_a_day_off_nor_before_its_last_day(start, days):
    provisional_end = PROVISIONAL.period_end(start, days=days)
    assert PROVISIONAL.is_working_day(provisional_end)
    nominal = start + timedelta(days=days)
    assert provisional_end >= nominal
    skipped = (provisional_end - nominal).days
    assert not any(PROVISIONAL.is_working_day(nominal + timedelta(days=n)) for n in range(skipped))


# --- reading a table ----------------------------------------------------------------------------------------


def faults_of(*lines):
    return [fault.message for fault in check_day_table(lines)[1]]


def test_next_years_table_is_read_as_staff_type_it():
    table = read_day_table(
        [
            HEADER,
            "2027/1/1,元旦,1",
            "２０２７-01-03,元旦,０",
            "",
            "2027年5月1日,劳动节,1",
            "2027-10-01,国庆节,1",
        ]
    )
    assert table.years == {2027}
    assert table.is_off(day("2027-01-01"))
    assert not table.is_off(day("2027-01-03"))  # a Sunday that is worked
    assert table.is_off(day("2027-01-09"))
    assert table.names[day("2027-10-01")] == "国庆节"


def test_every_fault_is_named_by_its_line():
    wrong = [
        "2027-02-30,元旦,1",
        "2027-02-03,春节,是",
        "2027-01-01,元旦,1",
        "2027-02-04,春节",
        "九月初九,重阳,1",
    ]
    assert faults_of(HEADER, *YEAR_2027, *wrong) == [
        "第 5 行：日期“2027-02-30”不是有效的日期，应写成 2026-02-13 这样。",
        "第 6 行：is_off_day“是”应为 1（休息）或 0（上班）。",
        "第 7 行：2027-01-01 重复。",
        "第 8 行：应有 3 列，实有 2 列。",
        "第 9 行：日期“九月初九”不是有效的日期，应写成 2026-02-13 这样。",
    ]


def test_a_table_cut_short_is_noticed():
    assert faults_of(HEADER, "2027-01-01,元旦,1", "2027-05-01,劳动节,0") == [
        "2027 年的表不完整：5 月 1 日（劳动节）应为休息日。",
        "2027 年的表不完整：10 月 1 日（国庆节）应为休息日。",
    ]


def test_the_last_days_of_december_belong_to_the_next_years_notice():
    table = read_day_table([HEADER, "2026-12-31,元旦,1", *YEAR_2027])
    assert table.years == {2027}
    assert table.is_off(day("2026-12-31"))


NO_TABLE = [
    ([], "第 1 行：表头应为 date,name,is_off_day。"),
    (["日期,名称,休息"], "第 1 行：表头应为 date,name,is_off_day。"),
    ([HEADER], "第 1 行：表里没有任何日期。"),
    ([HEADER, "x" * 200_000], "第 2 行：这一行不是 csv 格式。"),
    ([HEADER, "2027-01-01\0,元旦,1,1"], "第 2 行：应有 3 列，实有 4 列。"),
]


@pytest.mark.parametrize(("lines", "sentence"), NO_TABLE, ids=range(len(NO_TABLE)))
def test_what_is_no_table_is_refused(lines, sentence):
    assert faults_of(*lines) == [sentence]


def test_a_refused_table_tells_its_first_fault_and_how_many_more_there_are():
    with pytest.raises(DayTableFaults) as refusal:
        read_day_table([HEADER, *YEAR_2027, "x,y,z", "a,b,c"])
    assert len(refusal.value.faults) == 2
    assert refusal.value.message.endswith("这样（另有 1 处错误）。")
    with pytest.raises(DayTableFaults, match="有误：第 1 行"):
        read_day_table([])


DAYS = [
    ("2026-02-13", (2026, 2, 13)),
    ("２０２６．２．３", (2026, 2, 3)),
    (" 2026年12月31日 ", (2026, 12, 31)),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_a_day_is_read_as_people_write_it(text, expected):
    assert parse_day(text) == date(*expected)


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-02-29", "0000-01-01", "20260213", "明天", "2026-2-3-4"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Invalid, match="开会日“"):
        parse_day(text, what="开会日")
