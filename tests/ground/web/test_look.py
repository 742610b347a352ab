"""The pages as a browser shows them: readable by all, narrow enough for all, and useful without a script."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LOOKS = [("mode=standard&theme=light", PHONE), ("mode=standard&theme=light", DESKTOP), ("theme=dark", PHONE),
         ("mode=standard&theme=dark", DESKTOP), ("mode=care&theme=auto", PHONE), ("mode=care&theme=auto", DESKTOP),
         ("mode=care&theme=dark", PHONE)]  # fmt: skip


@pytest.fixture
def visit(chromium, look):
    """Opens an address and returns the page; what the console complains about fails the test."""
    contexts, complaints = [], []

    def open_page(address, viewport=PHONE, **options):
        context = chromium.new_context(viewport=viewport, base_url=look, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    expected = ("422", "404", "409", "ERR_INTERNET_DISCONNECTED")
    assert not [text for text in complaints if not any(word in text for word in expected)]


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def photo():
    buffer = io.BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


@pytest.mark.parametrize(("display", "viewport"), LOOKS)
def test_everybody_can_read_the_style_guide(visit, display, viewport):
    page = visit(f"/style/?{display}", viewport)
    page.wait_for_timeout(300)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert sideways(page) <= 0


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
@pytest.mark.parametrize("address", ["/style/desk/?mode=standard", "/style/desk/?mode=care", "/style/sheet/"])
def test_a_console_and_a_sheet_of_paper_are_readable_too(visit, address, viewport):
    page = visit(address, viewport)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert sideways(page) <= 0


@pytest.mark.parametrize("address", ["/open/", "/settings/display/", "/nothing/", "/refuse/conflict/"])
def test_the_pages_of_the_house_itself_are_readable(visit, address):
    page = visit(address)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("display", ["mode=standard", "mode=care", "mode=standard&language=en"])
def test_nothing_runs_off_a_narrow_or_magnified_screen(visit, display):
    for width in (320, 360):
        page = visit(f"/style/?{display}", {"width": width, "height": 640})
        assert sideways(page) <= 0, width
    page = visit(f"/style/?{display}", {"width": 720, "height": 450})  # 1440 px at 200 %
    assert sideways(page) <= 0


@pytest.mark.parametrize(("display", "least"), [("mode=standard", 44), ("mode=care", 60)])
def test_what_is_touched_is_large_enough(visit, display, least):
    page = visit(f"/style/?{display}")
    small = page.evaluate(
        """least => [...document.querySelectorAll("a, button, summary, select, .chip, .tick-box")]
            .filter(one => one.offsetParent && !one.closest("table, p, .note, .skip, .ground, .tick"))  // a board card is a link as a whole
            .map(one => [one.textContent.trim() || one.className, Math.round(one.getBoundingClientRect().height)])
            .filter(([_, height]) => height < least)""",
        least,
    )
    assert not small


def test_the_form_works_without_a_script_and_keeps_what_was_typed(visit):
    page = visit("/style/", java_script_enabled=False)
    page.fill("#id_what", "门的闭门器断了，风一吹就响。")
    page.set_input_files("#id_photos", {"name": "门.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.click("button:has-text('提交')")
    assert page.locator(".errs li").count() == 3
    assert page.input_value("#id_what") == "门的闭门器断了，风一吹就响。"
    page.select_option("#id_where", "3-2")
    page.check("text=小区的人都能看")
    page.check("text=我知道照片会公开")
    page.click("button:has-text('提交')")
    assert page.locator("#notices").inner_text() == "收到了。"


def test_the_form_answers_in_place_with_a_script_and_moves_to_the_errors(visit):
    page = visit("/style/")
    page.fill("#id_what", "门坏了")
    page.click("button:has-text('提交')")
    page.wait_for_selector(".errs")
    assert page.url.endswith("/style/")
    assert page.evaluate("document.activeElement.className") == "errs"
    page.select_option("#id_where", "3-2")
    page.check("text=小区的人都能看")
    page.check("text=我知道照片会公开")
    page.click("button:has-text('提交')")
    page.wait_for_selector("#notices .note--ok")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_large_photos_are_made_small_before_they_travel_and_can_be_taken_back(visit):
    page = visit("/style/")
    original = photo()
    page.set_input_files("#id_photos", {"name": "门.jpg", "mimeType": "image/jpeg", "buffer": original})
    page.wait_for_selector(".upload__new img")
    sizes = "[...document.querySelector('#id_photos').files].map(file => [file.name, file.size])"
    ((name, size),) = page.evaluate(sizes)
    assert name == "门.jpg" and size < len(original) / 2
    page.set_input_files("#id_photos", {"name": "窗.jpg", "mimeType": "image/jpeg", "buffer": original})
    expect(page.locator(".upload__new")).to_have_count(2)
    page.click(".upload__new >> nth=0")
    expect(page.locator(".upload__new")).to_have_count(1)
    assert [name for name, _ in page.evaluate(sizes)] == ["窗.jpg"]


def test_what_was_typed_survives_a_closed_page(visit):
    page = visit("/style/")
    page.fill("#id_what", "左边玻璃也裂了")
    page.select_option("#id_where", "3-1")
    page.reload()
    assert page.input_value("#id_what") == "左边玻璃也裂了"
    assert page.input_value("#id_where") == "3-1"


def test_a_broken_line_is_told_in_words(visit):
    page = visit("/style/")
    page.fill("#id_what", "门坏了")
    page.context.set_offline(True)
    page.click("button:has-text('提交')")
    assert "网断了，您写的没丢" in page.locator("#notices").inner_text()
    page.context.set_offline(False)
    page.click("button:has-text('提交')")
    page.wait_for_selector(".errs")


def test_a_button_pressed_twice_sends_once(visit):
    page = visit("/open/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/settings/display/")
    page.evaluate(
        """() => { const button = document.querySelector("form button"); button.click(); button.click(); }"""
    )
    page.wait_for_selector(".note--ok")
    assert len(sent) == 1


def test_characters_are_counted_when_it_gets_tight(visit):
    page = visit("/style/")
    page.fill("#id_what", "字" * 100)
    assert page.locator(".field__foot").count() == 0
    page.fill("#id_what", "字" * 450)
    assert page.locator(".field__foot").inner_text() == "450 / 500"


def test_paper_is_white_whatever_the_screen_shows(visit):
    page = visit("/style/desk/?mode=standard&theme=dark", DESKTOP)
    page.emulate_media(media="print")
    seen = page.evaluate("""() => ["body", ".card", ".cell__t"].map(name => {
        const style = getComputedStyle(document.querySelector(name));
        return [style.backgroundColor, style.color]; })""")
    assert seen[0] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert seen[1][0] == "rgb(255, 255, 255)" and seen[2][1] == "rgb(0, 0, 0)"
    assert not page.locator(".side, .top, .btn").first.is_visible()
