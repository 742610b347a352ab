"""Faces and plates: staff draw a box with a finger, and what was under it is gone from the public photo."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from linli.civic.requests import actions as requests
from linli.civic.requests.models import Picture
from linli.ground.web import uploads
from linli.site.demo import cast
from tests.journeys.test_one_bench_for_many import PHONE, sign_in


@pytest.fixture
def photographed(transactional_db, settings):
    """A request with a white photo that nobody has looked through."""
    settings.LINLI_DEMO = True
    world = cast.found_world(at=timezone.now() - timedelta(days=2), buildings=5, floors=5)
    photo = uploads.store_picture(Image.new("RGB", (800, 600), (255, 255, 255)))
    at = timezone.now() - timedelta(hours=1)
    report = requests.Report(
        compound_id=world.compound.pk,
        text="南门口停了一辆车，挡住轮椅。",
        place_id=world.places["longqi:南门"].pk,
        pictures=[photo.sha256],
    )
    return requests.report(actor=world.actor("neighbour", at), report=report, at=at)


def test_a_box_drawn_with_the_finger_is_black_in_public(chromium, live_server, photographed):
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", base_url=live_server.url)
    page = context.new_page()
    sign_in(page, cast.BY_KEY["clerk"].phone)
    picture = Picture.objects.get(request=photographed)
    page.goto(f"/c/longqi/requests/{photographed.pk}/pictures/{picture.pk}/cover/")
    canvas = page.locator("[data-cover] canvas")
    canvas.scroll_into_view_if_needed()
    for left, right in ((0.1, 0.3), (0.6, 0.9)):
        draw(page, canvas.bounding_box(), left, right)
    assert page.input_value("#id_boxes").count(";") == 1
    page.get_by_role("button", name="去掉最后一个框").click()
    assert page.input_value("#id_boxes").count(",") == 3, "one box of four numbers is left"
    with page.expect_navigation():
        page.get_by_role("button", name="遮挡并公开").click()
    context.close()

    picture.refresh_from_db()
    assert picture.cleared_at is not None
    public = Image.open(io.BytesIO(uploads.path_of(picture.public_file).read_bytes())).convert("L")
    assert public.getpixel((int(800 * 0.2), 300)) < 40, "under the box"
    assert public.getpixel((int(800 * 0.75), 300)) > 220, "the box that was taken back"
    assert public.getpixel((int(800 * 0.05), 300)) > 220, "beside the box"


def draw(page, box, left: float, right: float) -> None:
    page.mouse.move(box["x"] + box["width"] * left, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * right, box["y"] + box["height"] * 0.7, steps=4)
    page.mouse.up()
