"""What of a request stands open, and to whom: hidden words, private requests, numbers, who reported."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from linli.civic.requests import actions, policies, queries
from linli.civic.requests.models import Support
from linli.civic.requests.views import _showing
from linli.ground.journal import queries as journal
from linli.ground.kernel.errors import Conflict, NotAllowed, NotFound
from linli.registry.people.models import AccessRecord
from tests.civic.requests.conftest import Compound
from tests.refusing import refused


def detail(longqi: Compound, who: str, request_id: int) -> queries.Detail:
    """A request as one of the cast sees it."""
    return queries.detail(actor=longqi.by(who), compound_id=longqi.world.compound.pk, request_id=request_id)


def found(longqi: Compound, who: str, words: str) -> list[int]:
    """What one of the cast finds with these words."""
    compound = longqi.world.compound
    rows = queries.listed(
        actor=longqi.by(who),
        compound_id=compound.pk,
        compound_path=compound.path,
        filters=queries.Filters(words=words),
    )
    return [row.id for row in rows]


def test_hidden_words_are_gone_for_the_public_and_the_reason_stays(longqi: Compound):
    request = longqi.report("张三家的狗咬人，他住 501。")
    with pytest.raises(NotAllowed):
        actions.moderate_request(
            actor=longqi.by("repairer"), request_id=request.pk, reason="隐私", at=longqi.at
        )
    actions.moderate_request(
        actor=longqi.by("clerk"), request_id=request.pk, reason="写了别人的住处", at=longqi.at
    )
    public = detail(longqi, "neighbour", request.pk)
    assert (public.request.title, public.request.text, public.reads_words) == ("", "", False)
    assert public.steps[0].note == "写了别人的住处"
    assert detail(longqi, "committee", request.pk).request.text.startswith("张三")
    assert detail(longqi, "resident", request.pk).request.text.startswith("张三"), "their own words"


def test_hidden_words_cannot_be_guessed_by_searching_for_them(longqi: Compound):
    request = longqi.report("张三家的狗咬人，他住 501。")
    assert found(longqi, "neighbour", "张三") == [request.pk]
    actions.moderate_request(actor=longqi.by("clerk"), request_id=request.pk, reason="隐私", at=longqi.at)
    assert found(longqi, "neighbour", "张三") == []
    assert found(longqi, "neighbour", str(request.pk)) == [request.pk]
    assert found(longqi, "committee", "张三") == [request.pk]


def test_what_was_hidden_by_mistake_is_shown_again_with_a_reason(longqi: Compound):
    request = longqi.report("井盖松了。")
    with refused(Conflict, "not_hidden"):
        actions.restore_request(actor=longqi.by("clerk"), request_id=request.pk, reason="x", at=longqi.at)
    actions.moderate_request(actor=longqi.by("clerk"), request_id=request.pk, reason="看错了", at=longqi.at)
    actions.restore_request(actor=longqi.by("clerk"), request_id=request.pk, reason="没有不妥", at=longqi.at)
    assert detail(longqi, "neighbour", request.pk).request.text == "井盖松了。"
    told = [act.kind for act in journal.story(longqi.world.compound.pk, request.stream)]
    assert told == ["request.report", "request.moderate", "request.restore"]


@pytest.mark.parametrize("who", ["neighbour", "tenant", "former"])
def test_me_too_opens_no_private_request(longqi: Compound, who: str):
    request = longqi.report("我家的事。", is_public=False)
    with refused(NotFound, "no_such_request"):
        actions.support(actor=longqi.by(who), request_id=request.pk, at=longqi.at)
    assert not Support.objects.exists()


def test_nothing_is_merged_into_a_private_request(longqi: Compound):
    private, public = longqi.report("我家的事。", is_public=False), longqi.report(who="neighbour")
    with refused(Conflict, "target_private"):
        actions.merge(actor=longqi.by("committee"), request_id=public.pk, into_id=private.pk, at=longqi.at)


WITH_NUMBERS = [
    ("电话 13800012345，随时打。", "电话 138******45，随时打。"),
    ("电话 138-0001-2345，随时打。", "电话 138********45，随时打。"),
    ("身份证 370211199001011234。", "身份证 370*************34。"),
    ("打 0532-85001234 或 95598。", "打 0532-85001234 或 95598。"),
]


@pytest.mark.parametrize(("typed", "shown"), WITH_NUMBERS)
def test_numbers_of_people_are_unreadable_on_public_pages(longqi: Compound, typed: str, shown: str):
    request = longqi.report(f"灯坏了。{typed}", title=typed, spot=typed)
    assert (request.title, request.spot) == (shown, shown), "lists and messages carry these"
    assert detail(longqi, "neighbour", request.pk).request.text == f"灯坏了。{shown}"
    assert detail(longqi, "resident", request.pk).request.text == f"灯坏了。{typed}"
    actions.correct(actor=longqi.by("resident"), request_id=request.pk, text=typed, at=longqi.at)
    assert detail(longqi, "neighbour", request.pk).steps[0].note == shown
    assert queries.story_rows(request_id=request.pk)[-1].note == shown


KNOWS = {"committee": True, "manager": True, "clerk": True, "repairer": True} | dict.fromkeys(
    ("supervisor", "captain", "subdistrict", "district", "neighbour", "outsider"), False
)


@pytest.mark.parametrize(("who", "knows"), KNOWS.items())
def test_who_reported_is_known_to_those_who_dispatch_and_to_the_handler(
    longqi: Compound, who: str, knows: bool
):
    request = longqi.dispatch(longqi.report())
    assert detail(longqi, who, request.pk).knows_reporter is knows


def test_a_repairer_without_the_order_does_not_learn_who_reported(longqi: Compound):
    assert not detail(longqi, "repairer", longqi.report().pk).knows_reporter


def test_nobody_confirms_or_rates_their_own_work(longqi: Compound):
    request = longqi.dispatch(longqi.report(who="committee"), to=None)
    actions.accept(actor=longqi.by("repairer"), request_id=request.pk, at=longqi.at)
    request.refresh_from_db()
    request.reporter_id = request.handler_id
    path = longqi.world.compound.path
    for move in ("confirm", "rate"):
        with refused(NotAllowed, "own_work"):
            policies.require_may(longqi.by("repairer"), policies.Move(move), request, path)
    assert policies.may(longqi.by("committee"), policies.Move.CONFIRM, request, path)
    assert not policies.may(longqi.by("committee"), policies.Move.RATE, request, path)


HOUSE = [
    ("交给隆祺物业处理。", "Given to 隆祺物业."),
    ("照片已查看，可以公开。", "The photo was looked at and may be public."),
    ("闭门器换好了。", "闭门器换好了。"),
]


@pytest.mark.parametrize(("note", "english"), HOUSE)
def test_sentences_of_the_house_are_read_in_the_readers_language(note: str, english: str):
    with override("en"):
        assert _showing.said(note) == english
    assert _showing.said(note) == note


def number(longqi: Compound, who: str, request_id: int) -> str:
    """The reporter's number as one of the cast asks for it."""
    return actions.reveal_number(
        actor=longqi.by(who), compound_id=longqi.world.compound.pk, request_id=request_id, at=longqi.at
    )


@pytest.mark.parametrize("who", ["committee", "manager", "repairer"])
def test_whoever_works_on_it_sees_the_number_and_the_reporter_reads_who_looked_and_why(longqi: Compound, who):
    request = longqi.report()
    longqi.begin(request)
    assert number(longqi, who, request.pk) == "13800010001"
    look = AccessRecord.objects.get(what="phone")
    assert look.account_id == longqi.world.accounts[who]
    assert look.person.account_id == longqi.world.accounts["resident"]
    assert request.number in look.reason
    assert journal.check_database().findings == []


@pytest.mark.parametrize("who", ["neighbour", "tenant", "former", "supervisor", "outsider", "district"])
def test_nobody_else_gets_the_number(longqi: Compound, who):
    request = longqi.report()
    with refused(NotAllowed, "not_your_call"):
        number(longqi, who, request.pk)
    assert not AccessRecord.objects.exists()


def test_a_repairer_who_was_not_given_it_gets_no_number(longqi: Compound):
    request = longqi.report()
    with refused(NotAllowed, "not_your_call"):
        number(longqi, "repairer", request.pk)


def test_a_callers_number_is_recorded_though_it_belongs_to_nobody_registered(longqi: Compound):
    request = longqi.call()
    assert number(longqi, "manager", request.pk) == "13800019999"
    look = AccessRecord.objects.get(what="phone")
    assert (look.person_id, request.number in look.reason) == (None, True)


def test_a_caller_who_is_in_the_register_reads_that_their_number_was_looked_at(longqi: Compound):
    caller = actions.Caller(name="王秀兰", phone="13800010001")
    told = actions.Report(
        compound_id=longqi.world.compound.pk,
        text="来电说灯坏了。",
        place_id=longqi.world.places["longqi:南门"].pk,
    )
    request = actions.enter_on_behalf(
        actor=longqi.by("clerk"), report=told, channel="phone", caller=caller, at=longqi.at
    )
    number(longqi, "manager", request.pk)
    assert AccessRecord.objects.get(what="phone").person.account_id == longqi.world.accounts["resident"]
