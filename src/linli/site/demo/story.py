"""What happened in the compound: requests, notices, duty; every step an action by whoever would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from linli.civic.notifications import actions as notifications
from linli.civic.requests import actions as requests
from linli.civic.requests.actions import Report
from linli.registry.organisations import actions as organisations
from linli.registry.organisations.actions import DutyHours, Elected
from linli.registry.places import actions as places
from linli.site.demo import drawing, ongoing
from linli.site.demo.cast import FOUNDER, World
from linli.site.demo.hours import by_day, days_before, story_end
from linli.site.demo.working import handle, publish_pictures


def tell(world: World, *, now: datetime) -> None:
    """Tell the last eleven months up to now, or up to last evening where it is night."""
    now = story_end(now)
    founded = days_before(now, 320, 9)
    _hang_labels(world, founded)
    bench_story(world, start=days_before(now, 40, 9, 5))
    for number, matter in enumerate(SOLVED):
        _solve(world, matter, days_before(now, 300 - number * 25, 9 + number % 4, number * 7 % 60))
    ongoing.leave_open(world, now)
    _elect(world, now)
    _plan_duty(world, now)
    _announce(world, now)
    while notifications.expand_messages(at=now):
        pass


def _hang_labels(world: World, at: datetime) -> None:
    square, gate = world.places["longqi:中心广场"], world.places["longqi:南门"]
    labels = [
        (square.pk, "bench", "CY-01", "中心广场长椅", "花坛东侧"),
        (square.pk, "fitness", "JS-01", "健身器材", "花坛西侧"),
        (gate.pk, "gate", "DZ-01", "南门道闸", ""),
        (gate.pk, "lamp", "LD-01", "南门路灯", ""),
    ]
    for building in range(1, 7):
        for entrance in (1, 2):
            place = world.places[f"longqi:{building}号楼{entrance}单元"]
            labels.append((place.pk, "door", f"DM-{building}-{entrance}", f"{place.name}门", ""))
            labels.append((place.pk, "lift", f"DT-{building}-{entrance}", f"{place.name}电梯", ""))
    for place_id, kind, number, name, spot in labels:
        places.add_facility(
            actor=FOUNDER, place_id=place_id, kind=kind, asset_no=number, name=name, spot=spot, at=at
        )
    old = places.add_facility(actor=FOUNDER, place_id=gate.pk, kind="bench", name="南门旧长椅", at=at)
    places.retire_facility(
        actor=FOUNDER, facility_id=old.pk, reason="椅面断裂，已拆走", on=localdate(at), at=at
    )
    places.add_facilities(
        actor=FOUNDER,
        place_id=world.compound.pk,
        kind="lamp",
        first_no="LD-02",
        last_no="LD-12",
        name="东路路灯",
        spot="东路两侧",
        at=at,
    )


def _elect(world: World, now: datetime) -> None:
    """The committee of this term: three owners, elected five months ago for three years."""
    begins = localdate(now) - timedelta(days=150)
    members = (("committee", "主任"), ("captain", "委员"), ("neighbour", "委员"))
    organisations.hold_election(
        actor=FOUNDER,
        organisation_id=world.bodies["committee"].pk,
        members=[Elected(world.accounts[key], position) for key, position in members],
        from_on=begins,
        to_on=begins + timedelta(days=3 * 365),
        basis="业主大会会议选举，书面表决",
        at=now,
    )


def _plan_duty(world: World, now: datetime) -> None:
    """Two weeks of duty: the front desk by day, the gate by night, the branch and the committee in the evening."""
    days = [localdate(now) + timedelta(days=offset) for offset in range(14)]
    shifts = (
        ("clerk", "company", DutyHours("前台", 8 * 60, 20 * 60, "0532-00001234"), days),
        ("repairer", "company", DutyHours("夜间急修", 20 * 60, 8 * 60, "0532-00001235"), days[::2]),
        ("secretary", "branch", DutyHours("带班", 18 * 60, 21 * 60), days[::2]),
        ("committee", "committee", DutyHours("接待日", 18 * 60, 21 * 60), days[1::2]),
    )
    for key, body, hours, on in shifts:
        organisations.plan_duty(
            actor=FOUNDER,
            organisation_id=world.bodies[body].pk,
            place_id=world.compound.pk,
            account_id=world.accounts[key],
            days=on,
            hours=hours,
            at=now,
        )


def bench_story(world: World, *, start: datetime) -> int:
    """One bench for many old people: reported by an old neighbour, three stand there in the end."""
    at = start
    made = requests.report(
        actor=world.actor("elder", at),
        report=Report(
            compound_id=world.compound.pk,
            text="中心广场就一把长椅，下楼晒太阳的老人十几个，轮着坐。能不能多放两把？",
            category="amenity",
            place_id=world.places["longqi:中心广场"].pk,
            spot="花坛东侧",
            pictures=[drawing.one_bench()],
        ),
        at=at,
    )
    for number, key in enumerate(("resident", "neighbour", "tenant")):
        later = by_day(at + timedelta(hours=3 + number))
        requests.support(actor=world.actor(key, later), request_id=made.pk, at=later)
    publish_pictures(world, made.pk, at + timedelta(hours=6))
    handle(
        world,
        made.pk,
        at + timedelta(hours=7),
        note="量好了位置，装了两把带靠背的木长椅，螺丝都拧紧了。",
        picture=drawing.three_benches(),
        days=6,
    )
    at = by_day(at + timedelta(days=7))
    publish_pictures(world, made.pk, at)
    requests.confirm(actor=world.actor("elder", at), request_id=made.pk, at=at)
    requests.rate(
        actor=world.actor("elder", at), request_id=made.pk, stars=5, note="坐着舒服，谢谢刘师傅。", at=at
    )
    return made.pk


@dataclass(frozen=True, slots=True)
class _Matter:
    reporter: str
    text: str
    category: str
    place: str
    done: str
    stars: int
    days: int = 2
    picture: Callable[[], str] = drawing.lit_lamp


SOLVED: tuple[_Matter, ...] = (
    _Matter(
        "resident",
        "3号楼2单元楼道二层灯不亮，晚上看不见台阶。",
        "light",
        "3号楼2单元",
        "换了声控灯头。",
        5,
        1,
    ),
    _Matter(
        "neighbour",
        "5号楼门口垃圾桶满了两天没人收，有异味。",
        "hygiene",
        "5号楼",
        "加了一趟清运，桶也冲洗了。",
        4,
        1,
    ),
    _Matter("tenant", "2号楼1单元门禁刷卡没反应。", "door", "2号楼1单元", "换了读卡器，卡重新写过。", 5),
    _Matter(
        "former",
        "4号楼前消防通道被一辆面包车堵了一上午。",
        "fire",
        "4号楼",
        "联系车主挪车，地上补划了黄线。",
        4,
        0,
    ),
    _Matter(
        "resident",
        "中心广场健身器材的螺丝松了，孩子在玩。",
        "amenity",
        "中心广场",
        "全部紧了一遍，坏的扶手换新。",
        5,
        3,
    ),
    _Matter(
        "elder",
        "3号楼1单元门口台阶没扶手，下雨天不敢下楼。",
        "amenity",
        "3号楼1单元",
        "装了不锈钢扶手。",
        5,
        8,
    ),
    _Matter("neighbour", "地下车库入口积水，车开过去溅一身。", "water", "地下车库", "疏通了排水沟。", 3, 2),
    _Matter("committee", "南门外路灯两盏不亮。", "light", "南门", "换了灯泡和镇流器。", 5, 2),
    _Matter("tenant", "2号楼前树枝伸到窗户上，刮风就敲玻璃。", "green", "2号楼", "修剪了三棵树。", 4, 4),
    _Matter(
        "resident",
        "上个月的公共收益明细没看到，想知道广告费用到哪了。",
        "fee",
        "中心广场",
        "已在公告栏和网上补贴明细。",
        4,
        3,
    ),
    _Matter(
        "neighbour",
        "南门道闸老是抬不起来，早上堵一长串。",
        "parking",
        "南门",
        "换了感应线圈，早高峰加派一人。",
        4,
        1,
    ),
    _Matter("former", "6号楼楼道堆了旧家具，走路都费劲。", "fire", "6号楼", "上门说好，当天搬走。", 5, 1),
)


def _solve(world: World, matter: _Matter, at: datetime) -> None:
    made = requests.report(
        actor=world.actor(matter.reporter, at),
        report=Report(
            compound_id=world.compound.pk,
            text=matter.text,
            category=matter.category,
            place_id=world.places[f"longqi:{matter.place}"].pk,
        ),
        at=at,
    )
    needs_photo = matter.category != "fee"
    handle(
        world,
        made.pk,
        at + timedelta(hours=2),
        note=matter.done,
        picture=matter.picture() if needs_photo else "",
        days=matter.days,
    )
    at = by_day(at + timedelta(days=matter.days + 1))
    requests.confirm(actor=world.actor(matter.reporter, at), request_id=made.pk, at=at)
    requests.rate(actor=world.actor(matter.reporter, at), request_id=made.pk, stars=matter.stars, at=at)


NOTICES = (
    (
        "committee",
        "committee",
        26,
        "中心广场新增两把长椅",
        "邻居提出老人多、长椅少，已添两把，欢迎来坐，有问题接着提。",
        False,
    ),
    ("manager", "company", 12, "地下车库周末清洗", "本周六 9:00 至 12:00 清洗地下车库，请提前挪车。", False),
    (
        "secretary",
        "branch",
        3,
        "周四晚上议一议单元门",
        "周四 19:30 在物业二楼，说说单元门修还是换、钱从哪里出，欢迎来听。",
        False,
    ),
    (
        "manager",
        "company",
        0,
        "今晚 10 点停水检修",
        "自来水公司抢修，今晚 22:00 至次日 2:00 停水，请提前储水。",
        True,
    ),
)


def _announce(world: World, now: datetime) -> None:
    for key, body, days, title, text, urgent in NOTICES:
        at = days_before(now, days, 10) if days else by_day(now - timedelta(hours=5))
        notifications.announce(
            actor=world.actor(key, at),
            compound_id=world.compound.pk,
            place_id=world.compound.pk,
            organisation_id=world.bodies[body].pk,
            title=title,
            text=text,
            urgent=urgent,
            at=at,
        )
