"""What the public may read: the home page, the story of a matter, the log of a compound, receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from linli.civic.notifications import queries as notifications
from linli.civic.requests import queries as requests
from linli.ground.journal import queries as journal
from linli.ground.journal.domain import receipts
from linli.ground.kernel.actor import Actor
from linli.outward.transparency.domain import telling
from linli.registry.organisations import queries as organisations

if TYPE_CHECKING:
    from linli.civic.notifications.models import Announcement
    from linli.registry.organisations.models import Organisation
    from linli.registry.places.models import Place

PAGE = 30
READ_AT_ONCE = 300
"""So many acts are read for a page, at most: those of one kind that follow each other stand as one entry."""


@dataclass(frozen=True, slots=True)
class Home:
    """What a compound's home page shows to one reader."""

    waiting: Sequence[requests.Row]
    running: Sequence[requests.Row]
    running_count: int
    announcements: Sequence[Announcement]
    organisations: Sequence[Organisation]
    unread: int


def home(*, actor: Actor, compound: Place, on: date) -> Home:
    """What waits for the reader, what the compound is working on, notices, and whom to call."""
    waiting = [row for row in requests.awaiting_me(actor=actor) if row.slug == compound.slug]
    running = requests.listed(
        actor=actor,
        compound_id=compound.pk,
        compound_path=compound.path,
        filters=requests.Filters(only_open=True),
        limit=4,
    )
    numbers = requests.counts(actor=actor, compound_id=compound.pk, compound_path=compound.path)
    ended = ("confirmed", "withdrawn", "refused", "merged")
    return Home(
        waiting=waiting,
        running=running[:4],
        running_count=sum(number for status, number in numbers.items() if status not in ended),
        announcements=list(notifications.announcements(compound_id=compound.pk)[:3]),
        organisations=list(organisations.serving_organisations(compound.pk, on)),
        unread=notifications.unread_count(actor=actor),
    )


@dataclass(frozen=True, slots=True)
class Chapter:
    """One act of a matter told in plain words, with the note that was public and the code to check it by."""

    at: datetime
    words: str
    who: str
    note: str
    kind: str
    receipt: str
    index: int


def story(*, actor: Actor, compound: Place, request_id: int) -> tuple[requests.Detail, list[Chapter]]:
    """A matter from its first report on: every act in the log, in order, each with its receipt."""
    found = requests.detail(actor=actor, compound_id=compound.pk, request_id=request_id)
    public_steps = {step.pk: step for step in requests.story_rows(request_id=request_id)}
    first = next((step for step in public_steps.values() if step.move == "report"), None)
    chapters = []
    for act in journal.story(compound.pk, found.request.stream):
        step = public_steps.get(int(act.body.get("step") or 0))
        if act.kind == "request.report":
            step = first
        chapters.append(
            Chapter(
                at=act.at,
                words=telling.one_sentence(act.kind, act.body.get("supporters")),
                who=step.who if step else "",
                note=step.note if step else "",
                kind=act.kind,
                receipt=act.receipt,
                index=act.index,
            )
        )
    return found, chapters


@dataclass(frozen=True, slots=True)
class PublicLog:
    """A page of a compound's log, newest first, and where the log stands.

    ``runs`` are acts of the same words that follow each other; ``following`` is where the next page begins.
    """

    runs: Sequence[Sequence[Chapter]]
    following: int | None
    size: int
    checkpoint: str
    checkpoint_at: datetime | None
    key: str


def public_log(*, compound: Place, before: int | None) -> PublicLog:
    """The acts of a compound without any particulars, for whoever wants to see that nothing was left out."""
    chapters = [
        Chapter(act.at, telling.told(act.kind), "", "", act.kind, act.receipt, act.index)
        for act in journal.acts(compound.pk, before=before, limit=READ_AT_ONCE)
    ]
    runs = [list(run) for _, run in groupby(chapters, key=attrgetter("words"))][:PAGE]
    last = journal.last_checkpoint(compound.pk)
    return PublicLog(
        runs=runs,
        following=runs[-1][-1].index if runs and runs[-1][-1].index > 0 else None,
        size=journal.size(compound.pk),
        checkpoint=last.note if last else "",
        checkpoint_at=last.at if last else None,
        key=journal.verifier_key(compound.pk),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a receipt: whether the log still holds exactly that act at that place.

    ``is_published`` says that a signed checkpoint covers it, so that there is a proof to take home.
    """

    code: str
    is_there: bool
    words: str
    at: datetime | None
    log_id: int
    index: int
    is_published: bool = False


def check_receipt(code: str) -> Checked:
    """Compare a receipt with the log as it stands now."""
    receipt = receipts.read_receipt(code)
    held = journal.find_act(receipt.log, receipt.index)
    if held is None or held.receipt != receipt.code:
        return Checked(receipt.code, False, "", None, receipt.log, receipt.index)
    checkpoint = journal.last_checkpoint(receipt.log)
    published = checkpoint is not None and receipt.index < checkpoint.size
    return Checked(
        receipt.code, True, telling.told(held.kind), held.at, receipt.log, receipt.index, published
    )
