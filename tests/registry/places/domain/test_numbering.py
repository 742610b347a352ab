"""Asset numbers: one form for every way of writing, rows of them, and the next one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.kernel.errors import Invalid
from linli.registry.places.domain import numbering, retiring
from linli.registry.places.models import FacilityKind


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("LD-01", "LD-01"),
        ("ld-01", "LD-01"),
        ("ＬＤ－０１", "LD-01"),
        (" LD — 01 ".replace("—", "–"), "LD-01"),
        ("路灯-07", "路灯-07"),
        ("B1-017", "B1-017"),
    ],
)
def test_a_number_has_one_form_however_it_is_typed(typed, number):
    assert numbering.clean_number(typed) == number


@pytest.mark.parametrize("typed", ["", "  ", "LD/01", "LD-01?", "-LD", "L" * 25])
def test_what_is_no_number_is_refused_beside_its_field(typed):
    with pytest.raises(Invalid, match="编号只用汉字、字母、数字和短横线") as refused:
        numbering.clean_number(typed)
    assert refused.value.data["field"] == "asset_no"


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [
        ("LD-08", "LD-11", ["LD-08", "LD-09", "LD-10", "LD-11"]),
        ("LD-8", "LD-10", ["LD-8", "LD-9", "LD-10"]),
        ("LD-99", "LD-101", ["LD-99", "LD-100", "LD-101"]),
        ("ld-01", "ＬＤ-2", ["LD-01", "LD-02"]),
        ("路灯7", "路灯7", ["路灯7"]),
        ("009", "011", ["009", "010", "011"]),
    ],
)
def test_a_row_runs_from_the_first_to_the_last(first, last, numbers):
    assert numbering.series(first, last) == numbers


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        ("LD-A", "LD-B", "first_no", "要以数字结尾"),
        ("LD-01", "LD-B", "last_no", "要以数字结尾"),
        ("LD-01", "CY-09", "last_no", "开头要一样，现在一个是「LD-01」，一个是「CY-09」"),
        ("LD-1-01", "LD-2-09", "last_no", "开头要一样"),
        ("LD-10", "LD-09", "last_no", "止号「LD-09」在起号前面"),
        ("LD-001", "LD-201", "last_no", "一次最多登记 200 个"),
        ("", "LD-09", "first_no", "编号只用汉字"),
        ("LD-01", "LD 0/9", "last_no", "编号只用汉字"),
    ],
)
def test_what_is_no_row_is_refused_beside_the_number_that_is_wrong(first, last, field, sentence):
    with pytest.raises(Invalid) as refused:
        numbering.series(first, last)
    assert refused.value.data["field"] == field
    assert sentence in refused.value.message


def test_two_hundred_at_once_are_allowed():
    assert len(numbering.series("LD-001", "LD-200")) == numbering.MOST_AT_ONCE


@given(st.integers(0, 9_999), st.integers(0, 199), st.integers(1, 6))
def test_a_row_has_every_number_once_and_in_order(low, span, digits):
    numbers = numbering.series(f"LD-{low:0{digits}d}", f"LD-{low + span}")
    assert [int(number.removeprefix("LD-")) for number in numbers] == list(range(low, low + span + 1))
    assert sorted(numbers, key=numbering.sort_key) == numbers


@pytest.mark.parametrize(
    ("kind", "of_kind", "also_taken", "proposal"),
    [
        ("lamp", [], [], "LD-01"),
        ("lamp", ["LD-01", "LD-02"], [], "LD-03"),
        ("lamp", ["LD-2", "LD-10"], [], "LD-11"),  # ten comes behind two
        ("lamp", ["LD-99"], [], "LD-100"),
        ("lamp", ["LD-009"], [], "LD-010"),
        ("lamp", ["东路灯7"], [], "东路灯8"),  # the compound's own way of counting goes on
        ("lamp", ["东路灯"], [], "LD-01"),  # nothing counted to go on from
        ("lamp", ["LD-01"], ["LD-02", "LD-03"], "LD-04"),  # other kinds have taken them
        ("bench", [], ["CY-01"], "CY-02"),
        ("lift", ["DT-1-1", "DT-6-2"], [], "DT-6-3"),
        ("lamp", ["A" * 23 + "9"], [], "LD-01"),  # one more digit would not fit on a label
    ],
)
def test_the_next_number_goes_on_where_the_last_one_ends(kind, of_kind, also_taken, proposal):
    assert numbering.next_number(kind, of_kind, {*of_kind, *also_taken}) == proposal


def test_every_kind_has_a_beginning_of_its_own():
    assert set(numbering.BEGINNINGS) == set(FacilityKind.values)
    assert len(set(numbering.BEGINNINGS.values())) == len(numbering.BEGINNINGS)


@pytest.mark.parametrize(
    ("number", "name"), [("LD-07", "东路路灯7号"), ("LD-100", "东路路灯100号"), ("7", "东路路灯7号")]
)
def test_each_of_a_row_is_called_by_its_count(number, name):
    assert numbering.counted_name("东路路灯", number) == name


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2026, 3, 17), "停用日期不能晚于今天"),
        (date(26, 3, 16), "停用日期写得太早"),
        (date(1979, 12, 31), "停用日期写得太早"),
    ],
)
def test_a_facility_is_out_of_use_since_a_day_that_has_come(on, sentence):
    with pytest.raises(Invalid, match=sentence) as refused:
        retiring.require_day(on, date(2026, 3, 16))
    assert refused.value.data["field"] == "on"


@pytest.mark.parametrize("on", [date(2026, 3, 16), date(2026, 3, 15), date(1980, 1, 1)])
def test_today_and_earlier_days_are_fine(on):
    retiring.require_day(on, date(2026, 3, 16))
