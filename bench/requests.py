"""Requests against pgbench running the same statements: the served list, the act of reporting, and reporting by the form."""

from __future__ import annotations

import itertools
import os
import secrets
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bench.measure import Measure, ratio

if TYPE_CHECKING:
    from bench.district.costs import Reached

POSTGRES = True
CLIENTS = 8
WORKERS = 2
READERS = 16
CSRF = "0123456789abcdef0123456789abcdef"
BOUNDARY = "----linli-bench"
RESIDENTS_LIST, STAFFS_LIST = "/c/{slug}/requests/", "/desk/{slug}/requests/"
TEXT = "楼道的灯坏了，三天了没人来。"

Sending = Callable[[], bytes]
Figure = TypeVar("Figure")


def run(quick: bool) -> list[Measure]:
    """The served house and pgbench in turn, on one filled district."""
    _start()
    from bench.district import crowd, filling

    district = filling.District(30, 20, 60, 2_000) if quick else filling.District()
    filling.fill(district)
    with crowd.served(workers=WORKERS) as (port, session):
        house = House(district, port, session, quick)
        measures = [
            *_reading(house),
            *_reporting(house, alone=True),
            *_reporting(house, alone=False),
        ]
    measures += [_acting(district, 0.35, quick, alone=True), _acting(district, 0.15, quick, alone=False)]
    filling.require_nothing_half_made()
    return measures


@dataclass(frozen=True, slots=True)
class House:
    """The served house: what is in it, the port it listens on, its processes, and how long it is watched."""

    district: Any
    port: int
    session: int
    quick: bool

    @property
    def seconds(self) -> float:
        """How long a round takes."""
        return 1.0 if self.quick else 4.0

    def compared(
        self, sendings: list[Sending], status: int, scripts: list[Any]
    ) -> tuple[list[Reached], list[Reached]]:
        """What the house and what pgbench reach."""
        from bench.district import costs, crowd, filling, floor

        def ours() -> Reached:
            filling.forget_knocks()
            return costs.measured(
                lambda: crowd.visit(self.port, sendings, status=status, seconds=self.seconds),
                lambda: costs.of_house(self.session),
            )

        def beneath() -> Reached:
            return costs.measured(
                lambda: floor.run_by_pgbench(scripts, clients=CLIENTS, seconds=self.seconds),
                costs.of_pgbench,
            )

        return _in_turns(ours, beneath, 1 if self.quick else 5)


def _in_turns(
    ours: Callable[[], Figure], beneath: Callable[[], Figure], rounds: int
) -> tuple[list[Figure], list[Figure]]:
    """What either reaches, the first now this and now that, after one round that is not counted."""
    ours(), beneath()
    pairs = []
    for number in range(rounds):
        first, second = (ours, beneath) if number % 2 else (beneath, ours)
        pair = first(), second()
        pairs.append(pair if number % 2 else (pair[1], pair[0]))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _start() -> None:
    """An installation of our own on the database beside us."""
    subprocess.run([sys.executable, "-m", "linli.site.cli", "init"], check=True, stdout=subprocess.DEVNULL)
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
    import django

    django.setup()


def _reading(house: House) -> list[Measure]:
    """The first page of the list: as residents of many compounds see it, and as their managers do."""
    district = house.district
    compounds = range(0, district.compounds, max(1, district.compounds // READERS))[:READERS]
    what = f"list of {district.requests:,}"
    return [
        *_list(house, f"{what}, resident", [(compound, compound) for compound in compounds], RESIDENTS_LIST),
        *_list(
            house,
            f"{what}, staff",
            [(district.accounts + compound, compound) for compound in compounds],
            STAFFS_LIST,
        ),
    ]


def _list(house: House, name: str, readers: list[tuple[int, int]], path: str) -> list[Measure]:
    from bench.district import filling

    pages = [(account, path.format(slug=filling.slug(compound))) for account, compound in readers]
    scripts = [_read_alone(number, account, page) for number, (account, page) in enumerate(pages)]
    gets = [_get(account, page) for account, page in pages]
    sendings = [_in_turn(gets[number:] + gets[:number]) for number in range(CLIENTS)]
    ours, beneath = house.compared(sendings, 200, scripts)
    costlier, costs = ratio([one.cost_ms for one in ours], [one.cost_ms for one in beneath])
    slower, rates = ratio([one.rate for one in beneath], [one.rate for one in ours])
    return [
        Measure(
            name=f"{name}: processor time over pgbench with its statements",
            value=costlier,
            unit="x",
            target=None if house.quick else 14,
            runs=costs,
            note=f"{_median_ms(ours)} over {_median_ms(beneath)}; {len(scripts[0].statements)} statements",
        ),
        Measure(
            name=f"{name}: pages of pgbench for one of ours",
            value=slower,
            unit="x",
            runs=rates,
            note=f"{_median_rate(ours)} against {_median_rate(beneath)}; {CLIENTS} clients",
        ),
    ]


def _median_ms(reached: list[Reached]) -> str:
    return f"{statistics.median(one.cost_ms for one in reached):.2f} ms"


def _median_rate(reached: list[Reached]) -> str:
    return f"{statistics.median(one.rate for one in reached):,.0f}/s"


def _read_alone(number: int, account: int, page: str) -> Any:
    """The statements of one page, read once before so that nothing is prepared for the first time."""
    from bench.district import floor

    visitor = _visitor(account)
    assert visitor.get(page).status_code == 200, page
    with floor.captured() as statements:
        visitor.get(page)
    return floor.Script(f"read{number}", statements)


def _where(district: Any, *, alone: bool) -> str:
    return "in one compound" if alone else f"over {district.compounds:,} compounds"


def _acting(district: Any, target: float, quick: bool, *, alone: bool) -> Measure:
    """The act of reporting: request, step, outbox, and the log under the head of its compound."""
    from bench.district import floor, writers

    seconds = 1.0 if quick else 4.0
    script = _act_alone(district, alone)
    with writers.at_work(district, alone=alone, count=CLIENTS) as report:

        def ours() -> float:
            made, took = report(seconds)
            return made / took

        def beneath() -> float:
            made, took = floor.run_by_pgbench([script], clients=CLIENTS, seconds=seconds)
            return made / took

        reached, floors = _in_turns(ours, beneath, 1 if quick else 7)
    share, shares = ratio(reached, floors)
    return Measure(
        name=f"create with journal and outbox {_where(district, alone=alone)}: share of pgbench with its statements",
        value=share,
        unit="share",
        target=None if quick else target,
        better="higher",
        runs=shares,
        note=f"{statistics.median(reached):,.0f}/s against {statistics.median(floors):,.0f}/s; "
        f"{CLIENTS} clients, {len(script.statements)} statements",
    )


def _act_alone(district: Any, alone: bool) -> Any:
    """The statements of one act of reporting."""
    from bench.district import floor, writers

    acts = writers.reports(district, [0])
    next(acts)()
    with floor.captured() as statements:
        next(acts)()
    return _varied("act", statements, district, alone=alone)


def _reporting(house: House, *, alone: bool) -> list[Measure]:
    """Reporting by the form that browsers send: session, limit, key against double sending, and then the act."""
    district, where = house.district, _where(house.district, alone=alone)
    accounts = list(district.crowd_of_the_first() if alone else range(district.compounds))
    sendings = [
        _reports([(account, district.compound_of(account)) for account in accounts[number::CLIENTS]])
        for number in range(CLIENTS)
    ]
    script = _report_alone(district, alone)
    ours, beneath = house.compared(sendings, 303, [script])
    share, shares = ratio([one.rate for one in ours], [one.rate for one in beneath])
    costlier, costs = ratio([one.cost_ms for one in ours], [one.cost_ms for one in beneath])
    return [
        Measure(
            name=f"reporting by the form {where}: share of pgbench with its statements",
            value=share,
            unit="share",
            better="higher",
            runs=shares,
            note=f"{_median_rate(ours)} against {_median_rate(beneath)}; {CLIENTS} clients",
        ),
        Measure(
            name="the same: processor time over pgbench",
            value=costlier,
            unit="x",
            runs=costs,
            note=f"{_median_ms(ours)} over {_median_ms(beneath)}; {len(script.statements)} statements",
        ),
    ]


def _report_alone(district: Any, alone: bool) -> Any:
    """The statements of one report; keys, account and compound are new in every run of the script."""
    from django.db import connection

    from bench.district import filling, floor

    visitor = _visitor(0)
    filling.forget_knocks()
    key = ""
    for _ in range(2):
        key = secrets.token_urlsafe(16)
        with floor.captured() as statements:
            answer = visitor.post("/c/c1/requests/new/", _fields(key, 0))
        assert answer.status_code == 303, answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM web_rate_counter")
        who = cursor.fetchone()[0]
    return _varied("report", statements, district, alone=alone, key=key, who=who)


def _varied(name: str, statements: Any, district: Any, *, alone: bool, **words: str) -> Any:
    """The statements as a script in which keys, account and compound are new in every run."""
    from django.db import connection

    from bench.district import filling, floor

    made = {}
    with connection.cursor() as cursor:
        for table in filling.FIRST_MADE:
            cursor.execute(f"SELECT max(id) FROM {table}")
            made[cursor.fetchone()[0]] = table
    last = filling.FIRST_COMPOUND + (0 if alone else district.compounds - 1)
    head = [
        f"\\set compound random({filling.FIRST_COMPOUND}, {last})",
        f"\\set account random({filling.FIRST_ACCOUNT}, {filling.FIRST_ACCOUNT + district.accounts - 1})",
        "\\set key random(1, 9000000000000000000)",
        "\\set who random(1, 1200)",
    ]
    varied: dict[Any, str] = {filling.FIRST_COMPOUND: "compound", filling.FIRST_ACCOUNT: "account"}
    varied |= {word: name for name, word in words.items()}
    return floor.Script(name, statements, "\n".join(head), varied, made)


def _visitor(account: int) -> Any:
    """Somebody signed in, through the whole application, in this process."""
    from django.test import Client

    from bench.district import filling

    visitor = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    visitor.cookies["linli_session"] = filling.token(account)
    visitor.cookies["csrftoken"] = CSRF
    return visitor


def _fields(key: str, compound: int) -> dict[str, str]:
    from bench.district import filling

    return {
        "csrfmiddlewaretoken": CSRF,
        "idempotency_key": key,
        "text": TEXT,
        "spot_key": f"place-{filling.FIRST_COMPOUND + compound}",
        "spot": "",
        "category": "light",
        "similar_seen": "1",
    }


def _get(account: int, page: str) -> bytes:
    return f"GET {page} HTTP/1.1\r\n{_cookies(account)}\r\n".encode()


def _cookies(account: int) -> str:
    from bench.district import filling

    return f"Host: localhost\r\nCookie: linli_session={filling.token(account)}; csrftoken={CSRF}\r\n"


def _in_turn(sendings: list[bytes]) -> Sending:
    turns = itertools.cycle(sendings)
    return lambda: next(turns)


def _reports(reporters: list[tuple[int, int]]) -> Sending:
    """The forms that these accounts of these compounds send in turn, each with a key of its own."""

    def forms() -> Iterator[bytes]:
        for account, compound in itertools.cycle(reporters):
            yield _form(account, compound)

    sent = forms()
    return lambda: next(sent)


def _form(account: int, compound: int) -> bytes:
    """A form as a browser sends it, with no photo chosen."""
    from bench.district import filling

    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in _fields(secrets.token_urlsafe(16), compound).items()
    ]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="pictures"; filename=""\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n\r\n--{BOUNDARY}--\r\n"
    )
    body = "".join(parts).encode()
    head = (
        f"POST /c/{filling.slug(compound)}/requests/new/ HTTP/1.1\r\n{_cookies(account)}"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
