"""The list of applicants: a csv with one car a line."""

from __future__ import annotations

from collections.abc import Iterable

from linli.civic.parking.domain.lottery.rules import BY_CODE, CRITERIA, NEEDS, STANDINGS, Applicant, Criterion
from linli.civic.voting.domain.reading import Table, read_table
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown

REQUIRED = ("applicant_id", "household", "standing", "car_order")
OPTIONAL = ("need", "lost_terms", "had_bay")
MOST_CARS = 20
MOST_TERMS = 100
MOST_BAYS = 1_000_000
_YES_NO = {"yes": True, "no": False, "": False}


def read_applicants(lines: Iterable[str]) -> tuple[list[Applicant], Table]:
    """Applicants: ``applicant_id,household,standing,car_order`` and perhaps ``need,lost_terms,had_bay``.

    ``standing`` is owner, tenant or outsider; ``car_order`` 1 for a household's first car; ``need`` disabled,
    elderly or empty; ``lost_terms`` how many terms in a row went without; ``had_bay`` yes or no. Refuses an id
    twice, the same car of a household twice, and a household that is both inside and outside.
    """
    table = read_table(lines, what="申请表", required=REQUIRED, optional=OPTIONAL)
    if table.faults:
        return [], table
    for name in OPTIONAL:
        table.columns.setdefault(name, [""] * len(table))
    table.require_filled("applicant_id", "household")
    table.require_distinct("applicant_id")
    table.require_one_of("standing", tuple(STANDINGS))
    table.require_one_of("need", tuple(NEEDS))
    table.require_one_of("had_bay", tuple(_YES_NO))
    orders = table.parsed("car_order", lambda text: _whole(text, "car_order", 1, MOST_CARS), 1)
    lost = table.parsed("lost_terms", lambda text: _whole(text or "0", "lost_terms", 0, MOST_TERMS), 0)
    if not table.faults and not len(table):
        table.fault(None, "里面没有任何申请。")
    columns = table.columns
    had = [_YES_NO.get(cell, False) for cell in columns["had_bay"]]
    names = (columns[name] for name in ("applicant_id", "household", "standing"))
    cells = zip(table.rows, *names, orders, columns["need"], lost, had, strict=True)
    applicants = [Applicant(*cell) for cell in cells]
    if not table.faults:
        _check_households(applicants, table)
        _check_memory(applicants, table)
    return applicants, table


def _whole(text: str, what: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and least <= int(text) <= most):
        raise Invalid(
            "not_whole",
            "{what}“{text}”不对，应是 {least} 到 {most} 的整数。",
            what=what,
            text=shown(text),
            least=least,
            most=most,
        )
    return int(text)


def _check_households(applicants: list[Applicant], table: Table) -> None:
    cars: dict[tuple[str, int], int] = {}
    standings: dict[str, Applicant] = {}
    for one in applicants:
        earlier = cars.setdefault((one.household, one.car_order), one.row)
        if earlier != one.row:
            table.fault(
                one.row, f"{shown(one.household)} 的第 {one.car_order} 辆车在第 {earlier} 行已经申请过。"
            )
        first = standings.setdefault(one.household, one)
        if first.standing != one.standing:
            table.fault(
                one.row,
                f"{shown(one.household)} 在第 {first.row} 行写的是{STANDINGS[first.standing]}，"
                f"这里写的是{STANDINGS[one.standing]}，请核对。",
            )


def _check_memory(applicants: list[Applicant], table: Table) -> None:
    for one in applicants:
        if one.had_bay and one.lost_terms:
            table.fault(one.row, "上期已有车位（had_bay=yes）的，轮空期数 lost_terms 应是 0。")


def read_bays(text: str) -> int:
    """How many bays there are to give. Refuses none."""
    return _whole(text, "车位数", 1, MOST_BAYS)


def read_order(text: str) -> tuple[Criterion, ...]:
    """The criteria by their codes, joined by commas, in the order in which they decide; empty for the default."""
    if not text:
        return CRITERIA
    codes = [code.strip() for code in text.split(",")]
    for code in codes:
        if code not in BY_CODE:
            raise Invalid(
                "no_such_criterion",
                "没有“{criterion}”这一条顺序；可以写 {known}，用英文逗号隔开。",
                criterion=shown(code),
                known="、".join(BY_CODE),
            )
    if len(set(codes)) < len(codes):
        raise Invalid("criterion_twice", "顺序里有一条写了两次：{codes}。", codes="，".join(codes))
    if codes[0] != "standing":
        raise Invalid(
            "owners_first",
            "业主的需要要首先满足：第一条必须是 standing。",
            clause="民法典第二百七十六条",
        )
    return tuple(BY_CODE[code] for code in codes)
