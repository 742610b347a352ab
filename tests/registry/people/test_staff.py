"""Duties: given, ended, invited to, suspended, handed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.ground.db.fields import blind_index
from linli.ground.journal.models import Leaf
from linli.ground.kernel import bus
from linli.ground.kernel.actor import NOBODY, RoleName, system
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.people import actions, events, queries
from linli.registry.people.models import Account, RoleAssignment
from tests.registry.people.cast import (
    AT,
    COMPANY,
    OTHER_COMPANY,
    TODAY,
    World,
    account,
    acting,
    later,
    serves,
)

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def told(monkeypatch):
    """What the house was told."""
    heard: list[object] = []
    monkeypatch.setattr(bus, "publish", heard.append)
    return heard


def give(world: World, by: str, who: Account, role: RoleName, where, company=None, **more):
    return actions.assign_role(
        actor=world.actor(by),
        account_id=who.pk,
        role=role,
        place=where,
        organisation_id=company,
        at=AT,
        **more,
    )


def test_a_manager_takes_on_a_clerk_of_the_own_company(world: World, told):
    newcomer = account("新文员")
    given = give(world, "manager", newcomer, RoleName.PROPERTY_CLERK, world.longqi, COMPANY, title=" 前台 ")
    assert (given.from_on, given.to_on, given.title) == (TODAY, None, "前台")
    assert acting(newcomer).holds([RoleName.PROPERTY_CLERK], world.entrance.path)
    assert told == [events.RoleGiven(newcomer.pk, "property_clerk", world.longqi.pk, AT)]
    leaf = Leaf.objects.get(kind="role.assigned")
    assert leaf.log_id == world.longqi.pk
    assert "新文员" not in bytes(leaf.entry).decode()


@pytest.mark.parametrize(
    ("by", "role", "where", "company"),
    [
        ("manager", RoleName.PROPERTY_CLERK, "longqi", OTHER_COMPANY),
        ("manager", RoleName.PROPERTY_CLERK, "haiyun", COMPANY),
        ("manager", RoleName.PROPERTY_MANAGER, "longqi", COMPANY),
        ("clerk", RoleName.REPAIRER, "longqi", COMPANY),
        ("committee", RoleName.COMMITTEE_MEMBER, "longqi", None),
        ("former_committee", RoleName.BUILDING_CAPTAIN, "building", None),
        ("street_officer", RoleName.SUBDISTRICT_OFFICER, "street", None),
        ("wang", RoleName.BUILDING_CAPTAIN, "building", None),
        ("captain", RoleName.BUILDING_CAPTAIN, "building", None),
    ],
)
def test_who_may_not_give_a_duty_is_refused(world: World, by, role, where, company):
    with pytest.raises(NotAllowed):
        give(world, by, account("某人"), role, getattr(world, where), company)


def test_nobody_appoints_themselves(world: World):
    operator = world.staff["operator"]
    with pytest.raises(NotAllowed, match="自己"):
        give(world, "operator", operator, RoleName.DISTRICT_OFFICER, world.district)


def test_a_duty_ends_at_once_and_by_those_who_give_it(world: World, told):
    given = world.staff["clerk"].assignments.get()
    for stranger in ("other_manager", "committee", "li"):
        with pytest.raises(NotAllowed):
            actions.end_role(actor=world.actor(stranger), assignment_id=given.pk, reason="不干了", at=AT)
    with pytest.raises(Invalid):
        actions.end_role(actor=world.actor("manager"), assignment_id=given.pk, reason="x", at=AT)
    actions.end_role(actor=world.actor("manager"), assignment_id=given.pk, reason="合同到期", at=AT)
    assert acting(world.staff["clerk"]).roles == ()
    assert told == [
        events.StaffLeft(world.staff["clerk"].pk, None, [("property_clerk", world.longqi.pk)], AT)
    ]
    with pytest.raises(Conflict):
        actions.end_role(actor=world.actor("manager"), assignment_id=given.pk, reason="合同到期", at=AT)


def test_a_duty_that_has_not_begun_can_be_taken_back(world: World):
    newcomer = account("新文员")
    given = give(world, "manager", newcomer, RoleName.REPAIRER, world.longqi, COMPANY, from_on=TOMORROW)
    assert acting(newcomer).roles == ()
    assert acting(newcomer, TOMORROW).roles
    actions.end_role(actor=world.actor("manager"), assignment_id=given.pk, reason="不来了，另请人", at=AT)
    assert acting(newcomer, TOMORROW).roles == ()


def test_everybody_may_lay_down_a_duty_of_their_own(world: World):
    captain = world.staff["captain"]
    actions.end_role(
        actor=acting(captain), assignment_id=captain.assignments.get().pk, reason="年纪大了", at=AT
    )
    assert acting(captain).roles == ()


def test_who_leaves_hands_the_work_to_a_colleague(world: World, told):
    clerk, colleague = world.staff["clerk"], account("同事")
    serves(colleague, RoleName.PROPERTY_CLERK, world.longqi, COMPANY)
    duties = queries.duties_of(clerk.pk, TODAY)
    assert queries.successors(duties, TODAY) == [(colleague.pk, "同事")]
    actions.leave_duties(
        actor=world.actor("manager"),
        account_id=clerk.pk,
        assignment_ids=[one.assignment_id for one in duties],
        successor_id=colleague.pk,
        reason="离职，已交接",
        at=AT,
    )
    assert told == [events.StaffLeft(clerk.pk, colleague.pk, [("property_clerk", world.longqi.pk)], AT)]
    assert acting(clerk).roles == ()


@pytest.mark.parametrize("successor", ["clerk", "repairer", "other_clerk", "manager"])
def test_work_is_handed_only_to_who_holds_the_same_duty_there(world: World, successor):
    clerk = world.staff["clerk"]
    with pytest.raises(Invalid):
        actions.leave_duties(
            actor=world.actor("manager"),
            account_id=clerk.pk,
            assignment_ids=[clerk.assignments.get().pk],
            successor_id=world.staff[successor].pk,
            reason="离职，已交接",
            at=AT,
        )


def test_the_duties_of_another_are_not_ended_under_this_name(world: World):
    of_repairer = world.staff["repairer"].assignments.get().pk
    for ids in ([of_repairer], []):
        with pytest.raises(NotFound):
            actions.leave_duties(
                actor=world.actor("manager"),
                account_id=world.staff["clerk"].pk,
                assignment_ids=ids,
                successor_id=None,
                reason="离职，已交接",
                at=AT,
            )


def test_a_term_that_ends_by_itself_is_told_once(world: World, told):
    assert actions.hand_over_expired(at=AT) == 1
    assert told == [
        events.StaffLeft(
            world.staff["former_committee"].pk, None, [("committee_member", world.longqi.pk)], AT
        )
    ]
    assert actions.hand_over_expired(at=later(days=1)) == 0


def test_an_invitation_opens_an_account_that_waits_for_its_bearer(world: World):
    actions.invite_staff(
        actor=world.actor("manager"),
        phone="137 1111 2222",
        name="新师傅",
        role=RoleName.REPAIRER,
        place=world.longqi,
        organisation_id=COMPANY,
        at=AT,
    )
    opened = Account.objects.get(phone_index=blind_index("13711112222"))
    assert (opened.name, opened.phone, opened.seen_at) == ("新师傅", "13711112222", None)
    assert acting(opened).holds([RoleName.REPAIRER], world.longqi.path)


def test_an_invitation_does_not_rename_an_account(world: World):
    actions.invite_staff(
        actor=world.actor("committee"),
        phone=world.wang.phone,
        name="别的名字",
        role=RoleName.BUILDING_CAPTAIN,
        place=world.building,
        at=AT,
    )
    world.wang.refresh_from_db()
    assert world.wang.name == "王秀兰"
    assert acting(world.wang).holds([RoleName.BUILDING_CAPTAIN], world.entrance.path)


def test_who_may_not_give_the_duty_does_not_open_an_account_by_inviting(world: World):
    for by, phone in (("clerk", "13711112222"), ("wang", "13711112222"), ("manager", "1371111")):
        with pytest.raises((NotAllowed, Invalid)):
            actions.invite_staff(
                actor=world.actor(by),
                phone=phone,
                name="新师傅",
                role=RoleName.REPAIRER,
                place=world.longqi,
                organisation_id=COMPANY,
                at=AT,
            )
    assert not Account.objects.filter(phone_index=blind_index("13711112222")).exists()


def test_the_first_operator_is_appointed_by_the_house(world: World):
    given = actions.invite_staff(
        actor=system("operator"),
        phone="13711112222",
        name="第一位",
        role=RoleName.OPERATOR,
        place=world.district,
        at=AT,
    )
    assert RoleAssignment.objects.get(pk=given.pk).role == RoleName.OPERATOR


def test_a_suspended_member_of_staff_does_nothing_until_resumed(world: World):
    clerk = world.staff["clerk"]
    for stranger in ("other_manager", "committee", "clerk"):
        with pytest.raises(NotAllowed):
            actions.suspend_account(actor=world.actor(stranger), account_id=clerk.pk, reason="待调查", at=AT)
    manager = world.actor("manager")
    actions.suspend_account(actor=manager, account_id=clerk.pk, reason="待调查中", at=AT)
    assert acting(clerk) == NOBODY
    with pytest.raises(Conflict):
        actions.suspend_account(actor=manager, account_id=clerk.pk, reason="待调查中", at=AT)
    assert not queries.staff_of(path=world.longqi.path, roles=[RoleName.PROPERTY_CLERK], on=TODAY)
    actions.resume_account(actor=manager, account_id=clerk.pk, reason="调查结束", at=AT)
    assert acting(clerk).roles
    with pytest.raises(Conflict):
        actions.resume_account(actor=manager, account_id=clerk.pk, reason="调查结束", at=AT)


def test_staff_are_known_only_to_those_who_answer_for_them(world: World):
    clerk = world.staff["clerk"]
    assert queries.staff_account(world.actor("manager"), clerk.pk, TODAY) == clerk
    for stranger in ("other_manager", "committee", "wang"):
        with pytest.raises(NotFound):
            queries.staff_account(world.actor(stranger), clerk.pk, TODAY)
    with pytest.raises(NotFound):
        queries.staff_account(world.actor("manager"), world.wang.pk, TODAY)


def test_the_past_of_a_place_is_kept(world: World):
    (past,) = queries.past_duties_within(world.longqi.path, TODAY)
    assert (past.name, past.label, past.to_on) == ("前委员", "红色业委会成员", TODAY)
    with pytest.raises(NotFound):
        queries.assignment_at(past.assignment_id, world.haiyun.path)
    assert queries.assignment_at(past.assignment_id, world.longqi.path).pk == past.assignment_id


def test_staff_of_a_company_are_those_who_act_for_it(world: World):
    names = [one.name for one in queries.staff_of_organisation(organisation_id=COMPANY, on=TODAY)]
    assert names == ["陈经理", "冯小燕", "张师傅"]
    assert [
        one.name for one in queries.staff_of_organisation(organisation_id=COMPANY, on=date(2024, 1, 1))
    ] == []
