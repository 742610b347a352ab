"""Who hears of a move, in which words, and how the actor is shown."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.urls import reverse

from linli.civic.notifications import actions as notifications
from linli.civic.notifications.actions import Audience
from linli.civic.requests import policies
from linli.civic.requests.domain import notes
from linli.civic.requests.domain.workflow import Move
from linli.civic.requests.models import Request, Step, Support
from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.calendar import Workdays
from linli.ground.kernel.text import hide_numbers
from linli.registry.organisations import queries as organisations
from linli.registry.regulations.queries import holidays

NEWS: dict[Move, tuple[str, str]] = {
    Move.DISPATCH: ("您关注的诉求已派单", "「{title}」{note}"),
    Move.RETURN_ORDER: ("「{title}」被退单", "{who}退单：{note}"),
    Move.ACCEPT: ("师傅已接单", "「{title}」由{who}处理。"),
    Move.ARRIVE: ("师傅已到场", "「{title}」{who}已到现场。"),
    Move.WAIT: ("「{title}」暂停等待", "{note}"),
    Move.RESUME: ("「{title}」继续处理", "{who}继续处理。"),
    Move.FINISH: ("「{title}」办完了，请您确认", "{note} 请点开看照片，修好了点“修好了”，没好点“还没好”。"),
    Move.CONFIRM: ("「{title}」已办结", "报事人确认修好了。"),
    Move.CLOSE_UNREACHED: ("「{title}」已办结", "{note}"),
    Move.REOPEN: ("「{title}」还没好，需重办", "{note}"),
    Move.RATE: ("「{title}」收到评价", "报事人给了评价。"),
    Move.FORWARD: ("「{title}」已转交", "{note}"),
    Move.TAKE_BACK: ("「{title}」回到本小区处理", "{note}"),
    Move.REFUSE: ("「{title}」不予受理", "{note}"),
    Move.WITHDRAW: ("「{title}」已撤回", "报事人撤回了这件诉求。"),
    Move.MERGE: ("「{title}」已并案", "{note}"),
    Move.CORRECT: ("「{title}」有补充", "{note}"),
    Move.NOTE: ("「{title}」有新进展", "{note}"),
    Move.NUDGE: ("「{title}」被催办", "{who}催一下，请尽快处理。"),
    Move.MODERATE: ("「{title}」有内容被隐藏", "原因：{note}"),
    Move.RESTORE: ("「{title}」的文字恢复公开", "原因：{note}"),
    Move.RECLASSIFY: ("「{title}」改了类别", "{note}"),
    Move.ATTEMPT: ("我们在联系您", "「{title}」{note}"),
    Move.HAND_OVER: ("「{title}」换人处理", "{note}"),
}
OVERDUE = "request.overdue"
TO_DISPATCHERS = frozenset(
    {Move.RETURN_ORDER, Move.REOPEN, Move.NUDGE, Move.TAKE_BACK, Move.WITHDRAW, Move.CORRECT, Move.HAND_OVER}
)


def workdays() -> Workdays:
    """The working days that are known today."""
    return holidays.workdays()


def shown_as(actor: Actor, request: Request, *, reporter: bool) -> str:
    """How the actor is shown in public: residents without a name, staff by body and name."""
    if reporter:
        return notes.REPORTER
    if actor.is_system:
        return notes.SYSTEM
    return organisations.public_name(actor=actor, compound_path=request.compound.path) or notes.NEIGHBOUR


def tell_reported(request: Request, actor: Actor, at: datetime) -> None:
    """The dispatchers hear of a new request; of danger everybody of the staff does, at once."""
    roles = policies.COMPOUND_STAFF if request.danger else policies.DISPATCHERS | policies.COMPANY_DISPATCHERS
    notifications.tell(
        audience=Audience(roles=roles, place_path=request.place.path, except_account=actor.account_id),
        kind="request.danger" if request.danger else "request.report",
        subject="紧急：{title}" if request.danger else "新诉求：{title}",
        text="{spot} 请马上处理，30 分钟内到场。" if request.danger else "{spot} 请尽快派单。",
        data={"title": request.title, "spot": where(request)},
        link=link_to(request),
        compound_id=request.compound_id,
        stream=request.stream,
        urgent=bool(request.danger),
        at=at,
    )


def tell_moved(request: Request, step: Step, actor: Actor, at: datetime) -> None:
    """The reporter, the supporters and the handler hear of a move; some moves also call the dispatchers."""
    subject, text = NEWS[Move(step.move)]
    followers = Support.objects.filter(request=request, ended_at=None).values_list("account_id", flat=True)
    concerned = {*followers, request.reporter_id, request.handler_id}
    to_dispatchers = step.move in TO_DISPATCHERS
    notifications.tell(
        audience=Audience(
            accounts={account for account in concerned if account is not None},
            roles=policies.DISPATCHERS | policies.COMPANY_DISPATCHERS if to_dispatchers else (),
            place_path=request.compound.path if to_dispatchers else "",
            except_account=actor.account_id,
        ),
        kind=f"request.{step.move}",
        subject=subject,
        text=text,
        data={"title": request.title, "note": hide_numbers(step.note)[:200], "who": step.who},
        link=link_to(request),
        compound_id=request.compound_id,
        stream=request.stream,
        at=at,
    )


def tell_overdue(request: Request, at: datetime) -> None:
    """The promised time is over: those who dispatch, the handler, the supervisor and the reporter hear it once."""
    concerned = {request.handler_id, request.reporter_id}
    notifications.tell(
        audience=Audience(
            accounts={account for account in concerned if account is not None},
            roles=policies.DISPATCHERS | policies.COMPANY_DISPATCHERS | {RoleName.SUPERVISOR},
            place_path=request.compound.path,
        ),
        kind=OVERDUE,
        subject="「{title}」超过承诺时间了",
        text="请处理的人写明原因和新的安排；督办人也收到了这条。",
        data={"title": request.title},
        link=link_to(request),
        compound_id=request.compound_id,
        stream=request.stream,
        at=at,
    )


def tell_abuse(request: Request, at: datetime) -> None:
    """Moderators hear that somebody finds a text or photo abusive."""
    notifications.tell(
        audience=Audience(roles=policies.MODERATORS, place_path=request.compound.path),
        kind="request.abuse",
        subject="有人举报「{title}」的内容",
        text="请看一看，需要时隐藏并写明原因。",
        data={"title": request.title},
        link=link_to(request),
        compound_id=request.compound_id,
        stream=request.stream,
        at=at,
    )


def link_to(request: Request) -> str:
    """The address of the request's page: below the list, whose address is looked up once for each compound."""
    return f"{_list_of(str(request.compound.slug))}{request.pk}/"


@lru_cache(maxsize=2048)
def _list_of(slug: str) -> str:
    return reverse("requests:list", kwargs={"slug": slug})


def where(request: Request) -> str:
    """Where it is, in words a stranger may read: the place and the spot, never the door."""
    return " ".join(part for part in (request.place.name, request.spot) if part)
