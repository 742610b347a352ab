"""Two at once: sendings that are let go together, and what a page tells whoever came second."""

from __future__ import annotations

import html
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from io import BytesIO

import httpx
import psycopg
from PIL import Image

from tests.site import installation
from tests.site.installation import Installation, Served

Sending = Callable[[], httpx.Response]
HOME = "/c/longqi/requests/"
LONGEST_HOLD_SECONDS = 3


@contextmanager
def held(house: Installation, rows: str) -> Iterator[None]:
    """Keep everybody who wants these rows waiting until two stand there, and let them all go.

    SQLite has one lock for all rows.
    """
    if not installation.POSTGRES:
        with sqlite3.connect(house.home / "linli.sqlite3", timeout=20, isolation_level=None) as lock:
            lock.execute("BEGIN IMMEDIATE")
            yield
            time.sleep(0.4)
            lock.execute("ROLLBACK")
        return
    with psycopg.connect(house.database) as lock, psycopg.connect(house.database, autocommit=True) as watch:
        lock.execute(f"SELECT id FROM {rows} FOR UPDATE".encode())
        yield
        until = time.monotonic() + LONGEST_HOLD_SECONDS
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while time.monotonic() < until:
            [found] = watch.execute(asked).fetchone() or [0]
            if found >= 2:
                break
            time.sleep(0.02)
        lock.rollback()


def at_once(served: Served, *sendings: Sending, rows: str = "journal_log") -> list[httpx.Response]:
    """The answers to what is sent at the same moment; the senders meet before these rows."""
    with ThreadPoolExecutor(len(sendings)) as people:
        with held(served.installation, rows):
            sent = [people.submit(one) for one in sendings]
        return [one.result() for one in sent]


def one_wins(answers: Sequence[httpx.Response], *refused: int) -> httpx.Response:
    """Exactly one got through; the answer to the one who did not."""
    told = Counter(answer.status_code == 303 for answer in answers)
    assert told == {True: 1, False: len(answers) - 1}, [
        re.findall("<p>.*?</p>|<h1.*?</h1>", words(one), re.S) for one in answers
    ]
    loser = next(answer for answer in answers if answer.status_code != 303)
    assert loser.status_code in refused, loser.text
    return loser


def words(answer: httpx.Response) -> str:
    """What stands on a page, as people read it; fields show what was typed."""
    return html.unescape(answer.text)


def photo() -> tuple[str, bytes, str]:
    """A photo of a thing repaired."""
    made = BytesIO()
    Image.new("RGB", (64, 48), (120, 140, 90)).save(made, "JPEG")
    return ("photo.jpg", made.getvalue(), "image/jpeg")


class Matter:
    """One request, and what was sent about it."""

    def __init__(self, served: Served, text: str) -> None:
        self.served, self.house = served, served.installation
        answer = served.browser("resident").report(text)
        assert answer.status_code == 303, answer.text
        self.key = int(re.findall(r"/requests/(\d+)/", answer.headers["Location"])[0])

    def opened(self, who: str, move: str) -> Callable[..., Sending]:
        """Somebody opens the form of a move; what they fill in is sent later, with what the form had seen."""
        browser, path = self.served.browser(who), f"{HOME}{self.key}/do/{move}/"
        seen = hidden(browser.get(path))
        return lambda files=None, **fields: partial(browser.post, path, files=files, **seen | fields)

    def make(self, who: str, move: str, **fields: str) -> None:
        """Make a move; it must go through."""
        answer = self.opened(who, move)(**fields)()
        assert answer.status_code == 303, answer.text

    def steps(self, move: str) -> list[str]:
        """What was said with the steps of this kind."""
        rows = self.house.ask(
            f"SELECT note FROM requests_step WHERE request_id = {self.key} AND move = '{move}' ORDER BY id"
        )
        return [note for (note,) in rows]

    def column(self, name: str) -> object:
        """What stands in a column."""
        return self.house.ask(f"SELECT {name} FROM requests_request WHERE id = {self.key}")[0][0]


def hidden(page: httpx.Response) -> dict[str, str]:
    """The state of the thing that the form was drawn from, as it carries it along."""
    assert page.status_code == 200, page.text
    return carried(page)


def carried(page: httpx.Response) -> dict[str, str]:
    """The same on any page, also on that of a refusal; empty where nothing is carried."""
    return dict(re.findall(r'name="(seen)" value="([^"]*)"', words(page)))


def target(page: httpx.Response, name: str) -> str:
    """The choice with this name in it."""
    found = re.search(rf'<option value="([^"]+)"[^>]*>[^<]*{name}', words(page))
    assert found, f"{name} is not offered"
    return found[1]


def account(house: Installation, name: str) -> int:
    """The account of one of the cast."""
    return int(house.ask(f"SELECT id FROM people_account WHERE name = '{name}'")[0][0])
