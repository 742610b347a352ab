"""What the tests of people share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linli.registry.people.adapters.console import ConsoleSender
from tests.registry.people.cast import World, found_world


@pytest.fixture
def world(db: None) -> World:
    return found_world()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The SMS that went out: number and the six digits."""
    box: list[tuple[str, str]] = []

    def keep(self: ConsoleSender, phone: str, text: str) -> None:
        box.append((phone, text.split("验证码 ")[1][:6]))

    monkeypatch.setattr(ConsoleSender, "send", keep)
    return box


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[..., Any]:
    """``with committed():`` what waits for the commit happens at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
