"""Who gives which duty, where, and when it holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.kernel.actor import Actor, Role, RoleName, system
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.people.domain import roles
from linli.registry.people.domain.roles import Held

DISTRICT, STREET, COMMUNITY, LONGQI, HAIYUN = "/1/", "/1/2/", "/1/2/3/", "/1/2/3/4/", "/1/2/3/9/"
COMPANY, OTHER = 501, 502
R = RoleName


def somebody(name: RoleName, scope: str, organisation: int | None = None) -> Actor:
    return Actor(key="account:1", account_id=1, roles=(Role(name, scope, organisation),))


GIVERS = [
    # giver, for the place, duty, where, organisation, may they
    (R.OPERATOR, DISTRICT, R.DISTRICT_OFFICER, DISTRICT, None, True),
    (R.DISTRICT_OFFICER, DISTRICT, R.DISTRICT_OFFICER, DISTRICT, None, False),
    (R.DISTRICT_OFFICER, DISTRICT, R.SUBDISTRICT_OFFICER, STREET, None, True),
    (R.SUBDISTRICT_OFFICER, STREET, R.SUBDISTRICT_OFFICER, STREET, None, False),
    (R.SUBDISTRICT_OFFICER, STREET, R.COMMITTEE_MEMBER, LONGQI, None, True),
    (R.SUBDISTRICT_OFFICER, "/1/7/", R.COMMITTEE_MEMBER, LONGQI, None, False),
    (R.SUBDISTRICT_OFFICER, STREET, R.PARTY_SECRETARY, LONGQI, None, True),
    (R.COMMITTEE_MEMBER, LONGQI, R.COMMITTEE_MEMBER, LONGQI, None, False),
    (R.COMMITTEE_MEMBER, LONGQI, R.BUILDING_CAPTAIN, LONGQI + "8/", None, True),
    (R.COMMITTEE_MEMBER, LONGQI, R.BUILDING_CAPTAIN, HAIYUN + "8/", None, False),
    (R.PROPERTY_MANAGER, LONGQI, R.PROPERTY_MANAGER, LONGQI, COMPANY, False),
    (R.DISTRICT_OFFICER, DISTRICT, R.PROPERTY_MANAGER, LONGQI, COMPANY, True),
    (R.COMMITTEE_MEMBER, LONGQI, R.PROPERTY_MANAGER, LONGQI, COMPANY, False),
    (R.PROPERTY_MANAGER, LONGQI, R.PROPERTY_CLERK, LONGQI, COMPANY, True),
    (R.PROPERTY_MANAGER, LONGQI, R.PROPERTY_CLERK, LONGQI, OTHER, False),
    (R.PROPERTY_MANAGER, LONGQI, R.PROPERTY_CLERK, LONGQI, None, False),
    (R.PROPERTY_MANAGER, LONGQI, R.REPAIRER, HAIYUN, COMPANY, False),
    (R.PROPERTY_CLERK, LONGQI, R.REPAIRER, LONGQI, COMPANY, False),
    (R.SUBDISTRICT_OFFICER, STREET, R.REPAIRER, LONGQI, COMPANY, False),
    (R.OPERATOR, DISTRICT, R.REPAIRER, LONGQI, COMPANY, True),
    (R.COMMUNITY_WORKER, COMMUNITY, R.OPERATOR, DISTRICT, None, False),
    (R.SUPERVISOR, DISTRICT, R.SUPERVISOR, LONGQI, None, False),
]


@pytest.mark.parametrize(("giver", "of", "duty", "where", "organisation", "may"), GIVERS)
def test_a_duty_is_given_by_those_the_table_names(giver, of, duty, where, organisation, may):
    own = COMPANY if giver in (R.PROPERTY_MANAGER, R.PROPERTY_CLERK) else None
    assert roles.may_give(somebody(giver, of, own), duty, where, organisation) is may


def test_the_table_has_a_line_for_every_duty():
    assert set(roles.DUTIES) == set(RoleName)
    assert all(duty.label and duty.at and duty.given_by for duty in roles.DUTIES.values())


def test_nobody_below_the_operator_can_climb_to_a_duty_above_their_own():
    """Whatever is handed on and on, nobody reaches a duty that could have appointed them."""
    reach = {name: {duty for duty in RoleName if name in roles.DUTIES[duty].given_by} for name in RoleName}
    for name in set(RoleName) - {RoleName.OPERATOR}:
        reached, new = set(), reach[name]
        while new - reached:
            reached |= new
            new = set().union(*(reach[one] for one in reached))
        assert name not in reached


def test_the_house_itself_may_give_every_duty():
    assert all(roles.may_give(system("init"), name, DISTRICT, None) for name in RoleName)


def test_a_manager_is_offered_the_own_clerks_and_repairers_only():
    manager = somebody(R.PROPERTY_MANAGER, LONGQI, COMPANY)
    assert roles.givable(manager, LONGQI, "compound") == [R.PROPERTY_CLERK, R.REPAIRER]
    assert roles.givable(manager, HAIYUN, "compound") == []
    assert roles.givable(somebody(R.COMMITTEE_MEMBER, LONGQI), LONGQI + "5/", "building") == [
        R.BUILDING_CAPTAIN
    ]


def check(
    name=R.COMMITTEE_MEMBER, kind="compound", scope=LONGQI, from_on=date(2026, 1, 1), to_on=None, held=()
):
    roles.check_assignment(name=name, place_kind=kind, scope=scope, from_on=from_on, to_on=to_on, held=held)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "building"}, "role_at_wrong_place"),
        ({"to_on": date(2026, 1, 1)}, "role_ends_before_it_begins"),
        ({"to_on": date(2031, 1, 2)}, "term_too_long"),
        ({"from_on": date(2024, 2, 29), "to_on": date(2029, 3, 2)}, "term_too_long"),
    ],
)
def test_an_impossible_assignment_is_refused(given, code):
    with pytest.raises(Invalid) as refusal:
        check(**given)
    assert refusal.value.code == code


def test_five_years_to_the_day_are_a_lawful_term():
    check(to_on=date(2031, 1, 1))
    check(from_on=date(2024, 2, 29), to_on=date(2029, 3, 1))


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (Held(R.COMMITTEE_MEMBER, LONGQI, None, date(2025, 1, 1), None), "role_held_already"),
        (Held(R.PROPERTY_CLERK, LONGQI, COMPANY, date(2025, 1, 1), None), "roles_exclude_each_other"),
        (
            Held(R.REPAIRER, LONGQI + "8/", COMPANY, date(2025, 1, 1), date(2026, 1, 2)),
            "roles_exclude_each_other",
        ),
        (Held(R.PROPERTY_CLERK, LONGQI, COMPANY, date(2025, 1, 1), date(2026, 1, 1)), None),
        (Held(R.PROPERTY_CLERK, HAIYUN, COMPANY, date(2025, 1, 1), None), None),
        (Held(R.PARTY_SECRETARY, LONGQI, None, date(2025, 1, 1), None), None),
    ],
)
def test_the_committee_and_the_company_are_not_the_same_people(held, code):
    if code is None:
        check(held=[held])
        return
    with pytest.raises(Conflict) as refusal:
        check(held=[held])
    assert refusal.value.code == code


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, days, days)
def test_what_ends_on_a_day_and_what_begins_on_it_never_hold_together(begin, change, on):
    change = max(begin + timedelta(days=1), change)
    before, after = roles.in_force(begin, change, on), roles.in_force(change, None, on)
    assert not (before and after)
    assert (before or after) == (on >= begin)


@given(days, days)
def test_a_duty_without_dates_always_holds(begin, on):
    assert roles.in_force(None, None, on)
    assert not roles.in_force(begin, begin, on)
