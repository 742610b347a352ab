"""The copy of one's own data says where one sits, for whom one acts, and when one was on duty."""

from __future__ import annotations

from linli.registry.organisations import actions
from linli.registry.organisations.actions import DutyHours
from linli.registry.people import actions as people
from linli.registry.people.models import RoleAssignment
from tests.registry.organisations.cast import AT, TERM_FROM, TERM_TO, TODAY, House, elect, sign
from tests.registry.people.cast import acting


def test_a_member_of_the_committee_takes_seat_and_term_along(house: House):
    elect(house)
    chair, other = house.owners[:2]
    (seat,) = people.take_own_data(actor=acting(chair), at=AT)["机构席位"]
    assert seat == {
        "机构": "隆祺嘉园红色业主委员会",
        "职位": "主任",
        "受谁委派": "",
        "开始": TERM_FROM,
        "结束": TERM_TO,
        "离任原因": "",
        "本届开始": TERM_FROM,
        "本届结束": TERM_TO,
        "产生依据": "业主大会 2025 年 5 月 28 日选举",
    }
    (colleague,) = people.take_own_data(actor=acting(other), at=AT)["机构席位"]
    assert colleague["职位"] == "委员"


def test_a_seat_that_was_left_stays_in_the_copy_with_the_reason(house: House):
    term = elect(house)
    seat = term.seats.get(account=house.owners[2])
    actions.leave_seat(
        actor=house.actor("street_officer"), seat_id=seat.pk, on=TODAY, reason="书面辞职", at=AT
    )
    (row,) = people.take_own_data(actor=acting(house.owners[2]), at=AT)["机构席位"]
    assert (row["结束"], row["离任原因"]) == (TODAY, "书面辞职")


def test_staff_take_their_body_and_their_duties_along_also_those_that_are_over(house: House):
    sign(house)
    clerk = house.world.staff["clerk"]
    (duty,) = actions.plan_duty(
        actor=house.actor("manager"),
        organisation_id=house.company.pk,
        place_id=house.world.longqi.pk,
        account_id=clerk.pk,
        days=[TODAY],
        hours=DutyHours("前台", 480, 1200, "0532-00008888"),
        at=AT,
    )
    actions.remove_duty(
        actor=house.actor("manager"),
        duty_id=duty.pk,
        compound_id=house.world.longqi.pk,
        reason="请假",
        at=AT,
    )
    me = acting(clerk)
    data = people.take_own_data(actor=me, at=AT)
    (planned,) = data["值班"]
    assert (planned["机构"], planned["地点"], planned["日期"]) == ("隆祺物业服务有限公司", "隆祺嘉园", TODAY)
    assert (planned["时间"], planned["岗位"], planned["取消原因"]) == ("08:00—20:00", "前台", "请假")
    assert [row["机构"] for row in data["任职单位"]] == ["隆祺物业服务有限公司"]
    RoleAssignment.objects.filter(account=clerk).update(to_on=TODAY, ended_reason="调到别的小区")
    data = people.take_own_data(actor=me, at=AT)
    assert [row["结束"] for row in data["任职单位"]] == [TODAY]
    assert [(row["结束"], row["结束原因"]) for row in data["职务"]] == [(TODAY, "调到别的小区")]


def test_a_neighbour_finds_empty_tables_and_nothing_of_others(house: House):
    elect(house)
    data = people.take_own_data(actor=acting(house.world.wang), at=AT)
    assert (data["机构席位"], data["任职单位"], data["值班"]) == ([], [], [])
