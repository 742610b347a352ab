"""How a place, a unit or a facility came to be as it is: every change with its reason, its author and its proof."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from linli.ground.journal import queries as journal
from linli.registry.places.models import Change, Facility, Place, Unit

if TYPE_CHECKING:
    from linli.ground.journal.queries import Act

_names: list[Callable[[Collection[int]], Mapping[int, str]]] = []


def name_accounts(names: Callable[[Collection[int]], Mapping[int, str]]) -> None:
    """Let somebody above tell the names of accounts to the staff who read a history."""
    _names[:] = [names]


ROWS_STREAM = "register/facilities"
"""The matter in the log under which rows of facilities are registered, many in one act."""


def stream_of(row: Place | Unit | Facility) -> str:
    """The matter in the log under which everything done to this place, unit or facility stands."""
    return f"register/{type(row).__name__.lower()}/{row.pk}"


@dataclass(slots=True)
class Line:
    """One act of the history. ``steps`` are the changed columns: what, before, after, as the table keeps them."""

    kind: str
    at: datetime
    by: str
    reason: str = ""
    receipt: str = ""
    steps: list[tuple[str, str, str]] = field(default_factory=list)


def history(row: Place | Unit | Facility) -> list[Line]:
    """What was done to it, newest first, each act with the code to check it by."""
    changes = list(Change.objects.filter(subject=type(row).__name__.lower(), key=row.pk).order_by("id"))
    acts = _acts(row, changes)
    bulk = {act.index: act for act in _bulk_acts(row, changes)}
    acts += bulk.values()
    by_change = {change: act for act in acts for change in act.body.get("changes", ())}
    by_change |= {change.pk: bulk[change.leaf] for change in changes if change.leaf in bulk}
    names = _named(acts, changes)
    lines = {
        act.index: Line(act.kind, act.at, names.get(_account(act), ""), receipt=act.receipt) for act in acts
    }
    for change in changes:
        act = by_change.get(change.pk)
        line = lines.setdefault(
            act.index if act else -change.pk, Line("", change.at, names.get(change.account_id or 0, ""))
        )
        line.reason = change.reason
        line.steps.append((change.what, change.before, change.after))
    newest_first = sorted(lines.items(), key=lambda item: (item[1].at, item[0]), reverse=True)
    return [line for _index, line in newest_first]


def _acts(row: Place | Unit | Facility, changes: Iterable[Change]) -> list[Act]:
    """The acts on the row itself, and those on a place above by which it was renamed along."""
    own = journal.story(row.log_id, stream_of(row))
    told = {change for act in own for change in act.body.get("changes", ())}
    untold = {change.pk for change in changes if change.leaf is None} - told
    if isinstance(row, Facility):
        return [*_in_a_row(row), *own]
    if not untold:
        return own
    path = row.place.path if isinstance(row, Unit) else row.path
    above = (f"register/place/{key}" for key in path.strip("/").split("/"))
    acts = (act for stream in above if stream != stream_of(row) for act in journal.story(row.log_id, stream))
    return [*own, *(act for act in acts if untold.intersection(act.body.get("changes", ())))]


def _bulk_acts(row: Place | Unit | Facility, changes: Iterable[Change]) -> list[Act]:
    """The imports, and the takings back of imports, that changed the row together with many others."""
    leaves = sorted({change.leaf for change in changes if change.leaf is not None})
    return [act for leaf in leaves if (act := journal.find_act(row.log_id, leaf))]


def _in_a_row(row: Facility) -> list[Act]:
    """The act that registered a facility together with others, if it was registered so."""
    return [act for act in journal.story(row.log_id, ROWS_STREAM) if row.pk in act.body["facilities"]]


def _account(act: Act) -> int:
    kind, _colon, key = act.by.partition(":")
    return int(key) if kind == "account" and key.isdecimal() else 0


def _named(acts: Iterable[Act], changes: Iterable[Change]) -> Mapping[int, str]:
    wanted = {_account(act) for act in acts} | {change.account_id or 0 for change in changes}
    found: dict[int, str] = {}
    for names in _names:
        found |= names(wanted - {0})
    return found
