"""What is registered goes into the log and into the organisation's own history, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.journal import queries as journal_queries
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, NotFound
from linli.registry.organisations.models import Change, Organisation

STREAM = "register/organisations"


@dataclass(frozen=True, slots=True)
class Told:
    """How the history tells an act: what there was, what there is, and why. Nothing of it names a person."""

    before: str = ""
    after: str = ""
    reason: str = ""


def record(
    *,
    kind: str,
    organisation: Organisation,
    rows: Sequence[Model],
    body: dict[str, object],
    told: Told,
    by: Actor,
    at: datetime,
    log: int = 0,
    removed: Sequence[tuple[type[Model], int]] = (),
) -> Change:
    """Write the history's line, then the act that vouches for it and for the rows; the last write of an action."""
    change = insert(
        Change(
            organisation=organisation,
            what=kind,
            before=told.before[:200],
            after=told.after[:200],
            reason=told.reason,
            account_id=by.account_id,
            at=at,
            log=log,
        )
    )
    index = journal.append(
        compound_id=log,
        stream=STREAM,
        kind=kind,
        body={"organisation": organisation.pk, **body},
        rows=[*rows, change],
        removed=removed,
        by=by,
        at=at,
    )
    change.receipt = journal_queries.receipt(log, index).code
    change.save(update_fields=["receipt"])
    return change


def open_organisation(organisation_id: int) -> Organisation:
    """The organisation, locked until the act is over. Refuses an unknown and a closed one."""
    found = Organisation.objects.select_related("place").filter(pk=organisation_id)
    organisation = lock(found).first()
    if organisation is None:
        raise NotFound("no_such_organisation", "没有找到这个机构。")
    if organisation.closed_on is not None:
        raise Conflict("organisation_closed", "这个机构已经注销登记了。")
    return organisation
