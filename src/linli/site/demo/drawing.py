"""Drawn photos for the demo: no real place and nobody's face."""

from __future__ import annotations

from PIL import Image, ImageDraw

from linli.ground.web import uploads

SIZE = (960, 640)
WALL, GROUND, DARK = (142, 133, 121), (123, 115, 104), (46, 42, 38)
WOOD, GLASS, GREEN, METAL = (150, 104, 66), (159, 192, 203), (108, 140, 92), (178, 172, 160)


def _scene() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    for row in range(0, 520, 64):
        for column in range(-80, 960, 128):
            shade = 128 + (row * 7 + column * 3) % 20
            left = column + (row // 64 % 2) * 64
            draw.rectangle((left, row, left + 124, row + 60), fill=(shade, shade - 8, shade - 20))
    draw.rectangle((0, 520, 960, 640), fill=GROUND)
    return picture, draw


def _bench(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    for slat in range(3):
        draw.rectangle((left, top + slat * 26, left + 260, top + slat * 26 + 18), fill=WOOD)
    draw.rectangle((left, top + 96, left + 260, top + 116), fill=WOOD)
    for leg in (20, 226):
        draw.rectangle((left + leg, top + 116, left + leg + 14, top + 176), fill=DARK)


def one_bench() -> str:
    """A square with a single bench; the stored photo's name."""
    picture, draw = _scene()
    draw.rectangle((0, 430, 960, 520), fill=GREEN)
    _bench(draw, 340, 400)
    return uploads.store_picture(picture).sha256


def three_benches() -> str:
    """The same square with three benches."""
    picture, draw = _scene()
    draw.rectangle((0, 430, 960, 520), fill=GREEN)
    for left in (40, 345, 650):
        _bench(draw, left, 400)
    return uploads.store_picture(picture).sha256


def broken_door() -> str:
    """An entrance door that hangs askew, its pane cracked."""
    picture, draw = _scene()
    draw.rectangle((280, 80, 700, 540), fill=DARK)
    draw.rectangle((300, 100, 480, 540), fill=WOOD)
    draw.rectangle((320, 125, 460, 310), fill=GLASS)
    draw.line((350, 125, 390, 210, 365, 250, 410, 310), fill=(255, 255, 255), width=4)
    draw.polygon(((690, 100), (560, 140), (560, 560), (690, 530)), fill=(96, 68, 48))
    draw.line((600, 110, 540, 95), fill=METAL, width=10)
    return uploads.store_picture(picture).sha256


def dark_lamp() -> str:
    """A street lamp without light."""
    picture, draw = _scene()
    draw.rectangle((470, 120, 486, 540), fill=DARK)
    draw.ellipse((420, 70, 540, 150), fill=(70, 66, 60))
    return uploads.store_picture(picture).sha256


def lit_lamp() -> str:
    """The lamp, lit."""
    picture, draw = _scene()
    draw.rectangle((470, 120, 486, 540), fill=DARK)
    draw.ellipse((380, 40, 580, 180), fill=(250, 224, 150))
    return uploads.store_picture(picture).sha256
