"""Signing in by phone, and everything that somebody else may try."""

from __future__ import annotations

import threading
from datetime import timedelta

import pyotp
import pytest
from django.db import OperationalError, connection, connections

from linli.ground.db.fields import blind_index
from linli.ground.journal.models import Leaf
from linli.ground.kernel.actor import NOBODY
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.people import actions, queries
from linli.registry.people.domain.login import Outcome, token_hash
from linli.registry.people.models import Account, LoginCode, Person, RegisterChange, Session
from tests.registry.people.cast import AT, TODAY, World, account, acting, later, lives, owns, person

WANG, STRANGER = "13812345678", "13700000000"


@pytest.fixture
def ask(sent, committed):
    def ask(phone=WANG, at=AT):
        with committed():
            asked = actions.ask_login_code(phone=phone, at=at)
        return asked.ticket, sent[-1][1]

    return ask


def enter(ticket, code, at=AT, **more):
    return actions.enter_code(ticket=ticket, code=code, device="安卓手机 · 微信", at=at, **more)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_right_code_opens_a_session(world: World, ask):
    entered = enter(*ask())
    assert entered.outcome == Outcome.SIGNED_IN
    found = queries.signed_in(token_hash(entered.token), AT)
    assert found.actor.account_id == world.wang.pk
    assert found.actor.owns_in(world.longqi.pk)
    assert Session.objects.get().device == "安卓手机 · 微信"


def test_the_table_holds_neither_code_nor_token(world: World, ask):
    ticket, code = ask()
    entered = enter(ticket, code)
    row = LoginCode.objects.get()
    kept = {row.code_hash, row.ticket_hash, Session.objects.get().token_hash}
    assert not {code, ticket, entered.token} & kept
    assert code not in row.code_hash


def test_the_code_is_not_shown_outside_the_demo(world: World, sent, settings):
    settings.LINLI_DEMO = False
    assert actions.ask_login_code(phone=WANG, at=AT).shown_code is None
    settings.LINLI_DEMO = True
    settings.LINLI_SMS = "http"
    assert actions.ask_login_code(phone=STRANGER, at=AT).shown_code is None
    settings.LINLI_SMS = "console"
    assert len(actions.ask_login_code(phone="13700000001", at=AT).shown_code) == 6


def test_nothing_is_sent_when_the_transaction_does_not_stand(world: World, sent):
    actions.ask_login_code(phone=WANG, at=AT)
    assert sent == [], "the test's own transaction never commits"


def test_known_and_unknown_numbers_get_the_same_answer(world: World, ask, sent):
    """Nobody learns from the answer, or from what is written or sent, whether a neighbour is registered."""
    known, unknown = ask(WANG), ask(STRANGER)
    assert len(known[0]) == len(unknown[0])
    assert [phone for phone, _ in sent] == [WANG, STRANGER]
    assert {enter(known[0], "abcdef").outcome, enter(unknown[0], "abcdef").outcome} == {Outcome.WRONG}
    assert {enter(known[0], "").tries_left, enter(unknown[0], "").tries_left} == {3}


def test_an_unknown_number_gets_an_account_without_homes(world: World, ask):
    entered = enter(*ask(STRANGER))
    assert entered.outcome == Outcome.SIGNED_IN
    assert not entered.entries_wait
    actor = queries.signed_in(token_hash(entered.token), AT).actor
    assert (actor.homes, actor.roles) == ((), ())
    assert Account.objects.get(pk=actor.account_id).phone == STRANGER
    assert Leaf.objects.get(kind="account.opened").stream == "people/accounts"


@pytest.mark.parametrize("typed", ["12345", "１３８", "", "02112345678"])
def test_what_is_no_mobile_number_is_refused(world: World, typed):
    with pytest.raises(Invalid):
        actions.ask_login_code(phone=typed, at=AT)


def test_a_number_may_be_typed_in_any_writing(world: World, ask):
    assert enter(*ask("+86 138-1234 5678")).outcome == Outcome.SIGNED_IN
    assert Account.objects.filter(phone_index=blind_index(WANG)).count() == 1


# --- guessing ---------------------------------------------------------------------------------------------


def test_guessing_ends_after_five_tries_even_with_the_right_code(world: World, ask):
    ticket, code = ask()
    outcomes = [enter(ticket, wrong(code)).outcome for _ in range(5)]
    assert outcomes == [Outcome.WRONG] * 4 + [Outcome.SPENT]
    assert enter(ticket, code).outcome == Outcome.SPENT
    assert not Session.objects.exists()


def test_a_code_is_bound_to_the_browser_that_asked(world: World, ask):
    _, code = ask()
    assert enter("another-ticket", code).outcome == Outcome.SPENT
    assert enter("", code).outcome == Outcome.SPENT


def test_a_code_of_one_number_does_not_open_another(world: World, ask):
    _, of_wang = ask(WANG)
    ticket, of_stranger = ask(STRANGER)
    if of_wang != of_stranger:
        assert enter(ticket, of_wang).outcome == Outcome.WRONG


def test_a_code_lives_five_minutes(world: World, ask):
    ticket, code = ask()
    assert enter(ticket, code, at=later(minutes=5)).outcome == Outcome.SPENT
    assert enter(ticket, code, at=later(minutes=4, seconds=59)).outcome == Outcome.SIGNED_IN


def test_a_number_is_not_flooded(world: World, ask):
    ask()
    with pytest.raises(Conflict, match="请过 60 秒再试"):
        ask()
    for minute in range(1, 8):
        ask(at=later(minutes=minute))
    with pytest.raises(Conflict, match="太多验证码"):
        ask(at=later(minutes=9))
    ask("13700000000", at=later(minutes=9))


# --- replay, race, fixation -------------------------------------------------------------------------------


def test_a_code_is_used_once(world: World, ask):
    ticket, code = ask()
    assert enter(ticket, code).outcome == Outcome.SIGNED_IN
    assert enter(ticket, code).outcome == Outcome.SPENT
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_logins_at_once_with_one_code_one_gets_in(sent):
    ticket = actions.ask_login_code(phone=STRANGER, at=AT).ticket
    code = sent[-1][1]
    outcomes: list[Outcome] = []
    together = threading.Barrier(2)

    def login():
        together.wait()
        while True:
            try:
                outcomes.append(enter(ticket, code).outcome)
                break
            except OperationalError:  # the suite's SQLite lies in shared memory and does not wait
                continue
        connections.close_all()

    threads = [threading.Thread(target=login) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Outcome.SIGNED_IN, Outcome.SPENT]
    assert Session.objects.count() == 1
    assert Account.objects.count() == 1


def test_every_sign_in_gets_a_token_of_its_own_and_ends_the_one_before(world: World, ask):
    first = enter(*ask())
    before = queries.signed_in(token_hash(first.token), AT)
    second = enter(*ask(at=later(minutes=2)), at=later(minutes=2), session_id=before.session_id)
    assert second.token != first.token
    assert queries.signed_in(token_hash(first.token), later(minutes=2)) is None
    assert queries.signed_in(token_hash(second.token), later(minutes=2)) is not None


def test_a_revoked_device_is_out_at_once(world: World, ask):
    here, there = enter(*ask()), enter(*ask(at=later(minutes=2)), at=later(minutes=2))
    actor = queries.signed_in(token_hash(here.token), AT).actor
    lost = Session.objects.get(token_hash=token_hash(there.token))
    with pytest.raises(NotFound):
        actions.sign_out(actor=world.actor("li"), session_id=lost.pk, at=later(minutes=3))
    actions.sign_out(actor=actor, session_id=lost.pk, at=later(minutes=3))
    assert queries.signed_in(token_hash(there.token), later(minutes=3)) is None
    with pytest.raises(NotFound):
        actions.sign_out(actor=actor, session_id=lost.pk, at=later(minutes=4))


def test_signing_out_everywhere_keeps_this_device_only(world: World, ask):
    tokens = [enter(*ask(at=later(minutes=n)), at=later(minutes=n)).token for n in (0, 2, 4)]
    here = queries.signed_in(token_hash(tokens[0]), AT)
    assert (
        actions.sign_out_everywhere(actor=here.actor, keep_session_id=here.session_id, at=later(minutes=5))
        == 2
    )
    alive = [queries.signed_in(token_hash(token), later(minutes=5)) is not None for token in tokens]
    assert alive == [True, False, False]


def test_a_suspended_account_is_told_so_only_after_the_right_code(world: World, ask):
    world.wang.suspended_at = AT
    world.wang.save()
    ticket, code = ask()
    assert enter(ticket, wrong(code)).outcome == Outcome.WRONG
    assert enter(ticket, code).outcome == Outcome.SUSPENDED
    assert enter(ticket, code).outcome == Outcome.SPENT
    assert not Session.objects.exists()


def test_an_hour_is_noted_once(world: World, ask):
    token = enter(*ask()).token
    assert not queries.signed_in(token_hash(token), later(minutes=59)).seen_long_ago
    assert queries.signed_in(token_hash(token), later(hours=1)).seen_long_ago
    session = Session.objects.get()
    for minutes in (60, 61, 119):
        actions.touch_session(session_id=session.pk, account_id=world.wang.pk, at=later(minutes=minutes))
    session.refresh_from_db()
    world.wang.refresh_from_db()
    assert session.seen_at == world.wang.seen_at == later(minutes=60)


def test_staff_sign_in_again_after_two_weeks_residents_after_half_a_year(world: World, ask):
    assert enter(*ask()).lasts == timedelta(days=180)
    assert enter(*ask(world.staff["clerk"].phone)).lasts == timedelta(days=14)


# --- the register knows the number --------------------------------------------------------------------------


def test_a_number_of_the_register_is_asked_whether_it_is_them(world: World, ask):
    entry = person(world.longqi, "刘志强", STRANGER)
    owns(entry, world.home_502)
    entered = enter(*ask(STRANGER))
    assert entered.entries_wait
    actor = queries.signed_in(token_hash(entered.token), AT).actor
    assert actor.homes == (), "nothing is theirs before they said their name"
    (match,) = queries.entries_to_confirm(blind_index(STRANGER), actor.account_id, TODAY)
    assert (match.masked_name, match.masked_homes, match.compound_name) == ("刘**", ["3号楼…"], "隆祺嘉园")
    with pytest.raises(Invalid):
        actions.confirm_entries(actor=actor, name="刘志", at=AT)
    assert actions.confirm_entries(actor=actor, name="刘 志强", at=AT) == 1
    actor = queries.signed_in(token_hash(entered.token), AT).actor
    assert actor.name == "刘志强"
    assert actor.owns_in(world.longqi.pk)
    assert Leaf.objects.get(kind="person.linked").log_id == world.longqi.pk


def test_a_couple_with_one_number_is_told_apart_by_the_name(world: World, ask):
    wife, husband = person(world.longqi, "何美", STRANGER), person(world.longqi, "马超", STRANGER)
    owns(wife, world.home_502)
    owns(husband, world.home_502)
    actor = queries.signed_in(token_hash(enter(*ask(STRANGER)).token), AT).actor
    actions.confirm_entries(actor=actor, name="马超", at=AT)
    wife.refresh_from_db()
    assert wife.account_id is None
    assert Person.objects.get(pk=husband.pk).account_id == actor.account_id


def test_entries_in_two_compounds_are_taken_together(world: World, ask):
    owns(person(world.longqi, "刘志强", STRANGER), world.home_502)
    lives(person(world.haiyun, "刘志强", STRANGER), world.haiyun_101)
    actor = queries.signed_in(token_hash(enter(*ask(STRANGER)).token), AT).actor
    assert actions.confirm_entries(actor=actor, name="刘志强", at=AT) == 2
    assert len(acting(Account.objects.get(pk=actor.account_id)).homes) == 2


def test_who_is_not_meant_says_so_once_and_staff_see_it(world: World, ask):
    entry = person(world.longqi, "刘志强", STRANGER)
    owns(entry, world.home_502)
    entered = enter(*ask(STRANGER))
    actor = queries.signed_in(token_hash(entered.token), AT).actor
    assert actions.decline_entries(actor=actor, at=AT) == 1
    assert RegisterChange.objects.get().kind == "phone_disputed"
    assert not enter(*ask(STRANGER, later(minutes=2)), at=later(minutes=2)).entries_wait
    card = queries.person_card(world.actor("clerk"), world.longqi, entry.pk, on=TODAY)
    assert [change.kind for change in card.changes] == ["phone_disputed"]


def test_a_company_is_not_taken_over_by_its_telephone(world: World, ask):
    owns(person(world.longqi, "隆祺置业", STRANGER, kind="developer"), world.home_502)
    assert not enter(*ask(STRANGER)).entries_wait


def test_an_entry_in_somebodys_hands_is_offered_to_nobody_else(world: World, ask):
    other = person(world.longqi, "刘志强", STRANGER, of=world.li)
    owns(other, world.home_502)
    entered = enter(*ask(STRANGER))
    assert not entered.entries_wait
    actor = queries.signed_in(token_hash(entered.token), AT).actor
    with pytest.raises(Invalid):
        actions.confirm_entries(actor=actor, name="刘志强", at=AT)


def test_nobody_confirms_nothing(world: World):
    with pytest.raises(NotAllowed):
        actions.confirm_entries(actor=NOBODY, name="王秀兰", at=AT)


# --- recycled numbers -------------------------------------------------------------------------------------


@pytest.fixture
def silent(world: World):
    """王秀兰 was not seen for a hundred days."""
    world.wang.seen_at = AT - timedelta(days=100)
    world.wang.save()
    return world.wang


def test_after_a_long_silence_the_name_is_asked(silent, ask):
    entered = enter(*ask())
    assert entered.outcome == Outcome.NAME_DUE
    waiting = queries.signed_in(token_hash(entered.token), AT)
    assert waiting.actor == NOBODY
    assert queries.signed_in(token_hash(entered.token), later(minutes=30)) is None
    done = actions.prove_name(session_id=waiting.session_id, name="王 秀兰", at=AT)
    assert done.outcome == Outcome.SIGNED_IN
    assert done.token != entered.token
    assert queries.signed_in(token_hash(entered.token), AT) is None
    assert queries.signed_in(token_hash(done.token), AT).actor.account_id == silent.pk


def test_the_new_holder_of_a_number_does_not_guess_the_name(silent, ask):
    waiting = queries.signed_in(token_hash(enter(*ask()).token), AT)
    outcomes = [
        actions.prove_name(session_id=waiting.session_id, name=f"王{n}", at=AT).outcome for n in range(6)
    ]
    assert outcomes == [Outcome.WRONG] * 4 + [Outcome.SPENT] * 2
    assert actions.prove_name(session_id=waiting.session_id, name="王秀兰", at=AT).outcome == Outcome.SPENT


def test_the_new_holder_of_a_number_gets_an_account_of_their_own(silent, ask, world: World):
    waiting = queries.signed_in(token_hash(enter(*ask()).token), AT)
    fresh = actions.disown_account(session_id=waiting.session_id, at=AT)
    actor = queries.signed_in(token_hash(fresh.token), AT).actor
    assert actor.account_id != silent.pk
    assert actor.homes == ()
    silent.refresh_from_db()
    assert (silent.phone, silent.phone_index) == (None, None)
    assert acting(silent).owns_in(world.longqi.pk), "the old bearer's homes are still theirs"


def test_an_account_in_use_is_not_disowned(world: World, ask):
    secret = pyotp.random_base32()
    Account.objects.filter(pk=world.wang.pk).update(totp_since=AT, seen_at=AT - timedelta(days=3))
    Account.objects.filter(pk=world.wang.pk).update(totp_secret=secret)
    waiting = queries.signed_in(token_hash(enter(*ask()).token), AT)
    with pytest.raises(Invalid):
        actions.disown_account(session_id=waiting.session_id, at=AT)
    with pytest.raises(NotFound):
        actions.disown_account(session_id=waiting.session_id, at=later(hours=1))


def test_a_full_session_cannot_disown(world: World, ask):
    full = queries.signed_in(token_hash(enter(*ask()).token), AT)
    with pytest.raises(NotFound):
        actions.disown_account(session_id=full.session_id, at=later(days=100))


def test_spent_codes_and_old_sessions_are_forgotten(world: World, ask):
    enter(*ask())
    assert actions.forget_stale(at=later(days=1)) == 0
    assert actions.forget_stale(at=later(days=3)) == 1
    assert not LoginCode.objects.exists()
    assert actions.forget_stale(at=later(days=211)) == 1
    assert not Session.objects.exists()


def test_an_invited_account_that_never_signed_in_is_not_dormant(world: World, ask):
    invited = account("新来的")
    assert enter(*ask(invited.phone)).outcome == Outcome.SIGNED_IN
    assert connection.in_atomic_block
