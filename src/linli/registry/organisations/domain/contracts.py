"""A service contract in time: when it begins, ends and has to be filed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.regulations.domain.profiles import Profile


@dataclass(frozen=True, slots=True)
class ContractRule:
    """What the rules of a day say about contracts: days or None, each with the article, empty where none."""

    filing_days: int | None
    filing_clause: str
    notice_days: int | None
    notice_clause: str
    one_company_clause: str


def contract_rule(profile: Profile) -> ContractRule:
    """The rule for contracts as the nearest level lays it down."""
    filing, filing_clause = _count(profile, "contract_filing_days")
    notice, notice_clause = _count(profile, "contract_dismissal_notice_days")
    alone = profile.fact("one_company_per_area")
    return ContractRule(
        filing, filing_clause, notice, notice_clause, str(alone.citation) if alone and alone.value else ""
    )


def _count(profile: Profile, name: str) -> tuple[int | None, str]:
    fact = profile.fact(name)
    return (fact.value, str(fact.citation)) if fact and isinstance(fact.value, int) else (None, "")


def check_dates(
    *, signed_on: date | None, from_on: date, to_on: date | None, filed_on: date | None, today: date
) -> None:
    """Refuse an end before the beginning, a filing before the signing, and either of them in the future."""
    if to_on is not None and to_on <= from_on:
        raise Invalid("contract_ends_first", "合同的结束日期要晚于开始日期。", field="last_on")
    if signed_on is not None and signed_on > today:
        raise Invalid("signed_in_future", "签订日期还没到，请核对。", field="signed_on")
    check_filing(signed_on=signed_on, filed_on=filed_on, today=today)


def check_filing(*, signed_on: date | None, filed_on: date | None, today: date) -> None:
    """Refuse a filing that has not happened yet or that came before the signing."""
    if filed_on is None:
        return
    if filed_on > today:
        raise Invalid("filed_in_future", "备案日期还没到，请核对。", field="filed_on")
    if signed_on is not None and filed_on < signed_on:
        raise Invalid("filed_before_signed", "备案日期不能早于签订日期。", field="filed_on")


def check_end(*, from_on: date, to_on: date | None, end_reason: str, ends_on: date, today: date) -> None:
    """Refuse to end a contract twice, before it began, or later than was agreed."""
    if end_reason or (to_on is not None and to_on <= today):
        raise Conflict("contract_ended_already", "这份合同已经登记过终止，或者已经到期。")
    if ends_on <= from_on:
        raise Invalid("contract_ends_first", "终止日期要晚于合同的开始日期。", field="to_on")
    if to_on is not None and ends_on > to_on:
        raise Invalid(
            "contract_prolonged",
            "这里只能提前终止。合同约定到 {last} 为止，续签请另登记一份合同。",
            last=(to_on - timedelta(days=1)).isoformat(),
            field="to_on",
        )


def file_by(signed_on: date | None, days: int | None) -> date | None:
    """The last day of filing, counted from the day after the signing; None where nothing is laid down."""
    if signed_on is None or days is None:
        return None
    return signed_on + timedelta(days=days)
