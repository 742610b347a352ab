"""A few places and acts, and a folder of their own for what is published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import system

AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SOMEBODY = system("test")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    """Checkpoints of one test must not bind the next one."""
    settings.HOME = tmp_path
    return tmp_path


def act(log: int = 7, kind: str = "test.act", number: int = 0, **more: Any) -> int:
    """Record one act; ``number`` makes its bytes differ."""
    said = {"stream": "test/1", "body": {"number": number}, "by": SOMEBODY, "at": AT + timedelta(seconds=number)}
    return journal.append(compound_id=log, kind=kind, **(said | more))


def acts(count: int, log: int = 7) -> None:
    """Record several acts."""
    for number in range(count):
        act(log=log, number=number)
