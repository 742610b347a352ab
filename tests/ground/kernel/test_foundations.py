"""Refusals, actors and the event bus: what every storey is built with."""

from dataclasses import dataclass

import pytest

from linli.ground.kernel import bus
from linli.ground.kernel.actor import NOBODY, Actor, Home, Role, RoleName, system
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal

CAPTAIN = Actor(
    key="account:7",
    account_id=7,
    name="赵一",
    roles=(Role(RoleName.BUILDING_CAPTAIN, "/1/4/17/"), Role(RoleName.SUPERVISOR, "/1/4/")),
    homes=(Home(1, 11, 4, "/1/4/17/3/", "owner"), Home(2, 12, 5, "/1/5/2/", "tenant")),
)


def test_a_refusal_is_a_sentence_filled_from_what_is_wrong():
    refusal = Invalid("too_late", "已于 {day} 截止。", "民法典第二百零三条", day="5 月 1 日")
    assert str(refusal) == refusal.message
    assert refusal.message == "已于 5 月 1 日 截止。"
    assert refusal.template == "已于 {day} 截止。"
    assert refusal.clause == "民法典第二百零三条"
    assert repr(refusal) == "Invalid('too_late', '已于 5 月 1 日 截止。')"


def test_a_sentence_without_blanks_to_fill_is_left_as_it_is():
    assert NotFound("gone", "这里什么也没有 {}。").message == "这里什么也没有 {}。"


@pytest.mark.parametrize("kind", [NotAllowed, NotFound, Conflict, Invalid])
def test_every_kind_of_no_is_a_refusal(kind):
    assert issubclass(kind, Refusal)


def test_a_role_holds_for_its_place_and_all_below():
    captains = {RoleName.BUILDING_CAPTAIN}
    assert CAPTAIN.holds(captains, "/1/4/17/")
    assert CAPTAIN.holds(captains, "/1/4/17/3/")
    assert not CAPTAIN.holds(captains, "/1/4/18/")
    assert not CAPTAIN.holds(captains, "/1/4/")
    assert not CAPTAIN.holds({RoleName.OPERATOR}, "/1/4/17/")
    assert CAPTAIN.scopes({RoleName.SUPERVISOR, RoleName.BUILDING_CAPTAIN}) == ("/1/4/17/", "/1/4/")


def test_a_tenant_lives_there_and_owns_nothing():
    assert CAPTAIN.lives_in(4)
    assert CAPTAIN.owns_in(4)
    assert CAPTAIN.lives_in(5)
    assert not CAPTAIN.owns_in(5)
    assert not CAPTAIN.lives_in(6)


def test_only_somebody_has_an_account():
    assert CAPTAIN.me == 7
    with pytest.raises(AssertionError, match="nobody is signed in"):
        _ = NOBODY.me


def test_nobody_the_system_and_a_person_are_told_apart():
    assert CAPTAIN.is_somebody
    assert not CAPTAIN.is_system
    assert not NOBODY.is_somebody
    assert not NOBODY.is_system
    assert system("tick").is_system
    assert system("tick").key == "system:tick"


@dataclass(frozen=True)
class DoorMended:
    number: int


def test_what_is_told_is_heard_at_once_in_order_and_only_once(monkeypatch):
    monkeypatch.setattr(bus, "_reactions", type(bus._reactions)(list))
    heard = []

    def first(event):
        heard.append(("first", event.number))

    def second(event):
        heard.append(("second", event.number))

    for reaction in (first, second, first):
        bus.subscribe(DoorMended, reaction)
    bus.publish(DoorMended(3))
    bus.publish("nobody listens to this")
    assert heard == [("first", 3), ("second", 3)]


def test_a_reaction_that_fails_fails_the_one_who_told(monkeypatch):
    monkeypatch.setattr(bus, "_reactions", type(bus._reactions)(list))

    def refuse(event):
        raise Conflict("ledger_closed", "账已封存。")

    bus.subscribe(DoorMended, refuse)
    with pytest.raises(Conflict):
        bus.publish(DoorMended(1))
