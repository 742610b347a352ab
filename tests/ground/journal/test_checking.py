"""Whoever changes, removes or adds a row behind the house's back is found out, whatever the column."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from linli.ground.journal import actions as journal
from linli.ground.journal import queries
from linli.ground.journal.actions import BulkAct
from linli.ground.journal.management import verify as command
from linli.ground.journal.models import Checkpoint, Leaf, Log, TakenOut
from linli.ground.kernel import merkle
from linli.registry.places.models import Unit
from tests.ground.journal.conftest import AT, SOMEBODY, act, acts, compound, units
from tests.ground.journal.test_recording import change_areas

pytestmark = pytest.mark.django_db
NUMBERS = count(1)


def findings() -> list[tuple[str, str, int | None]]:
    """What is wrong now: kind, table, key."""
    return [(found.code, found.table, found.key) for found in queries.check_database().findings]


# --- a row of every logged table, made from what the table itself says -----------------------------------------


def made(model: type[models.Model]) -> models.Model:
    """A row of any table: every column that must hold something holds something plausible."""
    columns = {
        field.attname: value_for(field)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.null
    }
    return model._default_manager.create(**columns)


def value_for(field: models.Field[Any, Any]) -> Any:
    """Something that fits a column."""
    if isinstance(field, models.ForeignKey):
        return made_and_logged(field.related_model).pk
    if field.choices:
        words = [word for word, _ in field.flatchoices]
        return "compound" if "compound" in words else words[0]
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.DateTimeField, AT),
        (models.DateField, AT.date()),
        (models.BooleanField, False),
        (models.SmallIntegerField, next(NUMBERS) % 1000),  # minutes of a day, counts of hands
        (models.IntegerField, next(NUMBERS)),
        (models.BinaryField, b"\1" * 16),
        (models.JSONField, {}),
    ]
    return next(
        (value for kind, value in kinds if isinstance(field, kind)), f"字{next(NUMBERS)}"[: field.max_length]
    )


def made_and_logged(model: type[models.Model]) -> models.Model:
    """A row of any table, recorded by an act if the table is logged."""
    row = made(model)
    if hasattr(model, "LOGGED"):
        act(log=getattr(row, "log_id", 0), rows=[row], number=next(NUMBERS))
    return row


def other_values(model: type[models.Model], column: str, held: Any) -> Iterator[Any]:
    """What somebody might write into a column instead."""
    field = next(field for field in model._meta.concrete_fields if column in (field.name, field.attname))
    if field.null and held is not None:
        yield None
    if isinstance(field, models.ForeignKey):
        yield made_and_logged(field.related_model).pk
    elif isinstance(field, models.DateTimeField):
        yield (held or AT) + timedelta(milliseconds=1)
    elif isinstance(field, models.DateField):
        yield (held or AT.date()) + timedelta(days=1)
    elif isinstance(field, models.BooleanField):
        yield not held
    elif isinstance(field, models.IntegerField):
        yield (held or 1) + 1
    elif isinstance(field, models.BinaryField):
        yield bytes([bytes(held)[0] ^ 1, *bytes(held)[1:]])
    else:
        yield from [f"{held or ''}x"[-(field.max_length or 99) :], "改"]


def overwrite(model: type[models.Model], key: int, column: str, value: Any) -> bool:
    """Change a column with plain SQL; False where the database itself forbids the value."""
    quote = connection.ops.quote_name
    field = next(field for field in model._meta.concrete_fields if column in (field.name, field.attname))
    prepared = field.get_db_prep_value(value, connection)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s WHERE id = %s"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [prepared, key])
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize("model", queries.logged_models(), ids=lambda model: model._meta.db_table)
class TestEveryLoggedTable:
    def test_every_logged_column_is_watched(self, model):
        row = made_and_logged(model)
        values = dict(
            zip(model.LOGGED, model._default_manager.values_list(*model.LOGGED).get(pk=row.pk), strict=True)
        )
        for column, held in values.items():
            tried = [
                value
                for value in other_values(model, column, held)
                if overwrite(model, row.pk, column, value)
            ]
            assert tried, f"no other value for {column}"
            told = findings()
            assert ("changed", model._meta.db_table, row.pk) in told, column
            assert len(told) == 1, column
            assert overwrite(model, row.pk, column, held)
        assert findings() == []

    def test_a_row_that_is_gone_is_missed(self, model):
        row = made_and_logged(model)
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} WHERE id = %s", [row.pk]
            )
        assert findings() == [("missing", model._meta.db_table, row.pk)]

    def test_a_row_that_was_slipped_in_is_noticed(self, model):
        made_and_logged(model)
        slipped = made(model)
        assert findings() == [("unlogged", model._meta.db_table, slipped.pk)]


BULK = [
    model
    for model in queries.logged_models()
    if any(field.name == "leaf" for field in model._meta.concrete_fields)
]


@pytest.mark.parametrize("model", BULK, ids=lambda model: model._meta.db_table)
class TestEveryTableThatImportsFill:
    @pytest.fixture
    def rows(self, model):
        """Three rows under one bulk act."""
        place = compound()
        slots = journal.open_bulk([place.pk])
        slot = slots[place.pk]
        rows = [made(model) for _ in range(3)]
        for row in rows:
            if row.log_id != place.pk:
                row.compound_id = place.pk
            row.leaf = slot.index
            row.save()
        slot.add(
            model, [row.pk for row in rows], [[getattr(row, name) for name in model.LOGGED] for row in rows]
        )
        told = BulkAct(slot=slot, stream="roll", kind="roll.import", body={}, by=SOMEBODY, at=AT)
        journal.close_bulk(slots, [told])
        assert findings() == []
        return rows

    def test_every_logged_column_is_watched_and_the_row_is_named(self, model, rows):
        row = rows[1]
        values = dict(
            zip(model.LOGGED, model._default_manager.values_list(*model.LOGGED).get(pk=row.pk), strict=True)
        )
        for column, held in values.items():
            assert [
                value
                for value in other_values(model, column, held)
                if overwrite(model, row.pk, column, value)
            ]
            named = {(table, key) for _, table, key in findings()}
            assert (model._meta.db_table, row.pk) in named, column
            assert {key for table, key in named if table == model._meta.db_table} == {row.pk}, column
            assert overwrite(model, row.pk, column, held)
        assert findings() == []

    def test_a_row_cannot_leave_its_act_or_join_another(self, model, rows):
        for leaf in (None, 0, 99):
            model._default_manager.filter(pk=rows[1].pk).update(leaf=leaf)
            assert {(table, key) for _, table, key in findings()} == {(model._meta.db_table, rows[1].pk)}

    def test_rows_gone_and_rows_slipped_in_are_named(self, model, rows):
        index = rows[0].leaf
        slipped = made(model)
        model._default_manager.filter(pk=slipped.pk).update(leaf=index, compound_id=rows[0].log_id)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [rows[2].pk])
        table = model._meta.db_table
        assert {("unlogged", table, slipped.pk), ("missing", table, rows[2].pk)} == set(findings())

    def test_without_the_finding_aid_the_act_is_still_found_out(self, model, rows):
        Leaf.objects.update(aid=None)
        model._default_manager.filter(pk=rows[1].pk).delete()
        told = queries.check_database().findings
        assert {found.code for found in told} <= {"bulk_differs", "unlogged"} and told


class TestHistory:
    def test_a_row_cannot_be_put_back_to_what_it_was(self):
        place = compound()
        before = place.name
        place.name = "新名"
        place.save()
        act(log=place.pk, rows=[place])
        assert findings() == []
        overwrite(type(place), place.pk, "name", before)
        assert findings() == [("changed", "places_place", place.pk)]

    def test_a_row_cannot_be_put_back_under_its_old_import(self):
        place = compound()
        unit, *_ = units(place, 2)
        old = Unit.objects.values().get(pk=unit.pk)
        replaced = journal.remember(unit)
        unit.area_dm2 = 99
        unit.save()
        act(log=place.pk, rows=[unit], replaced=replaced)
        Unit.objects.filter(pk=unit.pk).update(area_dm2=old["area_dm2"], leaf=old["leaf"])
        assert ("moved_back", "places_unit", unit.pk) in findings()

    def test_a_deleted_row_cannot_come_back_as_it_once_stood_alone(self):
        """Listed singly, covered by an import, taken out by an undo: the first digest is of no use any more."""
        place = compound()
        unit, *_ = units(place, 1)
        replaced = journal.remember(unit)
        unit.save()
        act(log=place.pk, rows=[unit], replaced=replaced)
        alone = Unit.objects.values().get(pk=unit.pk)
        change_areas(place, [unit.pk], 77)
        slots = journal.open_bulk([place.pk])
        slots[place.pk].take_out(journal.remember_many(Unit, [unit.pk], log_id=place.pk))
        unit.delete()
        told = BulkAct(slot=slots[place.pk], stream="roll", kind="roll.undo", body={}, by=SOMEBODY, at=AT)
        journal.close_bulk(slots, [told])
        assert findings() == []
        Unit.objects.create(**alone)
        assert findings() == [("returned", "places_unit", alone["id"])]

    def test_the_record_of_what_an_import_replaced_is_watched(self):
        place = compound()
        keys = [unit.pk for unit in units(place, 3)]
        change_areas(place, keys[:2], 77)
        stored = TakenOut.objects.get(key=keys[0])
        TakenOut.objects.filter(key=keys[0]).update(digest="0" * 64)
        assert "taken_out" in {code for code, _, _ in findings()}
        TakenOut.objects.filter(key=keys[0]).update(digest=stored.digest, key=keys[2])
        assert "taken_out" in {code for code, _, _ in findings()}
        TakenOut.objects.filter(key=keys[2]).delete()
        assert "taken_out" in {code for code, _, _ in findings()}
        TakenOut.objects.bulk_create([stored])
        assert findings() == []

    def test_between_two_logs_the_later_word_counts(self):
        place = compound()
        place.name = "新名"
        place.save()
        act(log=0, rows=[place], number=500)
        assert findings() == []

    def test_a_table_that_is_no_more_is_said_so(self):
        place = compound()
        leaf = Leaf.objects.get(log_id=place.pk, index=0)
        entry = bytes(leaf.entry).replace(b"places_place", b"places_house")
        Leaf.objects.filter(log_id=place.pk).update(entry=entry, hash=merkle.leaf_hash(entry))
        assert set(findings()) == {
            ("unknown_table", "places_house", None),
            ("unlogged", "places_place", place.pk),
        }


class TestTheLogItself:
    @pytest.fixture
    def published(self):
        acts(6)
        return journal.publish_now(log_id=7, at=AT)

    def codes(self):
        return sorted({code for code, _, _ in findings()})

    def test_an_entry_that_was_changed_is_found(self, published):
        Leaf.objects.filter(index=2).update(entry=b"{}")
        assert self.codes() == ["checkpoint", "leaf_damaged"]

    def test_an_entry_that_was_changed_with_its_hash_is_found(self, published):
        entry = bytes(Leaf.objects.get(index=2).entry).replace(b'"number":2', b'"number":9')
        Leaf.objects.filter(index=2).update(entry=entry, hash=merkle.leaf_hash(entry))
        assert self.codes() == ["checkpoint"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("stream", "x"), ("kind", "x"), ("at", datetime(2020, 1, 1, tzinfo=UTC)), ("hash", bytes(32))],
    )
    def test_the_columns_beside_the_entry_are_watched(self, published, column, value):
        Leaf.objects.filter(index=2).update(**{column: value})
        assert self.codes() == ["leaf_damaged" if column == "hash" else "leaf_column"]

    def test_a_salt_that_was_changed_makes_its_rows_unreadable(self):
        place = compound()
        Leaf.objects.filter(log_id=place.pk).update(salt=bytes(16))
        assert findings() == [("changed", "places_place", place.pk)]

    def test_an_act_that_is_gone_is_found(self, published):
        Leaf.objects.filter(index=2).delete()
        assert self.codes() == ["checkpoint", "hole", "longer"]

    def test_acts_that_are_gone_from_the_end_are_found(self, published):
        Leaf.objects.filter(index__gte=4).delete()
        Log.objects.update(size=4)
        assert self.codes() == ["checkpoint"]

    def test_and_also_when_the_checkpoints_are_gone_with_them(self, published):
        Leaf.objects.filter(index__gte=4).delete()
        Log.objects.update(size=4)
        Checkpoint.objects.all().delete()
        assert self.codes() == ["checkpoint"]

    @pytest.mark.parametrize(
        ("column", "value"), [("size", 5), ("root", bytes(32)), ("note", "x"), ("origin", "x/7")]
    )
    def test_a_checkpoint_that_was_changed_is_found(self, published, column, value):
        Checkpoint.objects.update(**{column: value})
        assert self.codes() == ["checkpoint_note"]

    def test_a_log_that_claims_another_size_is_found(self, published):
        Log.objects.update(size=9)
        assert self.codes() == ["longer"]

    def test_every_finding_is_one_plain_sentence(self, published):
        Leaf.objects.filter(index=2).delete()
        Checkpoint.objects.update(note="x")
        compound().delete()
        for found in queries.check_database().findings:
            assert found.message.count("。") >= 1 and "{" not in found.message


class TestNonsense:
    """SQLite lets any type into any column; that must be a finding and not a crash."""

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("delivered_on", "'not a day'"),
            ("area_dm2", "3.5"),
            ("area_dm2", "'many'"),
            ("label", "x'ff'"),
            ("compound_id", "'x'"),
        ],
    )
    @pytest.mark.parametrize("alone", [True, False])
    def test_nonsense_in_a_column_is_a_finding(self, column, value, alone):
        if connection.vendor == "postgresql":
            return  # its columns have types
        place = compound()
        unit, *_ = units(place, 3)
        if alone:
            act(log=place.pk, rows=[unit], replaced=journal.remember(unit))
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE places_unit SET {column} = {value} WHERE id = {unit.pk}")
        told = findings()
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE places_unit SET compound_id = {place.pk} WHERE id = {unit.pk}")
        assert ("places_unit", unit.pk) in {(table, key) for _, table, key in told}


def test_the_command_names_what_is_wrong_and_counts_what_it_saw():
    place = compound()
    told = queries.check_database()
    assert json.loads(command._as_json(told)) == {
        "valid": True, "logs": 1, "acts": 1, "rows": 1, "checkpoints": 0, "findings": []
    }  # fmt: skip
    assert "结论：全部对得上。" in command._as_text(told)
    overwrite(type(place), place.pk, "name", "别处")
    told = queries.check_database()
    assert f"表 places_place 第 {place.pk} 行和日志里记的不一样" in command._as_text(told)
    assert json.loads(command._as_json(told))["findings"][0]["code"] == "changed"
    told.findings *= 150
    assert "还有 50 处" in command._as_text(told)


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_state_and_keeps_nobody_from_writing():
    with transaction.atomic():
        compound()
    seen = []

    def meanwhile(part: str) -> None:
        seen.append(part)

    assert queries.check_database(meanwhile).findings == []
    assert seen[0].startswith("日志") and seen[-1] == "批量操作"
    with transaction.atomic():
        act()
    assert queries.size(7) == 1
