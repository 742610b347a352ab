"""The result as people read it, as a table, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linli.civic.parking.domain.lottery.drawing import Drawn, Placed

SHOWN_DIGITS = 12
COLUMNS = (
    "place",
    "applicant_id",
    "household",
    "standing",
    "car_order",
    "need",
    "number",
    "has_bay",
    "next_lost_terms",
    "next_had_bay",
)


def lottery_sheet(drawn: Drawn) -> list[str]:
    """The sheet for the notice board: what was drawn, by which order, who has a bay, how to check it."""
    given = min(drawn.bays, len(drawn.placed))
    return [
        f"摇号结果：{len(drawn.placed)} 辆车申请，{drawn.bays} 个车位，{given} 辆中签。",
        "",
        "先后顺序（前一条分不出，才看后一条；都相同的由摇号定）：",
        *(f"  {number}. {one.words}（{one.ground}）" for number, one in enumerate(drawn.criteria, 1)),
        "",
        *(_line(drawn, one) for one in drawn.placed),
        "",
        "自己核对：",
        f"  事先公布的承诺值  {drawn.opening.commitment}",
        f"  公开的秘密        {drawn.opening.secret}    （它的 SHA-256 就是上面的承诺值）",
        f"  约定的公开值      {drawn.opening.public_value}",
        f"  申请表的指纹      {drawn.list_digest}",
        f"  种子              {drawn.seed}",
        f"  结果的指纹        {drawn.result_digest}",
        "  每辆车的摇号数：以种子为钥匙，对申请号作 HMAC-SHA-256，小的在前；用同一份申请表重算，名单一字不差。",
    ]


def _line(drawn: Drawn, one: Placed) -> str:
    why = "，".join(told for criterion in drawn.criteria if (told := criterion.told(one.applicant)))
    got = "中签" if one.has_bay else f"候补 {one.place - drawn.bays}"
    return f"  {one.place:>4}  {one.applicant.id}  {got}  （{why}；摇号数 {one.number[:SHOWN_DIGITS]}…）"


def lottery_rows(drawn: Drawn) -> Iterator[list[object]]:
    """The result as rows of a csv; the last two columns are the memory that the next term begins with."""
    yield list(COLUMNS)
    for one in drawn.placed:
        row = _row(one)
        yield [_yes_no(row[name]) for name in COLUMNS]


def _yes_no(value: object) -> object:
    return value if not isinstance(value, bool) else "yes" if value else "no"


def lottery_json(drawn: Drawn) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "applicants": len(drawn.placed),
        "bays": drawn.bays,
        "commitment": drawn.opening.commitment,
        "secret": drawn.opening.secret,
        "public_value": drawn.opening.public_value,
        "list_digest": drawn.list_digest,
        "seed": drawn.seed,
        "order": [{"code": one.code, "words": one.words, "ground": one.ground} for one in drawn.criteria],
        "placed": [_row(one) for one in drawn.placed],
        "result_digest": drawn.result_digest,
    }


def _row(one: Placed) -> dict[str, Any]:
    applicant = one.applicant
    return {
        "place": one.place,
        "applicant_id": applicant.id,
        "household": applicant.household,
        "standing": applicant.standing,
        "car_order": applicant.car_order,
        "need": applicant.need,
        "number": one.number,
        "has_bay": one.has_bay,
        "next_lost_terms": one.next_lost_terms,
        "next_had_bay": one.has_bay,
    }
