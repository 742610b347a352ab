"""What the benchmarks write by statements of their own fits the tables as they are now."""

from __future__ import annotations

import re

import pytest
from bench.district import filling
from django.apps import apps
from django.db.models import AutoField

INSERTS = re.findall(
    r"INSERT INTO (\w+) \(([^)]+)\)", filling.PLACES + filling.HOMES + filling.STAFF + filling.REQUESTS
)


@pytest.mark.parametrize(("table", "listed"), INSERTS)
def test_the_district_fills_every_column_that_must_be_filled_and_none_that_is_gone(table: str, listed: str):
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    named = {column.strip() for column in listed.split(",")}
    columns = {field.column: field for field in model._meta.concrete_fields if field.column}
    assert named <= set(columns)
    needed = {name for name, field in columns.items() if not field.null and not isinstance(field, AutoField)}
    assert needed <= named
