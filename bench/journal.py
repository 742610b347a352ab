"""The log: hashing rows, appending acts and verifying them, against hashing alone."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.measure import Measure, Timing, interleave, ratio

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
SALT = bytes(range(16))
SEED = 20261120
FLOOR_REPEATS = 100
"""Hashing a few hundred entries is too short to be timed; it is done so many times."""


def run(quick: bool) -> list[Measure]:
    """Rates of the log on SQLite, and ratios against the least hashing that any such log must do."""
    _start()
    return [*_digests(quick), *_appending(quick), *_verifying(quick)]


def _start() -> None:
    """A database of our own in the folder of this benchmark."""
    home = Path(tempfile.mkdtemp(prefix="journal-"))
    os.environ |= {"LINLI_HOME": str(home), "LINLI_DATABASE": f"sqlite:///{home}/linli.sqlite3"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings_test")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _digests(quick: bool) -> list[Measure]:
    """The roll of a district: a unit, its owner and the ownership, three rows a home, as an import hashes them."""
    from linli.ground.journal.domain.bulk import Cover

    homes = 5_000 if quick else 100_000
    units = [
        (17, 345, "home", f"3-{n}", f"3号楼{n}室", 11_864 + n, "survey", None, None, None)
        for n in range(homes)
    ]
    people = [(17, "natural", f"业主{n}", f"{n:032x}", None, None, None, SALT) for n in range(homes)]
    owned = [(17, n, n, None, None, "import") for n in range(homes)]
    keys = range(1, homes + 1)

    def cover() -> object:
        covered = Cover(SALT)
        covered.add("places_unit", keys, units)
        covered.add("people_person", keys, people)
        covered.add("people_ownership", keys, owned)
        return covered.rooted()

    floor = [f"{row}".encode().ljust(200)[:200] for row in range(3 * homes)]

    def hashing() -> None:
        for content in floor:
            sha256(content).digest()

    times = interleave({"rows": cover, "floor": hashing}, rounds=3 if quick else 5)
    factor, ratios = ratio(times["rows"].wall, times["floor"].wall)
    rate = 3 * homes / times["rows"].median_cpu
    return [
        Measure(
            name="rows committed to, with their root (one process)",
            value=rate,
            unit="rows/s",
            target=None if quick else 250_000,
            better="higher",
            runs=_rates(3 * homes, times["rows"]),
            note="1.5 million rows within 6 s of processor time",
        ),
        Measure(name="the same against one SHA-256 a row", value=factor, unit="x", runs=ratios),
    ]


def _appending(quick: bool) -> list[Measure]:
    """Single acts with one row each, one transaction an act; then the same number in one transaction."""
    from django.db import transaction

    from linli.ground.journal import actions as journal
    from linli.ground.kernel.actor import system
    from linli.registry.places.models import Place

    by, count = system("bench"), 100 if quick else 1_000
    with transaction.atomic():
        place = Place.objects.create(kind="district", name="测区", code="x", path="/", sort_key="x")

    def act() -> None:
        body = {"status": "done", "step": 7}
        journal.append(
            compound_id=1, stream="request/9", kind="request.finish", body=body, rows=[place], by=by, at=AT
        )

    def singly() -> None:
        for _ in range(count):
            with transaction.atomic():
                act()

    def together() -> None:
        with transaction.atomic():
            for _ in range(count):
                act()

    def hashing() -> None:
        for number in range(count * FLOOR_REPEATS):
            sha256(b"\0" + b"%300d" % number).digest()

    times = interleave({"singly": singly, "together": together, "floor": hashing}, rounds=3)
    floor = [wall / FLOOR_REPEATS for wall in times["floor"].wall]
    factor, ratios = ratio(times["together"].wall, floor)
    return [
        Measure(
            name="acts appended, one a transaction, synced to disk",
            value=count / times["singly"].median,
            unit="acts/s",
            runs=tuple(count / wall for wall in times["singly"].wall),
        ),
        Measure(
            name="acts appended within one transaction",
            value=count / times["together"].median_cpu,
            unit="acts/s",
            runs=_rates(count, times["together"]),
        ),
        Measure(name="the same against hashing the entries", value=factor, unit="x", runs=ratios),
    ]


def _verifying(quick: bool) -> list[Measure]:
    """The stand-alone verifier on a bundle, and the database against the log."""
    from linli.ground.journal import actions as journal
    from linli.ground.journal import queries

    count = 2_000 if quick else 100_000
    _fill(2, count)
    journal.publish_now(log_id=2, at=AT)
    path = Path(tempfile.mkdtemp()) / "bundle.linli"
    path.write_bytes(b"".join(queries.bundle(2, at=AT)))
    lines = path.read_bytes().split(b"\n")
    read = _reader(path)
    assert read(), "the bundle does not verify"
    times = interleave(
        {"verifier": read, "floor": lambda: _floor(lines), "database": queries.check_database}, rounds=3
    )
    factor, ratios = ratio(times["verifier"].wall, times["floor"].wall)
    return [
        Measure(
            name=f"acts verified from a bundle of {count:,}",
            value=count / times["verifier"].median_cpu,
            unit="acts/s",
            target=None if quick else 10_000,
            better="higher",
            runs=_rates(count, times["verifier"]),
            note="standard library only; 100,000 acts within 10 s",
        ),
        Measure(name="the same against hashing leaves and tree", value=factor, unit="x", runs=ratios),
        Measure(
            name="acts and rows compared by verify --db",
            value=2 * count / times["database"].median_cpu,
            unit="rows/s",
            runs=_rates(2 * count, times["database"]),
        ),
        _caught(path, 10 if quick else 40),
    ]


def _fill(log: int, count: int) -> None:
    """Acts with one row each, quickly: the rows of one bulk act, and single acts beside it."""
    from django.db import transaction

    from linli.ground.journal import actions as journal
    from linli.ground.kernel.actor import system
    from linli.registry.places.models import Place

    by, first = system("bench"), 1_000_000
    rows = [
        Place(pk=first + n, kind="district", name=f"地{n}", code=f"{n}", path="/", sort_key=f"{n}")
        for n in range(count)
    ]
    with transaction.atomic():
        Place.objects.bulk_create(rows, batch_size=2_000)
        for number, row in enumerate(rows):
            journal.append(
                compound_id=log,
                stream=f"place/{number % 97}",
                kind="place.add",
                body={"place": row.pk, "number": number},
                rows=[row],
                by=by,
                at=AT,
            )


def _reader(path: Path) -> Callable[[], bool]:
    from linli.ground.journal import verifier

    class Arguments:
        key: tuple[str, ...] = ()
        receipt: tuple[str, ...] = ()
        checkpoint: tuple[str, ...] = ()

    def read() -> bool:
        arguments: Any = Arguments()
        report = verifier.Report(arguments)
        with path.open("rb") as file:
            report.check(file)
        return not report.wrong

    return read


def _floor(lines: list[bytes]) -> None:
    """Two hashes for each act: the leaf, and one node of the tree."""
    for line in lines:
        node = sha256(b"\0" + line).digest()
        sha256(b"\1" + node + node).digest()


def _caught(path: Path, times: int) -> Measure:
    """Change a random byte, verify, put it back: how many changes are found."""
    whole, chance, read = path.read_bytes(), random.Random(SEED), _reader(path)
    found = 0
    for _ in range(times):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        found += not read()
    path.write_bytes(whole)
    return Measure(
        name=f"changed bytes found, of {times}",
        value=found / times,
        unit="share",
        target=1.0,
        better="higher",
        note=f"seed {SEED}",
    )


def _rates(count: int, timing: Timing) -> tuple[float, ...]:
    return tuple(count / cpu for cpu in timing.cpu)
