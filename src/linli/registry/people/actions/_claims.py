"""Claims of homes: made with a proof, confirmed or refused with a reason, or taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.ground.db.locks import lock
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel import bus
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.web import uploads
from linli.registry.people import events, policies
from linli.registry.people.actions import _entries
from linli.registry.people.actions._entries import Written
from linli.registry.people.actions._linking import link
from linli.registry.people.actions._login import NEW_NAME
from linli.registry.people.domain import names, register
from linli.registry.people.domain.register import NewPerson
from linli.registry.people.models import Account, HomeClaim, Occupancy, Ownership, Person, Relation

if TYPE_CHECKING:
    from linli.registry.places.models import Unit

STREAM = "register/claims"
PROOF_KEPT = timedelta(days=90)


@transaction.atomic
def claim_home(
    *, actor: Actor, unit: Unit, relation: str, name: str, note: str = "", proof: str = "", at: datetime
) -> HomeClaim:
    """Say that a home is one's own, or that one lives there; ``proof`` is the digest of a kept picture.

    Refuses a home the actor has already, and a second claim while the first waits.
    """
    if relation not in ("owner", *Relation.values):
        raise Invalid("no_such_relation", "请选择您是业主、承租人，还是家属。", field="relation")
    name = register.checked_name(name)
    if relation == "owner" and not proof:
        raise Invalid(
            "proof_missing", "请拍一张房产证、购房合同或物业缴费单，工作人员核对后就删除。", field="proof"
        )
    if any(home.unit_id == unit.pk and home.relation == relation for home in actor.homes):
        raise Conflict("home_yours_already", "这套房已经在您名下。")
    if HomeClaim.objects.filter(
        unit=unit, account_id=policies.own_account_id(actor), status=HomeClaim.Status.WAITING
    ).exists():
        raise Conflict("claim_waits", "您已经认领过这套房，工作人员正在核对。")
    Account.objects.filter(pk=policies.own_account_id(actor), name=NEW_NAME).update(name=name)
    claim = insert(
        HomeClaim(
            compound_id=unit.compound_id,
            unit=unit,
            account_id=policies.own_account_id(actor),
            relation=relation,
            name=name,
            note=" ".join(note.split())[:300],
            proof=proof,
            made_at=at,
        )
    )
    _record(claim, "claim.made", by=actor, at=at)
    bus.publish(events.HomeClaimMade(claim.pk, claim.compound_id, at))
    return claim


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim_id: int, at: datetime) -> HomeClaim:
    """Take one's own waiting claim back."""
    claim = _waiting(claim_id)
    if claim.account_id != actor.account_id:
        raise NotFound("no_such_claim", "没有找到这份认领。")
    claim.status = HomeClaim.Status.WITHDRAWN
    claim.answered_at = at
    claim.save(update_fields=["status", "answered_at"])
    _record(claim, "claim.withdrawn", by=actor, at=at)
    return claim


@transaction.atomic
def refuse_claim(*, actor: Actor, claim_id: int, reason: str, at: datetime) -> HomeClaim:
    """The proof does not carry the claim; the claimant reads why and what to bring instead."""
    claim = _answerable(actor, claim_id)
    _answer(claim, HomeClaim.Status.REFUSED, register.checked_reason(reason), by=actor, at=at)
    _record(claim, "claim.refused", by=actor, at=at)
    _tell(claim, confirmed=False, at=at)
    return claim


@transaction.atomic
def confirm_claim(
    *, actor: Actor, claim_id: int, person_id: int | None, reason: str, at: datetime
) -> HomeClaim:
    """The claim is right: the claimant is this owner of the register, or lives there.

    ``person_id`` is the present owner whom the claimant is; without it an owner is added to the
    register, which only its keepers may do. Refuses one's own claim and an entry in other hands.
    """
    claim = _answerable(actor, claim_id)
    reason = register.checked_reason(reason)
    _entries.take_turn(claim.compound_id)
    written = Written.nothing()
    if claim.relation == "owner":
        person = _owner(claim, person_id, written, reason=reason, by=actor, at=at)
    else:
        person = _occupant(claim, written, at)
    _answer(claim, HomeClaim.Status.CONFIRMED, reason, by=actor, at=at)
    if written.rows:
        written.record(
            compound_id=claim.compound_id,
            kind="claim.entered",
            body={"claim": claim.pk, "unit": claim.unit_id},
            by=actor,
            at=at,
        )
    link([person], claim.account, by=actor, at=at)
    _record(claim, "claim.confirmed", by=actor, at=at)
    _tell(claim, confirmed=True, at=at)
    return claim


@transaction.atomic
def forget_old_proofs(*, at: datetime) -> int:
    """Delete the pictures of claims that were answered three months ago; returns how many."""
    old = HomeClaim.objects.filter(answered_at__lte=at - PROOF_KEPT).exclude(proof="")
    found = list(old)
    for claim in found:
        forget_proof(claim)
    return len(found)


def forget_proof(claim: HomeClaim) -> None:
    """Delete the picture of one claim once the transaction stands, unless another claim shows it too."""
    proof, claim.proof = claim.proof, ""
    claim.save(update_fields=["proof"])
    if proof and not HomeClaim.objects.filter(proof=proof).exists():
        transaction.on_commit(lambda: uploads.forget(proof))


def _owner(
    claim: HomeClaim, person_id: int | None, written: Written, *, reason: str, by: Actor, at: datetime
) -> Person:
    held = Ownership.objects.filter(unit_id=claim.unit_id, to_on=None).select_related("person")
    if person_id is not None:
        found = next((row.person for row in held if row.person_id == person_id), None)
        if found is None:
            raise NotFound("no_such_owner", "选的人现在不是这套房的业主，请刷新后再看。")
        return found
    policies.require_may_keep_register(by, claim.compound.path)
    today = timezone.localdate(at)
    person = _entry(claim, written)
    written.rows.append(
        insert(
            Ownership(
                compound_id=claim.compound_id,
                unit_id=claim.unit_id,
                person=person,
                from_on=today,
                ground=register.GROUND_LABELS[register.Ground.CLAIM],
            )
        )
    )
    _entries.tell(
        written,
        compound_id=claim.compound_id,
        unit_id=claim.unit_id,
        person_id=None,
        kind=register.Ground.CLAIM,
        on=today,
        reason=reason,
        by=by,
        at=at,
    )
    bus.publish(events.OwnersChanged(claim.unit_id, claim.compound_id, register.Ground.CLAIM, at))
    return person


def _occupant(claim: HomeClaim, written: Written, at: datetime) -> Person:
    lived = (
        Occupancy.objects.filter(unit_id=claim.unit_id, to_on=None).select_related("person").order_by("pk")
    )
    for row in lived:
        if names.same_name(row.person.name, claim.name) and row.person.account_id in (None, claim.account_id):
            return row.person
    person = _entry(claim, written)
    written.rows.append(
        insert(
            Occupancy(
                compound_id=claim.compound_id,
                unit_id=claim.unit_id,
                person=person,
                relation=claim.relation,
                from_on=timezone.localdate(at),
            )
        )
    )
    return person


def _entry(claim: HomeClaim, written: Written) -> Person:
    """The claimant's entry in this compound, if there is one already, else a new one."""
    own = Person.objects.filter(compound_id=claim.compound_id, account_id=claim.account_id, erased_at=None)
    known = next((person for person in own if names.same_name(person.name, claim.name)), None)
    if known is not None:
        return known
    new = NewPerson(claim.name, claim.account.phone or "")
    return _entries.entry_for(claim.compound_id, new, written)


def _waiting(claim_id: int) -> HomeClaim:
    claim = HomeClaim.objects.select_related("account", "compound").filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("no_such_claim", "没有找到这份认领。")
    if lock(claim).status != HomeClaim.Status.WAITING:
        raise Conflict("answered_already", "这份认领已经有人处理了。")
    return claim


def _answerable(actor: Actor, claim_id: int) -> HomeClaim:
    claim = _waiting(claim_id)
    policies.require_may_answer_claims(actor, claim.compound.path)
    policies.require_not_oneself(actor, claim.account_id)
    return claim


def _answer(claim: HomeClaim, status: HomeClaim.Status, answer: str, *, by: Actor, at: datetime) -> None:
    claim.status = status
    claim.answer = answer
    claim.answered_by_id = by.account_id
    claim.answered_at = at
    claim.save(update_fields=["status", "answer", "answered_by", "answered_at"])


def _record(claim: HomeClaim, kind: str, *, by: Actor, at: datetime) -> None:
    journal.append(
        compound_id=claim.compound_id,
        stream=STREAM,
        kind=kind,
        body={"claim": claim.pk, "unit": claim.unit_id},
        rows=[claim],
        by=by,
        at=at,
    )


def _tell(claim: HomeClaim, *, confirmed: bool, at: datetime) -> None:
    bus.publish(
        events.HomeClaimAnswered(claim.pk, claim.compound_id, claim.account_id, confirmed=confirmed, at=at)
    )
