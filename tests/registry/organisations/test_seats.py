"""Elections, terms and seats."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.ground.journal.models import Leaf
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.organisations import actions, queries
from linli.registry.organisations.actions import Elected
from linli.registry.organisations.models import Organisation, Seat, Term
from linli.registry.people import actions as people
from tests.registry.organisations.cast import (
    AT,
    TERM_FROM,
    TERM_TO,
    TODAY,
    House,
    agrees,
    elect,
)
from tests.registry.people.cast import acting

DAY = timedelta(days=1)


def leave(house: House, seat: Seat, on: date = TODAY, reason: str = "书面辞职", by: str = "street_officer"):
    return actions.leave_seat(actor=house.actor(by), seat_id=seat.pk, on=on, reason=reason, at=AT)


def fill(house: House, number: int = 3, from_on: date = TODAY, by: str = "street_officer", **more):
    given = {"organisation_id": house.committee.pk, "member": Elected(house.owners[number].pk, "委员")} | more
    return actions.seat_member(actor=house.actor(by), from_on=from_on, basis="业主大会增补", at=AT, **given)


def seats(house: House, by: str = "street_officer", on: date = TODAY):
    return queries.seats_of(actor=house.actor(by), organisation=house.committee, on=on)


def test_an_election_opens_a_term_with_its_members(house: House):
    term = elect(house)
    assert [(seat.position, seat.from_on, seat.to_on) for seat in Seat.objects.order_by("pk")] == [
        ("主任", TERM_FROM, TERM_TO),
        ("委员", TERM_FROM, TERM_TO),
        ("委员", TERM_FROM, TERM_TO),
    ]
    assert term.elected == 3
    entry = bytes(Leaf.objects.get(kind="seat.election").entry).decode()
    assert "业主甲" not in entry


@pytest.mark.parametrize(
    ("wrong", "words", "clause"),
    [
        ({"to_on": None}, "到哪天为止", None),
        ({"to_on": TERM_FROM}, "晚于开始", None),
        ({"to_on": TERM_TO + DAY}, "最长 5 年，最晚到 2030-05-31", "第三十五条"),
        ({"basis": " "}, "原因", None),
    ],
)
def test_a_term_is_whole_and_no_longer_than_the_rules_of_the_day_say(house: House, wrong, words, clause):
    with pytest.raises(Invalid, match=words) as told:
        elect(house, **wrong)
    assert (told.value.clause is None) if clause is None else (clause in told.value.clause)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "至少填写一位"), (1, "至少 3 人"), (2, "至少 3 人"), (4, "单数")]
)
def test_a_committee_is_of_three_at_least_and_of_an_odd_number(house: House, count: int, words: str):
    with pytest.raises(Invalid, match=words):
        elect(house, members=house.members(count))


def test_before_the_citys_own_regulation_the_province_asked_for_five(house: House):
    """Qingdao's regulation is in force since 2021-05-01; on the day before, Shandong's article 30 held."""
    term = {"from_on": date(2021, 4, 30), "to_on": date(2025, 4, 30)}
    with pytest.raises(Invalid, match="至少 5 人") as told:
        elect(house, **term)
    assert "山东省物业管理条例" in told.value.clause
    elect(house, members=house.members(5), **term)


def test_nobody_is_elected_twice_nor_enters_themselves_nor_is_unknown(house: House):
    twice = [*house.members(2), house.members(1)[0]]
    with pytest.raises(Conflict, match="两次"):
        elect(house, members=twice)
    officer = house.world.staff["street_officer"]
    with pytest.raises(NotAllowed, match="自己"):
        elect(house, members=[*house.members(2), Elected(officer.pk, "委员")])
    with pytest.raises(Invalid, match="没有找到这个人"):
        elect(house, members=[*house.members(2), Elected(999_999, "委员")])


def test_whoever_owns_nothing_here_sits_only_for_an_owner_that_is_no_human(house: House):
    li = house.world.li  # an owner next door
    with pytest.raises(Invalid, match="本小区的业主") as told:
        elect(house, members=[*house.members(2), Elected(li.pk, "委员")])
    assert "第三十四条" in told.value.clause
    elect(house, members=[*house.members(2), Elected(li.pk, "委员", "某银行青岛分行")])


def test_only_bodies_with_seats_that_are_open_elect(house: House):
    with pytest.raises(Invalid, match="没有"):
        elect(house, by="district_officer", organisation_id=house.company.pk)
    Organisation.objects.filter(pk=house.committee.pk).update(closed_on=TODAY)
    with pytest.raises(Conflict, match="已经注销"):
        elect(house)
    with pytest.raises(NotFound):
        elect(house, organisation_id=999)


@pytest.mark.parametrize("by", ["committee", "manager", "community_worker", "wang", "secretary"])
def test_only_the_authorities_enter_elections(house: House, by: str):
    with pytest.raises(NotAllowed):
        elect(house, by=by)


def test_the_next_election_ends_the_term_before(house: House):
    elect(house)
    elect(house, members=house.members(5), from_on=TODAY, to_on=TODAY + timedelta(days=1000))
    first, second = Term.objects.order_by("from_on")
    assert (first.to_on, first.ended_reason, second.elected) == (TODAY, "换届", 5)
    assert Seat.objects.filter(queries.in_force(TODAY)).count() == 5
    assert set(Seat.objects.filter(term=first).values_list("to_on", "ended_reason")) == {(TODAY, "换届")}
    with pytest.raises(Conflict, match="更晚开始"):
        elect(house, from_on=TERM_FROM + DAY)


# --- within a term ----------------------------------------------------------------------------------------


def test_a_vacancy_is_filled_until_the_term_is_over(house: House):
    elect(house)
    with pytest.raises(Conflict, match="没有空缺"):
        fill(house)
    leave(house, Seat.objects.latest("pk"))
    assert fill(house).to_on == TERM_TO
    with pytest.raises(Conflict, match="没有空缺"):
        fill(house, 4)


def test_the_same_person_does_not_sit_twice(house: House):
    elect(house)
    leave(house, Seat.objects.latest("pk"))
    with pytest.raises(Conflict, match="已经在这个机构任职"):
        fill(house, 0)


def test_without_a_term_there_is_nothing_to_fill(house: House):
    with pytest.raises(Conflict, match="先登记选举"):
        fill(house)
    elect(house)
    with pytest.raises(Conflict, match="先登记选举"):
        fill(house, from_on=TERM_TO)


def test_leaving_ends_a_seat_once_and_never_prolongs_it(house: House):
    elect(house)
    seat = Seat.objects.order_by("pk")[0]
    with pytest.raises(Invalid, match="不能晚于任期届满"):
        leave(house, seat, TERM_TO + DAY)
    with pytest.raises(Invalid, match="晚于就任"):
        leave(house, seat, TERM_FROM)
    with pytest.raises(Invalid, match="原因"):
        leave(house, seat, reason="")
    assert leave(house, seat).to_on == TODAY
    with pytest.raises(Conflict, match="已经登记过离任"):
        leave(house, seat, TODAY + DAY)


def test_the_chair_is_named_after_the_first_meeting(house: House):
    elect(house)
    seat = Seat.objects.latest("pk")
    given = {"actor": house.actor("street_officer"), "seat_id": seat.pk, "reason": "首次会议推选", "at": AT}
    assert actions.name_position(position="副主任", **given).position == "副主任"
    with pytest.raises(Conflict, match="没有改动"):
        actions.name_position(position="副主任", **given)
    with pytest.raises(Invalid, match="最多 24 个字"):
        actions.name_position(position="长" * 25, **given)


def extend(house: House, to_on: date):
    return actions.extend_term(
        actor=house.actor("street_officer"),
        organisation_id=house.committee.pk,
        to_on=to_on,
        basis="业主大会决定延期",
        on=TODAY,
        at=AT,
    )


def test_an_assembly_extends_a_term_once_and_by_five_years_at_most(house: House):
    elect(house)
    left = Seat.objects.latest("pk")
    leave(house, left)
    with pytest.raises(Invalid, match="晚于现在的届满"):
        extend(house, TERM_TO)
    with pytest.raises(Invalid, match="最多 5 年") as told:
        extend(house, date(2035, 6, 2))
    assert "第四十一条" in told.value.clause
    term = extend(house, date(2031, 6, 1))
    assert (term.to_on, term.agreed_to_on) == (date(2031, 6, 1), TERM_TO)
    assert sorted(Seat.objects.values_list("to_on", flat=True)) == [TODAY, date(2031, 6, 1), date(2031, 6, 1)]
    with pytest.raises(Conflict, match="延长过一次"):
        extend(house, date(2032, 6, 1))


def test_the_page_tells_the_clock_the_vacancies_and_who_acts_without_a_seat(house: House):
    elect(house)
    found = seats(house)
    assert (found.clock.last_on, found.clock.elect_by) == (date(2030, 5, 31), date(2030, 4, 1))
    assert "第四十一条" in found.clock.clause
    assert found.without_seat == ["赵立本"]
    assert [line.acts for line in found.running] == [False, False, False]
    for seat in Seat.objects.order_by("pk")[1:]:
        leave(house, seat)
    found = seats(house)
    assert (found.has_vacancy, found.clock.must_elect, len(found.past)) == (True, True, 2)


# --- party bodies -----------------------------------------------------------------------------------------


def seat_in_branch(house: House, by: str = "street_officer"):
    who = house.owners[0]
    return elect(house, by=by, organisation_id=house.branch.pk, members=[Elected(who.pk, "书记")])


def test_a_seat_in_a_party_body_needs_the_consent_of_its_bearer(house: House):
    with pytest.raises(Conflict, match="本人先在") as told:
        seat_in_branch(house)
    assert "个人信息保护法" in told.value.clause
    agrees(house.owners[0], "party_membership")
    assert seat_in_branch(house).elected == 1


@pytest.mark.parametrize("by", ["district_officer", "operator"])
def test_other_authorities_neither_enter_nor_read_party_seats(house: House, by: str):
    agrees(house.owners[0], "party_membership")
    with pytest.raises(NotAllowed, match="只由街道登记"):
        seat_in_branch(house, by)
    seat_in_branch(house)
    found = queries.seats_of(actor=house.actor(by), organisation=house.branch, on=TODAY)
    assert (found.withheld, found.running) == (True, [])


def test_a_consent_taken_back_erases_the_party_seat(house: House):
    agrees(house.owners[0], "party_membership")
    seat_in_branch(house)
    people.withdraw_consent(actor=acting(house.owners[0]), purpose="party_membership", at=AT)
    assert not Seat.objects.filter(organisation=house.branch).exists()
    assert Leaf.objects.filter(kind="seat.erase").count() == 1
    found = queries.seats_of(actor=house.actor("street_officer"), organisation=house.branch, on=TODAY)
    assert (found.running, found.past) == ([], [])


def test_another_consent_taken_back_erases_nothing(house: House):
    agrees(house.owners[0], "party_membership")
    agrees(house.owners[0], "photo_public")
    seat_in_branch(house)
    people.withdraw_consent(actor=acting(house.owners[0]), purpose="photo_public", at=AT)
    assert Seat.objects.filter(organisation=house.branch).count() == 1
