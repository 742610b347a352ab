"""The tree above the compounds, as the district and the streets see it and draw it."""

from __future__ import annotations

import csv
import io
import re

import pytest

from linli.registry.places.models import Place
from tests.registry.places.cast import found, unit
from tests.registry.places.test_acts_pages import errors, text

pytestmark = pytest.mark.usefixtures("at_noon")
ABOVE = "/district/places/"


def rows(page: str) -> list[list[str]]:
    """The lines of the tables: name, kind, compounds, units, area; the last line of a table is its sum."""
    found = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", page, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</t[hd]>", line)[:-1]] for line in found
    ]


def test_the_district_sees_its_streets_with_counts_and_a_sum(world, enter):
    """250.36 + 77.00 = 327.36; the shop has no area."""
    found("subdistrict", "灵珠山街道", world.district)
    page = text(enter("district").get(ABOVE))
    assert rows(page) == [
        ["灵珠山街道 街道", "0", "0", "0.00"],
        ["长江路街道 街道", "2", "5", "327.36"],
        ["合计", "2", "5", "327.36"],
    ]


def test_the_street_sees_its_communities_with_their_compounds_below(world, enter):
    page = text(enter("street").get(ABOVE))
    assert rows(page) == [
        ["江山社区 社区", "2", "5", "327.36"],
        ["海韵花园 小区", "", "1", "77.00"],
        ["隆祺嘉园 小区", "", "4", "250.36"],
        ["合计", "2", "5", "327.36"],
    ]


def test_a_compound_leads_to_its_register(world, enter):
    page = text(enter("street").get(f"{ABOVE}{world.longqi.pk}/"))
    assert "/c/longqi/places/" in page and "250<span" in page


def test_the_export_has_a_line_for_each_compound(world, enter):
    answer = enter("district").get(f"{ABOVE}{world.street.pk}/export.csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines[1:] == [
        ["长江路街道", "江山社区", "海韵花园", "1", "77.00", "0"],
        ["长江路街道", "江山社区", "隆祺嘉园", "4", "250.36", "1"],
    ]
    assert enter("district").get(f"{ABOVE}{world.street.pk}/export.pdf").status_code == 404


def test_compounds_are_found_by_name_within_what_one_answers_for(world, enter):
    other = found("subdistrict", "灵珠山街道", world.district)
    found("compound", "隆祺别苑", found("community", "灵珠社区", other), "bieyuan")
    assert "隆祺别苑" in text(enter("district").get(ABOVE, {"q": "隆祺"}))
    page = text(enter("street").get(ABOVE, {"q": "隆祺"}))
    assert "隆祺嘉园" in page and "隆祺别苑" not in page
    assert "没有叫这个名字的小区" in text(enter("street").get(ABOVE, {"q": "没有"}))


def test_the_street_founds_a_compound_and_its_address_word_is_checked(world, enter):
    street, page = enter("street"), f"{ABOVE}{world.community.pk}/new/"
    new = {"kind": "compound", "name": "新苑（一期）", "slug": "XinYuan"}
    assert errors(street.post(page, new | {"slug": ""})) == ["请填写网址词"]
    assert errors(street.post(page, new | {"slug": "新苑"})) == [
        "网址用 3 到 40 个小写字母、数字或短横线，以字母开头，例如 longqi。"
    ]
    assert errors(street.post(page, new | {"slug": "longqi"})) == [
        "网址「longqi」已有别的小区在用，请换一个。"
    ]
    assert street.post(page, new).headers["Location"] == f"{ABOVE}{world.community.pk}/"
    assert Place.objects.get(slug="xinyuan").name == "新苑(一期)"
    assert "还没有登记楼栋和房屋" in text(street.get("/c/xinyuan/places/"))


def test_the_street_draws_no_communities(world, enter):
    street = enter("street")
    offered = text(street.get(f"{ABOVE}{world.street.pk}/new/"))
    assert 'value="compound"' in offered and 'value="community"' not in offered
    answer = street.post(
        f"{ABOVE}{world.street.pk}/new/", {"kind": "community", "name": "新社区", "slug": "xin"}
    )
    assert errors(answer) == ["请从列出的里面选一个"]
    for end in ("rename", "close", "reopen"):
        assert street.get(f"{ABOVE}{world.community.pk}/{end}/").status_code == 403


def test_the_district_founds_renames_closes_and_restores_a_street(world, enter):
    district = enter("district")
    district.post(f"{ABOVE}{world.district.pk}/new/", {"kind": "subdistrict", "name": "灵珠山街道"})
    made = Place.objects.get(name="灵珠山街道")
    page = f"{ABOVE}{made.pk}/"
    district.post(f"{page}rename/", {"name": "灵山街道", "reason": "区划调整"})
    district.post(f"{page}close/", {"on": "2026-03-16", "reason": "并入别的街道"})
    told = text(district.get(page))
    assert "灵珠山街道 → <b>灵山街道</b>" in told and "并入别的街道" in told
    assert re.search(r'class="proof" href="/v/LL1:0:', told)
    assert re.search(
        r"已注销的（1）.*灵山街道", text(district.get(f"{ABOVE}{world.district.pk}/")), re.DOTALL
    )
    district.post(f"{page}reopen/", {"reason": "没有并入"})
    assert rows(text(district.get(ABOVE)))[0][0] == "灵山街道 街道"


def test_a_compound_with_buildings_is_not_closed_and_the_page_leads_to_them(world, enter):
    street, page = enter("street"), f"{ABOVE}{world.longqi.pk}/close/"
    told = text(street.get(page))
    assert "里面还有 3 处地方、0 套房屋、0 件设施在用" in told
    assert f"/c/longqi/places/{world.building.pk}/" in told and 'name="reason"' not in told
    answer = street.post(page, {"on": "2026-03-16", "reason": "拆迁"})
    assert errors(answer) == ["里面还有 3 处地方、0 套房屋、0 件设施在用，请先处理它们。"]


def test_nothing_inside_a_compound_is_drawn_from_above(world, enter):
    district = enter("district")
    assert district.get(f"{ABOVE}{world.longqi.pk}/new/").status_code == 403
    assert district.get(f"{ABOVE}{world.building.pk}/").status_code == 404
    assert district.get(f"{ABOVE}999999/").status_code == 404


@pytest.mark.parametrize(
    "who", ["resident", "manager", "clerk", "committee", "community", "secretary", "supervisor"]
)
def test_nobody_else_sees_the_tree(world, enter, who):
    browser = enter(who)
    ends = ("", "export.csv", "new/", "rename/", "close/", "reopen/")
    addresses = [ABOVE, *(f"{ABOVE}{world.community.pk}/{end}" for end in ends)]
    assert {browser.get(address).status_code for address in addresses} == {403}


def test_another_street_is_none_of_a_streets_business(world, enter):
    other = found("subdistrict", "灵珠山街道", world.district)
    community = found("community", "灵珠社区", other)
    compound = found("compound", "隆祺别苑", community, "bieyuan")
    street = enter("street")
    for place in (other, community, compound, world.district):
        for end in ("", "export.csv", "new/", "rename/", "close/", "reopen/"):
            assert street.get(f"{ABOVE}{place.pk}/{end}").status_code == 403
    assert "灵珠" not in text(street.get(ABOVE))


def test_the_pages_cost_the_same_few_questions_however_many_compounds_there_are(
    world, enter, django_assert_max_num_queries
):
    for number in range(12):
        compound = found("compound", f"新苑{number}号院", world.community, f"yuan{number}")
        unit(compound, "1", "1-1")
    for who, address in (("district", ABOVE), ("street", ABOVE), ("district", f"{ABOVE}{world.street.pk}/")):
        browser = enter(who)
        with django_assert_max_num_queries(10):
            assert browser.get(address).status_code == 200
