"""The register of bodies: registered, put right, closed."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connections

from linli.ground.journal import queries as journal
from linli.ground.kernel.actor import NOBODY, system
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.organisations import actions, queries
from linli.registry.organisations.actions import DutyHours, Particulars
from linli.registry.organisations.models import Change, Duty, Organisation, Seat, ServiceContract
from linli.registry.people.models import RoleAssignment
from tests.registry.organisations.cast import AT, CODE, THIRD_CODE, TODAY, House, elect, sign
from tests.registry.people.cast import place


def register(house: House, by: str = "district_officer", **more):
    given = {
        "kind": "property_company",
        "name": "新家园物业有限公司",
        "short_name": "新家园",
        "place_id": house.world.district.pk,
        "uscc": THIRD_CODE,
    } | more
    return actions.register_organisation(actor=house.actor(by), at=AT, **given)


def as_it_is(body: Organisation, **more) -> Particulars:
    given = {"name": body.name, "short_name": body.short_name, "uscc": body.uscc, "phone": body.phone}
    return Particulars(**{**given, **more})


def test_a_company_is_registered_with_a_line_of_history_and_a_receipt(house: House):
    made = register(house, name=" 新家园物业　有限公司 ", phone="0532-00009999", hours="8:00—18:00")
    assert (made.name, made.uscc) == ("新家园物业 有限公司", THIRD_CODE)
    change = Change.objects.get(organisation=made)
    act = journal.find_act(0, int(change.receipt.split(":")[2]))
    assert (act.kind, act.receipt, act.body["kind"]) == (
        "organisation.register",
        change.receipt,
        "property_company",
    )


@pytest.mark.parametrize("by", ["committee", "manager", "community_worker", "wang", "supervisor"])
def test_who_keeps_no_register_registers_nothing(house: House, by: str):
    with pytest.raises(NotAllowed):
        register(house, by)


def test_a_street_registers_nothing_for_the_whole_district(house: House):
    with pytest.raises(NotAllowed):
        register(house, "street_officer")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"uscc": ""}, "要填统一社会信用代码"),
        ({"uscc": "91370211MA00000A97"}, "校验位"),
        ({"uscc": "91370211MA00000"}, "应为 18 位"),
        ({"uscc": CODE}, "已经登记过"),
        ({"kind": "bank"}, "类别"),
        ({"kind": "red_committee"}, "不能登记在这一级"),
        ({"name": " "}, "全称"),
        ({"name": "长" * 81}, "最多 80 个字，现在有 81 个"),
        ({"short_name": "长" * 25}, "最多 24 个字"),
        ({"phone": "0" * 25}, "电话最多 24 个字"),
        ({"hours": "全" * 61}, "服务时间最多 60 个字"),
        ({"parent_id": 999_999}, "没有找到这个上级"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_cut(house: House, wrong, words):
    before = Organisation.objects.count()
    with pytest.raises((Invalid, Conflict), match=words):
        register(house, **wrong)
    assert Organisation.objects.count() == before


def test_a_compound_has_one_committee_of_a_kind(house: House):
    given = {"kind": "red_committee", "place_id": house.world.longqi.pk, "uscc": ""}
    with pytest.raises(Conflict, match="已经登记了一个红色业主委员会"):
        register(house, "street_officer", **given)


def test_nothing_is_registered_at_a_closed_place(house: House):
    closed = place("compound", "旧小区", house.world.community, slug="old")
    closed.closed_on = TODAY
    closed.save()
    with pytest.raises(Invalid, match="已经注销"):
        register(house, "street_officer", kind="owners_committee", place_id=closed.pk, uscc="")


def test_a_superior_covers_the_place_and_does_not_stand_below(house: House):
    with pytest.raises(Invalid, match="管得到"):
        register(house, parent_id=house.committee.pk)
    branch = actions.correct_organisation(
        actor=house.actor("street_officer"),
        organisation_id=house.committee.pk,
        right=as_it_is(house.committee, parent_id=house.branch.pk),
        reason="党组织领导",
        at=AT,
    ).parent
    assert branch == house.branch
    with pytest.raises(Invalid, match="它自己或它的下级"):
        actions.correct_organisation(
            actor=house.actor("street_officer"),
            organisation_id=house.branch.pk,
            right=as_it_is(house.branch, parent_id=house.committee.pk),
            reason="写反了",
            at=AT,
        )


def test_a_closed_superior_is_none(house: House):
    Organisation.objects.filter(pk=house.street.pk).update(closed_on=TODAY)
    with pytest.raises(Invalid, match="已经注销"):
        register(
            house,
            "street_officer",
            kind="partner_unit",
            place_id=house.world.street.pk,
            uscc="",
            parent_id=house.street.pk,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_code_at_once_the_second_is_told_so():
    district = place("district", "西海岸新区")
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def enter(name: str):
        together.wait()
        while True:
            try:
                actions.register_organisation(
                    actor=system("test"),
                    kind="property_company",
                    name=name,
                    short_name=name,
                    place_id=district.pk,
                    uscc=CODE,
                    at=AT,
                )
                outcomes.append("done")
                break
            except Conflict as refusal:
                outcomes.append(refusal.code)
                break
            except OperationalError:  # the suite's SQLite lies in shared memory and does not wait
                continue
        connections.close_all()

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("甲物业", "乙物业")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "uscc_taken"]
    assert Organisation.objects.count() == 1


def test_the_database_itself_keeps_a_code_single_and_the_clerk_reads_a_sentence(house: House, monkeypatch):
    """Whoever slips between the question and the writing is still told in words."""
    monkeypatch.setattr("linli.registry.organisations.actions._register._code", lambda body, code: code)
    with pytest.raises(Conflict, match="已经登记过了"):
        register(house, uscc=CODE)
    assert Organisation.objects.filter(uscc=CODE).count() == 1


def test_a_correction_keeps_what_was_and_why(house: House):
    actions.correct_organisation(
        actor=house.actor("district_officer"),
        organisation_id=house.company.pk,
        right=as_it_is(house.company, phone="0532-00007777", hours="全天"),
        reason="换了值班电话",
        at=AT,
    )
    change = Change.objects.filter(organisation=house.company).latest("pk")
    assert change.before == "电话：0532-00001234；服务时间：（空）"
    assert change.after == "电话：0532-00007777；服务时间：全天"
    assert change.reason == "换了值班电话"


def test_a_correction_needs_a_reason_and_a_difference(house: House):
    def correct(reason: str, **more):
        return actions.correct_organisation(
            actor=house.actor("district_officer"),
            organisation_id=house.company.pk,
            right=as_it_is(house.company, **more),
            reason=reason,
            at=AT,
        )

    with pytest.raises(Conflict, match="没有改动"):
        correct("看了一遍")
    with pytest.raises(Invalid, match="原因"):
        correct(".", phone="1")
    with pytest.raises(Conflict, match="已经登记过"):
        correct("写错了", uscc=house.other_company.uscc)


# --- closing ----------------------------------------------------------------------------------------------


def close(
    house: House, body: Organisation, by: str = "district_officer", on: date = TODAY, reason="公司解散"
):
    return actions.close_organisation(
        actor=house.actor(by), organisation_id=body.pk, on=on, reason=reason, at=AT
    )


def test_a_body_for_which_people_still_act_is_not_closed(house: House):
    with pytest.raises(Conflict, match="还有 3 人在这个机构任职"):
        close(house, house.company)


def test_with_a_company_its_contract_ends_and_its_duties_go(house: House):
    sign(house)
    actions.plan_duty(
        actor=house.actor("manager"),
        organisation_id=house.company.pk,
        place_id=house.world.longqi.pk,
        account_id=house.world.staff["clerk"].pk,
        days=[TODAY, TODAY + timedelta(days=1)],
        hours=DutyHours("前台", 480, 1200),
        at=AT,
    )
    RoleAssignment.objects.filter(organisation_id=house.company.pk).update(to_on=TODAY)
    close(house, house.company)
    contract = ServiceContract.objects.get()
    assert (contract.to_on, contract.agreed_to_on, contract.end_reason) == (
        TODAY,
        date(2027, 4, 1),
        "公司解散",
    )
    assert not Duty.objects.filter(removed_at=None).exists()
    assert [act.kind for act in journal.acts(house.world.longqi.pk, limit=1)] == ["contract.end"]
    assert list(queries.serving_organisations(house.world.longqi.pk, TODAY).filter(pk=house.company.pk)) == []
    with pytest.raises(Conflict, match="已经注销"):
        close(house, house.company)


def test_with_a_committee_its_seats_end(house: House):
    elect(house)
    RoleAssignment.objects.filter(organisation_id=house.committee.pk).update(to_on=TODAY)
    close(house, house.committee, "street_officer", reason="小区拆迁")
    assert {(seat.to_on, seat.ended_reason) for seat in Seat.objects.all()} == {(TODAY, "小区拆迁")}


def test_closing_waits_for_bodies_below_and_for_its_day(house: House):
    with pytest.raises(Invalid, match="不能晚于今天"):
        close(house, house.other_company, on=TODAY + timedelta(days=1))
    with pytest.raises(Invalid, match="原因"):
        close(house, house.other_company, reason="")
    actions.correct_organisation(
        actor=house.actor("street_officer"),
        organisation_id=house.committee.pk,
        right=as_it_is(house.committee, parent_id=house.street.pk),
        reason="归街道指导",
        at=AT,
    )
    with pytest.raises(Conflict, match="还以它为上级"):
        close(house, house.street, "street_officer", reason="并街道")


def test_a_contract_that_has_not_begun_stands_against_closing(house: House):
    sign(house, from_on=TODAY + timedelta(days=30), to_on=None, company_id=house.other_company.pk)
    with pytest.raises(Conflict, match="才开始的物业合同"):
        close(house, house.other_company)


# --- reading ----------------------------------------------------------------------------------------------


def names(house: House, by: str, **wish) -> list[str]:
    return [body.name for body in queries.register(house.actor(by), queries.Wish(**wish))]


def test_an_officer_reads_the_bodies_of_the_own_scope_and_those_above(house: House):
    elsewhere = place("subdistrict", "别处街道", house.world.district)
    register(house, kind="subdistrict_office", name="别处街道办事处", place_id=elsewhere.pk, uscc="")
    assert "别处街道办事处" in names(house, "district_officer")
    assert "别处街道办事处" not in names(house, "street_officer")
    assert "隆祺物业服务有限公司" in names(house, "street_officer")


@pytest.mark.parametrize("by", ["committee", "manager", "wang", "li", "supervisor", "former_committee"])
def test_the_register_is_not_for_others(house: House, by: str):
    with pytest.raises(NotAllowed):
        names(house, by)
    with pytest.raises(NotAllowed):
        queries.register(NOBODY, queries.Wish())


def test_the_list_is_searched_and_filtered(house: House):
    assert names(house, "district_officer", search="海韵") == ["海韵物业有限公司"]
    assert names(house, "district_officer", search=CODE.lower()) == ["隆祺物业服务有限公司"]
    assert names(house, "district_officer", kind="party_branch") == ["隆祺嘉园小区党支部"]
    close(house, house.other_company)
    assert names(house, "district_officer", search="海韵") == []
    assert names(house, "district_officer", search="海韵", closed=True) == ["海韵物业有限公司"]


def test_a_body_outside_the_scope_is_not_there(house: House):
    elsewhere = place("subdistrict", "别处街道", house.world.district)
    other = register(house, kind="subdistrict_office", name="别处办", place_id=elsewhere.pk, uscc="")
    with pytest.raises(NotFound):
        queries.card(actor=house.actor("street_officer"), organisation_id=other.pk, on=TODAY)
