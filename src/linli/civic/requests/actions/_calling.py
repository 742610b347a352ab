"""Whoever works on a matter calls the reporter; each look at the number is on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.civic.requests import policies, queries
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound
from linli.registry.people import actions as people


@transaction.atomic
def reveal_number(*, actor: Actor, compound_id: int, request_id: int, at: datetime) -> str:
    """The full number of whoever reported, for those who dispatch and the one who does the work.

    The reporter reads who looked and for which request. Refuses others, and a matter without a number.
    Source: 个人信息保护法 arts. 6, 51.
    """
    matter = queries.detail(actor=actor, compound_id=compound_id, request_id=request_id).request
    policies.require_may_know_reporter(actor, matter, matter.compound.path)
    number: str = matter.caller_phone or (matter.reporter.phone if matter.reporter else "") or ""
    if not number:
        raise NotFound("no_number", "这件诉求没有留手机号。")
    people.note_call(
        actor=actor,
        compound=matter.compound,
        account_id=None if matter.caller_phone else matter.reporter_id,
        phone=number,
        reason=f"办理诉求 {matter.number}，联系报事人",
        at=at,
    )
    return number
