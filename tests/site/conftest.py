"""One founded installation, and a fresh copy of it for every test that wants one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import installation
from tests.site.installation import Installation


@pytest.fixture(scope="session")
def founded_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Left as it was founded."""
    return installation.found(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def house(founded_installation: Installation, tmp_path: Path) -> Installation:
    """An installation of one's own."""
    return installation.copied(founded_installation, tmp_path / "home")
