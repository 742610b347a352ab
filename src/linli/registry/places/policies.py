"""Who may change what stands where, in words."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed

DISTRICT_BUILDERS = frozenset({RoleName.DISTRICT_OFFICER, RoleName.OPERATOR})
COMPOUND_FOUNDERS = DISTRICT_BUILDERS | {RoleName.SUBDISTRICT_OFFICER}
KEEPERS = COMPOUND_FOUNDERS | {
    RoleName.PROPERTY_MANAGER,
    RoleName.PROPERTY_CLERK,
    RoleName.COMMITTEE_MEMBER,
    RoleName.COMMUNITY_WORKER,
}
AREA_KEEPERS = COMPOUND_FOUNDERS | {
    RoleName.PROPERTY_MANAGER,
    RoleName.COMMITTEE_MEMBER,
    RoleName.COMMUNITY_WORKER,
}
ROLL_READERS = KEEPERS - DISTRICT_BUILDERS
"""Who is shown the way to the import of a roll; whoever may use it, ``people`` decides."""
REPORT_WRITERS = KEEPERS - COMPOUND_FOUNDERS
"""Who is shown the way to a report about a facility; whoever may report, ``requests`` decides."""
PEOPLE_READERS = KEEPERS - {RoleName.OPERATOR}
"""Who is shown the way to the people of a unit; ``people`` decides who may read them."""


def may_keep(actor: Actor, compound_path: str) -> bool:
    """Whether the actor keeps the register of places of this compound."""
    return actor.is_system or actor.holds(KEEPERS, compound_path)


def may_found(actor: Actor, kind: str, parent_path: str) -> bool:
    """Whether the actor draws such a place here: the district its parts, the sub-district its compounds."""
    founders = COMPOUND_FOUNDERS if kind == "compound" else DISTRICT_BUILDERS
    return actor.is_system or actor.holds(founders, parent_path or "/")


def require_may_found(actor: Actor, kind: str, parent_path: str) -> None:
    """Districts and their parts are drawn by the district; compounds also by the sub-district."""
    if not may_found(actor, kind, parent_path):
        raise NotAllowed("may_not_found_places", "街道和社区由区里维护，小区由街道或区里建立。")


def require_may_oversee(actor: Actor, path: str) -> None:
    """The tree above the compounds is read by the district and the sub-district it belongs to."""
    if not (actor.is_system or actor.holds(COMPOUND_FOUNDERS, path)):
        raise NotAllowed("may_not_oversee_places", "这里不归您所在的区或街道管。")


def require_may_keep(actor: Actor, compound_path: str) -> None:
    """Buildings, entrances, units and facilities are kept by the compound's own staff."""
    if not may_keep(actor, compound_path):
        raise NotAllowed(
            "may_not_keep_places", "房屋与设施登记由本小区的业委会、物业和社区维护，您在这里没有这项职责。"
        )


def may_correct_unit(actor: Actor, compound_path: str) -> bool:
    """Whether the actor may change what votes and charges are counted by: area, use, day of delivery."""
    return actor.is_system or actor.holds(AREA_KEEPERS, compound_path)


def require_may_correct_unit(actor: Actor, compound_path: str) -> None:
    """An area decides votes and money; front-desk staff may not change it."""
    if not may_correct_unit(actor, compound_path):
        raise NotAllowed(
            "may_not_correct_unit",
            "面积、用途和交付日期关系到表决和分摊，只能由业委会、物业经理、社区或街道更正。",
        )
