"""The public log of a compound: nothing is left out, and what repeats itself does not hide the rest."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import system
from linli.registry.places.models import Place
from tests.ground.journal.conftest import AT, compound

WORDS = {
    "look.person": "工作人员看了一次登记的个人信息",
    "request.report": "有人反映了问题",
    "request.confirm": "报事人确认修好",
}


@pytest.fixture
def longqi(db) -> Place:
    place = compound()
    place.slug = "longqi"
    place.save()
    return place


def record(place: Place, *kinds: str) -> None:
    for number, kind in enumerate(kinds, 1):
        journal.append(
            compound_id=place.pk, stream="test/1", kind=kind, body={}, by=system("test"),
            at=AT + timedelta(minutes=number),
        )  # fmt: skip


def page(query: str = "") -> str:
    answer = Client().get(f"/c/longqi/open/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(told: str) -> list[int]:
    return [int(number) for number in re.findall(r"第 ([0-9]+) 条", told)]


def test_what_staff_looked_at_five_times_in_a_row_is_one_entry_with_five_proofs(longqi):
    record(longqi, "request.report", *["look.person"] * 5, "request.confirm")
    told = page()
    assert told.count(WORDS["look.person"]) == 1 and "接连 5 次" in told
    assert told.count(WORDS["request.report"]) == told.count(WORDS["request.confirm"]) == 1
    assert numbers(told) == [8, 7, 6, 5, 4, 3, 2, 1]
    assert len(set(re.findall(r'href="(/v/[^"]+/)"', told))) == 8


def test_a_single_act_stands_without_a_fold(longqi):
    record(longqi, "request.report", "look.person", "request.confirm")
    assert "接连" not in page()


@pytest.mark.parametrize(
    "kinds",
    [
        ["look.person"] * 700,
        ["look.person", "request.report"] * 50,
        ["request.report"] * 40 + ["look.person", "request.confirm"] * 40 + ["look.person"] * 30,
    ],
    ids=["one kind", "turn by turn", "mixed"],
)
def test_from_page_to_page_every_act_is_shown_exactly_once(longqi, kinds):
    record(longqi, *kinds)
    shown, query, pages = [], "", 0
    while True:
        told = page(query)
        shown += numbers(told)
        pages += 1
        later = re.search(r'href="(\?before=[0-9]+)"', told)
        if later is None:
            break
        query = later[1]
    assert shown == list(range(len(kinds) + 1, 0, -1))
    assert pages <= 5


def test_a_log_without_acts_says_so(db):
    Place.objects.create(
        kind="compound", name="新苑", code="x", path="/9/", sort_key="新苑", slug="longqi", pk=9
    )
    assert "还没有记录" in page()
