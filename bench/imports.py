"""A district's roll into PostgreSQL: csv and workbooks against openpyxl with the ORM row by row; and the preview."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Measure, ratio

POSTGRES = True
SEED = "7"
COMPOUNDS, UNITS = 1_200, 500_000
SAMPLE = 6
"""So many of the workbooks are imported row by row; with all of them that would take an hour."""
LARGEST_MB = 800
PREVIEW_HOMES = 2_000


@dataclass(slots=True)
class Run:
    """What one import cost: seconds by the clock, of its process, and its largest memory."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    again: dict[str, Any] = field(default_factory=dict)


def run(quick: bool) -> list[Measure]:
    """Each round: the csv, the workbooks, and a few of the workbooks row by row, each into an empty database."""
    compounds, units = (12, 2_400) if quick else (COMPOUNDS, UNITS)
    home = Path(os.environ["TMPDIR"])
    files = _files(home, compounds, units)
    _linli(["init"], _database("linli"))
    runs = {"csv": Run(), "xlsx": Run()}
    peer: list[float] = []
    for number in range(1 if quick else 3):
        for name in ("csv", "xlsx") if number % 2 == 0 else ("xlsx", "csv"):
            _import(files[name], f"{name}{number}", runs[name], units)
            peer.append(_row_by_row(files["xlsx"], f"peer_{name}{number}"))
    leaves = _leaves("csv0") + _leaves("xlsx0")
    assert len(leaves) == 2 * compounds, "every compound has its leaf"
    return [
        *_rates(runs, units, quick),
        _against(runs["xlsx"], units, peer, quick),
        Measure(
            name="leaves of the import in a compound's log", value=float(max(leaves)), unit="leaves", target=1
        ),
        Measure(
            name="rows changed by the same csv and workbooks again",
            value=float(
                sum(it.again[key] for it in runs.values() for key in ("created", "changed", "ended"))
            ),
            unit="rows",
            target=0,
        ),
        _preview(home, quick),
    ]


def _rates(runs: dict[str, Run], units: int, quick: bool) -> list[Measure]:
    made = []
    for name, target in (("csv", 20_000), ("xlsx", 15_000)):
        it = runs[name]
        rates = tuple(units / seconds for seconds in it.seconds)
        cpu = statistics.median(it.cpu)
        made += [
            Measure(
                name=f"units from {name}",
                value=statistics.median(rates),
                unit="units/s",
                target=None if quick else target,
                better="higher",
                runs=rates,
                note=f"start to exit of linli import, committed; {cpu:.1f} cpu_s of its own",
            ),
            Measure(
                name=f"memory, {name}",
                value=max(it.memory_mb),
                unit="MB",
                target=LARGEST_MB,
                runs=tuple(it.memory_mb),
                note="the largest of the runs",
            ),
        ]
    return made


def _against(it: Run, units: int, peer: list[float], quick: bool) -> Measure:
    own = [seconds / units for seconds in it.seconds]
    beside = [statistics.median(peer[2 * number : 2 * number + 2]) for number in range(len(own))]
    factor, ratios = ratio(beside, own)
    return Measure(
        name="workbooks, against openpyxl and the ORM row by row",
        value=factor,
        unit="x",
        target=None if quick else 25,
        better="higher",
        runs=ratios,
        note=f"{SAMPLE} of the workbooks row by row: {1 / statistics.median(peer):.0f} units/s",
    )


def _files(home: Path, compounds: int, units: int) -> dict[str, Path]:
    told = ["sample", "roll", "--compounds", str(compounds), "--units", str(units), "--seed", SEED]
    for kind in ("csv", "xlsx"):
        _linli([*told, "--format", kind, "--out", str(home / kind)], {})
    messy = ["sample", "roll", "--compounds", "1", "--units", str(PREVIEW_HOMES), "--messy", "--seed", SEED]
    _linli([*messy, "--out", str(home / "messy")], {})
    return {"csv": home / "csv" / "全区.csv", "xlsx": home / "xlsx" / "名册"}


def _database(name: str) -> dict[str, str]:
    return {"LINLI_DATABASE": f"postgresql://linli@/{name}?host={os.environ['LINLI_PG_SOCKET']}"}


def _fresh(name: str) -> dict[str, str]:
    """A copy of the empty house."""
    create = [f"{os.environ['LINLI_PG_BIN']}/createdb", "-T", "linli", name]
    subprocess.run(create, check=True, capture_output=True)
    return _database(name)


def _linli(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "linli.site.cli", *words]
    done = subprocess.run(command, env=os.environ | environment, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def _import(path: Path, name: str, into: Run, units: int) -> None:
    """One import as the clerk of a district starts it; the first is followed by the same again."""
    database, words = _fresh(name), ["import", "roll", str(path), "--district", "--json"]
    command = [sys.executable, "-m", "linli.site.cli", *words]
    started = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | database, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.read())
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    into.seconds.append(time.perf_counter() - started)
    into.cpu.append(used.ru_utime + used.ru_stime)
    into.memory_mb.append(used.ru_maxrss / 1024)
    assert told["homes"] == units and not told["faults"], "the sample is without a fault"
    if not into.again:
        into.again = json.loads(_linli(words, database).stdout)
        assert _readable_phones(name) == 0, "phones are sealed"


def _ask(name: str, statement: str) -> list[int]:
    psql = [f"{os.environ['LINLI_PG_BIN']}/psql", "-d", name, "-Atc", statement]
    return [
        int(line) for line in subprocess.run(psql, check=True, capture_output=True, text=True).stdout.split()
    ]


def _leaves(name: str) -> list[int]:
    return _ask(name, "SELECT count(*) FROM journal_leaf WHERE kind = 'roll.import' GROUP BY log_id")


def _readable_phones(name: str) -> int:
    return _ask(name, "SELECT count(*) FROM people_person WHERE phone ~ '^[0-9+ -]+$'")[0]


def _row_by_row(folder: Path, name: str) -> float:
    """Seconds a unit of the usual way, in a process of its own; what it needs to start is not counted."""
    script = f"from bench.imports import row_by_row; print(row_by_row({str(folder)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | _fresh(name),
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def row_by_row(folder: str) -> float:
    """The usual way: openpyxl, and for each row what is missing of building, unit, person and ownership.

    It checks nothing, keeps no log and takes a transaction a workbook: less than what it is compared with.
    """
    _start()
    from django.db import transaction
    from openpyxl import load_workbook

    from linli.registry.places.models import Place

    paths = sorted(Path(folder).rglob("*.xlsx"))[:SAMPLE]
    started, units = time.perf_counter(), 0
    for path in paths:
        with transaction.atomic():
            compound = Place.objects.create(
                kind="compound", name=path.stem, code=path.stem, path="/", sort_key=""
            )
            sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
            for row in sheet.iter_rows(min_row=2, values_only=True):
                _one_row(compound, row)
                units += 1
    return (time.perf_counter() - started) / units


def _one_row(compound: Any, row: tuple[Any, ...]) -> None:
    from linli.ground.db.fields import blind_index
    from linli.registry.people.models import Ownership, Person
    from linli.registry.places.models import Place, Unit

    building, entrance, number, area, _, owners, phones, delivered = row
    place = compound
    for kind, called in (("building", building), ("entrance", entrance)):
        told = {"code": called, "path": "/", "sort_key": called}
        place, _ = Place.objects.get_or_create(
            parent=place, compound=compound, kind=kind, name=called, defaults=told
        )
    code = f"{building}{entrance}{number}"
    unit = Unit.objects.create(
        compound=compound, place=place, code=code, label=code, sort_key=code, area_dm2=round(area * 100),
        delivered_on=delivered and delivered.date(),
    )  # fmt: skip
    numbers = (phones or "").split("、")
    for at, name in enumerate(owners.split("、")):
        phone = numbers[at] if at < len(numbers) else ""
        person, _ = Person.objects.get_or_create(
            compound=compound,
            name=name,
            phone_index=blind_index(phone) if phone else None,
            defaults={"name_key": name, "phone": phone or None},
        )
        Ownership.objects.create(compound=compound, unit=unit, person=person, ground="导入")


def _start() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings")
    import django

    django.setup()


def _preview(home: Path, quick: bool) -> Measure:
    """Upload a messy workbook of 2,000 homes in a browser and see its preview, in a process of its own."""
    [book] = (home / "messy").glob("*.xlsx")
    script = f"from bench.imports import previewed; print(*previewed({str(book)!r}, {1 if quick else 5}))"
    environment = os.environ | _fresh("preview") | {"LINLI_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    )
    times = [float(word) for word in done.stdout.split()]
    return Measure(
        name=f"preview of a messy workbook of {PREVIEW_HOMES} homes",
        value=statistics.median(times),
        unit="s",
        target=3.0,
        runs=tuple(times),
        note="upload, redirect and page, within the process",
    )


def previewed(path: str, rounds: int) -> list[float]:
    """Seconds from the upload to the page with the preview, round by round."""
    _start()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.utils import timezone

    from linli.registry.people.domain.login import COOKIE
    from linli.site.demo import cast

    at = timezone.now()
    world = cast.found_world(at=at)
    browser = Client(HTTP_HOST="localhost")
    browser.cookies[COOKIE] = _session(world.accounts["manager"], at)
    times = []
    for _ in range(rounds):
        upload = SimpleUploadedFile(Path(path).name, Path(path).read_bytes())
        started = time.perf_counter()
        sent = browser.post("/desk/longqi/imports/", {"file": upload})
        page = browser.get(sent.headers["Location"])
        times.append(time.perf_counter() - started)
        assert page.status_code == 200 and "导入预览" in page.content.decode()
    return times


def _session(account_id: int, at: Any) -> str:
    from datetime import timedelta

    from linli.registry.people.domain.login import token_hash
    from linli.registry.people.models import Session

    token = "bench"
    until = at + timedelta(days=1)
    Session.objects.create(
        account_id=account_id,
        token_hash=token_hash(token),
        device="bench",
        created_at=at,
        seen_at=at,
        expires_at=until,
    )
    return token
