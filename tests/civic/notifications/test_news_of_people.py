"""What people hear of their homes, numbers and duties; each test is one act and who was told."""

from __future__ import annotations

from django.utils.timezone import localdate

from linli.civic.notifications import actions
from linli.civic.notifications.domain import wording
from linli.civic.notifications.forms import ChannelsForm
from linli.civic.notifications.models import Delivery, InboxItem
from linli.ground.kernel.actor import RoleName
from linli.registry.people import actions as people
from linli.registry.people.domain.register import Ground, NewPerson
from linli.registry.people.models import Account, PhoneChange
from tests.civic.requests.conftest import Compound


def heard(longqi: Compound, who: str, kind: str) -> list[str]:
    """What somebody was told of this kind since the founding."""
    actions.expand_messages(at=longqi.at)
    items = InboxItem.objects.filter(
        account_id=longqi.world.accounts[who], message__kind=kind, message__at__gte=longqi.at
    )
    return [wording.fill(item.message.subject, item.message.data) for item in items.order_by("pk")]


def claim(longqi: Compound) -> int:
    """A tenant of the next compound moves in here and says so."""
    made = people.claim_home(
        actor=longqi.by("outsider"),
        unit=longqi.world.units["longqi:5-1-301"],
        relation="tenant",
        name="何美玲",
        at=longqi.at,
    )
    return made.pk


def test_those_who_look_at_proofs_hear_of_a_claim_and_the_claimant_of_the_answer(longqi: Compound):
    made = claim(longqi)
    for who in ("clerk", "manager", "community", "committee"):
        assert heard(longqi, who, "people.claim") == ["有一份房屋认领等您核对"], who
    for who in ("repairer", "captain", "neighbour"):
        assert heard(longqi, who, "people.claim") == [], who
    people.refuse_claim(actor=longqi.by("clerk"), claim_id=made, reason="请带合同来", at=longqi.at)
    assert heard(longqi, "outsider", "people.claim") == ["您的房屋认领没有通过"]


def test_a_confirmed_claim_is_told_too(longqi: Compound):
    people.confirm_claim(
        actor=longqi.by("clerk"), claim_id=claim(longqi), person_id=None, reason="合同看过", at=longqi.at
    )
    assert heard(longqi, "outsider", "people.claim") == ["您的房屋认领已确认"]


def test_a_wish_for_another_number_is_told_to_the_old_one_at_once(longqi: Compound):
    account = longqi.world.accounts["resident"]
    asked = people.ask_number_code(actor=longqi.by("resident"), phone="13800010099", at=longqi.at)
    people.change_number(
        actor=longqi.by("resident"),
        session_id=0,
        ticket=asked.ticket,
        code=asked.shown_code or "",
        factor="",
        at=longqi.at,
    )
    assert PhoneChange.objects.filter(account_id=account, status="waiting").exists()
    assert heard(longqi, "clerk", "people.number") == ["有人申请换手机号，等您核对"]
    assert heard(longqi, "resident", "people.number") == ["您的账号申请换手机号"]
    assert Delivery.objects.get(account_id=account).channel == "sms", (
        "whoever holds the old number learns of it"
    )


def test_whoever_is_given_a_duty_hears_of_it(longqi: Compound):
    people.invite_staff(
        actor=longqi.by("manager"),
        phone="13800010015",
        name="杨帆",
        role=RoleName.REPAIRER,
        place=longqi.world.compound,
        organisation_id=longqi.world.bodies["company"].pk,
        at=longqi.at,
    )
    assert heard(longqi, "neighbour", "people.role") == ["您担任了隆祺嘉园的维修师傅"]


def test_old_and_new_owners_hear_that_the_register_changed(longqi: Compound):
    unit = longqi.world.units["longqi:3-2-501"]
    people.transfer_ownership(
        actor=longqi.by("clerk"),
        unit=unit,
        to=[NewPerson("钱进", "13800010088")],
        ground=Ground.SALE,
        on=localdate(longqi.at),
        reason="凭房产证办理过户",
        at=longqi.at,
    )
    assert heard(longqi, "resident", "people.owners") == [f"{unit.label}的业主登记有变动"]


def test_mail_needs_an_address_and_finds_it_then(longqi: Compound):
    asks = {"sms": "", "wechat": "", "mail": "on"}
    assert "email" in ChannelsForm(asks).errors
    assert "email" in ChannelsForm(asks | {"email": "王秀兰"}).errors
    assert not ChannelsForm(asks | {"email": "wang@example.org"}).errors
    actions.choose_channels(
        actor=longqi.by("resident"), sms=False, mail=True, wechat=False, muted=[], email="wang@example.org"
    )
    account = Account.objects.get(pk=longqi.world.accounts["resident"])
    assert account.email == "wang@example.org"
