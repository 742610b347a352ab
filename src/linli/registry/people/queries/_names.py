"""What people are called, for their neighbours and for the public."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.db.fields import blind_index
from linli.ground.kernel.codes import check_mobile
from linli.ground.kernel.errors import Invalid
from linli.registry.people.domain import consents, names
from linli.registry.people.models import Account, Consent

DISPLAY = "identity_display"


def display_name(account_id: int) -> str:
    """The name for a public page: masked, unless its bearer agreed to show it."""
    return display_names([account_id]).get(account_id, "")


def display_names(account_ids: Iterable[int | None]) -> dict[int, str]:
    """``display_name`` of many accounts, in two queries."""
    wanted = {one for one in account_ids if one is not None}
    agreed = set(
        Consent.objects.filter(
            account_id__in=wanted,
            purpose=DISPLAY,
            withdrawn_at=None,
            text_sha256=consents.purpose(DISPLAY).sha256,
        ).values_list("account_id", flat=True)
    )
    found = Account.objects.filter(pk__in=wanted).values_list("pk", "name", "closed_at")
    return {pk: name if closed else names.public(name, consented=pk in agreed) for pk, name, closed in found}


def full_names(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names as colleagues of the same house read them; the caller has checked that they may."""
    wanted = {one for one in account_ids if one is not None}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name"))


def has_consent(account_id: int, purpose: str) -> bool:
    """Whether a consent to the purpose is in force, given to the words as they stand today."""
    return Consent.objects.filter(
        account_id=account_id,
        purpose=purpose,
        withdrawn_at=None,
        text_sha256=consents.purpose(purpose).sha256,
    ).exists()


def consenting(account_ids: Iterable[int], purpose: str) -> set[int]:
    """Those of the accounts who agreed to the purpose as it is worded today."""
    return set(
        Consent.objects.filter(
            account_id__in=set(account_ids),
            purpose=purpose,
            withdrawn_at=None,
            text_sha256=consents.purpose(purpose).sha256,
        ).values_list("account_id", flat=True)
    )


def account_known_as(phone: str, name: str) -> int:
    """The open account with this number and this name. One refusal for all else: numbers are not to be tried out."""
    index = blind_index(check_mobile(phone))
    found = Account.objects.filter(phone_index=index, closed_at=None, suspended_at=None).first()
    if found is None or not names.same_name(found.name, name):
        raise Invalid(
            "nobody_known_as",
            "没有用这个手机号登录过的同名的人。请核对手机号和姓名；本人还没登录过的，请他先登录一次。",
            field="phone",
        )
    return found.pk
