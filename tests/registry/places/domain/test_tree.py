"""How places stand in one another and how they are named: laws, and tables of cases."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.kernel.errors import Invalid
from linli.registry.places.domain import tree
from linli.registry.places.domain.tree import Standing


@pytest.mark.parametrize(
    "as_people_read",
    [
        ["1号楼", "2号楼", "3号楼", "10号楼", "11号楼", "100号楼"],
        ["一单元", "2单元", "三单元", "十单元"],
        ["A座", "b座", "C座"],
        ["3号楼", "3号楼1单元", "3号楼2单元", "3号楼10单元"],
    ],
)
def test_names_are_sorted_as_people_read(as_people_read):
    mixed = random.Random(7).sample(as_people_read, len(as_people_read))
    assert sorted(mixed, key=lambda name: tree.sort_key("", name)) == as_people_read


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_smaller_number_comes_first(one: int, other: int):
    assert (tree.sort_key("", f"{one}号楼") < tree.sort_key("", f"{other}号楼")) == (one < other)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1))
def test_an_entrance_stands_behind_its_own_building_and_before_the_next(doors: list[tuple[int, int]]):
    keys = []
    for building, entrance in doors:
        outer = tree.sort_key("", f"{building}号楼")
        keys.append(((building, entrance), outer, tree.sort_key(outer, f"{building}号楼{entrance}单元")))
    assert [pair for pair, _outer, _key in sorted(keys, key=lambda row: row[2])] == sorted(doors)
    assert all(outer < key for _pair, outer, key in keys)


@st.composite
def forests(draw: st.DrawFn) -> list[Standing]:
    """Places in any order, each inside one that has a smaller number, or at the top."""
    count = draw(st.integers(1, 25))
    places = [
        Standing(
            number,
            draw(st.one_of(st.none(), st.integers(1, number - 1))) if number > 1 else None,
            "building",
            f"{number}号楼",
            draw(st.integers(0, 9)),
            draw(st.integers(0, 10**6)),
            draw(st.integers(0, 3)),
        )
        for number in range(1, count + 1)
    ]
    return draw(st.permutations(places))


def _all(branches: list[tree.Branch]) -> list[tree.Branch]:
    return [inner for branch in branches for inner in (branch, *_all(branch.inside))]


@given(forests())
def test_a_tree_holds_every_place_once_and_its_sums_are_those_of_all(places: list[Standing]):
    found = tree.branches(places)
    assert sorted(branch.place.id for branch in _all(found)) == sorted(place.id for place in places)
    for name in ("units", "area_dm2", "without_area"):
        assert sum(getattr(branch, name) for branch in found) == sum(getattr(place, name) for place in places)
    for branch in _all(found):
        assert all(inner.place.parent_id == branch.place.id for inner in branch.inside)
        assert branch.units == branch.place.units + sum(inner.units for inner in branch.inside)
    assert sum(1 + branch.count("building") for branch in found) == len(places)


@given(forests())
def test_brothers_keep_the_order_in_which_they_came(places: list[Standing]):
    order = {place.id: at for at, place in enumerate(places)}
    for branch in _all(tree.branches(places)):
        ranks = [order[inner.place.id] for inner in branch.inside]
        assert ranks == sorted(ranks)


def test_a_place_whose_parent_is_not_there_stands_at_the_top():
    found = tree.branches([Standing(5, 4, "entrance", "2单元", 3)])
    assert [branch.place.name for branch in found] == ["2单元"]


@pytest.mark.parametrize(
    ("kind", "parent", "fits"),
    [
        ("district", None, True),
        ("subdistrict", "district", True),
        ("community", "subdistrict", True),
        ("compound", "community", True),
        ("compound", "subdistrict", True),
        ("building", "compound", True),
        ("entrance", "building", True),
        ("area", "compound", True),
        ("area", "building", True),
        ("district", "district", False),
        ("subdistrict", None, False),
        ("compound", "district", False),
        ("building", "community", False),
        ("building", "building", False),
        ("entrance", "compound", False),
        ("area", "entrance", False),
        ("castle", "compound", False),
    ],
)
def test_what_may_stand_where(kind, parent, fits):
    if fits:
        tree.require_fits(kind, parent)
        assert parent is None or kind in tree.may_hold(parent)
    else:
        with pytest.raises(Invalid):
            tree.require_fits(kind, parent)
        assert parent is None or kind not in tree.may_hold(parent)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("longqi", "longqi"),
        (" LongQi-2 ", "longqi-2"),
        ("ｌｏｎｇｑｉ", "longqi"),
        ("lq", None),
        ("2longqi", None),
        ("隆祺", None),
        ("long--qi", None),
        ("longqi-", None),
        ("a" * 41, None),
        ("long qi", None),
        ("", None),
    ],
)
def test_the_address_word_of_a_compound(typed, slug):
    if slug is None:
        with pytest.raises(Invalid) as refused:
            tree.clean_slug(typed)
        assert refused.value.data["field"] == "slug"
    else:
        assert tree.clean_slug(typed) == slug


@pytest.mark.parametrize(
    ("name", "code"),
    [("3号楼", "3号楼"), ("隆祺嘉园（二期）", "隆祺嘉园二期"), ("A-1 座", "A-1座"), ("长" * 30, "长" * 24)],
)
def test_a_place_without_a_code_gets_one_from_its_name(name, code):
    assert tree.code_of(name) == tree.clean_code(tree.code_of(name)) == code


def test_a_name_of_signs_only_is_refused():
    with pytest.raises(Invalid):
        tree.code_of("（）—")
