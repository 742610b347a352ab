"""How an SMS leaves the house."""

from __future__ import annotations

import json

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured

from linli.registry.people import adapters
from linli.registry.people.actions import _codes
from linli.registry.people.adapters import SmsNotSent
from linli.registry.people.adapters.console import ConsoleSender
from linli.registry.people.adapters.http_gateway import PAUSES_SECONDS, HttpGateway

URL = "https://gateway.example/sms"


def gateway(*answers):
    """A gateway that answers so, one after the other; the requests it saw; the pauses that were made."""
    seen: list[httpx.Request] = []
    pauses: list[float] = []
    waiting = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        given = waiting.pop(0)
        if isinstance(given, Exception):
            raise given
        return httpx.Response(given)

    made = HttpGateway(url=URL, token="secret", transport=httpx.MockTransport(answer), pause=pauses.append)
    return made, seen, pauses


def test_one_json_post_with_the_token():
    made, seen, pauses = gateway(202)
    made.send("13812345678", "验证码 123456")
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.headers["Authorization"] == "Bearer secret"
    assert json.loads(request.content) == {"phone": "13812345678", "text": "验证码 123456"}
    assert pauses == []


@pytest.mark.parametrize(
    "trouble", [500, 503, 429, 408, httpx.ConnectTimeout("slow"), httpx.ConnectError("down")]
)
def test_passing_trouble_is_tried_again_under_the_same_key(trouble):
    made, seen, pauses = gateway(trouble, trouble, 200)
    made.send("13812345678", "验证码")
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 1
    assert len(seen) == 3
    assert pauses == list(PAUSES_SECONDS)


@pytest.mark.parametrize(("trouble", "tries"), [(400, 1), (401, 1), (404, 1), (500, 3)])
def test_lasting_trouble_is_told_without_the_number(trouble, tries):
    made, seen, _ = gateway(*[trouble] * tries)
    with pytest.raises(SmsNotSent) as told:
        made.send("13812345678", "验证码")
    assert len(seen) == tries
    assert str(trouble) in str(told.value)
    assert "138" not in str(told.value)


def test_the_console_prints(capsys):
    ConsoleSender().send("13812345678", "【邻里】验证码 123456")
    assert capsys.readouterr().out == "短信 → 13812345678：【邻里】验证码 123456\n"


def test_the_setting_names_the_carrier(settings):
    settings.LINLI_SMS = "http"
    settings.LINLI_SMS_URL, settings.LINLI_SMS_TOKEN = URL, "secret"
    assert adapters.sms_sender() == HttpGateway(url=URL, token="secret")
    settings.LINLI_SMS = "console"
    assert isinstance(adapters.sms_sender(), ConsoleSender)
    settings.LINLI_SMS = "pigeon"
    with pytest.raises(ImproperlyConfigured, match="pigeon"):
        adapters.sms_sender()


def test_a_code_that_could_not_be_sent_is_reported_without_number_and_code(settings, monkeypatch, caplog):
    def fail(self, phone, text):
        raise SmsNotSent("the gateway answered 401")

    monkeypatch.setattr(ConsoleSender, "send", fail)
    _codes._send("13812345678", "123456")
    assert "401" in caplog.text
    assert "13812345678" not in caplog.text
    assert "123456" not in caplog.text
