"""Buildings, entrances and doors as people write them."""

from __future__ import annotations

import pytest

from linli.ground.kernel.errors import Invalid
from linli.registry.places.domain import addresses, doors


@pytest.mark.parametrize(
    ("kind", "typed", "parent", "called"),
    [
        ("building", "3", "隆祺嘉园", "3号楼"),
        ("building", "３＃", "隆祺嘉园", "3号楼"),
        ("building", "3栋", "隆祺嘉园", "3号楼"),
        ("building", "三号楼", "隆祺嘉园", "3号楼"),
        ("building", "A座", "隆祺嘉园", "A座"),
        ("building", "和平楼", "隆祺嘉园", "和平楼"),
        ("entrance", "2", "3号楼", "3号楼2单元"),
        ("entrance", "2单元", "3号楼", "3号楼2单元"),
        ("entrance", "3号楼2单元", "3号楼", "3号楼2单元"),
        ("entrance", "东侧楼梯间", "3号楼", "东侧楼梯间"),
        ("area", "地下车库", "隆祺嘉园", "地下车库"),
        ("compound", "3号院", "江山社区", "3号院"),
    ],
)
def test_a_new_place_is_called_as_imports_call_it(kind, typed, parent, called):
    assert doors.usual_name(kind, typed, parent) == called


def test_a_building_that_cannot_be_read_is_refused():
    with pytest.raises(Invalid, match="认不出来"):
        doors.usual_name("building", "三号楼（拟建）", "隆祺嘉园")


@pytest.mark.parametrize(
    ("kind", "name", "building", "number", "code"),
    [
        ("entrance", "3号楼2单元", "3号楼", "501", "3-2-501"),
        ("entrance", "3号楼2单元", "3号楼", "５０１室", "3-2-501"),
        ("building", "10号楼", "", "s1", "10-S1"),
        ("area", "地下车库", "", "017", "地下车库-017"),
        ("compound", "隆祺嘉园", "", "门卫室", "门卫"),
    ],
)
def test_the_code_of_a_unit_follows_from_where_it_stands(kind, name, building, number, code):
    assert doors.code_behind(kind, name, building, number) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3-2-501", "3-2-501"),
        ("３－２－５０１", "3-2-501"),
        ("3—2—501", "3-2-501"),
        ("03号楼2单元501室", "3-2-501"),
        ("三栋二单元501", "3-2-501"),
        ("3号楼501", "3-501"),
        ("3号楼", "3"),
        ("3#2单元", "3-2"),
        ("501", "501"),
        ("b1-017", "B1-017"),
        ("王秀兰", "王秀兰"),
        ("%_", "%-"),
    ],
)
def test_what_somebody_looks_for(typed, code):
    assert addresses.searched_code(typed).rstrip("-") == code.rstrip("-")
