"""The rules of the owners' register: how a unit changes hands, and how a wrong entry is put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from linli.ground.kernel.codes import check_citizen_id, check_mobile, check_uscc
from linli.ground.kernel.errors import Conflict, Invalid
from linli.ground.kernel.text import fold
from linli.registry.people.domain import names

LONGEST_NAME = 40
SHORTEST_REASON = 4
LONGEST_REASON = 200
MOST_OWNERS = 20


class Ground(StrEnum):
    """Why a unit has another owner. Source: 民法典 209, 229–231; 建筑物区分所有权解释 art. 1."""

    SALE = "sale"
    INHERITANCE = "inheritance"
    GIFT = "gift"
    DIVISION = "division"
    RULING = "ruling"
    DELIVERY = "delivery"
    CORRECTION = "correction"
    CLAIM = "claim"


GROUND_LABELS: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.SALE: "买卖",
        Ground.INHERITANCE: "继承",
        Ground.GIFT: "赠与",
        Ground.DIVISION: "析产、离婚分割",
        Ground.RULING: "法院或仲裁文书",
        Ground.DELIVERY: "建设单位交付",
        Ground.CORRECTION: "更正登记",
        Ground.CLAIM: "本人认领",
    }
)
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {"natural": "个人", "organisation": "单位", "developer": "建设单位"}
)
CHANGE_LABELS: Mapping[str, str] = MappingProxyType(
    {ground.value: label for ground, label in GROUND_LABELS.items()}
    | {
        "person_corrected": "更正姓名、手机号或证件",
        "phone_detached": "解除手机号",
        "phone_disputed": "号码的现主人说不是本人",
    }
)
"""What the kinds of a register change are called."""

TRANSFERS = (Ground.SALE, Ground.INHERITANCE, Ground.GIFT, Ground.DIVISION, Ground.RULING, Ground.DELIVERY)
"""What a transfer may be entered for; a correction and a claim have their own ways."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be entered. Of ``document``, an ID number or credit code, only index and tail are kept."""

    name: str
    phone: str = ""
    kind: str = "natural"
    document: str = ""


def checked(person: NewPerson) -> NewPerson:
    """The person with every field normalised; refuses what cannot be right, naming the field."""
    name = checked_name(person.name)
    phone = check_mobile(person.phone) if fold(person.phone) else ""
    document = fold(person.document)
    if document:
        document = check_citizen_id(document) if person.kind == "natural" else check_uscc(document)
    return NewPerson(name, phone, person.kind, document)


def checked_name(name: str) -> str:
    """A name as it is kept: folded, neither empty nor endless."""
    name = fold(name)
    if not name:
        raise Invalid("name_missing", "请填写姓名。")
    if len(name) > LONGEST_NAME:
        raise Invalid("name_too_long", "姓名最多 {most} 个字。", most=LONGEST_NAME)
    return name


def checked_reason(reason: str) -> str:
    """A reason somebody can understand later; a dot is none. Punctuation stays as it was typed."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            "reason_missing", "请写明理由（至少 {least} 个字），以后查得到。", least=SHORTEST_REASON
        )
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", "理由最多 {most} 个字。", most=LONGEST_REASON)
    return reason


def check_transfer(
    *,
    ground: Ground,
    to: Sequence[NewPerson],
    staying: int,
    on: date,
    today: date,
    began: Sequence[date | None],
) -> None:
    """Refuse a transfer to nobody, to the same person twice, in the future, or before its beginning.

    ``staying`` is how many of the present owners go on, ``began`` holds the first days of all of them.
    """
    if ground not in TRANSFERS:
        raise Invalid("not_a_transfer", "请选择变更的原因：买卖、继承、赠与、析产、法律文书或交付。")
    if not to and not staying:
        raise Invalid("no_new_owner", "请至少填写一位新业主。")
    if len(to) + staying > MOST_OWNERS:
        raise Invalid("too_many_owners", "一套房最多登记 {most} 位共有人。", most=MOST_OWNERS)
    keys = [(names.key(person.name), person.phone, person.document) for person in to]
    if len(set(keys)) < len(keys):
        raise Invalid("owner_named_twice", "同一位新业主填了两次。")
    if on > today:
        raise Invalid("transfer_in_future", "变更日期不能晚于今天。请在过户当天或以后登记。")
    if any(first is not None and on < first for first in began):
        raise Conflict("transfer_before_ownership", "变更日期早于现业主的登记日期，请核对。")
