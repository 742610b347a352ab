"""Whatever is typed into a field or an address gets a page with a sentence, never a fault of the house."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from urllib.parse import quote, quote_plus

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from linli.registry.people.domain.login import COOKIE
from tests.access.addresses import addresses
from tests.access.house import House

WRONG = {
    "a zero byte": "灯\x00坏了",
    "nothing": "",
    "10,000 characters": "长" * 10_000,
    "a negative number": "-1",
    "a number beyond 64 bits": "9" * 30,
    "letters where numbers belong": "abc",
    "markup": "<script>alert(1)</script>",
    "signs of a pattern": "%_\\' OR 1=1 --",
}
ASKED = ("q", "after", "words", "status", "which", "page", "step")
ASKED_BY = ("resident", "manager", "community", "operator")


class Fields(HTMLParser):
    """Of every form that sends: where to, and the names of its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method", "").lower() == "post":
            self.forms.append((told.get("action", ""), {}))
        elif tag in ("input", "textarea", "select") and self.forms and told.get("type") != "file":
            self.forms[-1][1][told.get("name", "")] = told.get("value", "")


class _Undo(Exception):
    """Ends what was asked, so that nothing of it stays."""


def _status(browser: Client, method: str, path: str, body: bytes | None = None) -> int:
    status = 0
    try:
        with transaction.atomic():
            kind = "application/x-www-form-urlencoded"
            answer = browser.get(path) if method == "GET" else browser.post(path, body, content_type=kind)
            status = answer.status_code
            if answer.streaming:
                for _piece in answer.streaming_content:
                    pass
            raise _Undo
    except _Undo:
        pass
    return status


def _pages(house: House) -> list[str]:
    return [reverse(one.name, kwargs=way) for one in addresses() for way in house.ways(one)[:3]]


def _browser(token: str) -> Client:
    browser = Client(raise_request_exception=False)
    browser.cookies[COOKIE] = token
    return browser


def _forms(house: House, who: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form that this one sees: where it sends to, and its fields; one that stands on many pages once."""
    token, seen = house.token(who), set()
    for path in _pages(house):
        page = _browser(token).get(path)
        if page.status_code != 200 or page.streaming or "html" not in page.headers["content-type"]:
            continue
        parser = Fields()
        parser.feed(page.content.decode())
        for action, names in parser.forms:
            where = action or path
            if (where, *names) not in seen:
                seen.add((where, *names))
                yield where, names


@pytest.fixture(scope="module")
def forms_of(house: House) -> Callable[[str], list[tuple[str, dict[str, str]]]]:
    """The forms that somebody sees: the same for every wrong value, so they are gathered once."""
    return lru_cache(lambda who: list(_forms(house, who)))


@pytest.fixture
def faults(house: House, forms_of):
    """Asks every page and every form with one wrong value everywhere; the faults it meets."""

    def faults(who: str, value: str) -> list[str]:
        found, token, quoted = [], house.token(who), quote_plus(value)
        query = "&".join(f"{name}={quoted}" for name in ASKED)
        for path in _pages(house):
            if _status(_browser(token), "GET", f"{path}?{query}"[:7000]) >= 500:
                found.append(f"GET {path}")
        forms = forms_of(who)
        assert forms, f"{who} sees no form at all"
        for where, names in forms:
            body = "&".join(
                f"{name}={quote_plus(kept) if name == 'csrfmiddlewaretoken' else quoted}"
                for name, kept in names.items()
                if name != "idempotency_key"
            ).encode()
            if _status(_browser(token), "POST", where, body) >= 500:
                found.append(f"POST {where}")
        return found

    return faults


@pytest.mark.django_db
@pytest.mark.parametrize("who", ASKED_BY)
@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_value_anywhere_is_no_fault_of_the_house(faults, who: str, what: str):
    assert sorted(set(faults(who, WRONG[what]))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("tail", ["%00", "%ff%fe", "..%2f..%2fetc", quote("9" * 40), "-1", quote("长" * 300)])
def test_a_wrong_address_is_no_fault_of_the_house(house: House, tail: str):
    token = house.token("manager")
    found = []
    for path in _pages(house):
        wrong = re.sub(r"/[^/]+/?$", f"/{tail}/", path)
        if _status(_browser(token), "GET", wrong) >= 500:
            found.append(wrong)
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"text=%ff%fe%00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"\xff" * 50, "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
def test_a_broken_sending_is_no_fault_of_the_house(house: House, body: bytes, kind: str):
    token = house.token("resident")
    for path in ("/c/longqi/requests/new/", "/login/", "/me/notify/"):
        assert _browser(token).post(path, body, content_type=kind).status_code < 500, path
