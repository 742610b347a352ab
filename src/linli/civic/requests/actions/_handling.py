"""From the desk to the door: dispatching, accepting, arriving, waiting, finishing, passing on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from linli.civic.requests import policies, queries
from linli.civic.requests.actions import _telling
from linli.civic.requests.actions._moving import Change, locked, make
from linli.civic.requests.domain import categories, intake, notes, sla
from linli.civic.requests.domain.workflow import IN_WORK, STATUS_WORDS, Move, Status
from linli.civic.requests.models import Request, WaitingFor
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid
from linli.registry.organisations import queries as organisations
from linli.registry.people import queries as people


@transaction.atomic
def dispatch(
    *,
    actor: Actor,
    request_id: int,
    organisation_id: int,
    handler_id: int | None = None,
    note: str = "",
    seen: str | None = None,
    at: datetime,
) -> Request:
    """Give the request to an organisation, and to one of its people if known.

    ``seen`` is the mark of the hands that the dispatcher saw it in (``queries.mark_of_hands``). Refuses an
    organisation that does not serve the compound, a handler who is not of it, and a request that somebody
    else gave away meanwhile.
    """
    request = locked(request_id)
    _require_same_hands(request, seen)
    organisation = organisations.serving(compound_id=request.compound_id, organisation_id=organisation_id)
    if handler_id is not None:
        organisations.require_member(organisation_id=organisation.pk, account_id=handler_id, on=localdate(at))
    already_given = request.organisation_id is not None and request.organisation_id == organisation.pk
    change = Change(
        note=note.strip() or notes.DISPATCHED.format(body=organisation.short_name),
        columns={"organisation_id": organisation.pk, "handler_id": handler_id, "waiting_for": ""},
        facts={"organisation": organisation.pk, "handed_over": already_given},
    )
    return make(actor=actor, request=request, move=Move.DISPATCH, change=change, at=at)


def _require_same_hands(request: Request, seen: str | None) -> None:
    now = queries.mark_of_hands(request)
    if seen is None or seen == now:
        return
    hands = [request.organisation.short_name] if request.organisation else []
    hands += [request.handler.name] if request.handler else []
    raise Conflict(
        "handed_meanwhile",
        "您打开这一页以后，别人刚动过这件诉求：现在是「{status}」，承办的是「{whose}」。还要派单，请再提交一次。",
        status=STATUS_WORDS[Status(request.status)],
        whose=" · ".join(hands) or "—",
        seen=now,
    )


@transaction.atomic
def reclassify(
    *, actor: Actor, request_id: int, category: str, danger: str = "", reason: str, at: datetime
) -> Request:
    """Put a request into its right category, or mark or unmark danger; the promise is counted anew from the report.

    Newly found danger is told to all of the staff at once. Refuses an unknown category or danger.
    """
    if category not in categories.BY_CODE or (danger and danger not in categories.DANGER_BY_CODE):
        raise Invalid("no_such_category", "请从列出的类别里选一个。", field="category")
    request = locked(request_id)
    promised = sla.promise(
        category=category, danger=bool(danger), at=request.reported_at, workdays=_telling.workdays()
    )
    newly_dangerous = bool(danger) and not request.danger
    change = Change(
        note=intake.readable_reason(reason),
        columns={
            "category": category,
            "danger": danger,
            "due_at": promised.due_at,
            "due_provisional": promised.provisional,
        },
        facts={"category": category, "danger": danger, "due": promised.due_at.isoformat()},
    )
    make(actor=actor, request=request, move=Move.RECLASSIFY, change=change, at=at)
    if newly_dangerous:
        _telling.tell_reported(request, actor, at)
    return request


@transaction.atomic
def return_order(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """Give an order back to the dispatcher with a reason that the reporter sees."""
    change = Change(
        note=intake.readable_reason(reason),
        columns={"organisation_id": None, "handler_id": None},
    )
    return make(actor=actor, request=locked(request_id), move=Move.RETURN_ORDER, change=change, at=at)


@transaction.atomic
def accept(*, actor: Actor, request_id: int, note: str = "", at: datetime) -> Request:
    """Take the order: from now on one named person is responsible."""
    change = Change(note=note.strip(), columns={"handler_id": actor.account_id})
    return make(actor=actor, request=locked(request_id), move=Move.ACCEPT, change=change, at=at)


@transaction.atomic
def arrive(*, actor: Actor, request_id: int, note: str = "", at: datetime) -> Request:
    """Say that one stands before the thing."""
    return make(
        actor=actor, request=locked(request_id), move=Move.ARRIVE, change=Change(note=note.strip()), at=at
    )


@transaction.atomic
def wait(*, actor: Actor, request_id: int, waiting_for: str, reason: str, at: datetime) -> Request:
    """Pause with a reason and with the one who holds it; the promised day goes on."""
    if waiting_for not in WaitingFor.values:
        raise Invalid("waiting_for_missing", "请选一下在等谁或等什么。", field="waiting_for")
    change = Change(
        note=intake.readable_reason(reason),
        columns={"waiting_for": waiting_for},
        facts={"waiting_for": waiting_for},
    )
    return make(actor=actor, request=locked(request_id), move=Move.WAIT, change=change, at=at)


@transaction.atomic
def resume(*, actor: Actor, request_id: int, note: str = "", at: datetime) -> Request:
    """Go on after waiting."""
    change = Change(note=note.strip(), columns={"waiting_for": ""})
    return make(actor=actor, request=locked(request_id), move=Move.RESUME, change=change, at=at)


@transaction.atomic
def finish(
    *, actor: Actor, request_id: int, note: str, pictures: Sequence[str] = (), at: datetime
) -> Request:
    """Say that it is done, with what was done and photos; the resident has the last word.

    Refuses without a photo of the result, except where nothing can be photographed (fees, praise, noise).
    """
    request = locked(request_id)
    files = intake.few_pictures(pictures)
    if not files and request.category not in ("fee", "praise", "noise", "other"):
        raise Invalid("photo_missing", "请拍一张修好后的照片，报事人好确认。", field="pictures")
    change = Change(
        note=intake.clean_note(note, empty="请写一句做了什么，例如“换了闭门器，开关各试十次”。"),
        columns={"done_at": at, "waiting_for": ""},
        facts={"pictures": len(files)},
        pictures=files,
    )
    return make(actor=actor, request=request, move=Move.FINISH, change=change, at=at)


@transaction.atomic
def forward(*, actor: Actor, request_id: int, organisation_id: int, ground: str, at: datetime) -> Request:
    """Pass the request to the unit that is responsible, with the ground; the reporter goes on seeing it here."""
    request = locked(request_id)
    organisation = organisations.reachable(compound_id=request.compound_id, organisation_id=organisation_id)
    change = Change(
        note=f"转交{organisation.short_name}：{intake.readable_reason(ground)}",
        columns={"organisation_id": organisation.pk, "handler_id": None, "waiting_for": ""},
        facts={"organisation": organisation.pk},
    )
    return make(actor=actor, request=request, move=Move.FORWARD, change=change, at=at)


@transaction.atomic
def take_back(*, actor: Actor, request_id: int, note: str, at: datetime) -> Request:
    """Take a forwarded request back, e.g. because the other unit has answered."""
    change = Change(note=intake.readable_reason(note), columns={"organisation_id": None, "handler_id": None})
    return make(actor=actor, request=locked(request_id), move=Move.TAKE_BACK, change=change, at=at)


@transaction.atomic
def refuse(*, actor: Actor, request_id: int, ground: str, other_channel: str, at: datetime) -> Request:
    """Decline with a ground and with the channel that helps instead (法院、110、信访……)."""
    reason = intake.readable_reason(ground)
    channel = intake.clean_note(other_channel, empty="请写明报事人可以找哪里，例如电话或窗口。")
    change = Change(note=f"{reason}\n可以找：{channel}", columns={"closed_at": at})
    return make(actor=actor, request=locked(request_id), move=Move.REFUSE, change=change, at=at)


@transaction.atomic
def take_open_work(*, actor: Actor, account_id: int, at: datetime) -> int:
    """Somebody is shut out: all their open orders go back to the desks; returns how many."""
    orders = Request.objects.filter(handler_id=account_id, status__in=IN_WORK).order_by("compound_id", "pk")
    keys = list(orders.values_list("pk", flat=True))
    change = Change(note=notes.HANDED_BACK, columns={"handler_id": None, "waiting_for": ""})
    for key in keys:
        make(actor=actor, request=locked(key), move=Move.HAND_OVER, change=change, at=at)
    return len(keys)


@transaction.atomic
def hand_over_open_work(
    *, actor: Actor, account_id: int, places: Collection[str], successor_id: int | None = None, at: datetime
) -> int:
    """Somebody's duty for these places (their paths) is over: open orders go to the successor, or back to the desk.

    An order stays where another duty still lets its handler work on it. Returns how many moved.
    """
    today = localdate(at)
    still = [
        held
        for held in people.held_by(account_id, today)
        if held.name in policies.HANDLERS and held.from_on <= today
    ]
    orders = Request.objects.filter(handler_id=account_id, status__in=IN_WORK).select_related("compound")
    names = people.full_names([successor_id]) if successor_id else {}
    moved = 0
    for order in orders.order_by("compound_id", "pk"):
        path = order.compound.path
        stays = any(
            held.organisation_id == order.organisation_id and path.startswith(held.scope) for held in still
        )
        if stays or not path.startswith(tuple(places)):
            continue
        change = Change(
            note=notes.HANDED_OVER.format(name=names[successor_id]) if successor_id else notes.HANDED_BACK,
            columns={"handler_id": successor_id, "waiting_for": ""},
        )
        make(actor=actor, request=locked(order.pk), move=Move.HAND_OVER, change=change, at=at)
        moved += 1
    return moved
