"""The disk is full: one sentence, nothing half kept, reading goes on, and all is well once there is space."""

from __future__ import annotations

import io
import random
import resource

import httpx
import pytest
from PIL import Image

from tests.site.installation import POSTGRES, Installation, Served, family

SMALL, NO_LIMIT = 4096, resource.RLIM_INFINITY


def _limit(served: Served, size: int) -> None:
    """From now on no file of this house may grow beyond the size; what the system answers is as for a full disk."""
    for pid in family(served.process.pid):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))


def _large_photo() -> bytes:
    """Large enough to be parked on the disk while it arrives."""
    noise = Image.frombytes("RGB", (1400, 1000), random.Random(7).randbytes(4_200_000))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def served(house: Installation):
    with house.served() as served:
        yield served


def test_nothing_is_half_kept_reading_goes_on_and_with_space_all_is_well(house, served):
    browser = served.browser("resident")
    photo = {"pictures": ("灯.png", _large_photo(), "image/png")}
    assert browser.report("满之前").status_code == 303
    _limit(served, SMALL)
    parked = browser.report("大照片", "key-2", photo)
    assert parked.status_code == 507 and "磁盘满了" in parked.text
    assert browser.get("/c/longqi/requests/").status_code == 200
    if not POSTGRES:  # there the database has a disk of its own
        told = browser.report("满的时候", "key-1")
        assert told.status_code == 503 and "没有存上" in told.text
    assert browser.get("/c/longqi/requests/").status_code == 200
    assert house.texts() == ["满之前"]
    assert not list((house.home / "media").rglob("*.part"))
    _limit(served, NO_LIMIT)
    assert browser.report("大照片", "key-2", photo).status_code == 303
    assert browser.report("满的时候", "key-1").status_code == 303
    assert house.texts() == ["满之前", "大照片", "满的时候"]
    served.stop()
    verified = house.run("verify", "--db")
    assert verified.returncode == 0, verified.stdout


def test_the_next_sending_of_a_browser_is_not_lost_with_the_connection_of_the_refused_one(served):
    """A server that has not read a photo to its end hangs up, perhaps while the next sending arrives."""
    browser = served.browser("resident")
    _limit(served, SMALL)
    photo = {"pictures": ("灯.png", _large_photo(), "image/png")}
    refused = browser.report("大照片", files=photo)
    assert refused.status_code == 507
    assert _connection(browser.get("/c/longqi/requests/")) == _connection(refused)


def _connection(response: httpx.Response) -> tuple[str, int]:
    """Our end of it."""
    return response.extensions["network_stream"].get_extra_info("client_addr")
