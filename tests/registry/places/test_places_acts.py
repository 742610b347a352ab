"""Places are founded, named, closed and brought back: who may, what is refused, what is recorded."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from linli.ground.journal import queries as journal
from linli.ground.journal.models import Leaf
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.places import actions, queries
from linli.registry.places.actions import _keeping
from linli.registry.places.models import Change, Place, Unit
from tests.registry.people.cast import AT, TODAY
from tests.registry.places.cast import FOUNDER, World, found, found_world, unit

KEEPERS = ("manager", "clerk", "committee", "community", "street", "district", "operator")
OTHERS = ("secretary", "captain", "repairer", "supervisor", "other_manager", "other_committee", "resident")


def acts(place: Place | Unit) -> list[str]:
    return [act.kind for act in journal.story(place.log_id, queries.stream_of(place))]


def clean() -> bool:
    """Whether the log and the tables of places agree."""
    return not [
        one for one in journal.check_database().findings if (one.table or "places").startswith("places")
    ]


# --- founding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", KEEPERS)
def test_who_keeps_the_compound_registers_a_building(world: World, who):
    made = actions.found_place(
        actor=world.actor(who), kind="building", name="12栋", parent_id=world.longqi.pk, at=AT
    )
    assert (made.name, made.path, made.compound_id) == (
        "12号楼",
        f"{world.longqi.path}{made.pk}/",
        world.longqi.pk,
    )
    assert acts(made) == ["place.found"]
    assert clean()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_does(world: World, who):
    with pytest.raises(NotAllowed):
        actions.found_place(
            actor=world.actor(who), kind="building", name="12栋", parent_id=world.longqi.pk, at=AT
        )


@pytest.mark.parametrize(
    ("who", "kind", "where", "may"),
    [
        ("district", "subdistrict", "district", True),
        ("district", "community", "street", True),
        ("district", "compound", "community", True),
        ("operator", "compound", "street", True),
        ("street", "compound", "community", True),
        ("street", "community", "street", False),
        ("street", "subdistrict", "district", False),
        ("community", "compound", "community", False),
        ("manager", "compound", "community", False),
        ("committee", "community", "street", False),
    ],
)
def test_the_district_draws_streets_and_communities_the_street_founds_compounds(
    world: World, who, kind, where, may
):
    def do() -> Place:
        return actions.found_place(
            actor=world.actor(who),
            kind=kind,
            name="新的地方",
            parent_id=getattr(world, where).pk,
            slug="xinde" if kind == "compound" else None,
            at=AT,
        )

    if may:
        assert do().parent == getattr(world, where)
    else:
        with pytest.raises(NotAllowed):
            do()


def test_nobody_on_the_web_founds_a_district(world: World):
    for who in ("operator", "district", "street"):
        with pytest.raises(NotAllowed):
            actions.found_place(actor=world.actor(who), kind="district", name="另一个区", at=AT)


@pytest.mark.parametrize(
    ("kind", "name", "slug", "where", "code", "field"),
    [
        ("building", "", None, "longqi", "name_missing", "name"),
        ("building", "楼" * 61, None, "longqi", "name_too_long", "name"),
        ("building", "3栋", None, "longqi", "code_taken", "name"),
        ("entrance", "二单元", None, "building", "code_taken", "name"),
        ("entrance", "1", None, "longqi", "place_does_not_fit", "parent"),
        ("castle", "城堡", None, "longqi", "place_kind_missing", "kind"),
        ("compound", "新苑", "longqi", "community", "slug_taken", "slug"),
        ("compound", "新苑", "新苑", "community", "slug_bad", "slug"),
        ("compound", "新苑", None, "community", "slug_bad", "slug"),
        ("compound", "隆祺嘉园", "longqi2", "community", "code_taken", "name"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_beside_its_field(
    world: World, kind, name, slug, where, code, field
):
    with pytest.raises((Conflict, Invalid)) as refused:
        actions.found_place(
            actor=FOUNDER, kind=kind, name=name, slug=slug, parent_id=getattr(world, where).pk, at=AT
        )
    assert (refused.value.code, refused.value.data["field"]) == (code, field)


def test_a_second_district_of_the_same_name_is_refused(world: World):
    with pytest.raises(Conflict, match="已经有"):
        found("district", "西海岸新区")


def test_who_is_a_moment_late_is_told_so_and_nothing_else_happens(world: World, monkeypatch):
    """Between the look and the writing somebody else founds the same building."""
    real, looks = _keeping._require_free, []

    def quick_neighbour(parent, code, slug):
        real(parent, code, slug)
        if not looks:
            looks.append(
                Place.objects.create(
                    parent=parent, kind="building", name=code, code=code, path="x", sort_key="x"
                )
            )

    monkeypatch.setattr(_keeping, "_require_free", quick_neighbour)
    with pytest.raises(Conflict, match="这里已经有「12号楼」"):
        found("building", "12号楼", world.longqi)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["building", "compound", "district"])
def test_of_two_who_found_the_same_at_once_one_succeeds_and_one_is_told(kind):
    """SQLite lets one writer in at a time; PostgreSQL must refuse the second one in plain words."""
    if connection.vendor != "postgresql":
        return
    world = found_world()
    parents = {"building": world.longqi, "compound": world.community, "district": None}
    told: list[str] = []
    begin = threading.Barrier(2)

    def do() -> None:
        try:
            begin.wait(10)
            found(kind, "12号楼", parents[kind], "shier" if kind == "compound" else None)
            told.append("founded")
        except Conflict as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=do) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["code_taken", "founded"]
    assert clean()


def test_nothing_is_founded_in_what_is_closed_or_was_never_there(world: World):
    empty = found("building", "12号楼", world.longqi)
    actions.close_place(actor=FOUNDER, place_id=empty.pk, reason="拆除", on=TODAY, at=AT)
    with pytest.raises(Conflict, match="已经注销"):
        found("entrance", "1单元", empty)
    with pytest.raises(NotFound):
        actions.found_place(actor=FOUNDER, kind="building", name="1", parent_id=10**9, at=AT)


# --- naming -----------------------------------------------------------------------------------------------


def rename(world: World, place: Place, name: str, who: str = "manager", reason: str = "按批复改名"):
    return actions.rename_place(actor=world.actor(who), place_id=place.pk, name=name, reason=reason, at=AT)


def test_what_is_called_after_a_building_goes_along_and_codes_stay(world: World):
    rename(world, world.building, "和平楼")
    world.entrance.refresh_from_db()
    assert world.entrance.name == "和平楼2单元"
    assert [(one.code, one.label) for one in queries.units_of(world.longqi.pk)] == [
        ("3-2-501", "和平楼2单元501"),
        ("3-2-1001", "和平楼2单元1001"),
        ("10-S1", "10号楼商铺1"),
        ("B1-017", "地下车库017"),
    ]
    changed = Change.objects.filter(reason="按批复改名").values_list("what", "before", "after")
    assert set(changed) == {
        ("name", "3号楼", "和平楼"),
        ("name", "3号楼2单元", "和平楼2单元"),
        ("label", "3号楼2单元501", "和平楼2单元501"),
        ("label", "3号楼2单元1001", "和平楼2单元1001"),
    }
    assert clean()


def test_the_new_name_sorts_what_stands_inside_too(world: World):
    rename(world, world.building, "20号楼")
    assert [one.name for one in queries.places_of(world.longqi.pk)] == [
        "10号楼",
        "20号楼",
        "20号楼2单元",
        "地下车库",
    ]


def test_a_renamed_street_sorts_its_compounds_anew(world: World):
    other = found("subdistrict", "薛家岛街道", world.district)
    third = found("compound", "金沙苑", found("community", "金沙社区", other), "jinsha")
    assert queries.open_compounds().first() == third
    rename(world, other, "龙泉街道", who="district")
    assert queries.open_compounds().last() == third
    assert clean()


@pytest.mark.parametrize(
    ("who", "what", "may"),
    [
        ("clerk", "building", True),
        ("clerk", "longqi", False),
        ("committee", "longqi", False),
        ("street", "longqi", True),
        ("street", "community", False),
        ("district", "community", True),
        ("district", "district", False),
        ("other_manager", "building", False),
        ("secretary", "building", False),
    ],
)
def test_whoever_may_found_a_place_may_rename_and_close_it(world: World, who, what, may):
    place = getattr(world, what)
    if may:
        assert rename(world, place, "新名称一", who).name == "新名称一"
        return
    with pytest.raises(NotAllowed):
        rename(world, place, "新名称一", who)
    with pytest.raises(NotAllowed):
        actions.close_place(actor=world.actor(who), place_id=place.pk, reason="x", on=TODAY, at=AT)
    with pytest.raises(NotAllowed):
        actions.reopen_place(actor=world.actor(who), place_id=place.pk, reason="x", at=AT)


@pytest.mark.parametrize(
    ("name", "reason", "code"),
    [
        ("", "有原因", "name_missing"),
        ("和平楼", "  ", "reason_missing"),
        ("3号楼", "有原因", "nothing_changed"),
        (" ３号楼 ", "有原因", "nothing_changed"),
    ],
)
def test_a_renaming_needs_a_name_a_reason_and_a_difference(world: World, name, reason, code):
    with pytest.raises(Invalid) as refused:
        rename(world, world.building, name, reason=reason)
    assert refused.value.code == code


# --- closing and bringing back ----------------------------------------------------------------------------


def close(place: Place, on: date = TODAY, reason: str = "已经拆除") -> Place:
    return actions.close_place(actor=FOUNDER, place_id=place.pk, reason=reason, on=on, at=AT)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("longqi", "3 处地方、0 套房屋、0 件设施"),
        ("building", "1 处地方、0 套房屋、0 件设施"),
        ("entrance", "0 处地方、2 套房屋、0 件设施"),
        ("community", "2 处地方、0 套房屋、0 件设施"),
    ],
)
def test_what_is_still_in_use_is_not_closed_and_the_refusal_says_what(world: World, what, said):
    with pytest.raises(Conflict) as refused:
        close(getattr(world, what))
    assert said in str(refused.value)


def test_a_facility_in_use_keeps_its_place_open(world: World):
    square = found("area", "中心广场", world.longqi)
    made = actions.add_facility(
        actor=FOUNDER, place_id=square.pk, kind="bench", asset_no="B-1", name="长椅", at=AT
    )
    with pytest.raises(Conflict, match="1 件设施"):
        close(square)
    actions.retire_facility(actor=FOUNDER, facility_id=made.pk, reason="损坏", on=TODAY, at=AT)
    assert close(square).closed_on == TODAY


def test_closed_is_out_of_the_lists_and_brought_back_in_them(world: World):
    empty = found("building", "12号楼", world.longqi)
    close(empty)
    assert "12号楼" not in [one.name for one in queries.places_of(world.longqi.pk)]
    with pytest.raises(Conflict, match="已经注销"):
        close(empty)
    with pytest.raises(Conflict, match="恢复"):
        found("building", "12号楼", world.longqi)
    actions.reopen_place(actor=world.actor("clerk"), place_id=empty.pk, reason="登错了", at=AT)
    assert "12号楼" in [one.name for one in queries.places_of(world.longqi.pk)]
    with pytest.raises(Conflict, match="不用恢复"):
        actions.reopen_place(actor=world.actor("clerk"), place_id=empty.pk, reason="登错了", at=AT)
    assert acts(empty) == ["place.found", "place.close", "place.reopen"]
    assert clean()


def test_nothing_is_brought_back_into_what_is_closed(world: World):
    building = found("building", "12号楼", world.longqi)
    entrance = found("entrance", "1单元", building)
    close(entrance)
    close(building)
    with pytest.raises(Conflict, match="「12号楼」已经注销"):
        actions.reopen_place(actor=FOUNDER, place_id=entrance.pk, reason="恢复", at=AT)


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), date(1800, 1, 1)])
def test_a_place_is_closed_on_a_day_that_has_come(world: World, on):
    with pytest.raises(Invalid) as refused:
        close(found("building", "12号楼", world.longqi), on=on)
    assert refused.value.data["field"] == "on"


def test_a_refused_act_leaves_no_trace(world: World):
    leaves = Leaf.objects.count()
    for refused in (
        lambda: close(world.building),
        lambda: close(world.building, reason=""),
        lambda: rename(world, world.building, "3号楼"),
        lambda: found("building", "3号楼", world.longqi),
    ):
        with pytest.raises((Conflict, Invalid)):
            refused()
    assert (Leaf.objects.count(), Change.objects.count()) == (leaves, 0)


# --- history ----------------------------------------------------------------------------------------------


def test_the_history_says_what_was_why_by_whom_and_how_to_check_it(world: World):
    rename(world, world.building, "和平楼", who="clerk")
    newest, first = queries.history(Place.objects.get(pk=world.building.pk))
    assert (newest.kind, newest.by, newest.reason) == ("place.rename", "职员clerk", "按批复改名")
    assert newest.steps == [("name", "3号楼", "和平楼")]
    assert (first.kind, first.steps) == ("place.found", [])
    for line in (newest, first):
        assert line.receipt.startswith(f"LL1:{world.longqi.pk}:")


def test_a_home_that_was_renamed_with_its_building_says_so_and_can_be_checked(world: World):
    rename(world, world.building, "和平楼")
    newest = queries.history(Unit.objects.get(pk=world.home.pk))[0]
    assert newest.steps == [("label", "3号楼2单元501", "和平楼2单元501")]
    assert newest.receipt
    added = unit(world.entrance, "502", "3-2-502")
    assert [line.kind for line in queries.history(added)] == ["unit.add"]
