"""Who keeps the register of organisations, and who plans duty."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed
from linli.registry.organisations.domain import bodies

KEEPERS = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})
REGISTER_DESK = tuple(sorted(KEEPERS))
"""Who has the register's pages at all; which bodies of it, their scope says."""

PARTY_KEEPERS = frozenset({RoleName.SUBDISTRICT_OFFICER})
"""Who enters and reads the seats of party bodies: the superior party organisation alone (PIPL 28, 29)."""

ROSTER_KEEPERS = frozenset(
    {
        RoleName.COMMITTEE_MEMBER,
        RoleName.PARTY_SECRETARY,
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
        RoleName.COMMUNITY_WORKER,
    }
)
ROSTER_READERS = frozenset(RoleName) - {RoleName.PARTNER_OFFICER, RoleName.OPERATOR}
"""Whose desk shows the roster with full names: everybody who works for the whole compound."""


def may_keep(actor: Actor, place_path: str) -> bool:
    """Whether the actor keeps the organisations responsible for this place."""
    return actor.is_system or actor.holds(KEEPERS, place_path)


def require_may_keep(actor: Actor, place_path: str) -> None:
    """Committees are filed with the sub-district, companies with the district (Qingdao 37, 55)."""
    if not may_keep(actor, place_path):
        raise NotAllowed(
            "may_not_keep_organisations",
            "机构、合同和委员名单由街道或区里登记。",
            clause="《青岛市物业管理条例》第三十七条、第五十五条",
        )


def require_reads_register(actor: Actor) -> None:
    """The register's own pages are for those who keep it somewhere."""
    if not (actor.is_system or any(role.name in KEEPERS for role in actor.roles)):
        raise NotAllowed("register_of_organisations_closed", "机构登记只对街道和区里的工作人员开放。")


def may_keep_seats(actor: Actor, *, kind: str, place_path: str) -> bool:
    """Whether the actor enters, and reads in full, who sits in a body of this kind."""
    if kind in bodies.PARTY_BODIES:
        return actor.is_system or actor.holds(PARTY_KEEPERS, place_path)
    return may_keep(actor, place_path)


def require_may_keep_seats(actor: Actor, *, kind: str, place_path: str) -> None:
    """Seats of committees are entered by the authorities, those of party bodies by the sub-district alone."""
    require_may_keep(actor, place_path)
    if not may_keep_seats(actor, kind=kind, place_path=place_path):
        raise NotAllowed(
            "may_not_keep_party_seats",
            "党组织的任职只由街道登记。",
            clause="个人信息保护法第二十八条",
        )


def require_not_oneself(actor: Actor, account_id: int) -> None:
    """Nobody enters their own seat."""
    if actor.account_id == account_id:
        raise NotAllowed("own_seat", "不能登记自己的席位，请由另一位工作人员办理。")


def may_plan_duty(actor: Actor, organisation_id: int, place_path: str) -> bool:
    """Whether the actor plans the duty of this organisation at this place."""
    own = any(
        role.name in ROSTER_KEEPERS
        and role.organisation_id == organisation_id
        and place_path.startswith(role.scope)
        for role in actor.roles
    )
    return own or actor.is_system


def require_may_plan_duty(actor: Actor, organisation_id: int, place_path: str) -> None:
    """An organisation's own people plan who is on duty."""
    if not may_plan_duty(actor, organisation_id, place_path):
        raise NotAllowed("may_not_plan_duty", "值班表由本单位的负责人排。")


def require_reads_roster(actor: Actor, compound_path: str) -> None:
    """The roster with full names is for those who work for the compound."""
    if not actor.holds(ROSTER_READERS, compound_path):
        raise NotAllowed("roster_closed", "完整的值班表只给本小区的工作人员看。")
