"""What is done to common facilities: who may, what is refused, what is kept and what the log says."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connections

from linli.ground.journal import queries as journal
from linli.ground.kernel.actor import Actor, system
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.places import actions, queries
from linli.registry.places.models import Change, Facility
from tests.registry.people.cast import AT, TODAY, World, found_world, place

KEEPERS = (
    "operator",
    "district_officer",
    "street_officer",
    "community_worker",
    "committee",
    "manager",
    "clerk",
)
STRANGERS = (
    "li",
    "wang",
    "secretary",
    "captain",
    "repairer",
    "supervisor",
    "other_clerk",
    "other_manager",
    "former_committee",
)


@pytest.fixture
def world(db: None) -> World:
    return found_world()


def lamp(world: World, number: str = "LD-01", **more) -> Facility:
    told = {"place_id": world.building.pk, "kind": "lamp", "name": "楼前路灯", "spot": "门口左边"} | more
    return actions.add_facility(actor=system("test"), asset_no=number, at=AT, **told)


def told(world: World, made: Facility) -> list[str]:
    return [act.kind for act in journal.story(world.longqi.pk, queries.stream_of(made))]


# --- who may ----------------------------------------------------------------------------------------------

ACTS = {
    "add": lambda world, made, by: actions.add_facility(
        actor=by, place_id=world.building.pk, kind="lamp", name="灯", at=AT
    ),
    "add a row": lambda world, made, by: actions.add_facilities(
        actor=by, place_id=world.building.pk, kind="lamp", first_no="A1", last_no="A2", name="灯", at=AT
    ),
    "rename": lambda world, made, by: actions.rename_facility(
        actor=by, facility_id=made.pk, name="新名", reason="写错", at=AT
    ),
    "kind": lambda world, made, by: actions.correct_facility_kind(
        actor=by, facility_id=made.pk, kind="fire", reason="写错", at=AT
    ),
    "relocate": lambda world, made, by: actions.relocate_facility(
        actor=by, facility_id=made.pk, place_id=world.entrance.pk, spot="", reason="挪了", at=AT
    ),
    "retire": lambda world, made, by: actions.retire_facility(
        actor=by, facility_id=made.pk, reason="拆了", on=TODAY, at=AT
    ),
    "restore": lambda world, made, by: actions.restore_facility(
        actor=by, facility_id=made.pk, reason="弄错", at=AT
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_for_the_keepers_of_this_compound(world: World, act):
    for who in STRANGERS:
        made = lamp(world, f"S-{who}".replace("_", "-"))
        if act == "restore":
            actions.retire_facility(actor=system("test"), facility_id=made.pk, reason="拆", on=TODAY, at=AT)
        before = Facility.objects.count(), Change.objects.count()
        with pytest.raises(NotAllowed, match="房屋与设施登记"):
            ACTS[act](world, made, world.actor(who))
        assert (Facility.objects.count(), Change.objects.count()) == before
    for number, who in enumerate(KEEPERS):
        made = lamp(world, f"K-{number}-A")
        if act == "restore":
            actions.retire_facility(actor=system("test"), facility_id=made.pk, reason="拆", on=TODAY, at=AT)
        if act == "add a row":
            Facility.objects.filter(asset_no__startswith="A").delete()
        ACTS[act](world, made, world.actor(who))


# --- one ----------------------------------------------------------------------------------------------------


def test_a_facility_is_registered_under_its_number_and_recorded(world: World):
    made = actions.add_facility(
        actor=world.actor("clerk"),
        place_id=world.building.pk,
        kind="lamp",
        asset_no=" ｌｄ－01 ",
        name=" 楼前  路灯 ",
        spot="门口左边 ",
        at=AT,
    )
    kept = Facility.objects.get()
    assert (kept.asset_no, kept.name, kept.spot) == ("LD-01", "楼前 路灯", "门口左边")
    assert kept.compound == world.longqi
    assert told(world, made) == ["facility.add"]


def test_without_a_number_it_gets_the_next_one_of_its_kind(world: World):
    lamp(world, "LD-09")
    made = [lamp(world, ""), lamp(world, " "), lamp(world, "", kind="bench")]
    assert [one.asset_no for one in made] == ["LD-10", "LD-11", "CY-01"]


def test_a_number_is_given_once_even_after_its_facility_is_retired(world: World):
    made = lamp(world)
    actions.retire_facility(actor=system("test"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)
    for typed in ("LD-01", "ld-01"):
        with pytest.raises(Conflict, match="设施编号「LD-01」已经用过了，请换一个") as refused:
            lamp(world, typed)
        assert refused.value.data["field"] == "asset_no"
    assert queries.next_number(world.longqi.pk, "lamp") == "LD-02"


def test_the_next_compound_counts_for_itself(world: World):
    lamp(world)
    theirs = lamp(world, "LD-01", place_id=world.haiyun.pk)
    assert theirs.compound == world.haiyun
    assert queries.facility_by_number(world.haiyun.pk, "LD-01") == theirs


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"kind": "rocket"}, "kind", "请选设施类别"),
        ({"name": "  "}, "name", "请写名称"),
        ({"name": "灯" * 61}, "name", "最多 60 个字"),
        ({"spot": "左" * 121}, "spot", "具体位置最多 120 个字"),
        ({"asset_no": "LD/01"}, "asset_no", "编号只用"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(world: World, wrong, field, sentence):
    told = {"place_id": world.building.pk, "kind": "lamp", "name": "灯", "asset_no": "LD-01"} | wrong
    with pytest.raises(Invalid, match=sentence) as refused:
        actions.add_facility(actor=system("test"), at=AT, **told)
    assert refused.value.data["field"] == field
    assert not Facility.objects.exists()


def test_a_facility_stands_inside_a_compound_at_a_place_that_is(world: World):
    with pytest.raises(Invalid, match="设施要放在某个小区里面"):
        lamp(world, place_id=world.street.pk)
    with pytest.raises(NotFound, match="没有找到这个地方"):
        lamp(world, place_id=999_999)
    gone = place("area", "旧车棚", world.longqi)
    actions.close_place(actor=system("test"), place_id=gone.pk, reason="拆了", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="「旧车棚」已经注销"):
        lamp(world, place_id=gone.pk)


# --- a row --------------------------------------------------------------------------------------------------


def test_sixty_lamps_are_registered_in_one_act(world: World):
    made = actions.add_facilities(
        actor=world.actor("manager"),
        place_id=world.longqi.pk,
        kind="lamp",
        first_no="LD-01",
        last_no="LD-60",
        name="东路路灯",
        spot="东路",
        at=AT,
    )
    shown = [(one.asset_no, one.name, one.spot) for one in queries.facilities_of(world.longqi.pk)]
    assert len(shown) == 60
    assert shown[0] == ("LD-01", "东路路灯1号", "东路")
    assert shown[-1] == ("LD-60", "东路路灯60号", "东路")
    [act] = journal.story(world.longqi.pk, queries.ROWS_STREAM)
    assert (act.kind, act.body["first"], act.body["last"]) == ("facility.add_row", "LD-01", "LD-60")
    assert act.body["facilities"] == [one.pk for one in made]


def test_a_row_with_numbers_given_before_is_not_begun(world: World):
    for number in ("LD-03", "LD-07"):
        lamp(world, number)
    with pytest.raises(
        Conflict, match="有 2 个编号已经用过了：LD-03、LD-07。请换一段编号，这次一个也没有登记"
    ):
        actions.add_facilities(
            actor=system("test"),
            place_id=world.longqi.pk,
            kind="lamp",
            first_no="LD-01",
            last_no="LD-10",
            name="路灯",
            at=AT,
        )
    assert Facility.objects.count() == 2


def test_names_of_a_row_that_grow_too_long_are_refused(world: World):
    with pytest.raises(Invalid, match="最多 60 个字"):
        actions.add_facilities(
            actor=system("test"),
            place_id=world.longqi.pk,
            kind="lamp",
            first_no="LD-1",
            last_no="LD-9",
            name="灯" * 59,
            at=AT,
        )


def test_what_takes_many_numbers_asks_the_database_no_more_often(world: World, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        actions.add_facilities(
            actor=system("test"),
            place_id=world.building.pk,
            kind="lamp",
            first_no="LD-001",
            last_no="LD-200",
            name="路灯",
            at=AT,
        )


# --- correcting ---------------------------------------------------------------------------------------------


def changes(made: Facility) -> list[tuple[str, str, str, str]]:
    found = Change.objects.filter(subject="facility", key=made.pk).order_by("id")
    return [(one.what, one.before, one.after, one.reason) for one in found]


def test_a_name_is_corrected_with_its_reason(world: World):
    made = lamp(world)
    actions.rename_facility(
        actor=world.actor("clerk"), facility_id=made.pk, name="南门路灯", reason="写错了", at=AT
    )
    made.refresh_from_db()
    assert (made.name, made.asset_no) == ("南门路灯", "LD-01")
    assert changes(made) == [("name", "楼前路灯", "南门路灯", "写错了")]
    assert Change.objects.get().account_id == world.staff["clerk"].pk
    assert told(world, made) == ["facility.add", "facility.rename"]


def test_a_kind_is_corrected_with_its_reason(world: World):
    made = lamp(world)
    actions.correct_facility_kind(
        actor=system("test"), facility_id=made.pk, kind="fire", reason="其实是应急灯", at=AT
    )
    made.refresh_from_db()
    assert made.kind == "fire"
    assert changes(made) == [("kind", "lamp", "fire", "其实是应急灯")]


def test_a_facility_moves_within_its_compound(world: World):
    made = lamp(world)
    actions.relocate_facility(
        actor=system("test"), facility_id=made.pk, place_id=world.entrance.pk, spot="右边", reason="挪", at=AT
    )
    made.refresh_from_db()
    assert (made.place, made.spot) == (world.entrance, "右边")
    assert changes(made) == [("place", "3号楼", "2单元", "挪"), ("spot", "门口左边", "右边", "挪")]
    [_added, moved] = journal.story(world.longqi.pk, queries.stream_of(made))
    assert len(moved.body["changes"]) == 2, "one act, however many columns"


def test_a_facility_does_not_move_to_the_next_compound(world: World):
    made = lamp(world)
    with pytest.raises(Invalid, match="选的位置不在这个小区"):
        actions.relocate_facility(
            actor=system("test"),
            facility_id=made.pk,
            place_id=world.haiyun.pk,
            spot="",
            reason="挪",
            at=AT,
        )


@pytest.mark.parametrize("act", ["rename", "kind", "relocate"])
def test_what_changes_nothing_is_said(world: World, act):
    made = lamp(world)
    same = {
        "rename": lambda: actions.rename_facility(
            actor=system("t"), facility_id=made.pk, name="楼前路灯", reason="改", at=AT
        ),
        "kind": lambda: actions.correct_facility_kind(
            actor=system("t"), facility_id=made.pk, kind="lamp", reason="改", at=AT
        ),
        "relocate": lambda: actions.relocate_facility(
            actor=system("t"),
            facility_id=made.pk,
            place_id=made.place_id,
            spot=" 门口左边",
            reason="改",
            at=AT,
        ),
    }
    with pytest.raises(Invalid, match="和原来一样"):
        same[act]()
    assert not Change.objects.exists()


@pytest.mark.parametrize("act", ["rename", "kind", "relocate", "retire", "restore"])
def test_nothing_is_changed_without_a_reason(world: World, act):
    made = lamp(world)
    if act == "restore":
        actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)
        made.refresh_from_db()
    silent = {
        "rename": lambda why: actions.rename_facility(name="新", **why),
        "kind": lambda why: actions.correct_facility_kind(kind="fire", **why),
        "relocate": lambda why: actions.relocate_facility(place_id=world.entrance.pk, spot="", **why),
        "retire": lambda why: actions.retire_facility(on=TODAY, **why),
        "restore": lambda why: actions.restore_facility(**why),
    }
    for reason in ("", "  \n "):
        with pytest.raises(Invalid, match="请写明原因") as refused:
            silent[act]({"actor": system("t"), "facility_id": made.pk, "reason": reason, "at": AT})
        assert refused.value.data["field"] == "reason"
    kept = Facility.objects.get()
    assert (kept.name, kept.kind, kept.place_id, kept.retired_on) == (
        made.name,
        made.kind,
        made.place_id,
        made.retired_on,
    )


# --- out of use and back --------------------------------------------------------------------------------------


def test_a_retired_facility_keeps_its_number_and_is_found_by_it(world: World):
    made = lamp(world)
    since = TODAY - timedelta(days=3)
    actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=since, at=AT)
    assert not queries.facilities_of(world.longqi.pk)
    found = queries.facility_by_number(world.longqi.pk, "ld-01")
    assert (found, found.retired_on) == (made, since)
    assert changes(made) == [("retired_on", "", "2026-03-13", "拆了")]


def test_what_was_retired_by_mistake_comes_back_under_its_number(world: World):
    made = lamp(world)
    actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)
    actions.restore_facility(actor=system("t"), facility_id=made.pk, reason="拆的是旁边那盏", at=AT)
    assert list(queries.facilities_of(world.longqi.pk)) == [made]
    assert told(world, made) == ["facility.add", "facility.retire", "facility.restore"]
    assert changes(made)[-1] == ("retired_on", "2026-03-16", "", "拆的是旁边那盏")


def test_what_is_out_of_use_cannot_be_retired_and_what_is_in_use_not_restored(world: World):
    made = lamp(world)
    with pytest.raises(Conflict, match="正在使用"):
        actions.restore_facility(actor=system("t"), facility_id=made.pk, reason="误", at=AT)
    actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="已经停用了"):
        actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(202, 3, 16)])
def test_a_day_that_cannot_be_is_refused(world: World, on):
    made = lamp(world)
    with pytest.raises(Invalid) as refused:
        actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=on, at=AT)
    assert refused.value.data["field"] == "on"


def test_what_stood_at_a_place_that_is_no_more_moves_before_it_comes_back(world: World):
    shed = place("area", "旧车棚", world.longqi)
    made = lamp(world, place_id=shed.pk)
    actions.retire_facility(actor=system("t"), facility_id=made.pk, reason="拆了", on=TODAY, at=AT)
    actions.close_place(actor=system("t"), place_id=shed.pk, reason="拆了", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="「旧车棚」已经注销，请先把设施挪到别的位置"):
        actions.restore_facility(actor=system("t"), facility_id=made.pk, reason="误", at=AT)
    actions.relocate_facility(
        actor=system("t"), facility_id=made.pk, place_id=world.building.pk, spot="", reason="挪", at=AT
    )
    actions.restore_facility(actor=system("t"), facility_id=made.pk, reason="误", at=AT)
    assert list(queries.facilities_of(world.longqi.pk)) == [made]


def test_an_unknown_facility_is_not_found(world: World):
    with pytest.raises(NotFound, match="没有找到这个设施"):
        actions.rename_facility(actor=system("t"), facility_id=1, name="新", reason="改", at=AT)


# --- at the same moment ---------------------------------------------------------------------------------------


def at_once(*acts) -> list[object]:
    """What came of acts that two clerks begin at the same moment."""
    outcomes: list[object] = []
    together = threading.Barrier(len(acts))

    def run(act):
        together.wait()
        while True:
            try:
                outcomes.append(act())
                break
            except OperationalError:  # the suite's SQLite lies in shared memory and does not wait
                continue
            except Exception as trouble:
                outcomes.append(trouble)
                break
        connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_give_one_number_at_once_one_is_told_in_a_sentence():
    world = found_world()
    clerk = world.actor("clerk")

    def add():
        return actions.add_facility(
            actor=clerk, place_id=world.building.pk, kind="lamp", name="灯", asset_no="LD-01", at=AT
        )

    outcomes = at_once(*[add] * 4)
    refused = [one for one in outcomes if not isinstance(one, Facility)]
    assert [type(one) for one in refused] == [Conflict] * 3
    assert {str(one) for one in refused} == {"设施编号「LD-01」已经用过了，请换一个。"}
    assert Facility.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clerks_who_leave_the_number_to_us_at_once_get_different_ones():
    world = found_world()
    clerk = world.actor("clerk")

    def add():
        made = actions.add_facility(actor=clerk, place_id=world.building.pk, kind="lamp", name="灯", at=AT)
        return made.asset_no

    assert sorted(at_once(*[add] * 4)) == ["LD-01", "LD-02", "LD-03", "LD-04"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_retire_one_facility_at_once_one_is_told():
    world = found_world()
    made, by = lamp(world), world.actor("clerk")

    def retire():
        return actions.retire_facility(actor=by, facility_id=made.pk, reason="拆了", on=TODAY, at=AT)

    outcomes = at_once(retire, retire)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Facility"]
    assert Change.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", range(3))
def test_nothing_is_registered_at_a_place_that_is_closed_at_the_same_moment(times):
    world = found_world()
    shed, clerk = place("area", "旧车棚", world.longqi), world.actor("clerk")

    def add():
        return actions.add_facility(actor=clerk, place_id=shed.pk, kind="lamp", name="灯", at=AT)

    def close():
        return actions.close_place(actor=clerk, place_id=shed.pk, reason="拆了", on=TODAY, at=AT)

    outcomes = at_once(add, close)
    assert sorted(type(one) is Conflict for one in outcomes) == [False, True], (times, outcomes)
    shed.refresh_from_db()
    assert Facility.objects.exists() is (shed.closed_on is None)


def test_nobody_at_all_may_nothing(world: World):
    with pytest.raises(NotAllowed):
        actions.add_facility(
            actor=Actor(key="nobody"), place_id=world.building.pk, kind="lamp", name="灯", at=AT
        )
