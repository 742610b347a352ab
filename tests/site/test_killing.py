"""``kill -9`` while people report: what was acknowledged is there, once, and the log agrees."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx

from tests.site.installation import Browser, Installation, Served, free_port

REPORTS = 300
KILLS = 4
PEOPLE = ("resident", "elder", "neighbour", "tenant")


class Street:
    """Four neighbours who report one thing after another, and send again what was not acknowledged."""

    def __init__(self, house: Installation) -> None:
        self.house, self.port = house, free_port()
        self.acknowledged: dict[str, str] = {}
        self.cut_off = 0
        self.open = Event()
        self.served = self._serve()

    def _serve(self) -> Served:
        self.house.ask("DELETE FROM web_rate_counter")
        served = Served.start(self.house, workers=2, port=self.port)
        served.await_answer()
        self.open.set()
        return served

    def power_failure(self) -> None:
        self.open.clear()
        self.served.kill()
        self.served = self._serve()

    def person(self, who: str) -> None:
        browser = self.served.browser(who)
        for number in range(REPORTS // len(PEOPLE)):
            if number % 18 == 17:
                self.house.ask("DELETE FROM web_rate_counter")  # twenty in an hour are allowed
            self._insist(browser, f"{who} 第{number}件：楼道的灯坏了", f"{who}-{number}")

    def _insist(self, browser: Browser, text: str, key: str) -> None:
        for _try in range(400):
            self.open.wait()
            try:
                answer = browser.report(text, key)
            except httpx.TransportError:
                self.cut_off += 1
                time.sleep(0.05)
                continue
            assert answer.status_code == 303, answer.text
            self.acknowledged[text] = answer.headers["Location"]
            return
        raise AssertionError("never acknowledged")


def test_four_power_failures_in_three_hundred_reports_lose_nothing_and_double_nothing(house: Installation):
    street = Street(house)
    try:
        with ThreadPoolExecutor(len(PEOPLE)) as people:
            told = [people.submit(street.person, who) for who in PEOPLE]
            for kill in range(1, KILLS + 1):
                while len(street.acknowledged) < kill * REPORTS // (KILLS + 1):
                    for one in told:
                        assert not one.done() or one.result() is None
                    time.sleep(0.01)
                street.power_failure()
            for one in told:
                one.result()
    finally:
        street.served.stop()
    assert street.cut_off >= KILLS, "nobody was cut off: the kills came at no one's cost"
    assert sorted(house.texts()) == sorted(street.acknowledged)
    assert len(set(street.acknowledged.values())) == REPORTS
    verified = house.run("verify", "--db")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    checked = house.run("check")
    assert "✗ 日志" not in checked.stdout and "✓ 日志" in checked.stdout
