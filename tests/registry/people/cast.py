"""The people of these tests: two neighbouring compounds under one street, and everybody who serves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from linli.ground.db.fields import blind_index
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.text import natural_key
from linli.registry.people import queries
from linli.registry.people.domain import names
from linli.registry.people.models import Account, Occupancy, Ownership, Person, RoleAssignment
from linli.registry.places.models import Place, Unit

AT = datetime(2026, 3, 16, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()
COMPANY, OTHER_COMPANY = 501, 502
_PHONES = iter(f"139{number:08d}" for number in range(10_000_000, 99_999_999))


def later(**span: float) -> datetime:
    """Some time after the beginning."""
    return AT + timedelta(**span)


def place(kind: str, name: str, parent: Place | None = None, slug: str | None = None) -> Place:
    compound = None
    if parent is not None:
        compound = parent if parent.kind == "compound" else parent.compound
    made = Place.objects.create(
        parent=parent,
        compound=compound,
        kind=kind,
        name=name,
        code=name,
        path="",
        sort_key=(parent.sort_key if parent else "") + natural_key(name),
        slug=slug,
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save(update_fields=["path"])
    return made


def unit(at_place: Place, code: str, area_dm2: int | None = 9_000, delivered_on: date | None = None) -> Unit:
    compound = at_place if at_place.kind == "compound" else at_place.compound
    building, entrance, door = code.split("-")
    return Unit.objects.create(
        compound=compound,
        place=at_place,
        code=code,
        label=f"{building}号楼{entrance}单元{door}室",
        sort_key=natural_key(code),
        area_dm2=area_dm2,
        delivered_on=delivered_on,
    )


def account(name: str, phone: str | None = None, **more: object) -> Account:
    phone = phone or next(_PHONES)
    return Account.objects.create(
        name=name, phone=phone, phone_index=blind_index(phone), created_at=AT - timedelta(days=400), **more
    )


def person(
    compound: Place, name: str, phone: str | None = None, of: Account | None = None, kind: str = "natural"
) -> Person:
    return Person.objects.create(
        compound=compound,
        kind=kind,
        name=name,
        name_key=names.key(name),
        phone=phone,
        phone_index=blind_index(phone) if phone else None,
        account=of,
    )


def owns(
    who: Person, what: Unit, from_on: date | None = date(2020, 5, 1), to_on: date | None = None
) -> Ownership:
    return Ownership.objects.create(
        compound=what.compound, unit=what, person=who, from_on=from_on, to_on=to_on
    )


def lives(who: Person, what: Unit, relation: str = "tenant") -> Occupancy:
    return Occupancy.objects.create(
        compound=what.compound, unit=what, person=who, relation=relation, from_on=date(2024, 1, 1)
    )


def serves(
    who: Account, role: RoleName, where: Place, company: int | None = None, to_on: date | None = None
) -> RoleAssignment:
    return RoleAssignment.objects.create(
        account=who, role=role, place=where, organisation_id=company, from_on=date(2025, 1, 1), to_on=to_on
    )


def acting(who: Account, on: date = TODAY) -> Actor:
    """The account as it acts on a day."""
    return queries.actor_of(who.pk, on)


@dataclass
class World:
    """Everybody. ``staff`` are accounts by the duty they hold in or above 隆祺."""

    district: Place
    street: Place
    community: Place
    longqi: Place
    haiyun: Place
    building: Place
    entrance: Place
    home_501: Unit
    home_502: Unit
    home_1001: Unit
    haiyun_101: Unit
    wang: Account
    wang_entry: Person
    li: Account
    staff: dict[str, Account] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """One of the cast as it acts today."""
        return acting(getattr(self, name, None) or self.staff[name])


def found_world() -> World:
    district = place("district", "西海岸新区")
    street = place("subdistrict", "长江路街道", district)
    community = place("community", "江山社区", street)
    longqi = place("compound", "隆祺嘉园", community, slug="longqi")
    haiyun = place("compound", "海韵花园", community, slug="haiyun")
    building = place("building", "3号楼", longqi)
    entrance = place("entrance", "2单元", building)
    haiyun_entrance = place("entrance", "1单元", place("building", "1号楼", haiyun))
    world = World(
        district,
        street,
        community,
        longqi,
        haiyun,
        building,
        entrance,
        unit(entrance, "3-2-501", 11_864),
        unit(entrance, "3-2-502", 8_950),
        unit(entrance, "3-2-1001", 11_864),
        unit(haiyun_entrance, "1-1-101", 7_700),
        wang := account("王秀兰", "13812345678"),
        wang_entry := person(longqi, "王秀兰", "13812345678", of=wang),
        li := account("李建国", "13900001111"),
    )
    owns(wang_entry, world.home_501)
    owns(person(haiyun, "李建国", "13900001111", of=li), world.haiyun_101)
    world.staff = _staff(world)
    return world


def _staff(world: World) -> dict[str, Account]:
    duties = (
        ("operator", "运维一号", RoleName.OPERATOR, world.district, None),
        ("district_officer", "区办周明", RoleName.DISTRICT_OFFICER, world.district, None),
        ("street_officer", "街道吴芳", RoleName.SUBDISTRICT_OFFICER, world.street, None),
        ("community_worker", "社区郑红", RoleName.COMMUNITY_WORKER, world.community, None),
        ("committee", "赵立本", RoleName.COMMITTEE_MEMBER, world.longqi, None),
        ("secretary", "孙卫东", RoleName.PARTY_SECRETARY, world.longqi, None),
        ("captain", "钱桂英", RoleName.BUILDING_CAPTAIN, world.building, None),
        ("manager", "陈经理", RoleName.PROPERTY_MANAGER, world.longqi, COMPANY),
        ("clerk", "冯小燕", RoleName.PROPERTY_CLERK, world.longqi, COMPANY),
        ("repairer", "张师傅", RoleName.REPAIRER, world.longqi, COMPANY),
        ("supervisor", "监督员甲", RoleName.SUPERVISOR, world.longqi, None),
        ("other_clerk", "海韵文员", RoleName.PROPERTY_CLERK, world.haiyun, OTHER_COMPANY),
        ("other_manager", "海韵经理", RoleName.PROPERTY_MANAGER, world.haiyun, OTHER_COMPANY),
    )
    made = {}
    for key, name, role, where, company in duties:
        made[key] = account(name)
        serves(made[key], role, where, company)
    made["former_committee"] = account("前委员")
    serves(made["former_committee"], RoleName.COMMITTEE_MEMBER, world.longqi, to_on=TODAY)
    return made
