"""Rows are locked inside a transaction, or not at all."""

import pytest
from django.db import connection, transaction

from linli.ground.db.locks import lock
from linli.registry.places.models import Place


@pytest.mark.django_db(transaction=True)
def test_locking_outside_a_transaction_is_a_programming_error():
    with pytest.raises(AssertionError, match="transaction"):
        lock(Place.objects.all())


@pytest.mark.django_db
def test_a_queryset_stays_a_queryset_and_says_for_update_where_the_database_can():
    with transaction.atomic():
        locked = lock(Place.objects.filter(pk=1).order_by("pk"))
        assert list(locked) == []
        says_so = "FOR NO KEY UPDATE" in str(locked.query)
    assert says_so == (connection.vendor == "postgresql")


@pytest.mark.django_db
def test_an_instance_that_is_gone_is_not_locked():
    with transaction.atomic(), pytest.raises(Place.DoesNotExist):
        lock(Place(pk=404))


@pytest.mark.django_db
def test_rows_are_locked_now_and_not_when_somebody_looks(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        locked = lock(Place.objects.order_by("pk"))
        assert list(locked) == []
