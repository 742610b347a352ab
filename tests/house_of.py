"""A founded world that many tests stand in: made once for a module, left unchanged by each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.test import override_settings

World = TypeVar("World")


@contextmanager
def founded(blocker: Any, folder: Path, found: Callable[[], World]) -> Iterator[World]:
    """What ``found`` makes, until the end of the block; then it is rolled back, files in a folder of its own."""
    around = transaction.atomic()
    around._from_testcase = True  # as the test cases' own: what asks for an outermost transaction gets it
    with blocker.unblock(), override_settings(LINLI_DEMO=True, HOME=folder), around:
        yield found()
        transaction.set_rollback(True)
