"""Who hears what, what runs when, and what stands in the menus: the one table of the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from linli.civic.notifications import jobs as notifications
from linli.civic.notifications import queries as notification_queries
from linli.civic.notifications import reactions as notification_reactions
from linli.civic.requests import jobs as request_jobs
from linli.civic.requests import reactions as requests
from linli.ground.journal import jobs as journal
from linli.ground.journal import queries as journal_queries
from linli.ground.kernel import bus
from linli.ground.kernel.actor import RoleName
from linli.ground.web import jobs as web
from linli.ground.web import navigation
from linli.ground.web.navigation import Item
from linli.outward.exchange import jobs as exchange
from linli.registry.organisations import policies as organisation_policies
from linli.registry.organisations import queries as organisations
from linli.registry.organisations import reactions as organisation_reactions
from linli.registry.people import jobs as people
from linli.registry.people import policies as people_policies
from linli.registry.people import queries as people_queries
from linli.registry.people import reactions as people_reactions
from linli.registry.people.events import (
    AccountErased,
    ConsentWithdrawn,
    HomeClaimAnswered,
    HomeClaimMade,
    OwnDataAsked,
    OwnersChanged,
    PhoneChangeAsked,
    RoleGiven,
    StaffLeft,
    StaffSuspended,
)
from linli.registry.places import policies as place_policies
from linli.registry.places import queries as places
from linli.registry.places.events import UnitClosing
from linli.registry.regulations import policies as regulation_policies
from linli.registry.regulations.events import HolidaysEntered

REACTIONS: dict[type[Any], tuple[Callable[[Any], None], ...]] = {
    ConsentWithdrawn: (organisation_reactions.forget_party_seats,),
    HolidaysEntered: (requests.recompute_promises,),
    StaffLeft: (requests.take_over_orders,),
    StaffSuspended: (requests.take_orders_of_suspended,),
    UnitClosing: (people_reactions.keep_lived_in,),
    RoleGiven: (notification_reactions.tell_role_given,),
    HomeClaimMade: (notification_reactions.tell_claim_made,),
    HomeClaimAnswered: (notification_reactions.tell_claim_answered,),
    PhoneChangeAsked: (notification_reactions.tell_phone_change,),
    OwnersChanged: (notification_reactions.tell_owners_changed,),
    OwnDataAsked: (
        organisation_reactions.add_own_seats,
        requests.add_own_requests,
        notification_reactions.add_own_messages,
    ),
    AccountErased: (
        organisation_reactions.forget_seats_of_erased,
        requests.forget_account,
        notification_reactions.forget_account,
    ),
}
"""Event → reactions, in order; all run in the publisher's transaction."""

JOBS: tuple[tuple[Callable[[datetime], str], timedelta], ...] = (
    (notifications.carry_messages, timedelta(seconds=10)),
    (notifications.forget_old, timedelta(days=1)),
    (request_jobs.remind_of_overdue, timedelta(minutes=10)),
    (journal.publish_checkpoints, timedelta(minutes=10)),
    (web.forget_old_forms, timedelta(days=1)),
    (people.hand_over_expired, timedelta(hours=1)),
    (people.forget_stale, timedelta(hours=24)),
    (exchange.forget_uploads, timedelta(minutes=10)),
)
"""Job and how often it runs."""

STAFF = frozenset(RoleName) - {RoleName.PARTNER_OFFICER, RoleName.OPERATOR}
WRITERS = frozenset(
    {
        RoleName.COMMITTEE_MEMBER,
        RoleName.PARTY_SECRETARY,
        RoleName.COMMUNITY_WORKER,
        RoleName.PROPERTY_MANAGER,
        RoleName.PROPERTY_CLERK,
    }
)


def _unread(request: HttpRequest) -> int:
    return notification_queries.unread_count(actor=request.actor)  # type: ignore[attr-defined]


def _bodies_serving(place_id: int, on: date) -> list[tuple[int, str]]:
    return [(body.pk, body.name) for body in organisations.serving_organisations(place_id, on)]


MENU = (
    Item(gettext_noop("首页"), "home", "transparency:home", order=1),
    Item(gettext_noop("诉求"), "message", "requests:list", order=2),
    Item(gettext_noop("公告"), "speaker", "notifications:announcements", order=3),
    Item(gettext_noop("公开"), "shield", "transparency:log", order=4),
    Item(gettext_noop("我的"), "me", "people:me", order=5, placed=False, count=_unread),
    Item(gettext_noop("今日工作"), "board", "requests:board", "desk", STAFF, 1),
    Item(gettext_noop("诉求清单"), "list", "requests:desk_list", "desk", STAFF, 2),
    Item(
        gettext_noop("登记诉求"), "plus", "requests:enter", "desk", WRITERS | {RoleName.BUILDING_CAPTAIN}, 3
    ),
    Item(gettext_noop("举报待处理"), "flag", "requests:abuse_queue", "desk", WRITERS, 4),
    Item(gettext_noop("发公告"), "speaker", "notifications:announce", "desk", WRITERS, 5),
    Item(
        gettext_noop("房屋认领"),
        "key",
        "people:claims",
        "desk",
        WRITERS - {RoleName.PARTY_SECRETARY},
        6,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("业主名册"),
        "people",
        "people:people",
        "desk",
        people_policies.REGISTER_DESK,
        7,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("房屋登记"),
        "building",
        "places:register",
        "desk",
        place_policies.KEEPERS,
        7,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("公共设施"),
        "lamp",
        "places:facilities",
        "desk",
        place_policies.KEEPERS,
        7,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("工作人员"),
        "hands",
        "people:roles",
        "desk",
        people_policies.ROLE_DESK,
        8,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("值班表"),
        "calendar",
        "organisations:roster",
        "desk",
        organisation_policies.ROSTER_READERS,
        8,
        gettext_noop("小区"),
    ),
    Item(
        gettext_noop("机构登记"),
        "company",
        "organisations:register",
        "district",
        organisation_policies.KEEPERS,
        3,
        placed=False,
    ),
    Item(
        gettext_noop("放假安排"),
        "calendar",
        "regulations:holidays",
        "district",
        regulation_policies.ENTERERS,
        4,
        placed=False,
    ),
    Item(
        gettext_noop("各级工作人员"),
        "hands",
        "people:district",
        "district",
        frozenset({RoleName.OPERATOR, RoleName.DISTRICT_OFFICER, RoleName.SUBDISTRICT_OFFICER}),
        2,
        placed=False,
    ),
    Item(
        gettext_noop("街道、社区和小区"),
        "map",
        "places:district",
        "district",
        place_policies.COMPOUND_FOUNDERS,
        3,
        placed=False,
    ),
    Item(
        gettext_noop("发送记录"),
        "send",
        "notifications:outbox",
        "district",
        frozenset({RoleName.OPERATOR}),
        20,
        gettext_noop("平台"),
        placed=False,
    ),
    Item(
        gettext_noop("样式手册"),
        "text",
        "web:style",
        "district",
        frozenset({RoleName.OPERATOR}),
        21,
        gettext_noop("平台"),
        placed=False,
    ),
    Item(gettext_noop("小区首页"), "home", "transparency:home", "desk", STAFF, 9, gettext_noop("小区")),
)


def wire() -> None:
    """Connect every reaction, name and menu entry; safe to call again."""
    for event, reactions in REACTIONS.items():
        for reaction in reactions:
            bus.subscribe(event, reaction)
    navigation.register(*MENU)
    journal_queries.name_logs(places.compound_id_by_slug)
    people_queries.name_organisations(_bodies_serving)
    places.name_accounts(people_queries.full_names)
