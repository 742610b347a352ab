"""Who lives in a home without owning it: tenants and family, entered by the owners or at the counter."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from linli.ground.db.rows import insert
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.people import policies
from linli.registry.people.actions import _entries
from linli.registry.people.actions._entries import Written
from linli.registry.people.domain.register import NewPerson
from linli.registry.people.models import Occupancy, Ownership, Relation

if TYPE_CHECKING:
    from linli.registry.places.models import Unit


@transaction.atomic
def add_occupant(
    *,
    actor: Actor,
    unit: Unit,
    new: NewPerson,
    relation: str,
    from_on: date | None = None,
    at: datetime,
) -> Occupancy:
    """Enter a tenant or a member of the family. They sign in with their number and say "that is me".

    The answer is the same whether the number is known or not. Refuses whoever neither owns the home nor
    keeps the register, and somebody who owns or lives there already.
    """
    policies.require_may_change_household(actor, unit.pk, unit.compound.path)
    if relation not in Relation.values:
        raise Invalid("no_such_relation", "请选择这位是承租人还是家属。", field="relation")
    _entries.take_turn(unit.compound_id)
    written = Written.nothing()
    person = _entries.entry_for(unit.compound_id, new, written)
    owns = Ownership.objects.filter(unit_id=unit.pk, person=person, to_on=None).exists()
    if owns or Occupancy.objects.filter(unit_id=unit.pk, person=person, to_on=None).exists():
        raise Conflict("lives_here_already", "这个人已经登记在这套房里。")
    lives = insert(
        Occupancy(
            compound_id=unit.compound_id,
            unit=unit,
            person=person,
            relation=relation,
            from_on=from_on or timezone.localdate(at),
        )
    )
    written.rows.append(lives)
    written.record(
        compound_id=unit.compound_id,
        kind="occupant.added",
        body={"unit": unit.pk},
        by=actor,
        at=at,
    )
    return lives


@transaction.atomic
def end_occupancy(*, actor: Actor, unit: Unit, occupancy_id: int, at: datetime) -> None:
    """Somebody moves out, by their own word, the owner's or the counter's."""
    _entries.take_turn(unit.compound_id)
    found = Occupancy.objects.filter(pk=occupancy_id, unit_id=unit.pk, to_on=None).first()
    if found is None:
        raise NotFound("no_such_occupancy", "这位住户已经移出，请刷新后再看。")
    policies.require_may_leave_household(actor, unit.pk, found.person_id, unit.compound.path)
    written = Written.nothing()
    _entries.end_occupancies([found], timezone.localdate(at), written)
    written.record(
        compound_id=unit.compound_id,
        kind="occupant.ended",
        body={"unit": unit.pk},
        by=actor,
        at=at,
    )
