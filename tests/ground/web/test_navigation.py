"""Menus show what is there for this visitor, and where they stand."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from linli.ground.kernel.actor import Actor, Role, RoleName
from linli.ground.web import navigation
from linli.ground.web.navigation import Item

PLACE = SimpleNamespace(slug="longqi", name="隆祺嘉园", path="/1/4/")
STAFF = frozenset({RoleName.COMMITTEE_MEMBER})


@pytest.fixture(autouse=True)
def menus(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.ground.web.door_urls"
    monkeypatch.setattr(navigation, "_items", {})
    navigation._links.cache_clear()
    navigation.register(
        Item("诉求", "chat", "requests", order=2, count=lambda request: 3),
        Item("首页", "home", "home", order=1),
        Item("没写的", "x", "no_such_route", order=3),
        Item("看板", "board", "requests", section="desk", roles=STAFF, group="今日"),
        Item(
            "总览",
            "board",
            "district",
            section="district",
            roles=frozenset({RoleName.DISTRICT_OFFICER}),
            placed=False,
        ),
    )


@pytest.fixture(autouse=True)
def forgotten():
    yield
    navigation._links.cache_clear()


def menu(path="/c/longqi/requests/", place=PLACE, roles=()):
    request = RequestFactory().get(path)
    request.place = place
    request.actor = Actor(key="account:1", account_id=1, roles=tuple(roles))
    return navigation.navigation_for(request)


def test_tabs_stand_in_order_with_the_current_one_marked():
    tabs = menu().tabs
    assert [(tab.label, tab.current, tab.count) for tab in tabs] == [("首页", False, 0), ("诉求", True, 3)]
    assert menu("/c/longqi/").tabs[0].current


def test_without_a_compound_there_are_no_tabs_of_one():
    assert menu(place=None).tabs == ()


def test_never_more_than_five_tabs():
    navigation.register(
        *(Item(str(number), "x", "home" if number else "requests", order=number) for number in range(9))
    )
    for number in range(9):
        navigation._items[("tabs", str(number))] = Item(str(number), "x", "home", order=10 + number)
    navigation._links.cache_clear()
    assert len(menu().tabs) == 5


def test_the_rail_is_for_those_who_hold_the_duty_here():
    assert menu().rail == ()
    here = menu(roles=[Role(RoleName.COMMITTEE_MEMBER, "/1/4/")]).rail
    assert [(group, [entry.label for entry in entries]) for group, entries in here] == [("今日", ["看板"])]
    assert menu(roles=[Role(RoleName.COMMITTEE_MEMBER, "/1/9/")]).rail == ()


def test_the_district_has_a_rail_of_its_own():
    rail = menu("/district/", place=None, roles=[Role(RoleName.DISTRICT_OFFICER, "/1/")]).rail
    assert [entry.label for _, entries in rail for entry in entries] == ["总览"]
