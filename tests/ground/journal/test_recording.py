"""Recording acts: in the transaction of their rows, in order, without anything personal."""

from __future__ import annotations

import re
import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from linli.ground.journal import actions as journal
from linli.ground.journal import queries
from linli.ground.journal.actions import BulkAct
from linli.ground.journal.domain import receipts
from linli.ground.journal.models import Leaf, Log, TakenOut
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.places.models import Place, Unit
from tests.ground.journal.conftest import AT, SOMEBODY, act, acts, compound, units


@pytest.mark.django_db
class TestOneAct:
    def test_acts_of_a_log_are_numbered_from_zero_without_gaps(self):
        assert [act(log=7), act(log=7), act(log=9), act(log=7)] == [0, 1, 0, 2]
        assert queries.size(7) == 3 and queries.size(9) == 1 and queries.size(8) == 0

    def test_the_entry_is_what_is_hashed(self):
        act(number=5)
        leaf = Leaf.objects.get(log_id=7, index=0)
        assert bytes(leaf.hash) == merkle.leaf_hash(bytes(leaf.entry))
        assert bytes(leaf.entry) == (
            b'{"b":{"number":5},"by":"system:test","c":7,"s":"test/1","t":"test.act","ts":1795161605000,"v":1}'
        )

    def test_an_act_that_is_rolled_back_leaves_no_hole(self):
        act()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            act()
            raise ZeroDivisionError
        assert act() == 1

    @pytest.mark.parametrize("text", ["电话 13812345678", "11010519491231002X"])
    def test_a_body_with_a_phone_or_an_id_number_is_refused(self, text):
        with pytest.raises(Invalid) as refused:
            act(body={"note": text})
        assert refused.value.code == "personal_in_log"
        assert queries.size(7) == 0

    def test_rows_are_committed_to_and_not_shown(self):
        place = compound()
        entry = bytes(Leaf.objects.get(log_id=place.pk, index=0).entry).decode()
        assert place.name not in entry
        assert f'"rows":[["places_place",{place.pk},"' in entry

    def test_a_row_of_a_bulk_act_must_be_remembered_first(self):
        place = compound()
        (unit,) = units(place, 1)
        with pytest.raises(AssertionError, match="remember"):
            act(log=place.pk, rows=[unit])


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_a_fault():
    with pytest.raises(AssertionError):
        act()


@pytest.mark.django_db
class TestBulkActs:
    def test_one_act_a_compound_covers_all_its_rows(self):
        one, other = compound("one"), compound("other")
        units(one, 3), units(other, 2)
        assert queries.size(one.pk) == queries.size(other.pk) == 2
        told = queries.story(one.pk, "roll")
        assert [(told_act.kind, told_act.body) for told_act in told] == [("roll.import", {"units": 3})]
        assert queries.check_database().findings == []

    def test_single_acts_go_on_after_it(self):
        place = compound()
        units(place, 2)
        assert act(log=place.pk) == 2
        assert queries.check_database().findings == []

    def test_every_slot_that_was_opened_must_be_closed(self):
        slots = journal.open_bulk([5, 3])
        assert [slot.log_id for slot in slots.values()] == [3, 5]
        only = BulkAct(slot=slots[5], stream="roll", kind="roll.import", body={}, by=SOMEBODY, at=AT)
        with pytest.raises(AssertionError, match="holes"):
            journal.close_bulk(slots, [only])

    def test_a_body_with_a_phone_is_refused_here_too(self):
        slots = journal.open_bulk([5])
        told = BulkAct(slot=slots[5], stream="s", kind="k", body={"n": "13812345678"}, by=SOMEBODY, at=AT)
        with pytest.raises(Invalid):
            journal.close_bulk(slots, [told])

    def test_only_tables_with_a_leaf_column_can_be_covered(self):
        slot = journal.open_bulk([5])[5]
        with pytest.raises(AssertionError):
            slot.add(Log, [1], [(1,)])


@pytest.mark.django_db
class TestTakingRowsOut:
    def test_a_row_that_changes_afterwards_stands_on_its_own(self):
        place = compound()
        unit, *_ = units(place, 3)
        replaced = journal.remember(unit)
        unit.area_dm2 = 4_321
        unit.save(update_fields=["area_dm2"])
        act(log=place.pk, rows=[unit], replaced=replaced)
        assert Unit.objects.get(pk=unit.pk).leaf is None
        assert queries.check_database().findings == []

    def test_remembering_reads_the_database_and_not_the_object_in_hand(self):
        place = compound()
        unit, *_ = units(place, 3)
        unit.area_dm2 = 4_321
        replaced = journal.remember(unit)
        unit.save()
        act(log=place.pk, rows=[unit], replaced=replaced)
        assert queries.check_database().findings == []

    def test_a_row_that_no_bulk_act_covers_needs_no_remembering(self):
        assert journal.remember(compound()) == []

    def test_a_row_that_somebody_else_has_just_taken_is_refused(self):
        place = compound()
        unit, *_ = units(place, 1)
        twin = Unit.objects.get(pk=unit.pk)
        journal.remember(unit)
        with pytest.raises(Conflict) as refused:
            journal.remember(twin)
        assert refused.value.code == "row_taken"

    def test_a_row_can_be_deleted_and_the_log_says_so(self):
        place = compound()
        first, second = units(place, 2)
        replaced = journal.remember(first)
        key = first.pk
        first.delete()
        act(log=place.pk, removed=[(Unit, key)], replaced=replaced)
        assert queries.check_database().findings == []
        Unit.objects.bulk_create([first_again(place, key)])
        assert [found.code for found in queries.check_database().findings] == ["returned"]

    def test_a_second_import_changes_rows_of_the_first(self):
        place = compound()
        keys = [unit.pk for unit in units(place, 4)]
        change_areas(place, keys[:2], 777)
        assert TakenOut.objects.count() == 2
        assert queries.check_database().findings == []
        change_areas(place, keys[1:3], 888)
        assert queries.check_database().findings == []

    def test_an_import_that_is_undone_leaves_a_log_that_fits(self):
        place = compound()
        keys = [unit.pk for unit in units(place, 4)]
        slots = journal.open_bulk([place.pk])
        slots[place.pk].take_out(journal.remember_many(Unit, keys, log_id=place.pk))
        Unit.objects.filter(pk__in=keys).delete()
        told = BulkAct(slot=slots[place.pk], stream="roll", kind="roll.undo", body={}, by=SOMEBODY, at=AT)
        journal.close_bulk(slots, [told])
        assert queries.check_database().findings == []


def first_again(place, key):
    return Unit(pk=key, compound=place, place=place, code="1", label="1号", sort_key="1", area_dm2=1_000)


def change_areas(place, keys, area_dm2):
    """What an import does with rows that exist: remember, hand out the slot, write, commit to them."""
    slots = journal.open_bulk([place.pk])
    slot = slots[place.pk]
    slot.take_out(journal.remember_many(Unit, keys, log_id=place.pk))
    Unit.objects.filter(pk__in=keys).update(area_dm2=area_dm2, leaf=slot.index)
    found = Unit.objects.filter(pk__in=keys).values_list("pk", *Unit.LOGGED)
    slot.add(Unit, [row[0] for row in found], [row[1:] for row in found])
    told = BulkAct(slot=slot, stream="roll", kind="roll.import", body={}, by=SOMEBODY, at=AT)
    journal.close_bulk(slots, [told])


@pytest.mark.django_db
class TestTelling:
    def test_a_story_is_all_acts_of_its_matter_in_order(self):
        for number, stream in enumerate(["request/1", "request/2", "request/1"]):
            act(stream=stream, number=number, kind=f"test.step_{number}")
        told = queries.story(7, "request/1")
        assert [(one.index, one.kind, one.body["number"], one.by) for one in told] == [
            (0, "test.step_0", 0, "system:test"),
            (2, "test.step_2", 2, "system:test"),
        ]
        assert told[0].at == AT
        assert told[0].receipt == queries.receipt(7, 0).code

    def test_the_acts_of_a_log_come_in_pages_newest_first(self):
        acts(5)
        first = queries.acts(7, limit=2)
        assert [one.index for one in first] == [4, 3]
        assert [one.index for one in queries.acts(7, before=first[-1].index, limit=9)] == [2, 1, 0]

    def test_an_act_is_found_by_its_index_or_not_at_all(self):
        acts(1)
        found = queries.find_act(7, 0)
        assert found is not None and found.kind == "test.act"
        assert queries.find_act(7, 1) is None

    def test_a_row_can_be_shown_with_what_proves_it(self):
        place = compound()
        shown = queries.opening(place, log_id=place.pk, index=0).decode()
        assert '"table":"places_place"' in shown and place.name in shown
        place.name = "别的小区"
        with pytest.raises(Exception, match="后来改过"):
            queries.opening(place, log_id=place.pk, index=0)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_take_turns_and_leave_no_hole():
    """Two clerks, four threads, one compound: every act gets its own index.

    SQLite in memory locks by table and does not wait; ``test_processes`` tries it on a real file.
    """
    if connection.vendor != "postgresql":
        return

    def write(found: list[int]) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    found.append(act(log=7))
        finally:
            connection.close()

    taken: list[list[int]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=write, args=(found,)) for found in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(index for found in taken for index in found) == list(range(40))
    assert all(found == sorted(found) for found in taken)
    assert queries.check_database().findings == []


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_row_out_at_once_do_not_both_succeed():
    with transaction.atomic():
        place = compound()
        unit, *_ = units(place, 1)
    if connection.vendor != "postgresql":
        return  # SQLite lets one writer in at a time; the second reads what the first wrote
    told: list[str] = []
    first_has_it, second_waits = threading.Event(), threading.Event()

    def take() -> None:
        try:
            twin = Unit.objects.get(pk=unit.pk)
            first_has_it.wait(10)
            with transaction.atomic():
                second_waits.set()
                journal.remember(twin)
        except Conflict as refused:
            told.append(refused.code)
        finally:
            connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    with transaction.atomic():
        replaced = journal.remember(unit)
        first_has_it.set()
        second_waits.wait(10)
        act(log=place.pk, rows=[unit], replaced=replaced)
    thread.join()
    assert told == ["row_taken"]
    assert queries.check_database().findings == []


@pytest.mark.django_db
def test_days_of_a_bulk_act_are_hashed_as_the_database_gives_them_back():
    place = compound()
    units(place, 2, delivered_on=date(2026, 1, 31))
    assert queries.check_database().findings == []
    assert Place.objects.count() == 1


@pytest.mark.django_db
def test_the_logs_can_be_searched_for_what_must_not_be_in_them():
    place = compound("王秀兰的小区")
    assert list(queries.personal_traces(["王秀兰"])) == []
    act(log=place.pk, body={"who": "王秀兰"})
    assert list(queries.personal_traces(["王秀兰"])) == [(place.pk, 1, "王秀兰")]


def test_the_worked_example_of_the_page_about_the_bundle():
    page = (Path(__file__).parents[3] / "docs" / "algorithms" / "bundle.md").read_text("utf-8")
    entry = re.findall(r"`(\{\"b\".*?\})`", page)[0].encode()
    receipt = re.findall(r"`(LL1:7:3:[\w-]{43})`", page)[0]
    assert receipts.read_receipt(receipt).hash == merkle.leaf_hash(entry)
