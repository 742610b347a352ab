"""How a unit changes hands, what a name is, and what is agreed to."""

from __future__ import annotations

from datetime import date

import pytest

from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.people.domain import consents, names, register
from linli.registry.people.domain.register import Ground, NewPerson

TODAY = date(2026, 3, 16)


LI_SI = NewPerson("李四")


def transfer(ground=Ground.SALE, to=(LI_SI,), on=TODAY, began=(date(2020, 1, 1),), staying=0):
    register.check_transfer(ground=ground, to=to, staying=staying, on=on, today=TODAY, began=began)


def test_a_unit_is_sold_today_or_was_before():
    transfer()
    transfer(on=date(2020, 1, 1))
    transfer(on=date(1999, 1, 1), began=(None,))
    transfer(to=(), staying=1)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ground": Ground.CORRECTION}, "not_a_transfer"),
        ({"ground": Ground.CLAIM}, "not_a_transfer"),
        ({"to": ()}, "no_new_owner"),
        ({"to": tuple(NewPerson(f"人{n}") for n in range(21))}, "too_many_owners"),
        ({"to": (NewPerson("李四"), NewPerson(" 李 四"))}, "owner_named_twice"),
        ({"on": date(2026, 3, 17)}, "transfer_in_future"),
        ({"on": date(2019, 12, 31)}, "transfer_before_ownership"),
    ],
)
def test_an_impossible_transfer_is_refused(given, code):
    with pytest.raises((Invalid, Conflict)) as refusal:
        transfer(**given)
    assert refusal.value.code == code


def test_two_owners_may_share_a_name_if_something_tells_them_apart():
    transfer(to=(NewPerson("李四", "13800000001"), NewPerson("李四", "13800000002")))


def test_a_person_is_normalised_before_entering():
    assert register.checked(NewPerson(" 王　秀兰 ", "138 1234 5678")) == NewPerson("王 秀兰", "13812345678")
    with pytest.raises(Invalid):
        register.checked(NewPerson("王秀兰", "12345"))
    with pytest.raises(Invalid):
        register.checked(NewPerson("王秀兰", document="370211199901011234"))
    with pytest.raises(Invalid):
        register.checked(NewPerson("一家公司", kind="organisation", document="370211199901011234"))


@pytest.mark.parametrize(
    ("name", "code"), [("", "name_missing"), ("　", "name_missing"), ("王" * 41, "name_too_long")]
)
def test_a_name_is_neither_empty_nor_endless(name, code):
    with pytest.raises(Invalid) as refusal:
        register.checked_name(name)
    assert refusal.value.code == code


@pytest.mark.parametrize(("reason", "code"), [("。", "reason_missing"), ("改" * 201, "reason_too_long")])
def test_a_reason_says_something(reason, code):
    with pytest.raises(Invalid) as refusal:
        register.checked_reason(reason)
    assert refusal.value.code == code
    assert register.checked_reason(" 凭公证书 更正 ") == "凭公证书 更正"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("王秀兰", "王 秀兰", True),
        ("阿依古丽·买买提", "阿依古丽•买买提", True),
        ("Ｌｉ Lei", "li lei", True),
        ("王秀兰", "王秀", False),
        ("", "", False),
    ],
)
def test_names_are_compared_as_people_mean_them(one, other, same):
    assert names.same_name(one, other) is same


@pytest.mark.parametrize(
    ("label", "masked"),
    [
        ("3号楼2单元501室", "3号楼…"),
        ("12栋1001", "12栋…"),
        ("3-2-501", "3-…"),
        ("501", "5…"),
        ("3号楼", "3…"),
    ],
)
def test_a_home_is_hinted_at_without_giving_the_door_away(label, masked):
    assert names.mask_label(label) == masked


def test_the_public_reads_a_name_only_with_consent():
    assert names.public("王秀兰", consented=False) == "王**"
    assert names.public("王秀兰", consented=True) == "王秀兰"


def test_every_purpose_says_what_for_how_long_and_by_which_law():
    for code, purpose in consents.PURPOSES.items():
        assert purpose.code == code
        assert "不" in purpose.text, "what happens without the consent"
        assert "撤回" in purpose.kept
        assert "法" in purpose.clause
    assert len({purpose.sha256 for purpose in consents.PURPOSES.values()}) == len(consents.PURPOSES)


def test_a_consent_covers_the_words_that_were_read():
    assert consents.holds("photo_public", consents.purpose("photo_public").sha256)
    assert not consents.holds("photo_public", consents.purpose("plate_record").sha256)
    with pytest.raises(NotFound):
        consents.purpose("everything")
