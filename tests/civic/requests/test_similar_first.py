"""What is open already is shown before a report is sent, also without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from linli.civic.requests.models import Request
from tests.civic.requests.conftest import Compound
from tests.civic.requests.test_pages import HOME, _clock, enter, photo, text

__all__ = ["_clock", "enter"]

Enter = Callable[[str | None], Client]


def said(longqi: Compound, words: str = "门口的灯坏了。", **more: object) -> dict[str, object]:
    """A report at building 3."""
    return {"text": words, "spot_key": f"place-{longqi.world.places['longqi:3号楼'].pk}"} | more


def test_the_same_thing_is_shown_once_and_the_second_sending_counts(longqi: Compound, enter: Enter):
    first = longqi.report("3号楼门口的灯坏了。", who="neighbour")
    browser = enter("resident")
    answer = browser.post(HOME + "new/", said(longqi, pictures=[photo()]))
    page = text(answer)
    assert answer.status_code == 422
    assert Request.objects.count() == 1
    assert first.title in page
    assert f"/requests/{first.pk}/support/" in page
    assert "门口的灯坏了。" in page, "what was typed stays"
    kept = re.search(r'name="pictures-kept" value="([^"]+)"', page)
    assert kept, "the photo need not be taken again"
    again = said(longqi, similar_seen="1", **{"pictures-kept": kept[1]})
    assert browser.post(HOME + "new/", again).status_code == 303
    assert Request.objects.latest("pk").pictures.count() == 1


def test_whoever_saw_it_while_typing_sends_at_once(longqi: Compound, enter: Enter):
    longqi.report("3号楼门口的灯坏了。", who="neighbour")
    browser = enter("resident")
    fragment = text(browser.get(HOME + "similar/", said(longqi), headers={"HX-Request": "true"}))
    assert 'name="similar_seen" value="1"' in fragment
    assert browser.post(HOME + "new/", said(longqi, similar_seen="1")).status_code == 303


@pytest.mark.parametrize("words", ["楼道里有燃气味！", "树枝断了。"])
def test_danger_and_other_things_are_not_held_up(longqi: Compound, enter: Enter, words: str):
    longqi.report("3号楼门口的灯坏了。", who="neighbour")
    assert enter("resident").post(HOME + "new/", said(longqi, words)).status_code == 303
