"""Who goes before whom, as data: the criteria one after the other, each with its words and its ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

STANDINGS: Mapping[str, str] = MappingProxyType({"owner": "业主", "tenant": "租户", "outsider": "小区外"})
NEEDS: Mapping[str, str] = MappingProxyType({"disabled": "残疾", "elderly": "老年", "": ""})


class Applicant(NamedTuple):
    """One car that asks for a bay. ``row`` is the line of the list; ids are numbers given out, never names."""

    row: int
    id: str
    household: str
    standing: str
    car_order: int
    need: str
    lost_terms: int
    had_bay: bool


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison: the smaller rank goes first. ``ground`` is the clause, or the policy that owners decide."""

    code: str
    words: str
    rank: Callable[[Applicant], int]
    told: Callable[[Applicant], str]
    ground: str


def _memory(applicant: Applicant) -> str:
    if applicant.lost_terms:
        return f"已轮空 {applicant.lost_terms} 期"
    return "上期已有车位" if applicant.had_bay else "首次申请"


_STANDING_RANK = {"owner": 0, "tenant": 1, "outsider": 2}
CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "standing",
        "业主在前，租户次之，小区外在后",
        lambda one: _STANDING_RANK[one.standing],
        lambda one: STANDINGS[one.standing],
        "民法典第二百七十六条",
    ),
    Criterion(
        "car_order",
        "各户第一辆车全部在第二辆车之前",
        lambda one: one.car_order,
        lambda one: f"第 {one.car_order} 辆车",
        "业主共同决定的办法，依据民法典第二百七十八条",
    ),
    Criterion(
        "need",
        "残疾人和老年人在前",
        lambda one: 0 if one.need else 1,
        lambda one: NEEDS[one.need],
        "无障碍环境建设法；业主共同决定的办法",
    ),
    Criterion(
        "memory",
        "轮空期数多的在前，上期已有车位的在后",
        lambda one: 1 if one.had_bay else -one.lost_terms,
        _memory,
        "业主共同决定的办法，依据民法典第二百七十八条",
    ),
)
"""The default policy; chance decides only among equals."""

BY_CODE: Mapping[str, Criterion] = MappingProxyType({one.code: one for one in CRITERIA})
