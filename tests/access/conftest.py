"""One seeded house for all questions; what is asked leaves no trace in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.access.house import House, found_house


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The demo with something of every kind in it; rolled back at the end, with a folder of its own."""
    around = transaction.atomic()
    around._from_testcase = True  # as the test cases' own: what asks for an outermost transaction gets it
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), override_settings(LINLI_DEMO=True, HOME=folder), around:
        yield found_house()
        transaction.set_rollback(True)
