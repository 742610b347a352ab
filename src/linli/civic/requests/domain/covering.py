"""Covering faces and plates: the drawn rectangles become black for good in the public copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def pixel_box(box: tuple[int, int, int, int], width: int, height: int) -> tuple[int, int, int, int]:
    """A per-mille rectangle (left, top, width, height) as pixels, rounded outwards and kept inside."""
    left, top, wide, high = box
    right, bottom = min(1000, left + wide), min(1000, top + high)
    return (
        left * width // 1000,
        top * height // 1000,
        -(-right * width // 1000),
        -(-bottom * height // 1000),
    )


def cover(picture: Image, boxes: Sequence[tuple[int, int, int, int]]) -> Image:
    """A copy of the picture with every rectangle painted over; the original pixels are gone from it."""
    covered = picture.convert("RGB").copy()
    for box in boxes:
        edges = pixel_box(box, covered.width, covered.height)
        if edges[2] > edges[0] and edges[3] > edges[1]:
            covered.paste((20, 18, 16), edges)
    return covered
