"""The pages of people, asked for as a browser without JavaScript asks for them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from linli.registry.people.domain import consents
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import (
    AccessRecord,
    Account,
    HomeClaim,
    LoginCode,
    Occupancy,
    Ownership,
    Person,
    PhoneChange,
    RoleAssignment,
    Session,
)
from tests.registry.people.cast import AT, World, account, lives, owns, person


@pytest.fixture(autouse=True)
def _clock(time_machine_at):
    """Every request comes at the beginning, unless the test says otherwise."""


@pytest.fixture
def time_machine_at():
    import time_machine

    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def enter(world: World, settings):
    """A browser in which one of the cast is signed in, second factor and all."""
    settings.LINLI_DEMO = True

    def enter(who: str | Account) -> Client:
        if isinstance(who, str):
            who = getattr(world, who, None) or world.staff[who]
        token = f"token-{who.pk}-{Session.objects.count()}"
        Session.objects.create(
            account=who,
            token_hash=token_hash(token),
            device="安卓手机 · 微信",
            created_at=AT,
            seen_at=AT,
            expires_at=AT + timedelta(days=9),
        )
        browser = Client()
        browser.cookies[COOKIE] = token
        return browser

    return enter


def text(answer) -> str:
    return answer.content.decode()


def at_desk(rest: str = "", slug: str = "longqi") -> str:
    return f"/desk/{slug}/people/{rest}"


# --- signing in -------------------------------------------------------------------------------------------


def send_number(browser: Client, phone: str, **more):
    return browser.post("/login/", {"phone": phone, **more})


def test_a_resident_signs_in_and_is_led_where_they_wanted_to_go(world: World, sent, committed):
    browser = Client()
    assert browser.get("/me/").headers["Location"] == "/login/?next=%2Fme%2F"
    with committed():
        asked = send_number(browser, "138 1234 5678", next="/me/devices/")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/login/code/")
    page = text(browser.get("/login/code/"))
    assert "尾号 5678" in page
    assert sent[-1][1] not in page, "only the demo shows the code"
    answer = browser.post(
        "/login/code/", {"code": f" {sent[-1][1]} "}, headers={"user-agent": "Android 12 MicroMessenger"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/devices/")
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "安卓手机 · 微信" in text(browser.get("/me/devices/"))


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_house_after_signing_in(world: World, sent, committed, evil):
    browser = Client()
    with committed():
        send_number(browser, "13812345678", next=evil)
    answer = browser.post("/login/code/", {"code": sent[-1][1]})
    assert answer.headers["Location"] == "/"


def test_the_demo_shows_the_code_on_the_page(world: World, sent, committed, settings):
    settings.LINLI_DEMO = True
    browser = Client()
    with committed():
        send_number(browser, "13812345678")
    code = re.search(r"验证码是 (\d{6})", text(browser.get("/login/code/")))
    assert code
    assert not sent, "what the page shows is not sent as well"
    assert browser.post("/login/code/", {"code": code[1]}).status_code == 303


def test_a_wrong_code_counts_although_the_page_comes_again(world: World, sent, committed):
    browser = Client()
    with committed():
        send_number(browser, "13812345678")
    wrong = f"{(int(sent[-1][1]) + 1) % 1_000_000:06d}"
    answer = browser.post("/login/code/", {"code": wrong})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login/code/")
    assert "还可以试 4 次" in text(browser.get("/login/code/"))
    assert LoginCode.objects.get().tries == 1
    for _ in range(4):
        answer = browser.post("/login/code/", {"code": wrong})
    assert answer.headers["Location"] == "/login/"
    assert browser.post("/login/code/", {"code": sent[-1][1]}).headers["Location"] == "/login/"
    assert not Session.objects.exists()


def test_a_second_code_within_a_minute_is_asked_for_in_vain(world: World, sent, committed, time_machine_at):
    browser = Client()
    with committed():
        send_number(browser, "13812345678")
    answer = send_number(browser, "13812345678")
    assert answer.status_code == 422
    assert "请过 60 秒再试" in text(answer)
    assert browser.post("/login/code/again/").headers["Location"] == "/login/code/"
    time_machine_at.shift(61)
    with committed():
        browser.post("/login/code/again/")
    assert len(sent) == 2
    assert browser.post("/login/code/", {"code": sent[-1][1]}).headers["Location"] != "/login/code/"


def test_what_is_no_number_is_said_beside_the_field(world: World):
    answer = send_number(Client(), "12345")
    assert answer.status_code == 422
    assert "手机号应为 11 位" in text(answer)


def test_the_code_page_without_a_ticket_leads_back(world: World):
    browser = Client()
    assert browser.get("/login/code/").headers["Location"] == "/login/"
    browser.cookies["linli_ticket"] = "made-up"
    assert browser.get("/login/code/").headers["Location"] == "/login/"
    assert browser.post("/login/code/again/").headers["Location"] == "/login/"
    for half in ("factor", "name", "new-holder"):
        assert browser.post(f"/login/{half}/", {"code": "1", "name": "x"}).status_code == 404


def test_a_token_that_somebody_planted_is_not_taken_over(world: World, sent, committed):
    browser = Client()
    browser.cookies[COOKIE] = "planted-by-an-attacker"
    with committed():
        send_number(browser, "13812345678")
    answer = browser.post("/login/code/", {"code": sent[-1][1]})
    assert answer.cookies[COOKIE].value != "planted-by-an-attacker"
    assert not Session.objects.filter(token_hash=token_hash("planted-by-an-attacker")).exists()


def test_an_address_does_not_ask_for_codes_without_end(world: World):
    browser = Client()
    answers = [send_number(browser, f"139{number:08d}").status_code for number in range(41)]
    assert set(answers[:40]) == {303}
    assert answers[40] == 429


def sign_in(sent, committed, phone: str) -> Client:
    browser = Client()
    with committed():
        send_number(browser, phone)
    browser.post("/login/code/", {"code": sent[-1][1]})
    return browser


def test_an_unknown_number_is_led_to_claim_a_home(world: World, sent, committed):
    browser = Client()
    with committed():
        send_number(browser, "13700000000")
    answer = browser.post("/login/code/", {"code": sent[-1][1]})
    assert answer.headers["Location"] == "/me/"
    assert "还没有登记的房屋" in text(browser.get("/me/"))


def test_is_that_you(world: World, sent, committed):
    owns(person(world.longqi, "刘志强", "13700000000"), world.home_502)
    browser = Client()
    with committed():
        send_number(browser, "13700000000")
    assert browser.post("/login/code/", {"code": sent[-1][1]}).headers["Location"] == "/login/confirm/"
    page = text(browser.get("/login/confirm/"))
    assert "刘**" in page
    assert "志强" not in page
    assert "502" not in page
    wrong = browser.post("/login/confirm/", {"name": "刘大强"})
    assert wrong.status_code == 422
    assert "对不上" in text(wrong)
    assert browser.post("/login/confirm/", {"name": "刘志强"}).headers["Location"] == "/"
    assert "3号楼2单元502室" in text(browser.get("/me/"))


def test_that_is_not_me(world: World, sent, committed):
    owns(person(world.longqi, "刘志强", "13700000000"), world.home_502)
    browser = sign_in(sent, committed, "13700000000")
    assert browser.post("/login/not-me/").headers["Location"] == "/me/"
    assert browser.get("/login/confirm/").headers["Location"] == "/"


def test_a_silent_account_asks_for_the_name(world: World, sent, committed):
    Account.objects.filter(pk=world.wang.pk).update(seen_at=AT - timedelta(days=200))
    browser = sign_in(sent, committed, "13812345678")
    assert browser.get("/me/").headers["Location"].startswith("/login/"), "nobody is signed in yet"
    assert "好久不见" in text(browser.get("/login/name/"))
    assert browser.post("/login/name/", {"name": "王大兰"}).headers["Location"] == "/login/name/"
    assert browser.post("/login/name/", {"name": "王秀兰"}).headers["Location"] == "/"
    assert browser.get("/me/").status_code == 200


def test_the_new_holder_of_a_number_starts_anew(world: World, sent, committed):
    Account.objects.filter(pk=world.wang.pk).update(seen_at=AT - timedelta(days=200))
    browser = sign_in(sent, committed, "13812345678")
    assert browser.post("/login/new-holder/").headers["Location"] == "/me/"
    assert "王秀兰" not in text(browser.get("/me/"))


def test_staff_are_led_to_the_second_factor_before_any_desk(world: World, sent, committed, time_machine_at):
    clerk = world.staff["clerk"]
    browser = sign_in(sent, committed, clerk.phone)
    closed = browser.get(at_desk())
    assert (closed.status_code, closed.headers["Location"]) == (
        302,
        "/me/second-factor/?next=/desk/longqi/people/",
    )
    page = text(browser.get("/me/second-factor/?next=/desk/longqi/people/"))
    secret = Account.objects.get(pk=clerk.pk).totp_secret
    assert secret in page
    assert browser.post("/me/second-factor/", {"code": "000000"}).status_code == 422
    ready = browser.post(
        "/me/second-factor/", {"code": pyotp.TOTP(secret).at(AT), "next": "/desk/longqi/people/"}
    )
    assert ready.headers["Cache-Control"] == "no-store"
    codes = re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", text(ready))
    assert len(codes) == 10
    assert 'href="/desk/longqi/people/"' in text(ready)
    assert browser.get(at_desk()).status_code == 200
    time_machine_at.shift(120)
    again = sign_in(sent, committed, clerk.phone)
    assert again.get("/me/").status_code == 303
    assert again.post("/login/factor/", {"code": "123"}).headers["Location"] == "/login/factor/"
    assert again.post("/login/factor/", {"code": codes[0]}).headers["Location"] == "/"
    assert again.get(at_desk()).status_code == 200
    assert "还剩 9 张恢复码" in text(again.get("/me/second-factor/"))
    time_machine_at.shift(120)
    later = pyotp.TOTP(secret).at(AT + timedelta(seconds=240))
    fresh = again.post("/me/second-factor/codes/", {"code": later})
    assert not set(codes) & set(re.findall(r"[A-Z2-9]{5}-[A-Z2-9]{5}", text(fresh)))
    assert again.post("/me/second-factor/off/", {"code": later}).status_code == 422
    time_machine_at.shift(60)
    last = pyotp.TOTP(secret).at(AT + timedelta(seconds=300))
    assert again.post("/me/second-factor/off/", {"code": last}).headers["Location"] == "/me/second-factor/"


def test_signing_out_ends_the_session_on_the_server(world: World, enter):
    browser = enter("wang")
    assert browser.get("/logout/").status_code == 200
    assert browser.post("/logout/").headers["Location"] == "/"
    assert Session.objects.get().revoked_at is not None
    assert browser.get("/me/").status_code == 303


# --- one's own pages --------------------------------------------------------------------------------------


MINE = [
    "/me/",
    "/me/devices/",
    "/me/looks/",
    "/me/second-factor/",
    "/me/phone/",
    "/me/consents/",
    "/me/data/",
    "/logout/",
    "/privacy/",
    "/c/longqi/claim/",
]


@pytest.mark.parametrize("address", MINE)
@pytest.mark.parametrize("mode", ["standard", "care"])
def test_every_page_of_ones_own_answers(world: World, enter, address, mode):
    answer = enter("wang").get(f"{address}?mode={mode}")
    assert answer.status_code == 200
    assert "Undefined" not in text(answer)


def test_ones_own_home_shows_the_household_and_takes_a_tenant(world: World, enter):
    browser, address = enter("wang"), f"/me/homes/{world.home_501.pk}/"
    assert "118.64 平方米" in text(browser.get(address))
    answer = browser.post(address, {"relation": "tenant", "name": "租客", "phone": "13711112222"})
    assert answer.headers["Location"] == address
    assert "137****2222" in text(browser.get(address))
    again = browser.post(address, {"relation": "tenant", "name": "租客", "phone": "13711112222"})
    assert again.status_code == 422
    room = Occupancy.objects.get()
    assert browser.post(f"{address}{room.pk}/end/").headers["Location"] == "/me/"
    for stranger in ("li", "clerk"):
        assert enter(stranger).get(address).status_code == 404


def test_a_duty_is_laid_down_on_ones_own_page(world: World, enter):
    given = world.staff["captain"].assignments.get()
    address = f"/me/duties/{given.pk}/"
    browser = enter("captain")
    assert "3号楼" in text(browser.get(address))
    assert enter("wang").get(address).status_code == 404
    assert browser.post(address, {"reason": "。"}).status_code == 422
    assert browser.post(address, {"reason": "年纪大了"}).headers["Location"] == "/me/"
    given.refresh_from_db()
    assert given.to_on == AT.date()


def test_a_consent_is_given_and_taken_back_on_its_page(world: World, enter):
    browser, purpose = enter("wang"), consents.purpose("plate_record")
    answer = browser.post("/me/consents/plate_record/grant/", {"text": purpose.sha256})
    assert answer.headers["Location"] == "/me/consents/"
    assert "撤回同意" in text(browser.get("/me/consents/"))
    assert browser.post("/me/consents/plate_record/grant/", {"text": "0" * 64}).status_code == 409
    assert browser.post("/me/consents/plate_record/withdraw/").headers["Location"] == "/me/consents/"
    assert browser.post("/me/consents/everything/withdraw/").status_code == 404


def test_a_copy_of_everything_is_a_zip_for_people_and_programs(world: World, enter):
    answer = enter("wang").get("/me/data/take/")
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"data.json", "index.html", "账号.csv", "房屋.csv"} <= set(archive.namelist())
    assert json.loads(archive.read("data.json"))["账号"][0]["手机号"] == "13812345678"
    assert "3号楼2单元501室" in archive.read("index.html").decode()
    assert archive.read("房屋.csv").decode().startswith("\ufeff小区,")


def test_erasing_needs_a_clear_yes(world: World, enter):
    browser = enter("wang")
    assert browser.post("/me/data/erase/", {}).status_code == 422
    assert Account.objects.get(pk=world.wang.pk).closed_at is None
    answer = browser.post("/me/data/erase/", {"sure": "on", "drop_register_phone": "on"})
    assert answer.headers["Location"] == "/login/"
    assert Account.objects.get(pk=world.wang.pk).closed_at == AT
    assert browser.get("/me/").status_code == 303
    captain = enter("captain").post("/me/data/erase/", {"sure": "on"})
    assert captain.status_code == 422
    assert "先交接" in text(captain)


def test_another_number_waits_for_staff_who_saw_the_person(world: World, enter):
    browser = enter("wang")
    asked = browser.post("/me/phone/", {"phone": "13711112222"})
    assert asked.headers["Location"] == "/me/phone/code/"
    code = re.search(r"验证码是 (\d{6})", text(browser.get("/me/phone/code/")))
    assert code
    assert browser.post("/me/phone/code/", {"code": "x"}).headers["Location"] == "/me/phone/code/"
    assert browser.post("/me/phone/code/", {"code": code[1]}).headers["Location"] == "/me/"
    assert "等核对" in text(browser.get("/me/"))
    assert "撤回换号申请" in text(browser.get("/me/phone/"))
    change = PhoneChange.objects.get()
    clerk = enter("clerk")
    assert "137****2222" in text(clerk.get("/desk/longqi/claims/"))
    page = f"/desk/longqi/phone-changes/{change.pk}/"
    assert clerk.get(page).status_code == 200
    assert enter("other_clerk").get(page).status_code == 404
    assert enter("committee").get(page).status_code == 403
    assert enter("other_clerk").get(f"/desk/haiyun/phone-changes/{change.pk}/").status_code == 404
    done = clerk.post(page, {"answer": "yes", "reason": "看过身份证原件"})
    assert done.headers["Location"] == "/desk/longqi/claims/"
    assert Account.objects.get(pk=world.wang.pk).phone == "13711112222"
    assert browser.get("/me/").status_code == 303, "every device signs in anew"


# --- claims -----------------------------------------------------------------------------------------------


def photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(file, "JPEG")
    file.seek(0)
    file.name = "证.jpg"
    return file


def test_a_home_is_claimed_with_a_photo_that_only_its_staff_see(world: World, enter, settings, tmp_path):
    settings.LINLI_MEDIA = tmp_path
    newcomer = account("新住户", "13711112222")
    browser = enter(newcomer)
    typed = {"unit_code": "3-2-502", "relation": "owner", "name": "刘志强", "note": "上月买的"}
    missing = browser.post("/c/longqi/claim/", typed)
    assert missing.status_code == 422
    assert "请拍一张" in text(missing)
    answer = browser.post("/c/longqi/claim/", {**typed, "proof": photo()})
    assert answer.headers["Location"] == "/me/"
    claim = HomeClaim.objects.get()
    assert browser.get(f"/me/claims/{claim.pk}/proof/").status_code == 200
    page = f"/desk/longqi/claims/{claim.pk}/"
    for stranger in ("other_clerk", "repairer", "captain", "li"):
        for address in (page, f"{page}proof/", "/desk/longqi/claims/"):
            assert enter(stranger).get(address).status_code in (403, 404), (stranger, address)
    clerk = enter("clerk")
    assert clerk.get(f"{page}proof/").headers["Content-Type"] == "image/jpeg"
    assert "刘志强" in text(clerk.get(page))
    assert "add" not in text(enter("committee").get(page)).split("核对结果")[1].split("理由")[0]
    assert (
        clerk.post(page, {"answer": "add", "reason": "看过房产证"}).headers["Location"]
        == "/desk/longqi/claims/"
    )
    assert "3号楼2单元502室" in text(browser.get("/me/"))


def test_a_wrong_unit_is_said_beside_the_field(world: World, enter):
    answer = enter("li").post(
        "/c/longqi/claim/", {"unit_code": "9-9-999", "relation": "tenant", "name": "李"}
    )
    assert answer.status_code in (404, 422)


# --- the desk ---------------------------------------------------------------------------------------------


def test_the_list_is_masked_and_searchable_and_every_search_is_noted(world: World, enter):
    clerk = enter("clerk")
    page = text(clerk.get(at_desk()))
    assert "王秀兰" in page
    assert "138****5678" in page
    assert "13812345678" not in page
    assert not AccessRecord.objects.exists()
    assert "王秀兰" in text(clerk.get(at_desk("?q=秀兰")))
    assert AccessRecord.objects.get().what == "search"
    assert "没有符合条件" in text(clerk.get(at_desk("?q=不存在")))
    assert "3号楼2单元502室" in text(clerk.get(at_desk("?show=vacant")))
    assert clerk.get(at_desk("?show=rubbish")).status_code == 422
    assert clerk.get(at_desk("?after=made-up")).status_code == 422
    street = text(enter("street_officer").get(at_desk()))
    assert "王**" in street
    assert "王秀兰" not in street


def test_the_list_is_read_page_by_page(world: World, enter, monkeypatch):
    monkeypatch.setattr("linli.registry.people.queries._households.PAGE", 1)
    owns(person(world.longqi, "李四"), world.home_502)
    clerk = enter("clerk")
    first = text(clerk.get(at_desk()))
    assert "王秀兰" in first
    assert "李四" not in first
    following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)[1].replace("&amp;", "&")
    second = text(clerk.get(at_desk(following)))
    assert "李四" in second
    assert "回第一页" in second


def test_a_number_is_found_without_standing_in_an_address(world: World, enter):
    clerk = enter("clerk")
    answer = clerk.post(at_desk("find/"), {"phone": "138 1234 5678"})
    assert answer.headers["Location"] == at_desk(f"{world.wang_entry.pk}/")
    assert clerk.post(at_desk("find/"), {"phone": "13799999999"}).headers["Location"] == at_desk()
    assert clerk.post(at_desk("find/"), {"phone": "1"}).headers["Location"] == at_desk()
    twin = person(world.longqi, "王建军", "13812345678")
    found = text(clerk.post(at_desk("find/"), {"phone": "13812345678"}))
    assert "王建军" in found
    assert AccessRecord.objects.filter(person=twin, what="search").exists()


def test_a_number_is_shown_for_a_reason_only(world: World, enter):
    clerk, page = enter("clerk"), at_desk(f"{world.wang_entry.pk}/")
    shown = text(clerk.get(page))
    assert "13812345678" not in shown.replace(" ", "")
    empty = clerk.post(f"{page}phone/", {"reason": ""})
    assert empty.status_code == 422
    answer = clerk.post(f"{page}phone/", {"reason": "水管爆了，联系关阀门"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "13812345678" in text(answer).replace(" ", "")
    piece = clerk.post(f"{page}phone/", {"reason": "水管又爆了"}, headers={"hx-request": "true"})
    assert text(piece).lstrip().startswith('<div id="phone"')
    looks = text(enter("wang").get("/me/looks/"))
    assert "水管爆了，联系关阀门" in looks
    assert "冯**" in looks
    assert "打开登记页" in looks


def test_opening_a_page_is_noted_once_a_day(world: World, enter, time_machine_at):
    clerk, page = enter("clerk"), at_desk(f"{world.wang_entry.pk}/")
    for _ in range(3):
        clerk.get(page)
    assert AccessRecord.objects.filter(what="person").count() == 1
    time_machine_at.shift(timedelta(days=1))
    clerk.get(page)
    assert AccessRecord.objects.filter(what="person").count() == 2


def test_an_entry_is_put_right_and_a_recycled_number_taken_away(world: World, enter):
    clerk, page = enter("clerk"), at_desk(f"{world.wang_entry.pk}/")
    form = {"name": "王秀澜", "phone": "13812345678", "reason": "看过身份证"}
    assert "13812345678" in text(clerk.get(f"{page}correct/"))
    assert AccessRecord.objects.filter(what="phone").count() == 1
    assert clerk.post(f"{page}correct/", form | {"reason": ""}).status_code == 422
    assert clerk.post(f"{page}correct/", form | {"name": "别人", "phone": ""}).status_code == 422
    assert clerk.post(f"{page}correct/", form).headers["Location"] == page
    assert "看过身份证" in text(clerk.get(page))
    resident = enter("wang")
    assert clerk.get(f"{page}detach/").status_code == 200
    assert clerk.post(f"{page}detach/", {"reason": "号码已换人"}).headers["Location"] == page
    assert resident.get("/me/").status_code == 303
    assert Person.objects.get(pk=world.wang_entry.pk).phone is None


def test_a_list_leaves_the_house_with_a_reason_for_a_quarter_of_an_hour(world: World, enter, time_machine_at):
    clerk = enter("clerk")
    assert clerk.get(at_desk("take/")).status_code == 200
    assert clerk.post(at_desk("take/"), {"kind": "csv", "reason": ""}).status_code == 422
    asked = clerk.post(at_desk("take/?q=王"), {"kind": "csv", "reason": "通知停水"})
    csv = b"".join(clerk.get(asked.headers["Location"]).streaming_content).decode()
    assert "138****5678" in csv
    assert "13812345678" not in csv
    full = clerk.post(at_desk("take/"), {"kind": "csv", "reason": "逐户核对", "phones": "on"})
    csv = b"".join(clerk.get(full.headers["Location"]).streaming_content).decode()
    assert "3-2-501,3号楼2单元501室,118.64,王秀兰,业主,13812345678,2020-05-01" in csv
    xlsx = clerk.post(at_desk("take/"), {"kind": "xlsx", "reason": "逐户核对"})
    assert b"".join(clerk.get(xlsx.headers["Location"]).streaming_content)[:2] == b"PK"
    sheet = clerk.post(at_desk("take/"), {"kind": "print", "reason": "张贴核对"})
    page = text(clerk.get(sheet.headers["Location"]))
    assert "张贴核对" in page
    assert "王秀兰" in page
    manager = enter("manager")
    assert manager.get(full.headers["Location"]).status_code == 404, "somebody else's reason"
    time_machine_at.shift(timedelta(minutes=16))
    assert clerk.get(full.headers["Location"]).status_code == 404
    looks = text(enter("wang").get("/me/looks/"))
    assert "导出名册（含完整手机号）" in looks
    for stranger in ("committee", "street_officer", "other_clerk", "wang"):
        assert enter(stranger).get(at_desk("take/")).status_code == 403


def test_a_unit_changes_hands_at_the_counter(world: World, enter):
    clerk, page = enter("clerk"), at_desk(f"units/{world.home_501.pk}/")
    husband = person(world.longqi, "王建军")
    share = owns(husband, world.home_501)
    assert "王建军" in text(clerk.get(page))
    removed = clerk.post(f"{page}owners/{share.pk}/remove/", {"reason": "重复录入"})
    assert removed.headers["Location"] == page
    assert clerk.get(f"{page}owners/{share.pk}/remove/").status_code == 404
    stays = Ownership.objects.get(person=world.wang_entry)
    form = {"ground": "inheritance", "on": "2026-03-16", "reason": "凭公证书", "staying": [str(stays.pk)]}
    assert "新业主 1" in text(clerk.get(f"{page}transfer/"))
    nobody = clerk.post(f"{page}transfer/", form | {"staying": []})
    assert nobody.status_code == 422
    assert "至少填写一位新业主" in text(nobody)
    done = clerk.post(
        f"{page}transfer/", form | {"name_1": "王小明", "phone_1": "13733334444", "name_2": "王小红"}
    )
    assert done.headers["Location"] == page
    shown = text(clerk.get(page))
    for name in ("王秀兰", "王小明", "王小红", "凭公证书", "继承"):
        assert name in shown
    wrong = Ownership.objects.get(person__name="王小红", to_on=None)
    fixed = clerk.post(
        f"{page}owners/{wrong.pk}/correct/", {"kind": "natural", "name": "王晓红", "reason": "同音字录错"}
    )
    assert fixed.headers["Location"] == page
    lodger = clerk.post(f"{page}occupants/", {"relation": "tenant", "name": "租客", "phone": ""})
    assert lodger.headers["Location"] == page
    room = Occupancy.objects.get(person__name="租客")
    assert clerk.post(f"{page}occupants/{room.pk}/end/").headers["Location"] == page
    for rest in ("transfer/", f"owners/{wrong.pk}/correct/", "occupants/"):
        assert clerk.get(page + rest).status_code in (200, 404)
        for reader in ("committee", "street_officer", "wang"):
            assert enter(reader).get(page + rest).status_code == 403


def test_of_two_who_correct_an_owner_the_second_reads_who_it_is_now_and_loses_no_word(world: World, enter):
    unit = f"units/{world.home_501.pk}/"
    wrong = Ownership.objects.get(person=world.wang_entry)
    other = owns(person(world.longqi, "王建军", "13755556666"), world.home_501)
    page = at_desk(f"{unit}owners/{wrong.pk}/correct/")
    first, second = enter("clerk"), enter("manager")
    typed = {"kind": "natural", "name": "王秀英", "reason": "证上是王秀英"}
    old = seen(text(second.get(page)))
    removing = at_desk(f"{unit}owners/{other.pk}/remove/")
    first.post(removing, {"reason": "重复录入", "seen": seen(text(first.get(removing)))})
    answer = second.post(page, typed | {"seen": old})
    told = text(answer)
    assert answer.status_code == 422 and "业主刚刚被别人改过，现在登记的是「王秀兰」" in told
    assert 'value="王秀英"' in told and "证上是王秀英" in told
    assert second.post(page, typed | {"seen": seen(told)}).status_code == 303
    late = first.post(page, typed | {"name": "王绣英", "seen": old})
    told = text(late)
    assert late.status_code == 422 and "刚刚被别人结束了，现在登记的业主是「王秀英」" in told
    assert 'value="王绣英"' in told
    assert first.get(page).status_code == 404


def seen(page: str) -> str:
    """The mark that a form carries of what its clerk had before them."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


STRANGERS = ("other_clerk", "other_manager", "repairer", "captain", "supervisor", "operator", "wang", "li")


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_gets_nothing_at_the_desk(world: World, enter, stranger):
    browser = enter(stranger)
    entry, unit = world.wang_entry.pk, world.home_501.pk
    share = Ownership.objects.get(person=world.wang_entry).pk
    for rest in (
        "",
        f"{entry}/",
        f"{entry}/correct/",
        f"{entry}/detach/",
        "take/",
        f"units/{unit}/",
        f"units/{unit}/transfer/",
        f"units/{unit}/owners/{share}/correct/",
        f"units/{unit}/occupants/",
    ):
        answer = browser.get(at_desk(rest))
        assert answer.status_code == 403, rest
        assert stranger == "wang" or "王秀兰" not in text(answer)
    for rest in ("find/", f"{entry}/phone/"):
        answer = browser.post(at_desk(rest), {"phone": "13812345678", "reason": "我想知道"})
        assert answer.status_code == 403
        assert "13812345678" not in text(answer).replace(" ", "")
    if stranger.startswith("other"):
        for rest in (f"{entry}/", f"units/{unit}/", f"{entry}/correct/"):
            assert browser.get(at_desk(rest, slug="haiyun")).status_code == 404
    assert not AccessRecord.objects.filter(person=entry).exists()


def test_nobody_is_led_to_the_login(world: World):
    for rest in ("", f"{world.wang_entry.pk}/", "take/"):
        assert Client().get(at_desk(rest)).headers["Location"].startswith("/login/?next=")


# --- duties -----------------------------------------------------------------------------------------------


def test_a_manager_invites_a_repairer_who_serves_the_own_company(world: World, enter):
    manager, page = enter("manager"), "/desk/longqi/roles/"
    shown = text(manager.get(page))
    assert "维修师傅" in shown
    assert 'value="committee_member"' not in shown
    form = {"role": "repairer", "name": "新师傅", "phone": "13711112222", "place": str(world.longqi.pk)}
    assert manager.post(page, form | {"phone": "1"}).status_code == 422
    assert manager.post(page, form | {"role": "committee_member"}).status_code == 422
    assert manager.post(page, form | {"last_on": "2026-12-31"}).headers["Location"] == page
    given = RoleAssignment.objects.get(account__name="新师傅")
    assert (given.organisation_id, str(given.to_on)) == (501, "2027-01-01")
    assert "新师傅" in text(manager.get(page))
    assert "12月31日 止" in text(manager.get(page))


def test_the_page_of_duties_is_for_those_who_serve_there(world: World, enter):
    for stranger in ("other_manager", "repairer", "captain", "wang"):
        assert enter(stranger).get("/desk/longqi/roles/").status_code == 403
    clerk = enter("clerk")
    assert "任命一位" not in text(clerk.get("/desk/longqi/roles/"))
    assert clerk.post("/desk/longqi/roles/", {"role": "repairer"}).status_code == 403


def test_who_leaves_hands_over_and_the_account_is_looked_after(world: World, enter):
    clerk = world.staff["clerk"]
    given = clerk.assignments.get()
    page = f"/desk/longqi/roles/{given.pk}/"
    manager = enter("manager")
    assert "停用账号" in text(manager.get(page))
    assert "停用账号" not in text(enter("committee").get(page))
    assert enter("other_manager").get(page).status_code == 403
    assert enter("other_manager").get(f"/desk/haiyun/roles/{given.pk}/").status_code == 404
    assert manager.post(page, {"do": "suspend", "reason": ""}).status_code == 422
    assert manager.post(page, {"do": "suspend", "reason": "待调查中"}).headers["Location"] == page
    assert "已停用" in text(manager.get(page))
    assert manager.post(page, {"do": "resume", "reason": "调查结束"}).headers["Location"] == page
    assert manager.post(page, {"do": "dance", "reason": "不存在的一步"}).status_code == 404
    assert enter("clerk").post(page, {"do": "suspend", "reason": "停用自己"}).status_code == 403
    assert (
        manager.post(page, {"do": "leave", "reason": "离职交接"}).headers["Location"] == "/desk/longqi/roles/"
    )
    given.refresh_from_db()
    assert given.to_on == AT.date()


def test_the_district_gives_duties_above_compounds(world: World, enter):
    operator = enter("operator")
    assert "长江路街道" in text(operator.get("/district/roles/"))
    page = f"/district/roles/{world.street.pk}/"
    form = {
        "role": "subdistrict_officer",
        "name": "新同事",
        "phone": "13711112222",
        "place": str(world.street.pk),
    }
    assert enter("district_officer").post(page, form).headers["Location"] == page
    given = RoleAssignment.objects.get(account__name="新同事")
    assert "新同事" in text(operator.get(f"{page}{given.pk}/"))
    other_street = world.street.__class__.objects.get(pk=world.street.pk)
    assert enter("street_officer").get(f"/district/roles/{world.district.pk}/").status_code == 403
    assert enter("street_officer").get(f"/district/roles/{other_street.pk}/").status_code == 200
    assert enter("clerk").get("/district/roles/").status_code == 403


# --- what it costs ------------------------------------------------------------------------------------------


def test_a_page_reads_the_session_once(world: World, enter):
    browser = enter("clerk")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(at_desk()).status_code == 200
    assert len([query for query in asked.captured_queries if "people_session" in query["sql"]]) == 1
    assert len(asked) <= 12


def test_the_list_does_not_ask_more_for_more_people(world: World, enter):
    browser = enter("clerk")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(at_desk())
        return len(asked)

    before = cost()
    for number in range(20):
        lives(person(world.longqi, f"住户{number}"), world.home_502)
    assert cost() == before
