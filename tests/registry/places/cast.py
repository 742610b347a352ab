"""The places of these tests, founded as the house founds them, and those who keep them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from linli.ground.kernel.actor import Actor, RoleName, system
from linli.registry.people.models import Account
from linli.registry.places import actions as places
from linli.registry.places.models import Place, Unit
from tests.registry.people.cast import AT, account, acting, serves

FOUNDER = system("founder")
SURVEYED = date(2019, 6, 1)


def found(kind: str, name: str, parent: Place | None = None, slug: str | None = None) -> Place:
    """A place, founded by the house itself."""
    parent_id = parent.pk if parent else None
    return places.found_place(actor=FOUNDER, kind=kind, name=name, parent_id=parent_id, slug=slug, at=AT)


def unit(at_place: Place, number: str, code: str, area_dm2: int | None = 9_000, kind: str = "home") -> Unit:
    """A unit, added by the house itself."""
    return places.add_unit(
        actor=FOUNDER,
        place_id=at_place.pk,
        number=number,
        code=code,
        kind=kind,
        area_dm2=area_dm2,
        area_source="survey" if area_dm2 else "unknown",
        area_on=SURVEYED if area_dm2 else None,
        at=AT,
    )


@dataclass
class World:
    """隆祺嘉园 with three buildings and a garage, 海韵花园 next door, both in one community."""

    district: Place
    street: Place
    community: Place
    longqi: Place
    haiyun: Place
    building: Place
    entrance: Place
    garage: Place
    home: Unit
    high_home: Unit
    shop: Unit
    bay: Unit
    elsewhere: Unit
    staff: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """One of the staff as they act today."""
        return acting(self.staff[name])


def found_world() -> World:
    """Found everything; 3号楼 stands before 10号楼 whatever the order of founding."""
    district = found("district", "西海岸新区")
    street = found("subdistrict", "长江路街道", district)
    community = found("community", "江山社区", street)
    longqi, haiyun = (
        found("compound", "隆祺嘉园", community, "longqi"),
        found("compound", "海韵花园", community, "haiyun"),
    )
    tenth, building = found("building", "10号楼", longqi), found("building", "3号楼", longqi)
    entrance, garage = found("entrance", "3号楼2单元", building), found("area", "地下车库", longqi)
    world = World(
        district,
        street,
        community,
        longqi,
        haiyun,
        building,
        entrance,
        garage,
        home=unit(entrance, "501", "3-2-501", 11_864),
        high_home=unit(entrance, "1001", "3-2-1001", 11_900),
        shop=unit(tenth, "商铺1", "10-S1", None, "shop"),
        bay=unit(garage, "017", "B1-017", 1_272, "garage"),
        elsewhere=unit(found("building", "1号楼", haiyun), "101", "1-101", 7_700),
    )
    duties = (
        ("operator", RoleName.OPERATOR, district),
        ("district", RoleName.DISTRICT_OFFICER, district),
        ("street", RoleName.SUBDISTRICT_OFFICER, street),
        ("community", RoleName.COMMUNITY_WORKER, community),
        ("committee", RoleName.COMMITTEE_MEMBER, longqi),
        ("manager", RoleName.PROPERTY_MANAGER, longqi),
        ("clerk", RoleName.PROPERTY_CLERK, longqi),
        ("secretary", RoleName.PARTY_SECRETARY, longqi),
        ("captain", RoleName.BUILDING_CAPTAIN, building),
        ("repairer", RoleName.REPAIRER, longqi),
        ("supervisor", RoleName.SUPERVISOR, longqi),
        ("other_manager", RoleName.PROPERTY_MANAGER, haiyun),
        ("other_committee", RoleName.COMMITTEE_MEMBER, haiyun),
    )
    for key, role, where in duties:
        world.staff[key] = account(f"职员{key}")
        serves(world.staff[key], role, where)
    world.staff["resident"] = account("王秀兰")
    return world
