"""The demo compound, somebody of every duty, and one example of everything that has an address."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate
from PIL import Image

from linli.civic.notifications.models import Announcement, Delivery, InboxItem
from linli.civic.requests import actions as requests
from linli.civic.requests.domain.workflow import Move
from linli.civic.requests.models import Picture, Step
from linli.civic.requests.views.moving import MANNERS
from linli.ground.journal import queries as journal
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.web import uploads
from linli.outward.exchange import actions as exchange
from linli.registry.organisations.models import Duty, Seat, ServiceContract
from linli.registry.people import actions as people
from linli.registry.people.domain import consents
from linli.registry.people.domain.login import token_hash
from linli.registry.people.domain.register import NewPerson
from linli.registry.people.models import (
    HomeClaim,
    Occupancy,
    Ownership,
    Person,
    PhoneChange,
    RoleAssignment,
    Session,
)
from linli.registry.places.models import Facility, Unit
from linli.site.demo import cast, seeding
from tests.access.addresses import Address

STRANGERS = ("outsider", "other_manager", "other_committee")
HALF_SIGNED_IN = {"owes_factor": "factor", "owes_name": "name"}
COLUMNS = (
    "nobody",
    *HALF_SIGNED_IN,
    *STRANGERS,
    *("former", "neighbour", "tenant", "resident"),
    *("committee", "secretary", "captain", "manager", "clerk", "repairer", "supervisor"),
    *("community", "subdistrict", "district", "operator"),
)
"""Who asks. The second and third have shown a code and still owe the second factor, or the name in the register;
``resident`` reported the example, ``neighbour`` is another owner of the compound."""


@dataclass(slots=True)
class House:
    """The seeded house, and what stands in an address for each of its parameters."""

    world: cast.World
    at: datetime
    samples: dict[str, Any]
    moving: dict[str, int]

    def ways(self, address: Address) -> list[dict[str, Any]]:
        """The examples of an address: one, or as many as there are moves, purposes or kinds of file."""
        ways: list[dict[str, Any]] = [{}]
        for parameter in address.parameters:
            found = self.samples.get(f"{address.name}/{parameter}", self.samples.get(parameter))
            assert found is not None, (
                f"{address.route}: no example for <{parameter}>; add one to tests/access/house.py"
            )
            several = found if isinstance(found, tuple) else (found,)
            ways = [way | {parameter: value} for way in ways for value in several]
        return [self._fitting(address, way) for way in ways]

    def _fitting(self, address: Address, way: dict[str, Any]) -> dict[str, Any]:
        """A move is asked of a request that stands where the move begins."""
        fitting = self.moving.get(way["move"]) if address.name == "requests:move" else None
        return way | {"request_id": fitting} if fitting else way

    def token(self, who: str) -> str:
        """What the cookie of this one's browser holds; empty for nobody."""
        token = secrets.token_urlsafe(32) if who != "nobody" else ""
        if token:
            Session.objects.create(
                account_id=self.world.accounts["committee" if who in HALF_SIGNED_IN else who],
                token_hash=token_hash(token),
                waits_for=HALF_SIGNED_IN.get(who, ""),
                device="另一台手机",
                created_at=self.at,
                seen_at=self.at,
                expires_at=self.at + timedelta(days=9),
            )
        return token


def found_house() -> House:
    """Seed the demo, invite two strangers with duties elsewhere, and make what the demo lacks."""
    at = timezone.now()
    world = seeding.seed(now=at)
    _invite_strangers(world, at)
    return House(world, at, _samples(world, at), _moving(world, at))


def _invite_strangers(world: cast.World, at: datetime) -> None:
    duties = (
        ("other_manager", "13800010031", "韩志明", RoleName.PROPERTY_MANAGER),
        ("other_committee", "13800010032", "沈玉兰", RoleName.COMMITTEE_MEMBER),
    )
    for key, phone, name, role in duties:
        given = people.invite_staff(
            actor=cast.FOUNDER,
            phone=phone,
            name=name,
            role=role,
            place=world.neighbour_compound,
            organisation_id=world.bodies["company"].pk,
            at=at,
        )
        world.accounts[key] = given.account_id


def _samples(world: cast.World, at: datetime) -> dict[str, Any]:
    """What stands in the addresses, by parameter, or by ``name/parameter`` where it must be another."""
    resident = world.actor("resident", at)
    return (
        _of_places(world)
        | _of_requests(world, resident, at)
        | _of_notices(world)
        | _of_people(world, resident, at)
        | _of_imports(world, at)
        | _of_organisations(world)
        | {"code": journal.receipt(world.compound.pk, 3).code}
    )


def _of_places(world: cast.World) -> dict[str, Any]:
    compound = world.compound
    return {
        "slug": compound.slug,
        "place_id": world.community.pk,
        **{
            f"places:{act}/place_id": world.places["longqi:3号楼2单元"].pk
            for act in ("place", "rename_place", "close_place", "reopen_place")
        },
        "asset_no": (facility := Facility.objects.filter(compound=compound).latest("pk")).asset_no,
        "facility_id": facility.pk,
        "unit_id": world.units[cast.HOMES["resident"]].pk,
        "kind": ("csv", "xlsx"),
    }


def _of_requests(world: cast.World, resident: Actor, at: datetime) -> dict[str, Any]:
    """The resident's own public request in ``received``; a request with a photo that staff have cleared."""
    mine = requests.report(
        actor=resident,
        report=requests.Report(
            compound_id=world.compound.pk,
            text="三号楼二单元门口的灯坏了，晚上看不清台阶。",
            place_id=world.places["longqi:3号楼2单元"].pk,
        ),
        at=at,
    )
    requests.note(
        actor=world.actor("committee", at),
        request_id=mine.pk,
        text="明天白天去看。",
        is_internal=False,
        at=at,
    )
    picture = Picture.objects.filter(
        request__compound=world.compound, request__is_public=True, cleared_at__isnull=False
    ).order_by("pk")[0]
    abuse = requests.report_abuse(
        actor=world.actor("neighbour", at), request_id=mine.pk, reason="照片里有我家门牌", at=at
    )
    kept = _photo((90, 120, 90))
    return {
        "request_id": mine.pk,
        "picture_id": picture.pk,
        "requests:picture/request_id": picture.request_id,
        "requests:original/request_id": picture.request_id,
        "requests:cover/request_id": picture.request_id,
        "step_id": Step.objects.filter(request=mine).latest("pk").pk,
        "abuse_id": abuse.pk,
        "move": tuple(move.value for move in MANNERS),
        "token": kept.token,
    }


def _photo(colour: tuple[int, int, int]) -> uploads.Picture:
    return uploads.store_picture(Image.new("RGB", (60, 40), colour))


def _report(world: cast.World, text: str, at: datetime) -> int:
    report = requests.Report(
        compound_id=world.compound.pk, text=text, place_id=world.places["longqi:3号楼2单元"].pk
    )
    return requests.report(actor=world.actor("resident", at), report=report, at=at).pk


def _moving(world: cast.World, at: datetime) -> dict[str, int]:
    """For the moves that begin later: a request of the resident, given to the repairer, that stands there."""
    given, begun, waiting, done, closed = (
        _report(world, text, at)
        for text in ("门禁失灵", "楼道窗户坏了", "水管滴水", "信箱锁坏了", "扶手松动")
    )
    repairer, resident = world.actor("repairer", at), world.actor("resident", at)
    for key in (given, begun, waiting, done, closed):
        requests.dispatch(
            actor=world.actor("committee", at),
            request_id=key,
            organisation_id=world.bodies["company"].pk,
            handler_id=world.accounts["repairer"],
            at=at,
        )
    for key in (begun, waiting, done, closed):
        requests.accept(actor=repairer, request_id=key, at=at)
    requests.wait(actor=repairer, request_id=waiting, waiting_for="resident", reason="等配件", at=at)
    for key in (done, closed):
        photo = _photo((120, 160, 120))
        requests.finish(actor=repairer, request_id=key, note="修好了。", pictures=[photo.sha256], at=at)
    requests.confirm(actor=resident, request_id=closed, at=at)
    places = {Move.ACCEPT: given, Move.RETURN_ORDER: given, Move.ARRIVE: begun, Move.WAIT: begun}
    places |= {Move.FINISH: begun, Move.RESUME: waiting, Move.CONFIRM: done, Move.REOPEN: done}
    places |= {Move.ATTEMPT: done, Move.CLOSE_UNREACHED: done, Move.RATE: closed}
    return {move.value: key for move, key in places.items()}


def _of_notices(world: cast.World) -> dict[str, Any]:
    return {
        "announcement_id": Announcement.objects.filter(compound=world.compound).latest("pk").pk,
        "item_id": InboxItem.objects.filter(account_id=world.accounts["resident"]).latest("pk").pk,
        "delivery_id": Delivery.objects.latest("pk").pk,
    }


def _of_imports(world: cast.World, at: datetime) -> dict[str, Any]:
    """A roll that the manager imported, and another one that waits for the manager's confirmation."""
    manager, compound_id = world.actor("manager", at), world.compound.pk
    data = "房屋,面积\n9-1-101,90\n".encode()
    tokens = [
        exchange.keep_upload(actor=manager, compound_id=compound_id, data=data, name="名册.csv", at=at)
        for _ in range(2)
    ]
    done = exchange.confirm_import(
        actor=manager, compound_id=compound_id, token=tokens[0], seen="1-0-0", at=at
    )
    return {"upload": tokens[1], "import_id": done.batch_id}


def _of_organisations(world: cast.World) -> dict[str, Any]:
    """The company with its contract and a shift of tomorrow's; for elections and seats the committee."""
    company, committee = world.bodies["company"], world.bodies["committee"]
    tomorrow = localdate(timezone.now()) + timedelta(days=1)
    seated = ("election", "extend", "fill", "position", "leave")
    return {
        "organisation_id": company.pk,
        "contract_id": ServiceContract.objects.get(company=company).pk,
        "seat_id": Seat.objects.filter(organisation=committee).latest("pk").pk,
        "duty_id": Duty.objects.filter(organisation=company, on=tomorrow).latest("pk").pk,
        "year": 2026,
    } | {f"organisations:{name}/organisation_id": committee.pk for name in seated}


def _of_people(world: cast.World, resident: Actor, at: datetime) -> dict[str, Any]:
    unit = Unit.objects.get(pk=world.units[cast.HOMES["resident"]].pk)
    other = world.units["longqi:2-2-101"]
    proof = _photo((200, 190, 170))
    claim = people.claim_home(
        actor=resident, unit=other, relation="owner", name="王秀兰", proof=proof.sha256, at=at
    )
    ownership = Ownership.objects.get(unit=unit, to_on=None)
    change = PhoneChange.objects.create(
        account_id=resident.me, phone="13800010099", phone_index="f" * 32, asked_at=at
    )
    people.add_occupant(
        actor=cast.FOUNDER,
        unit=unit,
        new=NewPerson("王小宝", ""),
        relation="family",
        from_on=localdate(at),
        at=at,
    )
    look = people.take_register(
        actor=world.actor("manager", at), compound=world.compound, what="export", reason="核对名册", at=at
    )
    duty = RoleAssignment.objects.get(account_id=world.accounts["repairer"])
    street = RoleAssignment.objects.get(account_id=world.accounts["community"])
    return {
        "person_id": Person.objects.get(pk=ownership.person_id).pk,
        "ownership_id": ownership.pk,
        "occupancy_id": Occupancy.objects.filter(unit=unit).latest("pk").pk,
        "claim_id": HomeClaim.objects.get(pk=claim.pk).pk,
        "change_id": change.pk,
        "look_id": look.pk,
        "assignment_id": duty.pk,
        "people:district_duty/assignment_id": street.pk,
        "people:own_duty/assignment_id": duty.pk,
        "session_id": Session.objects.filter(account_id=resident.me).latest("pk").pk,
        "purpose": tuple(consents.PURPOSES),
    }
