"""Who keeps the register of organisations, and who plans duty."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed

KEEPERS = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})
ROSTER_KEEPERS = frozenset(
    {
        RoleName.COMMITTEE_MEMBER,
        RoleName.PARTY_SECRETARY,
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
        RoleName.COMMUNITY_WORKER,
    }
)


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


def require_may_plan_duty(actor: Actor, organisation_id: int, place_path: str) -> None:
    """An organisation's own people plan who is on duty."""
    own = any(
        role.name in ROSTER_KEEPERS
        and role.organisation_id == organisation_id
        and place_path.startswith(role.scope)
        for role in actor.roles
    )
    if not (own or actor.is_system):
        raise NotAllowed("may_not_plan_duty", "值班表由本单位的负责人排。")
