"""What the tests of organisations share."""

from __future__ import annotations

import pytest

from tests.registry.organisations.cast import House, found_house


@pytest.fixture
def house(db: None) -> House:
    return found_house()
