"""Every logged row against the last word of the log about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.models import Q

from linli.ground.journal.domain.bulk import HINT, Cover, read_aid
from linli.ground.journal.domain.digests import RowHasher
from linli.ground.journal.domain.entries import Rooted
from linli.ground.journal.domain.findings import Finding
from linli.ground.journal.models import Leaf
from linli.ground.journal.queries._checking._said import DatabaseCheck, Latest, Said, plain_bytes
from linli.ground.kernel.errors import Refusal

_BATCH = 4000
_UNREADABLE = (ValueError, TypeError, OverflowError, DatabaseError)
"""What reading or hashing a row raises when somebody wrote nonsense into it behind the models."""


@dataclass(slots=True)
class _Row:
    """One row: its logged values (None where they cannot even be read) and the bulk act it points at."""

    key: int
    values: tuple[Any, ...] | None
    leaf: int | None
    digest: bytes | None = None


def logged_models() -> list[type[models.Model]]:
    """Every model whose rows the log commits to, in the order of their tables."""
    found = [model for model in apps.get_models() if getattr(model, "LOGGED", None)]
    return sorted(found, key=lambda model: model._meta.db_table)


def check_rows(said: Said, check: DatabaseCheck) -> Iterator[str]:
    """Compare every row of every logged table with the log, and the log with the rows."""
    covers: dict[tuple[int, int], Cover] = {}
    known = logged_models()
    for model in known:
        yield f"表 {model._meta.db_table}"
        _Table(model, said, covers, check).check()
    for table in sorted(said.tables.keys() - {model._meta.db_table for model in known}):
        if any(word.digest for word in said.latest(table)):
            check.findings.append(Finding("unknown_table", table=table))
    yield "批量操作"
    for place, (_, rooted) in said.bulk.items():
        check.findings += _compared(said, covers.get(place) or Cover(b""), place, rooted)


class _Table:
    """One table on its way past the log."""

    def __init__(
        self,
        model: type[models.Model],
        said: Said,
        covers: dict[tuple[int, int], Cover],
        check: DatabaseCheck,
    ) -> None:
        self.model, self.said, self.covers, self.check_ = model, said, covers, check
        self.table = model._meta.db_table
        self.columns: tuple[str, ...] = model.LOGGED  # type: ignore[attr-defined]
        self.bulk = any(column.name == "leaf" for column in model._meta.concrete_fields)
        self.days = _days_that_may_hide(model, self.columns)

    def check(self) -> None:
        """Walk the rows and the log's words side by side, both by key."""
        words = self.said.latest(self.table)
        word = next(words, None)
        for batch in self._batches():
            self._hash_bulk_rows(batch)
            for row in batch:
                self.check_.rows += 1
                while word is not None and word.key < row.key:
                    self._absent(word)
                    word = next(words, None)
                mine = None
                if word is not None and word.key == row.key:
                    mine, word = word, next(words, None)
                self._present(row, mine)
        while word is not None:
            self._absent(word)
            word = next(words, None)

    def _batches(self) -> Iterator[list[_Row]]:
        last: int | None = None
        hidden = [f"{self.columns[place]}_is_empty" for place in self.days]
        names = ("pk", *self.columns, *hidden, *(["leaf"] if self.bulk else []))
        while True:
            rows = self._rows()
            if last is not None:
                rows = rows.filter(pk__gt=last)
            batch = self._read(rows[:_BATCH], names)
            if not batch:
                return
            yield batch
            last = batch[-1].key

    def _read(self, rows: models.QuerySet[Any], names: tuple[str, ...]) -> list[_Row]:
        try:
            found = list(rows.values_list(*names))
        except _UNREADABLE:
            return [self._read_one(key, names) for key in list(rows.values_list("pk", flat=True))]
        return [self._row(row) for row in found]

    def _rows(self) -> models.QuerySet[Any]:
        empty = {
            f"{self.columns[place]}_is_empty": Q((f"{self.columns[place]}__isnull", True))
            for place in self.days
        }
        rows: models.QuerySet[Any] = self.model._base_manager.order_by("pk").annotate(**empty)
        return rows

    def _row(self, found: tuple[Any, ...]) -> _Row:
        end = len(self.columns) + 1
        values: tuple[Any, ...] | None = found[1:end]
        if any(found[place + 1] is None and not found[end + at] for at, place in enumerate(self.days)):
            values = None
        return _Row(found[0], values, found[-1] if self.bulk else None)

    def _read_one(self, key: int, names: tuple[str, ...]) -> _Row:
        try:
            return self._row(self._rows().values_list(*names).get(pk=key))
        except _UNREADABLE:
            return _Row(key, None, None)

    def _hash_bulk_rows(self, batch: list[_Row]) -> None:
        """Hash the rows of a batch that bulk acts cover, act by act, and gather the digests there."""
        groups: dict[tuple[int, int], list[_Row]] = {}
        for row in batch:
            if row.leaf is not None and row.values is not None:
                groups.setdefault((self._log_of(row), row.leaf), []).append(row)
        for place, rows in groups.items():
            if place not in self.said.bulk:
                continue
            salt = self.said.salt(self.said.bulk[place][0])
            for row in rows:
                row.digest = self._digest(row, salt) if len(rows) == 1 else None
            if len(rows) > 1:
                self._hash_together(rows, salt)
            sound = [row for row in rows if row.digest is not None]
            cover = self.covers.setdefault(place, Cover(b""))
            cover.add_digests(self.table, [row.key for row in sound], [row.digest or b"" for row in sound])

    def _hash_together(self, rows: list[_Row], salt: bytes) -> None:
        try:
            values = [row.values or () for row in rows]
            found = RowHasher(self.table, salt).digests([row.key for row in rows], values)
        except _UNREADABLE:
            for row in rows:
                row.digest = self._digest(row, salt)
            return
        for row, digest in zip(rows, found, strict=True):
            row.digest = digest

    def _digest(self, row: _Row, salt: bytes) -> bytes | None:
        try:
            return RowHasher(self.table, salt).digests([row.key], [row.values or ()])[0]
        except _UNREADABLE:
            return None

    def _log_of(self, row: _Row) -> int:
        """The log of a row that a bulk act covers: its compound's."""
        named = dict(zip(self.columns, row.values or (), strict=False))
        log = named.get("compound_id")
        return log if log is not None else self.model(pk=row.key, **named).log_id  # type: ignore[attr-defined, no-any-return]

    def _present(self, row: _Row, word: Latest | None) -> None:
        if row.values is None:
            return self._report("changed", row.key, word)
        if row.leaf is not None:
            return self._present_in_bulk(row, row.leaf, word)
        if word is None:
            return self._report("unlogged", row.key, None)
        if word.digest is None:
            return self._report("returned", row.key, word)
        if self._digest(row, self.said.salt(word.act)) != word.digest:
            return self._report("changed", row.key, word)
        return None

    def _present_in_bulk(self, row: _Row, leaf: int, word: Latest | None) -> None:
        log_id = self._log_of(row)
        if (log_id, leaf) not in self.said.bulk:
            self._report("unlogged", row.key, None)
        elif word is not None and self.said.logs[word.act] == log_id and self.said.indices[word.act] > leaf:
            self.check_.findings.append(Finding("moved_back", log_id, leaf, self.table, row.key))

    def _absent(self, word: Latest) -> None:
        if word.digest is not None:
            self._report("missing", word.key, word)

    def _report(self, code: str, key: int, word: Latest | None) -> None:
        log_id = self.said.logs[word.act] if word else None
        index = self.said.indices[word.act] if word else None
        self.check_.findings.append(Finding(code, log_id, index, self.table, key))


def _days_that_may_hide(model: type[models.Model], columns: tuple[str, ...]) -> list[int]:
    """The positions of columns where SQLite may hold nonsense that reads as if the column were empty."""
    if connection.vendor != "sqlite":
        return []
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [place for place, name in enumerate(columns) if isinstance(fields.get(name), models.DateField)]


def _compared(said: Said, cover: Cover, place: tuple[int, int], rooted: Rooted) -> list[Finding]:
    """Compare the rows of one bulk act, and those later taken out of it, with its root."""
    for row in said.replaced.get(place, ()):
        cover.add_digests(row.table, [row.key], [bytes.fromhex(row.digest)])
    try:
        if cover.rooted() == rooted:
            return []
    except Refusal:
        pass
    return _named_by_aid(cover, *place) or [Finding("bulk_differs", *place)]


def _named_by_aid(cover: Cover, log_id: int, index: int) -> list[Finding]:
    """Which rows differ, as far as the finding aid knows."""
    aid = Leaf.objects.filter(pk=(log_id, index)).values_list("aid", flat=True).first()
    known = {(table, key): hint for table, key, hint in read_aid(plain_bytes(aid))}
    found = []
    for table in cover.tables():
        for key, digest in zip(*cover.of_table(table), strict=True):
            hint = known.pop((table, key), None)
            if hint is None:
                found.append(Finding("unlogged", log_id, index, table, key))
            elif hint != digest[:HINT]:
                found.append(Finding("changed", log_id, index, table, key))
    return found + [Finding("missing", log_id, index, table, key) for table, key in known]
