"""Reaching people: at least once, visibly, and again if need be."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from django.core import mail

from linli.civic.notifications import actions, queries
from linli.civic.notifications.actions import Audience
from linli.civic.notifications.adapters import CannotDeliver, Letter
from linli.civic.notifications.adapters.gateway import Gateway
from linli.civic.notifications.adapters.mail import Mail
from linli.civic.notifications.domain.retrying import pause_after
from linli.civic.notifications.models import Announcement, Delivery, InboxItem, Message, Preference
from linli.ground.kernel.actor import RoleName
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed
from linli.registry.people.models import Account
from tests.civic.requests.conftest import Compound
from tests.refusing import refused


class Box:
    """A way out that keeps what it gets, and breaks when told."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.broken = False

    def __call__(self, _channel: str) -> Box:
        return self

    def send(self, letter: Letter) -> None:
        if self.broken:
            raise CannotDeliver("网关没有接收：HTTP 503")
        self.letters.append(letter)


@pytest.fixture
def quiet(longqi: Compound) -> Compound:
    """Nothing waits to be told."""
    Message.objects.all().delete()
    return longqi


def tell(longqi: Compound, *who: str, urgent: bool = False, **more) -> Message:
    audience = Audience(accounts=[longqi.world.accounts[key] for key in who], **more)
    return actions.tell(
        audience=audience, kind="test", subject="「{title}」办完了", text="{note}", link="/me/",
        data={"title": "门", "note": "请确认"}, urgent=urgent, at=longqi.at,
    )  # fmt: skip


def test_a_message_lies_in_the_inbox_of_those_concerned_once(quiet: Compound):
    tell(
        quiet,
        "resident",
        "neighbour",
        roles=[RoleName.COMMITTEE_MEMBER],
        place_path=quiet.world.compound.path,
    )
    for _ in range(2):
        actions.expand_messages(at=quiet.at)
    accounts = quiet.world.accounts
    assert set(InboxItem.objects.values_list("account_id", flat=True)) == {
        accounts["resident"],
        accounts["neighbour"],
        accounts["committee"],
    }
    assert InboxItem.objects.count() == 3
    assert queries.unread_count(actor=quiet.by("resident")) == 1


def test_who_did_it_is_not_told(quiet: Compound):
    tell(quiet, "resident", "neighbour", except_account=quiet.world.accounts["resident"])
    actions.expand_messages(at=quiet.at)
    assert list(InboxItem.objects.values_list("account_id", flat=True)) == [quiet.world.accounts["neighbour"]]


def test_only_what_is_urgent_or_wished_goes_out_of_the_house(quiet: Compound):
    account = quiet.world.accounts["neighbour"]
    Account.objects.filter(pk=account).update(email="yang@example.org")
    Preference.objects.create(account_id=account, sms=False, mail=True)
    tell(quiet, "resident", "neighbour")
    tell(quiet, "resident", urgent=True)
    actions.expand_messages(at=quiet.at)
    box = Box()
    assert actions.deliver_due(outlets=box, at=quiet.at) == (2, 0)
    assert {letter.address for letter in box.letters} == {"13800010001", "yang@example.org"}
    assert box.letters[0].subject == "「门」办完了"


def test_a_message_is_written_in_the_readers_language(quiet: Compound):
    Account.objects.filter(pk=quiet.world.accounts["resident"]).update(language="en")
    actions.tell(
        audience=Audience(accounts=[quiet.world.accounts["resident"]]),
        kind="request.finish", subject="「{title}」办完了，请您确认", text="{note}", link="/",
        data={"title": "门", "note": ""}, urgent=True, at=quiet.at,
    )  # fmt: skip
    actions.expand_messages(at=quiet.at)
    box = Box()
    actions.deliver_due(outlets=box, at=quiet.at)
    assert box.letters[0].subject == "“门” is done; please confirm"


def test_a_broken_gateway_is_tried_again_later_and_given_up_in_the_end(quiet: Compound):
    tell(quiet, "resident", urgent=True)
    actions.expand_messages(at=quiet.at)
    box = Box()
    box.broken = True
    tries = 0
    while Delivery.objects.get().status == Delivery.Status.WAITING:
        assert actions.deliver_due(outlets=box, at=Delivery.objects.get().next_try_at) == (0, 1)
        tries += 1
    assert tries == 6
    given_up = queries.outbox_troubles()[0]
    assert (given_up.status, given_up.last_error) == (Delivery.Status.FAILED, "网关没有接收：HTTP 503")
    with refused(NotAllowed, "not_an_operator"):
        actions.retry_failed(actor=quiet.by("committee"), delivery_id=given_up.pk, at=quiet.at)
    actions.retry_failed(actor=quiet.by("operator"), delivery_id=given_up.pk, at=quiet.at)
    box.broken = False
    assert actions.deliver_due(outlets=box, at=quiet.at) == (1, 0)
    assert len(box.letters) == 1


def test_the_pauses_grow(quiet: Compound):
    pauses = [pause_after(tries) for tries in range(1, 7)]
    assert pauses[-1] is None
    assert pauses[:-1] == sorted(pauses[:-1])
    assert pauses[0] == timedelta(minutes=1)


def test_an_account_without_an_address_is_a_trouble_and_no_fault(quiet: Compound):
    Preference.objects.create(account_id=quiet.world.accounts["resident"], sms=False, mail=True)
    tell(quiet, "resident")
    actions.expand_messages(at=quiet.at)
    assert actions.deliver_due(outlets=Box(), at=quiet.at) == (0, 1)
    assert queries.outbox_troubles()[0].last_error == "没有登记可用的号码或邮箱"


LETTER = Letter("13800010001", "标题", "内容", "https://linli.localhost/me/", "7-1-sms")


def test_the_gateway_gets_one_post_with_a_key_that_stays_the_same():
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(202)

    gateway = Gateway("https://gateway.example/send", "secret", httpx.MockTransport(answer))
    for _ in range(2):
        gateway.send(LETTER)
    assert {request.headers["idempotency-key"] for request in seen} == {"7-1-sms"}
    assert seen[0].headers["authorization"] == "Bearer secret"
    assert json.loads(seen[0].content) == {
        "channel": "sms", "phone": "13800010001", "text": "内容", "subject": "标题",
        "link": "https://linli.localhost/me/",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("transport", "told"),
    [
        (httpx.MockTransport(lambda _request: httpx.Response(503)), "网关没有接收：HTTP 503"),
        (httpx.MockTransport(lambda request: (_ for _ in ()).throw(httpx.ConnectTimeout("x", request=request))),
         "网关连不上：ConnectTimeout"),
    ],
)  # fmt: skip
def test_what_the_gateway_does_not_take_is_said_without_the_number(transport, told):
    with pytest.raises(CannotDeliver) as caught:
        Gateway("https://gateway.example/send", "secret", transport).send(LETTER)
    assert str(caught.value) == told


def test_mail_is_plain_text_with_the_link():
    Mail().send(LETTER)
    assert mail.outbox[-1].body == "内容\n\nhttps://linli.localhost/me/"


# --- notices ------------------------------------------------------------------------------------------------


def announce(
    longqi: Compound, who: str = "manager", body: str = "company", place: str = "longqi:3号楼", **more
) -> Announcement:
    told = {"title": "明天停水", "text": "上午九点到十二点，请提前储水。"} | more
    return actions.announce(
        actor=longqi.by(who),
        compound_id=longqi.world.compound.pk,
        place_id=longqi.world.places[place].pk,
        organisation_id=longqi.world.bodies[body].pk,
        at=longqi.at,
        **told,
    )


def test_a_notice_to_a_building_reaches_who_lives_there(quiet: Compound):
    announce(quiet)
    actions.expand_messages(at=quiet.at)
    told = set(InboxItem.objects.values_list("account__name", flat=True))
    assert told == {"王秀兰", "李桂芳", "吴桂英"}


@pytest.mark.parametrize(
    ("who", "body"),
    [("resident", "committee"), ("outsider", "company"), ("former", "committee"), ("manager", "committee"),
     ("repairer", "company"), ("district", "district")],
)  # fmt: skip
def test_only_who_speaks_for_a_body_puts_up_its_notice(quiet: Compound, who: str, body: str):
    with refused(NotAllowed, "may_not_announce"):
        announce(quiet, who, body)


def test_a_notice_names_what_is_missing(quiet: Compound):
    for field, told in (("title", {"title": "  "}), ("text", {"text": ""}), ("title", {"title": "长" * 81})):
        with pytest.raises(Invalid) as caught:
            announce(quiet, **told)
        assert caught.value.data["field"] == field


def test_a_notice_may_end_today_and_not_yesterday(quiet: Compound):
    """At 7 in the morning in China it is still yesterday in London."""
    quiet.at = quiet.at.replace(hour=7)
    announce(quiet, expires_on=quiet.at.date())
    with refused(Invalid, "expires_in_the_past"):
        announce(quiet, expires_on=quiet.at.date() - timedelta(days=1))


def test_a_notice_is_taken_down_once_with_a_reason_and_stays_readable(quiet: Compound):
    notice = announce(quiet)
    with refused(Invalid, "reason_missing"):
        actions.withdraw_announcement(
            actor=quiet.by("clerk"), announcement_id=notice.pk, reason=" ", at=quiet.at
        )
    with refused(NotAllowed, "may_not_announce"):
        actions.withdraw_announcement(
            actor=quiet.by("committee"), announcement_id=notice.pk, reason="写错了", at=quiet.at
        )
    actions.withdraw_announcement(
        actor=quiet.by("clerk"), announcement_id=notice.pk, reason="日子写错了", at=quiet.at
    )
    with refused(Conflict, "withdrawn_already"):
        actions.withdraw_announcement(
            actor=quiet.by("clerk"), announcement_id=notice.pk, reason="再撤", at=quiet.at
        )
    kept = queries.announcement(compound_id=quiet.world.compound.pk, announcement_id=notice.pk)
    assert (kept.title, kept.withdrawn_reason) == ("明天停水", "日子写错了")
