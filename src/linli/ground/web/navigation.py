"""The menus: a registry that the wiring fills, and what of it one visitor sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from linli.ground.kernel.actor import NOBODY, Role, RoleName
from linli.ground.web.words import language, say

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
_Link = tuple[Item, str, str, str]


def register(*items: Item) -> None:
    """Put entries into the menus; called only from the wiring. Safe to call again."""
    for item in items:
        _items[(item.section, item.url_name)] = item
    _links.cache_clear()


def navigation_for(request: HttpRequest) -> Menu:
    """The menus for this visitor, at this address, in this compound."""
    section = "desk" if _stands_in_a_compound(request) else "district"
    tabs = _entries(request, "tabs")[:MOST_TABS]
    rail = _entries(request, section)
    groups = dict.fromkeys(entry.group for entry in rail)
    return Menu(tabs, tuple((name, tuple(entry for entry in rail if entry.group == name)) for name in groups))


def _stands_in_a_compound(request: Any) -> bool:
    place = getattr(request, "place", None)
    return place is not None and bool(place.slug) and not request.path.startswith("/district/")


def entrance(request: HttpRequest, section: Section) -> Entry | None:
    """The first entry of a section for this visitor; None where nothing of it is theirs."""
    return next(iter(_entries(request, section)), None)


def _entries(request: Any, section: str) -> tuple[Entry, ...]:
    actor, place = getattr(request, "actor", NOBODY), getattr(request, "place", None)
    slug, path = (place.slug, place.path) if place is not None else (None, None)
    links = _links(settings.ROOT_URLCONF, language(), section, actor.roles, (slug, path))
    here = max((link[1] for link in links if request.path.startswith(link[1])), key=len, default=None)
    return tuple(
        Entry(label, item.icon, url, url == here, item.count(request) if item.count else 0, group)
        for item, url, label, group in links
    )


@lru_cache(maxsize=2048)
def _links(
    urlconf: str,
    spoken: str,  # noqa: ARG001 - a part of the key
    section: str,
    roles: tuple[Role, ...],
    place: tuple[str | None, str | None],
) -> tuple[_Link, ...]:
    """The links of a section for everybody with these duties in this compound."""
    slug, path = place
    found: list[_Link] = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.url_name)):
        if item.section != section or not _admits(item, roles, path):
            continue
        url = _url(urlconf, item, slug)
        if url:
            found.append((item, url, say(item.label), say(item.group) if item.group else ""))
    return tuple(found)


def _admits(item: Item, roles: tuple[Role, ...], path: str | None) -> bool:
    if not item.roles:
        return True
    anywhere = path is None or not item.placed
    return any(role.name in item.roles and (anywhere or str(path).startswith(role.scope)) for role in roles)


def _url(urlconf: str, item: Item, slug: str | None) -> str | None:
    if item.placed and slug is None:
        return None
    try:
        return reverse(item.url_name, urlconf=urlconf, kwargs={"slug": slug} if item.placed else None)
    except NoReverseMatch:
        return None
