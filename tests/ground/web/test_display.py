"""Edition, theme and language follow the person, without a flash and without JavaScript."""

import pytest
from django.http import HttpResponse

from linli.ground.web import display
from linli.ground.web.display import Display


def test_everybody_begins_with_the_standard_edition(door):
    answer = door.get("/open/")
    assert '<html lang="zh-Hans" data-mode="standard" data-theme="auto">' in answer.text
    assert display.COOKIE not in answer.cookies
    assert answer["Content-Language"] == "zh-Hans"


def test_a_link_in_an_sms_opens_the_care_edition_and_it_stays(door):
    assert 'data-mode="care" data-theme="light"' in door.get("/open/?mode=care").text
    assert 'data-mode="care"' in door.get("/open/").text


@pytest.mark.parametrize("wish", ["?mode=shouting", "?theme=%22%3E", "?language=xx"])
def test_unknown_wishes_are_ignored(door, wish):
    answer = door.get(f"/open/{wish}")
    assert 'data-mode="standard" data-theme="auto"' in answer.text
    assert display.COOKIE not in answer.cookies


def test_a_damaged_cookie_does_no_harm(door):
    door.cookies[display.COOKIE] = 'mode=care&theme="><script>&=&language'
    assert 'data-mode="care" data-theme="light"' in door.get("/open/").text


def test_the_settings_page_shows_what_is_set_and_changes_it(door):
    page = door.get("/settings/display/", HTTP_REFERER="http://testserver/c/longqi/")
    assert 'value="standard" checked' in page.text
    answer = door.post(
        "/settings/display/", {"mode": "care", "theme": "dark", "language": "zh-hans", "next": "/c/longqi/"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/c/longqi/")
    page = door.get("/settings/display/")
    assert 'data-mode="care" data-theme="dark"' in page.text
    assert "已经换好了" in page.text


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_led_away(door, where):
    answer = door.post(
        "/settings/display/", {"mode": "care", "theme": "auto", "language": "zh-hans", "next": where}
    )
    assert answer["Location"] == "/settings/display/"


def test_an_empty_choice_is_asked_for(door):
    answer = door.post("/settings/display/", {"mode": "", "theme": "auto", "language": "zh-hans"})
    assert answer.status_code == 422 and "请选择版式" in answer.text


def test_english_is_one_click_away(door):
    answer = door.get("/open/?language=en")
    assert '<html lang="en"' in answer.text and answer["Content-Language"] == "en"
    assert 'lang="zh-Hans"' in door.get("/open/?language=zh-hans").text


def test_the_cookie_keeps_words_only():
    response = HttpResponse()
    display.write(response, Display("care", "dark", "en"))
    assert response.cookies[display.COOKIE].value == "mode=care&theme=dark&language=en"
    assert (
        response.cookies[display.COOKIE]["httponly"] and response.cookies[display.COOKIE]["samesite"] == "Lax"
    )
