"""What people hear of their register, and what is forgotten with an account."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate

from linli.civic.notifications import actions, queries
from linli.civic.notifications.actions import Audience
from linli.registry.people import events
from linli.registry.people import queries as people
from linli.registry.people.domain import roles
from linli.registry.places import queries as places


def tell_claim_made(event: events.HomeClaimMade) -> None:
    """Somebody claims a home: those who look at proofs hear of it."""
    compound = places.compound(event.compound_id)
    actions.tell(
        audience=Audience(roles=people.CLAIM_ANSWERERS, place_path=compound.path),
        kind="people.claim",
        subject="有一份房屋认领等您核对",
        text="请看材料，对得上就确认，对不上写明还缺什么。",
        link=reverse("people:claims", kwargs={"slug": compound.slug}),
        compound_id=compound.pk,
        at=event.at,
    )


def tell_claim_answered(event: events.HomeClaimAnswered) -> None:
    """The claimant hears what became of the claim."""
    confirmed = event.confirmed
    actions.tell(
        audience=Audience(accounts=[event.account_id]),
        kind="people.claim",
        subject="您的房屋认领已确认" if confirmed else "您的房屋认领没有通过",
        text="现在可以代表这套房反映问题、参加表决。"
        if confirmed
        else "原因写在「我的」里，补齐材料可以再认领。",
        link=reverse("people:me"),
        compound_id=event.compound_id,
        at=event.at,
    )


def tell_phone_change(event: events.PhoneChangeAsked) -> None:
    """Somebody wants another number: the keepers of their compounds hear of it, and so do they themselves."""
    for compound in places.compounds_by_id(event.compound_ids):
        actions.tell(
            audience=Audience(
                roles=people.KEEPERS, place_path=compound.path, except_account=event.account_id
            ),
            kind="people.number",
            subject="有人申请换手机号，等您核对",
            text="请本人带身份证件来，核对后确认。",
            link=reverse("people:claims", kwargs={"slug": compound.slug}),
            compound_id=compound.pk,
            at=event.at,
        )
    actions.tell(
        audience=Audience(accounts=[event.account_id]),
        kind="people.number",
        subject="您的账号申请换手机号",
        text="如果不是您本人申请的，请马上在「我的」里撤回，并退出其他设备。",
        link=reverse("people:number"),
        urgent=True,
        at=event.at,
    )


def tell_role_given(event: events.RoleGiven) -> None:
    """Whoever was given a duty hears of it."""
    actions.tell(
        audience=Audience(accounts=[event.account_id]),
        kind="people.role",
        subject="您担任了{place}的{role}",
        text="任期和职责在「我的」里。不是您本人的，请马上联系任命的单位。",
        data={"place": places.place(event.place_id).name, "role": roles.label(event.role)},
        link=reverse("people:me"),
        at=event.at,
    )


def tell_owners_changed(event: events.OwnersChanged) -> None:
    """Everybody behind the door, yesterday and today, hears that its owners changed; a whole roll read from a file tells nobody."""
    if event.kind == "import":
        return
    today = localdate(event.at)
    behind = [
        *people.accounts_of_unit(event.unit_id, today - timedelta(days=1)),
        *people.accounts_of_unit(event.unit_id, today),
    ]
    unit = places.units_by_id([event.unit_id])[0]
    actions.tell(
        audience=Audience(accounts={one.account_id for one in behind}),
        kind="people.owners",
        subject="{unit}的业主登记有变动",
        text="不对的话，请带产权材料到小区服务站更正。",
        data={"unit": unit.label},
        link=reverse("people:me"),
        compound_id=event.compound_id,
        at=event.at,
    )


def forget_account(event: events.AccountErased) -> None:
    """An account is gone, and so are its inbox and its wishes."""
    actions.forget_account(account_id=event.account_id, at=event.at)


def add_own_messages(event: events.OwnDataAsked) -> None:
    """Somebody takes a copy of their data: their inbox belongs to it."""
    for title, rows in queries.own_data(event.account_id).items():
        event.add(title, rows)
