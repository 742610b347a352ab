"""One seeded house for all questions; what is asked leaves no trace in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.house import House, found_house
from tests.house_of import founded


@pytest.fixture(scope="module")
def house(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The demo with something of every kind in it."""
    with founded(django_db_blocker, tmp_path_factory.mktemp("house"), found_house) as house:
        yield house
