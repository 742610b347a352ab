"""Statements of one's own run on one cursor a connection, and nobody reads another one's answer."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from linli.ground.db.statements import all_rows, kept_cursor, one_row, run

NUMBERS = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
WRITE = "INSERT INTO journal_log (id, size) VALUES (%s, 0)"


def test_an_answer_is_read_whole_or_its_first_row_is(db):
    assert all_rows(NUMBERS) == [(1,), (2,), (3,)]
    assert one_row(NUMBERS) == (1,)
    assert one_row("SELECT 1 WHERE 1 = 0") is None
    assert all_rows("SELECT %s", ["100 %"]) == [("100 %",)]


def test_a_statement_tells_how_many_rows_it_wrote(db):
    assert run(WRITE, [-5]) == 1
    assert run("UPDATE journal_log SET size = 1 WHERE id = -6") == 0


def test_what_was_read_first_stays_as_it_is_while_something_else_is_asked(db):
    first = all_rows(NUMBERS)
    assert one_row("SELECT 7") == (7,)
    assert first == [(1,), (2,), (3,)]


def test_after_a_refused_statement_the_next_one_is_answered(db):
    run(WRITE, [-5])
    with pytest.raises(IntegrityError), transaction.atomic():
        run(WRITE, [-5])
    assert one_row("SELECT count(*) FROM journal_log WHERE id = -5") == (1,)


def test_a_half_read_answer_does_not_hold_the_table(transactional_db):
    assert one_row(NUMBERS) == (1,)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE once (a INTEGER)")
        assert one_row("SELECT 1 FROM (SELECT 1 UNION ALL SELECT 2) two LEFT JOIN once ON 1 = 1") == (1,)
        cursor.execute("DROP TABLE once")


def test_a_connection_keeps_its_cursor_on_postgresql_until_it_is_made_anew(transactional_db):
    kept = kept_cursor()
    assert (kept_cursor() is kept) == (connection.vendor == "postgresql")
    connection.close()
    assert kept_cursor() is not kept
    assert one_row("SELECT 1") == (1,)


def test_every_thread_has_a_cursor_of_its_own(transactional_db):
    mine, theirs = kept_cursor(), []

    def other():
        theirs.append(kept_cursor())
        connection.close()

    thread = Thread(target=other)
    thread.start()
    thread.join()
    assert theirs and theirs[0] is not mine


def test_statements_are_counted_where_somebody_counts_them(db, django_assert_num_queries):
    with django_assert_num_queries(2):
        all_rows(NUMBERS)
        one_row(NUMBERS)
