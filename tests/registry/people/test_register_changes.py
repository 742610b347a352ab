"""The owners' register changes hands, and wrong entries are put right."""

from __future__ import annotations

from datetime import date

import pytest

from linli.ground.journal.models import Leaf
from linli.ground.kernel import bus
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.people import actions, events, queries
from linli.registry.people.domain.register import Ground, NewPerson
from linli.registry.people.models import Occupancy, Ownership, Person
from tests.registry.people.cast import AT, TODAY, World, account, acting, lives, owns, person

LI_SI = NewPerson("李四", "13733334444")


def sell(
    world: World, by="clerk", to=(LI_SI,), ground=Ground.SALE, on=TODAY, reason="凭不动产权证变更", staying=()
):
    return actions.transfer_ownership(
        actor=world.actor(by),
        unit=world.home_501,
        to=list(to),
        ground=ground,
        on=on,
        staying=staying,
        reason=reason,
        at=AT,
    )


def owners(world: World, on=TODAY):
    return [
        Person.objects.get(pk=pk).name
        for row in queries.roll(world.longqi.pk, on)
        if row.unit_id == world.home_501.pk
        for pk in row.owner_ids
    ]


def test_a_sold_home_is_the_new_owners_from_that_day(world: World, monkeypatch):
    heard: list[object] = []
    monkeypatch.setattr(bus, "publish", heard.append)
    (begun,) = sell(world)
    assert (begun.from_on, begun.ground, begun.person.name) == (TODAY, "买卖", "李四")
    assert owners(world) == ["李四"]
    assert owners(world, date(2026, 3, 15)) == ["王秀兰"]
    assert acting(world.wang).homes == ()
    assert heard == [events.OwnersChanged(world.home_501.pk, world.longqi.pk, "sale", AT)]


def test_the_story_of_a_home_is_kept_with_reasons(world: World):
    sell(world, on=date(2026, 3, 1))
    card = queries.unit_card(world.actor("committee"), world.longqi, world.home_501, on=TODAY)
    assert [(one.name, one.from_on, one.to_on) for one in card.former] == [
        ("王秀兰", date(2020, 5, 1), date(2026, 3, 1))
    ]
    assert [(one.kind, one.reason, one.by, one.on) for one in card.changes] == [
        ("sale", "凭不动产权证变更", "冯小燕", date(2026, 3, 1))
    ]
    entry = bytes(Leaf.objects.get(kind="ownership.sale").entry).decode()
    for personal in ("李四", "王秀兰", "凭不动产权证"):
        assert personal not in entry


def test_the_family_moves_out_with_the_seller_and_the_tenant_stays(world: World):
    family = lives(person(world.longqi, "王小明"), world.home_501, "family")
    tenant = lives(person(world.longqi, "租客"), world.home_501, "tenant")
    sell(world)
    assert Occupancy.objects.get(pk=family.pk).to_on == TODAY
    assert Occupancy.objects.get(pk=tenant.pk).to_on is None


def test_heirs_may_be_several_and_one_of_the_owners_may_stay(world: World):
    husband = person(world.longqi, "王建军", "13755556666")
    owns(husband, world.home_501)
    sell(world, to=(NewPerson("王建军", "13755556666"), NewPerson("王小明")), ground=Ground.INHERITANCE)
    assert sorted(owners(world)) == sorted(["王建军", "王小明"])
    assert Ownership.objects.filter(person=husband).count() == 1, "who stays keeps the old entry"
    present = [row.pk for row in Ownership.objects.filter(to_on=None)]
    with pytest.raises(Conflict):
        sell(world, to=(), staying=present, ground=Ground.DIVISION)


def test_one_of_two_owners_may_give_the_share_to_the_other(world: World):
    owns(person(world.longqi, "王建军"), world.home_501)
    sell(world, to=(), staying=[Ownership.objects.get(person=world.wang_entry).pk], ground=Ground.DIVISION)
    assert owners(world) == ["王秀兰"]


def test_a_tenant_who_buys_is_no_longer_a_tenant(world: World):
    room = lives(person(world.longqi, "李四", "13733334444"), world.home_501)
    sell(world)
    assert Occupancy.objects.get(pk=room.pk).to_on == TODAY
    assert Person.objects.filter(name="李四").count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"by": "committee"}, NotAllowed),
        ({"by": "secretary"}, NotAllowed),
        ({"by": "other_clerk"}, NotAllowed),
        ({"by": "street_officer"}, NotAllowed),
        ({"by": "operator"}, NotAllowed),
        ({"by": "wang"}, NotAllowed),
        ({"reason": "x"}, Invalid),
        ({"to": ()}, Invalid),
        ({"on": date(2026, 3, 17)}, Invalid),
        ({"on": date(2020, 4, 30)}, Conflict),
        ({"to": (NewPerson("王秀兰", "13812345678"),)}, Conflict),
        ({"to": (NewPerson("李四", "123"),)}, Invalid),
    ],
)
def test_an_unfounded_change_is_refused(world: World, given, refusal):
    with pytest.raises(refusal):
        sell(world, **given)
    assert owners(world) == ["王秀兰"]


def test_a_clerk_does_not_enter_themselves_as_owner(world: World):
    clerk = world.staff["clerk"]
    with pytest.raises(NotAllowed, match="另一位工作人员"):
        sell(world, to=(NewPerson("冯小燕", clerk.phone),))
    sell(world, by="manager", to=(NewPerson("冯小燕", clerk.phone),))


def correct(world: World, right=LI_SI, by="clerk", ownership=None, reason="登记时录错了人"):
    held = ownership or Ownership.objects.get(person=world.wang_entry)
    return actions.correct_owner(
        actor=world.actor(by), unit=world.home_501, ownership_id=held.pk, right=right, reason=reason, at=AT
    )


def test_a_wrong_owner_is_replaced_and_the_register_says_when_it_learned(world: World):
    begun = correct(world)
    assert (begun.ground, begun.from_on) == ("更正登记", TODAY)
    assert owners(world) == ["李四"]
    assert owners(world, date(2026, 3, 15)) == ["王秀兰"]


def test_a_correction_is_refused_where_it_makes_no_sense(world: World):
    with pytest.raises(NotAllowed):
        correct(world, by="committee")
    with pytest.raises(Conflict):
        correct(world, right=NewPerson("王秀兰", "13812345678"))
    elsewhere = owns(person(world.longqi, "邻居"), world.home_502)
    with pytest.raises(NotFound):
        correct(world, ownership=elsewhere)


def test_a_co_owner_who_never_was_one_is_removed_and_the_last_owner_is_not(world: World):
    wrong = owns(person(world.longqi, "录错的人"), world.home_501)
    clerk = world.actor("clerk")
    actions.remove_owner(actor=clerk, unit=world.home_501, ownership_id=wrong.pk, reason="重复录入", at=AT)
    assert owners(world) == ["王秀兰"]
    last = Ownership.objects.get(person=world.wang_entry)
    with pytest.raises(Conflict):
        actions.remove_owner(actor=clerk, unit=world.home_501, ownership_id=last.pk, reason="重复录入", at=AT)


def test_a_name_or_number_is_put_right_with_a_reason(world: World):
    clerk = world.actor("clerk")
    entry = person(world.longqi, "刘志墙", "13711112222")
    owns(entry, world.home_502)
    fixed = actions.correct_person(
        actor=clerk, person=entry, right=NewPerson("刘志强", "13711112223"), reason="看过身份证", at=AT
    )
    assert (fixed.name, fixed.name_key, fixed.phone) == ("刘志强", "刘志强", "13711112223")
    card = queries.person_card(clerk, world.longqi, entry.pk, on=TODAY)
    assert [(one.kind, one.reason) for one in card.changes] == [("person_corrected", "看过身份证")]
    for stranger in ("other_clerk", "committee", "wang"):
        with pytest.raises(NotAllowed):
            actions.correct_person(
                actor=world.actor(stranger), person=entry, right=LI_SI, reason="看过身份证", at=AT
            )


def test_an_entry_in_somebodys_hands_does_not_become_another_person(world: World):
    clerk = world.actor("clerk")
    with pytest.raises(Invalid):
        actions.correct_person(actor=clerk, person=world.wang_entry, right=LI_SI, reason="看过身份证", at=AT)
    actions.correct_person(
        actor=clerk,
        person=world.wang_entry,
        right=NewPerson("王秀兰", "13733334444"),
        reason="换了号码",
        at=AT,
    )


def test_a_clerk_does_not_correct_the_own_entry(world: World):
    clerk = world.staff["clerk"]
    own = person(world.longqi, "冯小燕", clerk.phone)
    with pytest.raises(NotAllowed):
        actions.correct_person(
            actor=world.actor("clerk"),
            person=own,
            right=NewPerson("冯小艳", clerk.phone),
            reason="改一个字",
            at=AT,
        )


def test_neighbours_with_one_name_stay_two_people(world: World):
    namesake = person(world.longqi, "李四", "13799990000")
    sell(world)
    assert Person.objects.filter(name="李四").count() == 2
    assert Ownership.objects.filter(person=namesake).count() == 0


def test_an_id_number_finds_its_entry_and_is_not_kept(world: World):
    number = "11010519491231002X"
    sell(world, to=(NewPerson("李四", "", "natural", number),))
    entry = Person.objects.get(name="李四")
    assert entry.document_tail == "002X"
    assert number not in str(entry.__dict__)
    actions.transfer_ownership(
        actor=world.actor("clerk"),
        unit=world.home_502,
        to=[NewPerson("李四", "", "natural", number)],
        ground=Ground.SALE,
        on=TODAY,
        reason="凭不动产权证变更",
        at=AT,
    )
    assert Person.objects.filter(name="李四").count() == 1
    assert len({row.owner_ids for row in queries.roll(world.longqi.pk, TODAY)[:2]}) == 1, (
        "one head, two homes"
    )


def test_a_register_is_read_by_its_staff_only(world: World):
    for stranger in (
        "other_clerk",
        "other_manager",
        "captain",
        "repairer",
        "supervisor",
        "operator",
        "wang",
        "li",
    ):
        actor = world.actor(stranger)
        with pytest.raises(NotAllowed):
            queries.households(actor, world.longqi, queries.Wish(), on=TODAY)
        with pytest.raises(NotAllowed):
            queries.person_card(actor, world.longqi, world.wang_entry.pk, on=TODAY)
        with pytest.raises(NotAllowed):
            queries.unit_card(actor, world.longqi, world.home_501, on=TODAY)
        with pytest.raises(NotAllowed):
            queries.by_phone(actor, world.longqi, "13812345678")
        with pytest.raises(NotAllowed):
            queries.whole_register(actor, world.longqi, queries.Wish(), on=TODAY)
    assert queries.by_phone(world.actor("clerk"), world.longqi, "138 1234 5678") == [world.wang_entry]
    assert queries.by_phone(world.actor("other_clerk"), world.haiyun, "13812345678") == []
    with pytest.raises(NotFound):
        queries.person_card(world.actor("other_clerk"), world.haiyun, world.wang_entry.pk, on=TODAY)


def test_a_resident_who_sold_long_ago_is_found_by_staff_on_the_page_of_the_person(world: World):
    sell(world)
    card = queries.person_card(world.actor("clerk"), world.longqi, world.wang_entry.pk, on=TODAY)
    assert (card.holdings, [one.to_on for one in card.former]) == ([], [TODAY])
    assert account("无关的人").pk != card.account_id
