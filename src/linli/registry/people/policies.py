"""Who may read and change the register, give duties and answer claims, in words."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed
from linli.registry.people.domain import roles
from linli.registry.people.domain.roles import Held

KEEPERS = frozenset(
    {
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
        RoleName.COMMUNITY_WORKER,
    }
)
"""Who keeps the register: enters sales, corrections, phones."""

READERS = KEEPERS | {RoleName.COMMITTEE_MEMBER, RoleName.PARTY_SECRETARY}
"""Who works with it every day: names are shown to them, phones after a reason."""

OVERSEERS = frozenset({RoleName.SUBDISTRICT_OFFICER, RoleName.DISTRICT_OFFICER})
"""Who sees counts and masked names, and more only with a reason."""

CLAIM_ANSWERERS = KEEPERS | {RoleName.COMMITTEE_MEMBER}

REGISTER_DESK = READERS | OVERSEERS
"""Who has the register's pages at all."""

ROLE_DESK = frozenset(RoleName) - {RoleName.REPAIRER, RoleName.BUILDING_CAPTAIN, RoleName.PARTNER_OFFICER}
"""Who has the page of duties; what it lets them do, ``roles.givable`` says."""


WITHOUT_DESK = frozenset({RoleName.OPERATOR, RoleName.PARTNER_OFFICER})
"""Whose duties have no desk in a compound."""


def own_account_id(actor: Actor) -> int:
    """The account that acts. Refuses whoever is not signed in, and the house itself."""
    if actor.account_id is None:
        raise NotAllowed("sign_in_first", "请先登录，再来办这件事。")
    return actor.account_id


def may_see_register(actor: Actor, compound_path: str) -> bool:
    """Whether the register of this compound is open to the actor, masked or not."""
    return actor.is_system or actor.holds(REGISTER_DESK, compound_path)


def require_may_see_register(actor: Actor, compound_path: str) -> None:
    """Refuse whoever does not work for the compound."""
    if not may_see_register(actor, compound_path):
        raise NotAllowed(
            "register_closed", "业主名册只对本小区的工作人员开放。", clause="个人信息保护法第六条"
        )


def may_see_names(actor: Actor, compound_path: str) -> bool:
    """Whether names stand in full; otherwise they are masked."""
    return actor.is_system or actor.holds(READERS, compound_path)


def may_keep_register(actor: Actor, compound_path: str) -> bool:
    """Whether the actor enters changes."""
    return actor.is_system or actor.holds(KEEPERS, compound_path)


def require_may_keep_register(actor: Actor, compound_path: str) -> None:
    """Refuse readers and strangers."""
    if not may_keep_register(actor, compound_path):
        raise NotAllowed("not_a_keeper", "只有物业前台、项目经理和社区工作者可以改动业主名册。")


DISTRICT_IMPORTERS = frozenset({RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})


def may_import(actor: Actor, compound_path: str) -> bool:
    """Whether the actor takes over rolls of this compound."""
    return actor.is_system or actor.holds(roles.ROLL_IMPORTERS, compound_path)


def require_may_import(actor: Actor, compound_path: str) -> None:
    """Refuse whoever does not keep the compound's register."""
    if not may_import(actor, compound_path):
        raise NotAllowed("may_not_import", "名册只能由本小区的物业、业委会、社区或街道导入。")


def may_import_areas(actor: Actor, compound_path: str) -> bool:
    """Whether an import by this actor changes areas that stand already; a front desk's does not."""
    return actor.is_system or actor.holds(roles.ROLL_IMPORTERS - {RoleName.PROPERTY_CLERK}, compound_path)


def require_may_import_district(actor: Actor) -> None:
    """Refuse whoever does not answer for the whole district."""
    if not (actor.is_system or any(role.name in DISTRICT_IMPORTERS for role in actor.roles)):
        raise NotAllowed("may_not_import_district", "全区名册只能由区里导入。")


def require_may_export(actor: Actor, compound_path: str) -> None:
    """A whole list leaves the house only through those who keep it."""
    if not may_keep_register(actor, compound_path):
        raise NotAllowed(
            "export_not_allowed",
            "名册只能由物业前台、项目经理和社区工作者导出或打印。",
            clause="青岛市物业管理条例第三十九条、第六十一条",
        )


def require_not_oneself(actor: Actor, account_id: int | None) -> None:
    """Nobody enters themselves as an owner, or answers their own claim."""
    if account_id is not None and actor.account_id == account_id:
        raise NotAllowed("own_matter", "这件事和您本人有关，请让另一位工作人员办理。")


def may_answer_claims(actor: Actor, compound_path: str) -> bool:
    """Whether the actor looks at the proofs of this compound."""
    return actor.is_system or actor.holds(CLAIM_ANSWERERS, compound_path)


def require_may_answer_claims(actor: Actor, compound_path: str) -> None:
    """Refuse whoever does not look at proofs."""
    if not may_answer_claims(actor, compound_path):
        raise NotAllowed("not_a_claim_answerer", "只有业委会、物业和社区的工作人员可以核对认领。")


def owns(actor: Actor, unit_id: int) -> bool:
    """Whether the unit is the actor's own."""
    return any(home.unit_id == unit_id and home.relation == "owner" for home in actor.homes)


def require_may_change_household(actor: Actor, unit_id: int, compound_path: str) -> None:
    """Owners say who lives in their home; keepers do it for them at the counter."""
    if not (owns(actor, unit_id) or may_keep_register(actor, compound_path)):
        raise NotAllowed("not_your_home", "只有这套房的业主本人，或物业、社区的工作人员，可以增减住户。")


def require_may_leave_household(actor: Actor, unit_id: int, person_id: int, compound_path: str) -> None:
    """The owner, the keepers, and the occupant themselves."""
    if any(home.person_id == person_id and home.unit_id == unit_id for home in actor.homes):
        return
    require_may_change_household(actor, unit_id, compound_path)


def require_may_give(actor: Actor, name: RoleName, scope: str, organisation_id: int | None) -> None:
    """Refuse whoever the table of duties does not name, saying who could."""
    if roles.may_give(actor, name, scope, organisation_id):
        return
    givers = "、".join(roles.label(giver) for giver in RoleName if giver in roles.DUTIES[name].given_by)
    raise NotAllowed(
        "may_not_give_role",
        "您不能任免「{role}」，这要由「{givers}」来办。",
        role=roles.label(name),
        givers=givers,
    )


def require_not_for_oneself(actor: Actor, account_id: int) -> None:
    """Nobody gives duties to themselves."""
    if actor.account_id == account_id:
        raise NotAllowed("own_role", "不能任命自己，请由另一位有权限的人办理。")


def may_manage(actor: Actor, held: Iterable[Held]) -> bool:
    """Whether the actor could have given every duty that an account holds; then they answer for it."""
    held = list(held)
    return bool(held) and all(roles.may_give(actor, one.name, one.scope, one.organisation_id) for one in held)


def require_may_manage(actor: Actor, account_id: int, held: Iterable[Held]) -> None:
    """Refuse whoever does not answer for this member of staff, or is it."""
    if actor.account_id == account_id or not may_manage(actor, held):
        raise NotAllowed("not_your_staff", "这个人不归您管理。请找任命他的单位办理。")


def require_may_suspend(actor: Actor, account_id: int, held: Iterable[Held]) -> None:
    """Staff are suspended by those who answer for them, everybody else only by the operator."""
    held = list(held)
    operator = any(role.name == RoleName.OPERATOR for role in actor.roles)
    if actor.is_system or (operator and actor.account_id != account_id):
        return
    require_may_manage(actor, account_id, held)


def require_may_vouch(actor: Actor, account_id: int, home_paths: Iterable[str], held: Iterable[Held]) -> None:
    """Who may confirm a new phone number, or take a recycled one away.

    For staff those who answer for them; for residents the keepers of a compound in which they have a
    home. Otherwise a clerk could lock out an officer who happens to live there.
    """
    held = list(held)
    if actor.is_system:
        return
    if held:
        require_may_manage(actor, account_id, held)
        return
    if actor.account_id == account_id or not any(may_keep_register(actor, path) for path in home_paths):
        raise NotAllowed("may_not_vouch", "只有他所住小区的物业或社区工作人员，核对身份证件后可以办理。")
