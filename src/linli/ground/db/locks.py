"""One way to lock rows: late, once per transaction, the same on both databases."""

from __future__ import annotations

from typing import Any, TypeVar, overload

from django.db import connections, models, transaction

M = TypeVar("M", bound=models.Model)


@overload
def lock(rows: models.QuerySet[M]) -> models.QuerySet[M]: ...
@overload
def lock(rows: M) -> M: ...
def lock(rows: Any) -> Any:
    """Rows, or one instance read again, that nobody else changes until this transaction ends.

    PostgreSQL locks them (without hindering rows that only refer to them); SQLite has taken its one
    write lock at the beginning of the transaction already. Order the rows where there are several, so
    that two clerks cannot wait for each other. Raises ``DoesNotExist`` for an instance that is gone.
    """
    if isinstance(rows, models.QuerySet):
        found = _locked(rows)
        len(found)  # now, and not when somebody looks at them
        return found
    model = type(rows)
    return _locked(model._base_manager.using(rows._state.db).filter(pk=rows.pk)).get()


def _locked(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    alias = rows.db
    rows = rows.using(alias)
    assert transaction.get_connection(alias).in_atomic_block, "rows are locked inside a transaction"
    if not connections[alias].features.has_select_for_update:
        return rows
    return rows.select_for_update(of=("self",), no_key=True)
