"""Who may enter a view: every view carries one decision, and a view without one answers 404.

The decision here is the door (signed in? holding such a duty anywhere?). Whether somebody may act on
this very place or thing is decided by the capability's ``policies``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from django.conf import settings
from django.http import HttpRequest

from linli.ground.kernel.actor import Actor, RoleName

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from linli.ground.web.display import Display

View = TypeVar("View", bound=Callable[..., Any])


class PlaceShown(Protocol):
    """What the pages need to know of the compound they stand in."""

    @property
    def slug(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...


class ActorRequest(HttpRequest):
    """The request as our views get it. ``received_at`` is the one clock of everything it causes."""

    actor: Actor
    received_at: datetime
    place: PlaceShown | None
    display: Display
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Decision:
    """Who a view is open to."""

    kind: Literal["public", "signed_in", "roles"]
    roles: frozenset[RoleName] = frozenset()

    def admits(self, actor: Actor) -> bool:
        """Whether this actor may come in at all."""
        if self.kind == "public":
            return True
        if self.kind == "signed_in":
            return actor.is_somebody
        return any(role.name in self.roles for role in actor.roles)


def public(view: View) -> View:
    """Everybody may enter, signed in or not."""
    return _decide(view, Decision("public"))


def signed_in(view: View) -> View:
    """Whoever is signed in may enter."""
    return _decide(view, Decision("signed_in"))


def roles(*names: RoleName) -> Callable[[View], View]:
    """Whoever holds one of these duties, for whatever place, may enter."""
    assert names, "name at least one duty"
    return lambda view: _decide(view, Decision("roles", frozenset(names)))


def roles_or_debugging(*names: RoleName) -> Callable[[View], View]:
    """Everybody while the house is being built (``LINLI_DEBUG``), afterwards whoever holds one of these duties."""
    return public if settings.DEBUG else roles(*names)


def decision_of(view: object) -> Decision | None:
    """The decision a view carries, or None if nobody took one."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Decision) else None


def _decide(view: View, decision: Decision) -> View:
    assert decision_of(view) is None, "a view carries one access decision"
    view.access = decision  # type: ignore[attr-defined]
    return view
