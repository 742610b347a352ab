"""Next year's holidays: read, compared, entered, and what follows from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.ground.journal.models import Leaf
from linli.ground.kernel.calendar import DayTableFaults
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed
from linli.ground.web.idempotency import FIELD
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import Session
from linli.registry.regulations import actions
from linli.registry.regulations.domain.holiday_lines import as_csv, differences, read_table
from linli.registry.regulations.models import HolidayYear
from linli.registry.regulations.queries import holidays
from tests.registry.people.cast import AT, World, found_world

SOURCE = "国办发明电〔2026〕9号"
LINES = """2027-01-01 至 2027-01-03 元旦 休
2027-02-05—2027-02-11 春节 休
2027-02-13 春节 班
2027-05-01 至 2027-05-05 劳动节 休
2027/10/1~2027/10/7，国庆节，休
"""


@pytest.fixture
def world(db: None) -> World:
    return found_world()


@pytest.fixture
def enter(world: World, settings):
    """A browser in which one of the staff is signed in."""
    settings.LINLI_DEMO = True

    def enter(who: str) -> Client:
        account = world.staff[who]
        token = f"token-{account.pk}-{Session.objects.count()}"
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

    with time_machine.travel(AT, tick=False):
        yield enter


def table(world: World, text: str = LINES, by: str = "district_officer", **more):
    given = {"source": SOURCE} | more
    return actions.enter_holidays(actor=world.actor(by), text=text, at=AT, **given)


# --- reading ------------------------------------------------------------------------------------------------


def test_lines_are_read_as_staff_write_them():
    found = read_table(LINES)
    assert found.years == {2027}
    assert [found.is_off(date(2027, 2, day)) for day in (4, 5, 11, 13)] == [False, True, True, False]
    assert found.names[date(2027, 10, 7)] == "国庆节"


def test_csv_is_read_as_it_is_and_written_again_alike():
    found = read_table(LINES)
    assert as_csv(read_table(as_csv(found))) == as_csv(found)
    assert read_table("\ufeff" + as_csv(found)).days == found.days


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "没有任何日期"),
        ("2027-01-01 元旦", "第 1 行：应写成"),
        ("2027-01-01 元旦 不知道", "第 1 行：应写成"),
        ("2027-13-01 元旦 休", "第 1 行：日期“2027-13-01”不是有效的日期"),
        ("2027-01-03 至 2027-01-01 元旦 休", "第 1 行：起止日期颠倒"),
        ("2027-01-01 至 2027-02-01 元旦 休", "超过一个月"),
        (LINES + "2027-01-01 元旦 休", "2027-01-01 重复"),
        (LINES.replace("元旦 休", "元旦 班"), "1 月 1 日（元旦）应为休息日"),
        ("\n".join(LINES.splitlines()[:2]), "表不完整"),
        (LINES + "x 国庆 休", "第 6 行"),
        ("date,name,is_off_day\n2027-01-01,元旦,2", "应为 1（休息）或 0（上班）"),
        ("\n".join(["2027-01-01 元旦 休"] * 401), "最多 400 行"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, words: str):
    with pytest.raises(Invalid, match=words):
        read_table(text)


def test_two_years_at_once_are_refused():
    with pytest.raises(Invalid, match="一次只录一年"):
        read_table(LINES + LINES.replace("2027", "2028"))


def test_the_difference_names_what_comes_what_goes_and_what_turns():
    known = {date(2027, 1, 1): True, date(2027, 2, 13): True, date(2027, 3, 8): True}
    found = {one.day: (one.before, one.after) for one in differences(known, read_table(LINES))}
    assert date(2027, 1, 1) not in found
    assert found[date(2027, 2, 13)] == (True, False)
    assert found[date(2027, 3, 8)] == (True, None)
    assert found[date(2027, 2, 5)] == (None, True)


# --- entering -----------------------------------------------------------------------------------------------


def test_a_year_that_was_entered_counts_at_once(world: World):
    monday = date(2027, 2, 8)
    assert holidays.workdays().is_provisional(monday)
    assert holidays.workdays().is_working_day(monday)
    assert table(world).year == 2027
    assert not holidays.workdays().is_provisional(monday)
    assert not holidays.workdays().is_working_day(monday)
    assert holidays.workdays().is_working_day(date(2027, 2, 13)), "a Saturday that is worked"
    assert Leaf.objects.get(kind="holidays.enter").log_id == 0


@pytest.mark.parametrize("by", ["street_officer", "community_worker", "committee", "manager", "wang"])
def test_nobody_below_the_district_enters_what_counts_everywhere(world: World, by: str):
    with pytest.raises(NotAllowed, match="区里"):
        table(world, by=by)


@pytest.mark.parametrize("source", ["", "通知", "字" * 201])
def test_the_notice_is_named(world: World, source: str):
    with pytest.raises(Invalid, match="请写明依据"):
        table(world, source=source)


def test_a_faulty_table_leaves_no_trace(world: World):
    with pytest.raises(DayTableFaults):
        table(world, "2027-01-01 元旦 休")
    assert not HolidayYear.objects.exists()


def test_the_same_table_again_is_no_act_and_another_one_replaces_it(world: World):
    table(world)
    with pytest.raises(Conflict, match="完全一样"):
        table(world)
    table(world, LINES.replace("2027-02-13", "2027-02-14"), source="国办发明电〔2026〕10号")
    assert HolidayYear.objects.get().source == "国办发明电〔2026〕10号"
    assert not holidays.workdays().is_working_day(date(2027, 2, 13))
    assert [act.kind for act in holidays.entering_acts(2027)] == ["holidays.enter"] * 2


def test_a_preview_that_is_no_longer_true_is_refused(world: World):
    seen = holidays.known_table(2027).mark
    table(world)
    with pytest.raises(Conflict, match="重新预览"):
        table(world, LINES.replace("2027-02-13", "2027-02-14"), seen=seen)


# --- the pages ----------------------------------------------------------------------------------------------


def send(browser: Client, path: str, **data):
    return browser.post(path, {FIELD: f"key-{path}-{hash(str(data))}", **data})


def hidden(page: str, name: str) -> str:
    start = page.index(f'name="{name}"')
    if f'<textarea hidden name="{name}"' in page:
        return page[page.index(">", start) + 1 : page.index("</textarea>", start)].strip()
    return page[page.index('value="', start) + 7 :].split('"', maxsplit=1)[0]


def test_the_table_is_shown_checked_and_confirmed(enter):
    browser = enter("district_officer")
    first = browser.get("/district/holidays/").content.decode()
    assert "还没有 2027 年的放假安排" in first
    wrong = send(browser, "/district/holidays/enter/", source=SOURCE, text="2027-01-01 元旦")
    assert wrong.status_code == 422
    assert "2027-01-01 元旦</textarea>" in wrong.content.decode(), "what was typed stays"
    page = send(browser, "/district/holidays/enter/", source=SOURCE, text=LINES).content.decode()
    assert "2027年2月5日" in page
    assert not HolidayYear.objects.exists(), "a preview writes nothing"
    data = {name: hidden(page, name) for name in ("source", "text", "seen")}
    done = send(browser, "/district/holidays/confirm/", **data)
    assert done["Location"] == "/district/holidays/2027/"
    shown = browser.get(done["Location"]).content.decode()
    assert "2027 年的放假安排已录入" in shown
    assert "/v/LL1:0:" in shown
    assert "还没有 2027 年" not in browser.get("/district/holidays/").content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_offices_have(enter, encoding: str):
    browser = enter("operator")
    file = SimpleUploadedFile("2027.csv", as_csv(read_table(LINES)).encode(encoding))
    page = send(browser, "/district/holidays/enter/", source=SOURCE, text="", file=file)
    assert page.status_code == 200
    assert "春节" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "请填写放假安排，或者选一个文件"),
        ({"text": LINES, "file": b"date,name,is_off_day\n"}, "只能用一种"),
        ({"text": "", "file": b"\xff\xfe\x00"}, "不是文本"),
        ({"text": "", "file": b"a" * 70_000}, "文件太大"),
        ({"text": "", "file": b""}, "没有任何日期"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(enter, data, words):
    if "file" in data:
        data = data | {"file": SimpleUploadedFile("2027.csv", data["file"])}
    answer = send(enter("district_officer"), "/district/holidays/enter/", source=SOURCE, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_confirmation_out_of_nowhere_leads_back_to_the_form(enter):
    answer = send(enter("district_officer"), "/district/holidays/confirm/", text="x")
    assert answer["Location"] == "/district/holidays/enter/"


def test_a_confirmation_that_was_tampered_with_is_refused(enter):
    answer = send(enter("district_officer"), "/district/holidays/confirm/", source=SOURCE, text="x", seen="y")
    assert answer.status_code == 422
    assert not HolidayYear.objects.exists()
