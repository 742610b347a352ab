"""The pages of the common facilities, asked for as a browser without JavaScript asks for them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
import segno

from linli.ground.web import paging
from linli.registry.places import actions, queries
from linli.registry.places.models import Facility
from tests.registry.people.cast import AT, TODAY
from tests.registry.places.cast import FOUNDER, World

pytestmark = pytest.mark.usefixtures("at_noon")
HOME = "/c/longqi/places/facilities/"


def text(answer) -> str:
    return unescape(answer.content.decode())


def add(world: World, number: str, kind: str = "lamp", name: str = "路灯", **more) -> Facility:
    told = {"place_id": world.building.pk, "spot": ""} | more
    return actions.add_facility(actor=FOUNDER, kind=kind, asset_no=number, name=name, at=AT, **told)


@pytest.fixture
def some(world: World) -> dict[str, Facility]:
    """Lamps 2 and 10, a bench on the garage's roof, a lift, and a lamp that is out of use."""
    made = {
        "LD-2": add(world, "LD-2", name="南门路灯"),
        "LD-10": add(world, "LD-10", name="东路路灯", spot="花坛东侧"),
        "CY-01": add(world, "CY-01", "bench", "长椅", place_id=world.garage.pk),
        "DT-01": add(world, "DT-01", "lift", "电梯", place_id=world.entrance.pk),
        "LD-99": add(world, "LD-99", name="旧路灯"),
    }
    actions.retire_facility(actor=FOUNDER, facility_id=made["LD-99"].pk, reason="拆", on=TODAY, at=AT)
    add(world, "LD-2", name="邻家路灯", place_id=world.haiyun.pk)
    return made


def numbers(page: str) -> list[str]:
    return re.findall(r'<span class="keep">([^<]+)</span></a></th>', page)


# --- the list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["CY-01", "DT-01", "LD-2", "LD-10"]),
        ("?kind=lamp", ["LD-2", "LD-10"]),
        ("?which=retired", ["LD-99"]),
        ("?which=all&kind=lamp", ["LD-2", "LD-10", "LD-99"]),
        ("?q=ld-1", ["LD-10"]),
        ("?q=ＬＤ－２", ["LD-2"]),
        ("?q=花坛", ["LD-10"]),
        ("?q=路灯", ["LD-2", "LD-10"]),
        ("?q=东路 花坛", ["LD-10"]),
        ("?q=车库", ["CY-01"]),
        ("?q=没有的", []),
        ("?q=%25", []),
        ("?kind=rocket", ["CY-01", "DT-01", "LD-2", "LD-10"]),
        ("?inside=abc", ["CY-01", "DT-01", "LD-2", "LD-10"]),
    ],
)
def test_the_list_shows_what_fits_in_the_order_of_the_numbers(enter, some, asked, found):
    assert numbers(text(enter("clerk").get(HOME + asked))) == found


def test_what_stands_at_an_entrance_stands_in_its_building_too(world: World, enter, some):
    page = text(enter("clerk").get(f"{HOME}?inside={world.building.pk}"))
    assert numbers(page) == ["DT-01", "LD-2", "LD-10"]
    assert numbers(text(enter("clerk").get(f"{HOME}?inside={world.entrance.pk}"))) == ["DT-01"]
    assert numbers(text(enter("clerk").get(f"{HOME}?inside={world.haiyun.pk}"))) == [
        "CY-01",
        "DT-01",
        "LD-2",
        "LD-10",
    ], "a place of the next compound is no choice here"


def test_the_kinds_are_counted_under_the_same_wish(enter, some):
    page = text(enter("clerk").get(HOME))
    for words in ("全部 4", "长椅 1", "电梯 1", "路灯 2"):
        assert f">{words}</a>" in page
    page = text(enter("clerk").get(HOME + "?which=all&kind=bench"))
    for words in ("全部 5", "路灯 3"):
        assert f">{words}</a>" in page


def test_before_the_first_one_the_list_says_what_to_do(world: World, enter):
    page = text(enter("clerk").get(HOME))
    assert "还没有登记公共设施" in page
    assert f'href="{HOME}add/"' in page


def test_a_long_list_is_turned_page_by_page(world: World, enter, django_assert_max_num_queries):
    actions.add_facilities(
        actor=FOUNDER,
        place_id=world.longqi.pk,
        kind="lamp",
        first_no="LD-1",
        last_no="LD-120",
        name="路灯",
        at=AT,
    )
    browser, seen, way = enter("clerk"), [], HOME
    while way:
        with django_assert_max_num_queries(12):
            page = text(browser.get(way))
        seen += numbers(page)
        further = re.search(r'href="([^"]+after=[^"]+)"', page)
        way = further[1] if further else ""
    assert seen == [f"LD-{number}" for number in range(1, 121)]


@pytest.mark.parametrize("key", [["LD-1"], ["LD-1", "x"], [1, 2, 3], ["2026-01-01", "7"]])
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_page_address_of_another_list_is_answered_in_a_sentence(enter, some, key, side):
    for way in ("", "labels/"):
        answer = enter("clerk").get(f"{HOME}{way}?{side}={paging.write_cursor(key, path=HOME + way)}")
        assert answer.status_code == 422
        assert "这个翻页地址不完整" in text(answer)


# --- one ------------------------------------------------------------------------------------------------------


def test_a_facility_shows_where_it_stands_how_it_came_to_be_so_and_where_to_report(enter, world, some):
    lamp = some["LD-10"]
    actions.rename_facility(
        actor=world.actor("clerk"), facility_id=lamp.pk, name="东路大灯", reason="换了大灯", at=AT
    )
    page = text(enter("manager").get(f"{HOME}{lamp.pk}/"))
    for words in ("东路大灯", "LD-10", "3号楼", "花坛东侧", "换了大灯", "职员clerk", "东路路灯"):
        assert words in page
    assert 'href="/c/longqi/requests/new/?facility=LD-10"' in page
    assert 'href="/c/longqi/f/LD-10/"' in page
    assert page.count("自己核对") == 2, "every act with its proof"


def test_the_way_to_a_report_is_shown_to_those_who_serve_the_compound(enter, some):
    for who, shown in (("clerk", True), ("community", True), ("street", False), ("operator", False)):
        page = text(enter(who).get(f"{HOME}{some['LD-2'].pk}/"))
        assert ("反映它的问题" in page) is shown, who


def test_what_was_registered_in_a_row_shows_the_act_that_registered_it(enter, world):
    made = actions.add_facilities(
        actor=world.actor("manager"),
        place_id=world.longqi.pk,
        kind="lamp",
        first_no="LD-1",
        last_no="LD-3",
        name="路灯",
        at=AT,
    )
    page = text(enter("clerk").get(f"{HOME}{made[1].pk}/"))
    assert "成批登记" in page
    assert "职员manager" in page
    assert page.count("自己核对") == 1


def test_a_place_tells_how_many_stand_in_it_and_leads_to_them(world: World, enter, some):
    page = text(enter("clerk").get(f"/c/longqi/places/{world.building.pk}/"))
    assert f'href="{HOME}?inside={world.building.pk}"' in page
    assert queries.facilities_inside(world.building) == 3
    assert queries.facilities_inside(world.longqi) == 4


def test_a_facility_of_the_next_compound_is_not_found(world: World, enter, some):
    theirs = Facility.objects.get(compound=world.haiyun)
    for way in ("", "rename/", "kind/", "move/", "retire/", "restore/"):
        assert enter("clerk").get(f"{HOME}{theirs.pk}/{way}").status_code == 404


def test_a_retired_facility_has_no_label_and_can_come_back(enter, some):
    page = text(enter("clerk").get(f"{HOME}{some['LD-99'].pk}/"))
    assert "3月16日 起停用" in page
    assert "<svg role=" not in page
    assert f"{HOME}{some['LD-99'].pk}/restore/" in page


# --- the acts -------------------------------------------------------------------------------------------------


def test_a_clerk_registers_one_without_a_number_and_gets_the_next(world: World, enter, some):
    form = {"kind": "lamp", "asset_no": "", "name": "西路路灯", "place": world.longqi.pk, "spot": "西门内"}
    answer = enter("clerk").post(HOME + "add/", form)
    made = Facility.objects.get(name="西路路灯")
    assert (made.asset_no, made.place_id, made.spot) == ("LD-100", world.longqi.pk, "西门内")
    assert answer["Location"] == f"{HOME}{made.pk}/"


def test_the_next_number_is_proposed_for_the_chosen_kind(enter, some):
    assert "不填就用 CY-02" in text(enter("clerk").get(HOME + "add/?kind=bench"))
    piece = text(enter("clerk").get(HOME + "add/?kind=door", headers={"HX-Request": "true"}))
    assert piece.strip().startswith('<div id="number"')
    assert "不填就用 DM-01" in piece
    assert "下一个空号" in text(enter("clerk").get(HOME + "add/?kind=rocket"))
    typed = text(enter("clerk").get(HOME + "add/?kind=door&asset_no=M-7", headers={"HX-Request": "true"}))
    assert 'value="M-7"' in typed, "what was typed stays when another kind is chosen"


def test_a_number_given_before_stands_beside_its_field_and_what_was_typed_stays(world: World, enter, some):
    form = {"kind": "lamp", "asset_no": "ld-2", "name": "西路路灯", "place": world.longqi.pk, "spot": "西门"}
    answer = enter("clerk").post(HOME + "add/", form)
    assert answer.status_code == 422
    page = text(answer)
    assert "设施编号「LD-2」已经用过了，请换一个。" in page
    for typed in ("西路路灯", "西门", 'value="ld-2"'):
        assert typed in page


def test_an_empty_form_says_what_is_missing(enter, world):
    page = text(enter("clerk").post(HOME + "add/", {}))
    for words in ("请选择类别", "请填写名称", "请选择在哪里"):
        assert words in page


def test_a_row_is_registered_and_shown(world: World, enter):
    form = {"kind": "lamp", "first_no": "LD-01", "last_no": "LD-60", "name": "东路路灯"}
    answer = enter("manager").post(HOME + "add-row/", form | {"place": world.longqi.pk, "spot": "东路"})
    assert answer["Location"] == HOME + "?kind=lamp"
    assert Facility.objects.count() == 60


def test_a_row_that_cannot_be_is_refused_beside_the_number(world: World, enter):
    form = {"kind": "lamp", "first_no": "LD-09", "last_no": "LD-01", "name": "路灯", "place": world.longqi.pk}
    answer = enter("manager").post(HOME + "add-row/", form)
    assert answer.status_code == 422
    assert "止号「LD-01」在起号前面" in text(answer)


@pytest.mark.parametrize(
    ("way", "given", "column", "value"),
    [
        ("rename", {"name": "新名"}, "name", "新名"),
        ("kind", {"kind": "fire"}, "kind", "fire"),
        ("move", {"place": "garage", "spot": "入口"}, "spot", "入口"),
        ("retire", {"on": "2026-03-15"}, "retired_on", TODAY.replace(day=15)),
    ],
)
def test_every_change_asks_why_and_leads_back(world: World, enter, some, way, given, column, value):
    lamp, browser = some["LD-10"], enter("clerk")
    if "place" in given:
        given = given | {"place": world.garage.pk}
    here = f"{HOME}{lamp.pk}/{way}/"
    assert browser.get(here).status_code == 200
    silent = browser.post(here, given)
    assert silent.status_code == 422
    assert "请填写原因" in text(silent)
    assert browser.post(here, given | {"reason": "现场核对"})["Location"] == f"{HOME}{lamp.pk}/"
    lamp.refresh_from_db()
    assert getattr(lamp, column) == value


def test_a_facility_comes_back_from_out_of_use(enter, some):
    lamp = some["LD-99"]
    answer = enter("clerk").post(f"{HOME}{lamp.pk}/restore/", {"reason": "拆错了"})
    assert answer.status_code == 303
    lamp.refresh_from_db()
    assert lamp.retired_on is None


def test_a_day_ahead_stands_beside_the_day(enter, some):
    way = f"{HOME}{some['LD-2'].pk}/retire/"
    answer = enter("clerk").post(way, {"on": "2026-03-17", "reason": "拆"})
    assert answer.status_code == 422
    assert "停用日期不能晚于今天" in text(answer)


def test_where_a_facility_stands_is_offered_even_if_the_place_is_no_more(world: World, enter, some):
    bench = some["CY-01"]
    world.garage.closed_on = TODAY
    world.garage.save()
    page = text(enter("clerk").get(f"{HOME}{bench.pk}/move/"))
    assert f'<option value="{world.garage.pk}" selected>地下车库（已注销）</option>' in page


# --- to take along ----------------------------------------------------------------------------------------------


def test_the_list_is_printed_with_room_to_write(enter, some):
    page = text(enter("clerk").get(HOME + "print/?which=all"))
    for words in ("公共设施清单", "共 5 件", "检查情况", "LD-99", "3月16日 停用", "打印人：职员clerk"):
        assert words in page


def test_the_list_leaves_as_a_table(enter, some):
    answer = enter("clerk").get(HOME + "export.csv?which=all&kind=lamp")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["设施编号", "名称", "类别", "所在", "具体位置", "停用日期"]
    assert [row[0] for row in rows[1:]] == ["LD-2", "LD-10", "LD-99"]
    assert rows[3][5] == "2026-03-16"
    assert enter("clerk").get(HOME + "export.xlsx").status_code == 200
    assert enter("clerk").get(HOME + "export.doc").status_code == 404


# --- labels -----------------------------------------------------------------------------------------------------


def matrix(page: str, name: str) -> list[list[bool]]:
    """The modules of the code that is called by this name, read off the lines of its picture."""
    svg = re.search(rf'<svg role="img" aria-label="{name}"[^>]*viewBox="0 0 (\d+) \d+".*?</svg>', page)
    assert svg, page
    size = int(svg[1])
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    way = re.search(r' d="([^"]+)"', svg[0])[1]
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", way):
        if command == "h":
            for column in range(int(x), int(x) + int(first)):
                dark[int(y)][column] = True
            x += int(first)
        else:
            x, y = (x if command == "m" else 0) + float(first), (y if command == "m" else 0) + float(second)
    return dark


@pytest.mark.parametrize("number", ["LD-2", "LD-10"])
def test_the_code_on_a_label_is_that_of_the_address_that_is_scanned(enter, some, number):
    page = text(enter("clerk").get(HOME + "labels/"))
    meant = segno.make(f"http://testserver/c/longqi/f/{number}/", error="m", micro=False).matrix
    assert matrix(page, number) == [[bool(module) for module in row] for row in meant]
    assert enter("resident").get(f"/c/longqi/f/{number}/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "labelled"),
    [
        ("", ["CY-01", "DT-01", "LD-2", "LD-10"]),
        ("?kind=lamp", ["LD-2", "LD-10"]),
        ("?which=all", ["CY-01", "DT-01", "LD-2", "LD-10"]),
        ("?which=retired", ["CY-01", "DT-01", "LD-2", "LD-10"]),
    ],
)
def test_labels_are_for_what_fits_and_is_in_use(enter, some, asked, labelled):
    page = text(enter("clerk").get(HOME + "labels/" + asked))
    assert re.findall(r'class="cut__no[^"]*">([^<]+)<', page) == labelled
    assert "<b>扫码报修</b> · 隆祺嘉园" in page


def test_labels_are_for_what_was_ticked(world: World, enter, some):
    theirs = Facility.objects.get(compound=world.haiyun).pk
    asked = f"?ticked=1&id={some['LD-10'].pk}&id={some['LD-99'].pk}&id={theirs}&id=x&id={10**30}"
    page = text(enter("clerk").get(HOME + "labels/" + asked))
    assert re.findall(r'class="cut__no[^"]*">([^<]+)<', page) == ["LD-10"]


def test_nothing_ticked_is_said(enter, some):
    page = text(enter("clerk").get(HOME + "labels/?ticked=1"))
    assert "还没有勾选设施" in page
    assert 'class="cut"' not in page


@pytest.mark.parametrize(("size", "sheets"), [("s", 3), ("m", 5), ("l", 15), ("xxl", 5)])
def test_the_size_decides_how_many_stand_on_a_sheet(world: World, enter, size, sheets):
    actions.add_facilities(
        actor=FOUNDER,
        place_id=world.longqi.pk,
        kind="lamp",
        first_no="LD-01",
        last_no="LD-60",
        name="路灯",
        at=AT,
    )
    page = text(enter("clerk").get(f"{HOME}labels/?kind=lamp&size={size}"))
    assert page.count('<section class="label-sheet') == sheets
    assert page.count('class="cut"') == 60


def test_more_labels_follow_on_the_next_page(world: World, enter, django_assert_max_num_queries):
    for first, last in ((1, 200), (201, 250)):
        actions.add_facilities(
            actor=FOUNDER,
            place_id=world.longqi.pk,
            kind="lamp",
            first_no=f"LD-{first}",
            last_no=f"LD-{last}",
            name="路灯",
            at=AT,
        )
    with django_assert_max_num_queries(10):
        page = text(enter("clerk").get(HOME + "labels/?size=s"))
    assert page.count('class="cut"') == 240
    following = re.search(r'href="([^"]+after=[^"]+)"', page)[1]
    assert "size=s" in following
    assert text(enter("clerk").get(following)).count('class="cut"') == 10


def test_labels_printed_under_another_name_than_the_public_one_are_warned_of(enter, some, settings):
    settings.LINLI_ORIGIN = "linli.example.cn"
    page = text(enter("clerk").get(HOME + "labels/"))
    assert "码里的网址现在以 testserver 开头，不是对外的网址 linli.example.cn" in page
    settings.LINLI_ORIGIN = "testserver"
    assert "不是对外的网址" not in text(enter("clerk").get(HOME + "labels/"))


# --- who may ----------------------------------------------------------------------------------------------------

PAGES = ("", "add/", "add-row/", "print/", "labels/", "export.csv", "{one}/", "{one}/rename/", "{one}/kind/")
PAGES += ("{one}/move/", "{one}/retire/", "{one}/restore/")


@pytest.mark.parametrize("page", PAGES)
def test_who_keeps_nothing_here_sees_nothing(enter, some, page):
    way = HOME + page.format(one=some["LD-2"].pk)
    for who in ("secretary", "captain", "repairer", "supervisor", "other_manager", "other_committee"):
        answer = enter(who).get(way)
        assert answer.status_code == 403, who
        assert "LD-10" not in text(answer)
    assert enter("resident").get(way).status_code in (403, 404)


@pytest.mark.parametrize(
    "who", ["committee", "manager", "clerk", "community", "street", "district", "operator"]
)
def test_the_keepers_come_in_everywhere(enter, some, who):
    browser = enter(who)
    for page in PAGES:
        assert browser.get(HOME + page.format(one=some["LD-2"].pk)).status_code == 200, page
