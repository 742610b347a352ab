"""The arithmetic of signing in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.kernel.errors import Conflict
from linli.registry.people.domain import devices, login
from linli.registry.people.domain.login import Answer, Standing

AT = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)


def ago(**span):
    return AT - timedelta(**span)


@pytest.mark.parametrize(
    ("matches", "tries", "used", "age_seconds", "answer"),
    [
        (True, 1, False, 0, Answer.RIGHT),
        (True, 5, False, 299, Answer.RIGHT),
        (True, 1, False, 300, Answer.SPENT),
        (True, 1, True, 0, Answer.SPENT),
        (True, 6, False, 0, Answer.SPENT),
        (False, 1, False, 0, Answer.WRONG),
        (False, 4, False, 0, Answer.WRONG),
        (False, 5, False, 0, Answer.SPENT),
    ],
)
def test_a_typed_code_is_judged(matches, tries, used, age_seconds, answer):
    expires_at = AT + login.CODE_LIFE - timedelta(seconds=age_seconds)
    assert login.answer(matches=matches, tries=tries, used=used, expires_at=expires_at, at=AT) == answer


def test_another_code_is_sent_after_a_minute_and_the_wait_is_told():
    login.check_may_send([], AT)
    login.check_may_send([ago(seconds=60)], AT)
    with pytest.raises(Conflict, match="请过 60 秒"):
        login.check_may_send([AT], AT)
    with pytest.raises(Conflict, match="请过 1 秒"):
        login.check_may_send([ago(seconds=59, milliseconds=500)], AT)


def test_a_number_gets_eight_codes_an_hour_and_fifteen_a_day():
    login.check_may_send([ago(minutes=2 * n + 2) for n in range(7)], AT)
    with pytest.raises(Conflict, match="一小时"):
        login.check_may_send([ago(minutes=2 * n + 2) for n in range(8)], AT)
    with pytest.raises(Conflict, match="一天"):
        login.check_may_send([ago(hours=n + 1) for n in range(15)], AT)
    login.check_may_send([ago(hours=n + 24) for n in range(15)], AT)


def test_ninety_silent_days_make_a_number_doubtful():
    assert not login.is_dormant(None, AT)
    assert not login.is_dormant(ago(days=89), AT)
    assert login.is_dormant(ago(days=90), AT)


def test_a_time_code_is_taken_one_step_to_either_side():
    now, before, after = login.totp_steps(datetime(2026, 1, 1, tzinfo=UTC))
    assert (before, after) == (now - 1, now + 1)
    assert now * 30 == int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_duties_need_the_factor_and_a_factor_needs_to_be_given(has_factor, strong, waits, needs, grace):
    found = login.standing(
        has_factor=has_factor, strong=strong, waits=waits, needs_factor=needs, in_grace=grace
    )
    if waits or (has_factor and not strong):
        assert found == Standing.HALF
    if found == Standing.FULL:
        assert strong or not has_factor
        assert has_factor or not needs or grace


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 10; HMA-AL00) Chrome/88 Mobile MicroMessenger/8.0", "安卓手机 · 微信"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604",
            "苹果手机 · Safari",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Windows 电脑 · Edge 浏览器"),
        ("curl/8", "其他设备"),
    ],
)
def test_a_device_has_a_name_its_owner_recognises(agent, name):
    assert devices.describe(agent) == name
