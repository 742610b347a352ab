"""What staff do in the demo: dispatching, working, letting photos into the public."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.civic.requests import actions as requests
from linli.civic.requests import queries
from linli.site.demo.cast import World
from linli.site.demo.hours import by_day


def publish_pictures(world: World, request_id: int, at: datetime) -> None:
    at = by_day(at)
    clerk = world.actor("clerk", at)
    found = queries.detail(actor=clerk, compound_id=world.compound.pk, request_id=request_id)
    for picture in found.pictures:
        if not picture.cleared_at:
            requests.redact_picture(
                actor=clerk, picture_id=picture.pk, boxes=[], public_file=picture.file, at=at
            )


def handle(world: World, request_id: int, at: datetime, *, note: str, picture: str, days: int) -> None:
    at = by_day(at)
    requests.dispatch(
        actor=world.actor("committee", at),
        request_id=request_id,
        organisation_id=world.bodies["company"].pk,
        handler_id=world.accounts["repairer"],
        note="请刘师傅看一下，需要材料找物业报。",
        at=at,
    )
    repairer = world.actor("repairer", at)
    arrived = by_day(at + timedelta(hours=3))
    requests.accept(actor=repairer, request_id=request_id, at=by_day(at + timedelta(hours=1)))
    requests.arrive(actor=repairer, request_id=request_id, at=arrived)
    done = by_day(max(at + timedelta(days=days), arrived + timedelta(minutes=40)))
    requests.finish(
        actor=world.actor("repairer", done),
        request_id=request_id,
        note=note,
        pictures=[picture] if picture else [],
        at=done,
    )


def start(world: World, request_id: int, at: datetime) -> None:
    at = by_day(at)
    requests.dispatch(
        actor=world.actor("committee", at),
        request_id=request_id,
        organisation_id=world.bodies["company"].pk,
        handler_id=world.accounts["repairer"],
        at=at,
    )
    repairer = world.actor("repairer", at)
    requests.accept(actor=repairer, request_id=request_id, at=by_day(at + timedelta(hours=1)))
    requests.arrive(actor=repairer, request_id=request_id, at=by_day(at + timedelta(hours=6)))
