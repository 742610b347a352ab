"""What people do with requests: who may, what is recorded, who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.civic.notifications.models import InboxItem
from linli.civic.requests import actions, queries
from linli.civic.requests.domain.workflow import Move, Status
from linli.civic.requests.models import Request, Step, Support
from linli.ground.journal import queries as journal
from linli.ground.journal.models import Leaf
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tests.civic.requests.conftest import AT, Compound
from tests.refusing import refused


def kinds(longqi: Compound, request: Request) -> list[str]:
    """What the log says of a matter, in order."""
    return [act.kind for act in journal.story(longqi.world.compound.pk, request.stream)]


def heard(longqi: Compound, who: str) -> list[str]:
    """What somebody was told of requests, oldest first."""
    from linli.civic.notifications import actions as notifications

    notifications.expand_messages(at=longqi.at)
    items = InboxItem.objects.filter(
        account_id=longqi.world.accounts[who], message__kind__startswith="request."
    ).order_by("pk")
    return [item.message.subject.format(**item.message.data) for item in items.select_related("message")]


# --- reporting --------------------------------------------------------------------------------------------


def test_a_report_gets_a_number_a_day_and_a_place_in_the_log(longqi: Compound):
    request = longqi.report("3号楼2单元门闭不上，夜里响。")
    assert request.number == f"20261118-{request.pk}"
    assert (request.category, request.status) == ("door", "received")
    assert request.due_at.isoformat() == "2026-11-23T18:00:00+08:00"
    assert request.title == "3号楼2单元门闭不上，夜里响"
    assert kinds(longqi, request) == ["request.report"]
    assert "新诉求：3号楼2单元门闭不上，夜里响" in heard(longqi, "committee")
    assert heard(longqi, "repairer") == [], "the repairer hears when it is given to him"


def test_no_personal_data_of_a_report_stands_in_the_log(longqi: Compound):
    request = longqi.call("我是李阿姨，13800019999，井盖松了。")
    entries = b"".join(
        bytes(leaf.entry)
        for leaf in Leaf.objects.filter(log_id=longqi.world.compound.pk, stream=request.stream)
    )
    assert entries
    for said in ("李阿姨", "13800019999", "井盖"):
        assert said.encode() not in entries


def test_danger_is_due_at_once_and_all_of_the_staff_hear_it(longqi: Compound):
    request = longqi.report("有人困在电梯里了！")
    assert request.danger == "trapped"
    assert request.due_at == AT + timedelta(minutes=30)
    for who in (
        "committee",
        "secretary",
        "manager",
        "clerk",
        "repairer",
        "captain",
        "community",
        "supervisor",
    ):
        assert heard(longqi, who)[-1] == "紧急：有人困在电梯里了", who


@pytest.mark.parametrize("who", ["outsider", "district", "subdistrict", "operator"])
def test_strangers_of_the_compound_do_not_report_in_it(longqi: Compound, who: str):
    with refused(NotAllowed, "not_of_this_compound"):
        longqi.report(who=who)


def test_a_place_of_another_compound_is_refused(longqi: Compound):
    with pytest.raises(Refusal):
        longqi.report(place_id=longqi.world.places["haiyun:1号楼"].pk)


def test_a_caller_is_written_down_with_the_channel_and_the_clerk(longqi: Compound):
    request = longqi.call()
    request.refresh_from_db()
    assert (request.channel, request.caller_name, request.caller_phone) == ("phone", "李阿姨", "13800019999")
    assert request.reporter_id is None
    assert request.entered_by_id == longqi.world.accounts["clerk"]
    with refused(NotAllowed, "not_a_clerk"):
        actions.enter_on_behalf(
            actor=longqi.by("resident"),
            report=actions.Report(compound_id=longqi.world.compound.pk, text="代邻居报"),
            channel="phone",
            caller=actions.Caller(),
            at=longqi.at,
        )


# --- the whole way ------------------------------------------------------------------------------------------


def test_from_the_report_to_the_rating(longqi: Compound):
    request = longqi.finish(longqi.report())
    assert request.status == Status.DONE
    with refused(NotAllowed, "only_the_reporter"):
        actions.confirm(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.at)
    with refused(NotAllowed, "only_the_reporter"):
        actions.confirm(actor=longqi.by("committee"), request_id=request.pk, at=longqi.at)
    actions.confirm(actor=longqi.by("resident"), request_id=request.pk, at=longqi.later(hours=1))
    request = actions.rate(actor=longqi.by("resident"), request_id=request.pk, stars=5, at=longqi.at)
    assert (request.status, request.rating, request.closed_at) == ("confirmed", 5, longqi.at)
    assert kinds(longqi, request) == [
        f"request.{move}" for move in ("report", "dispatch", "accept", "finish", "confirm", "rate")
    ]
    told = heard(longqi, "resident")
    assert told == ["您关注的诉求已派单", "师傅已接单", "「3号楼门口的灯坏了」办完了，请您确认"]
    assert heard(longqi, "repairer")[-1] == "「3号楼门口的灯坏了」收到评价"
    with refused(Conflict, "rated_already"):
        actions.rate(actor=longqi.by("resident"), request_id=request.pk, stars=1, at=longqi.at)


def test_done_wants_a_photo_where_there_is_something_to_see(longqi: Compound):
    lamp = longqi.begin(longqi.report())
    with refused(Invalid, "photo_missing"):
        actions.finish(actor=longqi.by("repairer"), request_id=lamp.pk, note="换了灯管。", at=longqi.at)
    fee = longqi.begin(longqi.report("物业费怎么算的，收费公示在哪里？"))
    done = actions.finish(actor=longqi.by("repairer"), request_id=fee.pk, note="已张贴。", at=longqi.at)
    assert done.status == Status.DONE


def test_only_who_was_given_the_order_works_on_it(longqi: Compound):
    request = longqi.dispatch(longqi.report())
    for who in ("resident", "committee", "outsider", "former", "supervisor"):
        with refused(NotAllowed, "only_the_handler"):
            actions.accept(actor=longqi.by(who), request_id=request.pk, at=longqi.at)
    assert (
        actions.accept(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.at).status == "accepted"
    )


def test_while_nobody_is_named_anyone_of_the_company_takes_it(longqi: Compound):
    request = longqi.dispatch(longqi.report(), to=None)
    taken = actions.accept(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.at)
    assert taken.handler_id == longqi.world.accounts["repairer"]


def test_an_order_goes_to_bodies_and_people_of_this_compound_only(longqi: Compound):
    request = longqi.report()
    with refused(Invalid, "not_serving"):
        actions.dispatch(
            actor=longqi.by("committee"),
            request_id=request.pk,
            organisation_id=longqi.world.bodies["traffic"].pk,
            at=longqi.at,
        )
    with pytest.raises(Refusal):
        longqi.dispatch(request, to="resident")
    with refused(NotAllowed, "only_a_dispatcher"):
        longqi.dispatch(request, by="manager")


def test_waiting_says_for_whom_and_why_and_the_clock_goes_on(longqi: Compound):
    request = longqi.begin(longqi.report())
    due = request.due_at
    with refused(Invalid, "waiting_for_missing"):
        actions.wait(
            actor=longqi.by("repairer"), request_id=request.pk, waiting_for="x", reason="y", at=longqi.at
        )
    waiting = actions.wait(
        actor=longqi.by("repairer"),
        request_id=request.pk,
        waiting_for="material",
        reason="等灯管",
        at=longqi.at,
    )
    assert (waiting.status, waiting.waiting_for, waiting.due_at) == ("waiting", "material", due)
    assert heard(longqi, "resident")[-1] == "「3号楼门口的灯坏了」暂停等待"
    going = actions.resume(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.later(days=1))
    assert (going.status, going.waiting_for) == ("on_site", "")


def test_what_is_not_the_compounds_is_passed_on_with_a_ground_and_can_be_taken_back(longqi: Compound):
    request = longqi.report("南门外人行道停满车。")
    traffic = longqi.world.bodies["traffic"].pk
    passed = actions.forward(
        actor=longqi.by("committee"),
        request_id=request.pk,
        organisation_id=traffic,
        ground="道路归交警",
        at=longqi.at,
    )
    assert (passed.status, passed.organisation_id) == ("forwarded", traffic)
    assert Step.objects.get(request=request, move=Move.FORWARD).note == "转交交警中队：道路归交警"
    back = actions.take_back(
        actor=longqi.by("committee"), request_id=request.pk, note="交警已划线", at=longqi.at
    )
    assert (back.status, back.organisation_id) == ("received", None)


def test_a_refusal_names_the_ground_and_another_door(longqi: Compound):
    request = longqi.report("邻居借钱不还。")
    with pytest.raises(Invalid):
        actions.refuse(
            actor=longqi.by("committee"), request_id=request.pk, ground="不归我们", other_channel=" ", at=AT
        )
    refused = actions.refuse(
        actor=longqi.by("committee"),
        request_id=request.pk,
        ground="民事纠纷",
        other_channel="街道司法所",
        at=longqi.at,
    )
    assert (refused.status, refused.closed_at) == ("refused", longqi.at)


# --- still not good -----------------------------------------------------------------------------------------


def test_still_not_good_goes_back_to_the_same_hands_twice_and_then_to_deliberation(longqi: Compound):
    request = longqi.finish(longqi.report())
    for time in (1, 2):
        again = actions.reopen(
            actor=longqi.by("resident"), request_id=request.pk, reason="晚上又灭了", at=longqi.later(hours=1)
        )
        assert (again.status, again.reopen_count) == ("dispatched", time)
        assert again.handler_id == longqi.world.accounts["repairer"]
        actions.accept(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.later(hours=1))
        actions.finish(
            actor=longqi.by("repairer"),
            request_id=request.pk,
            note="又换了",
            pictures=[longqi.photo()],
            at=longqi.later(hours=1),
        )
    with refused(Conflict, "reopened_too_often"):
        actions.reopen(actor=longqi.by("resident"), request_id=request.pk, reason="又灭了", at=longqi.at)


def test_a_neighbour_who_met_it_too_may_reopen_and_others_may_not(longqi: Compound):
    request = longqi.report()
    actions.support(actor=longqi.by("neighbour"), request_id=request.pk, at=longqi.at)
    longqi.finish(request)
    with pytest.raises(NotAllowed):
        actions.reopen(actor=longqi.by("tenant"), request_id=request.pk, reason="没好", at=longqi.at)
    again = actions.reopen(actor=longqi.by("neighbour"), request_id=request.pk, reason="没好", at=longqi.at)
    assert again.status == "dispatched"


def test_me_too_counts_once_and_is_taken_back_once(longqi: Compound):
    request = longqi.report()
    for _ in range(2):
        request = actions.support(actor=longqi.by("neighbour"), request_id=request.pk, at=longqi.at)
    assert request.support_count == 1
    with pytest.raises(Refusal):
        actions.support(actor=longqi.by("outsider"), request_id=request.pk, at=longqi.at)
    for _ in range(2):
        actions.unsupport(actor=longqi.by("neighbour"), request_id=request.pk, at=longqi.at)
    request.refresh_from_db()
    assert request.support_count == 0
    assert Support.objects.filter(request=request, ended_at=None).count() == 0


def test_hurry_is_asked_once_in_24_hours(longqi: Compound):
    request = longqi.report()
    actions.nudge(actor=longqi.by("resident"), request_id=request.pk, at=longqi.at)
    with refused(Conflict, "nudged_already"):
        actions.nudge(actor=longqi.by("resident"), request_id=request.pk, at=longqi.later(hours=23))
    actions.nudge(actor=longqi.by("resident"), request_id=request.pk, at=longqi.later(hours=1))
    with pytest.raises(NotAllowed):
        actions.nudge(actor=longqi.by("outsider"), request_id=request.pk, at=longqi.later(days=2))


# --- a caller without an account, and a reporter who does not answer ------------------------------------------


def test_for_a_caller_somebody_who_did_not_do_the_work_writes_down_the_answer(longqi: Compound):
    request = longqi.finish(longqi.call())
    with pytest.raises(NotAllowed):
        actions.confirm(actor=longqi.by("repairer"), request_id=request.pk, note="我修好了", at=longqi.at)
    with pytest.raises(NotAllowed):
        actions.confirm(actor=longqi.by("resident"), request_id=request.pk, note="好了", at=longqi.at)
    with refused(Invalid, "text_missing"):
        actions.confirm(actor=longqi.by("clerk"), request_id=request.pk, at=longqi.at)
    closed = actions.confirm(
        actor=longqi.by("clerk"), request_id=request.pk, note="电话回访，李阿姨说好了。", at=longqi.at
    )
    assert closed.status == "confirmed"


def test_without_an_answer_three_attempts_on_three_days_close_it(longqi: Compound):
    request = longqi.finish(longqi.report())
    committee = longqi.by("committee")
    # 07:30 and 08:30 in China are two days in London and one day here
    longqi.at = AT.replace(day=19, hour=7, minute=30)
    for _ in range(2):
        actions.attempt_contact(
            actor=committee, request_id=request.pk, how="电话", result="没接", at=longqi.at
        )
        longqi.later(hours=1)
    with pytest.raises(Conflict) as refused:
        actions.close_unreached(actor=committee, request_id=request.pk, at=longqi.at)
    assert refused.value.message.startswith("还差 2 天的联系记录")
    for _ in range(2):
        longqi.later(days=1)
        actions.attempt_contact(
            actor=committee, request_id=request.pk, how="上门", result="没人", at=longqi.at
        )
    assert actions.close_unreached(actor=committee, request_id=request.pk, at=longqi.at).status == "confirmed"


def test_the_reporter_corrects_and_withdraws_and_the_first_words_stay(longqi: Compound):
    request = longqi.report("门口的灯坏了。")
    actions.correct(
        actor=longqi.by("resident"), request_id=request.pk, text="是2单元，不是1单元。", at=longqi.at
    )
    request.refresh_from_db()
    assert request.text == "门口的灯坏了。"
    with refused(NotAllowed, "only_the_reporter"):
        actions.withdraw(actor=longqi.by("neighbour"), request_id=request.pk, at=longqi.at)
    assert (
        actions.withdraw(actor=longqi.by("resident"), request_id=request.pk, at=longqi.at).status
        == "withdrawn"
    )


def test_two_reports_of_one_thing_become_one_and_nobody_is_lost(longqi: Compound):
    first, second = longqi.report(), longqi.report(who="neighbour")
    actions.support(actor=longqi.by("tenant"), request_id=second.pk, at=longqi.at)
    merged = actions.merge(actor=longqi.by("committee"), request_id=second.pk, into_id=first.pk, at=longqi.at)
    assert (merged.status, merged.merged_into_id) == ("merged", first.pk)
    following = set(Support.objects.filter(request=first, ended_at=None).values_list("account_id", flat=True))
    assert following == {longqi.world.accounts["neighbour"], longqi.world.accounts["tenant"]}
    with pytest.raises(Refusal):
        actions.merge(actor=longqi.by("committee"), request_id=first.pk, into_id=first.pk, at=longqi.at)


# --- what the public sees --------------------------------------------------------------------------------------


def test_what_is_not_public_is_the_reporters_and_the_staffs(longqi: Compound):
    request = longqi.report("我家的事。", is_public=False)
    seen = {"compound_id": longqi.world.compound.pk, "request_id": request.pk}
    for who in ("neighbour", "outsider", "former", "tenant"):
        with pytest.raises(NotFound):
            queries.detail(actor=longqi.by(who), **seen)
    for who in ("resident", "committee", "repairer", "subdistrict", "district"):
        assert queries.detail(actor=longqi.by(who), **seen).request.pk == request.pk


def test_anybody_says_that_something_is_abusive_and_it_is_answered_once(longqi: Compound):
    request = longqi.report()
    said = actions.report_abuse(
        actor=longqi.by("outsider"), request_id=request.pk, reason="骂人", at=longqi.at
    )
    assert heard(longqi, "clerk")[-1] == "有人举报「3号楼门口的灯坏了」的内容"
    actions.answer_abuse(actor=longqi.by("clerk"), abuse_id=said.pk, answer="已隐藏", at=longqi.at)
    with refused(Conflict, "abuse_answered"):
        actions.answer_abuse(actor=longqi.by("committee"), abuse_id=said.pk, answer="不用管", at=longqi.at)


# --- the log -----------------------------------------------------------------


def test_every_row_of_a_story_agrees_with_the_log(longqi: Compound):
    request = longqi.finish(longqi.report())
    actions.reopen(actor=longqi.by("resident"), request_id=request.pk, reason="没好", at=longqi.at)
    check = journal.check_database()
    assert not check.findings
    Request.objects.filter(pk=request.pk).update(rating=5)
    assert [finding.key for finding in journal.check_database().findings] == [request.pk]
