"""The pages of requests, asked for as a browser without JavaScript asks for them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.civic.requests import actions
from linli.civic.requests.models import Picture, Request
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import Session
from linli.registry.places.actions import add_facility, retire_facility
from linli.site.demo.cast import FOUNDER
from tests.civic.requests.conftest import AT, Compound

HOME = "/c/longqi/requests/"
DESK = "/desk/longqi/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def enter(longqi: Compound) -> Callable[[str | None], Client]:
    """A browser in which one of the cast is signed in."""

    def enter(who: str | None) -> Client:
        browser = Client()
        if who is not None:
            token = secrets.token_urlsafe(16)
            Session.objects.create(
                account_id=longqi.world.accounts[who],
                token_hash=token_hash(token),
                device="手机",
                created_at=AT,
                seen_at=AT,
                expires_at=AT + timedelta(days=9),
            )
            browser.cookies[COOKIE] = token
        return browser

    return enter


def text(answer) -> str:
    return answer.content.decode()


def photo(name: str = "灯.jpg") -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (80, 60), (10, 90, 10)).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def large() -> SimpleUploadedFile:
    """A photo with thirty megabytes behind it."""
    return SimpleUploadedFile("灯.jpg", photo().read() + b"\0" * (30 * 2**20), "image/jpeg")


def statements(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


# --- reporting ----------------------------------------------------------------------------------------------


def test_one_form_one_sending_and_there_is_a_number_and_a_day(longqi: Compound, enter):
    browser = enter("resident")
    page = text(browser.get(HOME + "new/"))
    assert f'value="unit-{longqi.world.units["longqi:3-2-501"].pk}" selected' in page, (
        "one's own home comes first"
    )
    answer = browser.post(
        HOME + "new/",
        {
            "text": "门口的灯坏了。",
            "spot_key": f"place-{longqi.world.places['longqi:3号楼'].pk}",
            "pictures": [photo()],
        },
    )
    assert answer.status_code == 303
    sent = text(browser.get(answer.headers["Location"]))
    request = Request.objects.get()
    assert request.number in sent
    assert "11月23日" in sent
    assert Picture.objects.get().request_id == request.pk


def test_a_form_with_a_fault_keeps_everything_that_was_typed_and_the_photo(longqi: Compound, enter):
    browser = enter("resident")
    answer = browser.post(
        HOME + "new/", {"text": "长" * 2500, "spot": "花坛东侧", "spot_key": "", "pictures": [photo()]}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "长" * 2500 in page
    assert "花坛东侧" in page
    assert "2500" in page
    kept = re.search(r'name="pictures_kept" value="([^"]+)"', page) or re.search(r'value="([^"]{60,})"', page)
    assert kept, "the photo need not be taken again"
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    ("words", "file", "sentence"),
    [
        ("长" * 10_000, photo, "请删短一些"),
        ("灯坏了", large, "每张最多 15 MB"),
        (
            "灯坏了",
            lambda: SimpleUploadedFile("灯.jpg", b"MZ" + b"\0" * 900, "image/jpeg"),
            "不是我们认得的照片",
        ),
    ],
    ids=["ten thousand characters", "a photo of 30 MB", "a photo that is no photo"],
)
def test_what_cannot_be_taken_gets_one_sentence_and_the_words_stay(
    longqi: Compound, enter, words, file, sentence
):
    answer = enter("resident").post(
        HOME + "new/", {"text": words, "spot_key": "", "spot": "花坛东侧", "pictures": [file()]}
    )
    page = text(answer)
    assert answer.status_code == 422 and sentence in page
    assert words in page and "花坛东侧" in page
    assert not Request.objects.exists()


def test_what_is_typed_comes_back_harmless(longqi: Compound, enter):
    evil = "<script>alert(1)</script>"
    request = longqi.report(f"{evil} 灯坏了")
    for path in (HOME, f"{HOME}{request.pk}/", f"{HOME}{request.pk}/print/", "/c/longqi/"):
        assert "<script>alert" not in text(enter("resident").get(path)), path
    for path in (DESK, DESK + "requests/", DESK + "requests/print/"):
        assert "<script>alert" not in text(enter("committee").get(path)), path


def test_the_label_on_a_thing_leads_to_a_form_that_knows_the_thing(longqi: Compound, enter):
    square = longqi.world.places["longqi:中心广场"]
    bench = add_facility(
        actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="CY-09", name="长椅", spot="花坛东侧", at=AT
    )
    browser = enter("resident")
    way = re.search(r'href="([^"]+facility=CY-09)"', text(browser.get("/c/longqi/f/CY-09/")))
    page = text(browser.get(way[1]))
    assert "已认出：长椅（编号 CY-09）" in page
    assert "花坛东侧" in page
    browser.post(
        HOME + "new/",
        {"text": "断了一条。", "facility": "CY-09", "spot_key": f"facility-{bench.pk}", "spot": "花坛东侧"},
    )
    assert (Request.objects.get().facility_id, Request.objects.get().channel) == (bench.pk, "qr")


@pytest.mark.parametrize(
    ("who", "may"),
    [(None, True), ("tenant", True), ("repairer", True), ("outsider", False), ("district", False)],
)
def test_who_may_not_report_here_is_told_so_before_the_form(longqi: Compound, enter, who, may):
    square = longqi.world.places["longqi:中心广场"]
    add_facility(actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="CY-09", name="长椅", at=AT)
    page = text(enter(who).get("/c/longqi/f/CY-09/"))
    assert ("requests/new/?facility=CY-09" in page) is may
    assert ("您还没有登记在这个小区" in page) is not may


@pytest.mark.parametrize("written", ["cy-09", "ＣＹ－０９", " CY-09"])
def test_a_number_typed_from_a_worn_label_is_found_too(longqi: Compound, enter, written):
    square = longqi.world.places["longqi:中心广场"]
    add_facility(actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="CY-09", name="长椅", at=AT)
    assert "它坏了，我来反映" in text(enter(None).get(f"/c/longqi/f/{written}/"))


@pytest.mark.parametrize("way", ["/c/longqi/f/NO-SUCH/", "/c/longqi/requests/new/?facility=NO-SUCH"])
def test_a_number_that_was_never_given_is_answered_in_one_sentence(longqi: Compound, enter, way):
    answer = enter("resident").get(way)
    assert answer.status_code == 404
    assert "这个小区没有这个设施编号" in text(answer)


def test_the_label_of_a_thing_out_of_use_says_since_when_and_leads_to_its_place(longqi: Compound, enter):
    square = longqi.world.places["longqi:中心广场"]
    bench = add_facility(
        actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="CY-09", name="长椅", spot="花坛东侧", at=AT
    )
    retire_facility(actor=FOUNDER, facility_id=bench.pk, reason="换新的", on=AT.date(), at=AT)
    browser = enter("resident")
    page = text(browser.get("/c/longqi/f/CY-09/"))
    assert "这个设施 11月18日 起停用" in page
    assert "它坏了" not in page
    assert "换新的" not in page, "the reason is for those who keep the register"
    form = text(browser.get(re.search(r'href="([^"]+facility=CY-09)"', page)[1]))
    assert "长椅（编号 CY-09）11月18日 起已停用" in form
    assert f'<option value="place-{square.pk}" selected>' in form
    assert 'value="花坛东侧 长椅（CY-09）"' in form
    assert f"facility-{bench.pk}" not in form
    sent = {"text": "旧椅子的铁脚还露在外面。", "facility": "CY-09", "spot_key": f"place-{square.pk}"}
    assert browser.post(HOME + "new/", sent).status_code == 303
    made = Request.objects.get()
    assert (made.facility_id, made.place_id, made.channel) == (None, square.pk, "qr")


def test_a_thing_that_went_out_of_use_while_one_wrote_is_said_and_the_words_stay(longqi: Compound, enter):
    square = longqi.world.places["longqi:中心广场"]
    bench = add_facility(
        actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="CY-09", name="长椅", at=AT
    )
    retire_facility(actor=FOUNDER, facility_id=bench.pk, reason="换新的", on=AT.date(), at=AT)
    sent = {"text": "断了一条。", "facility": "CY-09", "spot_key": f"facility-{bench.pk}"}
    answer = enter("resident").post(HOME + "new/", sent)
    assert answer.status_code == 422
    assert "起已停用" in text(answer)
    assert "断了一条。" in text(answer)
    assert not Request.objects.exists()


def test_what_is_open_already_is_shown_before_sending(longqi: Compound, enter):
    longqi.report("楼道灯不亮，照明全没了。", who="neighbour")
    page = text(enter("resident").get(HOME + "similar/?text=楼道灯不亮"))
    assert "楼道灯不亮" in page
    met = re.search(r'formaction="([^"]+/support/)"', page)
    assert met, "one need not open it to say that one met it too"
    form = {"text": "楼道灯不亮", "spot_key": "", "spot": ""}
    assert enter("resident").post(met[1], form).status_code == 303
    assert Request.objects.get().support_count == 1


def test_danger_says_whom_to_call_while_one_types_and_after_sending(longqi: Compound, enter):
    browser = enter("resident")
    assert "119" in text(browser.get(HOME + "similar/?text=楼道里着火了"))
    place = longqi.world.places["longqi:3号楼"].pk
    answer = browser.post(HOME + "new/", {"text": "楼道里着火了", "spot_key": f"place-{place}"}, follow=True)
    assert "马上打 119" in text(answer)


# --- what others see ------------------------------------------------------------------------------------------


def test_the_public_page_shows_neither_name_nor_door_nor_an_uncovered_photo(longqi: Compound, enter):
    unit = longqi.world.units["longqi:3-2-501"]
    request = longqi.report("灯坏了。", place_id=None, unit_id=unit.pk, pictures=[longqi.photo()])
    for who in (None, "neighbour", "outsider"):
        page = text(enter(who).get(f"{HOME}{request.pk}/"))
        assert "灯坏了" in page
        for secret in ("王秀兰", "501", "13800010001", "/pictures/"):
            assert secret not in page, (who, secret)
    assert "501" in text(enter("committee").get(f"{HOME}{request.pk}/"))


def test_a_page_of_the_list_costs_the_same_however_many_there_are(longqi: Compound, enter):
    for number in range(3):
        longqi.report(f"第 {number} 盏灯坏了")
    paths = {"resident": [HOME, "/c/longqi/", "/me/requests/"], "committee": [DESK, DESK + "requests/"]}
    few = {(who, path): statements(enter(who), path) for who in paths for path in paths[who]}
    for number in range(30):
        longqi.begin(longqi.report(f"第 {number} 扇门坏了", who="neighbour" if number % 2 else "resident"))
    many = {(who, path): statements(enter(who), path) for who in paths for path in paths[who]}
    assert many == few
    assert max(few.values()) <= 14


def test_a_request_page_costs_the_same_however_long_its_story(longqi: Compound, enter):
    request = longqi.report()
    path = f"{HOME}{request.pk}/"
    short = statements(enter("committee"), path)
    for _ in range(8):
        actions.correct(
            actor=longqi.by("resident"), request_id=request.pk, text="补充一句", at=longqi.later(hours=1)
        )
    assert statements(enter("committee"), path) <= short


def test_older_ones_are_a_link_away_and_none_is_shown_twice(longqi: Compound, enter):
    for number in range(45):
        longqi.report(f"第 {number} 盏灯坏了")
        longqi.later(minutes=1)
    browser, path, seen = enter(None), HOME, []
    while path:
        page = text(browser.get(path))
        seen += re.findall(r'href="/c/longqi/requests/(\d+)/"', page)
        older = re.search(r'href="([^"]+after=[^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(dict.fromkeys(seen)) == 45


@pytest.mark.parametrize(
    "query", ["after=x", "after=W10", "status=nonsense", "category=%00", "words=%25%5C_", "which=x"]
)
def test_a_broken_address_gives_a_page(longqi: Compound, enter, query):
    longqi.report()
    assert enter(None).get(f"{HOME}?{query}").status_code in (200, 400, 422)
    assert enter("committee").get(f"{DESK}requests/?{query}").status_code in (200, 400, 422)


def test_words_and_numbers_are_found(longqi: Compound, enter):
    lamp, door = longqi.report("灯坏了 100%"), longqi.report("门坏了")
    page = text(enter(None).get(HOME + "?words=100%25"))
    assert f"/requests/{lamp.pk}/" in page
    assert f"/requests/{door.pk}/" not in page
    assert f"/requests/{door.pk}/" in text(enter(None).get(f"{HOME}?words={door.number}"))


# --- the desk -------------------------------------------------------------------------------------------------


def test_a_list_taken_home_is_harmless_to_open(longqi: Compound, enter):
    longqi.report("=HYPERLINK(1) 灯坏了")
    table = b"".join(enter("committee").get(DESK + "requests/export.csv")).decode()
    assert "'=HYPERLINK" in table
    assert "王秀兰" not in table, "no reporter stands in the list"
    assert enter("committee").get(DESK + "requests/export.xlsx").status_code == 200
    assert enter("committee").get(DESK + "requests/export.exe").status_code == 404


def test_a_move_that_came_too_late_is_told_in_one_sentence(longqi: Compound, enter):
    request = longqi.dispatch(longqi.report())
    browser = enter("repairer")
    assert browser.post(f"{HOME}{request.pk}/do/accept/").status_code == 303
    late = browser.post(f"{HOME}{request.pk}/do/accept/")
    assert late.status_code == 409
    assert "现在是「已接单」" in text(late)


def test_the_word_for_a_caller_is_asked_for_with_how_it_was_got(longqi: Compound, enter):
    request = longqi.finish(longqi.call())
    clerk, path = enter("clerk"), f"{HOME}{request.pk}/do/confirm/"
    assert "怎么回访的" in text(clerk.get(path))
    assert clerk.post(path, {"note": ""}).status_code == 422
    assert clerk.post(path, {"note": "电话回访，说好了"}).status_code == 303
    request.refresh_from_db()
    assert request.status == "confirmed"


def test_other_compounds_numbers_lead_nowhere(longqi: Compound, enter):
    request = longqi.report()
    for tail in ("", "print/", "do/note/", "support/"):
        assert enter("committee").get(f"/c/haiyun/requests/{request.pk}/{tail}").status_code in (404, 405)
    for tail, form in (("do/note/", {"note": "x"}), ("support/", {}), ("unsupport/", {})):
        answer = enter("neighbour").post(f"/c/haiyun/requests/{request.pk}/{tail}", form)
        assert answer.status_code in (403, 404), tail


def test_the_number_of_a_reporter_is_masked_until_somebody_who_works_on_it_asks(enter, longqi: Compound):
    request = longqi.report()
    page, desk = f"{HOME}{request.pk}/", enter("manager")
    before = text(desk.get(page))
    assert "138****0001" in before and "13800010001" not in before
    answer = desk.post(f"{page}number/", {"idempotency_key": secrets.token_urlsafe(16)})
    assert answer.status_code == 200 and 'href="tel:13800010001"' in text(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "138****0001" in text(desk.get(page)), "asked for each time"
    assert "138****0001" not in text(enter("neighbour").get(page))
    assert enter("neighbour").post(f"{page}number/").status_code == 403


def test_what_was_reported_about_one_facility_stands_in_one_list_and_in_its_export(enter, longqi: Compound):
    bench = add_facility(
        actor=FOUNDER,
        place_id=longqi.world.places["longqi:3号楼"].pk,
        kind="bench",
        name="东侧长椅",
        asset_no="CY-77",
        at=AT,
    )
    longqi.report("长椅的腿断了。", facility_id=bench.pk)
    longqi.report("楼道的灯坏了。")
    desk = enter("manager")
    for number in ("CY-77", "ｃｙ-77"):
        for page in (HOME, f"{DESK}requests/", f"{DESK}requests/export.csv"):
            found = b"".join(desk.get(page, {"facility": number})).decode()
            assert "长椅的腿断了" in found and "楼道的灯坏了" not in found
    assert "没有" in text(desk.get(HOME, {"facility": "CY-78"}))
    asked = urlencode({"facility": "CY-77"})
    assert f"{HOME}?{asked}" in text(desk.get(f"/c/longqi/places/facilities/{bench.pk}/"))
    assert f"{HOME}?{asked}" in text(enter("neighbour").get("/c/longqi/f/CY-77/"))


def test_the_ways_to_the_files_follow_the_list_when_only_the_list_is_swapped(enter, longqi: Compound):
    desk = enter("committee")
    piece = text(desk.get(f"{DESK}requests/", {"facility": "CY-09"}, headers={"HX-Request": "true"}))
    assert "<html" not in piece
    for way in ("export.csv", "export.xlsx", "print/"):
        assert f'href="{DESK}requests/{way}?facility=CY-09"' in piece
    whole = text(desk.get(f"{DESK}requests/", {"facility": "CY-09", "status": "received"}))
    assert 'hx-get="?"' in whole, "an empty address would be the present one, with its cursor"
