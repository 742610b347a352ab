"""What the tests of places share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from linli.registry.people.domain.login import COOKIE, token_hash
from linli.registry.people.models import Session
from tests.registry.people.cast import AT
from tests.registry.places.cast import World, found_world


@pytest.fixture
def world(db: None) -> World:
    return found_world()


@pytest.fixture
def enter(world: World, settings) -> Callable[[str], Client]:
    """A browser in which one of the staff is signed in; second factor and all."""
    settings.LINLI_DEMO = True

    def enter(who: str) -> Client:
        token = f"token-{who}-{Session.objects.count()}"
        Session.objects.create(
            account=world.staff[who],
            token_hash=token_hash(token),
            strong=True,
            created_at=AT,
            seen_at=AT,
            expires_at=AT + timedelta(days=9),
        )
        browser = Client()
        browser.cookies[COOKIE] = token
        return browser

    return enter


@pytest.fixture
def at_noon():
    """The clock stands still at the beginning of these stories."""
    with time_machine.travel(AT, tick=False):
        yield
