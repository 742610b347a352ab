"""The duty roster, and how those on it are shown to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.organisations import actions, queries
from linli.registry.organisations.actions import DutyHours
from linli.registry.organisations.models import Duty, ServiceContract
from tests.registry.organisations.cast import AT, TODAY, House, agrees, elect, sign

DAY = timedelta(days=1)
DESK, NIGHT = DutyHours("前台", 480, 1200, "0532-00008888"), DutyHours("门岗", 1200, 480)


@pytest.fixture
def served(house: House) -> House:
    sign(house)
    return house


def plan(house: House, who: str = "clerk", by: str = "manager", **more):
    given = {
        "organisation_id": house.company.pk,
        "place_id": house.world.longqi.pk,
        "account_id": house.world.staff[who].pk,
        "days": [TODAY],
        "hours": DESK,
    } | more
    return actions.plan_duty(actor=house.actor(by), at=AT, **given)


def remove(house: House, duty: Duty, by: str = "manager", reason: str = "请假", at: datetime = AT):
    return actions.remove_duty(
        actor=house.actor(by),
        duty_id=duty.pk,
        compound_id=house.world.longqi.pk,
        reason=reason,
        at=at,
    )


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return AT.replace(hour=hour, minute=minute) + timedelta(days=days)


def test_a_week_is_planned_in_one_go_and_again_changes_nothing(served: House):
    days = [TODAY + number * DAY for number in range(7)]
    assert len(plan(served, days=days)) == 7
    assert plan(served, days=days) == []
    assert Duty.objects.count() == 7


def test_one_who_is_on_duty_already_is_not_planned_over_it(served: House):
    plan(served, hours=NIGHT)
    with pytest.raises(Conflict, match="20:00—08:00 已经有班"):
        plan(served, days=[TODAY + DAY], hours=DutyHours("前台", 420, 720))
    plan(served, days=[TODAY + DAY], hours=DutyHours("前台", 480, 720))


@pytest.mark.parametrize("who", ["committee", "other_clerk", "supervisor"])
def test_only_people_of_the_own_body_are_planned(served: House, who: str):
    with pytest.raises(Invalid, match="不在这个单位任职"):
        plan(served, who)


def test_whoever_has_left_by_then_is_not_planned(served: House):
    assignment = served.world.staff["clerk"].assignments.get()
    assignment.to_on = TODAY + 2 * DAY
    assignment.save()
    plan(served, days=[TODAY + DAY])
    with pytest.raises(Invalid, match="不在这个单位任职"):
        plan(served, days=[TODAY + 2 * DAY])


def test_a_member_of_the_committee_is_planned_by_the_seat(house: House):
    elect(house)
    given = {"organisation_id": house.committee.pk, "account_id": house.owners[1].pk}
    assert len(plan(house, by="committee", **given)) == 1


@pytest.mark.parametrize("by", ["committee", "repairer", "other_manager", "wang", "street_officer"])
def test_who_plans_is_the_body_itself(served: House, by: str):
    with pytest.raises(NotAllowed, match="本单位"):
        plan(served, by=by)
    with pytest.raises(NotAllowed):
        remove(served, plan(served)[0], by=by)


def test_a_company_whose_contract_is_over_has_no_duty_here(served: House):
    ServiceContract.objects.update(to_on=TODAY + DAY)
    plan(served)
    with pytest.raises(Invalid, match="不服务本小区"):
        plan(served, days=[TODAY + DAY])


def test_the_office_above_plans_its_people_in_the_compound(house: House):
    street = house.street
    worker = house.world.staff["community_worker"]
    worker.assignments.update(organisation_id=street.pk)
    given = {"organisation_id": street.pk, "account_id": worker.pk, "by": "community_worker"}
    assert len(plan(house, **given)) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": []}, "至少选一天"),
        ({"days": [TODAY - DAY]}, "过去的日子"),
        ({"days": [TODAY + 93 * DAY]}, "最多提前 92 天"),
        ({"hours": DutyHours("")}, "岗位"),
        ({"hours": DutyHours("长" * 25)}, "最多 24 个字"),
        ({"hours": DutyHours("前台", phone="0" * 25)}, "值班电话最多"),
        ({"hours": DutyHours("前台", note="字" * 61)}, "备注最多"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(served: House, wrong, words):
    with pytest.raises(Invalid, match=words):
        plan(served, **wrong)
    assert not Duty.objects.exists()


def test_a_duty_is_taken_off_with_a_reason_and_stays_in_the_books(served: House):
    duty = plan(served)[0]
    with pytest.raises(Invalid, match="原因"):
        remove(served, duty, reason="")
    assert remove(served, duty).removed_reason == "请假"
    with pytest.raises(Conflict, match="已经撤下"):
        remove(served, duty)
    assert len(plan(served)) == 1, "the hours are free again"


def test_a_duty_that_is_over_stays(served: House):
    duty = plan(served)[0]
    with pytest.raises(Conflict, match="已经结束"):
        remove(served, duty, at=at(20))
    with pytest.raises(NotFound):
        remove(served, Duty(pk=999))


def test_on_duty_is_who_is_there_at_this_moment(served: House):
    plan(served)
    plan(served, "repairer", hours=NIGHT)

    def posts(moment: datetime) -> list[tuple[str, str]]:
        found = queries.on_duty(compound_id=served.world.longqi.pk, at=moment)
        return [(one.post, one.phone) for one in found]

    desk, gate = ("前台", "0532-00008888"), ("门岗", "0532-00001234")
    assert posts(at(7, 59)) == []
    assert posts(at(8)) == [desk]
    assert posts(at(19, 59)) == [desk]
    assert posts(at(20)) == [gate]
    assert posts(at(7, 59, days=1)) == [gate], "the night goes on until the morning"
    assert posts(at(8, days=1)) == []


def test_the_public_reads_a_surname_unless_somebody_agreed_to_more(served: House):
    plan(served)

    def name(**more) -> str:
        return queries.on_duty(compound_id=served.world.longqi.pk, at=at(9), **more)[0].name

    assert name() == "冯**"
    assert name(in_full=True) == "冯小燕"
    agrees(served.world.staff["clerk"], "identity_display")
    assert name() == "冯小燕"


def test_who_does_duty_for_the_party_is_shown_only_after_both_consents(served: House):
    secretary = served.world.staff["secretary"]
    given = {"organisation_id": served.branch.pk, "account_id": secretary.pk, "by": "secretary"}
    plan(served, **given)

    def name() -> str:
        return queries.on_duty(compound_id=served.world.longqi.pk, at=at(9))[0].name

    assert name() == ""
    agrees(secretary, "identity_display")
    assert name() == ""
    agrees(secretary, "party_membership")
    assert name() == "孙卫东"


@pytest.mark.parametrize(
    ("who", "shown"),
    [("repairer", "隆祺物业服务 · 张师傅"), ("committee", "隆祺嘉园红色 · 赵委员"), ("wang", "")],
)
def test_beside_what_staff_did_stands_their_surname(served: House, who: str, shown: str):
    account = served.world.staff.get(who) or served.world.wang
    agrees(account, "identity_display")
    path = served.world.longqi.path
    assert queries.public_name(actor=served.actor(who), compound_path=path) == shown


def test_the_week_shows_full_names_to_those_who_work_here(served: House):
    plan(served, days=[TODAY, TODAY + DAY])
    path = served.world.longqi.path

    def week(by: str, day=TODAY):
        return queries.week(
            actor=served.actor(by), compound_id=served.world.longqi.pk, compound_path=path, day=day, at=AT
        )

    found = week("supervisor")
    assert (found.monday.weekday(), len(found.days)) == (0, 7)
    assert {one.name for _, day in found.days for one in day} == {"冯小燕"}
    assert not any(one.may_remove for _, day in found.days for one in day)
    assert all(one.may_remove for _, day in week("clerk").days for one in day)
    for stranger in ("wang", "li", "other_manager", "former_committee", "operator"):
        with pytest.raises(NotAllowed):
            week(stranger)
