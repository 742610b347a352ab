"""Every template of the house keeps its manners: full-width marks, no inline script or style, safe forms."""

import re
from pathlib import Path

import pytest

import linli

SOURCES = Path(linli.__file__).parent
TEMPLATES = sorted(SOURCES.glob("*/*/templates/**/*.html"))
STATIC = SOURCES / "ground/web/static/web"
ICONS = frozenset(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
CJK = "\u4e00-\u9fff\u3400-\u4dbf"
COMMENTS = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def named(path):
    return str(path.relative_to(SOURCES))


def text_of(path):
    return COMMENTS.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_chinese_is_followed_by_full_width_marks(path):
    faults = re.findall(rf"[{CJK}][,:;?!()](?=[{CJK}\s\"'<]|$)|[(][{CJK}]", text_of(path))
    assert not faults, faults


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_script_and_no_style_stand_inline(path):
    text = text_of(path)
    assert not re.search(r"\sstyle\s*=", text), "use a class"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "handlers belong into linli.js"
    assert not re.search(r"<style\b|javascript:|hx-on|\|\s*safe\b", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_form_that_writes_carries_its_hidden_fields(path):
    text = text_of(path)
    for form in re.findall(
        r"<form\b(?:[^>]|\}\}>?)*?method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE
    ):
        assert "visit.hidden" in form or "ui.hidden" in form, "draw it with ui.form or ui.post_button"


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_icon_is_in_the_sprite(path):
    asked = re.findall(r"""(?:\bicon|\bsvg)\(\s*["']([a-z-]+)["']|\bicon=["']([a-z-]+)["']""", text_of(path))
    assert {first or second for first, second in asked} <= ICONS


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_percent_sign_in_a_translated_text_is_doubled(path):
    for said in re.findall(r"""\b_\(\s*("[^"]*"|'[^']*')""", text_of(path)):
        assert not re.search(r"%(?![%(])", said.replace("%%", "")), said


def test_the_script_is_small_and_keeps_to_the_policy():
    import gzip

    script = (STATIC / "js/linli.js").read_bytes()
    assert len(gzip.compress(script)) <= 8 * 1024
    assert not re.search(rb"\beval\(|new Function|innerHTML|document\.write|document\.cookie", script)


def test_the_styles_are_light_and_need_nothing_new():
    import gzip

    styles = b"".join(path.read_bytes() for path in sorted((STATIC / "css").glob("*.css")))
    assert len(gzip.compress(styles)) <= 30 * 1024
    assert not re.search(rb"@layer|color-mix|@import|url\(", styles)


def test_every_style_uses_only_tokens_that_exist():
    given = set(re.findall(r"(--[a-z0-9-]+)\s*:", (STATIC / "css/tokens.css").read_text(encoding="utf-8")))
    for sheet in (STATIC / "css").glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        own = set(re.findall(r"[{;]\s*(--[a-z0-9-]+)\s*:", text))
        assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) <= given | own, sheet.name
