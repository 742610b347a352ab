"""Messages, and the records of carrying them outside, go when their days are over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.civic.notifications import actions, jobs
from linli.civic.notifications.models import Delivery, InboxItem, Message
from tests.civic.requests.conftest import Compound

DAY = timedelta(days=1)


@pytest.fixture
def told(longqi: Compound, settings) -> Compound:
    """One message that lies in an inbox and went out by SMS."""
    settings.LINLI_MESSAGES_KEPT_DAYS, settings.LINLI_DELIVERIES_KEPT_DAYS = 1096, 180
    Message.objects.all().delete()
    actions.tell(
        audience=actions.Audience(accounts=[longqi.world.accounts["resident"]]),
        kind="test",
        subject="门修好了",
        text="请确认",
        link="/me/",
        urgent=True,
        at=longqi.at,
    )
    actions.expand_messages(at=longqi.at)
    Delivery.objects.update(status=Delivery.Status.SENT, sent_at=longqi.at)
    assert (Message.objects.count(), InboxItem.objects.count(), Delivery.objects.count()) == (1, 1, 1)
    return longqi


def left() -> tuple[int, int, int]:
    return Message.objects.count(), InboxItem.objects.count(), Delivery.objects.count()


def test_the_record_of_sending_goes_first_and_the_message_stays_to_be_read(told: Compound):
    actions.forget_old(at=told.at + 180 * DAY)
    assert left() == (1, 1, 1)
    gone = actions.forget_old(at=told.at + 181 * DAY)
    assert (gone.messages, gone.deliveries) == (0, 1)
    assert left() == (1, 1, 0)


def test_a_message_goes_with_its_place_in_the_inbox(told: Compound):
    actions.forget_old(at=told.at + 1096 * DAY)
    assert left() == (1, 1, 0)
    assert jobs.forget_old(told.at + 1097 * DAY) == "清掉 1 条旧消息、0 条旧发送记录"
    assert left() == (0, 0, 0)


def test_what_still_waits_to_be_sent_is_no_record_yet(told: Compound):
    Delivery.objects.update(status=Delivery.Status.WAITING)
    actions.forget_old(at=told.at + 400 * DAY)
    assert left() == (1, 1, 1)


def test_what_was_given_up_goes_like_what_was_sent(told: Compound):
    Delivery.objects.update(status=Delivery.Status.FAILED)
    actions.forget_old(at=told.at + 181 * DAY)
    assert left() == (1, 1, 0)


def test_the_days_are_a_setting(told: Compound, settings):
    settings.LINLI_MESSAGES_KEPT_DAYS = 30
    actions.forget_old(at=told.at + 31 * DAY)
    assert left() == (0, 0, 0)


def test_the_page_about_privacy_says_the_days(told: Compound, client, settings):
    settings.LINLI_MESSAGES_KEPT_DAYS, settings.LINLI_DELIVERIES_KEPT_DAYS = 700, 90
    page = client.get("/privacy/").content.decode()
    assert "站内消息 700 天，短信和邮件的发送记录 90 天，然后删除。" in page
