"""Two at once: what two people send at the same moment ends well for one, and tells the other in one sentence.

Every pair is held back by whoever writes (the head of the log, or SQLite's one lock) until both have come
as far as they can, and then let go together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.outward.exchange.files import workbook
from tests.site import installation
from tests.site.installation import Installation, Served
from tests.site.meeting import (
    HOME,
    Matter,
    Sending,
    account,
    at_once,
    carried,
    hidden,
    one_wins,
    photo,
    target,
    words,
)

DESK = "/desk/longqi/"


@pytest.fixture(scope="module")
def served(founded_installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house with two workers, so that two sendings really are two at once."""
    house = installation.copied(founded_installation, tmp_path_factory.mktemp("at-once") / "home")
    with house.served(workers=2) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _nobody_is_told_to_wait(served: Served) -> None:
    served.installation.ask("DELETE FROM web_rate_counter")


# --- one form ---------------------------------------------------------------------------------------------


def test_a_form_that_arrives_four_times_at_once_is_one_report_and_one_answer(served: Served):
    text = "四次一起到的：门禁坏了"
    same = [partial(served.browser("resident").report, text, "the-same-form") for _ in range(4)]
    answers = at_once(served, *same)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert served.installation.texts().count(text) == 1


def test_one_form_with_two_contents_at_once_takes_one_of_them_and_says_so(served: Served):
    texts = ["同一张表：灯坏了", "同一张表：水管坏了"]
    answers = at_once(
        served, *(partial(served.browser("resident").report, text, "two-in-one") for text in texts)
    )
    assert "这张表刚才已经提交过了" in words(one_wins(answers, 409))
    assert sum(served.installation.texts().count(text) for text in texts) == 1


def test_twenty_reports_at_once_get_twenty_numbers_and_a_log_without_a_gap(served: Served):
    people = ("resident", "elder", "neighbour", "tenant")
    sendings = [
        partial(served.browser(who).report, f"{who}：第 {number} 盏灯")
        for who in people
        for number in range(5)
    ]
    answers = at_once(served, *sendings)
    assert [answer.status_code for answer in answers] == [303] * 20
    assert len({answer.headers["Location"] for answer in answers}) == 20
    house = served.installation
    [[log, size]] = house.ask(
        "SELECT l.id, l.size FROM journal_log l JOIN places_place p ON p.id = l.id WHERE p.slug = 'longqi'"
    )
    indexes = [row[0] for row in house.ask(f'SELECT "index" FROM journal_leaf WHERE log_id = {log}')]
    assert sorted(indexes) == list(range(size))


# --- one request ------------------------------------------------------------------------------------------


def test_two_dispatchers_at_once_give_it_away_once_and_the_other_decides_anew(served: Served):
    matter = Matter(served, "两个人一起派的单：楼道灯坏了")
    offered = served.browser("committee").get(f"{HOME}{matter.key}/do/dispatch/")
    to_clerk, to_repairer = target(offered, "周婷"), target(offered, "刘建军")
    first, second = matter.opened("committee", "dispatch"), matter.opened("community", "dispatch")
    loser = one_wins(
        at_once(
            served,
            first(target=to_clerk, note="请前台先去看一看。"),
            second(target=to_repairer, note="请师傅今天就去。"),
        ),
        409,
    )
    assert "别人刚动过这件诉求：现在是「已派单」" in words(loser)
    assert len(matter.steps("dispatch")) == 1
    kept = {"请前台先去看一看。", "请师傅今天就去。"} - set(matter.steps("dispatch"))
    assert kept.pop() in words(loser), "what was typed is still in the form"

    again = served.browser("secretary").post(
        f"{HOME}{matter.key}/do/dispatch/", target=to_repairer, note="改派师傅。", **carried(loser)
    )
    assert again.status_code == 303, "who has read what changed may still decide otherwise"
    assert matter.column("handler_id") == account(served.installation, "刘建军")


def test_two_of_the_company_hand_an_order_on_at_once_and_one_does(served: Served):
    matter = Matter(served, "两个人一起转手的单：水管漏水")
    offered = served.browser("committee").get(f"{HOME}{matter.key}/do/dispatch/")
    matter.make("committee", "dispatch", target=target(offered, "隆祺物业"))
    by_manager, by_clerk = matter.opened("manager", "dispatch"), matter.opened("clerk", "dispatch")
    answers = at_once(
        served,
        by_manager(target=target(offered, "刘建军"), note="刘师傅去。"),
        by_clerk(target=target(offered, "孙立新"), note="孙经理去。"),
    )
    assert "别人刚动过这件诉求" in words(one_wins(answers, 409))
    assert len(matter.steps("dispatch")) == 2


def test_two_take_an_order_at_once_and_one_person_is_responsible(served: Served):
    matter = Matter(served, "两个人一起接的单：电梯异响")
    offered = served.browser("committee").get(f"{HOME}{matter.key}/do/dispatch/")
    matter.make("committee", "dispatch", target=target(offered, "隆祺物业"))
    answers = at_once(
        served,
        matter.opened("manager", "accept")(note="我来。"),
        matter.opened("repairer", "accept")(note="我去。"),
    )
    loser = words(one_wins(answers, 403, 409))
    assert "现在是「已接单」" in loser or "这件诉求没有派给您" in loser
    assert len(matter.steps("accept")) == 1
    name = "孙立新" if matter.steps("accept") == ["我来。"] else "刘建军"
    assert matter.column("handler_id") == account(served.installation, name)


def test_an_order_finished_on_two_phones_at_once_is_finished_once(served: Served):
    matter = Matter(served, "两个手机一起办完的：路灯不亮")
    offered = served.browser("committee").get(f"{HOME}{matter.key}/do/dispatch/")
    matter.make("committee", "dispatch", target=target(offered, "刘建军"))
    matter.make("repairer", "accept")
    one, other = matter.opened("repairer", "finish"), matter.opened("repairer", "finish")
    answers = at_once(
        served,
        one(files={"pictures": photo()}, note="换了灯泡。"),
        other(files={"pictures": photo()}, note="换了灯座。"),
    )
    loser = words(one_wins(answers, 409))
    assert "现在是「等您确认」" in loser
    assert len(matter.steps("finish")) == 1
    assert ({"换了灯泡。", "换了灯座。"} - set(matter.steps("finish"))).pop() in loser
    pictures = f"SELECT count(*) FROM requests_picture WHERE request_id = {matter.key}"
    assert served.installation.ask(pictures) == [(1,)]


def test_two_requests_merged_into_each_other_at_once_leave_one_of_them_open(served: Served):
    one, other = Matter(served, "并案甲：井盖松了"), Matter(served, "并案乙：井盖响")
    answers = at_once(
        served,
        one.opened("committee", "merge")(number=str(other.key)),
        other.opened("community", "merge")(number=str(one.key)),
        rows="requests_request",
    )
    loser = words(one_wins(answers, 409))
    assert "要并入的那件已经结束" in loser or "现在是「已并案」" in loser
    assert sorted([str(one.column("status")), str(other.column("status"))]) == ["merged", "received"]


def test_neighbours_who_say_me_too_at_once_are_all_counted_and_nobody_twice(served: Served):
    matter = Matter(served, "大家都遇到：单元门关不上")
    people = ("elder", "neighbour", "tenant", "elder")
    answers = at_once(
        served, *(partial(served.browser(who).post, f"{HOME}{matter.key}/support/") for who in people)
    )
    assert [answer.status_code for answer in answers] == [303] * 4
    assert matter.column("support_count") == 3


# --- one register -----------------------------------------------------------------------------------------


def unit(house: Installation, code: str) -> int:
    """A unit of the compound."""
    asked = f"""SELECT u.id FROM places_unit u JOIN places_place p ON p.id = u.compound_id
                WHERE p.slug = 'longqi' AND u.code = '{code}'"""
    return int(house.ask(asked)[0][0])


def owners(house: Installation, of: int) -> list[str]:
    """The names of the present owners."""
    asked = f"""SELECT m.name FROM people_ownership o JOIN people_person m ON m.id = o.person_id
                WHERE o.unit_id = {of} AND o.to_on IS NULL ORDER BY m.name"""
    return [name for (name,) in house.ask(asked)]


def sale(served: Served, who: str, of: int, buyer: str) -> Sending:
    """Somebody at the desk opens the form of a sale and fills it in."""
    browser, path = served.browser(who), f"{DESK}people/units/{of}/transfer/"
    seen, today = hidden(browser.get(path)), time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
    return partial(browser.post, path, ground="sale", on=today, name_1=buyer, reason="不动产权证已看", **seen)


def test_two_clerks_correct_one_person_at_once_and_neither_undoes_the_other(served: Served):
    house = served.installation
    key, name = house.ask(
        f"""SELECT m.id, m.name FROM people_person m JOIN people_ownership o ON o.person_id = m.id
            WHERE o.unit_id = {unit(house, "4-2-101")}"""
    )[0]
    path = f"{DESK}people/{key}/correct/"
    sendings = []
    for who, fields in (
        ("manager", {"name": "欧阳改名", "phone": ""}),
        ("clerk", {"name": str(name), "phone": "13900007777"}),
    ):
        browser = served.browser(who)
        typed = fields | {"document": "", "reason": "看过身份证"} | hidden(browser.get(path))
        sendings.append(partial(browser.post, path, **typed))
    loser = one_wins(at_once(served, *sendings), 422)
    assert "别人改了这条登记" in words(loser)
    [[now]] = house.ask(f"SELECT name FROM people_person WHERE id = {key}")
    assert f"现在的姓名是「{now}」" in words(loser)
    assert ("13900007777" if now == "欧阳改名" else "欧阳改名") in words(loser), (
        "what was typed is still there"
    )
    told = (
        f"SELECT count(*) FROM people_register_change WHERE person_id = {key} AND kind = 'person_corrected'"
    )
    assert house.ask(told) == [(1,)]


def test_a_home_sold_twice_at_once_has_one_buyer(served: Served):
    home = unit(served.installation, "1-2-301")
    answers = at_once(
        served, sale(served, "manager", home, "买家甲"), sale(served, "community", home, "买家乙")
    )
    assert "这套房的业主刚刚被别人改过，现在登记的是「买家" in words(one_wins(answers, 422))
    assert owners(served.installation, home) in (["买家甲"], ["买家乙"])


def test_two_owners_put_right_to_one_person_at_once_give_one_entry(served: Served):
    house = served.installation
    home = unit(house, "1-1-101")
    held_by = house.ask(
        f"SELECT id FROM people_ownership WHERE unit_id = {home} AND to_on IS NULL ORDER BY id"
    )
    assert len(held_by) == 2, "two co-owners"
    answers = at_once(
        served,
        *(
            partial(
                served.browser(who).post,
                f"{DESK}people/units/{home}/owners/{key}/correct/",
                kind="natural",
                name="上官真主",
                phone="13900008888",
                reason="登记时写错了人",
            )
            for who, (key,) in zip(("manager", "clerk"), held_by, strict=True)
        ),
    )
    assert "这个人已经登记为这套房的业主" in words(one_wins(answers, 422))
    assert owners(house, home).count("上官真主") == 1
    assert house.ask("SELECT count(*) FROM people_person WHERE name = '上官真主'") == [(1,)]


def test_one_family_entered_twice_at_once_lives_there_once(served: Served):
    home = unit(served.installation, "2-2-101")
    path = f"{DESK}people/units/{home}/occupants/"
    fields = {"relation": "tenant", "name": "司马租客", "phone": "13900009999"}
    answers = at_once(
        served,
        *(partial(served.browser(who).post, path, **fields) for who in ("manager", "clerk")),
    )
    assert "这个人已经登记在这套房里" in words(one_wins(answers, 422))
    asked = f"SELECT count(*) FROM people_occupancy WHERE unit_id = {home} AND to_on IS NULL"
    assert served.installation.ask(asked) == [(1,)]


def test_two_rolls_confirmed_at_once_are_taken_over_once(served: Served, tmp_path: Path):
    rows = [("楼号", "单元", "房号", "建筑面积(㎡)", "产权人", "联系电话")]
    rows += [
        ("9号楼", "1单元", f"{floor}01", 90, f"新住户{name}", "")
        for floor, name in enumerate("甲乙丙丁戊己", 1)
    ]
    roll = workbook(tmp_path / "名册.xlsx", {"名册": rows}).read_bytes()
    sendings = []
    for who in ("manager", "clerk"):
        browser = served.browser(who)
        sent = browser.post(f"{DESK}imports/", files={"file": ("名册.xlsx", roll)})
        assert sent.status_code == 303, sent.text
        address = sent.headers["Location"]
        fields = hidden(browser.get(address))
        sendings.append(partial(browser.post, f"{address}confirm/", **fields))
    loser = one_wins(at_once(served, *sendings), 409)
    assert "名册有了变化，所以还没有导入" in words(loser)
    house = served.installation
    assert house.ask("SELECT count(*) FROM people_person WHERE name LIKE '新住户%'") == [(6,)]
    assert house.ask("SELECT count(*) FROM people_import") == [(1,)]


# --- afterwards -------------------------------------------------------------------------------------------


def test_after_all_of_it_rows_and_log_agree_and_nobody_waited_in_a_circle(served: Served):
    house = served.installation
    verified = house.run("verify", "--db")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Traceback" not in served.log.read_text(encoding="utf-8")
    if installation.POSTGRES:
        asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert house.ask(asked) == [(0,)]
