"""The menus: a registry that the wiring fills, and what of it one visitor sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from linli.ground.kernel.actor import NOBODY, Actor, RoleName

Section = Literal["tabs", "desk", "district"]
MOST_TABS = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. ``section`` is ``tabs`` (residents), ``desk`` (compound's staff) or ``district``.

    ``roles`` empty means everybody. ``group`` is the heading it stands under on a rail. ``placed`` says
    that the route takes the compound's ``slug``. ``count`` says how much waits there for this visitor.
    """

    label: str
    icon: str
    url_name: str
    section: Section = "tabs"
    roles: frozenset[RoleName] = frozenset()
    order: int = 0
    group: str = ""
    placed: bool = True
    count: Callable[[HttpRequest], int] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as drawn."""

    label: str
    icon: str
    url: str
    current: bool
    count: int
    group: str


@dataclass(frozen=True, slots=True)
class Menu:
    """What one visitor sees: at most five tabs, and the groups of the rail."""

    tabs: tuple[Entry, ...]
    rail: tuple[tuple[str, tuple[Entry, ...]], ...]


_items: dict[tuple[str, str], Item] = {}


def register(*items: Item) -> None:
    """Put entries into the menus; called only from the wiring. Safe to call again."""
    for item in items:
        _items[(item.section, item.url_name)] = item


def navigation_for(request: HttpRequest) -> Menu:
    """The menus for this visitor, at this address, in this compound."""
    section = "district" if request.path.startswith("/district/") else "desk"
    tabs = _entries(request, "tabs")[:MOST_TABS]
    rail = _entries(request, section)
    groups = dict.fromkeys(entry.group for entry in rail)
    return Menu(tabs, tuple((name, tuple(entry for entry in rail if entry.group == name)) for name in groups))


def _entries(request: Any, section: str) -> tuple[Entry, ...]:
    actor = getattr(request, "actor", NOBODY)
    place = getattr(request, "place", None)
    found: list[tuple[Item, str]] = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.url_name)):
        if item.section != section or not _admits(item, actor, getattr(place, "path", None)):
            continue
        url = _url(item, place)
        if url:
            found.append((item, url))
    here = max((url for _, url in found if request.path.startswith(url)), key=len, default=None)
    return tuple(
        Entry(
            label=gettext(item.label),
            icon=item.icon,
            url=url,
            current=url == here,
            count=item.count(request) if item.count else 0,
            group=gettext(item.group) if item.group else "",
        )
        for item, url in found
    )


def _admits(item: Item, actor: Actor, path: str | None) -> bool:
    if not item.roles:
        return True
    if path is None or not item.placed:
        return any(role.name in item.roles for role in actor.roles)
    return actor.holds(item.roles, path)


def _url(item: Item, place: Any) -> str | None:
    if item.placed and place is None:
        return None
    try:
        return reverse(item.url_name, kwargs={"slug": place.slug} if item.placed else None)
    except NoReverseMatch:
        return None
