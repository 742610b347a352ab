"""Whoever comes is let in by a decision; whatever is sent is done once, whole or not at all."""

import threading

import pytest
from django.db import connection
from django.test import Client
from tests.ground.web.door_urls import written

from linli.ground.web import jobs
from linli.ground.web.models import AnsweredForm

KEY = {"idempotency_key": "k" * 22}


def test_a_view_without_a_decision_answers_404_and_tells_nothing(door):
    answer = door.get("/undecided/")
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert "没有找到这一页" in answer.text


def test_a_stranger_is_led_to_the_login_and_back(door):
    answer = door.get("/members/?a=1&b=2")
    assert answer.status_code == 303
    assert answer["Location"] == "/login/?next=%2Fmembers%2F%3Fa%3D1%26b%3D2"


def test_a_stranger_who_sends_is_led_back_to_the_page_of_the_form(door):
    answer = door.post("/members/", HTTP_REFERER="http://testserver/c/longqi/")
    assert answer["Location"] == "/login/?next=%2Fc%2Flongqi%2F"


def test_a_program_without_login_gets_401(door):
    answer = door.get("/members/", HTTP_ACCEPT="application/json")
    assert answer.status_code == 401
    assert answer.json()["code"] == "sign_in_first"


def test_duties_open_doors_and_others_hear_a_sentence(door):
    assert door.get("/members/", HTTP_X_ACCOUNT="7").text == "王秀兰"
    refused = door.get("/committee/", HTTP_X_ACCOUNT="7", HTTP_X_ROLES="repairer")
    assert refused.status_code == 403
    assert "只对承担这项职责的人开放" in refused.text
    assert door.get("/committee/", HTTP_X_ACCOUNT="7", HTTP_X_ROLES="committee_member").status_code == 200


def test_a_form_sent_twice_is_done_once_and_leads_to_the_same_place(door):
    first = door.post("/act/", KEY)
    second = door.post("/act/", KEY)
    assert (
        (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (303, "/open/")
    )
    assert written() == 1


def test_two_tabs_are_two_forms(door):
    door.post("/act/", {"idempotency_key": "tab-one"})
    door.post("/act/", {"idempotency_key": "tab-two"})
    assert written() == 2


def test_the_same_form_with_other_words_is_told_and_not_done(door):
    door.post("/act/", {**KEY, "text": "一"})
    answer = door.post("/act/", {**KEY, "text": "二"})
    assert answer.status_code == 409
    assert "已经提交过了" in answer.text
    assert written() == 1


def test_nobody_gets_the_answer_of_somebody_else(door):
    door.post("/act/", KEY, HTTP_X_ACCOUNT="1")
    door.post("/act/", KEY, HTTP_X_ACCOUNT="2")
    assert written() == 2
    assert set(AnsweredForm.objects.values_list("scope", flat=True)) == {"account:1", "account:2"}


def test_a_second_sending_to_htmx_is_led_by_its_header(door):
    first = door.post("/act/", KEY, HTTP_HX_REQUEST="true")
    second = door.post("/act/", KEY, HTTP_HX_REQUEST="true")
    assert first.status_code == 200 and 'id="notices"' in first.text
    assert second["HX-Redirect"] == "/open/"
    assert written() == 1


def test_a_first_answer_that_led_nowhere_is_said_to_have_arrived(door):
    door.post("/act/", {**KEY, "then": "stay"})
    second = door.post("/act/", {**KEY, "then": "stay"})
    assert second.status_code == 200
    assert "已经收到了" in second.text
    assert written() == 1


def test_a_program_repeats_by_header(door):
    for _ in range(2):
        door.post("/api/act/", data="{}", content_type="application/json", HTTP_IDEMPOTENCY_KEY="again")
    assert written() == 1
    changed = door.post(
        "/api/act/", data='{"a":1}', content_type="application/json", HTTP_IDEMPOTENCY_KEY="again"
    )
    assert (changed.status_code, changed["Content-Type"]) == (409, "application/problem+json")
    assert changed.json()["code"] == "form_used_twice"


@pytest.mark.parametrize(("then", "status"), [("422", 422), ("refuse", 409), ("fail", 500)])
def test_what_is_not_done_leaves_nothing_behind_and_may_be_tried_again(door, then, status):
    assert door.post("/act/", {**KEY, "then": then}).status_code == status
    assert written() == 0
    assert AnsweredForm.objects.count() == 0
    assert door.post("/act/", KEY).status_code == 303
    assert written() == 1


def test_old_answers_are_forgotten(door):
    from datetime import timedelta

    from django.utils import timezone

    door.post("/act/", KEY)
    assert jobs.forget_old_forms(timezone.now()).startswith("表单 0，")
    assert jobs.forget_old_forms(timezone.now() + timedelta(days=15)) == "表单 1，计数 0"


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_is_done_once(door):
    start, answers = threading.Barrier(4), []

    def click():
        client = Client(raise_request_exception=False, HTTP_X_ACCOUNT="1")
        start.wait()
        try:
            while (answer := client.post("/act/", KEY)).status_code == 503:
                pass  # a table in memory does not wait for its lock; whoever hears 503 may try again
            answers.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert written() == 1, answers
    assert answers == [303] * 4


@pytest.mark.parametrize(
    ("kind", "status"),
    [("not_allowed", 403), ("not_found", 404), ("conflict", 409), ("invalid", 422), ("disk", 503)],
)
def test_every_refusal_has_its_status_a_sentence_and_a_way_on(door, kind, status):
    answer = door.get(f"/refuse/{kind}/", HTTP_REFERER="http://testserver/c/longqi/")
    assert answer.status_code == status
    assert 'href="/c/longqi/"' in answer.text
    assert "Traceback" not in answer.text and "disk is full" not in answer.text


def test_words_of_people_are_never_markup(door):
    answer = door.get("/refuse/conflict/")
    assert "<b>这样</b>" not in answer.text and "&lt;b&gt;这样" in answer.text


def test_a_refusal_says_its_legal_ground(door):
    answer = door.post("/act/", {"then": "refuse"})
    assert "「长椅」已经办完了。" in answer.text
    assert "民法典第二百七十八条" in answer.text


def test_htmx_gets_the_refusal_where_it_is_heard(door):
    answer = door.post("/act/", {"then": "refuse"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notices"
    assert "<html" not in answer.text and 'role="alert"' in answer.text


def test_a_fault_is_told_without_a_trace_and_without_a_database(door):
    answer = door.post("/act/", {"then": "fail"})
    assert answer.status_code == 500
    assert "我们这边出了点问题" in answer.text
    assert "RuntimeError" not in answer.text
    piece = door.post("/act/", {"then": "fail"}, HTTP_HX_REQUEST="true")
    assert piece["HX-Retarget"] == "#notices" and "<html" not in piece.text
    assert door.post("/act/", {"then": "fail"}, HTTP_ACCEPT="application/json").json()["status"] == 500


def test_a_form_from_elsewhere_is_refused_in_a_plain_sentence(settings, door):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/act/", KEY)
    assert answer.status_code == 403
    assert "放得太久了" in answer.text
    assert written() == 0


def test_an_address_that_does_not_exist_is_told(door):
    answer = door.get("/there/is/nothing/")
    assert answer.status_code == 404 and "没有找到这一页" in answer.text
    assert door.get("/api/nothing/").json()["code"] == "not_found"


def test_a_sending_larger_than_we_take_is_told_before_it_is_read(settings, door):
    settings.LINLI_MAX_REQUEST = 1000
    answer = door.post("/act/", {"text": "很长" * 2000})
    assert answer.status_code == 413
    assert "太大" in answer.text
    assert written() == 0


def test_text_beyond_djangos_own_limit_is_told_too(settings, door):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
    answer = door.post(
        "/act/", data="text=" + "a" * (3 * 2**20), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413 and "2 MB" in answer.text


def test_every_answer_is_private_and_closed_to_scripts_of_others(door):
    answer = door.get("/open/")
    assert answer["Cache-Control"] == "private, no-cache"
    assert "HX-Request" in answer["Vary"] and "Cookie" in answer["Vary"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=(self)" in answer["Permissions-Policy"]


def test_a_foreign_host_is_answered_with_a_sentence_and_never_repeated(door):
    answer = door.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "送来的内容读不懂" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("path", ["/open/", "/undecided/", "/members/"])
def test_a_monitor_that_asks_for_the_head_gets_what_the_page_would_answer_without_it(door, path):
    page, head = door.get(path), door.head(path)
    assert head.status_code == page.status_code
    assert head.content == b"" and head.headers.get("Content-Type") == page.headers.get("Content-Type")
    assert head.headers.get("Content-Length") == page.headers.get("Content-Length")
