"""Units are added, corrected, closed and brought back: who may, what is refused, what is recorded."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from linli.ground.journal import queries as journal
from linli.ground.kernel import bus
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.places import actions, events, queries
from linli.registry.places.models import Change, Unit
from tests.registry.people.cast import AT, TODAY, lives, owns, person
from tests.registry.places.cast import FOUNDER, World, found, found_world, unit
from tests.registry.places.test_places_acts import KEEPERS, OTHERS, clean

MEASURERS = tuple(who for who in KEEPERS if who != "clerk")


def add(world: World, who: str = "clerk", **wish: object) -> Unit:
    first = {"place_id": world.entrance.pk, "number": "502", "at": AT}
    return actions.add_unit(actor=world.actor(who), **(first | wish))


# --- adding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", KEEPERS)
def test_who_keeps_the_register_adds_a_unit(world: World, who):
    made = add(world, who, area_dm2=11_900, area_source="survey", area_on=date(2019, 6, 1))
    assert (made.code, made.label, made.kind, made.compound_id) == (
        "3-2-502",
        "3号楼2单元502",
        "home",
        world.longqi.pk,
    )
    assert [line.kind for line in queries.history(made)] == ["unit.add"]
    assert clean()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_does(world: World, who):
    with pytest.raises(NotAllowed):
        add(world, who)


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        ({"number": ""}, "name_missing", "number"),
        ({"number": "5" * 25}, "name_too_long", "number"),
        ({"number": "501"}, "unit_code_taken", "code"),
        ({"code": "３－２－５０１"}, "unit_code_taken", "code"),
        ({"code": "3 楼?"}, "code_bad", "code"),
        ({"kind": "castle"}, "unit_kind_missing", "kind"),
        ({"area_dm2": 0}, "area_out_of_range", "area"),
        ({"area_dm2": -5}, "area_out_of_range", "area"),
        ({"area_dm2": 1_186_400}, "area_doubtful", "sure"),
        ({"area_dm2": 11_864, "area_source": "hearsay"}, "area_source_missing", "source"),
        ({"area_dm2": 11_864, "area_on": TODAY + timedelta(days=1)}, "day_impossible", "area_on"),
        ({"delivered_on": TODAY + timedelta(days=1)}, "day_impossible", "delivered_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world: World, wish, code, field):
    with pytest.raises((Invalid, Conflict)) as refused:
        add(world, **wish)
    assert (refused.value.code, refused.value.data["field"]) == (code, field)


def test_a_unit_stands_in_a_compound_that_is_in_use(world: World):
    with pytest.raises(Invalid):
        actions.add_unit(actor=FOUNDER, place_id=world.community.pk, number="1", at=AT)
    with pytest.raises(NotFound):
        actions.add_unit(actor=FOUNDER, place_id=10**9, number="1", at=AT)
    empty = found("building", "12号楼", world.longqi)
    actions.close_place(actor=FOUNDER, place_id=empty.pk, reason="拆除", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="已经注销"):
        actions.add_unit(actor=FOUNDER, place_id=empty.pk, number="1", at=AT)


def test_a_label_that_does_not_fit_the_door_is_refused_and_not_cut(world: World):
    area = found("area", "长" * 50, world.longqi)
    with pytest.raises(Invalid, match="写短些"):
        actions.add_unit(actor=FOUNDER, place_id=area.pk, number="一二三四五六七八九十一", code="X1", at=AT)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_unit_at_once_one_succeeds_and_one_is_told():
    """SQLite lets one writer in at a time; PostgreSQL must refuse the second one in plain words."""
    if connection.vendor != "postgresql":
        return
    world = found_world()
    told: list[str] = []
    begin = threading.Barrier(2)

    def do(place_id: int) -> None:
        try:
            begin.wait(10)
            actions.add_unit(actor=FOUNDER, place_id=place_id, number="1", code="X-1", at=AT)
            told.append("added")
        except Conflict as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(place.pk,)) for place in (world.entrance, world.garage)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["added", "unit_code_taken"]
    assert clean()


# --- the area ---------------------------------------------------------------------------------------------


def correct(world: World, who: str = "manager", **wish: object) -> Unit:
    first = {
        "unit_id": world.home.pk,
        "area_dm2": 11_900,
        "source": "property_register",
        "area_on": date(2025, 5, 1),
        "reason": "不动产权证写的是 119.00",
        "at": AT,
    }
    return actions.correct_area(actor=world.actor(who), **(first | wish))


@pytest.mark.parametrize("who", MEASURERS)
def test_an_area_is_corrected_with_source_date_and_reason_and_the_old_one_stays(
    world: World, who, monkeypatch
):
    heard: list[object] = []
    monkeypatch.setattr(bus, "publish", heard.append)
    correct(world, who)
    world.home.refresh_from_db()
    assert (world.home.area_dm2, world.home.area_source) == (11_900, "property_register")
    newest = queries.history(world.home)[0]
    assert newest.steps == [
        ("area_dm2", "11864", "11900"),
        ("area_source", "survey", "property_register"),
        ("area_on", "2019-06-01", "2025-05-01"),
    ]
    assert (newest.kind, newest.reason, newest.by) == ("unit.area", "不动产权证写的是 119.00", f"职员{who}")
    assert heard == [events.UnitAreaCorrected(world.home.pk, world.longqi.pk, 11_864, 11_900, AT)]
    assert clean()


@pytest.mark.parametrize("who", ["clerk", *OTHERS])
def test_the_front_desk_and_everybody_else_keep_their_hands_off_areas(world: World, who):
    for do in (
        lambda: correct(world, who),
        lambda: fix(world, who),
        lambda: close(world, who),
        lambda: actions.reopen_unit(actor=world.actor(who), unit_id=world.home.pk, reason="x", at=AT),
    ):
        with pytest.raises(NotAllowed):
            do()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"area_dm2": 0}, "area_out_of_range"),
        ({"area_dm2": -1}, "area_out_of_range"),
        ({"area_dm2": 10**9}, "area_out_of_range"),
        ({"area_dm2": 1_190_000}, "area_doubtful"),
        ({"area_dm2": 1_190}, "area_doubtful"),
        ({"source": "unknown"}, "area_source_missing"),
        ({"source": ""}, "area_source_missing"),
        ({"source": "contract"}, "area_source_weaker"),
        ({"area_on": TODAY + timedelta(days=1)}, "day_impossible"),
        ({"reason": " \n "}, "reason_missing"),
        ({"area_dm2": 11_864, "source": "survey", "area_on": date(2019, 6, 1)}, "nothing_changed"),
    ],
)
def test_what_cannot_be_or_is_odd_is_refused(world: World, wish, code):
    with pytest.raises(Invalid) as refused:
        correct(world, **wish)
    assert refused.value.code == code
    assert not Change.objects.exists()


def test_who_is_sure_of_an_odd_area_may_enter_it_but_not_an_impossible_one(world: World):
    assert correct(world, area_dm2=60_000, source="contract", sure=True).area_dm2 == 60_000
    with pytest.raises(Invalid):
        correct(world, area_dm2=0, sure=True)


def test_the_same_correction_twice_is_told_and_recorded_once(world: World):
    correct(world)
    with pytest.raises(Invalid, match="没有要改的"):
        correct(world)
    assert len(queries.history(world.home)) == 2


def test_only_the_date_of_the_paper_may_be_wrong(world: World):
    correct(world, area_dm2=11_864, source="survey", area_on=date(2018, 6, 1))
    assert queries.history(world.home)[0].steps == [("area_on", "2019-06-01", "2018-06-01")]


# --- use and delivery -------------------------------------------------------------------------------------


def fix(world: World, who: str = "committee", **wish: object) -> Unit:
    first = {
        "unit_id": world.shop.pk,
        "kind": "storage",
        "delivered_on": date(2012, 9, 30),
        "reason": "现场核对",
        "at": AT,
    }
    return actions.correct_unit(actor=world.actor(who), **(first | wish))


def test_use_and_delivery_are_corrected_with_a_reason(world: World):
    made = fix(world)
    assert (made.kind, made.delivered_on) == ("storage", date(2012, 9, 30))
    assert queries.history(made)[0].steps == [("kind", "shop", "storage"), ("delivered_on", "", "2012-09-30")]
    assert fix(world, delivered_on=None).delivered_on is None
    assert clean()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"kind": "castle"}, "unit_kind_missing"),
        ({"kind": ""}, "unit_kind_missing"),
        ({"delivered_on": TODAY + timedelta(days=1)}, "day_impossible"),
        ({"reason": ""}, "reason_missing"),
        ({"kind": "shop", "delivered_on": None}, "nothing_changed"),
    ],
)
def test_a_correction_of_use_needs_a_use_a_past_day_a_reason_and_a_difference(world: World, wish, code):
    with pytest.raises(Invalid) as refused:
        fix(world, **wish)
    assert refused.value.code == code


# --- the number on the door and the code ------------------------------------------------------------------


def renumber(world: World, who: str = "clerk", **wish: object) -> Unit:
    first = {"unit_id": world.home.pk, "number": "502", "reason": "登记时看错了门牌", "at": AT}
    return actions.renumber_unit(actor=world.actor(who), **(first | wish))


@pytest.mark.parametrize("who", KEEPERS)
def test_who_keeps_the_register_puts_number_and_code_right_and_the_old_ones_stay(world: World, who):
    owns(person(world.longqi, "王秀兰"), world.home)
    made = renumber(world, who)
    assert (made.pk, made.code, made.label) == (world.home.pk, "3-2-502", "3号楼2单元502")
    line = queries.history(made)[0]
    assert (line.kind, line.reason) == ("unit.renumber", "登记时看错了门牌")
    assert line.steps == [("label", "3号楼2单元501", "3号楼2单元502"), ("code", "3-2-501", "3-2-502")]
    assert line.receipt
    assert clean()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_renumbers_a_unit(world: World, who):
    with pytest.raises(NotAllowed):
        renumber(world, who)


def test_a_unit_with_another_number_stands_where_people_look_for_it(world: World):
    def codes() -> list[str]:
        return [one.code for one in queries.chosen_units(world.longqi.pk, queries.Wish(words="3-2"))]

    assert codes() == ["3-2-501", "3-2-1001"]
    renumber(world, number="1101")
    assert codes() == ["3-2-1001", "3-2-1101"]
    with pytest.raises(Invalid, match="没有找到这个房号"):
        queries.unit_by_code(world.longqi.pk, "3-2-501")


def test_only_the_code_or_only_the_door_may_be_wrong(world: World):
    assert renumber(world, number="501", code="3-2-0501").label == "3号楼2单元501"
    assert queries.history(world.home)[0].steps == [("code", "3-2-501", "3-2-0501")]
    assert renumber(world, number="501甲", code="3-2-0501").code == "3-2-0501"
    assert queries.history(world.home)[0].steps == [("label", "3号楼2单元501", "3号楼2单元501甲")]


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        ({"number": "1001"}, "unit_code_taken", "code"),
        ({"code": "３－２－１００１"}, "unit_code_taken", "code"),
        ({"number": ""}, "name_missing", "number"),
        ({"number": "5" * 25}, "name_too_long", "number"),
        ({"code": "3 楼?"}, "code_bad", "code"),
        ({"reason": " "}, "reason_missing", "reason"),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(world: World, wish, code, field):
    with pytest.raises((Invalid, Conflict)) as refused:
        renumber(world, **wish)
    assert (refused.value.code, refused.value.data["field"]) == (code, field)
    world.home.refresh_from_db()
    assert (world.home.code, world.home.label) == ("3-2-501", "3号楼2单元501")


def test_the_code_of_a_unit_that_is_no_more_stays_its_own(world: World):
    close(world, unit_id=world.high_home.pk)
    with pytest.raises(Conflict, match="曾有房号「3-2-1001」"):
        renumber(world, number="1001")
    with pytest.raises(Conflict, match="已经注销"):
        renumber(world, unit_id=world.high_home.pk)
    with pytest.raises(Invalid, match="没有要改的"):
        renumber(world, number="501")
    with pytest.raises(NotFound):
        renumber(world, unit_id=10**9)


# --- closing and bringing back ----------------------------------------------------------------------------


def close(world: World, who: str = "manager", unit_id: int = 0, on: date = TODAY) -> Unit:
    return actions.close_unit(
        actor=world.actor(who), unit_id=unit_id or world.home.pk, on=on, reason="两套合并为一套", at=AT
    )


def test_a_unit_that_is_no_more_leaves_the_list_and_the_sums_and_comes_back(world: World):
    whole = queries.sums(world.longqi.pk, queries.Wish())
    close(world)
    assert queries.sums(world.longqi.pk, queries.Wish()).area_dm2 == whole.area_dm2 - 11_864
    assert [one.code for one in queries.chosen_units(world.longqi.pk, queries.Wish(which="closed"))] == [
        "3-2-501"
    ]
    for refused in (lambda: close(world), lambda: correct(world), lambda: fix(world, unit_id=world.home.pk)):
        with pytest.raises(Conflict, match="已经注销"):
            refused()
    with pytest.raises(Conflict, match="恢复它"):
        add(world, number="501")
    back = actions.reopen_unit(actor=world.actor("manager"), unit_id=world.home.pk, reason="登错了", at=AT)
    assert back.closed_on is None
    assert queries.sums(world.longqi.pk, queries.Wish()) == whole
    with pytest.raises(Conflict, match="不用恢复"):
        actions.reopen_unit(actor=world.actor("manager"), unit_id=world.home.pk, reason="登错了", at=AT)
    assert clean()


@pytest.mark.parametrize("relation", ["owner", "tenant"])
def test_a_unit_with_people_behind_its_door_is_not_closed(world: World, relation):
    """The register of people hears of it and refuses; nothing is written."""
    who = person(world.longqi, "王秀兰")
    if relation == "owner":
        owns(who, world.home)
    else:
        lives(who, world.home, relation)
    with pytest.raises(Conflict, match="业主名册"):
        close(world)
    assert Unit.objects.get(pk=world.home.pk).closed_on is None


def test_former_owners_do_not_keep_a_unit_open(world: World):
    owns(person(world.longqi, "王秀兰"), world.home, to_on=TODAY)
    assert close(world).closed_on == TODAY


def test_a_unit_is_not_brought_back_into_a_closed_building(world: World):
    building = found("building", "12号楼", world.longqi)
    made = unit(building, "1", "12-1")
    close(world, unit_id=made.pk)
    actions.close_place(actor=FOUNDER, place_id=building.pk, reason="拆除", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="「12号楼」已经注销"):
        actions.reopen_unit(actor=FOUNDER, unit_id=made.pk, reason="恢复", at=AT)


def test_a_unit_is_closed_on_a_day_that_has_come(world: World):
    with pytest.raises(Invalid):
        close(world, on=TODAY + timedelta(days=1))


def test_unknown_units_are_told(world: World):
    with pytest.raises(NotFound, match="没有找到这套房"):
        close(world, unit_id=10**9)


def test_a_corrected_area_is_found_out_when_somebody_changes_it_behind_the_houses_back(world: World):
    correct(world)
    Unit.objects.filter(pk=world.home.pk).update(area_dm2=20_000)
    assert ("places_unit", world.home.pk) in {
        (one.table, one.key) for one in journal.check_database().findings
    }
