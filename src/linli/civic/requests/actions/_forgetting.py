"""A reporter's account is erased: their words go, the matter and its figures stay."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from linli.civic.notifications import actions as notifications
from linli.civic.requests.actions._moving import Change, locked, make
from linli.civic.requests.domain import categories, notes
from linli.civic.requests.domain.workflow import OPEN, RULES, Move, Status
from linli.civic.requests.models import AbuseReport, Picture, Request, Step, Support
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.web import uploads
from linli.registry.people.domain import names


@transaction.atomic
def forget_account(*, actor: Actor, account_id: int, at: datetime) -> int:
    """Erase what an account said, showed and where it lives from every request; returns how many were touched.

    Category, place, states, days and stars stay, so that figures do. An open request is withdrawn, or goes
    on where neighbours met the same. What staff did stays as the act of their body, without the name.
    Source: 个人信息保护法 47; 网络数据安全管理条例 24.
    """
    concerned = Request.objects.filter(Q(reporter_id=account_id) | Q(steps__account_id=account_id))
    touched = list(concerned.distinct().order_by("compound_id", "pk").values_list("pk", flat=True))
    for request_id in touched:
        request = locked(request_id)
        is_own = request.reporter_id == account_id
        _forget_words(request, account_id, is_own=is_own, by=actor, at=at)
        if is_own and Status(request.status) in OPEN:
            _settle(request, by=actor, at=at)
    AbuseReport.objects.filter(account_id=account_id).update(account=None)
    return len(touched)


def _forget_words(request: Request, account_id: int, *, is_own: bool, by: Actor, at: datetime) -> None:
    rows: list[models.Model] = []
    gone: list[Picture] = []
    if is_own:
        gone = _pictures_of(request, account_id)
        request.title, request.text, request.spot = categories.BY_CODE[request.category].name, "", ""
        request.unit, request.reporter = None, None
        request.salt = secrets.token_bytes(16)
        request.save()
        rows.append(request)
    rows += [_forgotten(step) for step in Step.objects.filter(request=request, account_id=account_id)]
    removed = [(Picture, picture.pk) for picture in gone]
    _delete(gone)
    notifications.forget_words(stream=request.stream, title=request.title, at=at)
    journal.append(
        compound_id=request.compound_id,
        stream=request.stream,
        kind="request.forget",
        body={"request": request.pk},
        rows=rows,
        removed=removed,
        by=by,
        at=at,
    )


def _forgotten(step: Step) -> Step:
    """A resident's step without its words; a step of staff keeps them, and the body instead of the name."""
    body, dot, _name = step.who.partition(" · ")
    if step.who in (notes.REPORTER, notes.NEIGHBOUR):
        step.note = ""
    else:
        step.who = body if dot else names.ERASED_NAME
    step.account = None
    step.salt = secrets.token_bytes(16)
    step.save()
    return step


def _pictures_of(request: Request, account_id: int) -> list[Picture]:
    """What the reporter showed; of a home or a private matter also what was photographed afterwards."""
    pictures = request.pictures.all()
    inside = request.unit_id is not None or not request.is_public
    return list(pictures if inside else pictures.filter(added_by_id=account_id))


def _delete(pictures: Iterable[Picture]) -> None:
    files = {name for picture in pictures for name in (picture.file, picture.public_file) if name}
    Picture.objects.filter(pk__in=[picture.pk for picture in pictures]).delete()
    for name in files:
        if not Picture.objects.filter(Q(file=name) | Q(public_file=name)).exists():
            transaction.on_commit(lambda name=name: uploads.forget(name))  # type: ignore[misc]


def _settle(request: Request, *, by: Actor, at: datetime) -> None:
    """Withdrawn, unless neighbours wait for it too or the work is at its end; then staff confirm it."""
    move, change = Move.WITHDRAW, Change(note=notes.FORGOTTEN, columns={"closed_at": at})
    if Support.objects.filter(request=request, ended_at=None).exists():
        move, change = Move.NOTE, Change(note=notes.FORGOTTEN_GOES_ON)
    elif Status(request.status) not in RULES[Move.WITHDRAW].sources:
        move, change = Move.NOTE, Change(note=notes.FORGOTTEN)
    make(actor=by, request=request, move=move, change=change, at=at)
