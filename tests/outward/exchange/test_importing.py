"""A roll is taken over as one act, the same again changes nothing, and the last one can be taken back."""

from __future__ import annotations

import json

import openpyxl
import pytest
from click.testing import CliRunner

from linli.ground.journal import queries as journal
from linli.ground.journal.models import Leaf
from linli.ground.kernel.actor import system
from linli.ground.kernel.errors import Conflict, NotFound
from linli.outward.exchange import actions, adapters, queries
from linli.outward.exchange.management.importing import importing
from linli.registry.people import actions as people
from linli.registry.people.models import ImportBatch, Ownership, Person
from linli.registry.places import queries as places
from linli.registry.places.models import Place, Unit
from tests.outward.exchange.conftest import AT
from tests.outward.exchange.files import GOOD, PLANTED, messy

HOUSE = system("import")


def take(path, compound, *, rehearse=False):
    return actions.take_over(
        actor=HOUSE,
        path=path,
        compound_id=compound.pk if compound else None,
        rehearse=rehearse,
        progress=lambda _: None,
        at=AT,
    )


def state(compound: Place):
    """Everything that an import may change, without the leaves."""
    return (
        sorted(Place.objects.filter(compound=compound).values_list("pk", "name")),
        sorted(Unit.objects.filter(compound=compound).values_list("pk", "code", "area_dm2", "area_source")),
        sorted(Person.objects.filter(compound=compound).values_list("pk", "name", "phone_index")),
        sorted(Ownership.objects.filter(compound=compound, to_on=None).values_list("unit_id", "person_id")),
    )


@pytest.fixture
def roll(tmp_path):
    return messy(tmp_path / "甲苑名册.xlsx")


@pytest.mark.django_db
def test_good_rows_go_in_faults_are_told_and_the_same_again_changes_nothing(founded, roll):
    first = take(roll, founded)
    assert {fault.cell: fault.code for fault in first.faults if not fault.is_warning} == PLANTED
    assert set(GOOD) <= set(Unit.objects.filter(compound=founded).values_list("code", flat=True))
    before, batches = state(founded), ImportBatch.objects.count()
    [again] = take(roll, founded).imported
    assert (again.created, again.changed, again.ended, again.batch_id) == (0, 0, 0, None)
    assert (state(founded), ImportBatch.objects.count()) == (before, batches)


@pytest.mark.django_db
def test_an_import_is_one_leaf_of_the_compound_and_the_database_agrees_with_the_log(founded, roll):
    before = Leaf.objects.filter(log_id=founded.pk).count()
    take(roll, founded)
    assert Leaf.objects.filter(log_id=founded.pk).count() == before + 1
    assert journal.check_database().findings == []


@pytest.mark.django_db
def test_an_area_that_an_import_changes_says_so_in_the_history_of_its_unit_and_can_be_checked(
    founded, tmp_path
):
    for name, area in (("一", "90"), ("二", "91.5")):
        (tmp_path / f"{name}.csv").write_text(f"房屋,面积\n9-1-101,{area}\n", encoding="utf-8")
    take(tmp_path / "一.csv", founded)
    [done] = take(tmp_path / "二.csv", founded).imported
    unit = Unit.objects.get(compound=founded, code="9-1-101")
    [line] = places.history(unit)
    assert (line.kind, line.reason) == ("roll.import", "名册导入")
    assert line.steps == [("area_dm2", "9000", "9150")]
    people.undo_import(actor=HOUSE, batch_id=done.batch_id, at=AT)
    unit.refresh_from_db()
    undone, imported = places.history(unit)
    assert undone.steps == [("area_dm2", "9150", "9000")]
    assert [one.receipt.rsplit(":", 1)[0] for one in (imported, undone)] == [
        f"LL1:{founded.pk}:{size}" for size in (journal.size(founded.pk) - 2, journal.size(founded.pk) - 1)
    ]
    assert journal.check_database().findings == []


@pytest.mark.django_db
def test_the_last_import_is_taken_back_whole_and_the_log_agrees(founded, roll):
    before = state(founded)
    [done] = take(roll, founded).imported
    assert state(founded) != before
    people.undo_import(actor=HOUSE, batch_id=done.batch_id, at=AT)
    assert state(founded) == before
    assert journal.check_database().findings == []
    with pytest.raises(Conflict, match="已经撤销"):
        people.undo_import(actor=HOUSE, batch_id=done.batch_id, at=AT)


@pytest.mark.django_db
def test_an_import_of_which_a_row_was_touched_since_is_not_taken_back(founded, roll):
    [done] = take(roll, founded).imported
    Person.objects.filter(compound=founded, name="王五").update(leaf=None)
    with pytest.raises(Conflict, match="已经被改过"):
        people.undo_import(actor=HOUSE, batch_id=done.batch_id, at=AT)


@pytest.mark.django_db
def test_a_rehearsal_says_what_would_change_and_changes_nothing(founded, roll):
    before = state(founded)
    [would] = take(roll, founded, rehearse=True).imported
    assert would.created > 0
    assert (state(founded), ImportBatch.objects.filter(compound=founded).count()) == (before, 1)


@pytest.mark.django_db
def test_a_sale_in_the_file_ends_the_old_owner_and_begins_the_new(founded, tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text("房屋,业主,电话\n3-2-501,钱新,13611112222\n", encoding="utf-8")
    found = queries.preview(
        actor=HOUSE, compound_id=founded.pk, path=path, name="名册.csv", limits=adapters.BROWSER, at=AT
    )
    [change] = found.changes
    assert (change.kind, change.unit, change.coming, change.leaving) == (
        "owners",
        "3-2-501",
        ("钱新",),
        ("张三",),
    )
    take(path, founded)
    held = Ownership.objects.filter(unit__code="3-2-501", to_on=None)
    assert [one.person.name for one in held] == ["钱新"]


@pytest.mark.django_db
def test_an_upload_is_encrypted_expires_and_is_only_its_senders(founded, roll, settings, tmp_path):
    settings.HOME = tmp_path / "home"
    data = roll.read_bytes()
    token = actions.keep_upload(actor=HOUSE, compound_id=founded.pk, data=data, name="名册.xlsx", at=AT)
    [kept] = (settings.HOME / "uploads").iterdir()
    assert "甲苑" not in kept.read_text() and data[:20] not in kept.read_bytes()
    found = queries.preview_upload(actor=HOUSE, compound_id=founded.pk, token=token, at=AT)
    other = Place.objects.get(name="乙苑")
    with pytest.raises(NotFound):
        queries.preview_upload(actor=HOUSE, compound_id=other.pk, token=token, at=AT)
    with pytest.raises(Conflict, match="再看一遍"):
        actions.confirm_import(actor=HOUSE, compound_id=founded.pk, token=token, seen="1-2-3", at=AT)
    late = AT.replace(hour=11)
    with pytest.raises(NotFound):
        queries.preview_upload(actor=HOUSE, compound_id=founded.pk, token=token, at=late)
    assert actions.forget_uploads(at=AT) == 0
    done = actions.confirm_import(actor=HOUSE, compound_id=founded.pk, token=token, seen=found.mark, at=AT)
    assert done.created == found.new_units + found.new_people + found.new_ownerships
    assert actions.forget_uploads(at=late) == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_takes_over_lists_faults_writes_the_marked_workbook_and_says_so_by_its_code(
    founded, roll, tmp_path
):
    run = CliRunner().invoke
    Place.objects.filter(pk=founded.pk).update(slug="jiayuan")
    marked = tmp_path / "问题.xlsx"
    words = ["roll", str(roll), "--compound", "jiayuan"]
    dry = run(importing, [*words, "--dry-run", "--json"])
    assert json.loads(dry.stdout)["created"] > 0
    done = run(importing, [*words, "--faults", str(marked)])
    assert done.exit_code == 1 and "「名册」D9" in done.stdout
    told = json.loads(run(importing, [*words, "--json"]).stdout)
    assert (told["created"], told["changed"], told["ended"]) == (0, 0, 0)
    assert {line["cell"]: line["code"] for line in told["faults"]} == PLANTED
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames == ["问题清单", "名册"]
    assert "八十" in str(book["名册"]["D9"].value) and "不是数字" in book["名册"]["D9"].comment.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["roll", "没有.xlsx", "--compound", "x"], "找不到文件"),
        (["roll", "x.csv"], "二选一"),
        (["roll"], "缺少"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(words, sentence):
    done = CliRunner().invoke(importing, words)
    assert done.exit_code == 2 and sentence in done.output and done.output.count("\n") == 1
