"""Who acts: the one object that every action, query and policy is asked with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class RoleName(StrEnum):
    """The duties that a person can hold for a place, as dated assignments."""

    COMMITTEE_MEMBER = "committee_member"  # 红色业委会成员
    BUILDING_CAPTAIN = "building_captain"  # 楼栋长
    PARTY_SECRETARY = "party_secretary"  # 党支部书记
    PROPERTY_MANAGER = "property_manager"  # 物业项目经理
    PROPERTY_CLERK = "property_clerk"  # 物业前台、文员
    REPAIRER = "repairer"  # 维修师傅
    COMMUNITY_WORKER = "community_worker"  # 社区工作者
    SUPERVISOR = "supervisor"  # 监督员
    SUBDISTRICT_OFFICER = "subdistrict_officer"  # 街道工作人员
    PARTNER_OFFICER = "partner_officer"  # 联动单位工作人员
    DISTRICT_OFFICER = "district_officer"  # 区物业办工作人员
    OPERATOR = "operator"  # 平台运维


@dataclass(frozen=True, slots=True)
class Role:
    """One duty in force now. ``scope`` is the path of the place it holds for, e.g. ``/1/4/17/``."""

    name: RoleName
    scope: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """One home of the actor. ``relation`` is ``owner``, ``tenant`` or ``family``.

    ``person_id`` is the actor's entry in that compound's register of people.
    """

    unit_id: int
    person_id: int
    compound_id: int
    place_path: str
    relation: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a signed-in person with roles and homes, the system itself, or nobody.

    ``key`` stands in the log and says who without saying the name: ``account:17``, ``system:tick``.
    """

    key: str
    account_id: int | None = None
    name: str = ""
    roles: tuple[Role, ...] = ()
    homes: tuple[Home, ...] = field(default=())

    @property
    def is_somebody(self) -> bool:
        """Whether a person is signed in."""
        return self.account_id is not None

    @property
    def me(self) -> int:
        """The account of a signed-in actor; asking it of anybody else is a fault of the caller."""
        assert self.account_id is not None, "nobody is signed in"
        return self.account_id

    @property
    def is_system(self) -> bool:
        """Whether the house itself acts, e.g. a job or the demo's clock."""
        return self.key.startswith("system:")

    def holds(self, names: Collection[RoleName], path: str) -> bool:
        """Whether a role of these names covers the place with this path (at it or above it)."""
        return any(role.name in names and path.startswith(role.scope) for role in self.roles)

    def scopes(self, names: Collection[RoleName]) -> tuple[str, ...]:
        """The paths that the actor's roles of these names cover."""
        return tuple(role.scope for role in self.roles if role.name in names)

    def lives_in(self, compound_id: int) -> bool:
        """Whether the actor owns, rents or shares a home in the compound."""
        return any(home.compound_id == compound_id for home in self.homes)

    def owns_in(self, compound_id: int) -> bool:
        """Whether the actor is an owner in the compound (业主, not 物业使用人)."""
        return any(home.compound_id == compound_id and home.relation == "owner" for home in self.homes)


NOBODY = Actor(key="nobody")


def system(name: str) -> Actor:
    """The system actor of that name; work without a person still says who did it."""
    return Actor(key=f"system:{name}", name=name)
