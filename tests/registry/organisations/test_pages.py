"""The pages of organisations, asked for as a browser without JavaScript asks for them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.ground.web.idempotency import FIELD
from linli.registry.organisations import actions
from linli.registry.organisations.actions import DutyHours
from linli.registry.organisations.models import Duty, Organisation, Seat, ServiceContract, Term
from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import Account, Session
from tests.registry.organisations.cast import AT, THIRD_CODE, TODAY, House, agrees, elect, sign

DAY = timedelta(days=1)
LIST = "/district/organisations/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def enter(house: House, settings):
    """A browser in which one of the cast is signed in, second factor and all."""
    settings.LINLI_DEMO = True

    def enter(who: str) -> Client:
        account: Account = getattr(house.world, who, None) or house.world.staff[who]
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

    return enter


def text(answer) -> str:
    return answer.content.decode()


def send(browser: Client, path: str, **data):
    """As the form sends it, with its key."""
    return browser.post(path, {FIELD: f"key-{Session.objects.count()}-{path}-{hash(str(data))}", **data})


def seen(answer) -> str:
    """What stands on the page, without markup."""
    return re.sub(r"<[^>]+>", "", text(answer))


# --- the register -------------------------------------------------------------------------------------------


def test_an_officer_finds_a_company_by_part_of_its_name(house: House, enter):
    browser = enter("district_officer")
    assert "海韵物业有限公司" in text(browser.get(LIST))
    found = text(browser.get(LIST, {"q": "隆祺物业"}))
    assert "隆祺物业服务有限公司" in found
    assert "海韵物业有限公司" not in found
    assert "没有符合条件的机构" in text(browser.get(LIST, {"q": "没有这家"}))
    assert "隆祺嘉园小区党支部" in text(browser.get(LIST, {"kind": "party_branch"}))


def test_the_list_turns_its_pages_by_key_and_shows_each_body_once(house: House, enter):
    for number in range(30):
        Organisation.objects.create(
            kind="partner_unit", name=f"联动{number:02}", short_name=f"联{number}", place=house.world.district
        )
    browser = enter("district_officer")
    names: list[str] = []
    path: str | None = LIST + "?kind=partner_unit"
    while path:
        page = text(browser.get(path))
        names += re.findall(r">(联动\d\d)</a>", page)
        following = re.search(r'href="([^"]*after=[^"]*)"', page)
        path = following[1].replace("&amp;", "&") if following else None
    assert names == [f"联动{number:02}" for number in range(30)]


def test_the_list_asks_the_database_as_often_for_thirty_bodies_as_for_five(house: House, enter):
    browser = enter("district_officer")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(LIST).status_code == 200
        return len(queries)

    before = asked()
    for number in range(30):
        Organisation.objects.create(
            kind="partner_unit", name=f"联动{number:02}", short_name=f"联{number}", place=house.world.street
        )
    assert asked() == before <= 6


def test_the_list_goes_to_a_file_and_to_paper(house: House, enter):
    browser = enter("street_officer")
    csv = b"".join(browser.get(LIST + "export/csv/").streaming_content).decode("utf-8-sig")
    assert "隆祺物业服务有限公司" in csv
    assert "业主甲" not in csv
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(browser.get(LIST + "export/xlsx/", {"q": "隆祺物业"}).streaming_content))
    )
    assert [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)] == ["隆祺物业服务有限公司"]
    assert "机构名录" in text(browser.get(LIST + "print/"))
    assert browser.get(LIST + "export/pdf/").status_code == 404


def test_a_body_is_registered_in_two_steps_and_a_wrong_code_stays_beside_its_field(house: House, enter):
    browser = enter("district_officer")
    place = house.world.district.pk
    assert f"?place={place}" in text(browser.get(LIST + "new/", {"q": "西海岸"}))
    given = {"kind": "property_company", "name": "新家园物业有限公司", "short_name": "新家园"}
    wrong = send(browser, f"{LIST}new/?place={place}", **given, uscc="91370211MA00000A97")
    assert wrong.status_code == 422
    assert "校验位" in text(wrong)
    assert 'value="新家园物业有限公司"' in text(wrong)
    done = send(browser, f"{LIST}new/?place={place}", **given, uscc=THIRD_CODE)
    made = Organisation.objects.get(uscc=THIRD_CODE)
    assert done["Location"] == f"{LIST}{made.pk}/"
    assert "登记机构" in text(browser.get(done["Location"]))


def test_a_kind_that_does_not_stand_there_is_not_offered(house: House, enter):
    page = text(enter("street_officer").get(f"{LIST}new/?place={house.world.longqi.pk}"))
    assert "红色业主委员会" in page
    assert 'value="property_company"' not in page


@pytest.mark.parametrize("place", ["9" * 30, "x", "-1", "999999"])
def test_a_place_that_is_none_is_no_fault_of_the_house(enter, place: str):
    assert enter("district_officer").get(f"{LIST}new/", {"place": place}).status_code in (200, 404)


def test_a_correction_shows_in_the_history_with_its_proof(house: House, enter):
    browser = enter("district_officer")
    path = f"{LIST}{house.company.pk}/"
    given = {"name": house.company.name, "short_name": house.company.short_name, "uscc": house.company.uscc}
    refused = send(browser, path + "correct/", **given, phone="0532-00007777", reason="")
    assert refused.status_code == 422
    send(browser, path + "correct/", **given, phone="0532-00007777", reason="换了总机")
    page = text(browser.get(path))
    assert "电话：0532-00001234" in page
    assert "换了总机" in page
    assert "/v/LL1:0:" in page


def test_before_closing_one_reads_what_ends_with_it(house: House, enter):
    sign(house)
    browser = enter("district_officer")
    path = f"{LIST}{house.company.pk}/close/"
    assert "1 份" in text(browser.get(path))
    refused = send(browser, path, on=TODAY.isoformat(), reason="公司解散")
    assert refused.status_code == 422
    assert "还有 3 人在这个机构任职" in text(refused)


def test_a_body_outside_the_scope_answers_as_if_it_were_not_there(house: House, enter):
    from tests.registry.people.cast import place

    elsewhere = place("subdistrict", "别处街道", house.world.district)
    other = Organisation.objects.create(
        kind="subdistrict_office", name="别处办", short_name="别处", place=elsewhere
    )
    browser = enter("street_officer")
    for rest in ("", "correct/", "close/", "election/"):
        assert browser.get(f"{LIST}{other.pk}/{rest}").status_code == 404
    assert enter("district_officer").get(f"{LIST}{other.pk}/").status_code == 200


# --- contracts ----------------------------------------------------------------------------------------------


def test_a_contract_is_registered_filed_and_ended(house: House, enter):
    browser = enter("street_officer")
    path = f"{LIST}{house.company.pk}/"
    longqi = house.world.longqi.pk
    assert f"?compound={longqi}" in text(browser.get(path + "contracts/new/", {"q": "隆祺"}))
    form = f"{path}contracts/new/?compound={longqi}"
    assert "第五十三条" in text(browser.get(form))
    assert "第五十五条" in text(browser.get(form))
    wrong = send(browser, form, from_on="2026-04-01", last_on="2026-03-31")
    assert "晚于开始" in text(wrong)
    send(browser, form, signed_on="2026-03-10", from_on="2026-04-01", last_on="2028-03-31")
    contract = ServiceContract.objects.get()
    assert contract.to_on.isoformat() == "2028-04-01"
    assert "还没备案，最晚3月20日" in seen(browser.get(path))
    send(browser, f"{path}contracts/{contract.pk}/file/", filed_on="2026-03-12")
    end = f"{path}contracts/{contract.pk}/end/"
    assert "《民法典》第九百四十六条" in text(browser.get(end))
    assert send(browser, end, last_on="2027-03-31", reason="").status_code == 422
    send(browser, end, last_on="2027-03-31", reason="业主大会决定解聘")
    page = seen(browser.get(path))
    assert "业主大会决定解聘" in page
    assert "原定到2028年3月31日止" in page


def test_a_second_contract_for_the_same_days_is_refused_beside_the_date(house: House, enter):
    sign(house)
    form = f"{LIST}{house.other_company.pk}/contracts/new/?compound={house.world.longqi.pk}"
    answer = send(enter("district_officer"), form, from_on="2026-04-01")
    assert answer.status_code == 422
    assert "一个小区同一时间只能有一家" in text(answer)


# --- seats --------------------------------------------------------------------------------------------------


def elected_rows(house: House, count: int) -> dict[str, str]:
    rows: dict[str, str] = {}
    for number, owner in enumerate(house.owners[:count], start=1):
        rows |= {f"name_{number}": owner.name, f"phone_{number}": owner.phone, f"position_{number}": "委员"}
    return rows


def test_an_election_is_entered_by_name_and_number(house: House, enter):
    browser = enter("street_officer")
    path = f"{LIST}{house.committee.pk}/election/"
    given = {"from_on": "2026-03-01", "last_on": "2031-02-28", "basis": "业主大会书面表决"}
    assert "第三十五条" in text(browser.get(path))
    assert "人数要" not in text(browser.get(path))
    few = send(browser, path, **given, **elected_rows(house, 2))
    assert "至少 3 人" in text(few)
    rows = elected_rows(house, 3)
    unknown = send(browser, path, **given, **(rows | {"phone_2": "13711112222"}))
    assert "没有用这个手机号登录过的同名的人" in text(unknown)
    misnamed = send(browser, path, **given, **(rows | {"name_2": "别人"}))
    assert "没有用这个手机号登录过的同名的人" in text(misnamed), "numbers are not tried out for names"
    assert not Term.objects.exists()
    send(browser, path, **given, **rows)
    page = seen(browser.get(f"{LIST}{house.committee.pk}/"))
    assert "业主甲" in page
    assert "应有 3，在任 3" in page
    assert "赵立本" in page, "who acts for the committee without a seat is named to those who file"


def test_leaving_filling_naming_and_extending(house: House, enter):
    elect(house)
    browser = enter("street_officer")
    path = f"{LIST}{house.committee.pk}/"
    seat = Seat.objects.latest("pk")
    late = send(browser, f"{path}seats/{seat.pk}/leave/", last_on="2030-06-01", reason="书面辞职")
    assert "不能晚于任期届满" in text(late)
    send(browser, f"{path}seats/{seat.pk}/leave/", last_on="2026-03-15", reason="书面辞职")
    assert "书面辞职" in text(browser.get(path))
    owner = house.owners[3]
    send(
        browser,
        path + "seats/new/",
        name=owner.name,
        phone=owner.phone,
        position="委员",
        from_on="2026-03-16",
        basis="业主大会增补",
    )
    new = Seat.objects.latest("pk")
    assert new.account == owner
    send(browser, f"{path}seats/{new.pk}/position/", position="副主任", reason="推选")
    send(browser, path + "extend/", last_on="2031-05-31", basis="业主大会决定")
    page = seen(browser.get(path))
    assert "副主任" in page
    assert "2031年5月31日" in page


def test_a_seat_of_another_body_is_not_found_here(house: House, enter):
    elect(house)
    seat = Seat.objects.latest("pk")
    assert enter("street_officer").get(f"{LIST}{house.branch.pk}/seats/{seat.pk}/leave/").status_code == 404


def test_who_sits_in_a_party_body_is_kept_from_the_district(house: House, enter):
    agrees(house.owners[0], "party_membership")
    elect(house, organisation_id=house.branch.pk, members=house.members(1))
    path = f"{LIST}{house.branch.pk}/"
    assert "业主甲" in text(enter("street_officer").get(path))
    page = text(enter("district_officer").get(path))
    assert "业主甲" not in page
    assert "敏感个人信息" in page
    assert enter("district_officer").get(path + "election/").status_code == 403


def test_the_page_of_a_committee_asks_the_database_as_often_for_five_members_as_for_three(
    house: House, enter
):
    browser = enter("street_officer")
    path = f"{LIST}{house.committee.pk}/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    elect(house)
    three = asked()
    elect(house, members=house.members(5), from_on=TODAY, to_on=TODAY + timedelta(days=900))
    assert asked() <= three <= 20


# --- the roster ---------------------------------------------------------------------------------------------


def planned(house: House, **more):
    return actions.plan_duty(
        actor=house.actor("manager"),
        organisation_id=house.company.pk,
        place_id=house.world.longqi.pk,
        account_id=house.world.staff["clerk"].pk,
        days=[TODAY],
        hours=DutyHours("前台", 480, 1200, "0532-00008888"),
        at=AT,
        **more,
    )


def test_a_manager_plans_a_week_and_takes_a_shift_off(house: House, enter):
    sign(house)
    browser, path = enter("manager"), "/desk/longqi/duty/"
    given = {
        "member": f"{house.company.pk}-{house.world.staff['clerk'].pk}",
        "post": "前台",
        "begins": "8:00",
        "ends": "20:00",
        "days": [TODAY.isoformat(), (TODAY + DAY).isoformat()],
    }
    wrong = send(browser, path, **(given | {"begins": "早上"}))
    assert wrong.status_code == 422
    assert "不是有效的时间" in text(wrong)
    send(browser, path, **given)
    assert Duty.objects.count() == 2
    page = text(browser.get(path))
    assert "08:00—20:00 前台" in page
    assert "冯小燕" in page
    assert "冯小燕" in text(browser.get("/desk/longqi/duty/print/"))
    duty = Duty.objects.latest("pk")
    assert send(browser, f"{path}{duty.pk}/remove/", reason="").status_code == 422
    send(browser, f"{path}{duty.pk}/remove/", reason="请假")
    assert Duty.objects.filter(removed_at=None).count() == 1


def test_another_compounds_shift_is_not_found_at_this_desk(house: House, enter):
    sign(house)
    duty = planned(house)[0]
    assert (
        send(enter("other_manager"), f"/desk/haiyun/duty/{duty.pk}/remove/", reason="请假").status_code == 404
    )


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "xyz", "2026-02-30"])
def test_a_week_that_is_none_shows_this_week(house: House, enter, week: str):
    page = enter("supervisor").get("/desk/longqi/duty/", {"week": week})
    assert page.status_code == 200
    assert "3月16日" in text(page)


def test_who_only_reads_the_roster_plans_nothing(house: House, enter):
    browser = enter("supervisor")
    assert "排上" not in text(browser.get("/desk/longqi/duty/"))
    assert send(browser, "/desk/longqi/duty/", post="前台").status_code == 403


def test_everybody_reads_who_is_on_duty_and_whom_to_call(house: House):
    sign(house, filed_on=TODAY)
    elect(house)
    planned(house)
    agrees(house.owners[1], "identity_display")
    page = text(Client().get("/c/longqi/serving/"))
    assert "tel:0532-00008888" in page
    assert "冯**" in page
    assert "冯小燕" not in page
    assert "业**（主任）" in page
    assert "业主乙（委员）" in page
    assert "2027年3月31日" in page
    assert "业主甲" not in page


def test_the_public_page_is_light(house: House):
    sign(house)
    elect(house)
    planned(house)
    with CaptureQueriesContext(connection) as queries:
        Client().get("/c/longqi/serving/")
    assert len(queries) <= 14
