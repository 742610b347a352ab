"""Numbers and times are written the way people here write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from linli.ground.web import formats

AT = datetime(2026, 11, 22, 8, 8, tzinfo=UTC)  # 16:08 in Shanghai


@pytest.mark.parametrize(
    ("fen", "sign", "bare", "moved"),
    [
        (123450, "¥1,234.50", "1,234.50", "+1,234.50"),
        (-6256000, "−¥62,560.00", "−62,560.00", "−62,560.00"),
        (0, "¥0.00", "0.00", "0.00"),
        (7, "¥0.07", "0.07", "+0.07"),
    ],
)
def test_money_has_two_decimals_and_a_real_minus(fen, sign, bare, moved):
    assert (formats.fen(fen), formats.yuan(fen), formats.signed_yuan(fen)) == (sign, bare, moved)


def test_what_is_missing_is_a_dash():
    assert formats.fen(None) == formats.yuan(None) == formats.area(None) == formats.number(None) == "—"


def test_areas_are_exact_or_whole():
    assert formats.area(11864) == "118.64"
    assert formats.area(5798550, whole=True) == "57,986"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(2, 3, "66.6%"), (999, 1000, "99.9%"), (9999, 10000, "99.9%"), (1, 1, "100.0%"), (1, 0, "—")],
)
def test_nothing_is_called_reached_before_it_is(part, whole, text):
    assert formats.percent(part, whole) == text


def test_phones_are_spaced():
    assert formats.phone("13800001234") == "138 0000 1234"
    assert formats.phone("0532-8698 2345") == "0532-8698 2345"


def test_moments_are_told_in_shanghai_and_with_the_year_when_it_is_another():
    assert formats.moment_text(AT, AT) == "11月22日 16:08"
    assert formats.moment_text(AT.replace(year=2025), AT) == "2025年11月22日 16:08"
    assert formats.moment_text(datetime(2026, 12, 31, 16, 30, tzinfo=UTC), AT) == "2027年1月1日 00:30"
    assert formats.moment_text(AT, None) == "2026年11月22日 16:08"


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "今天 16:08"), (-1, "昨天 16:08"), (1, "明天 16:08"), (-2, "11月20日 16:08")],
)
def test_these_days_are_called_by_name(days, text):
    assert formats.lately_text(AT + timedelta(days=days), AT) == text


def test_a_late_evening_belongs_to_the_day_it_is_in_shanghai():
    assert formats.lately_text(datetime(2026, 11, 21, 17, 0, tzinfo=UTC), AT) == "今天 01:00"
    assert formats.china_day(datetime(2026, 11, 21, 17, 0, tzinfo=UTC)) == date(2026, 11, 22)


@pytest.mark.parametrize(("day", "text"), [(25, "剩 3 天"), (22, "今天到期"), (20, "已超 2 天")])
def test_deadlines_count_days(day, text):
    assert formats.left_text(date(2026, 11, day), AT) == text


def test_weekdays_and_days():
    assert formats.weekday_text(AT) == "星期日"
    assert formats.day_text(date(2026, 11, 22), AT) == "11月22日"
    assert formats.iso(AT) == "2026-11-22T16:08+08:00"
    assert formats.iso(date(2026, 11, 22)) == "2026-11-22"


def test_english_pages_write_english_dates():
    with override("en"):
        assert formats.moment_text(AT, AT) == "22 Nov 16:08"
        assert formats.day_text(date(2025, 3, 1), AT) == "1 Mar 2025"
        assert formats.weekday_text(AT) == "Sun"
