"""Writes ``matrix.csv`` anew: ``python -m pytest tests/access/write_matrix.py``; then read what changed."""

from __future__ import annotations

import csv

import pytest

from tests.access.house import COLUMNS, House
from tests.access.test_matrix import TABLE, column


@pytest.mark.django_db
def test_write_the_table(house: House):
    columns = {who: column(house, who) for who in COLUMNS}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["address", "method", *COLUMNS])
        for asked in columns["nobody"]:
            words = [columns[who][asked] for who in COLUMNS]
            if set(words) != {"-"}:
                writer.writerow([*asked, *words])
