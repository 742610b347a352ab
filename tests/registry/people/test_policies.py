"""Who may read, change and answer: one table that a committee can read."""

from __future__ import annotations

import pytest

from linli.ground.kernel.actor import NOBODY, Actor, Home, Role, RoleName, system
from linli.ground.kernel.errors import NotAllowed
from linli.registry.people import policies
from linli.registry.people.domain.roles import Held
from tests.registry.people.cast import TODAY

LONGQI, HAIYUN = "/1/2/3/4/", "/1/2/3/9/"
R = RoleName

#                       register, names, keep,  claims
TABLE = {
    R.PROPERTY_MANAGER: (True, True, True, True),
    R.PROPERTY_CLERK: (True, True, True, True),
    R.COMMUNITY_WORKER: (True, True, True, True),
    R.COMMITTEE_MEMBER: (True, True, False, True),
    R.PARTY_SECRETARY: (True, True, False, False),
    R.SUBDISTRICT_OFFICER: (True, False, False, False),
    R.DISTRICT_OFFICER: (True, False, False, False),
    R.BUILDING_CAPTAIN: (False, False, False, False),
    R.REPAIRER: (False, False, False, False),
    R.SUPERVISOR: (False, False, False, False),
    R.PARTNER_OFFICER: (False, False, False, False),
    R.OPERATOR: (False, False, False, False),
}


def holding(name: RoleName, scope: str = LONGQI) -> Actor:
    return Actor(key="account:1", account_id=1, roles=(Role(name, scope),))


def test_the_table_names_every_duty():
    assert set(TABLE) == set(RoleName)


@pytest.mark.parametrize(("name", "expected"), TABLE.items())
def test_what_a_duty_opens(name, expected):
    actor = holding(name)
    assert (
        policies.may_see_register(actor, LONGQI),
        policies.may_see_names(actor, LONGQI),
        policies.may_keep_register(actor, LONGQI),
        policies.may_answer_claims(actor, LONGQI),
    ) == expected


@pytest.mark.parametrize("name", RoleName)
@pytest.mark.parametrize("scope", [HAIYUN, LONGQI + "7/", "/1/2/3/44/"])
def test_the_neighbour_compound_and_a_part_of_the_compound_open_nothing(name, scope):
    actor = holding(name, scope)
    assert not policies.may_see_register(actor, LONGQI)
    assert not policies.may_keep_register(actor, LONGQI)
    assert not policies.may_answer_claims(actor, LONGQI)


@pytest.mark.parametrize(
    "actor", [NOBODY, Actor(key="account:5", account_id=5, homes=(Home(1, 2, 4, LONGQI, "owner"),))]
)
def test_owners_and_strangers_do_not_see_the_register(actor):
    for require in (
        policies.require_may_see_register,
        policies.require_may_keep_register,
        policies.require_may_export,
        policies.require_may_answer_claims,
    ):
        with pytest.raises(NotAllowed):
            require(actor, LONGQI)


def test_a_household_is_changed_by_its_owners_and_the_keepers():
    owner = Actor(key="account:5", account_id=5, homes=(Home(11, 2, 4, LONGQI, "owner"),))
    tenant = Actor(key="account:6", account_id=6, homes=(Home(11, 3, 4, LONGQI, "tenant"),))
    policies.require_may_change_household(owner, 11, LONGQI)
    policies.require_may_change_household(holding(R.PROPERTY_CLERK), 11, LONGQI)
    for stranger, unit_id in ((owner, 12), (tenant, 11), (NOBODY, 11), (holding(R.COMMITTEE_MEMBER), 11)):
        with pytest.raises(NotAllowed):
            policies.require_may_change_household(stranger, unit_id, LONGQI)
    policies.require_may_leave_household(tenant, 11, 3, LONGQI)
    with pytest.raises(NotAllowed):
        policies.require_may_leave_household(tenant, 11, 2, LONGQI)


CLERK_HELD = [Held(R.PROPERTY_CLERK, LONGQI, 501, TODAY, None)]
OFFICER_HELD = [Held(R.DISTRICT_OFFICER, "/1/", None, TODAY, None)]


def manager() -> Actor:
    return Actor(key="account:1", account_id=1, roles=(Role(R.PROPERTY_MANAGER, LONGQI, 501),))


def test_a_number_is_vouched_for_by_those_who_answer_for_its_bearer():
    policies.require_may_vouch(manager(), 9, [LONGQI], [])
    policies.require_may_vouch(manager(), 9, [], CLERK_HELD)
    policies.require_may_vouch(system("tick"), 9, [], OFFICER_HELD)
    refused = [
        (manager(), 9, [LONGQI], OFFICER_HELD),  # a clerk's manager cannot lock out an officer who lives here
        (manager(), 9, [HAIYUN], []),
        (manager(), 9, [], []),
        (manager(), 1, [LONGQI], []),
        (holding(R.COMMITTEE_MEMBER), 9, [LONGQI], []),
        (NOBODY, 9, [LONGQI], []),
    ]
    for actor, account_id, paths, held in refused:
        with pytest.raises(NotAllowed):
            policies.require_may_vouch(actor, account_id, paths, held)


def test_staff_are_suspended_by_their_managers_and_residents_by_the_operator_only():
    operator = Actor(key="account:2", account_id=2, roles=(Role(R.OPERATOR, "/1/"),))
    policies.require_may_suspend(manager(), 9, CLERK_HELD)
    policies.require_may_suspend(operator, 9, [])
    for actor, account_id, held in (
        (manager(), 9, []),
        (manager(), 9, OFFICER_HELD),
        (manager(), 1, CLERK_HELD),
        (operator, 2, []),
        (holding(R.DISTRICT_OFFICER, "/1/"), 9, []),
    ):
        with pytest.raises(NotAllowed):
            policies.require_may_suspend(actor, account_id, held)


def test_a_refusal_says_who_could_give_the_duty():
    with pytest.raises(NotAllowed) as refusal:
        policies.require_may_give(holding(R.PROPERTY_CLERK), R.REPAIRER, LONGQI, 501)
    assert refusal.value.message == "您不能任免「维修师傅」，这要由「物业项目经理」来办。"


def test_nobody_is_not_an_account_whose_number_is_none():
    """A lookup by the account of nobody would find every entry that belongs to nobody."""
    with pytest.raises(NotAllowed):
        policies.own_account_id(NOBODY)
    with pytest.raises(NotAllowed):
        policies.own_account_id(system("tick"))
