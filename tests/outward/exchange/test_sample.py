"""A messy sample holds every oddity and every fault; the import names each fault by its cell, and invents none."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import openpyxl
import pytest
from click.testing import CliRunner

from linli.ground.kernel.actor import system
from linli.outward.exchange import adapters
from linli.outward.exchange.adapters import sample_files
from linli.outward.exchange.domain import sample, sample_homes
from linli.outward.exchange.domain.rolls import Reading
from linli.outward.exchange.domain.sample_faults import WAYS
from linli.outward.exchange.domain.sample_homes import Home
from linli.outward.exchange.management.importing import importing
from linli.outward.exchange.management.sampling import sample as sampling
from linli.registry.people import actions as people
from linli.registry.people.domain.roll import RollHome
from linli.registry.people.models import ImportBatch, Person
from linli.registry.places.models import Place
from tests.outward.exchange.conftest import AT
from tests.outward.exchange.test_importing import state


def written(units: int, seed: int, folder: Path) -> tuple[Path, sample.Book]:
    chance = Random(seed)
    [compound] = sample_homes.compounds(1, units, chance)
    book = sample.messy_book(compound, chance)
    path = folder / "名册.xlsx"
    sample_files.write_book(path, book)
    return path, book


def planted_in(one: sample.Book | sample.DistrictRoll) -> set[tuple[str, str, str]]:
    return {(fault.sheet, fault.cell, fault.kind) for fault in one.planted}


def told_by(reading: Reading) -> set[tuple[str, str, str]]:
    return {(fault.sheet, fault.cell, fault.code) for fault in reading.errors()}


def said(home: RollHome) -> tuple:
    """What was read of a home that every messy sheet tells."""
    phones = [owner.phone for owner in home.owners if owner.phone]
    return home.code, home.area_dm2, {owner.name for owner in home.owners}, set(phones)


def meant(home: Home) -> tuple:
    phones = [owner.phone for owner in home.owners if owner.phone]
    return home.code, home.area_dm2, {owner.name for owner in home.owners}, set(phones)


SIZES = [
    (2000, 7),
    (1, 1),
    (3, 2),
    (12, 3),
    (40, 4),
    (60, 5),
    (60, 6),
    (150, 8),
    (400, 9),
    (400, 10),
    (700, 11),
]


@pytest.mark.parametrize(("units", "seed"), SIZES)
def test_the_import_lists_the_planted_faults_cell_by_cell_and_reads_all_else(units, seed, tmp_path):
    path, book = written(units, seed, tmp_path)
    homes, reading = adapters.read_roll_file(path)
    assert told_by(reading) == planted_in(book)
    assert [said(home) for home in sorted(homes)] == [meant(home) for home in sorted(book.good, key=code)]
    days = {home.code: home.delivered_on for home in homes if home.delivered_on}
    assert days.items() <= {home.code: home.delivered_on for home in book.good}.items()
    assert len(homes) + len({fault.cell for fault in reading.errors()}) >= units * 0.9


def code(home: Home) -> str:
    return home.code


def test_a_sample_of_two_thousand_homes_holds_every_fault_that_a_workbook_can_have(tmp_path):
    _, book = written(2000, 7, tmp_path)
    ways = {way.kind for way in WAYS} - {"compound_missing"}
    assert {one.kind for one in book.planted} == ways | {
        "unit_contradicts",
        "owner_contradicts",
        "document_of_two",
    }
    warned = {fault.code for fault in adapters.read_roll_file(tmp_path / "名册.xlsx")[1].warnings()}
    assert {"unit_repeated", "co_owners", "remark_cut", "sheet_without_heading"} <= warned


@pytest.mark.parametrize(
    ("compounds", "units", "seed"), [(1, 80, 1), (3, 300, 2), (4, 500, 3), (2, 900, 4), (30, 300, 5)]
)
def test_the_districts_csv_lists_its_planted_faults_too(compounds, units, seed, tmp_path):
    chance = Random(seed)
    roll = sample.messy_district(sample_homes.compounds(compounds, units, chance), chance)
    path = tmp_path / "全区.csv"
    sample_files.write_district(path, roll)
    reading = Reading()
    found = {
        (name, said(home)[0]): said(home)[1:]
        for name, homes in adapters.read_district_file(path, reading)
        for home in homes
    }
    assert told_by(reading) == planted_in(roll)
    assert found == {(name, home.code): meant(home)[1:] for name, home in roll.good}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for folder, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        words = [
            "roll",
            "--units",
            "90",
            "--compounds",
            "2",
            "--messy",
            "--seed",
            seed,
            "--out",
            str(tmp_path / folder),
        ]
        assert CliRunner().invoke(sampling, words).exit_code == 0
    one, again, other = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.*")}
        for folder in "abc"
    )
    assert one == again and one.keys() != other.keys()
    assert len([path for path in one if path.suffix == ".xlsx"]) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--units", "0", "--seed", "1"], "至少一户"),
        (["--units", "5", "--compounds", "6", "--seed", "1"], "至少一户"),
        (["--units", "9", "--compounds", "0", "--seed", "1"], "小区数"),
        (["--units", "9", "--seed", "1", "--format", "pdf"], "--format"),
        (["--units", "9"], "--seed"),
    ],
)
def test_what_cannot_be_made_is_one_sentence(words, sentence, tmp_path):
    done = CliRunner().invoke(sampling, ["roll", *words, "--out", str(tmp_path / "样例")])
    assert done.exit_code == 2 and sentence in done.output and done.output.count("\n") == 1


def test_a_folder_that_holds_something_is_not_written_into(tmp_path):
    (tmp_path / "别人的.txt").write_text("x")
    done = CliRunner().invoke(sampling, ["roll", "--units", "9", "--seed", "1", "--out", str(tmp_path)])
    assert done.exit_code == 2 and "已经有东西" in done.output and len(list(tmp_path.iterdir())) == 1


def test_a_tidy_sample_has_no_fault_and_every_unit(tmp_path):
    words = [
        "roll",
        "--units",
        "500",
        "--compounds",
        "3",
        "--seed",
        "7",
        "--format",
        "csv",
        "--out",
        str(tmp_path / "o"),
    ]
    assert CliRunner().invoke(sampling, words).exit_code == 0
    reading = Reading()
    parts = list(adapters.read_district_file(tmp_path / "o" / "全区.csv", reading))
    assert (len({name for name, _ in parts}), sum(len(homes) for _, homes in parts)) == (3, 500)
    assert reading.errors() == [] and not (tmp_path / "o" / "planted.csv").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_from_the_command_line_a_messy_roll_goes_in_once_and_is_taken_back(founded, kind, tmp_path):
    run = CliRunner().invoke
    Place.objects.filter(pk=founded.pk).update(slug="jiayuan")
    out, marked = tmp_path / "样例", tmp_path / "问题.xlsx"
    units = "2000" if kind == "xlsx" else "300"
    words = ["roll", "--compounds", "1", "--units", units, "--messy", "--seed", "7", "--format", kind]
    assert run(sampling, [*words, "--out", str(out)]).exit_code == 0
    with (out / "planted.csv").open(encoding="utf-8-sig", newline="") as file:
        planted = {(row["sheet"], row["cell"], row["kind"]) for row in csv.DictReader(file)}
    [path] = [path for path in out.iterdir() if path.name != "planted.csv"]
    before = state(founded)
    take = ["roll", str(path), "--compound", "jiayuan", "--json"]
    first = run(importing, [*take, "--faults", str(marked)])
    told = json.loads(first.stdout)
    assert first.exit_code == 1 and told["created"] > told["homes"] > int(units) * 0.8
    assert {(line["sheet"], line["cell"], line["code"]) for line in told["faults"]} == planted
    after = state(founded)
    again = json.loads(run(importing, take).stdout)
    assert (again["created"], again["changed"], again["ended"], again["homes"]) == (0, 0, 0, told["homes"])
    assert state(founded) == after
    assert Person.objects.filter(compound=founded, phone_index__isnull=False).count() > 200
    assert phones_are_sealed(founded)
    people.undo_import(actor=system("import"), batch_id=ImportBatch.objects.latest("pk").pk, at=AT)
    assert state(founded) == before
    book = openpyxl.load_workbook(marked)
    assert all(book[sheet][cell].comment for sheet, cell, _ in planted)


def phones_are_sealed(compound: Place) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone FROM people_person WHERE compound_id = %s AND phone IS NOT NULL", [compound.pk]
        )
        return all(len(phone) > 40 and not phone.isdigit() for (phone,) in cursor.fetchall())


def test_units_of_a_sample_are_as_many_as_asked_for():
    chance = Random(3)
    made = list(sample_homes.compounds(40, 1000, chance))
    assert (len(made), sum(len(one.homes) for one in made)) == (40, 1000)
    assert len({one.name for one in made}) == 40
    assert all(len({home.code for home in one.homes}) == len(one.homes) for one in made)
