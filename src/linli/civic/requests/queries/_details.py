"""One request with all that was said, shown and done, for the eyes of one actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from linli.civic.requests import policies
from linli.civic.requests.domain.workflow import OPEN, Move, Status, possible_moves
from linli.civic.requests.models import AbuseReport, Picture, Request, Step, Support
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound
from linli.ground.kernel.text import hide_numbers


@dataclass(frozen=True, slots=True)
class Detail:
    """A request as one actor sees it. ``moves`` are those that actor may make now."""

    request: Request
    steps: Sequence[Step]
    pictures: Sequence[Picture]
    is_reporter: bool
    is_staff: bool
    supports: bool
    reads_words: bool
    knows_reporter: bool
    moves: frozenset[Move]


def detail(*, actor: Actor, compound_id: int, request_id: int) -> Detail:
    """One request with what the actor may see of it; to a stranger a private one does not exist."""
    request = (
        Request.objects.select_related(
            "compound", "place", "unit", "facility", "organisation", "handler", "reporter", "merged_into"
        )
        .filter(pk=request_id, compound_id=compound_id)
        .first()
    )
    if request is None:
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    path = request.compound.path
    supporting = (
        actor.account_id is not None
        and Support.objects.filter(request=request, account_id=actor.account_id, ended_at=None).exists()
    )
    if not (policies.may_see(actor, request, path) or supporting):
        raise NotFound("no_such_request", "没有找到这件诉求，请检查单号。")
    is_staff = policies.is_staff_of(actor, path)
    is_reporter = policies.is_reporter(actor, request)
    reads_words = policies.may_read_words(actor, request, path) or (supporting and not request.text_hidden)
    steps = _steps(request, is_staff=is_staff)
    if not (is_staff or is_reporter):
        _leave_out(request, steps, everything=not reads_words)
    return Detail(
        request=request,
        steps=steps,
        pictures=_pictures(request, everything=is_staff or is_reporter),
        is_reporter=is_reporter,
        is_staff=is_staff,
        supports=supporting,
        reads_words=reads_words,
        knows_reporter=policies.may_know_reporter(actor, request, path),
        moves=frozenset(
            move
            for move in possible_moves(Status(request.status))
            if policies.may(actor, move, request, path, supports=supporting)
            and move != (Move.MODERATE if request.text_hidden else Move.RESTORE)
        ),
    )


def _leave_out(request: Request, steps: Sequence[Step], *, everything: bool) -> None:
    """Take out of what was read, which nobody saves, what the public shall not see: hidden words, numbers."""
    request.title, request.text = ("", "") if everything else (request.title, hide_numbers(request.text))
    for step in steps:
        step.note = "" if step.hidden else hide_numbers(step.note)


def mark_of_hands(request: Request) -> str:
    """A word for the hands a request lies in now: a form that carries an older one was opened before that."""
    return f"{request.status}:{request.organisation_id or ''}:{request.handler_id or ''}"


def _steps(request: Request, *, is_staff: bool) -> list[Step]:
    steps = request.steps.order_by("-at", "-id")
    return list(steps if is_staff else steps.filter(is_internal=False))


def _pictures(request: Request, *, everything: bool) -> list[Picture]:
    pictures = request.pictures.order_by("id")
    return list(pictures if everything else pictures.exclude(public_file=""))


def picture_file(*, actor: Actor, request_id: int, picture_id: int, public: bool) -> str:
    """The stored file behind a photo: the covered copy for everybody, the original for those concerned."""
    picture = (
        Picture.objects.select_related("request__compound")
        .filter(pk=picture_id, request_id=request_id)
        .first()
    )
    if picture is None:
        raise NotFound("no_such_picture", "没有找到这张照片。")
    request, path = picture.request, picture.request.compound.path
    if public and picture.public_file and policies.may_read_words(actor, request, path):
        return picture.public_file
    if not public and (policies.is_reporter(actor, request) or policies.is_staff_of(actor, path)):
        return picture.file
    raise NotFound("no_such_picture", "没有找到这张照片。")


def similar_open(
    *,
    compound_id: int,
    category: str,
    place_id: int | None = None,
    facility_id: int | None = None,
    only_here: bool = False,
    limit: int = 5,
) -> QuerySet[Request]:
    """Public open requests that may be the same thing: the same facility, then the same place, then the same kind.

    ``only_here`` leaves those at the same facility, or of the same kind at the same place.
    """
    same = Q(place_id=place_id or 0) | Q(facility_id=facility_id or 0)
    if category != "other":
        same |= Q(category=category)
    nearness = Case(
        When(facility_id=facility_id or 0, then=Value(0)),
        When(place_id=place_id or 0, category=category, then=Value(1)),
        When(category=category, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return (
        Request.objects.filter(
            same, compound_id=compound_id, status__in=OPEN, is_public=True, text_hidden=False
        )
        .annotate(nearness=nearness)
        .filter(nearness__lte=1 if only_here else 3)
        .select_related("place", "compound")
        .order_by("nearness", "-support_count", "-id")[:limit]
    )


def abuse_waiting(*, compound_id: int) -> QuerySet[AbuseReport]:
    """Abuse reports of a compound that nobody has answered yet, oldest first."""
    return (
        AbuseReport.objects.filter(request__compound_id=compound_id, answered_at=None)
        .select_related("request__compound", "step")
        .order_by("id")
    )


def story_rows(*, request_id: int) -> list[Step]:
    """The public steps of a request in the order they happened, for its story page."""
    steps = list(Step.objects.filter(request_id=request_id, is_internal=False).order_by("at", "id"))
    for step in steps:
        step.note = "" if step.hidden else hide_numbers(step.note)
    return steps
