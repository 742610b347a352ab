"""Ids in blocks: nobody gets the same one twice, written or not."""

from __future__ import annotations

import pytest
from django.db import transaction

from linli.ground.db.bulk import reserve_ids
from linli.registry.places.models import Place


@pytest.mark.django_db
def test_two_reservations_of_one_transaction_share_no_id_though_nothing_is_written_yet():
    with transaction.atomic():
        first, second = reserve_ids(Place, 3), reserve_ids(Place, 2)
        assert not set(first) & set(second)
        made = Place.objects.create(kind="district", name="区", code="q", path="/", sort_key="q")
    assert made.pk not in {*first, *second}
