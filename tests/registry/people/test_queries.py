"""What others ask of people, and what it costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.ground.kernel.actor import NOBODY, Home, Role, RoleName
from linli.registry.people import queries
from linli.registry.people.domain import consents
from linli.registry.people.domain.login import Standing, token_hash
from linli.registry.people.models import Consent, Session
from linli.registry.people.queries import Wish, _actor
from tests.registry.people.cast import (
    AT,
    COMPANY,
    TODAY,
    World,
    account,
    acting,
    lives,
    owns,
    person,
    serves,
    unit,
)

TOKEN = "a-token-that-somebody-holds"


def session(of, **more):
    return Session.objects.create(
        account=of,
        token_hash=token_hash(TOKEN),
        created_at=AT,
        seen_at=more.pop("seen_at", AT),
        expires_at=more.pop("expires_at", AT + timedelta(days=10)),
        **more,
    )


def who(at=AT):
    return queries.signed_in(token_hash(TOKEN), at)


def test_the_actor_has_duties_and_homes_from_one_query(world: World):
    serves(world.wang, RoleName.BUILDING_CAPTAIN, world.building)
    serves(world.wang, RoleName.REPAIRER, world.longqi, COMPANY, to_on=TODAY)
    lives(person(world.haiyun, "王秀兰", of=world.wang), world.haiyun_101, "family")
    session(world.wang)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = who()
    assert len(asked) == 1
    assert found is not None
    assert found.standing == Standing.FULL
    assert found.actor.key == f"account:{world.wang.pk}"
    assert found.actor.name == "王秀兰"
    assert found.actor.roles == (Role(RoleName.BUILDING_CAPTAIN, world.building.path, None),)
    assert found.actor.homes == (
        Home(world.home_501.pk, world.wang_entry.pk, world.longqi.pk, world.entrance.path, "owner"),
        Home(
            world.haiyun_101.pk,
            found.actor.homes[1].person_id,
            world.haiyun.pk,
            world.haiyun_101.place.path,
            "family",
        ),
    )
    assert found.actor.owns_in(world.longqi.pk)
    assert not found.actor.owns_in(world.haiyun.pk)


@pytest.mark.parametrize(
    ("trouble", "at"),
    [
        ({}, AT + timedelta(days=10)),
        ({"revoked_at": AT}, AT),
        ({"expires_at": AT}, AT),
    ],
)
def test_an_expired_or_revoked_session_is_nobody(world: World, trouble, at):
    session(world.wang, **trouble)
    assert who(at) is None


@pytest.mark.parametrize("state", ["suspended_at", "closed_at"])
def test_a_suspended_or_closed_account_is_nobody(world: World, state):
    session(world.wang)
    assert who() is not None
    setattr(world.wang, state, AT)
    world.wang.save()
    assert who() is None
    assert queries.actor_of(world.wang.pk, TODAY) == NOBODY


def test_an_unknown_token_is_nobody(world: World):
    session(world.wang)
    assert queries.signed_in(token_hash("another token"), AT) is None


def test_a_home_that_was_sold_or_not_yet_bought_is_none(world: World):
    owns(world.wang_entry, world.home_502, date(2020, 1, 1), TODAY)
    owns(world.wang_entry, world.home_1001, TODAY + timedelta(days=1))
    assert [home.unit_id for home in acting(world.wang).homes] == [world.home_501.pk]
    tomorrow = TODAY + timedelta(days=1)
    assert [home.unit_id for home in acting(world.wang, tomorrow).homes] == [
        world.home_501.pk,
        world.home_1001.pk,
    ]


def test_the_actor_query_reads_by_index_only(world: World):
    """No table is read from end to end, however many homes a district has."""
    day = connection.ops.adapt_datefield_value(TODAY)
    aggregate = _actor._AGGREGATE[connection.vendor]
    parts = ", ".join(
        aggregate.format(columns=columns, rows=rows)
        for columns, rows in (_actor._DUTIES, _actor._OWNED, _actor._LIVED)
    )
    statement = _actor._BY_TOKEN.format(parts=parts)
    values = [*[day] * 6, "x" * 64, connection.ops.adapt_datetimefield_value(AT)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + statement, values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
        else:
            cursor.execute("EXPLAIN QUERY PLAN " + statement, values)
            steps = [row[3] for row in cursor.fetchall()]
            assert not [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step], steps


def test_staff_with_a_duty_that_opens_data_act_without_it_until_the_second_factor_stands(
    world: World, settings
):
    clerk = world.staff["clerk"]
    session(clerk)
    found = who()
    assert found.standing == Standing.PLAIN
    assert found.duties_wait
    assert found.actor.account_id == clerk.pk
    assert found.actor.roles == ()
    settings.LINLI_DEMO = True
    assert who().standing == Standing.FULL
    assert who().actor.roles


def test_a_captain_needs_no_second_factor(world: World):
    session(world.staff["captain"])
    assert who().standing == Standing.FULL


def test_days_of_grace_count_from_the_first_day_of_the_duty(world: World, settings):
    clerk = world.staff["clerk"]
    clerk.assignments.update(from_on=TODAY - timedelta(days=2))
    session(clerk)
    settings.LINLI_STAFF_GRACE_DAYS = 3
    assert who().standing == Standing.FULL
    settings.LINLI_STAFF_GRACE_DAYS = 2
    assert who().standing == Standing.PLAIN


def test_an_account_with_a_second_factor_is_nobody_until_it_was_given(world: World):
    world.wang.totp_since = AT
    world.wang.save()
    weak = session(world.wang)
    assert who().standing == Standing.HALF
    assert who().actor == NOBODY
    weak.strong = True
    weak.save()
    assert who().standing == Standing.FULL


def test_the_roll_has_every_unit_with_its_owner_group_and_area(world: World):
    developer = person(world.longqi, "隆祺置业", kind="developer")
    husband = person(world.longqi, "王建军")
    owns(husband, world.home_501)
    owns(developer, world.home_1001)
    rows = queries.roll(world.longqi.pk, TODAY)
    assert [(row.unit_code, row.area_dm2, row.holder) for row in rows] == [
        ("3-2-501", 11_864, "owner"),
        ("3-2-502", 8_950, "owner"),
        ("3-2-1001", 11_864, "developer"),
    ]
    assert rows[0].owner_ids == tuple(sorted([world.wang_entry.pk, husband.pk]))
    assert rows[1].owner_ids == ()


def test_a_unit_not_yet_delivered_is_held_by_the_developer(world: World):
    sold = unit(world.entrance, "3-2-1101", 10_000, delivered_on=TODAY + timedelta(days=1))
    owns(world.wang_entry, sold)
    held = {row.unit_code: row.holder for row in queries.roll(world.longqi.pk, TODAY)}
    assert held["3-2-1101"] == "developer"
    assert {row.unit_code: row.holder for row in queries.roll(world.longqi.pk, sold.delivered_on)}[
        "3-2-1101"
    ] == "owner"


def test_people_in_a_place_are_those_with_an_account_behind_its_doors(world: World):
    tenant = account("租客")
    lives(person(world.longqi, "租客", of=tenant), world.home_502)
    lives(person(world.longqi, "没有账号"), world.home_502)
    everybody = queries.people_in(compound_id=world.longqi.pk, on=TODAY)
    assert {(one.account_id, one.relation) for one in everybody} == {
        (world.wang.pk, "owner"),
        (tenant.pk, "tenant"),
    }
    assert len(queries.people_in(compound_id=world.longqi.pk, path=world.building.path, on=TODAY)) == 2
    assert queries.people_in(compound_id=world.longqi.pk, path=world.haiyun.path, on=TODAY) == []
    owners = queries.people_in(compound_id=world.longqi.pk, relations=["owner"], on=TODAY)
    assert [one.account_id for one in owners] == [world.wang.pk]


def test_staff_of_a_place_are_those_whose_duty_covers_it(world: World):
    names = {
        one.name
        for one in queries.staff_of(
            path=world.entrance.path,
            roles=[RoleName.BUILDING_CAPTAIN, RoleName.COMMUNITY_WORKER, RoleName.COMMITTEE_MEMBER],
            on=TODAY,
        )
    }
    assert names == {"钱桂英", "社区郑红", "赵立本"}
    assert not queries.staff_of(path=world.longqi.path, roles=[RoleName.BUILDING_CAPTAIN], on=TODAY)
    inside = {one.name for one in queries.staff_within(path=world.longqi.path, on=TODAY)}
    assert "钱桂英" in inside
    assert "社区郑红" not in inside
    assert "海韵文员" not in inside


def test_homes_of_an_actor_have_their_addresses(world: World):
    (home,) = queries.homes_of(acting(world.wang))
    assert (home.label, home.compound_name, home.slug, home.relation) == (
        "3号楼2单元501室",
        "隆祺嘉园",
        "longqi",
        "owner",
    )
    assert queries.homes_of(NOBODY) == []


def test_a_public_page_names_only_those_who_agreed(world: World):
    assert queries.display_name(world.wang.pk) == "王**"
    given = Consent.objects.create(
        account=world.wang,
        purpose="identity_display",
        text_sha256=consents.purpose("identity_display").sha256,
        granted_at=AT,
    )
    assert queries.display_name(world.wang.pk) == "王秀兰"
    given.text_sha256 = "0" * 64
    given.save()
    assert queries.display_name(world.wang.pk) == "王**", "agreed to other words than today's"


def test_the_register_is_listed_by_door_in_pages(world: World, monkeypatch):
    monkeypatch.setattr("linli.registry.people.queries._households.PAGE", 2)
    lives(person(world.longqi, "租客甲", "13711112222"), world.home_502)
    owns(person(world.longqi, "李四", "13733334444"), world.home_1001)
    owns(person(world.longqi, "王建军"), world.home_501)
    clerk = world.actor("clerk")
    seen, after = [], ""
    for _ in range(3):
        page = queries.households(clerk, world.longqi, Wish(after=after), on=TODAY)
        seen += [(one.unit_code, one.name, one.relation) for one in page.entries]
        after = page.next_cursor
        if not after:
            break
    assert seen == [
        ("3-2-501", "王秀兰", "owner"),
        ("3-2-501", "王建军", "owner"),
        ("3-2-502", "租客甲", "tenant"),
        ("3-2-1001", "李四", "owner"),
    ]


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(search="秀兰"), ["王秀兰"]),
        (Wish(search="１００１"), ["李四"]),
        (Wish(search="100%"), []),
        (Wish(search="3-2-50_"), []),
        (Wish(show="tenant"), ["租客甲"]),
        (Wish(show="owner"), ["王秀兰", "李四"]),
        (Wish(show="unlinked"), ["租客甲", "李四"]),
        (Wish(show="vacant"), [""]),
    ],
)
def test_the_register_is_searched_and_filtered(world: World, wish, found):
    lives(person(world.longqi, "租客甲", "13711112222"), world.home_502)
    owns(person(world.longqi, "李四", "13733334444"), world.home_1001)
    page = queries.households(world.actor("clerk"), world.longqi, wish, on=TODAY)
    assert [one.name for one in page.entries] == found


def test_phones_are_masked_for_staff_and_names_too_for_the_street(world: World):
    (entry, *_) = queries.households(world.actor("clerk"), world.longqi, Wish(), on=TODAY).entries
    assert (entry.name, entry.phone) == ("王秀兰", "138****5678")
    (entry, *_) = queries.households(world.actor("street_officer"), world.longqi, Wish(), on=TODAY).entries
    assert (entry.name, entry.phone) == ("王**", "138****5678")
    page = queries.households(world.actor("street_officer"), world.longqi, Wish(search="秀兰"), on=TODAY)
    assert page.entries == [], "who may not read names may not search by them"
