"""Claims of homes, and households."""

from __future__ import annotations

import pytest

from linli.ground.journal.models import Leaf
from linli.ground.kernel.actor import NOBODY
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.ground.web import uploads
from linli.registry.people import actions, queries
from linli.registry.people.domain.register import NewPerson
from linli.registry.people.models import HomeClaim, Occupancy, Ownership, Person, Relation
from tests.registry.people.cast import AT, TODAY, World, account, acting, later, lives, owns, person

PROOF = "ab" * 32


@pytest.fixture
def newcomer(world: World):
    return account("新住户", "13711112222")


def claim(who, unit, relation="owner", name="刘志强", proof=PROOF, at=AT):
    return actions.claim_home(
        actor=acting(who), unit=unit, relation=relation, name=name, note="我住这里", proof=proof, at=at
    )


def confirm(world: World, made: HomeClaim, by="clerk", person_id=None, reason="看过房产证"):
    return actions.confirm_claim(
        actor=world.actor(by), claim_id=made.pk, person_id=person_id, reason=reason, at=AT
    )


def test_a_claim_waits_and_its_name_is_not_readable_in_the_table(world: World, newcomer):
    made = claim(newcomer, world.home_502)
    assert made.status == "waiting"
    newcomer.refresh_from_db()
    assert newcomer.name == "刘志强"
    assert acting(newcomer).homes == ()
    entry = bytes(Leaf.objects.get(kind="claim.made").entry).decode()
    assert "刘志强" not in entry
    assert [one.pk for one in queries.waiting_claims(world.actor("clerk"), world.longqi)] == [made.pk]
    assert [one.pk for one in queries.own_claims(acting(newcomer))] == [made.pk]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"relation": "king"}, Invalid),
        ({"name": " "}, Invalid),
        ({"proof": ""}, Invalid),
    ],
)
def test_a_claim_needs_relation_name_and_for_owners_a_proof(world: World, newcomer, given, refusal):
    with pytest.raises(refusal):
        claim(newcomer, world.home_502, **given)
    claim(newcomer, world.home_502, relation="tenant", proof="")


def test_a_home_is_claimed_once_at_a_time_and_not_when_it_is_ones_own(world: World, newcomer):
    claim(newcomer, world.home_502)
    with pytest.raises(Conflict):
        claim(newcomer, world.home_502)
    with pytest.raises(Conflict):
        claim(world.wang, world.home_501)
    with pytest.raises(NotAllowed):
        actions.claim_home(actor=NOBODY, unit=world.home_502, relation="tenant", name="某人", at=AT)


def test_staff_of_the_neighbour_compound_neither_see_nor_answer(world: World, newcomer):
    made = claim(newcomer, world.home_502)
    for stranger in ("other_clerk", "other_manager", "repairer", "captain", "supervisor", "wang", "li"):
        with pytest.raises(NotAllowed):
            confirm(world, made, by=stranger)
        with pytest.raises(NotAllowed):
            actions.refuse_claim(actor=world.actor(stranger), claim_id=made.pk, reason="不给办理", at=AT)
        with pytest.raises(NotAllowed):
            queries.waiting_claims(world.actor(stranger), world.longqi)
    assert list(queries.waiting_claims(world.actor("other_clerk"), world.haiyun)) == []
    with pytest.raises(NotFound):
        queries.claim_card(world.actor("other_clerk"), world.haiyun, made.pk, on=TODAY)


def test_an_owner_of_the_register_gets_the_entry(world: World, newcomer):
    entry = person(world.longqi, "刘志强", "13711112222")
    owns(entry, world.home_502)
    made = claim(newcomer, world.home_502)
    card = queries.claim_card(world.actor("committee"), world.longqi, made.pk, on=TODAY)
    assert [(one.person_id, one.same_name, one.same_phone, one.taken) for one in card.candidates] == [
        (entry.pk, True, True, False)
    ]
    confirm(world, made, by="committee", person_id=entry.pk)
    assert acting(newcomer).owns_in(world.longqi.pk)
    assert Ownership.objects.filter(unit=world.home_502).count() == 1
    made.refresh_from_db()
    assert (made.status, made.answered_by, made.answer) == (
        "confirmed",
        world.staff["committee"],
        "看过房产证",
    )


def test_an_owner_who_does_not_stand_there_is_added_only_by_the_keepers(world: World, newcomer):
    made = claim(newcomer, world.home_502)
    with pytest.raises(NotAllowed):
        confirm(world, made, by="committee")
    confirm(world, made)
    assert acting(newcomer).owns_in(world.longqi.pk)
    (owner,) = Ownership.objects.filter(unit=world.home_502)
    assert (owner.ground, owner.from_on, owner.person.name) == ("本人认领", TODAY, "刘志强")
    card = queries.unit_card(world.actor("clerk"), world.longqi, world.home_502, on=TODAY)
    assert [(one.kind, one.reason, one.by) for one in card.changes] == [("claim", "看过房产证", "冯小燕")]


def test_an_entry_in_other_hands_is_not_given_away(world: World, newcomer):
    made = claim(newcomer, world.home_501)
    with pytest.raises(Conflict):
        confirm(world, made, person_id=world.wang_entry.pk)
    with pytest.raises(NotFound):
        confirm(world, made, person_id=person(world.longqi, "别人").pk)


def test_an_entry_of_an_account_that_lost_its_number_comes_back_at_the_counter(world: World, newcomer):
    actions.detach_number(actor=world.actor("clerk"), account_id=world.wang.pk, reason="号码已换人", at=AT)
    made = claim(newcomer, world.home_501, name="王秀兰")
    confirm(world, made, person_id=world.wang_entry.pk)
    assert acting(newcomer).owns_in(world.longqi.pk)
    assert not acting(world.wang).owns_in(world.longqi.pk)


def test_a_tenant_gets_an_entry_of_their_own_or_the_one_that_waits(world: World, newcomer):
    waiting = person(world.longqi, "刘志强")
    lives(waiting, world.home_502)
    confirm(world, claim(newcomer, world.home_502, relation="tenant", proof=""))
    assert Person.objects.get(pk=waiting.pk).account_id == newcomer.pk
    confirm(world, claim(newcomer, world.home_1001, relation="family", proof=""))
    assert [home.relation for home in acting(newcomer).homes] == ["tenant", "family"]
    assert Occupancy.objects.filter(person=waiting).count() == 2, "one entry, two homes"


def test_nobody_answers_their_own_claim(world: World):
    made = claim(world.staff["clerk"], world.home_502, relation="tenant", proof="", name="冯小燕")
    with pytest.raises(NotAllowed, match="本人"):
        confirm(world, made, by="clerk")
    confirm(world, made, by="manager")


def test_a_claim_is_answered_once(world: World, newcomer):
    made = claim(newcomer, world.home_502, relation="tenant", proof="")
    actions.refuse_claim(actor=world.actor("clerk"), claim_id=made.pk, reason="请带租房合同来", at=AT)
    for again in (confirm,):
        with pytest.raises(Conflict):
            again(world, made)
    with pytest.raises(Conflict):
        actions.withdraw_claim(actor=acting(newcomer), claim_id=made.pk, at=AT)
    claim(newcomer, world.home_502, relation="tenant", proof="")


def test_only_the_claimant_takes_a_claim_back(world: World, newcomer):
    made = claim(newcomer, world.home_502)
    with pytest.raises(NotFound):
        actions.withdraw_claim(actor=acting(world.li), claim_id=made.pk, at=AT)
    actions.withdraw_claim(actor=acting(newcomer), claim_id=made.pk, at=AT)
    with pytest.raises(NotFound):
        queries.own_claim(acting(world.li), made.pk)


def test_proofs_are_deleted_three_months_after_the_answer(
    world: World, newcomer, tmp_path, settings, committed
):
    settings.LINLI_MEDIA = tmp_path
    for thumb in (False, True):
        path = uploads.path_of(PROOF, thumb=thumb)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    made = claim(newcomer, world.home_502)
    confirm(world, made)
    with committed():
        assert actions.forget_old_proofs(at=later(days=89)) == 0
    assert uploads.path_of(PROOF).exists()
    with committed():
        assert actions.forget_old_proofs(at=later(days=90)) == 1
    assert not uploads.path_of(PROOF).exists()
    assert not uploads.path_of(PROOF, thumb=True).exists()
    made.refresh_from_db()
    assert made.proof == ""


# --- households -------------------------------------------------------------------------------------------


def test_an_owner_enters_tenants_and_family_who_then_recognise_themselves(world: World, sent, committed):
    actions.add_occupant(
        actor=acting(world.wang),
        unit=world.home_501,
        new=NewPerson("王小明", "13711113333"),
        relation=Relation.FAMILY,
        at=AT,
    )
    with committed():
        asked = actions.ask_login_code(phone="13711113333", at=AT)
    entered = actions.enter_code(ticket=asked.ticket, code=sent[-1][1], device="", at=AT)
    assert entered.entries_wait
    held = queries.household_of(acting(world.wang), world.home_501.pk, on=TODAY)
    assert [(one.name, one.relation) for one in held] == [("王秀兰", "owner"), ("王小明", "family")]


def test_others_do_not_change_a_household(world: World):
    tenant = account("租客")
    lives(person(world.longqi, "租客", of=tenant), world.home_501)
    for who in (
        tenant,
        world.li,
        world.staff["committee"],
        world.staff["other_clerk"],
        world.staff["captain"],
    ):
        with pytest.raises(NotAllowed):
            actions.add_occupant(
                actor=acting(who), unit=world.home_501, new=NewPerson("某人"), relation=Relation.TENANT, at=AT
            )


def test_a_tenant_reads_only_themselves_and_may_move_out(world: World):
    tenant = account("租客")
    room = lives(person(world.longqi, "租客", of=tenant), world.home_501)
    other = lives(person(world.longqi, "合租"), world.home_501)
    assert [one.name for one in queries.household_of(acting(tenant), world.home_501.pk, on=TODAY)] == ["租客"]
    with pytest.raises(NotFound):
        queries.household_of(acting(world.li), world.home_501.pk, on=TODAY)
    with pytest.raises(NotAllowed):
        actions.end_occupancy(actor=acting(tenant), unit=world.home_501, occupancy_id=other.pk, at=AT)
    actions.end_occupancy(actor=acting(tenant), unit=world.home_501, occupancy_id=room.pk, at=AT)
    assert acting(tenant).homes == ()
    with pytest.raises(NotFound):
        actions.end_occupancy(actor=acting(world.wang), unit=world.home_501, occupancy_id=room.pk, at=AT)
    actions.end_occupancy(actor=acting(world.wang), unit=world.home_501, occupancy_id=other.pk, at=AT)


def test_an_occupancy_of_another_home_is_not_ended_here(world: World):
    other = lives(person(world.longqi, "邻居家的租客"), world.home_502)
    with pytest.raises(NotFound):
        actions.end_occupancy(actor=acting(world.wang), unit=world.home_501, occupancy_id=other.pk, at=AT)


def test_nobody_lives_twice_in_a_home(world: World):
    new = NewPerson("王小明", "13711113333")
    wang = acting(world.wang)
    actions.add_occupant(actor=wang, unit=world.home_501, new=new, relation=Relation.FAMILY, at=AT)
    for again in (new, NewPerson("王秀兰", "13812345678")):
        with pytest.raises(Conflict):
            actions.add_occupant(actor=wang, unit=world.home_501, new=again, relation=Relation.FAMILY, at=AT)
