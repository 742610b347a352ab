"""A new row stands in the table as ``objects.create`` would have left it, with its id."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from django.db import connection

from linli.civic.notifications.models import Message
from linli.ground.db.rows import insert
from linli.registry.people.models import Person
from linli.registry.places.models import Place, Unit

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def compound(db):
    return insert(
        Place(kind="compound", name="海澜苑", code="xq1", path="/1/", sort_key="海澜苑", slug="xq1")
    )


def as_stored(row):
    """Every column of a row but its id, as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        names = [column[0] for column in cursor.description or []]
        return {name: value for name, value in zip(names, cursor.fetchone(), strict=True) if name != "id"}


def rows_of_every_kind(compound):
    unit = Unit(
        compound=compound,
        place=compound,
        kind="home",
        code="1-1",
        label="1-1",
        sort_key="1-1",
        area_on=AT.date(),
    )
    yield unit
    yield Message(
        compound_id=compound.pk, stream="s", kind="k", subject="甲", text="乙", data={"词": 1}, link="/",
        accounts=[3], roles=["manager"], place_path="/", urgent=True, at=AT,
    )  # fmt: skip
    yield Person(compound=compound, kind="natural", name="葛景", phone=None, salt=secrets.token_bytes(16))


def test_every_kind_of_column_stands_as_create_would_write_it(compound):
    for row in rows_of_every_kind(compound):
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key
        }
        mine = as_stored(insert(row))
        row.delete()
        assert mine == as_stored(type(row).objects.create(**values))


def test_an_encrypted_column_does_not_stand_in_plain_text(compound):
    person = insert(Person(compound=compound, kind="natural", name="葛景", phone="13900000001"))
    assert "13900000001" not in str(as_stored(person))
    assert Person.objects.get(pk=person.pk).phone == "13900000001"


def test_a_new_row_knows_its_id_and_can_be_changed(compound):
    compound.name = "海澜二苑"
    compound.save(update_fields=["name"])
    assert Place.objects.get(pk=compound.pk).name == "海澜二苑"


def test_a_row_that_has_an_id_is_not_new(compound):
    with pytest.raises(AssertionError, match="gets its id from the database"):
        insert(compound)
