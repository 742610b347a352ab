"""Importing at the desk: upload, preview, confirm, undo; and strangers get nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import ImportBatch, Session
from linli.registry.places.models import Unit
from tests.outward.exchange.files import PLANTED, messy
from tests.registry.people.cast import AT, found_world

AT_DESK = "/desk/longqi/imports/"


@pytest.fixture
def world(db, settings, tmp_path):
    settings.LINLI_DEMO, settings.HOME = True, tmp_path / "home"
    with time_machine.travel(AT, tick=False):
        yield found_world()


@pytest.fixture
def enter(world):
    def enter(who: str) -> Client:
        account = getattr(world, who, None) or world.staff[who]
        token = f"token-{account.pk}"
        Session.objects.create(
            account=account,
            token_hash=token_hash(token),
            device="电脑",
            created_at=AT,
            seen_at=AT,
            expires_at=AT + timedelta(days=9),
        )
        browser = Client()
        browser.cookies[COOKIE] = token
        return browser

    return enter


def send(browser: Client, data: bytes, name: str = "名册.xlsx"):
    return browser.post(AT_DESK, {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def roll(tmp_path) -> bytes:
    return messy(tmp_path / "名册.xlsx").read_bytes()


def test_upload_preview_confirm_again_and_undo(
    enter, world, roll, django_capture_on_commit_callbacks, settings
):
    browser = enter("manager")
    units = Unit.objects.count()
    preview = send(browser, roll).headers["Location"]
    page = browser.get(preview).content.decode()
    assert all(f">{cell}<" in page for cell in PLANTED) and "是不是" in page
    assert Unit.objects.count() == units
    seen = page.split('name="seen" value="')[1].split('"')[0]
    stale = browser.post(preview + "confirm/", {"seen": "9-9-9"})
    assert stale.status_code == 409 and Unit.objects.count() == units
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post(preview + "confirm/", {"seen": seen})
    assert done.status_code == 303 and Unit.objects.count() > units
    assert browser.post(preview + "confirm/", {"seen": seen}).status_code in (303, 404)
    assert ImportBatch.objects.count() == 1
    result = browser.get(done.headers["Location"]).content.decode()
    assert "确认撤销" in result and "陈经理" in result
    again = browser.get(send(browser, roll).headers["Location"]).content.decode()
    assert "没有要改的" in again and 'name="seen"' not in again
    assert browser.post(done.headers["Location"] + "undo/").status_code == 303
    assert Unit.objects.count() == units
    assert "已撤销" in browser.get(AT_DESK).content.decode()


def test_the_marked_workbook_is_there_to_download_and_a_dropped_upload_is_gone(enter, world, roll):
    browser = enter("clerk")
    preview = send(browser, roll).headers["Location"]
    marked = browser.get(preview + "faults/")
    assert b"".join(marked.streaming_content).startswith(b"PK")
    assert browser.post(preview + "drop/").status_code == 303
    assert browser.get(preview).status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\xff\xd8\xff\xe0\0\0JFIF", "不是 Excel 工作簿"),
        (b"PK\x03\x04 cut", "打不开"),
        (b"a,b\n" * (30 * 2**18), "30 MB"),
        ("今天开会".encode(), "表头"),
    ],
)
def test_what_is_no_roll_is_one_sentence_and_nothing_is_kept(enter, world, settings, data, sentence):
    answer = send(enter("manager"), data)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    folder = settings.HOME / "uploads"
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("who", ["manager", "clerk", "committee", "community_worker", "street_officer"])
def test_those_who_keep_the_register_may_import(enter, who):
    assert enter(who).get(AT_DESK).status_code == 200


@pytest.mark.parametrize(
    "who",
    [
        "wang",
        "li",
        "captain",
        "repairer",
        "supervisor",
        "secretary",
        "other_clerk",
        "other_manager",
        "former_committee",
    ],
)
def test_strangers_and_neighbours_get_nothing(enter, who, roll):
    upload = send(enter("manager"), roll).headers["Location"]
    browser = enter(who)
    for address in (AT_DESK, upload, upload + "faults/"):
        assert browser.get(address).status_code in (403, 404)
    assert browser.post(upload + "confirm/", {"seen": "1-1-1"}).status_code in (403, 404)
    assert send(browser, roll).status_code in (403, 404)


def test_a_colleague_does_not_open_anothers_upload(enter, roll):
    upload = send(enter("manager"), roll).headers["Location"]
    assert enter("clerk").get(upload).status_code == 404
