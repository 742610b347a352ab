"""The second factor, its paper codes, and a new phone number."""

from __future__ import annotations

import pyotp
import pytest

from linli.ground.db.fields import blind_index
from linli.ground.journal.models import Leaf
from linli.ground.journal.queries import check_database
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed
from linli.registry.people import actions, queries
from linli.registry.people.domain.login import Outcome, token_hash
from linli.registry.people.models import Account, Person, PhoneChange, RecoveryCode, Session
from tests.registry.people.cast import AT, TODAY, World, account, acting, later, owns, person

NEW = "13711112222"


@pytest.fixture
def sign_in(sent, committed):
    def sign_in(phone, at=AT):
        with committed():
            asked = actions.ask_login_code(phone=phone, at=at)
        return actions.enter_code(ticket=asked.ticket, code=sent[-1][1], device="电脑", at=at)

    return sign_in


def code_of(of: Account, at=AT) -> str:
    of.refresh_from_db()
    return pyotp.TOTP(of.totp_secret).at(at)


def with_factor(of: Account) -> Account:
    of.totp_secret, of.totp_since = pyotp.random_base32(), AT
    of.save()
    return of


@pytest.fixture
def clerk(world: World) -> Account:
    return world.staff["clerk"]


def test_setting_up_shows_one_secret_and_counts_after_the_first_code(world: World, clerk, sign_in):
    session = queries.signed_in(token_hash(sign_in(clerk.phone).token), AT)
    assert session.duties_wait
    set_up = actions.begin_factor(actor=session.actor)
    assert set_up == actions.begin_factor(actor=session.actor)
    assert set_up.secret in set_up.uri
    assert "otpauth://totp/" in set_up.uri
    with pytest.raises(Invalid):
        actions.finish_factor(actor=session.actor, session_id=session.session_id, code="000000", at=AT)
    ready = actions.finish_factor(
        actor=session.actor, session_id=session.session_id, code=code_of(clerk), at=AT
    )
    assert len(set(ready.recovery_codes)) == 10
    assert queries.signed_in(token_hash(ready.entered.token), AT).actor.roles
    with pytest.raises(Conflict):
        actions.begin_factor(actor=session.actor)


def test_setting_up_signs_other_devices_out(world: World, clerk, sign_in):
    other = sign_in(clerk.phone)
    here = queries.signed_in(token_hash(sign_in(clerk.phone, later(minutes=2)).token), later(minutes=2))
    actions.begin_factor(actor=here.actor)
    actions.finish_factor(
        actor=here.actor,
        session_id=here.session_id,
        code=code_of(clerk, later(minutes=2)),
        at=later(minutes=2),
    )
    assert queries.signed_in(token_hash(other.token), later(minutes=2)) is None


def test_the_table_keeps_no_readable_paper_code(world: World, clerk, sign_in):
    session = queries.signed_in(token_hash(sign_in(clerk.phone).token), AT)
    actions.begin_factor(actor=session.actor)
    ready = actions.finish_factor(
        actor=session.actor, session_id=session.session_id, code=code_of(clerk), at=AT
    )
    kept = "".join(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not [code for code in ready.recovery_codes if code in kept or code.replace("-", "") in kept]


def waiting(entered, at=AT) -> int:
    assert entered.outcome == Outcome.FACTOR_DUE
    return queries.signed_in(token_hash(entered.token), at).session_id


def test_a_sign_in_waits_for_the_factor_and_gets_a_new_token(world: World, clerk, sign_in):
    with_factor(clerk)
    entered = sign_in(clerk.phone)
    done = actions.give_factor(session_id=waiting(entered), code=code_of(clerk), at=AT)
    assert done.outcome == Outcome.SIGNED_IN
    assert done.token != entered.token
    assert queries.signed_in(token_hash(entered.token), AT) is None
    assert queries.signed_in(token_hash(done.token), AT).actor.roles


def test_a_code_of_the_app_is_taken_once(world: World, clerk, sign_in):
    with_factor(clerk)
    code = code_of(clerk)
    assert (
        actions.give_factor(session_id=waiting(sign_in(clerk.phone)), code=code, at=AT).outcome
        == Outcome.SIGNED_IN
    )
    again = waiting(sign_in(clerk.phone, later(seconds=61)), later(seconds=61))
    at = later(seconds=20)
    assert actions.give_factor(session_id=again, code=code, at=at).outcome == Outcome.WRONG


def test_an_older_code_is_not_taken_after_a_newer_one(world: World, clerk, sign_in):
    with_factor(clerk)
    newer, older = code_of(clerk, later(seconds=30)), code_of(clerk)
    first = waiting(sign_in(clerk.phone))
    assert actions.give_factor(session_id=first, code=newer, at=AT).outcome == Outcome.SIGNED_IN
    second = waiting(sign_in(clerk.phone, later(seconds=60)), later(seconds=60))
    assert actions.give_factor(session_id=second, code=older, at=AT).outcome == Outcome.WRONG


def test_the_factor_is_not_guessed(world: World, clerk, sign_in):
    with_factor(clerk)
    session_id = waiting(sign_in(clerk.phone))
    right = code_of(clerk)
    bad = f"{(int(right) + 77) % 1_000_000:06d}"
    outcomes = [actions.give_factor(session_id=session_id, code=bad, at=AT).outcome for _ in range(5)]
    assert outcomes == [Outcome.WRONG] * 4 + [Outcome.SPENT]
    assert actions.give_factor(session_id=session_id, code=right, at=AT).outcome == Outcome.SPENT


@pytest.mark.parametrize("junk", ["", "１２３４５６", "12345", "abcdef", "' OR 1=1"])
def test_junk_is_no_factor(world: World, clerk, sign_in, junk):
    with_factor(clerk)
    assert (
        actions.give_factor(session_id=waiting(sign_in(clerk.phone)), code=junk, at=AT).outcome
        == Outcome.WRONG
    )


def test_a_suspension_between_the_two_steps_holds(world: World, clerk, sign_in):
    with_factor(clerk)
    session_id = waiting(sign_in(clerk.phone))
    clerk.suspended_at = AT
    clerk.save()
    assert actions.give_factor(session_id=session_id, code=code_of(clerk), at=AT).outcome == Outcome.SPENT


def test_a_paper_code_opens_once_in_any_writing(world: World, clerk, sign_in):
    session = queries.signed_in(token_hash(sign_in(clerk.phone).token), AT)
    actions.begin_factor(actor=session.actor)
    ready = actions.finish_factor(
        actor=session.actor, session_id=session.session_id, code=code_of(clerk), at=AT
    )
    paper = ready.recovery_codes[3].lower().replace("-", " ")
    at = later(minutes=2)
    done = actions.give_factor(session_id=waiting(sign_in(clerk.phone, at), at), code=paper, at=at)
    assert done.outcome == Outcome.SIGNED_IN
    assert queries.recovery_codes_left(acting(clerk)) == 9
    at = later(minutes=4)
    again = actions.give_factor(session_id=waiting(sign_in(clerk.phone, at), at), code=paper, at=at)
    assert again.outcome == Outcome.WRONG


def test_new_paper_codes_end_the_old_ones(world: World, clerk):
    with_factor(clerk)
    first = actions.renew_recovery_codes(actor=acting(clerk), code=code_of(clerk), at=AT).recovery_codes
    with pytest.raises(Invalid):
        actions.renew_recovery_codes(actor=acting(clerk), code=code_of(clerk), at=AT)
    at = later(minutes=1)
    second = actions.renew_recovery_codes(actor=acting(clerk), code=code_of(clerk, at), at=at).recovery_codes
    assert not set(first) & set(second)
    assert RecoveryCode.objects.count() == 10


def test_the_factor_is_put_away_with_a_code_only(world: World, clerk):
    with_factor(clerk)
    with pytest.raises(Invalid):
        actions.drop_factor(actor=acting(clerk), code="000000", at=AT)
    actions.drop_factor(actor=acting(clerk), code=code_of(clerk), at=AT)
    clerk.refresh_from_db()
    assert (clerk.totp_secret, clerk.totp_since) == (None, None)


def test_whoever_answers_for_staff_lets_them_begin_anew(world: World, clerk, sign_in):
    with_factor(clerk)
    session_id = waiting(sign_in(clerk.phone))
    for stranger in ("other_manager", "committee", "clerk"):
        with pytest.raises(NotAllowed):
            actions.reset_factor(actor=world.actor(stranger), account_id=clerk.pk, reason="手机丢了", at=AT)
    actions.reset_factor(
        actor=world.actor("manager"), account_id=clerk.pk, reason="手机丢了，已当面核对", at=AT
    )
    assert actions.give_factor(session_id=session_id, code="000000", at=AT).outcome == Outcome.SPENT
    clerk.refresh_from_db()
    assert clerk.totp_since is None
    assert Leaf.objects.filter(kind="account.factor_reset", log_id=0).count() == 1


# --- another number -----------------------------------------------------------------------------------------


@pytest.fixture
def ask_new(world: World, sent, committed):
    def ask(who, phone=NEW, at=AT):
        with committed():
            asked = actions.ask_number_code(actor=who, phone=phone, at=at)
        return asked.ticket, sent[-1][1]

    return ask


def change(actor, ticket, code, factor="", at=AT, session_id=0):
    return actions.change_number(
        actor=actor, session_id=session_id, ticket=ticket, code=code, factor=factor, at=at
    )


def test_with_the_second_factor_a_number_changes_at_once(world: World, ask_new, sign_in):
    session = queries.signed_in(token_hash(sign_in(world.wang.phone).token), AT)
    elsewhere = sign_in(world.wang.phone, later(minutes=2))
    with_factor(world.wang)
    Session.objects.filter(pk=session.session_id).update(strong=True)
    wang = acting(world.wang)
    ticket, code = ask_new(wang)
    assert change(wang, ticket, code, code_of(world.wang), session_id=session.session_id) == Outcome.SIGNED_IN
    world.wang.refresh_from_db()
    assert world.wang.phone == NEW
    entry = Person.objects.get(pk=world.wang_entry.pk)
    assert (entry.phone, entry.phone_index) == (NEW, blind_index(NEW))
    assert queries.signed_in(token_hash(elsewhere.token), AT) is None
    assert Session.objects.get(pk=session.session_id).revoked_at is None


def test_without_it_staff_confirm_the_number(world: World, ask_new):
    wang = acting(world.wang)
    assert change(wang, *ask_new(wang)) == Outcome.FACTOR_DUE
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812345678"
    (waiting_card,) = queries.waiting_phone_changes(world.actor("clerk"), world.longqi, TODAY)
    assert (waiting_card.old_phone, waiting_card.new_phone) == ("138****5678", "137****2222")
    assert queries.waiting_phone_changes(world.actor("other_clerk"), world.haiyun, TODAY) == []
    for stranger in ("other_clerk", "committee", "li", "wang"):
        with pytest.raises(NotAllowed):
            actions.answer_phone_change(
                actor=world.actor(stranger),
                change_id=waiting_card.id,
                confirmed=True,
                reason="看过身份证",
                at=AT,
            )
    actions.answer_phone_change(
        actor=world.actor("clerk"), change_id=waiting_card.id, confirmed=True, reason="看过身份证", at=AT
    )
    world.wang.refresh_from_db()
    assert world.wang.phone == NEW
    done = PhoneChange.objects.get()
    assert (done.status, done.phone, done.phone_index) == ("confirmed", None, None)
    with pytest.raises(Conflict):
        actions.answer_phone_change(
            actor=world.actor("clerk"), change_id=done.pk, confirmed=False, reason="再看一遍", at=AT
        )


def test_a_wrong_factor_or_code_changes_nothing(world: World, ask_new):
    with_factor(world.wang)
    wang = acting(world.wang)
    ticket, code = ask_new(wang)
    with pytest.raises(Invalid):
        change(wang, ticket, code, "000000")
    assert change(wang, ticket, "x", code_of(world.wang)) == Outcome.WRONG
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812345678"


def test_a_code_for_another_number_does_not_sign_in_and_the_other_way_round(
    world: World, ask_new, sent, committed
):
    wang, li = acting(world.wang), acting(world.li)
    ticket, code = ask_new(wang)
    assert actions.enter_code(ticket=ticket, code=code, device="", at=AT).outcome == Outcome.SPENT
    assert change(li, ticket, code) == Outcome.SPENT, "asked for by somebody else"
    with committed():
        asked = actions.ask_login_code(phone="13722223333", at=AT)
    assert change(wang, asked.ticket, sent[-1][1]) == Outcome.SPENT


def test_a_number_with_a_used_account_is_not_taken_over(world: World, ask_new):
    with_factor(world.wang)
    wang = acting(world.wang)
    ticket, code = ask_new(wang, world.li.phone)
    with pytest.raises(Conflict):
        change(wang, ticket, code, code_of(world.wang))


def test_an_empty_account_opened_by_mistake_makes_room(world: World, ask_new):
    empty = account("新住户", NEW)
    with_factor(world.wang)
    wang = acting(world.wang)
    assert change(wang, *ask_new(wang), code_of(world.wang)) == Outcome.SIGNED_IN
    empty.refresh_from_db()
    assert (empty.phone, empty.closed_at) == (None, AT)


def test_an_account_without_homes_and_duties_needs_no_witness(world: World, ask_new):
    newcomer = account("新住户", "13733334444")
    actor = acting(newcomer)
    assert change(actor, *ask_new(actor)) == Outcome.SIGNED_IN
    newcomer.refresh_from_db()
    assert newcomer.phone == NEW


def test_one_change_waits_at_a_time_and_can_be_taken_back(world: World, ask_new):
    wang = acting(world.wang)
    change(wang, *ask_new(wang))
    with pytest.raises(Conflict):
        change(wang, *ask_new(wang, "13755556666", later(minutes=2)), at=later(minutes=2))
    assert queries.own_phone_change(wang) is not None
    actions.withdraw_phone_change(actor=wang, at=AT)
    assert queries.own_phone_change(wang) is None
    with pytest.raises(Conflict):
        actions.withdraw_phone_change(actor=wang, at=AT)


def test_a_number_that_nobody_confirms_for_three_months_is_forgotten(world: World, ask_new):
    wang = acting(world.wang)
    change(wang, *ask_new(wang))
    assert actions.drop_unanswered_changes(at=later(days=90)) == 0
    assert queries.own_phone_change(wang) is not None
    assert actions.drop_unanswered_changes(at=later(days=91)) == 1
    dropped = PhoneChange.objects.get()
    assert (dropped.status, dropped.phone, dropped.phone_index) == ("withdrawn", None, None)
    assert dropped.answer == "三个月没有人核对，自动作废。"
    assert actions.drop_unanswered_changes(at=later(days=92)) == 0
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812345678"
    assert "people_phone_change" not in {one.table for one in check_database().findings}


def test_a_recycled_number_is_taken_from_account_and_register_with_a_reason(world: World, sign_in):
    entered = sign_in(world.wang.phone)
    for stranger in ("other_clerk", "committee", "street_officer", "wang"):
        with pytest.raises(NotAllowed):
            actions.detach_number(
                actor=world.actor(stranger), account_id=world.wang.pk, reason="号码已换人", at=AT
            )
    with pytest.raises(Invalid):
        actions.detach_number(actor=world.actor("clerk"), account_id=world.wang.pk, reason="。", at=AT)
    actions.detach_number(actor=world.actor("clerk"), account_id=world.wang.pk, reason="号码已换人", at=AT)
    assert queries.signed_in(token_hash(entered.token), AT) is None
    assert Person.objects.get(pk=world.wang_entry.pk).phone_index is None
    newcomer = sign_in("13812345678", later(minutes=2))
    assert not newcomer.entries_wait
    actor = queries.signed_in(token_hash(newcomer.token), later(minutes=2)).actor
    assert (actor.account_id != world.wang.pk, actor.homes) == (True, ())
    with pytest.raises(Conflict):
        actions.detach_number(
            actor=world.actor("clerk"), account_id=world.wang.pk, reason="号码已换人", at=AT
        )


def test_a_clerk_cannot_lock_out_an_officer_who_lives_here(world: World):
    officer = world.staff["district_officer"]
    owns(person(world.longqi, "周明", officer.phone, of=officer), world.home_502)
    with pytest.raises(NotAllowed):
        actions.detach_number(actor=world.actor("clerk"), account_id=officer.pk, reason="号码已换人", at=AT)
    actions.detach_number(actor=world.actor("operator"), account_id=officer.pk, reason="号码已换人", at=AT)


def test_a_number_in_the_register_alone_is_emptied_too(world: World):
    entry = person(world.longqi, "刘志强", NEW)
    with pytest.raises(NotAllowed):
        actions.detach_entry_number(
            actor=world.actor("other_clerk"), person=entry, reason="号码已换人", at=AT
        )
    with pytest.raises(Conflict):
        actions.detach_entry_number(
            actor=world.actor("clerk"), person=world.wang_entry, reason="号码已换人", at=AT
        )
    actions.detach_entry_number(actor=world.actor("clerk"), person=entry, reason="号码已换人", at=AT)
    with pytest.raises(Conflict):
        actions.detach_entry_number(actor=world.actor("clerk"), person=entry, reason="号码已换人", at=AT)
