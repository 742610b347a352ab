"""Who lives and works in the demo, and how the world they live in is founded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from linli.ground.kernel.actor import Actor, RoleName, system
from linli.registry.organisations import actions as organisations
from linli.registry.organisations.models import Organisation
from linli.registry.people import actions as people
from linli.registry.people import queries as people_queries
from linli.registry.people.domain.login import token_hash
from linli.registry.people.domain.register import Ground, NewPerson
from linli.registry.people.models import Relation
from linli.registry.places import actions as places
from linli.registry.places.models import Place, Unit

FOUNDER = system("demo")
DEVICE = "演示"


@dataclass(frozen=True, slots=True)
class Character:
    """One of the cast: who they are, their phone, and what a visitor can try as them."""

    key: str
    name: str
    phone: str
    words: str


CAST: tuple[Character, ...] = (
    Character("resident", "王秀兰", "13800010001", "业主，住 3号楼2单元501"),
    Character("elder", "李桂芳", "13800010002", "75 岁业主，用关怀版，住 3号楼1单元201"),
    Character("tenant", "赵小雨", "13800010003", "租户，住 2号楼1单元302"),
    Character("neighbour", "杨帆", "13800010015", "同小区邻居，住 5号楼2单元402"),
    Character("committee", "赵淑芬", "13800010004", "红色业委会委员"),
    Character("secretary", "陈国栋", "13800010005", "小区党支部书记"),
    Character("captain", "吴桂英", "13800010017", "3号楼楼栋长"),
    Character("manager", "孙立新", "13800010006", "物业项目经理"),
    Character("clerk", "周婷", "13800010008", "物业前台"),
    Character("repairer", "刘建军", "13800010007", "物业维修师傅"),
    Character("community", "马晓燕", "13800010009", "社区工作者"),
    Character("subdistrict", "高志远", "13800010010", "街道工作人员"),
    Character("supervisor", "郭明", "13800010012", "监督员"),
    Character("district", "林静", "13800010011", "区物业办工作人员"),
    Character("former", "钱永年", "13800010014", "任期已满的前委员，业主"),
    Character("outsider", "何美玲", "13800010013", "隔壁小区的业主"),
    Character("operator", "丁一鸣", "13800010016", "平台运维"),
)
BY_KEY = {character.key: character for character in CAST}


@dataclass(slots=True)
class World:
    """The founded world: places, bodies and accounts by their keys."""

    compound: Place
    neighbour_compound: Place
    district: Place
    subdistrict: Place
    community: Place
    places: dict[str, Place] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    bodies: dict[str, Organisation] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)

    def actor(self, key: str, at: datetime) -> Actor:
        """The character as they act at that time, with the roles and homes of that day."""
        return people_queries.actor_of(self.accounts[key], localdate(at))


def found_world(*, at: datetime, buildings: int = 6, floors: int = 5) -> World:
    """Found district, compound, neighbour compound, bodies, homes and the whole cast."""
    world = _found_places(at)
    _build(world, world.compound, buildings=buildings, floors=floors, at=at)
    _build(world, world.neighbour_compound, buildings=1, floors=2, at=at)
    _found_bodies(world, at)
    _move_in(world, at)
    _take_duties(world, at)
    return world


def _found_places(at: datetime) -> World:
    def found(kind: str, name: str, parent: Place | None, slug: str | None = None) -> Place:
        return places.found_place(
            actor=FOUNDER, kind=kind, name=name, parent_id=parent.pk if parent else None, slug=slug, at=at
        )

    district = found("district", "黄岛区", None)
    subdistrict = found("subdistrict", "隐珠街道", district)
    community = found("community", "双珠社区", subdistrict)
    compound = found("compound", "隆祺嘉园", community, "longqi")
    neighbour = found("compound", "海韵花园", community, "haiyun")
    return World(compound, neighbour, district, subdistrict, community)


def _build(world: World, compound: Place, *, buildings: int, floors: int, at: datetime) -> None:
    """Buildings of two entrances with two homes a floor; three common areas."""
    for building, entrance, floor, door in _doors(buildings, floors):
        standing = _place(world, compound, f"{building}号楼", "building", parent=compound, at=at)
        stairs = _place(world, compound, f"{building}号楼{entrance}单元", "entrance", parent=standing, at=at)
        number = f"{floor}0{door}"
        unit = places.add_unit(
            actor=FOUNDER,
            place_id=stairs.pk,
            number=number,
            code=f"{building}-{entrance}-{number}",
            area_dm2=8_900 + 1_150 * door + 37 * floor + 210 * building,
            area_source="property_register",
            area_on=date(2019, 6, 1),
            delivered_on=date(2012, 9, 30),
            at=at,
        )
        world.units[f"{compound.slug}:{unit.code}"] = unit
    for name in ("中心广场", "南门", "地下车库"):
        _place(world, compound, name, "area", parent=compound, at=at)


def _doors(buildings: int, floors: int) -> Iterator[tuple[int, int, int, int]]:
    for building in range(1, buildings + 1):
        for entrance in (1, 2):
            for floor in range(1, floors + 1):
                for door in (1, 2):
                    yield building, entrance, floor, door


def _place(world: World, compound: Place, name: str, kind: str, *, parent: Place, at: datetime) -> Place:
    key = f"{compound.slug}:{name}"
    if key not in world.places:
        world.places[key] = places.found_place(
            actor=FOUNDER, kind=kind, name=name, parent_id=parent.pk, at=at
        )
    return world.places[key]


_COMPANY = "青岛隆祺物业服务有限公司"
_BODIES = (
    ("district", "district_office", "黄岛区物业管理办公室", "区物业办", "district", "113702110000000005", ""),
    ("street", "subdistrict_office", "隐珠街道办事处", "隐珠街道", "subdistrict", "", ""),
    ("residents", "residents_committee", "双珠社区居民委员会", "双珠社区", "community", "", ""),
    ("traffic", "partner_unit", "交警大队隐珠中队", "交警中队", "subdistrict", "", ""),
    ("enforcement", "partner_unit", "综合行政执法局隐珠中队", "综合执法", "subdistrict", "", ""),
    ("committee", "red_committee", "隆祺嘉园红色业主委员会", "红色业委会", "compound", "", "0532-00002345"),
    ("branch", "party_branch", "隆祺嘉园小区党支部", "小区党支部", "compound", "", ""),
    ("company", "property_company", _COMPANY, "隆祺物业", "district", "91370211MA00000A96", "0532-00001234"),
)


def _found_bodies(world: World, at: datetime) -> None:
    for key, kind, name, short, where, uscc, phone in _BODIES:
        world.bodies[key] = organisations.register_organisation(
            actor=FOUNDER,
            kind=kind,
            name=name,
            short_name=short,
            place_id=getattr(world, where).pk,
            uscc=uscc,
            phone=phone,
            hours="8:00—20:00" if phone else "",
            at=at,
        )
    begins = localdate(at) - timedelta(days=30)
    organisations.sign_contract(
        actor=FOUNDER,
        compound_id=world.compound.pk,
        company_id=world.bodies["company"].pk,
        signed_on=begins - timedelta(days=2),
        from_on=begins,
        to_on=begins + timedelta(days=3 * 365),
        filed_on=begins + timedelta(days=5),
        at=at,
    )


HOMES: dict[str, str] = {
    "resident": "longqi:3-2-501",
    "elder": "longqi:3-1-201",
    "neighbour": "longqi:5-2-402",
    "committee": "longqi:1-1-301",
    "secretary": "longqi:2-2-401",
    "captain": "longqi:3-1-102",
    "former": "longqi:4-1-202",
    "outsider": "haiyun:1-1-101",
}
CO_OWNERS = {"longqi:1-1-101": "周敏"}
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = ("建国", "秀英", "伟", "芳", "志强", "桂兰", "军", "丽", "海涛", "淑珍", "晨", "欣怡")


def _move_in(world: World, at: datetime) -> None:
    """Every home has an owner; the cast own theirs with a phone and then sign in and say "that is me"."""
    of_cast = {code: BY_KEY[key] for key, code in HOMES.items()}
    for place, (code, unit) in enumerate(sorted(world.units.items())):
        character = of_cast.get(code)
        owner = (
            NewPerson(character.name, character.phone)
            if character
            else NewPerson(f"{SURNAMES[place % 30]}{GIVEN[place * 7 % 12]}", "")
        )
        partner = [NewPerson(CO_OWNERS[code], "")] if code in CO_OWNERS else []
        people.transfer_ownership(
            actor=FOUNDER,
            unit=unit,
            to=[owner, *partner],
            ground=Ground.DELIVERY,
            on=date(2012, 9, 30),
            reason="交房时的产权登记",
            at=at,
        )
    tenant = BY_KEY["tenant"]
    people.add_occupant(
        actor=FOUNDER,
        unit=world.units["longqi:2-1-302"],
        new=NewPerson(tenant.name, tenant.phone),
        relation=Relation.TENANT,
        from_on=localdate(at),
        at=at,
    )


@dataclass(frozen=True, slots=True)
class _Post:
    key: str
    role: RoleName
    place: Place
    body: str
    title: str = ""
    until: date | None = None


def _take_duties(world: World, at: datetime) -> None:
    compound, today = world.compound, localdate(at)
    ended = today + timedelta(days=120)
    posts = (
        _Post("committee", RoleName.COMMITTEE_MEMBER, compound, "committee", "委员"),
        _Post("former", RoleName.COMMITTEE_MEMBER, compound, "committee", "委员", ended),
        _Post("secretary", RoleName.PARTY_SECRETARY, compound, "branch", "党支部书记"),
        _Post("captain", RoleName.BUILDING_CAPTAIN, world.places["longqi:3号楼"], "committee", "楼栋长"),
        _Post("manager", RoleName.PROPERTY_MANAGER, compound, "company", "项目经理"),
        _Post("clerk", RoleName.PROPERTY_CLERK, compound, "company", "前台"),
        _Post("repairer", RoleName.REPAIRER, compound, "company", "维修师傅"),
        _Post("community", RoleName.COMMUNITY_WORKER, world.community, "residents", "网格员"),
        _Post("supervisor", RoleName.SUPERVISOR, compound, "street", "监督员"),
        _Post("subdistrict", RoleName.SUBDISTRICT_OFFICER, world.subdistrict, "street", "物业科"),
        _Post("district", RoleName.DISTRICT_OFFICER, world.district, "district", "物业办"),
        _Post("operator", RoleName.OPERATOR, world.district, "district", "平台运维"),
    )
    for post in posts:
        character = BY_KEY[post.key]
        given = people.invite_staff(
            actor=FOUNDER,
            phone=character.phone,
            name=character.name,
            role=post.role,
            place=post.place,
            organisation_id=world.bodies[post.body].pk,
            title=post.title,
            to_on=post.until,
            at=at,
        )
        world.accounts[post.key] = given.account_id
    for key in (*HOMES, "tenant"):
        world.accounts[key] = sign_in(BY_KEY[key], at)


def sign_in(character: Character, at: datetime) -> int:
    """Sign in by phone and code as a person would, and say "that is me" to the register; the account's id."""
    asked = people.ask_login_code(phone=character.phone, at=at)
    assert asked.shown_code is not None, "the demo shows its codes (LINLI_DEMO=1)"
    entered = people.enter_code(ticket=asked.ticket, code=asked.shown_code, device=DEVICE, at=at)
    signed = _session(entered, at)
    if signed.waits_for == "name":
        entered = people.prove_name(session_id=signed.session_id, name=character.name, at=at)
        signed = _session(entered, at)
    if entered.entries_wait:
        people.confirm_entries(actor=signed.actor, name=character.name, at=at)
    return signed.actor.me


def _session(entered: people.Entered, at: datetime) -> people_queries.SignedIn:
    assert entered.token is not None
    signed = people_queries.signed_in(token_hash(entered.token), at)
    assert signed is not None
    return signed
