"""By when it shall be done, what words point to, and what may be written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.civic.requests.domain import categories, covering, intake, sla
from linli.ground.kernel.calendar import Workdays, load_shipped_table
from linli.ground.kernel.errors import Invalid
from tests.refusing import refused

CHINA = ZoneInfo("Asia/Shanghai")
KNOWN = Workdays(load_shipped_table(), provisional=True)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("category", "reported", "due"),
    [
        # reported on                 promised by                  counted
        ("door", "2026-11-18 09:00", "2026-11-23 18:00"),  # Wed → Thu Fri Mon: 3 working days
        ("lift", "2026-11-18 23:59", "2026-11-19 18:00"),  # Wed → Thu
        ("lift", "2026-11-20 10:00", "2026-11-23 18:00"),  # Fri → Mon
        ("lift", "2026-11-21 10:00", "2026-11-23 18:00"),  # Sat → Mon
        (
            "door",
            "2026-02-12 10:00",
            "2026-02-24 18:00",
        ),  # Thu; Fri 13, Sat 14 works, then 24 after Spring Festival
        (
            "amenity",
            "2026-09-28 10:00",
            "2026-10-16 18:00",
        ),  # over National Day; Sat 10 October is a working day
    ],
)
def test_the_promised_day_is_counted_in_working_days(category, reported, due):
    promised = sla.promise(category=category, danger=False, at=moment(reported), workdays=KNOWN)
    assert promised.due_at == moment(due)
    assert not promised.provisional


def test_the_day_of_the_report_is_the_day_in_china():
    """23:30 UTC is the next morning in China."""
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    promised = sla.promise(category="lift", danger=False, at=late, workdays=KNOWN)
    assert promised.due_at == moment("2026-11-20 18:00")


def test_danger_is_due_in_half_an_hour_on_any_day():
    at = moment("2026-02-17 03:10")
    assert sla.promise(category="lift", danger=True, at=at, workdays=KNOWN) == sla.Promise(
        moment("2026-02-17 03:40"), provisional=False
    )


def test_a_year_without_its_table_gives_a_provisional_day():
    promised = sla.promise(category="lift", danger=False, at=moment("2031-03-05 10:00"), workdays=KNOWN)
    assert promised == sla.Promise(moment("2031-03-06 18:00"), provisional=True)


@pytest.mark.parametrize(
    ("due", "now", "left"),
    [
        ("2026-11-20 18:00", "2026-11-18 23:00", 2),
        ("2026-11-20 18:00", "2026-11-20 23:00", 0),
        ("2026-11-20 18:00", "2026-11-21 00:30", -1),
    ],
)
def test_days_left_are_days_of_the_calendar(due, now, left):
    assert sla.days_left(moment(due), moment(now)) == left


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("单元门闭不上，夜里响", "door"),
        ("电梯到三楼抖", "lift"),
        ("楼道灯不亮", "light"),
        ("中心广场只有一把长椅，老人不够坐", "amenity"),
        ("推车没有坡道", "amenity"),
        ("物业费怎么算的", "fee"),
        ("楼上半夜吵", "noise"),
        ("看见一只猫", "other"),
    ],
)
def test_plain_words_point_to_a_category(text, category):
    assert categories.guess_category(text) == category


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("楼道里有燃气味", "gas"),
        ("有人困在电梯里了", "trapped"),
        ("五楼冒烟了", "fire"),
        ("外墙瓷砖掉下来一块", "facade"),
        ("配电箱打火花", "electric"),
        ("电梯里有广告", None),
    ],
)
def test_danger_is_heard_in_plain_words(text, danger):
    found = categories.find_danger(text)
    assert (found.code if found else None) == danger


def test_every_danger_says_whom_to_call():
    assert all("打" in danger.call for danger in categories.DANGERS)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("门坏了。夜里很响", "门坏了"),
        ("  门坏了\n夜里很响", "门坏了"),
        ("门" * 30, "门" * 23 + "…"),
    ],
)
def test_the_title_is_the_first_clause(text, title):
    assert intake.clean_report(text, "")[1] == title


def test_a_title_of_ones_own_stays():
    assert intake.clean_report("门坏了。", " 三单元  的门 ") == ("门坏了。", "三单元 的门")


def test_an_empty_and_an_overlong_text_are_refused_with_what_to_do():
    with pytest.raises(Invalid) as refused:
        intake.clean_report(" \n ", "")
    assert refused.value.message == "请写一两句是什么情况，师傅好带对工具。"
    with pytest.raises(Invalid) as refused:
        intake.clean_report("字" * 10_000, "")
    assert refused.value.message == "写得太长了：最多 2000 个字，现在有 10000 个，请删去 8000 个字。"
    assert refused.value.data["field"] == "text"


def test_a_seventh_photo_is_refused():
    assert intake.few_pictures(["a"] * 6) == ["a"] * 6
    with refused(Invalid, "too_many_pictures"):
        intake.few_pictures(["a"] * 7)


@pytest.mark.parametrize(
    ("box", "pixels"),
    [
        ((0, 0, 1000, 1000), (0, 0, 333, 77)),
        ((100, 100, 1, 1), (33, 7, 34, 8)),  # rounded outwards, so that nothing peeps out
        ((900, 900, 500, 500), (299, 69, 333, 77)),  # kept inside
    ],
)
def test_a_box_covers_every_pixel_it_touches(box, pixels):
    assert covering.pixel_box(box, 333, 77) == pixels
