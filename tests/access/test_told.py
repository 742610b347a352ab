"""The public log tells every act in plain words, also those whose content it keeps to itself."""

from __future__ import annotations

import pytest

from linli.ground.journal.models import Leaf
from linli.outward.transparency.domain.telling import told
from tests.access.house import House

pytestmark = pytest.mark.django_db


def test_every_act_of_the_house_is_told_in_words_of_its_own_or_of_its_group(house: House):
    kinds = set(Leaf.objects.values_list("kind", flat=True))
    assert len(kinds) > 30
    assert {kind for kind in kinds if told(kind) == told("nothing.known")} == set()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("look.phone", "工作人员看了一次登记的个人信息"),
        ("occupant.ended", "住户登记有变动"),
        ("phone_change.asked", "换手机号的申请"),
    ],
)
def test_what_concerns_one_person_is_told_by_its_group(kind, words):
    assert told(kind) == words
