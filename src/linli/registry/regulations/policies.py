"""Who enters what the law's calendar says, in words."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed

ENTERERS = frozenset({RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})
"""The table counts for every compound of the installation, so nobody below the district enters it."""


def require_may_enter(actor: Actor) -> None:
    """Refuse whoever does not answer for the whole installation."""
    if not (actor.is_system or any(role.name in ENTERERS for role in actor.roles)):
        raise NotAllowed("may_not_enter_holidays", "放假安排由区里或平台运维录入。")
