"""What is going on in the demo compound today."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.civic.requests import actions as requests
from linli.civic.requests.actions import Caller, Report
from linli.registry.people import actions as people
from linli.site.demo import drawing
from linli.site.demo.cast import BY_KEY, World
from linli.site.demo.hours import by_day, days_before
from linli.site.demo.working import handle, publish_pictures, start


def leave_open(world: World, now: datetime) -> None:
    """What is going on today: a door in work, a lift overdue, one to confirm, one waiting, one forwarded."""
    door = _report(
        world,
        "resident",
        "3号楼2单元门闭不上，夜里风一吹来回响。闭门器断了，左边玻璃也裂了，怕掉下来伤人。",
        "door",
        "3号楼2单元",
        at=days_before(now, 2, 8, 40),
        pictures=[drawing.broken_door()],
    )
    publish_pictures(world, door, days_before(now, 2, 10))
    for number, key in enumerate(("neighbour", "elder", "tenant", "captain")):
        at = days_before(now, 2, 11 + number)
        requests.support(actor=world.actor(key, at), request_id=door, at=at)
    start(world, door, days_before(now, 1, 9))
    _report(
        world,
        "neighbour",
        "5号楼2单元电梯半夜异响，到三楼会抖一下。",
        "lift",
        "5号楼2单元",
        at=days_before(now, 4, 9, 15),
    )
    _leave_at_home(world, now)
    _leave_outside(world, now)
    _leave_a_claim(world, now)


def _leave_at_home(world: World, now: datetime) -> None:
    to_confirm = _report(
        world,
        "elder",
        "3号楼1单元门口的灯一闪一闪。",
        "light",
        "3号楼1单元",
        at=days_before(now, 2, 9, 30),
        pictures=[drawing.dark_lamp()],
    )
    handle(
        world,
        to_confirm,
        days_before(now, 2, 13, 30),
        note="换了灯管和启动器，试了三次都亮。",
        picture=drawing.lit_lamp(),
        days=1,
    )
    waiting = _report(
        world, "tenant", "2号楼1单元天花板渗水，墙皮起泡。", "water", "2号楼1单元", at=days_before(now, 3, 10)
    )
    start(world, waiting, days_before(now, 3, 12))
    requests.wait(
        actor=world.actor("repairer", now),
        request_id=waiting,
        waiting_for="material",
        reason="防水卷材明天到货，到了就做。",
        at=days_before(now, 1, 10),
    )


def _leave_outside(world: World, now: datetime) -> None:
    outside = _report(
        world,
        "former",
        "南门外人行道上天天停满车，推轮椅过不去。",
        "parking",
        "南门",
        at=days_before(now, 1, 9, 40),
    )
    requests.forward(
        actor=world.actor("committee", now),
        request_id=outside,
        organisation_id=world.bodies["traffic"].pk,
        ground="小区红线以外的道路停车归交警部门管，《道路交通安全法》第五条。",
        at=days_before(now, 1, 14),
    )
    at = by_day(now - timedelta(hours=3))
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
        at=now - timedelta(hours=2),
    )


def _leave_a_claim(world: World, now: datetime) -> None:
    """Somebody from the compound next door rents here now, and waits for the desk to confirm it."""
    at = by_day(now - timedelta(hours=5))
    people.claim_home(
        actor=world.actor("outsider", at),
        unit=world.units["longqi:5-1-301"],
        relation="tenant",
        name=BY_KEY["outsider"].name,
        note="这个月起租住，合同在房东那里。",
        at=at,
    )


def _report(
    world: World,
    key: str,
    text: str,
    category: str,
    place: str,
    *,
    at: datetime,
    pictures: list[str] | None = None,
) -> int:
    at = by_day(at)
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
