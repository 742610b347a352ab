"""Hours of duty."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from linli.ground.kernel.errors import Invalid
from linli.registry.organisations.domain.rosters import Shift, clock_text, monday_of, read_clock

DAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("written", "minute"),
    [
        ("8:00", 480),
        ("08：30", 510),
        ("20:30", 1230),
        ("8点", 480),
        ("8点30分", 510),
        ("0:00", 0),
        ("24:00", 0),
    ],
)
def test_a_time_of_the_day_is_read_as_people_write_it(written: str, minute: int):
    assert read_clock(written) == minute


@pytest.mark.parametrize("written", ["", "8", "25:00", "8:60", "24:01", "早上", "8:0", "-1:00"])
def test_what_is_no_time_of_the_day_is_refused(written: str):
    with pytest.raises(Invalid, match="不是有效的时间"):
        read_clock(written)


@pytest.mark.parametrize(
    ("hours", "moment", "runs"),
    [
        ((480, 1200), (16, 8, 0), True),
        ((480, 1200), (16, 20, 0), False),
        ((1200, 480), (16, 23, 59), True),
        ((1200, 480), (17, 7, 59), True),
        ((1200, 480), (17, 8, 0), False),
        ((0, 0), (16, 0, 0), True),
        ((0, 0), (16, 23, 59), True),
        ((0, 0), (17, 0, 0), False),
    ],
)
def test_a_shift_runs_from_its_first_minute_to_before_its_last(hours, moment, runs):
    day, hour, minute = moment
    assert Shift(DAY, *hours).runs_at(datetime(2026, 3, day, hour, minute)) is runs


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [((480, 720), (720, 1200), False), ((480, 721), (720, 1200), True), ((0, 0), (600, 660), True)],
)
def test_two_shifts_collide_when_a_minute_belongs_to_both(one, other, collide):
    assert Shift(DAY, *one).collides_with(Shift(DAY, *other)) is collide
    assert Shift(DAY, *other).collides_with(Shift(DAY, *one)) is collide


def test_hours_are_written_with_two_digits_and_a_week_begins_on_monday():
    assert (clock_text(485), Shift(DAY, 1200, 480).hours) == ("08:05", "20:00—08:00")
    assert monday_of(date(2026, 3, 22)) == DAY
    assert Shift(DAY, 0, 0).is_whole_day
