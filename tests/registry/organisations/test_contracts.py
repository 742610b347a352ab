"""Contracts between a compound and its company."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.ground.journal.models import Leaf
from linli.ground.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from linli.registry.organisations import actions, queries
from linli.registry.organisations.models import Organisation, ServiceContract
from tests.registry.organisations.cast import AT, CONTRACT_FROM, CONTRACT_TO, TODAY, House, sign

DAY = timedelta(days=1)


def end(
    house: House,
    contract: ServiceContract,
    to_on: date,
    reason: str = "业主大会决定解聘",
    by="district_officer",
):
    return actions.end_contract(
        actor=house.actor(by), contract_id=contract.pk, to_on=to_on, reason=reason, at=AT
    )


def test_a_contract_stands_in_the_log_of_its_compound(house: House):
    contract = sign(house, signed_on=date(2025, 3, 20), filed_on=date(2025, 3, 25))
    leaf = Leaf.objects.get(kind="contract.sign")
    assert leaf.log_id == house.world.longqi.pk
    assert queries.serving_organisations(house.world.longqi.pk, TODAY).filter(pk=house.company.pk).exists()
    line = queries.contract_of(house.actor("street_officer"), house.company.pk, contract.pk, TODAY)
    assert (line.is_running, line.last_on, line.file_by) == (
        True,
        CONTRACT_TO - DAY,
        date(2025, 3, 30),
    )


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2026, 1, 1), date(2026, 6, 1)),  # inside
        (date(2024, 1, 1), date(2025, 4, 2)),  # reaches one day into it
        (date(2027, 3, 31), None),  # begins on its last day
        (date(2024, 1, 1), None),  # around it
    ],
)
def test_one_compound_has_one_company_at_a_time(house: House, from_on, to_on):
    sign(house)
    with pytest.raises(Conflict, match="一个小区同一时间只能有一家") as told:
        sign(house, company_id=house.other_company.pk, from_on=from_on, to_on=to_on)
    assert "第五十三条" in told.value.clause
    with pytest.raises(Conflict):
        sign(house, from_on=from_on, to_on=to_on)


def test_the_next_contract_begins_on_the_day_the_last_one_ends(house: House):
    sign(house)
    sign(house, company_id=house.other_company.pk, from_on=CONTRACT_TO, to_on=None)
    assert ServiceContract.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to_on": CONTRACT_FROM}, "晚于开始"),
        ({"signed_on": TODAY + DAY}, "签订日期还没到"),
        ({"filed_on": TODAY + DAY}, "备案日期还没到"),
        ({"signed_on": date(2025, 3, 20), "filed_on": date(2025, 3, 19)}, "不能早于签订"),
    ],
)
def test_impossible_days_are_refused(house: House, wrong, words):
    with pytest.raises(Invalid, match=words):
        sign(house, **wrong)


def test_only_a_company_that_is_open_signs(house: House):
    with pytest.raises(Invalid, match="物业服务企业"):
        sign(house, company_id=house.street.pk)
    Organisation.objects.filter(pk=house.company.pk).update(closed_on=TODAY)
    with pytest.raises(Conflict, match="已经注销"):
        sign(house)


@pytest.mark.parametrize("by", ["manager", "committee", "community_worker", "wang", "other_manager"])
def test_only_the_authorities_register_contracts(house: House, by: str):
    with pytest.raises(NotAllowed):
        sign(house, by=by)
    contract = sign(house)
    with pytest.raises(NotAllowed):
        end(house, contract, TODAY + DAY, by=by)


def test_ending_early_keeps_the_agreed_end_and_the_reason(house: House):
    contract = end(house, sign(house), TODAY + timedelta(days=60))
    assert (contract.to_on, contract.agreed_to_on, contract.end_reason) == (
        TODAY + timedelta(days=60),
        CONTRACT_TO,
        "业主大会决定解聘",
    )


def test_a_contract_ends_once_not_before_it_began_and_not_later_than_agreed(house: House):
    contract = sign(house)
    with pytest.raises(Invalid, match="晚于合同的开始"):
        end(house, contract, CONTRACT_FROM)
    with pytest.raises(Invalid, match="续签请另登记"):
        end(house, contract, CONTRACT_TO + DAY)
    with pytest.raises(Invalid, match="原因"):
        end(house, contract, TODAY + DAY, reason=" ")
    end(house, contract, TODAY + DAY)
    with pytest.raises(Conflict, match="已经登记过终止"):
        end(house, contract, TODAY + 2 * DAY)


def test_a_contract_that_ran_out_is_not_ended_again(house: House):
    contract = sign(house, from_on=date(2023, 1, 1), to_on=date(2025, 1, 1))
    with pytest.raises(Conflict, match="已经到期"):
        end(house, contract, date(2024, 6, 1))


def test_after_an_early_end_another_company_may_sign(house: House):
    end(house, sign(house), TODAY + DAY)
    sign(house, company_id=house.other_company.pk, from_on=TODAY + DAY, to_on=None)


def test_an_open_contract_can_be_ended_on_any_day(house: House):
    contract = end(house, sign(house, to_on=None), TODAY + DAY)
    assert (contract.to_on, contract.agreed_to_on) == (TODAY + DAY, None)


def test_a_contract_is_filed_once(house: House):
    contract = sign(house, signed_on=date(2026, 3, 10))
    given = {"actor": house.actor("district_officer"), "contract_id": contract.pk, "at": AT}
    with pytest.raises(Invalid, match="不能早于签订"):
        actions.file_contract(filed_on=date(2026, 3, 9), **given)
    assert actions.file_contract(filed_on=date(2026, 3, 12), **given).filed_on == date(2026, 3, 12)
    with pytest.raises(Conflict, match="已经登记过备案"):
        actions.file_contract(filed_on=date(2026, 3, 12), **given)


def test_a_contract_that_is_not_there_is_not_found(house: House):
    with pytest.raises(NotFound):
        end(house, ServiceContract(pk=999), TODAY)
