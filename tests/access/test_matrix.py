"""The access matrix: what every address answers to everybody of the cast, as a table that people can read.

``matrix.csv`` has one row for each address and way of asking. A new address without a row fails, and so does
every answer that differs. After a change that is meant, write the table anew with
``python -m pytest tests/access/write_matrix.py`` and read what changed.

- ``in``: answered, or asked back about the form; ``form``: what was sent got as far as the form or the rule
- ``login``: led to the login; ``no``: refused; ``none``: as if it were not there; ``-``: not offered
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from linli.registry.people.domain.login import COOKIE
from tests.access.addresses import Address, addresses
from tests.access.house import COLUMNS, HALF_SIGNED_IN, STRANGERS, House

TABLE = Path(__file__).with_name("matrix.csv")
METHODS = ("GET", "POST")
ADMITTED = frozenset({"in", "form"})
WORDS = {403: "no", 404: "none", 405: "-", 410: "none"}
MARKUP_AS_WORDS = re.compile(r"&lt;/?(a|details|div|form|input|li|option|p|section|span|svg|table|ul)\b")
"""What stands on a page when a part of it was drawn apart and taken for somebody's words."""


class _Undo(Exception):
    """Ends what was asked, so that nothing of it stays."""


def _ask(token: str, method: str, path: str) -> str:
    """Ask and undo; the answer in one word. A fault of the house is no answer."""
    status, location = 0, ""
    browser = Client()
    if token:
        browser.cookies[COOKIE] = token
    try:
        with transaction.atomic():
            answer = browser.get(path) if method == "GET" else browser.post(path, {})
            status, location = answer.status_code, answer.headers.get("Location", "")
            if answer.streaming:
                for _piece in answer.streaming_content:
                    pass
            elif answer.headers.get("Content-Type", "").startswith("text/html"):
                shown = MARKUP_AS_WORDS.search(answer.text)
                assert not shown, f"{method} {path} shows its own markup as words: {shown}"
            raise _Undo
    except _Undo:
        pass
    assert status < 500, f"{method} {path} answered {status}"
    if status in WORDS:
        return WORDS[status]
    if location.startswith("/login/?next="):
        return "login"
    return "in" if method == "GET" else "form"


def _rows(house: House) -> list[tuple[str, str, str]]:
    """What is asked: label, method, path."""
    rows = []
    for address in addresses():
        for way in house.ways(address):
            several = [
                str(way[name])
                for name in address.parameters
                if isinstance(house.samples.get(f"{address.name}/{name}", house.samples.get(name)), tuple)
            ]
            label = f"{address.name}[{'.'.join(several)}]" if several else address.name
            rows += [(label, method, reverse(address.name, kwargs=way)) for method in METHODS]
    return rows


def column(house: House, who: str) -> dict[tuple[str, str], str]:
    token = house.token(who)
    return {(label, method): _ask(token, method, path) for label, method, path in _rows(house)}


def _table() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["address"], row["method"]): row for row in csv.DictReader(file)}


@pytest.mark.django_db
@pytest.mark.parametrize("who", COLUMNS)
def test_everybody_gets_what_the_table_says(house: House, who: str):
    found, told = column(house, who), _table()
    new = [asked for asked, word in found.items() if asked not in told and word != "-"]
    assert not new, "new addresses: decide who may, and write the table anew"
    wrong = {
        asked: f"the table says {told[asked][who]}, the house says {word}"
        for asked, word in found.items()
        if asked in told and word != told[asked][who]
    }
    assert not wrong
    assert not set(told) - set(found), "the table has rows of addresses that are no more"


# --- laws of the table: what no change may loosen, whatever somebody writes into it -------------------------


@pytest.fixture(scope="module")
def decided() -> dict[str, Address]:
    return {address.name: address for address in addresses()}


def _told() -> list[tuple[str, str, dict[str, str]]]:
    return [(address.partition("[")[0], method, row) for (address, method), row in _table().items()]


def test_every_address_carries_a_decision(decided):
    assert [name for name, address in decided.items() if address.decision is None] == []


def test_somebody_may_use_every_address():
    idle = [
        (address, method)
        for address, method, row in _told()
        if not (ADMITTED | {"-"}) & {row[who] for who in COLUMNS}
    ]
    assert not idle


def test_who_is_not_signed_in_gets_public_pages_only(decided):
    loose = [
        (address, method)
        for address, method, row in _told()
        if row["nobody"] in ADMITTED and decided[address].decision.kind != "public"
    ]
    assert not loose


@pytest.mark.parametrize("who", HALF_SIGNED_IN)
def test_who_has_not_finished_signing_in_gets_no_more_than_nobody(who: str):
    """Besides the very pages on which one finishes."""
    more = {
        address for address, _method, row in _told() if row[who] in ADMITTED and row["nobody"] not in ADMITTED
    }
    assert more <= FINISHING


FINISHING = frozenset(
    {"people:login_factor", "people:login_name", "people:login_new_holder", "people:login_not_me"}
)


def test_strangers_get_no_more_of_the_compound_than_the_public(decided):
    """A neighbour of another compound, and staff of another compound with the same duties there."""
    loose = [
        (address, method, who)
        for address, method, row in _told()
        for who in STRANGERS
        if "slug" in decided[address].parameters and row[who] in ADMITTED
        if row["nobody"] not in ADMITTED and not _is_for_whoever_signs_in(decided[address])
    ]
    assert not loose


def _is_for_whoever_signs_in(address: Address) -> bool:
    return address.name in OPEN_TO_ALL_SIGNED_IN


OPEN_TO_ALL_SIGNED_IN = frozenset({"people:claim_home", "requests:abuse", "requests:unsupport"})
"""Of a compound's addresses these are for people who do not belong to it (yet): they claim a home, say that
something public is abusive, or take back what they said while they lived there."""


def test_a_former_committee_member_is_an_owner_like_any_other():
    told = [
        (address, method)
        for address, method, row in _told()
        if row["former"] in ADMITTED and row["neighbour"] not in ADMITTED
    ]
    assert not told


def test_a_tenant_gets_nothing_that_an_owner_does_not_get():
    told = [
        (address, method)
        for address, method, row in _told()
        if row["tenant"] in ADMITTED and row["neighbour"] not in ADMITTED
    ]
    assert not told
