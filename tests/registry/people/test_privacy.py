"""Consents, looks, one's own data, and erasure."""

from __future__ import annotations

import pytest

from linli.ground.journal.models import Leaf
from linli.ground.kernel import bus
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.people import actions, events, queries
from linli.registry.people.domain import consents
from linli.registry.people.domain.login import token_hash
from linli.registry.people.models import AccessRecord, Account, Consent, HomeClaim, LoginCode, Person, Session
from tests.registry.people.cast import AT, TODAY, World, account, acting, later, lives, owns, person

PHOTO = consents.purpose("photo_public")


def agree(who, purpose=PHOTO, sha256=None, at=AT):
    return actions.grant_consent(
        actor=acting(who), purpose=purpose.code, text_sha256=sha256 or purpose.sha256, at=at
    )


def test_a_consent_is_given_to_the_words_that_were_read_and_taken_back(world: World):
    assert not queries.has_consent(world.wang.pk, "photo_public")
    agree(world.wang)
    assert queries.has_consent(world.wang.pk, "photo_public")
    assert not queries.has_consent(world.wang.pk, "plate_record")
    assert queries.consenting([world.wang.pk, world.li.pk], "photo_public") == {world.wang.pk}
    with pytest.raises(Conflict):
        agree(world.wang)
    actions.withdraw_consent(actor=acting(world.wang), purpose="photo_public", at=later(days=1))
    assert not queries.has_consent(world.wang.pk, "photo_public")
    with pytest.raises(Conflict):
        actions.withdraw_consent(actor=acting(world.wang), purpose="photo_public", at=later(days=1))
    agree(world.wang, at=later(days=2))
    assert Consent.objects.count() == 2, "history is never edited"


def test_a_consent_to_words_that_changed_meanwhile_is_refused(world: World):
    with pytest.raises(Conflict):
        agree(world.wang, sha256="0" * 64)
    with pytest.raises(NotFound):
        actions.withdraw_consent(actor=acting(world.wang), purpose="everything", at=AT)


def test_new_words_need_a_new_consent(world: World):
    old = agree(world.wang)
    Consent.objects.filter(pk=old.pk).update(text_sha256="0" * 64)
    lines = {line.purpose.code: line for line in queries.own_consents(acting(world.wang))}
    assert lines["photo_public"].outdated
    assert not lines["plate_record"].outdated
    agree(world.wang, at=later(days=1))
    old.refresh_from_db()
    assert old.withdrawn_at == later(days=1)


def test_the_log_does_not_say_to_what_somebody_agreed(world: World):
    agree(world.wang, consents.purpose("party_membership"))
    leaf = Leaf.objects.get(kind="consent.granted")
    assert leaf.log_id == 0
    assert "party" not in bytes(leaf.entry).decode()


# --- looks ------------------------------------------------------------------------------------------------


def reveal(world: World, by="clerk", reason="水管爆了，联系关阀门"):
    return actions.reveal_phone(
        actor=world.actor(by), compound=world.longqi, person_id=world.wang_entry.pk, reason=reason, at=AT
    )


def test_a_number_is_shown_for_a_reason_which_its_bearer_reads(world: World):
    assert reveal(world) == "13812345678"
    (look,) = queries.looks_at(acting(world.wang))
    assert (look.what, look.who, look.reason, look.compound_name) == (
        "查看手机号",
        "冯**",
        "水管爆了，联系关阀门",
        "隆祺嘉园",
    )
    assert queries.looks_at(acting(world.li)) == []


@pytest.mark.parametrize("by", ["other_clerk", "captain", "repairer", "supervisor", "operator", "wang", "li"])
def test_strangers_are_shown_no_number(world: World, by):
    with pytest.raises(NotAllowed):
        reveal(world, by=by)
    assert not AccessRecord.objects.exists()


def test_no_number_without_a_reason(world: World):
    with pytest.raises(Invalid):
        reveal(world, reason="")
    with pytest.raises(NotFound):
        actions.reveal_phone(
            actor=world.actor("other_clerk"),
            compound=world.haiyun,
            person_id=world.wang_entry.pk,
            reason="水管爆了",
            at=AT,
        )


def test_whoever_takes_the_list_away_is_read_by_everybody_in_it(world: World):
    actions.take_register(
        actor=world.actor("clerk"), compound=world.longqi, what="export", reason="通知停水", at=AT
    )
    (look,) = queries.looks_at(acting(world.wang))
    assert (look.what, look.of_list) == ("导出名册", True)
    assert queries.looks_at(acting(world.li)) == []
    for stranger in ("committee", "street_officer", "other_clerk", "wang"):
        with pytest.raises(NotAllowed):
            actions.take_register(
                actor=world.actor(stranger), compound=world.longqi, what="export", reason="通知停水", at=AT
            )


def test_a_look_stands_in_the_log_without_its_reason(world: World):
    reveal(world)
    leaf = Leaf.objects.get(kind="look.phone")
    assert leaf.log_id == world.longqi.pk
    assert "水管" not in bytes(leaf.entry).decode()


# --- one's own data ---------------------------------------------------------------------------------------


def test_a_person_takes_a_copy_of_everything_and_others_may_add_to_it(world: World, monkeypatch):
    def answer(event):
        if isinstance(event, events.OwnDataAsked):
            event.add("诉求", [{"编号": "1", "标题": "门坏了"}])

    monkeypatch.setattr(bus, "publish", answer)
    reveal(world)
    data = actions.take_own_data(actor=acting(world.wang), at=AT)
    assert data["账号"][0]["手机号"] == "13812345678"
    assert data["房屋"] == [
        {
            "小区": "隆祺嘉园",
            "房屋": "3号楼2单元501室",
            "身份": "业主",
            "开始": data["房屋"][0]["开始"],
            "结束": None,
        }
    ]
    assert data["诉求"] == [{"编号": "1", "标题": "门坏了"}]
    assert data["查看记录"][0]["做了什么"] == "查看手机号"
    assert "李建国" not in str(data)


# --- erasure ----------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(world: World, sent, committed):
    with committed():
        asked = actions.ask_login_code(phone=world.wang.phone, at=AT)
    return actions.enter_code(ticket=asked.ticket, code=sent[-1][1], device="手机", at=AT).token


def erase(who, drop=False, at=AT):
    actions.erase_account(actor=acting(who), drop_register_phone=drop, at=at)


def test_an_erased_account_leaves_no_name_no_number_and_no_way_back_in(world: World, signed_in):
    agree(world.wang)
    salt = bytes(world.wang.salt)
    erase(world.wang)
    gone = Account.objects.get(pk=world.wang.pk)
    assert (gone.name, gone.phone, gone.phone_index, gone.email, gone.totp_secret) == (
        "已注销",
        None,
        None,
        None,
        None,
    )
    assert bytes(gone.salt) != salt
    assert queries.signed_in(token_hash(signed_in), AT) is None
    assert not Session.objects.exists()
    assert not LoginCode.objects.exists()
    assert not queries.has_consent(world.wang.pk, "photo_public")
    assert queries.display_name(world.wang.pk) == "已注销"


def test_an_owner_stays_in_the_register_in_nobodys_hands(world: World):
    erase(world.wang)
    entry = Person.objects.get(pk=world.wang_entry.pk)
    assert (entry.name, entry.account_id, entry.phone) == ("王秀兰", None, "13812345678")
    (row, *_) = queries.roll(world.longqi.pk, TODAY)
    assert row.owner_ids == (entry.pk,)


def test_an_owner_may_take_the_number_out_of_the_register_too(world: World):
    salt = bytes(world.wang_entry.salt)
    erase(world.wang, drop=True)
    entry = Person.objects.get(pk=world.wang_entry.pk)
    assert (entry.name, entry.phone, entry.phone_index) == ("王秀兰", None, None)
    assert bytes(entry.salt) != salt


def test_a_tenants_entry_is_emptied(world: World):
    tenant = account("租客", "13711112222")
    entry = person(world.longqi, "租客", "13711112222", of=tenant)
    salt = bytes(entry.salt)
    room = lives(entry, world.home_502)
    made = HomeClaim.objects.create(
        compound=world.longqi,
        unit=world.home_1001,
        account=tenant,
        relation="tenant",
        name="租客",
        note="我住这里",
        made_at=AT,
    )
    erase(tenant)
    entry.refresh_from_db()
    room.refresh_from_db()
    made.refresh_from_db()
    assert (entry.name, entry.name_key, entry.phone, entry.phone_index) == ("已注销", "", None, None)
    assert entry.erased_at == AT
    assert bytes(entry.salt) != salt
    assert room.to_on == TODAY
    assert (made.name, made.note, made.status) == ("", "", "withdrawn")


def test_duties_are_handed_over_first(world: World):
    with pytest.raises(Conflict, match="交接"):
        erase(world.staff["captain"])
    erase(world.staff["former_committee"])


def test_everybody_is_told_and_every_log_has_a_line(world: World, monkeypatch):
    heard: list[object] = []
    monkeypatch.setattr(bus, "publish", heard.append)
    owns(person(world.haiyun, "王秀兰", of=world.wang), world.haiyun_101)
    erase(world.wang)
    assert heard == [events.AccountErased(world.wang.pk, AT)]
    logs = Leaf.objects.filter(kind__in=["account.erased", "person.account_erased"]).values_list(
        "log_id", flat=True
    )
    assert sorted(logs) == [0, world.longqi.pk, world.haiyun.pk]


def test_nothing_personal_stands_in_any_leaf(world: World, signed_in):
    reveal(world)
    agree(world.wang)
    erase(world.wang)
    everything = "".join(bytes(entry).decode() for entry in Leaf.objects.values_list("entry", flat=True))
    for personal in ("王秀兰", "冯小燕", "13812345678", "水管"):
        assert personal not in everything
