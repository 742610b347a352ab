"""Which duty stands for what place, who may give it to whom, and when it is in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from linli.ground.kernel.actor import Actor, Role, RoleName
from linli.ground.kernel.errors import Conflict, Invalid

LONGEST_COMMITTEE_TERM_YEARS = 5
ROLL_IMPORTERS = frozenset(
    {
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
        RoleName.COMMUNITY_WORKER,
        RoleName.COMMITTEE_MEMBER,
        RoleName.SUBDISTRICT_OFFICER,
    }
)
"""Who takes over a whole roll of a compound from a file."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the table: what a duty is called, where it may be held, and who gives it.

    ``same_organisation`` means that the giver acts for the organisation that the holder will act
    for (a manager takes on the clerks of the own company, nobody else's).
    """

    label: str
    at: frozenset[str]
    given_by: frozenset[RoleName]
    same_organisation: bool = False
    not_beside: frozenset[RoleName] = frozenset()
    longest_years: int | None = None
    second_factor: bool = True


_COMPANY = frozenset({RoleName.PROPERTY_MANAGER, RoleName.PROPERTY_CLERK, RoleName.REPAIRER})
_ABOVE_COMPOUND = frozenset({"district", "subdistrict", "community"})
_STREET_AND_ABOVE = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})
_STREET = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.OPERATOR})
_COMMITTEE = frozenset({RoleName.COMMITTEE_MEMBER})

DUTIES: Mapping[RoleName, Duty] = MappingProxyType(
    {
        # Elected by the owners and filed with the sub-district (Qingdao 37), which therefore enters it.
        # At most five years (Qingdao 35); nobody with an interest in the manager (Qingdao 23(2)).
        RoleName.COMMITTEE_MEMBER: Duty(
            "红色业委会成员",
            frozenset({"compound"}),
            _STREET,
            not_beside=_COMPANY,
            longest_years=LONGEST_COMMITTEE_TERM_YEARS,
        ),
        RoleName.PARTY_SECRETARY: Duty("党支部书记", frozenset({"compound", "community"}), _STREET),
        # A volunteer of the house: helps neighbours at the door and sees no register.
        RoleName.BUILDING_CAPTAIN: Duty(
            "楼栋长",
            frozenset({"building", "entrance"}),
            _STREET | {RoleName.COMMITTEE_MEMBER, RoleName.PARTY_SECRETARY, RoleName.COMMUNITY_WORKER},
            second_factor=False,
        ),
        # Who serves the compound follows from the contract, which authorities file; then the manager
        # takes on people of the own company only.
        RoleName.PROPERTY_MANAGER: Duty(
            "物业项目经理", frozenset({"compound"}), _STREET_AND_ABOVE, not_beside=_COMMITTEE
        ),
        RoleName.PROPERTY_CLERK: Duty(
            "物业文员",
            frozenset({"compound", "building"}),
            frozenset({RoleName.PROPERTY_MANAGER}),
            same_organisation=True,
            not_beside=_COMMITTEE,
        ),
        RoleName.REPAIRER: Duty(
            "维修师傅",
            frozenset({"compound", "building"}),
            frozenset({RoleName.PROPERTY_MANAGER}),
            same_organisation=True,
            not_beside=_COMMITTEE,
        ),
        RoleName.COMMUNITY_WORKER: Duty("社区工作者", frozenset({"community", "compound"}), _STREET),
        RoleName.SUPERVISOR: Duty("监督员", _ABOVE_COMPOUND | {"compound"}, _STREET_AND_ABOVE),
        RoleName.PARTNER_OFFICER: Duty("联动单位工作人员", _ABOVE_COMPOUND | {"compound"}, _STREET_AND_ABOVE),
        RoleName.SUBDISTRICT_OFFICER: Duty(
            "街道工作人员",
            frozenset({"subdistrict"}),
            frozenset({RoleName.DISTRICT_OFFICER, RoleName.OPERATOR}),
        ),
        RoleName.DISTRICT_OFFICER: Duty(
            "区物业办工作人员", frozenset({"district"}), frozenset({RoleName.OPERATOR})
        ),
        RoleName.OPERATOR: Duty("平台运维", frozenset({"district"}), frozenset({RoleName.OPERATOR})),
    }
)
"""Every duty has a line; a test keeps the table complete."""


@dataclass(frozen=True, slots=True)
class Held:
    """A duty that an account holds or held, as the rules need it."""

    name: RoleName
    scope: str
    organisation_id: int | None
    from_on: date
    to_on: date | None


def label(name: RoleName | str) -> str:
    """The Chinese name of a duty."""
    return DUTIES[RoleName(name)].label


def in_force(from_on: date | None, to_on: date | None, on: date) -> bool:
    """Whether something that begins on ``from_on`` and no longer holds on ``to_on`` holds on this day.

    The day of the end belongs to what follows: a flat sold today has one owner group today.
    """
    return (from_on is None or from_on <= on) and (to_on is None or on < to_on)


def may_give(actor: Actor, name: RoleName, scope: str, organisation_id: int | None) -> bool:
    """Whether the actor may give, and so also end, this duty at the place with this path."""
    if actor.is_system:
        return True
    duty = DUTIES[name]
    return any(_gives(role, duty, scope, organisation_id) for role in actor.roles)


def _gives(role: Role, duty: Duty, scope: str, organisation_id: int | None) -> bool:
    """The operator keeps the platform running where no giver is appointed yet, for any organisation."""
    if not scope.startswith(role.scope):
        return False
    if role.name == RoleName.OPERATOR:
        return True
    own = not duty.same_organisation or role.organisation_id == organisation_id
    return role.name in duty.given_by and own


def givable(actor: Actor, scope: str, place_kind: str) -> list[RoleName]:
    """The duties that the actor may give at this place, in the order of the table.

    Duties inside an organisation are offered if the actor acts for one; which one is then fixed.
    """
    return [
        name
        for name, duty in DUTIES.items()
        if place_kind in duty.at
        and any(
            may_give(actor, name, scope, own)
            for own in {role.organisation_id for role in actor.roles} | {None}
        )
    ]


def check_assignment(
    *, name: RoleName, place_kind: str, scope: str, from_on: date, to_on: date | None, held: Iterable[Held]
) -> None:
    """Refuse a duty at the wrong kind of place, for an impossible time, twice, or beside its opposite."""
    duty = DUTIES[name]
    if place_kind not in duty.at:
        raise Invalid(
            "role_at_wrong_place", "「{role}」不能设在这一级，请选对应的小区、楼栋或辖区。", role=duty.label
        )
    _check_term(duty, from_on, to_on)
    for other in held:
        if not _overlap(from_on, to_on, other.from_on, other.to_on):
            continue
        if other.name == name and other.scope == scope:
            raise Conflict("role_held_already", "这个人在这段时间里已经是这里的「{role}」。", role=duty.label)
        if other.name in duty.not_beside and _related(other.scope, scope):
            raise Conflict(
                "roles_exclude_each_other",
                "同一个小区里，业委会成员不能同时在物业公司任职（现任「{held}」）。请先结束其中一项。",
                clause="青岛市物业管理条例第二十三条第二款",
                held=DUTIES[other.name].label,
            )


def _check_term(duty: Duty, from_on: date, to_on: date | None) -> None:
    if to_on is not None and to_on <= from_on:
        raise Invalid("role_ends_before_it_begins", "结束日期要晚于开始日期。")
    if duty.longest_years is None or to_on is None:
        return
    if to_on > years_later(from_on, duty.longest_years):
        raise Invalid(
            "term_too_long",
            "「{role}」的任期不能超过 {years} 年。",
            clause="青岛市物业管理条例第三十五条",
            role=duty.label,
            years=duty.longest_years,
        )


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _overlap(from_a: date, to_a: date | None, from_b: date, to_b: date | None) -> bool:
    return (to_b is None or from_a < to_b) and (to_a is None or from_b < to_a)


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def needs_second_factor(names: Collection[RoleName]) -> bool:
    """Whether one of these duties opens other people's data, so that a phone alone is not enough."""
    return any(DUTIES[name].second_factor for name in names)
