"""The compound in which the tests of requests play, and who reports, dispatches and repairs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from linli.civic.requests import actions
from linli.civic.requests.models import Request
from linli.ground.kernel.actor import Actor
from linli.ground.web import uploads
from linli.site.demo import cast
from tests.house_of import founded

AT = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday morning."""


@dataclass(slots=True)
class Compound:
    """The world with shorthands: who acts, at what hour, and the moves that a story needs."""

    world: cast.World
    at: datetime = AT

    def by(self, key: str) -> Actor:
        """One of the cast."""
        return self.world.actor(key, self.at)

    def later(self, **time: float) -> datetime:
        """Let time go by."""
        self.at += timedelta(**time)
        return self.at

    def photo(self) -> str:
        """A kept photo."""
        return uploads.store_picture(Image.new("RGB", (64, 48), (120, 140, 90))).sha256

    def report(self, text: str = "3号楼门口的灯坏了。", who: str = "resident", **more: Any) -> Request:
        """Somebody reports something at building 3."""
        told = {"place_id": self.world.places["longqi:3号楼"].pk} | more
        report = actions.Report(compound_id=self.world.compound.pk, text=text, **told)
        return actions.report(actor=self.by(who), report=report, at=self.at)

    def call(self, text: str = "来电说井盖松了。") -> Request:
        """The front desk writes down what a caller says."""
        report = actions.Report(
            compound_id=self.world.compound.pk, text=text, place_id=self.world.places["longqi:南门"].pk
        )
        caller = actions.Caller(name="李阿姨", phone="13800019999")
        return actions.enter_on_behalf(
            actor=self.by("clerk"), report=report, channel="phone", caller=caller, at=self.at
        )

    def dispatch(self, request: Request, to: str | None = "repairer", by: str = "committee") -> Request:
        """Give it to the company, and to its repairer unless told otherwise."""
        return actions.dispatch(
            actor=self.by(by),
            request_id=request.pk,
            organisation_id=self.world.bodies["company"].pk,
            handler_id=self.world.accounts[to] if to else None,
            at=self.later(hours=1),
        )

    def begin(self, request: Request) -> Request:
        """Dispatched and accepted."""
        self.dispatch(request)
        return actions.accept(actor=self.by("repairer"), request_id=request.pk, at=self.later(hours=1))

    def finish(self, request: Request) -> Request:
        """Dispatched, accepted, done."""
        self.begin(request)
        return actions.finish(
            actor=self.by("repairer"),
            request_id=request.pk,
            note="换了灯管。",
            pictures=[self.photo()],
            at=self.later(hours=3),
        )


@pytest.fixture(scope="module")
def _world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[cast.World]:
    found = lambda: cast.found_world(at=AT - timedelta(days=200), buildings=5, floors=5)  # noqa: E731
    with founded(django_db_blocker, tmp_path_factory.mktemp("requests"), found) as world:
        yield world


@pytest.fixture
def longqi(_world: cast.World, db: None) -> Compound:
    """The compound on a Wednesday morning; every test finds it as it was founded."""
    return Compound(_world)
