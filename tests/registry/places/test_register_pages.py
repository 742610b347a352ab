"""The register of a compound as its keepers see it, asked for as a browser without JavaScript asks."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from tests.registry.places.cast import unit

pytestmark = pytest.mark.usefixtures("at_noon")
REGISTER = "/c/longqi/places/"


def text(answer) -> str:
    return answer.content.decode()


def codes(page: str) -> list[str]:
    """The units of the list, in its order."""
    return re.findall(r'<th scope="row" class="keep"><a href="[^"]+">([^<]+)</a>', page)


def downloaded(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "who", ["manager", "clerk", "committee", "community", "street", "district", "operator"]
)
def test_who_keeps_the_register_sees_it(enter, who):
    assert codes(text(enter(who).get(REGISTER))) == ["3-2-501", "3-2-1001", "10-S1", "B1-017"]


@pytest.mark.parametrize(
    "who", ["resident", "secretary", "captain", "repairer", "supervisor", "other_manager", "other_committee"]
)
def test_everybody_else_is_refused(world, enter, who):
    browser = enter(who)
    inside = ("", "print/", "export.csv", "export.xlsx", f"{world.building.pk}/", f"units/{world.home.pk}/")
    assert {browser.get(REGISTER + path).status_code for path in inside} == {403}


@pytest.mark.parametrize("path", ["{building}/", "units/{home}/"])
def test_places_and_units_of_another_compound_are_not_there(world, enter, path):
    address = "/c/haiyun/places/" + path.format(building=world.building.pk, home=world.home.pk)
    assert enter("other_manager").get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3-2-501", ["3-2-501"]),
        ("３－２－５０１", ["3-2-501"]),
        ("3号楼2单元501室", ["3-2-501"]),
        ("三号楼二单元501", ["3-2-501"]),
        ("3#2-501", ["3-2-501"]),
        ("501", ["3-2-501"]),
        ("3号楼", ["3-2-501", "3-2-1001"]),
        ("3栋2单元", ["3-2-501", "3-2-1001"]),
        ("3-2", ["3-2-501", "3-2-1001"]),
        ("b1-017", ["B1-017"]),
        ("商铺", ["10-S1"]),
        ("999", []),
        ("%", []),
    ],
)
def test_a_unit_is_found_as_people_write_it(enter, typed, found):
    assert codes(text(enter("clerk").get(REGISTER, {"q": typed}))) == found


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"inside": "building"}, ["3-2-501", "3-2-1001"]),
        ({"kind": "garage"}, ["B1-017"]),
        ({"which": "no_area"}, ["10-S1"]),
        ({"which": "closed"}, []),
        ({"kind": "castle", "inside": "0", "which": "lost"}, ["3-2-501", "3-2-1001", "10-S1", "B1-017"]),
    ],
)
def test_the_list_is_narrowed(world, enter, wish, found):
    wish = {key: str(world.building.pk) if value == "building" else value for key, value in wish.items()}
    assert codes(text(enter("clerk").get(REGISTER, wish))) == found


def test_the_sums_are_those_of_the_lines(enter):
    """118.64 + 119.00 + 12.72 = 250.36, and one shop has no area yet."""
    page = text(enter("clerk").get(REGISTER))
    assert "共 4 套，250.36 平方米，1 套没有面积" in re.sub(r"\s+", " ", page)
    lines = list(
        csv.reader(io.StringIO(downloaded(enter("clerk").get(f"{REGISTER}export.csv")).decode("utf-8-sig")))
    )
    assert [line[0] for line in lines[1:]] == ["3-2-501", "3-2-1001", "10-S1", "B1-017"]
    assert sum(round(float(line[4] or 0) * 100) for line in lines[1:]) == 25_036
    assert "250.36" in text(enter("clerk").get(f"{REGISTER}print/"))


def test_the_workbook_holds_the_same_lines_as_the_filtered_list(enter):
    answer = enter("manager").get(f"{REGISTER}export.xlsx", {"kind": "home"})
    sheet = load_workbook(io.BytesIO(downloaded(answer))).active
    assert [row[0].value for row in sheet.rows] == ["房号", "3-2-501", "3-2-1001"]
    assert enter("manager").get(f"{REGISTER}export.pdf").status_code == 404


def test_long_lists_are_turned_by_key_and_nothing_is_shown_twice(world, enter):
    for number in range(60):
        unit(world.garage, f"{number + 100}", f"B1-{number + 100}", 1_000, "garage")
    clerk, seen, address = enter("clerk"), [], REGISTER
    while address:
        page = text(clerk.get(address))
        seen += codes(page)
        following = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == ["3-2-501", "3-2-1001", "10-S1", "B1-017", *[f"B1-{number + 100}" for number in range(60)]]
    back = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert len(codes(text(clerk.get(back[1].replace("&amp;", "&"))))) == 20


def test_the_pages_cost_the_same_few_questions_however_much_stands_in_the_register(
    world, enter, django_assert_max_num_queries
):
    clerk = enter("clerk")
    for number in range(30):
        unit(world.garage, f"{number + 100}", f"B1-{number + 100}", 1_000, "garage")
    for path in ("", "print/", f"{world.building.pk}/", f"units/{world.home.pk}/"):
        with django_assert_max_num_queries(10):
            assert clerk.get(REGISTER + path).status_code == 200


def test_an_empty_register_leads_to_the_import_those_who_may_import(world, enter):
    from tests.registry.places.cast import found

    found("compound", "新苑", world.community, "xinyuan")
    page = text(enter("community").get("/c/xinyuan/places/"))
    assert "还没有登记楼栋和房屋" in page and "/desk/xinyuan/imports/" in page
    assert "/desk/xinyuan/imports/" not in text(enter("district").get("/c/xinyuan/places/"))
