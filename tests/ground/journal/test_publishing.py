"""Checkpoints: signed once, kept beside the database, never taken back."""

from __future__ import annotations

import shutil

import pytest
from django.db import connection, transaction
from django.test import TestCase

from linli.ground.journal import actions as journal
from linli.ground.journal import jobs, queries
from linli.ground.journal.adapters import kept_checkpoints
from linli.ground.journal.domain import notes
from linli.ground.journal.models import Checkpoint, Leaf, Log
from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Conflict, Invalid
from tests.ground.journal.conftest import AT, act, acts

pytestmark = pytest.mark.django_db


def publish(log=7):
    return journal.publish_now(log_id=log, at=AT)


def forget(log: int, size: int) -> None:
    """What restoring an older backup does to the database."""
    Checkpoint.objects.filter(log_id=log, size__gt=size).delete()
    Leaf.objects.filter(log_id=log, index__gte=size).delete()
    Log.objects.filter(pk=log).update(size=size)


def rewrite(log: int, index: int) -> None:
    """What somebody with the database's password does."""
    entry = bytes(Leaf.objects.get(log_id=log, index=index).entry).replace(b'"number":', b'"nummer":')
    Leaf.objects.filter(log_id=log, index=index).update(entry=entry, hash=merkle.leaf_hash(entry))


def test_a_checkpoint_states_size_and_root_under_the_key_of_the_log():
    acts(3)
    said = notes.open_checkpoint(publish().note, queries.signing_key(7))
    assert (said.origin, said.size) == ("linli.localhost/7", 3)
    assert said.root == queries.root_at(7, 3)


def test_publishing_again_without_news_changes_nothing(home):
    acts(3)
    first = publish()
    assert publish().pk == first.pk
    assert Checkpoint.objects.count() == 1
    assert len(list((home / "checkpoints").iterdir())) == 1


def test_each_goes_on_from_the_last_one():
    for size in range(1, 9):
        act(number=size)
        assert bytes(publish().root) == queries.root_at(7, size)
    assert queries.last_checkpoint(7).size == 8


def test_the_job_publishes_every_log_that_has_grown():
    acts(2, log=7), acts(1, log=9), acts(1, log=0)
    assert jobs.publish_checkpoints(AT) == "公布核对点 3 个"
    assert jobs.publish_checkpoints(AT) == "公布核对点 0 个"
    act(log=9)
    assert list(queries.unpublished_logs()) == [9]


def test_one_damaged_log_does_not_silence_its_neighbours():
    acts(3, log=7), acts(3, log=9)
    publish(), publish(9)
    forget(7, 1)
    act(log=9)
    told = jobs.publish_checkpoints(AT)
    assert told.startswith("公布核对点 1 个；") and "日志 7 只有 1 条" in told


def test_an_action_publishes_only_after_its_commit():
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        act()
        journal.publish_checkpoint(log_id=7, at=AT)
        assert queries.last_checkpoint(7) is None
    assert queries.last_checkpoint(7).size == 1


def test_an_empty_log_has_nothing_to_publish():
    with pytest.raises(Conflict) as refused:
        publish()
    assert refused.value.code == "log_empty"


def test_a_house_without_a_log_key_says_so(settings):
    acts(1)
    settings.LINLI_LOG_KEY = ""
    with pytest.raises(Invalid) as refused:
        publish()
    assert "LINLI_LOG_KEY" in refused.value.message


def test_a_log_with_a_hole_is_not_signed():
    acts(3)
    Leaf.objects.filter(index=1).delete()
    with pytest.raises(Conflict) as refused:
        publish()
    assert refused.value.code == "log_has_a_hole"


class TestADatabaseThatWasPutBack:
    def test_the_house_starts_when_everything_was_kept(self):
        acts(3)
        publish()
        act()
        journal.check_start()

    def test_the_house_starts_when_nothing_was_ever_published(self):
        acts(3)
        journal.check_start()

    def test_a_log_shorter_than_published_stops_the_start(self):
        acts(3)
        publish()
        forget(7, 2)
        with pytest.raises(Conflict) as refused:
            journal.check_start()
        assert refused.value.code == "log_shorter_than_published"
        assert "日志 7 只有 2 条" in refused.value.message and "3 条" in refused.value.message

    def test_a_log_that_went_another_way_since_stops_the_start(self):
        acts(3)
        publish()
        forget(7, 2)
        act(number=99)
        with pytest.raises(Conflict) as refused:
            journal.check_start()
        assert refused.value.code == "two_roots"

    @pytest.mark.parametrize("more", [0, 1, 5])
    def test_and_it_never_signs_a_second_truth(self, more):
        acts(4)
        publish()
        forget(7, 2)
        for number in range(more):
            act(number=100 + number)
        with pytest.raises(Conflict):
            publish()
        assert queries.last_checkpoint(7) is None

    def test_under_a_new_name_the_house_may_begin_again_openly(self, settings):
        acts(3)
        publish()
        forget(7, 2)
        settings.LINLI_ORIGIN = "linli.localhost.2"
        journal.check_start()
        act(number=99)
        assert publish().origin == "linli.localhost.2/7"

    def test_a_rewritten_act_is_noticed_when_the_file_is_all_that_is_left(self):
        acts(3)
        publish()
        rewrite(7, 1)
        Checkpoint.objects.all().delete()
        with pytest.raises(Conflict):
            journal.check_start()
        with pytest.raises(Conflict):
            publish()

    def test_a_damaged_frontier_is_not_built_upon(self):
        acts(3)
        publish()
        Checkpoint.objects.update(frontier=merkle.Frontier().extend([bytes(32)] * 3).to_bytes())
        act()
        with pytest.raises(Conflict) as refused:
            publish()
        assert refused.value.code == "checkpoint_damaged"


class TestTheFileBesideTheDatabase:
    def test_it_holds_every_checkpoint_in_order(self, home):
        published = []
        for number in range(3):
            act(number=number)
            published.append(publish().note)
        (path,) = (home / "checkpoints").iterdir()
        assert path.read_text() == "".join(published)

    def test_what_a_power_failure_tore_is_written_again(self, home):
        acts(1)
        publish()
        act()
        publish()
        (path,) = (home / "checkpoints").iterdir()
        whole = path.read_bytes()
        for end in range(len(whole) // 2 + 2, len(whole), 7):
            path.write_bytes(whole[:end])
            journal.check_start()
            publish()
            assert path.read_bytes() == whole

    def test_a_long_file_is_read_from_its_end(self, home):
        folder = home / "long"
        key = queries.signing_key(7)
        for size in range(1, 80):
            said = notes.CheckpointText(key.name, size, bytes(32))
            kept_checkpoints.keep(folder, key.name, size, key.sign(str(said)))
        assert kept_checkpoints.note_size(kept_checkpoints.last_kept(folder, key.name)) == 79
        assert list(kept_checkpoints.kept_origins(folder, "linli.localhost/")) == [key.name]

    def test_a_file_that_is_lost_is_begun_again(self, home):
        acts(2)
        publish()
        shutil.rmtree(home / "checkpoints")
        publish()
        assert len(list((home / "checkpoints").iterdir())) == 1

    def test_a_file_that_was_changed_stops_the_start(self, home):
        acts(2)
        publish()
        (path,) = (home / "checkpoints").iterdir()
        path.write_bytes(path.read_bytes().replace(b"\n2\n", b"\n1\n"))
        with pytest.raises(Invalid):
            journal.check_start()

    def test_two_truths_about_one_size_are_refused(self, home):
        key = queries.signing_key(7)
        for root, fits in ((bytes(32), True), (bytes(32), True), (b"\1" * 32, False)):
            note = key.sign(str(notes.CheckpointText(key.name, 5, root)))
            if fits:
                kept_checkpoints.keep(home, key.name, 5, note)
            else:
                with pytest.raises(Conflict):
                    kept_checkpoints.keep(home, key.name, 5, note)


def test_the_database_holds_one_root_for_one_size():
    acts(1)
    publish()
    with connection.cursor() as cursor, pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        cursor.execute(
            "INSERT INTO journal_checkpoint (log_id, origin, size, root, note, frontier, at) "
            "SELECT log_id, origin, size, root, note, frontier, at FROM journal_checkpoint"
        )


class TestReceipts:
    def test_a_receipt_names_the_act_and_its_hash(self):
        acts(3)
        code = queries.receipt(7, 1).code
        assert code.startswith("LL1:7:1:")
        found = queries.find_act(7, 1)
        assert found is not None and found.receipt == code

    def test_an_act_that_is_not_there_has_no_receipt(self):
        with pytest.raises(Exception, match="没有这一条"):
            queries.receipt(7, 1)

    def test_a_proof_waits_for_a_checkpoint(self):
        acts(2)
        publish()
        act()
        assert queries.proof(7, 1).startswith("c2sp.org/tlog-proof@v1\nextra ")
        with pytest.raises(Conflict) as refused:
            queries.proof(7, 2)
        assert refused.value.code == "not_published_yet"
