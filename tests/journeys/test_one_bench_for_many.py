"""The bench: an old neighbour reports it, three stand there in the end, and anyone can check it at home."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image

from linli.ground.journal import jobs, verifier
from linli.site.demo import cast

PHONE = {"width": 390, "height": 844}
WORDS = "中心广场就一把长椅，下楼晒太阳的老人十几个，轮着坐。"


@pytest.fixture
def world(transactional_db, settings):
    settings.LINLI_DEMO = True
    settings.LINLI_ORIGIN = "linli.localhost"
    return cast.found_world(at=timezone.now() - timedelta(days=2), buildings=5, floors=5)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def people(request, chromium, live_server, world):
    """Opens the phone of one of the cast, signed in."""
    contexts = []

    def open_phone(key: str | None):
        context = chromium.new_context(
            viewport=PHONE, locale="zh-CN", java_script_enabled=request.param, base_url=live_server.url
        )
        contexts.append(context)
        page = context.new_page()
        if key is not None:
            sign_in(page, cast.BY_KEY[key].phone)
        return page

    yield open_phone
    for context in contexts:
        context.close()


def sign_in(page, phone: str) -> None:
    page.goto("/login/")
    page.fill("[name=phone]", phone)
    page.click("main button[type=submit]")
    page.wait_for_url("**/login/code/")
    page.fill("[name=code]", re.search(r"验证码是 (\d{6})", page.content())[1])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def photo(colour: tuple[int, int, int]) -> dict[str, object]:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(picture, "JPEG")
    return {"name": "长椅.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


def press(page, words: str) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=words, exact=True).first.click()
    page.wait_for_load_state("networkidle")


def follow(page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()
    page.wait_for_load_state()


def report_the_bench(page) -> str:
    page.goto("/c/longqi/?mode=care")
    assert page.locator("html").get_attribute("data-mode") == "care"
    page.locator("a.cta").click()
    page.wait_for_url("**/requests/new/")
    page.set_input_files("[name=pictures]", [photo((120, 140, 90))])
    page.fill("[name=text]", WORDS)
    page.select_option("[name=spot_key]", label="中心广场")
    page.fill("[name=spot]", "花坛东侧")
    press(page, "提交")
    page.wait_for_url("**/sent/")
    return re.search(r"/requests/(\d+)/sent/", page.url)[1]


def test_one_bench_for_many(people, world, live_server, tmp_path: Path) -> None:
    elder = people("elder")
    number = report_the_bench(elder)
    matter = f"/c/longqi/requests/{number}/"

    committee = people("committee")
    committee.goto(matter)
    follow(committee, "派单")
    committee.select_option("[name=target]", label="隆祺物业 · 刘建军")
    press(committee, "派单")

    repairer = people("repairer")
    repairer.goto("/jobs/")
    repairer.get_by_text("中心广场就一把长椅").first.click()
    press(repairer, "接单")
    press(repairer, "我已到场")
    follow(repairer, "办完了，拍照")
    repairer.fill("[name=note]", "装了两把带靠背的木长椅。")
    repairer.set_input_files("[name=pictures]", [photo((90, 140, 120))])
    press(repairer, "办完了，请报事人确认")

    elder.goto(matter)
    press(elder, "修好了")
    follow(elder, "评价一下")
    elder.get_by_text("很满意", exact=True).click()
    press(elder, "送出评价")
    assert "已办结" in elder.content()

    neighbour = people(None)
    neighbour.goto(matter)
    assert WORDS in neighbour.content()
    assert "李桂芳" not in neighbour.content()
    assert "3号楼1单元201" not in neighbour.content()

    stranger = people("outsider")
    stranger.goto(matter)
    assert WORDS in stranger.content()
    assert stranger.locator("img[src*=original]").count() == 0
    assert stranger.goto("/desk/longqi/").status == 403
    for move in ("dispatch", "confirm", "note"):
        assert stranger.goto(f"{matter}do/{move}/").status == 403

    check_at_home(neighbour, tmp_path)


def check_at_home(page, folder: Path) -> None:
    """The story's every step agrees; the downloaded record is green, and red after one changed byte."""
    jobs.publish_checkpoints(timezone.now())
    page.goto("/c/longqi/open/")
    page.get_by_role("link", name="自己核对").first.click()
    assert "相符" in page.content()
    page.goto("/c/longqi/open/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载小区档案").click()
    record = folder / "longqi.linli"
    download.value.save_as(record)
    assert check(record) == 0
    content = bytearray(record.read_bytes())
    content[len(content) // 2] ^= 1
    record.write_bytes(content)
    assert check(record) == 1


def check(record: Path) -> int:
    """The offline verifier alone, as somebody at home runs it."""
    done = subprocess.run(
        [sys.executable, verifier.__file__, str(record)], capture_output=True, text=True, check=False
    )
    return done.returncode
