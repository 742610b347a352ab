"""Who knocks too often is asked to wait, and how long."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory

import linli
from linli.ground.web import rate
from linli.ground.web.models import RateCounter

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_the_fourth_knock_waits(door):
    assert [door.post("/knock/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = door.post("/knock/")
    assert "操作太频繁了，请等" in answer.text
    assert 0 < int(answer["Retry-After"]) <= 600


def test_reading_is_not_counted(door):
    assert [door.get("/knock/").status_code for _ in range(5)] == [200] * 5


def test_everybody_has_their_own_count(door):
    for _ in range(3):
        door.post("/knock/", HTTP_X_ACCOUNT="1")
    assert door.post("/knock/", HTTP_X_ACCOUNT="1").status_code == 429
    assert door.post("/knock/", HTTP_X_ACCOUNT="2").status_code == 200
    assert door.post("/knock/", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_a_refused_act_is_counted_all_the_same_and_by_what_was_typed(door):
    seen = [
        door.post("/sms/", {"phone": "13800001234"}, REMOTE_ADDR=f"10.0.0.{number}").status_code
        for number in range(3)
    ]
    assert seen == [422, 422, 429]
    assert door.post("/sms/", {"phone": "13800005678"}).status_code == 422


def test_no_address_and_no_phone_stands_in_the_table(door):
    door.post("/sms/", {"phone": "13800001234"}, REMOTE_ADDR="10.0.0.9")
    stored = str(list(RateCounter.objects.values_list()))
    assert "1380000" not in stored and "10.0.0" not in stored


@pytest.mark.django_db
def test_a_new_window_begins_anew_and_old_ones_are_forgotten():
    for _ in range(2):
        rate.spend("x", "me", 2, 600, at=NOON)
    with pytest.raises(rate.TooOften) as refused:
        rate.spend("x", "me", 2, 600, at=NOON + timedelta(seconds=540))
    assert refused.value.wait_seconds == 60
    assert "请等 1 分钟" in refused.value.message
    rate.spend("x", "me", 2, 600, at=NOON + timedelta(seconds=600))
    assert rate.forget_old(at=NOON + timedelta(days=3)) == 2


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
    ],
)
def test_a_made_up_address_in_a_header_is_not_believed(settings, proxies, header, address):
    settings.LINLI_PROXIES = proxies
    assert rate.client_address(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)) == address


def test_a_limit_on_a_view_that_is_only_read_counts_reading():
    """By default only sendings are counted; on a view that takes none the limit would do nothing."""
    for path in (
        Path(linli.__file__).parent.glob("*/*/views/*.py"),
        Path(linli.__file__).parent.glob("*/*/views.py"),
    ):
        for source in path:
            text = source.read_text(encoding="utf-8")
            idle = re.findall(
                r"@require_(?:GET|safe)\n(?:@[^\n]*\n)*?@rate\.limit\((?![^\n]*methods)[^\n]*", text
            )
            assert not idle, f"{source}: {idle}"
