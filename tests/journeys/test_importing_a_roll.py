"""A clerk brings the roll as the company keeps it: looks at what would change, confirms, and takes it back."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random
from time import perf_counter

import openpyxl
import pytest
from django.utils import timezone

from linli.outward.exchange.adapters import sample_files
from linli.outward.exchange.domain import sample, sample_homes
from linli.registry.places.models import Unit
from linli.site.demo import cast
from tests.journeys.test_every_page import DESKTOP, LOOKS, PHONE, faults_of
from tests.journeys.test_one_bench_for_many import sign_in

PREVIEW_SECONDS = 3 * 5
"""The promise is 3 s on a quiet machine (``make bench ONLY=imports``); here others may be at work."""


@pytest.fixture(scope="module")
def roll(tmp_path_factory):
    """A messy workbook of 2,000 homes, and the faults that were planted in it."""
    chance = Random(7)
    [compound] = sample_homes.compounds(1, 2000, chance)
    book = sample.messy_book(compound, chance)
    path = tmp_path_factory.mktemp("roll") / "名册.xlsx"
    sample_files.write_book(path, book)
    return path, book


@pytest.fixture
def world(transactional_db, settings, tmp_path):
    settings.LINLI_DEMO, settings.HOME = True, tmp_path / "home"
    return cast.found_world(at=timezone.now() - timedelta(days=2), buildings=5, floors=5)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def clerk(request, chromium, live_server, world):
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", base_url=live_server.url,
        java_script_enabled=request.param, reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, cast.BY_KEY["manager"].phone)
    yield page
    context.close()


VIEWS = {"light": (PHONE, DESKTOP), "dark": (PHONE,), "care": (PHONE,)}


@pytest.fixture
def look_at(request, chromium, live_server, clerk):
    """Looks at the page on which the clerk stands, in every look; once is enough, and axe needs scripts."""

    def look_at() -> None:
        if "without JavaScript" in request.node.name:
            return
        for look, sizes in VIEWS.items():
            context = chromium.new_context(locale="zh-CN", reduced_motion="reduce", base_url=live_server.url)
            context.add_cookies(clerk.context.cookies())
            page = context.new_page()
            page.goto(f"/settings/display/?{LOOKS[look]}")
            page.goto(clerk.url)
            faults = list(faults_of(page, sizes))
            context.close()
            assert not faults, f"{clerk.url} {look}: {faults}"

    return look_at


def send(page, path) -> float:
    page.goto("/desk/longqi/imports/")
    page.set_input_files("[name=file]", path)
    started = perf_counter()
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url("**/upload/**")
    return perf_counter() - started


def test_a_roll_is_looked_at_confirmed_found_in_place_and_taken_back(clerk, look_at, roll, tmp_path):
    path, book = roll
    before = Unit.objects.count()
    clerk.goto("/desk/longqi/imports/")
    look_at()

    assert send(clerk, path) < PREVIEW_SECONDS
    text = clerk.locator("main").inner_text()
    assert f"{len(book.planted)} 处问题" in text and f"可录入 {len(book.good)} 户" in text
    look_at()
    with clerk.expect_download() as coming:
        clerk.get_by_role("link", name="下载标出问题的工作簿").click()
    coming.value.save_as(tmp_path / "问题.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "问题.xlsx")
    assert all(marked[one.sheet][one.cell].comment for one in book.planted)

    clerk.get_by_role("button", name="确认导入").click()
    clerk.wait_for_url(re.compile(r"/imports/\d+/$"))
    result = clerk.url
    assert "名册已导入" in clerk.content() and Unit.objects.count() > before + 1000
    look_at()

    send(clerk, path)
    assert "没有要改的" in clerk.content() and clerk.get_by_role("button", name="确认导入").count() == 0
    look_at()
    clerk.get_by_role("button", name="放弃，不导入").click()
    clerk.wait_for_url("**/imports/")

    clerk.goto(result)
    clerk.locator("summary", has_text="撤销这次导入").click()
    clerk.get_by_role("button", name="确认撤销").click()
    clerk.wait_for_url("**/imports/")
    assert "已撤销" in clerk.content() and Unit.objects.count() == before
    look_at()


def test_every_page_of_the_list_of_faults_names_sheet_and_cell(clerk, roll):
    path, book = roll
    send(clerk, path)
    listed: set[tuple[str, str]] = set()
    while True:
        for row in clerk.locator("main table tbody tr").all():
            if row.locator("td .tag").inner_text() == "没有录入":
                sheet, cell = row.locator("th").inner_text().split("\n")
                listed.add((sheet, cell))
        following = clerk.locator("nav.pager").first.get_by_role("link", name="下一页")
        if following.count() == 0 or len(listed) >= len(book.planted):
            break
        following.click()
        clerk.wait_for_load_state()
    assert listed == {(one.sheet, one.cell) for one in book.planted}


def test_what_is_no_roll_is_one_sentence_beside_the_field(clerk, tmp_path):
    (tmp_path / "照片.xlsx").write_bytes(b"\xff\xd8\xff\xe0\0\0JFIF")
    clerk.goto("/desk/longqi/imports/")
    clerk.set_input_files("[name=file]", tmp_path / "照片.xlsx")
    clerk.get_by_role("button", name="上传并预览").click()
    clerk.wait_for_load_state()
    clerk.get_by_text("不是 Excel 工作簿").first.wait_for()
