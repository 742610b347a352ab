"""Writing one new row, at little more than the cost of its statement."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

from linli.ground.db.statements import kept_cursor

Row = TypeVar("Row", bound=models.Model)
_Column = tuple[Any, str, bool]
"""The field, the attribute with its value, and whether a plain value goes into the table as it is."""
_PLAIN = frozenset({str, int, bool, type(None)})
_PLAIN_TO_POSTGRES = _PLAIN | {bytes}
_AS_THEY_ARE = frozenset(
    {
        models.BigIntegerField,
        models.BinaryField,
        models.BooleanField,
        models.CharField,
        models.ForeignKey,
        models.IntegerField,
        models.PositiveSmallIntegerField,
        models.SmallIntegerField,
        models.TextField,
    }
)


def insert(row: Row) -> Row:
    """Write a new row and give it its id; returns it.

    What ``objects.create`` does, but the statement is put together once for each model, not for each row.
    It sends no signals, which nobody in the house listens to. The id must not be set, rows referred to must
    be written already.
    """
    assert row.pk is None, "a new row gets its id from the database"
    # The connection itself: its proxy would look it up anew for every field.
    database = connections[DEFAULT_DB_ALIAS]
    columns, statement, returns = _statement(type(row), database.vendor)
    plain = _PLAIN_TO_POSTGRES if database.vendor == "postgresql" else _PLAIN
    values = []
    for field, name, stands_as_is in columns:
        value = getattr(row, name) if stands_as_is else field.pre_save(row, True)
        if not stands_as_is or type(value) not in plain:
            value = field.get_db_prep_save(value, database)
        values.append(value)
    cursor = kept_cursor()
    cursor.execute(statement, values)
    row.pk = cursor.fetchone()[0] if returns else cursor.lastrowid
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@lru_cache(maxsize=256)
def _statement(model: type[models.Model], vendor: str) -> tuple[tuple[_Column, ...], str, bool]:
    """The columns in order, the statement with them, and whether it hands the id back."""
    database = connections[DEFAULT_DB_ALIAS]
    assert vendor == database.vendor
    quote = database.ops.quote_name
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    names = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    returns = database.features.can_return_columns_from_insert
    returning = f" RETURNING {table}.{key}" if returns else ""
    columns = tuple((field, field.attname, type(field) in _AS_THEY_ARE) for field in fields)
    return columns, f"INSERT INTO {table} ({names}) VALUES ({marks}){returning}", returns
