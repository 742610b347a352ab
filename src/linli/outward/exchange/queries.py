"""What an import would do, before anybody has confirmed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localdate

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.area import format_area
from linli.ground.kernel.errors import NotFound
from linli.outward.exchange import adapters, policies
from linli.outward.exchange.adapters import keeping, marking
from linli.outward.exchange.adapters.keeping import Kept
from linli.outward.exchange.domain.gathering import in_order
from linli.outward.exchange.domain.rolls import Reading, other_compound
from linli.outward.exchange.domain.tables import Fault, Limits
from linli.registry.people import queries as people
from linli.registry.people.domain.roll_plan import Note, Plan, Register
from linli.registry.places import queries as places


@dataclass(frozen=True, slots=True)
class Change:
    """One unit that changes: ``kind`` is ``new``, ``unit``, ``owners``; the words are data, not sentences."""

    kind: str
    unit: str
    area: str = ""
    had_area: str = ""
    coming: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    leaving_count: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds and what taking it over would change. ``mark`` is what a confirmation confirms."""

    file_name: str
    homes: int
    rows: int
    skipped: int
    ignored: tuple[str, ...]
    new_units: int
    changed_units: int
    new_people: int
    changed_people: int
    new_ownerships: int
    ended: int
    mark: str
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """How many faults leave rows out."""
        return sum(1 for fault in self.faults if not fault.is_warning)

    @property
    def warnings(self) -> int:
        """How many want a second look."""
        return len(self.faults) - self.errors

    @property
    def is_empty(self) -> bool:
        """Whether the register says already what the file says."""
        return self.mark == mark_of(0, 0, 0)


def mark_of(created: int, changed: int, ended: int) -> str:
    """The counts that somebody saw and confirms."""
    return f"{created}-{changed}-{ended}"


@contextmanager
def own_upload(actor: Actor, compound_id: int, token: str, at: datetime) -> Iterator[tuple[Kept, Path]]:
    """An upload of the actor for this compound, opened. Refuses everybody else's."""
    policies.require_may_import(actor, places.compound(compound_id).path)
    with keeping.opened(token, at=at) as (kept, path):
        if kept.compound_id != compound_id or kept.account_id != actor.account_id:
            raise NotFound("upload_gone", "没有找到这份上传，请重新上传。")
        yield kept, path


def preview_upload(*, actor: Actor, compound_id: int, token: str, at: datetime) -> Preview:
    """What the kept upload would change; writes nothing."""
    with own_upload(actor, compound_id, token, at) as (kept, path):
        return preview(
            actor=actor, compound_id=compound_id, path=path, name=kept.name, limits=adapters.BROWSER, at=at
        )


def preview(
    *, actor: Actor, compound_id: int, path: Path, name: str, limits: Limits, at: datetime
) -> Preview:
    """What a file would change in a compound; writes nothing. Refuses what is no roll, and strangers."""
    compound = places.compound(compound_id)
    policies.require_may_import(actor, compound.path)
    homes, reading = adapters.read_roll_file(path, name=name, limits=limits)
    plan, register = people.import_plan(actor=actor, compound_id=compound_id, homes=homes, on=localdate(at))
    faults = [*reading.faults, *other_compound(reading, compound.name), *notes(plan.notes, reading)]
    names_told = policies.may_see_names(actor, compound.path)
    return Preview(
        name, len(homes), reading.rows, reading.skipped, tuple(reading.ignored),
        len(plan.new_units), len(plan.changed_units), len(plan.new_people), len(plan.changed_people),
        len(plan.new_ownerships), len(plan.ended), mark_of(plan.created, plan.changed, len(plan.ended)),
        tuple(_changes(plan, register, names_told)), tuple(in_order(faults)),
    )  # fmt: skip


def notes(found: Iterable[Note], reading: Reading) -> Iterator[Fault]:
    """What the register has otherwise and keeps, told at the cell that says it."""
    for note in found:
        column = getattr(reading.places[note.home.sheet], note.field)
        yield Fault(note.home.sheet, note.home.row, column, note.refusal, True)


def write_marked_upload(*, actor: Actor, compound_id: int, token: str, target: Path, at: datetime) -> None:
    """The kept upload with its faults marked, written to ``target``."""
    with own_upload(actor, compound_id, token, at) as (kept, path):
        found = preview(
            actor=actor, compound_id=compound_id, path=path, name=kept.name, limits=adapters.BROWSER, at=at
        )
        write_marked(path, name=kept.name, faults=found.faults, target=target, limits=adapters.BROWSER)


def write_marked(path: Path, *, name: str, faults: Sequence[Fault], target: Path, limits: Limits) -> None:
    """A file with these faults marked, written to ``target``."""
    marking.write_marked(target, adapters.sheets_of(path, name=name, limits=limits), faults)


def faults_by_file(path: Path, faults: Sequence[Fault]) -> Iterator[tuple[Path, Sequence[Fault]]]:
    """A file with all faults; of a folder, each file that could be read and has some, under its own sheets."""
    if not path.is_dir():
        yield path, faults
        return
    for file in adapters.files_in(path):
        label = f"{file.relative_to(path).as_posix()} "
        mine = [
            replace(fault, sheet=fault.sheet.removeprefix(label))
            for fault in faults
            if fault.sheet.startswith(label)
        ]
        if mine:
            yield file, mine


def _changes(plan: Plan, register: Register, names_told: bool) -> Iterator[Change]:
    coming: dict[str, list[str]] = {}
    for one in plan.new_ownerships:
        coming.setdefault(one.home.code, [])
    for home in {it.home.code: it.home for it in plan.new_ownerships}.values():
        coming[home.code] = [owner.name for owner in home.owners]
    leaving: dict[int, list[int]] = {}
    for ownership, _ in plan.ended:
        leaving.setdefault(ownership.unit_id, []).append(ownership.person_id)
    gone = [person for people_ in leaving.values() for person in people_]
    names = people.names_of_people(gone) if names_told else {}
    for unit in plan.reowned:
        out = leaving.get(unit.id, [])
        told = tuple(names[key] for key in out if key in names)
        yield Change("owners", unit.code, "", "", tuple(coming.get(unit.code, ())), told, len(out))
    for unit, columns in plan.changed_units:
        area = columns.get("area_dm2")
        yield Change(
            "unit", unit.code, format_area(area) if isinstance(area, int) else "",
            format_area(unit.area_dm2) if unit.area_dm2 is not None and isinstance(area, int) else "",
        )  # fmt: skip
    units = {unit.id: unit.code for unit in register.units.values()}
    for key in plan.changed_people:
        doors = [
            units[unit] for unit, held in register.owners.items() if any(it.person_id == key for it in held)
        ]
        yield Change("person", doors[0] if doors else "")
    for home in plan.new_units:
        area = format_area(home.area_dm2) if home.area_dm2 is not None else ""
        yield Change("new", home.code, area, "", tuple(coming.get(home.code, ())))
