"""Who may announce, and who looks after the outbox."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed

ANNOUNCERS = frozenset(
    {
        RoleName.COMMITTEE_MEMBER,
        RoleName.PARTY_SECRETARY,
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
        RoleName.COMMUNITY_WORKER,
    }
)


def may_announce(actor: Actor, organisation_id: int, compound_path: str) -> bool:
    """Whether the actor speaks for this body in this compound."""
    return actor.is_system or any(
        role.name in ANNOUNCERS
        and role.organisation_id == organisation_id
        and compound_path.startswith(role.scope)
        for role in actor.roles
    )


def require_may_announce(actor: Actor, organisation_id: int, compound_path: str) -> None:
    """Refuse whoever does not speak for the body."""
    if not may_announce(actor, organisation_id, compound_path):
        raise NotAllowed("may_not_announce", "您不能以这个单位的名义发公告。")


def require_may_run_the_outbox(actor: Actor) -> None:
    """The outbox with its failures is the operator's."""
    if not (actor.is_system or any(role.name == RoleName.OPERATOR for role in actor.roles)):
        raise NotAllowed("not_an_operator", "发送记录只有平台运维可以处理。")
