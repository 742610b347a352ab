"""What the keepers of a compound do to its places and units, page by page, without JavaScript."""

from __future__ import annotations

import re

import pytest

from linli.registry.places import queries
from linli.registry.places.models import Place, Unit
from tests.registry.people.cast import owns, person
from tests.registry.places.cast import found

pytestmark = pytest.mark.usefixtures("at_noon")
REGISTER = "/c/longqi/places/"


def text(answer) -> str:
    return answer.content.decode()


def errors(answer) -> list[str]:
    """What the summary above the form says."""
    summary = re.search(r'<div class="errs".*?</ul>', text(answer), re.DOTALL)
    return re.findall(r"<(?:a|b)[^>]*>([^<]+)</(?:a|b)>", summary[0]) if summary else []


def test_a_building_and_its_entrance_are_registered_and_lead_back(world, enter):
    clerk = enter("clerk")
    done = clerk.post(f"{REGISTER}new/", {"kind": "building", "name": "12栋"})
    assert done.headers["Location"] == REGISTER
    building = Place.objects.get(name="12号楼")
    page = clerk.get(f"{REGISTER}new/?inside={building.pk}")
    assert "在12号楼里登记" in text(page)
    done = clerk.post(f"{REGISTER}new/?inside={building.pk}", {"kind": "entrance", "name": "1"})
    assert done.headers["Location"] == f"{REGISTER}{building.pk}/"
    assert "12号楼1单元" in text(clerk.get(done.headers["Location"]))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "building", "name": ""}, ["请填写名称"]),
        ({"kind": "", "name": "12号楼"}, ["请选择要登记的是"]),
        ({"kind": "compound", "name": "12号楼"}, ["请从列出的里面选一个"]),
        ({"kind": "building", "name": "3#"}, ["这里已经有「3号楼」，请检查，或者换一个名称。"]),
        ({"kind": "building", "name": "（新）"}, ["楼栋“(新)”认不出来，请写成 3号楼 或 3。"]),
    ],
)
def test_a_wrong_name_is_told_in_one_sentence_and_what_was_typed_stays(world, enter, typed, said):
    answer = enter("clerk").post(f"{REGISTER}new/", typed)
    assert (answer.status_code, errors(answer)) == (422, said)
    assert f'value="{typed["name"]}"' in text(answer)


def test_a_building_is_renamed_with_what_is_called_after_it(world, enter):
    manager, page = enter("manager"), f"{REGISTER}{world.building.pk}/rename/"
    assert "1 个单元或区域，2 套房屋" in text(manager.get(page))
    manager.post(page, {"name": "和平楼", "reason": "按批复改名"})
    told = text(manager.get(f"{REGISTER}{world.building.pk}/"))
    assert "3号楼 → <b>和平楼</b>" in told and "按批复改名" in told and "职员manager" in told
    assert re.search(r'class="proof" href="/v/LL1:', told)
    assert "和平楼2单元501" in text(manager.get(f"{REGISTER}units/{world.home.pk}/"))


def test_what_stands_in_a_building_is_shown_instead_of_the_button(world, enter):
    clerk, page = enter("clerk"), f"{REGISTER}{world.building.pk}/close/"
    told = text(clerk.get(page))
    assert "里面还有 1 处地方、0 套房屋、0 件设施在用" in told
    assert "3号楼2单元" in told and 'name="reason"' not in told
    answer = clerk.post(page, {"on": "2026-03-16", "reason": "拆除"})
    assert errors(answer) == ["里面还有 1 处地方、0 套房屋、0 件设施在用，请先处理它们。"]


def test_an_empty_area_is_closed_and_brought_back(world, enter):
    clerk, square = enter("clerk"), found("area", "中心广场", world.longqi)
    assert errors(clerk.post(f"{REGISTER}{square.pk}/close/", {"on": "2026-03-17", "reason": "改建"})) == [
        "日期不能晚于今天，也不能早于 1900 年。"
    ]
    clerk.post(f"{REGISTER}{square.pk}/close/", {"on": "2026-03-16", "reason": "改建"})
    assert re.search(r"已注销的（1）.*中心广场", text(clerk.get(REGISTER)), re.DOTALL)
    closed = text(clerk.get(f"{REGISTER}{square.pk}/"))
    assert "起已注销" in closed and f"{square.pk}/reopen/" in closed and f"{square.pk}/rename/" not in closed
    clerk.post(f"{REGISTER}{square.pk}/reopen/", {"reason": "不改了"})
    assert "已注销的" not in text(clerk.get(REGISTER))


# --- units ------------------------------------------------------------------------------------------------


def test_a_unit_is_added_where_one_came_from(world, enter):
    clerk = enter("clerk")
    page = text(clerk.get(f"{REGISTER}units/new/?inside={world.entrance.pk}"))
    assert f'<option value="{world.entrance.pk}" selected>' in page
    assert "建筑物区分所有权解释第八条" in page
    clerk.post(
        f"{REGISTER}units/new/",
        {
            "place": world.entrance.pk,
            "number": "５０２",
            "kind": "home",
            "area": "１１９．５㎡",
            "source": "survey",
        },
    )
    made = Unit.objects.get(code="3-2-502")
    assert (made.area_dm2, made.area_source, made.label) == (11_950, "survey", "3号楼2单元502")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": "501"}, ["本小区已有房号「3-2-501」，请检查。"]),
        ({"number": ""}, ["请填写门牌"]),
        ({"place": ""}, ["请选择在哪里"]),
        ({"place": "0"}, ["请从列出的里面选一个"]),
        ({"area": "119"}, ["请选面积来源：登记簿、测绘还是合同。"]),
        ({"area": "0"}, ["面积“0”应大于零。"]),
        (
            {"area": "11864", "source": "survey"},
            ["一套住宅 11,864.00 平方米，很少见，像是点错了小数点。请对照原件，没错就勾选下面一格。"],
        ),
    ],
)
def test_a_wrong_unit_is_told_in_one_sentence(world, enter, typed, said):
    first = {"place": str(world.entrance.pk), "number": "502", "kind": "home"}
    answer = enter("clerk").post(f"{REGISTER}units/new/", first | typed)
    assert (answer.status_code, errors(answer)) == (422, said)


def test_an_area_is_corrected_on_its_legal_ground_and_the_old_one_stays_to_be_read(world, enter):
    manager, page = enter("manager"), f"{REGISTER}units/{world.home.pk}/area/"
    told = text(manager.get(page))
    assert "118.64" in told and "建筑物区分所有权解释第八条" in told
    right = {"area": "119", "source": "property_register", "area_on": "2025年5月1日", "reason": "证上写的"}
    assert manager.post(page, right).headers["Location"] == f"{REGISTER}units/{world.home.pk}/"
    told = text(manager.get(f"{REGISTER}units/{world.home.pk}/"))
    assert "118.64 ㎡ → <b>119.00 ㎡</b>" in told
    assert "测绘实测 → <b>不动产登记簿</b>" in told and "证上写的" in told


def test_an_odd_area_is_asked_back_and_taken_when_one_is_sure(world, enter):
    manager, page = enter("manager"), f"{REGISTER}units/{world.home.pk}/area/"
    odd = {"area": "11.86", "source": "survey", "area_on": "2025-05-01", "reason": "复测"}
    answer = manager.post(page, odd)
    assert errors(answer) == [
        "面积从 118.64 改成 11.86 平方米，差了一倍以上。请对照原件，没错就勾选下面一格。"
    ]
    assert 'name="sure"' in text(answer) and 'name="sure"' not in text(manager.get(page))
    assert manager.post(page, odd | {"sure": "on"}).status_code == 303
    assert Unit.objects.get(pk=world.home.pk).area_dm2 == 1_186


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_of_two_who_correct_an_area_the_second_reads_what_it_is_now_before_it_is_changed_again(world, enter):
    page = f"{REGISTER}units/{world.home.pk}/area/"
    first, second = enter("manager"), enter("committee")
    typed = {"area": "119", "source": "property_register", "area_on": "2025-05-01", "reason": "证上写的"}
    old = seen(text(second.get(page)))
    first.post(page, typed | {"area": "120.5", "seen": seen(text(first.get(page)))})
    answer = second.post(page, typed | {"seen": old})
    assert (answer.status_code, errors(answer)) == (
        422,
        ["面积刚刚被别人改过，现在登记的是 120.50 平方米，请核对您填的面积，再提交一次。"],
    )
    told = text(answer)
    assert '<b class="num">120.50</b>' in told
    assert 'value="119"' in told and "证上写的" in told and seen(told) != old
    assert Unit.objects.get(pk=world.home.pk).area_dm2 == 12_050
    assert second.post(page, typed | {"seen": seen(told)}).status_code == 303
    assert Unit.objects.get(pk=world.home.pk).area_dm2 == 11_900


@pytest.mark.parametrize(
    ("end", "typed", "other", "said"),
    [
        (
            "correct",
            {"kind": "shop", "delivered_on": "2020-05-01", "reason": "看了合同"},
            {"kind": "garage"},
            "用途或交付日期刚刚被别人改过，现在登记的写在上面，请核对您填的，再提交一次。",
        ),
        (
            "number",
            {"number": "601", "reason": "看错了门牌"},
            {"number": "701"},
            "这套房的门牌刚刚被别人改过，现在是“3号楼2单元701”（房号 3-2-701），请核对您填的，再提交一次。",
        ),
    ],
)
def test_of_two_who_correct_use_or_number_the_second_reads_what_it_is_now(
    world, enter, end, typed, other, said
):
    page = f"{REGISTER}units/{world.home.pk}/{end}/"
    first, second = enter("manager"), enter("manager")
    old = seen(text(second.get(page)))
    assert first.post(page, typed | other | {"seen": old}).status_code == 303
    answer = second.post(page, typed | {"seen": old})
    assert (answer.status_code, errors(answer)) == (422, [said])
    told = text(answer)
    assert typed["reason"] in told and seen(told) != old
    assert (
        "现在登记：<b>车库 · 2020年5月1日 交付</b>" in told
        or '现在的房号：<b class="num">3-2-701</b>' in told
    )
    assert second.post(page, typed | {"seen": seen(told)}).status_code == 303
    unit = Unit.objects.get(pk=world.home.pk)
    assert (unit.kind, unit.code) in (("shop", "3-2-501"), ("home", "3-2-601"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"area": "0"}, "面积“0”应大于零。"),
        ({"area": "-3"}, None),
        ({"area": "很大"}, None),
        ({"area": "99999999999"}, None),
        ({"area": ""}, "请填写建筑面积（平方米）"),
        ({"source": ""}, "请选择面积来源"),
        ({"source": "unknown"}, "请从列出的里面选一个"),
        ({"area_on": "2026-03-17"}, "日期不能晚于今天，也不能早于 1900 年。"),
        ({"area_on": "昨天"}, None),
        ({"reason": " "}, "请填写原因"),
    ],
)
def test_a_wrong_correction_is_told_in_one_sentence_and_changes_nothing(world, enter, typed, said):
    first = {"area": "119", "source": "property_register", "area_on": "2025-05-01", "reason": "证上写的"}
    answer = enter("manager").post(f"{REGISTER}units/{world.home.pk}/area/", first | typed)
    assert answer.status_code == 422 and len(errors(answer)) == 1
    assert said is None or errors(answer) == [said]
    assert Unit.objects.get(pk=world.home.pk).area_dm2 == 11_864


def test_use_and_delivery_are_put_right(world, enter):
    committee, page = enter("committee"), f"{REGISTER}units/{world.shop.pk}/correct/"
    assert re.search(r'value="shop" checked', text(committee.get(page)))
    committee.post(page, {"kind": "storage", "delivered_on": "2012-09-30", "reason": "现场核对"})
    told = text(committee.get(f"{REGISTER}units/{world.shop.pk}/"))
    assert "商铺 → <b>储藏室</b>" in told and "2012年9月30日" in told
    again = committee.post(page, {"kind": "storage", "delivered_on": "2012-09-30", "reason": "现场核对"})
    assert errors(again) == ["填的和登记的一样，没有要改的。"]


def test_a_wrong_number_is_put_right_on_the_page_of_the_unit(world, enter):
    clerk, home = enter("clerk"), f"{REGISTER}units/{world.home.pk}/"
    assert f"{home}number/" in text(clerk.get(home))
    page = text(clerk.get(f"{home}number/"))
    assert re.search(r'name="number" value="501"', page) and "3-2-501" in page
    assert not re.search(r'name="code" value="[^"]', page), "a code that follows from the door stands empty"
    typed = {"number": "1001", "code": "", "reason": "看错了门牌"}
    taken = clerk.post(f"{home}number/", typed)
    assert (taken.status_code, errors(taken)) == (422, ["本小区已有房号「3-2-1001」，请检查。"])
    assert 'value="1001"' in text(taken) and "看错了门牌" in text(taken)
    assert clerk.post(f"{home}number/", typed | {"number": "５０２"}).headers["Location"] == home
    told = text(clerk.get(home))
    assert "3号楼2单元501 → <b>3号楼2单元502</b>" in told and "看错了门牌" in told
    assert "3-2-501 → <b>3-2-502</b>" in told


def test_a_code_of_its_own_stays_in_the_form(world, enter):
    assert 'name="code" value="B1-017"' in text(enter("clerk").get(f"{REGISTER}units/{world.bay.pk}/number/"))


def test_a_unit_with_owners_is_not_closed_and_the_page_says_where_to_go(world, enter):
    owns(person(world.longqi, "王秀兰"), world.home)
    answer = enter("manager").post(
        f"{REGISTER}units/{world.home.pk}/close/", {"on": "2026-03-16", "reason": "登错了"}
    )
    assert errors(answer) == ["这套房还登记着 1 位业主、0 位住户。请先在业主名册里办完变更，再来注销。"]


def test_a_unit_is_closed_found_among_the_closed_and_brought_back(world, enter):
    manager, page = enter("manager"), f"{REGISTER}units/{world.bay.pk}/"
    manager.post(f"{page}close/", {"on": "2026-03-16", "reason": "改成通道"})
    assert "B1-017" not in text(manager.get(REGISTER))
    assert "B1-017" in text(manager.get(f"{REGISTER}?which=closed"))
    assert "起已注销" in text(manager.get(page))
    manager.post(f"{page}reopen/", {"reason": "不改了"})
    assert "B1-017" in text(manager.get(REGISTER))


def test_the_front_desk_sees_no_way_to_what_it_may_not_do_and_is_refused_on_the_address(world, enter):
    clerk, page = enter("clerk"), f"{REGISTER}units/{world.home.pk}/"
    assert "更正面积" not in text(clerk.get(page))
    assert {clerk.get(f"{page}{end}/").status_code for end in ("area", "correct", "close", "reopen")} == {403}


@pytest.mark.parametrize(
    ("who", "leads"), [("manager", True), ("clerk", True), ("district", True), ("operator", False)]
)
def test_the_people_of_a_unit_are_one_link_away_for_whoever_may_read_them(world, enter, who, leads):
    browser = enter(who)
    address = f"/desk/longqi/people/units/{world.home.pk}/"
    assert (address in text(browser.get(f"{REGISTER}units/{world.home.pk}/"))) == leads
    assert (browser.get(address).status_code == 200) == leads


@pytest.mark.parametrize(
    "who", ["resident", "secretary", "captain", "repairer", "supervisor", "other_manager"]
)
def test_strangers_change_nothing(world, enter, who):
    browser = enter(who)
    place, home = f"{REGISTER}{world.building.pk}/", f"{REGISTER}units/{world.home.pk}/"
    acts = (
        *(f"{REGISTER}{end}" for end in ("new/", "units/new/")),
        *(f"{place}{end}/" for end in ("rename", "close", "reopen")),
        *(f"{home}{end}/" for end in ("area", "correct", "number", "close", "reopen")),
    )
    for address in acts:
        assert browser.get(address).status_code == 403
        assert browser.post(address, {"name": "x", "kind": "building", "reason": "x"}).status_code == 403
    assert len(queries.history(world.building)) == 1


def test_units_and_places_of_the_neighbours_cannot_be_touched_through_ones_own_compound(world, enter):
    manager = enter("other_manager")
    for end in (f"{world.building.pk}/rename/", f"{world.building.pk}/close/", f"units/{world.home.pk}/area/",
                f"units/{world.home.pk}/number/",
                f"units/{world.home.pk}/close/", f"new/?inside={world.building.pk}"):  # fmt: skip
        assert manager.get(f"/c/haiyun/places/{end}").status_code == 404
    answer = manager.post(
        "/c/haiyun/places/units/new/", {"place": world.entrance.pk, "number": "1", "kind": "home"}
    )
    assert errors(answer) == ["请从列出的里面选一个"]
