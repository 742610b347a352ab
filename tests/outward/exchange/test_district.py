"""A district's rolls: one csv, or a folder with one file for each compound; one act and one leaf a compound."""

from __future__ import annotations

import json
from random import Random
from threading import Barrier, Thread

import openpyxl
import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction

from linli.ground.db.bulk import checks_meanwhile, copy_in
from linli.ground.journal import queries as journal
from linli.ground.journal.models import Leaf
from linli.ground.kernel.errors import Invalid
from linli.outward.exchange import actions, adapters
from linli.outward.exchange.adapters import sample_files
from linli.outward.exchange.domain import sample, sample_homes
from linli.outward.exchange.management.importing import importing
from linli.outward.exchange.management.sampling import sample as sampling
from linli.registry.people.models import ImportBatch, Ownership, Person
from linli.registry.places.models import Place, Unit
from tests.outward.exchange.files import workbook
from tests.outward.exchange.test_importing import take

HEADS = ("房屋", "面积", "业主", "电话")


def sampled(folder, *words):
    done = CliRunner().invoke(sampling, ["roll", "--seed", "7", *words, "--out", str(folder)])
    assert done.exit_code == 0, done.output


@pytest.mark.django_db
def test_a_folder_founds_its_compounds_in_one_act_each_and_the_log_agrees(tmp_path):
    sampled(tmp_path / "o", "--compounds", "12", "--units", "240")
    done = take(tmp_path / "o" / "名册", None)
    assert (len(done.imported), done.homes, done.faults) == (12, 240, ())
    compounds = Place.objects.filter(kind="compound")
    assert (compounds.count(), Unit.objects.count()) == (12, 240)
    for compound in compounds:
        assert Leaf.objects.filter(log_id=compound.pk, kind="roll.import").count() == 1
        assert compound.parent.kind == "community" and compound.parent.parent.kind == "subdistrict"
    assert len(set(ImportBatch.objects.values_list("file_sha256", flat=True))) == 12
    assert journal.check_database().findings == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_same_district_again_changes_nothing(kind, tmp_path, monkeypatch):
    monkeypatch.setattr("linli.registry.people.actions._importing.HOMES_AT_ONCE", 60)
    sampled(tmp_path / "o", "--compounds", "9", "--units", "300", "--format", kind)
    path = tmp_path / "o" / ("名册" if kind == "xlsx" else "全区.csv")
    first = take(path, None)
    counts = [model.objects.count() for model in (Place, Unit, Person, Ownership, ImportBatch, Leaf)]
    assert counts[1] == first.homes == 300 and counts[4] == 9
    again = take(path, None)
    assert [(one.created, one.changed, one.ended) for one in again.imported] == [(0, 0, 0)] * 9
    assert [model.objects.count() for model in (Place, Unit, Person, Ownership, ImportBatch, Leaf)] == counts


@pytest.mark.django_db(transaction=True)
def test_a_messy_folder_lists_the_planted_faults_by_file_and_marks_each_workbook(tmp_path):
    sampled(tmp_path / "o", "--compounds", "4", "--units", "400", "--messy")
    lines = (tmp_path / "o" / "planted.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    planted = {tuple(line.split(",")[:3]) for line in lines}
    folder, marked = tmp_path / "o" / "名册", tmp_path / "问题"
    done = CliRunner().invoke(
        importing, ["roll", str(folder), "--district", "--json", "--faults", str(marked)]
    )
    told = json.loads(done.stdout)
    assert done.exit_code == 1 and told["compounds"] == 4
    assert {(line["sheet"], line["cell"], line["code"]) for line in told["faults"]} == planted
    books = {
        path.relative_to(marked).as_posix(): openpyxl.load_workbook(path) for path in marked.rglob("*.xlsx")
    }
    assert len(books) == 4
    for called, cell, _ in planted:
        file, _, sheet = called.partition(".xlsx ")
        assert books[f"{file}.xlsx"][sheet][cell].comment


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_a_fault_and_the_others_go_in(tmp_path):
    folder = tmp_path / "街" / "社"
    folder.mkdir(parents=True)
    workbook(folder / "甲苑.xlsx", {"名册": [HEADS, ("1-1-101", 90, "张三", "")]})
    (folder / "乙苑.xlsx").write_bytes(b"PK\x03\x04 cut")
    (folder / "~$甲苑.xlsx").write_bytes(b"lock")
    done = take(tmp_path, None)
    [fault] = done.faults
    assert (fault.sheet, fault.code, done.homes) == ("街/社/乙苑.xlsx", "workbook_damaged", 1)
    assert fault.sentence.startswith("「街/社/乙苑.xlsx」：工作簿打不开")


@pytest.mark.django_db
def test_a_folder_without_a_single_home_is_refused_with_the_reason(tmp_path):
    (tmp_path / "甲苑.xlsx").write_bytes(b"")
    with pytest.raises(Invalid, match="文件是空的"):
        take(tmp_path, None)


@pytest.mark.django_db
def test_a_compound_that_comes_in_two_stretches_goes_in_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("linli.registry.people.actions._importing.HOMES_AT_ONCE", 1)
    rows = [("甲苑", "1-1-101", "张三"), ("乙苑", "1-1-101", "李四"), ("甲苑", "1-1-102", "王五")]
    path = tmp_path / "全区.csv"
    lines = [
        "街道,社区,小区,房屋,业主,电话",
        *[f"街,社,{name},{door},{who},13800001111" for name, door, who in rows],
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    take(path, None)
    assert sorted(Unit.objects.values_list("compound__name", "code")) == sorted(
        (name, door) for name, door, _ in rows
    )
    assert sum(one.created + one.changed for one in take(path, None).imported) == 0
    assert journal.check_database().findings == []


@pytest.mark.django_db
def test_a_roll_of_several_compounds_does_not_go_into_one(founded, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("小区,房屋,业主\n甲苑,1-101,张三\n丙苑,1-102,李四\n", encoding="utf-8")
    with pytest.raises(Invalid, match="「甲苑」和「丙苑」"):
        take(path, founded)


@pytest.mark.django_db
def test_a_roll_that_names_another_compound_is_asked_about(founded, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("小区,房屋,业主\n丙苑,1-101,张三\n", encoding="utf-8")
    [fault] = take(path, founded, rehearse=True).faults
    assert (fault.code, fault.is_warning, fault.cell) == ("other_compound", True, "2")


@pytest.mark.django_db
def test_a_company_under_two_numbers_keeps_the_first_and_does_not_turn_round_with_each_import(
    founded, tmp_path
):
    path = tmp_path / "名册.csv"
    path.write_text(
        "房屋,业主,电话\n1-101,甲商贸有限公司,13811110000\n1-102,甲商贸有限公司,13822220000\n",
        encoding="utf-8",
    )
    for created in (5, 0, 0):
        done = take(path, founded)
        assert (done.imported[0].created, done.imported[0].changed) == (created, 0)
        assert [(fault.code, fault.cell) for fault in done.faults] == [("phone_differs", "C3")]


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_roll_at_once_write_it_once(founded, tmp_path):
    path, barrier, found = tmp_path / "名册.csv", Barrier(2), []

    path.write_text("房屋,业主\n" + "".join(f"9-1-{n},李四\n" for n in range(101, 140)), encoding="utf-8")

    def one() -> None:
        barrier.wait()
        try:
            found.append(take(path, founded).imported[0].created)
        finally:
            connection.close()

    both = [Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(found) == [0, 39 * 3]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_refers_to_nothing_is_found_before_or_at_the_commit(founded):
    columns = ("compound_id", "unit_id", "person_id", "from_on", "ground", "leaf")
    with pytest.raises(IntegrityError), transaction.atomic(), checks_meanwhile() as checks:
        copy_in(Ownership, columns, [(founded.pk, 10**9, 10**9, None, "x", None)])
        checks.begin()
        checks.finish()
    assert not Ownership.objects.filter(unit_id=10**9).exists()


def test_a_sampled_compound_lies_where_its_name_says(tmp_path):
    [compound] = sample_homes.compounds(1, 5, Random(1))
    path = tmp_path / compound.name.subdistrict / compound.name.community / f"{compound.name.compound}.xlsx"
    sample_files.write_book(path, sample.tidy_book(compound))
    [(name, homes, file)] = adapters.read_folder(tmp_path, actions.Reading())
    assert (name, len(homes), file) == (compound.name, 5, path)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("words", "sentence"), [(["--compound", "x"], "请用 --district"), (["--district"], "没有一行可以导入")]
)
def test_a_folder_given_wrongly_is_one_sentence(words, sentence, tmp_path):
    done = CliRunner().invoke(importing, ["roll", str(tmp_path), *words])
    assert done.exit_code == 2 and sentence in done.output and done.output.strip().count("\n") == 0
