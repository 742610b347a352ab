"""An account is erased: the words go from the requests, the matter and the figures stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.civic.notifications import actions as notifications
from linli.civic.notifications.models import InboxItem, Message, Preference
from linli.civic.requests import actions, queries
from linli.civic.requests.models import Picture, Request, Step
from linli.ground.journal import queries as journal
from linli.ground.web import uploads
from linli.registry.people import actions as people
from tests.civic.requests.conftest import Compound

SAID = "王秀兰家门口的灯坏了，晚上孩子怕黑。"


def erase(longqi: Compound, who: str = "resident") -> None:
    """Somebody erases their account; the house hears of it as it is wired."""
    people.erase_account(actor=longqi.by(who), drop_register_phone=False, at=longqi.at)


def everything_said(request: Request) -> str:
    """All words that stand anywhere about a matter."""
    request.refresh_from_db()
    steps = [f"{step.who} {step.note}" for step in Step.objects.filter(request=request)]
    told = [str(message.data) for message in Message.objects.filter(stream=request.stream)]
    return " ".join([request.title, request.text, request.spot, *steps, *told])


def test_an_erased_reporter_leaves_no_word_and_the_figures_stay(longqi: Compound):
    request = longqi.finish(longqi.report(SAID, spot="王家门口"))
    actions.confirm(actor=longqi.by("resident"), request_id=request.pk, note="王家谢谢", at=longqi.at)
    actions.rate(actor=longqi.by("resident"), request_id=request.pk, stars=4, note="王家满意", at=longqi.at)
    before = queries.numbers(compound_id=longqi.world.compound.pk, at=longqi.at)
    salt = bytes(Request.objects.get(pk=request.pk).salt)
    erase(longqi)
    assert "王" not in everything_said(request)
    assert "孩子" not in everything_said(request)
    assert (request.title, request.reporter_id, request.rating, request.status) == (
        "照明",
        None,
        4,
        "confirmed",
    )
    assert bytes(request.salt) != salt, "the old words cannot be guessed from the log"
    assert queries.numbers(compound_id=longqi.world.compound.pk, at=longqi.at) == before
    assert not journal.check_database().findings


def test_their_photos_go_and_those_of_the_work_stay(longqi: Compound, django_capture_on_commit_callbacks):
    shown = longqi.photo()
    request = longqi.finish(longqi.report(SAID, pictures=[shown]))
    with django_capture_on_commit_callbacks(execute=True):
        erase(longqi)
    assert [picture.moment for picture in Picture.objects.filter(request=request)] == ["after"]


def test_a_photo_that_nobody_else_shows_is_deleted_from_the_disk(
    longqi: Compound, django_capture_on_commit_callbacks
):
    shown = longqi.photo()
    longqi.report(SAID, pictures=[shown])
    assert Path(uploads.path_of(shown)).exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase(longqi)
    assert not Path(uploads.path_of(shown)).exists()
    assert not Path(uploads.path_of(shown, thumb=True)).exists()


def test_of_a_home_every_photo_goes(longqi: Compound):
    home = longqi.world.units["longqi:3-2-501"].pk
    request = longqi.finish(longqi.report("厨房漏水。", unit_id=home, place_id=None))
    erase(longqi)
    request.refresh_from_db()
    assert request.unit_id is None
    assert not Picture.objects.filter(request=request).exists()


@pytest.mark.parametrize(
    ("backed", "status", "note"),
    [
        (False, "withdrawn", "报事人注销了账号，原话和照片已经删除。"),
        (True, "received", "报事人注销了账号，原话和照片已经删除；事情接着办，请也遇到的邻居补充说明。"),
    ],
)
def test_an_open_request_is_withdrawn_unless_neighbours_wait_for_it(
    longqi: Compound, backed: bool, status: str, note: str
):
    request = longqi.report(SAID)
    if backed:
        actions.support(actor=longqi.by("neighbour"), request_id=request.pk, at=longqi.at)
    erase(longqi)
    request.refresh_from_db()
    assert request.status == status
    assert request.steps.order_by("-pk")[0].note == note


def test_what_is_done_already_is_confirmed_by_staff_then(longqi: Compound):
    request = longqi.finish(longqi.report(SAID))
    erase(longqi)
    done = actions.confirm(
        actor=longqi.by("committee"), request_id=request.pk, note="到场看过，亮了。", at=longqi.at
    )
    assert done.status == "confirmed"


def test_what_a_neighbour_added_to_anothers_request_goes_too(longqi: Compound):
    request = longqi.report(who="resident")
    actions.support(actor=longqi.by("tenant"), request_id=request.pk, at=longqi.at)
    actions.correct(actor=longqi.by("tenant"), request_id=request.pk, text="我家赵小雨也看见了", at=longqi.at)
    erase(longqi, "tenant")
    assert "赵小雨" not in everything_said(request)
    assert request.text == "3号楼门口的灯坏了。", "the reporter's own words stay"


def test_the_inbox_goes_with_the_account(longqi: Compound):
    longqi.finish(longqi.report(SAID))
    notifications.choose_channels(actor=longqi.by("resident"), sms=True, mail=False, wechat=False, muted=[])
    notifications.expand_messages(at=longqi.at)
    mine = longqi.world.accounts["resident"]
    assert InboxItem.objects.filter(account_id=mine).exists()
    erase(longqi)
    assert not InboxItem.objects.filter(account_id=mine).exists()
    assert not Preference.objects.filter(account_id=mine).exists()


def test_a_copy_of_ones_data_holds_ones_requests_and_messages(longqi: Compound):
    request = longqi.finish(longqi.report(SAID))
    longqi.report("别人的事。", who="neighbour")
    notifications.expand_messages(at=longqi.at)
    data = people.take_own_data(actor=longqi.by("resident"), at=longqi.at)
    assert [(row["单号"], row["情况"]) for row in data["我反映的诉求"]] == [(request.number, SAID)]
    assert [row["做了什么"] for row in data["我在诉求里写的"]] == ["提交诉求"]
    assert "「王秀兰家门口的灯坏了，晚上孩子怕黑」办完了，请您确认" in {
        row["标题"] for row in data["收到的消息"]
    }
    assert "别人的事" not in str(data)
