"""Areas that cannot be, and areas that should be looked at twice; a clerk can check every row."""

from __future__ import annotations

from datetime import date

import pytest

from linli.ground.kernel.errors import Invalid
from linli.registry.places.domain import areas

TODAY = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("area_dm2", "possible"), [(1, True), (99_999_999, True), (0, False), (-1, False), (100_000_000, False)]
)
def test_an_area_is_more_than_nothing_and_less_than_a_square_kilometre(area_dm2, possible):
    if possible:
        assert areas.require_possible(area_dm2) == area_dm2
    else:
        with pytest.raises(Invalid):
            areas.require_possible(area_dm2)


@pytest.mark.parametrize(
    ("kind", "before", "after", "was_from", "source", "odd"),
    [
        # 118.64 → 118.90: a small correction out of the register
        ("home", 11_864, 11_890, "survey", "property_register", False),
        # the first area of a home
        ("home", None, 11_864, "unknown", "contract", False),
        # 118.64 → 11864: the point is missing
        ("home", 11_864, 1_186_400, "survey", "property_register", True),
        ("home", None, 1_186_400, "unknown", "survey", True),
        # 118.64 → 11.86: the point slipped; exactly half is still believed
        ("home", 11_864, 1_186, "survey", "survey", True),
        ("home", 11_864, 5_932, "survey", "survey", False),
        ("home", 11_864, 5_931, "survey", "survey", True),
        # exactly twice is believed, a hair more is not
        ("home", 11_864, 23_728, "survey", "survey", False),
        ("home", 11_864, 23_729, "survey", "survey", True),
        # a home of 9.99 m²; a shop of 20,000 m² is nothing odd
        ("home", None, 999, "unknown", "survey", True),
        ("shop", None, 2_000_000, "unknown", "survey", False),
        # what the register says is not overruled by a contract without a second look
        ("home", 11_864, 11_900, "property_register", "contract", True),
        ("home", 11_864, 11_900, "property_register", "survey", True),
        ("home", 11_864, 11_900, "survey", "contract", True),
        ("home", 11_864, 11_900, "unknown", "contract", False),
        ("home", 11_864, 11_900, "contract", "survey", False),
    ],
)
def test_an_odd_area_is_asked_back(kind, before, after, was_from, source, odd):
    found = areas.doubt(kind=kind, before_dm2=before, after_dm2=after, before_source=was_from, source=source)
    assert (found is not None) == odd
    assert found is None or found.data["field"] == "sure"


@pytest.mark.parametrize("source", ["", "unknown", "hearsay"])
def test_an_area_comes_from_somewhere(source):
    with pytest.raises(Invalid) as refused:
        areas.require_source(source)
    assert refused.value.clause == "建筑物区分所有权解释第八条"


@pytest.mark.parametrize(
    ("day", "possible"),
    [
        (None, True),
        (TODAY, True),
        (date(2026, 3, 17), False),
        (date(1900, 1, 1), True),
        (date(1899, 12, 31), False),
        (date(1, 1, 1), False),
    ],
)
def test_a_day_has_come_and_is_not_out_of_a_dream(day, possible):
    if possible:
        assert areas.require_past(day, TODAY, field="on") == day
    else:
        with pytest.raises(Invalid):
            areas.require_past(day, TODAY, field="on")
