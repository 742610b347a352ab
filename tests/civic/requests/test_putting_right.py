"""What staff put right: the category, danger, the order on the desk, and the work of those who leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.civic.notifications import actions as notifications
from linli.civic.notifications.models import InboxItem
from linli.civic.requests import actions, queries
from linli.ground.journal import queries as journal
from linli.ground.kernel.actor import RoleName
from linli.ground.kernel.errors import Invalid, NotAllowed
from linli.registry.people import actions as people
from linli.registry.people.models import RoleAssignment
from linli.site.wiring import wire
from tests.civic.requests.conftest import AT, Compound
from tests.refusing import refused


def hand_over(longqi: Compound, successor: str | None = None) -> int:
    """The repairer's duty in the compound ends."""
    return actions.hand_over_open_work(
        actor=longqi.by("manager"),
        account_id=longqi.world.accounts["repairer"],
        places=[longqi.world.compound.path],
        successor_id=longqi.world.accounts[successor] if successor else None,
        at=longqi.later(days=1),
    )


def end_duties_of_the_repairer(longqi: Compound, successor_id: int | None = None) -> None:
    wire()
    given = people_duties(longqi)
    people.leave_duties(
        actor=longqi.by("manager"),
        account_id=longqi.world.accounts["repairer"],
        assignment_ids=given,
        successor_id=successor_id,
        reason="调到别的小区",
        at=longqi.later(days=1),
    )


def people_duties(longqi: Compound) -> list[int]:
    return list(
        RoleAssignment.objects.filter(account_id=longqi.world.accounts["repairer"]).values_list(
            "pk", flat=True
        )
    )


def test_open_work_of_who_leaves_goes_back_to_be_given_anew(longqi: Compound):
    begun, done = longqi.begin(longqi.report()), longqi.finish(longqi.report("楼道窗户坏了。"))
    end_duties_of_the_repairer(longqi)
    begun.refresh_from_db()
    done.refresh_from_db()
    assert (begun.status, begun.handler_id) == ("dispatched", None)
    assert done.handler_id == longqi.world.accounts["repairer"], "what is done stays whose work it was"


def test_open_work_goes_to_the_successor_who_hears_of_it(longqi: Compound):
    begun = longqi.begin(longqi.report())
    given = people.invite_staff(
        actor=longqi.by("manager"),
        phone="13800010077",
        name="马师傅",
        role=RoleName.REPAIRER,
        place=longqi.world.compound,
        organisation_id=longqi.world.bodies["company"].pk,
        at=longqi.at,
    )
    end_duties_of_the_repairer(longqi, successor_id=given.account_id)
    begun.refresh_from_db()
    assert (begun.status, begun.handler_id) == ("dispatched", given.account_id)
    assert begun.steps.order_by("-pk")[0].note == "原处理人离岗，由马师傅接手。"
    notifications.expand_messages(at=longqi.at)
    assert InboxItem.objects.filter(account_id=given.account_id, message__kind="request.hand_over").exists()


def test_orders_stay_while_the_duty_goes_on(longqi: Compound):
    begun = longqi.begin(longqi.report())
    assert hand_over(longqi) == 0, "the duty still holds"
    begun.refresh_from_db()
    assert begun.handler_id == longqi.world.accounts["repairer"]


def test_a_wrong_category_is_put_right_and_the_promise_is_counted_anew(longqi: Compound):
    request = longqi.report("门口的椅子腿断了，快倒了。")
    assert request.category == "other"
    actions.reclassify(
        actor=longqi.by("committee"), request_id=request.pk, category="amenity", reason="是长椅", at=longqi.at
    )
    request.refresh_from_db()
    assert (request.category, request.due_at.isoformat()) == ("amenity", "2026-12-02T10:00:00+00:00")
    assert [act.kind for act in journal.story(longqi.world.compound.pk, request.stream)][-1] == (
        "request.reclassify"
    )
    with refused(Invalid, "no_such_category"):
        actions.reclassify(
            actor=longqi.by("committee"), request_id=request.pk, category="moon", reason="x", at=longqi.at
        )
    with pytest.raises(NotAllowed):
        actions.reclassify(
            actor=longqi.by("resident"), request_id=request.pk, category="door", reason="x", at=longqi.at
        )


def test_danger_that_staff_recognise_is_told_at_once_and_a_false_alarm_taken_back(longqi: Compound):
    request = longqi.report("楼道里一股怪味。")
    actions.reclassify(
        actor=longqi.by("committee"),
        request_id=request.pk,
        category="other",
        danger="gas",
        reason="到场闻到燃气",
        at=longqi.at,
    )
    request.refresh_from_db()
    assert request.due_at == AT + timedelta(minutes=30)
    notifications.expand_messages(at=longqi.at)
    repairer = longqi.world.accounts["repairer"]
    assert InboxItem.objects.filter(account_id=repairer, message__kind="request.danger").exists()
    actions.reclassify(
        actor=longqi.by("committee"), request_id=request.pk, category="hygiene", reason="是油漆", at=longqi.at
    )
    request.refresh_from_db()
    assert (request.danger, request.category) == ("", "hygiene")


def test_danger_stands_before_what_is_overdue(longqi: Compound):
    longqi.report("电梯有响声。")
    longqi.later(days=9)
    gas = longqi.report("楼道里有燃气味！")
    compound = longqi.world.compound
    columns = queries.board(
        actor=longqi.by("committee"), compound_id=compound.pk, compound_path=compound.path
    )
    assert columns[0].rows[0].id == gas.pk


def test_open_work_of_who_is_shut_out_goes_back_although_the_duty_stands(longqi: Compound):
    wire()
    begun = longqi.begin(longqi.report())
    people.suspend_account(
        actor=longqi.by("manager"),
        account_id=longqi.world.accounts["repairer"],
        reason="手机丢了，先停用",
        at=longqi.at,
    )
    begun.refresh_from_db()
    assert (begun.status, begun.handler_id) == ("dispatched", None)


def test_the_supervisor_hears_once_what_became_overdue(longqi: Compound):
    late, done = longqi.begin(longqi.report()), longqi.finish(longqi.report("楼道窗户坏了。"))
    assert actions.tell_overdue(at=longqi.at) == 0
    longqi.later(days=9)
    assert actions.tell_overdue(at=longqi.at) == 1, "what is done owes nobody work"
    assert actions.tell_overdue(at=longqi.later(hours=1)) == 0
    notifications.expand_messages(at=longqi.at)
    for who in ("supervisor", "committee", "manager", "repairer", "resident"):
        items = InboxItem.objects.filter(
            account_id=longqi.world.accounts[who], message__kind="request.overdue"
        )
        assert [item.message.stream for item in items] == [late.stream], who
    assert done.status == "done"
