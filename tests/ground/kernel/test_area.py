"""Floor areas, exact to 0.01 m²."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel.area import LARGEST_AREA_DM2, format_area, parse_area
from linli.ground.kernel.errors import Invalid

READ = [
    ("118.64", 11864),
    ("１１８．６４㎡", 11864),
    ("118.64 平方米", 11864),
    ("118.64平米", 11864),
    ("118.64 m²", 11864),
    ("118.64M2", 11864),
    ("90平", 9000),
    ("88.5", 8850),
    ("88.5100", 8851),
    ("1,234.5", 123450),
    ("0.01", 1),
]


@pytest.mark.parametrize(("text", "dm2"), READ)
def test_an_area_is_read_as_the_roll_has_it(text, dm2):
    assert parse_area(text) == dm2


NOT_READ = [
    ("", "not_a_number"),
    ("约90", "not_a_number"),
    ("㎡", "not_a_number"),
    ("118.640000001", "too_precise"),
    ("0", "area_not_positive"),
    ("-5", "area_not_positive"),
    ("10000000.01", "too_large"),
    ("1" * 30, "too_large"),
]


@pytest.mark.parametrize(("text", "code"), NOT_READ)
def test_what_is_no_area_is_refused(text, code):
    with pytest.raises(Invalid) as refusal:
        parse_area(text)
    assert refusal.value.code == code


@given(st.integers(1, LARGEST_AREA_DM2), st.booleans())
@settings(deadline=None)
def test_what_is_shown_is_read_back(dm2, grouped):
    assert parse_area(format_area(dm2, grouped=grouped)) == dm2


def test_areas_are_shown_with_two_decimals():
    assert [format_area(11864), format_area(5894000), format_area(5894000, grouped=False)] == [
        "118.64",
        "58,940.00",
        "58940.00",
    ]
