"""A person's own data as a parcel to take home: readable by programs, by people, and by spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.template.loader import render_to_string

from linli.ground.web.exports import harmless
from linli.ground.web.formats import local

Tables = Mapping[str, Sequence[Mapping[str, object]]]


def parcel(tables: Tables, *, at: datetime) -> bytes:
    """A zip of ``data.json``, ``index.html`` and one CSV for each table that is not empty."""
    told = {
        title: [{word: _plain(value) for word, value in row.items()} for row in rows]
        for title, rows in tables.items()
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=2))
        archive.writestr(
            "index.html", render_to_string("people/parcel.html", {"tables": told, "made_at": at})
        )
        for title, rows in told.items():
            if rows:
                archive.writestr(f"{title}.csv", _csv(rows))
    return kept.getvalue()


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(rows[0].keys())
    writer.writerows([harmless(str(value)) for value in row.values()] for row in rows)
    return "\ufeff" + written.getvalue()


def _plain(value: object) -> str | int | bool:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int) else str(value)
