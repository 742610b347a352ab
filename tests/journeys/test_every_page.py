"""Every page of the house, as people see it: readable by machines that read aloud, whole on a narrow phone, light."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from linli.registry.people.domain.login import COOKIE
from linli.site.demo.cast import BY_KEY
from tests.access.test_matrix import TABLE
from tests.journeys.crawling import Loads, Page

AXE: str = Axe().axe_script
PHONE, DESKTOP, NARROW = (390, 844), (1440, 900), (320, 640)
ZOOMED = (720, 450)
"""What is left of a desktop at 200 %: as many CSS pixels, so the same layout."""
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
LOOKS = {
    "light": "theme=light&mode=standard",
    "dark": "theme=dark&mode=standard",
    "care": "theme=light&mode=care",
}
HALVES = {"first": 0, "second": 1}
"""Two browsers look at half of the pages each, or one would wait for the other."""


def opened(chromium, served: str, pages: list[Page], look: str) -> Iterator:
    """Every page, one after the other, in a browser that everybody signs in to."""
    context = chromium.new_context(locale="zh-CN", base_url=served, reduced_motion="reduce")
    browser = context.new_page()
    resize(browser, PHONE)
    browser.goto(f"/settings/display/?{LOOKS[look]}")
    for page in pages:
        context.clear_cookies(name=COOKIE)
        if page.token:
            context.add_cookies([{"name": COOKIE, "value": page.token, "url": served}])
        resize(browser, PHONE)
        browser.goto(page.path)
        yield page, browser
    context.close()


def resize(browser, size: tuple[int, int]) -> None:
    """Make the window so large."""
    browser.set_viewport_size({"width": size[0], "height": size[1]})


def violations(browser) -> list[dict]:
    """What axe finds wrong in the window as it is now; brings axe along where the page has none yet."""
    if not browser.evaluate("'axe' in window"):
        browser.evaluate(AXE)
    return browser.evaluate("rules => axe.run(rules)", RULES)["violations"]


def width(browser) -> int:
    """How wide the page is, with what sticks out."""
    return browser.evaluate("document.documentElement.scrollWidth")


def faults_of(browser, sizes: Iterable[tuple[int, int]] = (PHONE, DESKTOP)) -> Iterator[str]:
    """What shuts somebody out on the page that is open: under axe in these sizes, and narrow and enlarged."""
    for size in sizes:
        resize(browser, size)
        for one in violations(browser):
            yield f"{size[0]} px: {one['id']}: {one['nodes'][0]['html'][:160]} ×{len(one['nodes'])}"
    for size in (NARROW, ZOOMED):
        resize(browser, size)
        if width(browser) > size[0]:
            yield f"{size[0]} px: scrolls sideways, {width(browser)} wide"


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("look", LOOKS)
def test_no_page_shuts_anybody_out(chromium, served, pages, look, half):
    """Under axe without a violation, and whole at 320 px and at 200 %."""
    faults = []
    for page, browser in opened(chromium, served, pages[HALVES[half] :: 2], look):
        faults += [f"{page.path} ({page.who}): {fault}" for fault in faults_of(browser)]
    assert not faults, "\n".join(faults)


def test_a_page_that_shuts_people_out_is_found(chromium):
    """The looking itself is tried: a picture without words, pale letters, a nameless field, a broad table."""
    page = chromium.new_page()
    page.set_content(
        "<html lang=zh><title>试</title><main><h1>试</h1><img src=data:,><p style='color:#ccc'>看不清</p>"
        "<input><div style='width:800px'>宽</div></main>"
    )
    faults = list(faults_of(page))
    page.close()
    for said in (
        "390 px: image-alt",
        "1440 px: color-contrast",
        "390 px: label",
        "320 px: scrolls",
        "720 px: scrolls",
    ):
        assert any(fault.startswith(said) for fault in faults), said


def test_every_page_is_found_by_following_links(crawled):
    """A page that no link leads to is a page that nobody finds."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] == "GET" and "in" in row.values()]
    openable = {row["address"].partition("[")[0] for row in rows}
    assert openable - crawled.answered - set(OTHERWISE) == set()
    assert set(OTHERWISE) <= openable, "a row here for what is no page any more"


OTHERWISE: dict[str, str] = {
    "people:login_code": "after the phone number",
    "people:login_confirm": "after the code, for whom the register knows by this number",
    "people:login_factor": "after the code, for staff",
    "people:login_name": "after the code, after a long silence",
    "people:logout": "typed; the button signs out at once",
    "people:number_code": "after the new number",
    "people:answer_number": "while a change of number waits",
    "people:own_proof": "a photo of a paper, while a claim with one waits",
    "people:claim_proof": "a photo of a paper, while a claim with one waits",
    "places:restore_facility": "from a facility that is out of use",
    "people:taken": "after the reason was written",
    "places:reopen_place": "while a place is struck off",
    "places:reopen_authority": "while a street, a community or a compound is struck off",
    "places:reopen_unit": "while a unit is struck off",
    "exchange:preview": "after a file was given",
    "exchange:marked": "a file, from the preview",
    "exchange:imported": "after the preview was confirmed",
    "organisations:file": "while a contract is not filed",
    "organisations:fill": "while a seat is vacant",
    "requests:sent": "after sending",
    "requests:similar": "a piece of the form, while one types",
    "web:kept_picture": "a piece of a form with errors",
    "web:style_form": "a piece of the style guide",
}
"""What one comes to in another way than by a link, and how."""


def test_the_steps_of_signing_in_and_the_pages_of_errors_shut_nobody_out(chromium, served):
    """One evening of somebody who mistypes: every page that comes in between."""
    context = chromium.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh-CN", base_url=served
    )
    page = context.new_page()
    faults: list[str] = []

    def look(at: str) -> None:
        faults.extend(f"{at}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations(page))

    def send(words: str) -> None:
        page.get_by_role("button", name=words, exact=True).first.click()
        page.wait_for_load_state("networkidle")

    page.goto("/login/")
    page.fill("[name=phone]", "12345")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    look("a wrong number")
    page.fill("[name=phone]", BY_KEY["neighbour"].phone)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/login/code/")
    look("the code")
    code = re.search(r"验证码是 (\d{6})", page.content())
    page.fill("[name=code]", "000000")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    look("a wrong code")
    assert code is not None
    page.fill("[name=code]", code[1])
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/c/longqi/requests/new/")
    send("提交")
    look("a report without words")
    page.goto("/logout/")
    look("signing out")
    page.goto("/desk/longqi/")
    look("not one's duty")
    page.goto("/c/nowhere/")
    look("a compound that is not there")
    page.goto("/no/such/page/")
    look("no such page")
    context.close()
    assert not faults, "\n".join(faults)


def test_the_first_page_is_light(served):
    """Over the wire, compressed: all of the home page ≤ 100 kB, its scripts ≤ 40 kB."""
    with httpx.Client(base_url=served) as browser:
        page = browser.get("/c/longqi/")
        loads = Loads()
        loads.feed(page.text)
        weights = {path: _weight(browser, path) for path in [page.url.path, *loads.found]}
    assert sum(weights.values()) <= 100_000, weights
    assert sum(size for path, size in weights.items() if path.endswith(".js")) <= 40_000, weights


def _weight(browser: httpx.Client, path: str) -> int:
    """How many bytes an address sends to a browser that takes gzip."""
    with browser.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        return sum(len(piece) for piece in answer.iter_raw())
