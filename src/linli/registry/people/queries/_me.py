"""What a person may know and take away about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import mask_name, mask_phone
from linli.registry.people import policies
from linli.registry.people.domain import consents
from linli.registry.people.domain.consents import Purpose
from linli.registry.people.domain.looks import LOOKS
from linli.registry.people.models import (
    AccessRecord,
    Account,
    Consent,
    HomeClaim,
    Occupancy,
    Ownership,
    Person,
    RecoveryCode,
    Session,
)
from linli.registry.people.queries._staff import every_duty_of

if TYPE_CHECKING:
    from linli.registry.places.models import Place

FRESH = timedelta(minutes=15)
TAKING = ("export", "export_full", "print", "print_full")


def own_account(actor: Actor) -> Account:
    """The actor's own account."""
    found = Account.objects.filter(pk=policies.own_account_id(actor)).first()
    if found is None:
        raise NotFound("no_account", "请先登录。")
    return found


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in device of the actor."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def own_devices(actor: Actor, this_session: int | None, at: datetime) -> list[Device]:
    """Where the actor is signed in, the latest seen first."""
    rows = Session.objects.filter(
        account_id=policies.own_account_id(actor), revoked_at=None, expires_at__gt=at
    )
    return [
        Device(row.pk, row.device, row.created_at, row.seen_at, row.pk == this_session)
        for row in rows.order_by("-seen_at", "-pk")
    ]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A purpose, and how the actor stands to it."""

    purpose: Purpose
    granted_at: datetime | None
    outdated: bool
    """Given to other words than those of today: it no longer counts until given again."""


def own_consents(actor: Actor) -> list[ConsentLine]:
    """Every purpose with the actor's consent, if one is in force."""
    rows = Consent.objects.filter(account_id=policies.own_account_id(actor), withdrawn_at=None)
    given = {row.purpose: row for row in rows}
    return [
        ConsentLine(
            purpose,
            given[code].granted_at if code in given else None,
            code in given and given[code].text_sha256 != purpose.sha256,
        )
        for code, purpose in consents.PURPOSES.items()
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at the actor's data, or at a list in which it stood."""

    at: datetime
    what: str
    who: str
    reason: str
    compound_name: str
    of_list: bool


def looks_at(actor: Actor) -> list[Look]:
    """Who looked at the actor's entries, and who took away lists of the compounds they stand in."""
    people = Person.objects.filter(account_id=policies.own_account_id(actor))
    compounds = list(people.values_list("compound_id", flat=True))
    rows = AccessRecord.objects.filter(
        Q(person__in=people) | Q(person=None, compound_id__in=compounds, what__in=TAKING)
    ).select_related("account", "compound")
    return [
        Look(
            at=row.at,
            what=LOOKS.get(row.what, row.what),
            who=mask_name(row.account.name) if row.account else "",
            reason=row.reason,
            compound_name=row.compound.name,
            of_list=row.person_id is None,
        )
        for row in rows.order_by("-at", "-pk")[:200]
    ]


def recovery_codes_left(actor: Actor) -> int:
    """How many paper codes the actor still has."""
    return RecoveryCode.objects.filter(account_id=policies.own_account_id(actor), used_at=None).count()


def fresh_look(actor: Actor, compound: Place, look_id: int, at: datetime) -> AccessRecord:
    """The actor's own record, just made, of why they take the register of this compound away."""
    found = AccessRecord.objects.filter(
        pk=look_id,
        account_id=policies.own_account_id(actor),
        person=None,
        compound_id=compound.pk,
        what__in=TAKING,
        at__gt=at - FRESH,
    ).first()
    if found is None:
        raise NotFound("reason_again", "这次导出已经过期，请重新写明用途。")
    return found


Table = list[dict[str, object]]


def own_data(actor: Actor) -> dict[str, Table]:
    """All that people keeps about the actor, as tables with Chinese titles and columns."""
    account = own_account(actor)
    people = Person.objects.filter(account_id=account.pk).select_related("compound").order_by("pk")
    return {
        "账号": [
            {
                "姓名": account.name,
                "手机号": account.phone or "",
                "邮箱": account.email or "",
                "开通时间": account.created_at,
                "已设动态验证码": account.totp_since is not None,
            }
        ],
        "登记信息": [
            {
                "小区": person.compound.name,
                "姓名": person.name,
                "手机号": person.phone or "",
                "证件号末四位": person.document_tail,
            }
            for person in people
        ],
        "房屋": _homes(account.pk),
        "职务": _duties(account.pk),
        "认领": _claims(account.pk),
        "同意事项": _consents(account),
        "登录设备": [
            {
                "设备": row.device,
                "登录时间": row.created_at,
                "最近使用": row.seen_at,
                "退出时间": row.revoked_at,
            }
            for row in account.sessions.order_by("created_at", "pk")
        ],
        "查看记录": [
            {
                "时间": one.at,
                "谁": one.who,
                "做了什么": one.what,
                "理由": one.reason,
                "小区": one.compound_name,
            }
            for one in looks_at(actor)
        ],
    }


def _duties(account_id: int) -> Table:
    return [
        {
            "职务": one.label,
            "头衔": one.title,
            "地点": one.place_name,
            "开始": one.from_on,
            "结束": one.to_on,
            "结束原因": one.ended_reason,
        }
        for one in every_duty_of(account_id)
    ]


def _consents(account: Account) -> Table:
    return [
        {
            "事项": consents.PURPOSES[row.purpose].title if row.purpose in consents.PURPOSES else row.purpose,
            "同意时间": row.granted_at,
            "撤回时间": row.withdrawn_at,
            "文本版本": row.text_sha256[:12],
        }
        for row in account.consents.order_by("granted_at", "pk")
    ]


def _homes(account_id: int) -> Table:
    owned: QuerySet[Ownership] = Ownership.objects.filter(person__account_id=account_id)
    lived: QuerySet[Occupancy] = Occupancy.objects.filter(person__account_id=account_id)
    rows: Sequence[tuple[str, Ownership | Occupancy]] = [
        *(("业主", row) for row in owned.select_related("unit", "compound").order_by("pk")),
        *(
            (row.get_relation_display(), row)
            for row in lived.select_related("unit", "compound").order_by("pk")
        ),
    ]
    return [
        {
            "小区": row.compound.name,
            "房屋": row.unit.label,
            "身份": relation,
            "开始": row.from_on,
            "结束": row.to_on,
        }
        for relation, row in rows
    ]


def _claims(account_id: int) -> Table:
    rows = HomeClaim.objects.filter(account_id=account_id).select_related("unit", "compound").order_by("pk")
    return [
        {
            "小区": row.compound.name,
            "房屋": row.unit.label,
            "填写的姓名": row.name,
            "说明": row.note,
            "状态": row.get_status_display(),
            "答复": row.answer,
            "提交时间": row.made_at,
        }
        for row in rows
    ]


def phone_shown(actor: Actor) -> str:
    """The actor's number as the own pages show it."""
    return mask_phone(own_account(actor).phone or "")
