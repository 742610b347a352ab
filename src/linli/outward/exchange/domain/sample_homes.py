"""Invented compounds, homes and owners of a sample roll: everything out of the chance that is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid
from linli.outward.exchange.domain.owners import DEVELOPER
from linli.registry.people.domain.roll import CompoundName

_FIRST = "云松青兰枫溪澜桐栖朗悦和望临听观映晴远怡知沐静翠锦瑞嘉景碧荷"
_SECOND = "岚亭岸汀州屿渡石桥泉禾苇杉樾墅叶帆鹭鹿月"
_LAST = ("苑", "园", "里", "庭", "居", "台", "湾", "郡", "府", "坊")
MOST_COMPOUNDS = len(_FIRST) * len(_SECOND) * len(_LAST)
MOST_UNITS = 2_000_000
_COMMUNITIES_OF_A_STREET, _COMPOUNDS_OF_A_COMMUNITY = 12, 8

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜谢邹窦章苏潘葛范彭鲁韦马苗凤方"
_GIVEN = "安宁若川以清书桐予墨知远思齐乐言明岚子期云舒景行望舒念真修竹微澜长庚晓棠惟一嘉树秉文星野"
_TRADES = ("商贸", "科技", "餐饮管理", "文化传播", "物流", "家居", "信息技术", "建材")
_INVENTED_REGION = "990000"
"""No district has this number: an invented document is nobody's."""
_DELIVERED_FROM = date(2001, 1, 1)


class Owner(NamedTuple):
    """An invented owner; phone and document may be empty."""

    name: str
    phone: str
    document: str


class Home(NamedTuple):
    """An invented home as the truth is, before anybody wrote it into a workbook."""

    building: int
    entrance: int
    number: str
    area_dm2: int
    kind: str
    owners: tuple[Owner, ...]
    delivered_on: date

    @property
    def code(self) -> str:
        """The code under which the register holds it: 3-2-501."""
        return f"{self.building}-{self.entrance}-{self.number}"


class Compound(NamedTuple):
    """An invented compound with its homes."""

    name: CompoundName
    homes: tuple[Home, ...]


def compounds(count: int, units: int, chance: Random) -> Iterator[Compound]:
    """So many compounds with so many units in all. Refuses what is out of bounds."""
    if not 1 <= count <= MOST_COMPOUNDS:
        raise Invalid("sample_compounds", "小区数要在 1 到 {most} 之间。", most=MOST_COMPOUNDS)
    if not count <= units <= MOST_UNITS:
        raise Invalid("sample_units", "户数要在小区数到 {most} 之间，每个小区至少一户。", most=MOST_UNITS)
    names = chance.sample(range(MOST_COMPOUNDS), count)
    for place, (number, size) in enumerate(zip(names, _sizes(count, units, chance), strict=True)):
        yield Compound(_compound_name(place, number), _homes(size, chance))


def _compound_name(place: int, number: int) -> CompoundName:
    """Neighbours by place: 8 compounds in a community, 12 communities in a street."""
    rest, last = divmod(number, len(_LAST))
    first, second = divmod(rest, len(_SECOND))
    community, street = (
        place // _COMPOUNDS_OF_A_COMMUNITY,
        place // (_COMPOUNDS_OF_A_COMMUNITY * _COMMUNITIES_OF_A_STREET),
    )
    return CompoundName(
        f"{_place_name(street, '山')}街道",
        f"{_place_name(community, '河')}社区",
        _FIRST[first] + _SECOND[second] + _LAST[last],
    )


def _place_name(number: int, last: str) -> str:
    rest, first = divmod(number, len(_FIRST))
    return _FIRST[first] + (_SECOND[rest % len(_SECOND)] if rest else "") + last


def _sizes(count: int, units: int, chance: Random) -> list[int]:
    """How many units each has: uneven, none without one, together exactly ``units``."""
    weights = [chance.uniform(0.4, 1.6) for _ in range(count)]
    spare, whole = units - count, sum(weights)
    sizes = [1 + int(spare * weight / whole) for weight in weights]
    for place in range(units - sum(sizes)):
        sizes[place % count] += 1
    return sizes


def _homes(size: int, chance: Random) -> tuple[Home, ...]:
    people: list[Owner] = []
    built = _DELIVERED_FROM + timedelta(days=chance.randrange(8000))
    homes: list[Home] = []
    building = 0
    while len(homes) < size:
        building += 1
        floors, doors = chance.choice((6, 7, 11, 18)), chance.choice((2, 2, 3, 4))
        areas = [chance.randrange(5200, 15400) for _ in range(doors)]
        delivered = built + timedelta(days=chance.randrange(400))
        for entrance in range(1, chance.randrange(2, 5)):
            for floor in range(1, floors + 1):
                for door, area in enumerate(areas, 1):
                    if len(homes) == size:
                        return tuple(homes)
                    shop = floor == 1 and door == doors and chance.random() < 0.15
                    kind, owners = "shop" if shop else "home", _owners(people, chance)
                    number = f"{floor}{door:02}"
                    homes.append(Home(building, entrance, number, area, kind, owners, delivered))
    return tuple(homes)


def _owners(people: list[Owner], chance: Random) -> tuple[Owner, ...]:
    """One or several people, somebody who has a home here already, a company, or the developer."""
    drawn = chance.random()
    if drawn < 0.02:
        return (Owner(DEVELOPER, "", ""),)
    if drawn < 0.03:
        return (Owner(f"{_given(chance)}{chance.choice(_TRADES)}有限公司", _phone(chance), ""),)
    if drawn < 0.07 and people:
        return (chance.choice(people),)
    if drawn < 0.70:
        one = person(chance)
        people.append(one)
        return (one,)
    several = (person(chance) for _ in range(2 if drawn < 0.97 else 3))
    return tuple(
        sorted(several, key=lambda one: not one.phone)
    )  # in one cell the first phone is the first owner's


def person(chance: Random) -> Owner:
    """Somebody who does not exist; one in fifty keeps the phone to themselves."""
    name = chance.choice(_SURNAMES) + _given(chance)
    return Owner(name, "" if chance.random() < 0.02 else _phone(chance), _document(chance))


def _given(chance: Random) -> str:
    first, second = int(chance.random() * len(_GIVEN)), int(chance.random() * len(_GIVEN) * 1.4)
    return _GIVEN[first] + (_GIVEN[second] if second < len(_GIVEN) else "")


def _phone(chance: Random) -> str:
    return f"1{3 + int(chance.random() * 7)}{int(chance.random() * 10**9):09}"


def _document(chance: Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=int(chance.random() * 24_000))
    bare = f"{_INVENTED_REGION}{born:%Y%m%d}{int(chance.random() * 1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    weighed = sum(int(digit) * weight for digit, weight in zip(bare, weights, strict=True))
    return bare + "10X98765432"[weighed % 11]
