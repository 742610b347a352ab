"""What happened in the compound: requests, notices, duty; every step an action by whoever would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from linli.civic.notifications import actions as notifications
from linli.civic.requests import actions as requests
from linli.civic.requests.actions import Caller, Report
from linli.registry.organisations import actions as organisations
from linli.registry.places import actions as places
from linli.site.demo import drawing
from linli.site.demo.cast import FOUNDER, World


def tell(world: World, *, now: datetime) -> None:
    """Tell the last eleven months up to now."""
    founded = now - timedelta(days=320)
    _hang_labels(world, founded)
    _plan_duty(world, now)
    bench_story(world, start=now - timedelta(days=40))
    for number, matter in enumerate(SOLVED):
        _solve(world, matter, now - timedelta(days=300 - number * 25, hours=number % 5))
    _leave_open(world, now)
    _announce(world, now)
    notifications.expand_messages(at=now)


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


def _plan_duty(world: World, now: datetime) -> None:
    for day in range(7):
        for key, body in (("secretary", "branch"), ("committee", "committee")):
            organisations.plan_duty(
                actor=FOUNDER,
                organisation_id=world.bodies[body].pk,
                place_id=world.compound.pk,
                account_id=world.accounts[key],
                on=localdate(now) + timedelta(days=day),
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
        later = at + timedelta(hours=3 + number)
        requests.support(actor=world.actor(key, later), request_id=made.pk, at=later)
    _publish_pictures(world, made.pk, at + timedelta(hours=6))
    _handle(
        world,
        made.pk,
        at + timedelta(hours=7),
        note="量好了位置，装了两把带靠背的木长椅，螺丝都拧紧了。",
        picture=drawing.three_benches(),
        days=6,
    )
    at = at + timedelta(days=7)
    _publish_pictures(world, made.pk, at)
    requests.confirm(actor=world.actor("elder", at), request_id=made.pk, at=at)
    requests.rate(
        actor=world.actor("elder", at), request_id=made.pk, stars=5, note="坐着舒服，谢谢刘师傅。", at=at
    )
    return made.pk


def _publish_pictures(world: World, request_id: int, at: datetime) -> None:
    from linli.civic.requests import queries

    clerk = world.actor("clerk", at)
    found = queries.detail(actor=clerk, compound_id=world.compound.pk, request_id=request_id)
    for picture in found.pictures:
        if not picture.cleared_at:
            requests.redact_picture(
                actor=clerk, picture_id=picture.pk, boxes=[], public_file=picture.file, at=at
            )


def _handle(world: World, request_id: int, at: datetime, *, note: str, picture: str, days: int) -> None:
    requests.dispatch(
        actor=world.actor("committee", at),
        request_id=request_id,
        organisation_id=world.bodies["company"].pk,
        handler_id=world.accounts["repairer"],
        note="请刘师傅看一下，需要材料找物业报。",
        at=at,
    )
    repairer = world.actor("repairer", at)
    requests.accept(actor=repairer, request_id=request_id, at=at + timedelta(hours=1))
    requests.arrive(actor=repairer, request_id=request_id, at=at + timedelta(hours=5))
    done = at + timedelta(days=days)
    requests.finish(
        actor=world.actor("repairer", done),
        request_id=request_id,
        note=note,
        pictures=[picture] if picture else [],
        at=done,
    )


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
    _handle(
        world,
        made.pk,
        at + timedelta(hours=2),
        note=matter.done,
        picture=matter.picture() if needs_photo else "",
        days=matter.days,
    )
    at = at + timedelta(days=matter.days + 1)
    requests.confirm(actor=world.actor(matter.reporter, at), request_id=made.pk, at=at)
    requests.rate(actor=world.actor(matter.reporter, at), request_id=made.pk, stars=matter.stars, at=at)


def _leave_open(world: World, now: datetime) -> None:
    """What is going on today: a door in work, a lift overdue, one to confirm, one waiting, one forwarded."""
    door = _report(
        world,
        "resident",
        "3号楼2单元门闭不上，夜里风一吹来回响。闭门器断了，左边玻璃也裂了，怕掉下来伤人。",
        "door",
        "3号楼2单元",
        now - timedelta(days=2, hours=4),
        pictures=[drawing.broken_door()],
    )
    _publish_pictures(world, door, now - timedelta(days=2))
    for number, key in enumerate(("neighbour", "elder", "tenant", "captain")):
        at = now - timedelta(days=1, hours=20 - number)
        requests.support(actor=world.actor(key, at), request_id=door, at=at)
    _start(world, door, now - timedelta(days=1, hours=3))
    _report(
        world,
        "neighbour",
        "5号楼2单元电梯半夜异响，到三楼会抖一下。",
        "lift",
        "5号楼2单元",
        now - timedelta(days=4),
    )
    to_confirm = _report(
        world, "elder", "3号楼1单元门口的灯一闪一闪。", "light", "3号楼1单元", now - timedelta(days=2)
    )
    _handle(
        world,
        to_confirm,
        now - timedelta(days=1, hours=20),
        note="换了灯管和启动器，试了三次都亮。",
        picture=drawing.lit_lamp(),
        days=1,
    )
    waiting = _report(
        world, "tenant", "2号楼1单元天花板渗水，墙皮起泡。", "water", "2号楼1单元", now - timedelta(days=3)
    )
    _start(world, waiting, now - timedelta(days=2, hours=12))
    requests.wait(
        actor=world.actor("repairer", now),
        request_id=waiting,
        waiting_for="material",
        reason="防水卷材明天到货，到了就做。",
        at=now - timedelta(days=1),
    )
    outside = _report(
        world,
        "former",
        "南门外人行道上天天停满车，推轮椅过不去。",
        "parking",
        "南门",
        now - timedelta(days=1),
    )
    requests.forward(
        actor=world.actor("committee", now),
        request_id=outside,
        organisation_id=world.bodies["traffic"].pk,
        ground="小区红线以外的道路停车归交警部门管，《道路交通安全法》第五条。",
        at=now - timedelta(hours=20),
    )
    at = now - timedelta(hours=3)
    requests.enter_on_behalf(
        actor=world.actor("clerk", at),
        report=Report(
            compound_id=world.compound.pk,
            text="来电说 6号楼前的井盖松了，走上去晃。",
            category="security",
            place_id=world.places["longqi:6号楼"].pk,
        ),
        channel="phone",
        caller=Caller(name="李阿姨", phone=""),
        at=at,
    )
    _report(
        world,
        "resident",
        "能不能在中心广场加一处接水点，老人推水车上坡太吃力。",
        "praise",
        "中心广场",
        now - timedelta(hours=2),
    )


def _report(
    world: World,
    key: str,
    text: str,
    category: str,
    place: str,
    at: datetime,
    *,
    pictures: list[str] | None = None,
) -> int:
    return requests.report(
        actor=world.actor(key, at),
        report=Report(
            compound_id=world.compound.pk,
            text=text,
            category=category,
            place_id=world.places[f"longqi:{place}"].pk,
            pictures=pictures or [],
        ),
        at=at,
    ).pk


def _start(world: World, request_id: int, at: datetime) -> None:
    requests.dispatch(
        actor=world.actor("committee", at),
        request_id=request_id,
        organisation_id=world.bodies["company"].pk,
        handler_id=world.accounts["repairer"],
        at=at,
    )
    repairer = world.actor("repairer", at)
    requests.accept(actor=repairer, request_id=request_id, at=at + timedelta(hours=1))
    requests.arrive(actor=repairer, request_id=request_id, at=at + timedelta(hours=6))


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
        at = now - timedelta(days=days, hours=5)
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
