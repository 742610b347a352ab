"""Taking a roll over from a file: keeping the upload, confirming it, forgetting it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid
from linli.outward.exchange import adapters, policies, queries
from linli.outward.exchange.adapters import keeping
from linli.outward.exchange.domain import rolls
from linli.outward.exchange.domain.rolls import Reading
from linli.outward.exchange.domain.tables import Fault
from linli.registry.people import actions as people
from linli.registry.people.actions import Imported, RollPart, SourceFile
from linli.registry.places import queries as places


def keep_upload(*, actor: Actor, compound_id: int, data: bytes, name: str, at: datetime) -> str:
    """Put an upload away for its preview; returns the word by which it is found. Refuses one above the limit."""
    policies.require_may_import(actor, places.compound(compound_id).path)
    kept = keeping.keep(data, name=name[-200:], compound_id=compound_id, account_id=actor.account_id, at=at)
    return kept.token


@transaction.atomic
def confirm_import(*, actor: Actor, compound_id: int, token: str, seen: str, at: datetime) -> Imported:
    """Take over what the preview showed. Refuses when the register has changed since, and a second time."""
    with queries.own_upload(actor, compound_id, token, at) as (kept, path):
        homes, _ = adapters.read_roll_file(path, name=kept.name, limits=adapters.BROWSER)
        file = SourceFile(kept.name, kept.sha256)
        imported = people.import_roll(actor=actor, compound_id=compound_id, homes=homes, file=file, at=at)
    if seen != queries.mark_of(imported.created, imported.changed, imported.ended):
        raise Conflict(
            "preview_outdated", "您看预览以后，名册有了变化，所以还没有导入。请再看一遍预览，再确认。"
        )
    transaction.on_commit(lambda: keeping.forget(token))
    return imported


def drop_upload(*, actor: Actor, compound_id: int, token: str, at: datetime) -> None:
    """Give an upload up; nothing was changed by it."""
    with queries.own_upload(actor, compound_id, token, at):
        pass
    keeping.forget(token)


def forget_uploads(*, at: datetime) -> int:
    """Delete uploads that nobody confirmed within the hour; returns how many."""
    return keeping.forget_expired(at)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a file did: what changed by compound, and everything that is wrong in it."""

    imported: tuple[Imported, ...]
    reading: Reading
    faults: tuple[Fault, ...]
    homes: int


@transaction.atomic
def take_over(
    *,
    actor: Actor,
    path: Path,
    compound_id: int | None,
    rehearse: bool,
    progress: Callable[[int], None],
    at: datetime,
) -> TakenOver:
    """Take a file over at once: one compound's, or without ``compound_id`` the whole district's.

    A district's roll is one file, or a folder with one file for each compound.

    ``rehearse`` does everything and takes it back. ``progress`` is told how many homes were read.
    """
    if compound_id is not None:
        homes, reading = adapters.read_roll_file(path)
        progress(len(homes))
        file = _source(path)
        made = [people.import_roll(actor=actor, compound_id=compound_id, homes=homes, file=file, at=at)]
        reading.faults += rolls.other_compound(reading, places.compound(compound_id).name)
    else:
        reading = Reading()
        parts = _folder(path, reading) if path.is_dir() else _district(path, reading)
        made = people.import_rolls(actor=actor, parts=_counted(parts, progress), at=at)
        if not made:
            raise Invalid(
                "roll_without_homes", "没有一行可以导入的房屋，什么也没有写入。{first}", first=_first(reading)
            )
    notes = [fault for one in made for fault in queries.notes(one.notes, reading)]
    if rehearse:
        transaction.set_rollback(True)
    return TakenOver(tuple(made), reading, (*reading.faults, *notes), reading.homes)


def _source(path: Path) -> SourceFile:
    with path.open("rb") as opened:
        return SourceFile(path.name[-200:], hashlib.file_digest(opened, "sha256").hexdigest())


def _district(path: Path, reading: Reading) -> Iterator[RollPart]:
    file = _source(path)
    for name, homes in adapters.read_district_file(path, reading):
        if homes:
            yield RollPart(name, homes, file)


def _folder(path: Path, reading: Reading) -> Iterator[RollPart]:
    for name, homes, file in adapters.read_folder(path, reading):
        yield RollPart(name, homes, _source(file))


def _counted(parts: Iterable[RollPart], progress: Callable[[int], None]) -> Iterator[RollPart]:
    for part in parts:
        progress(len(part.homes))
        yield part


def _first(reading: Reading) -> str:
    """The first fault, which is likely to be the reason for all of them."""
    return next((fault.sentence for fault in reading.errors()), "")
