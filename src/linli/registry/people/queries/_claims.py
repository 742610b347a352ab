"""Claims of homes and changes of phone numbers that wait for somebody, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import mask_phone
from linli.registry.people import policies
from linli.registry.people.domain import names
from linli.registry.people.models import (
    HomeClaim,
    Occupancy,
    Ownership,
    Person,
    PersonKind,
    PhoneChange,
    RegisterChange,
)
from linli.registry.people.queries._staff import held_by, in_force

if TYPE_CHECKING:
    from linli.registry.places.models import Place

DISPUTED = "phone_disputed"
"""The kind of a register change: whoever holds the number now says that the entry is not theirs."""

RELATIONS = {"owner": "业主", "tenant": "承租人", "family": "家属"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A present owner of the claimed home, as somebody the claimant could be."""

    person_id: int
    name: str
    phone: str
    same_name: bool
    same_phone: bool
    taken: bool


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with what the register says about the home, for whoever looks at the proof."""

    claim: HomeClaim
    relation: str
    phone: str
    candidates: Sequence[Candidate]


def waiting_claims(actor: Actor, compound: Place) -> QuerySet[HomeClaim]:
    """The claims of the compound that wait for an answer, the oldest first."""
    policies.require_may_answer_claims(actor, compound.path)
    rows = HomeClaim.objects.filter(compound_id=compound.pk, status=HomeClaim.Status.WAITING)
    return rows.select_related("unit", "account").order_by("made_at", "pk")


def answered_claims(actor: Actor, compound: Place) -> QuerySet[HomeClaim]:
    """The claims of the compound that were answered, the latest first."""
    policies.require_may_answer_claims(actor, compound.path)
    rows = HomeClaim.objects.filter(compound_id=compound.pk).exclude(status=HomeClaim.Status.WAITING)
    return rows.select_related("unit", "account", "answered_by").order_by("-answered_at", "-pk")[:100]


def claim_of(compound: Place, claim_id: int) -> HomeClaim:
    """The claim with this number in this compound."""
    rows = HomeClaim.objects.filter(pk=claim_id, compound_id=compound.pk)
    found = rows.select_related("unit", "account").first()
    if found is None:
        raise NotFound("no_such_claim", "没有找到这份认领。")
    return found


def claim_card(actor: Actor, compound: Place, claim_id: int, *, on: date) -> ClaimCard:
    """The claim beside the present owners of the home."""
    policies.require_may_answer_claims(actor, compound.path)
    claim = claim_of(compound, claim_id)
    rows = (
        Ownership.objects.filter(in_force(on), unit_id=claim.unit_id).select_related("person").order_by("pk")
    )
    return ClaimCard(
        claim=claim,
        relation=RELATIONS[claim.relation],
        phone=mask_phone(claim.account.phone or ""),
        candidates=[_candidate(row.person, claim) for row in rows],
    )


def _candidate(person: Person, claim: HomeClaim) -> Candidate:
    return Candidate(
        person_id=person.pk,
        name=person.name,
        phone=mask_phone(person.phone or ""),
        same_name=names.same_name(person.name, claim.name),
        same_phone=person.phone_index is not None and person.phone_index == claim.account.phone_index,
        taken=person.account_id is not None and person.account_id != claim.account_id,
    )


def own_claims(actor: Actor) -> QuerySet[HomeClaim]:
    """What the actor claimed, the latest first."""
    rows = HomeClaim.objects.filter(account_id=policies.own_account_id(actor)).select_related(
        "unit", "compound"
    )
    return rows.order_by("-made_at", "-pk")


def own_claim(actor: Actor, claim_id: int) -> HomeClaim:
    """One of the actor's own claims."""
    found = own_claims(actor).filter(pk=claim_id).first()
    if found is None:
        raise NotFound("no_such_claim", "没有找到这份认领。")
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """An entry of a register with the number that somebody just proved: perhaps it is them."""

    person_id: int
    compound_name: str
    masked_name: str
    masked_homes: Sequence[str]


def entries_to_confirm(phone_index: str, account_id: int, on: date) -> list[Match]:
    """The entries with this number that are in nobody's hands yet; organisations claim with a proof.

    What the account already said is not its own is not asked again.
    """
    disputed = RegisterChange.objects.filter(kind=DISPUTED, by_account_id=account_id)
    rows = Person.objects.filter(
        phone_index=phone_index, account=None, erased_at=None, kind=PersonKind.NATURAL
    ).exclude(pk__in=disputed.values("person_id"))
    matches = [_match(person, on) for person in rows.select_related("compound").order_by("pk")]
    return [one for one in matches if one.masked_homes]


def _match(person: Person, on: date) -> Match:
    labels = [
        *person.ownerships.filter(in_force(on)).values_list("unit__label", flat=True),
        *person.occupancies.filter(in_force(on)).values_list("unit__label", flat=True),
    ]
    return Match(
        person_id=person.pk,
        compound_name=person.compound.name,
        masked_name=names.public(person.name, consented=False),
        masked_homes=sorted({names.mask_label(one) for one in labels}),
    )


@dataclass(frozen=True, slots=True)
class PhoneChangeCard:
    """A change of number that waits, for whoever may vouch for the person."""

    id: int
    account_id: int
    name: str
    old_phone: str
    new_phone: str
    asked_at: datetime


def home_paths(account_id: int, on: date) -> list[str]:
    """The paths of the compounds in which an account has a home."""
    owned = Ownership.objects.filter(in_force(on), person__account_id=account_id)
    lived = Occupancy.objects.filter(in_force(on), person__account_id=account_id)
    return sorted(
        {*owned.values_list("compound__path", flat=True), *lived.values_list("compound__path", flat=True)}
    )


def waiting_phone_changes(actor: Actor, compound: Place, on: date) -> list[PhoneChangeCard]:
    """The changes of number of people of this compound that the actor may confirm."""
    rows = PhoneChange.objects.filter(
        status=PhoneChange.Status.WAITING, account__people__compound_id=compound.pk
    ).distinct()
    return [
        PhoneChangeCard(
            id=row.pk,
            account_id=row.account_id,
            name=row.account.name,
            old_phone=mask_phone(row.account.phone or ""),
            new_phone=mask_phone(row.phone or ""),
            asked_at=row.asked_at,
        )
        for row in rows.select_related("account").order_by("asked_at")
        if not held_by(row.account_id, on) and policies.may_keep_register(actor, compound.path)
    ]


def phone_change(change_id: int) -> PhoneChange:
    """The change of number with this id; the action asks who may answer it."""
    found = PhoneChange.objects.select_related("account").filter(pk=change_id).first()
    if found is None:
        raise NotFound("no_such_phone_change", "没有找到这份换号申请。")
    return found


def own_phone_change(actor: Actor) -> PhoneChange | None:
    """The actor's own change that waits, if there is one."""
    return PhoneChange.objects.filter(
        account_id=policies.own_account_id(actor), status=PhoneChange.Status.WAITING
    ).first()
