"""Every move has one address: opened it shows the form, sent it makes the move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from linli.civic.requests import actions, forms, policies, queries
from linli.civic.requests.domain.workflow import RULES, Move, Status, next_status
from linli.civic.requests.views._shared import stand_in
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.ground.web.forms import Form
from linli.registry.organisations import queries as organisations
from linli.registry.people import queries as people

if TYPE_CHECKING:
    from linli.civic.requests.models import Request

    Act = Callable[..., Request]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a move is asked for: its form, how the form's data become the action's arguments, the button."""

    act: Act
    form: Callable[[ActorRequest, Request], Form]
    arguments: Callable[[dict[str, Any]], dict[str, Any]]
    button: Any
    hint: Any = ""


def _data(request: ActorRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _note(label: Any, *, required: bool = True) -> Callable[[ActorRequest, Request], Form]:
    return lambda request, _matter: forms.NoteForm(_data(request), label=label, required=required)


def _as(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda data: {name: data["note"]}


def _nothing(_data: dict[str, Any]) -> dict[str, Any]:
    return {}


def _same(data: dict[str, Any]) -> dict[str, Any]:
    return dict(data)


def _dispatch_form(request: ActorRequest, matter: Request) -> Form:
    return forms.DispatchForm(
        _data(request),
        targets=_targets(request, matter),
        initial={"seen": queries.mark_of_hands(matter)},
    )


def _targets(request: ActorRequest, matter: Request) -> list[tuple[str, str]]:
    """The bodies that work for the compound; the company's desk sees its own people only."""
    on, path = localdate(request.received_at), matter.compound.path
    own_only = not request.actor.holds(policies.DISPATCHERS, path)
    choices = []
    for body in organisations.serving_organisations(matter.compound_id, on):
        if own_only and body.pk != matter.organisation_id:
            continue
        choices.append((f"{body.pk}", body.short_name))
        choices += [
            (f"{body.pk}-{member.account_id}", f"{body.short_name} · {member.name}")
            for member in people.staff_of_organisation(organisation_id=body.pk, on=on)
        ]
    return choices


def _dispatch_arguments(data: dict[str, Any]) -> dict[str, Any]:
    body, _dash, member = str(data["target"]).partition("-")
    return {
        "organisation_id": int(body),
        "handler_id": int(member) if member else None,
        "note": data["note"],
        "seen": data["seen"] or None,
    }


def _confirm_form(request: ActorRequest, matter: Request) -> Form:
    """The reporter just says so; others write down how they asked or looked, and what the answer was."""
    if not policies.is_reporter(request.actor, matter):
        return forms.NoteForm(_data(request), label=gettext("怎么回访的，报事人怎么说"))
    return forms.NoteForm(_data(request), label="", required=False)


def _forward_form(request: ActorRequest, matter: Request) -> Form:
    bodies = organisations.reachable_organisations(matter.compound_id)
    return forms.ForwardForm(_data(request), organisations=[(str(body.pk), body.name) for body in bodies])


def _finish_form(request: ActorRequest, _matter: Request) -> Form:
    return forms.FinishForm(_data(request), request.FILES or None)


MANNERS: dict[Move, Manner] = {
    Move.DISPATCH: Manner(actions.dispatch, _dispatch_form, _dispatch_arguments, _("派单")),
    Move.RETURN_ORDER: Manner(actions.return_order, _note(_("为什么退单")), _as("reason"), _("退单")),
    Move.ACCEPT: Manner(actions.accept, _note(_("说一句"), required=False), _as("note"), _("接单")),
    Move.ARRIVE: Manner(actions.arrive, _note(_("说一句"), required=False), _as("note"), _("我已到场")),
    Move.WAIT: Manner(
        actions.wait, lambda request, _matter: forms.WaitForm(_data(request)), _same, _("暂停等待")
    ),
    Move.RESUME: Manner(actions.resume, _note(_("说一句"), required=False), _as("note"), _("继续处理")),
    Move.FINISH: Manner(
        actions.finish,
        _finish_form,
        lambda data: {"note": data["note"], "pictures": [picture.sha256 for picture in data["pictures"]]},
        _("办完了，请报事人确认"),
    ),
    Move.CONFIRM: Manner(actions.confirm, _confirm_form, _as("note"), _("修好了")),
    Move.CLOSE_UNREACHED: Manner(
        actions.close_unreached,
        _note("", required=False),
        _nothing,
        _("三次联系不上，办结"),
        _("要有三个不同日子的联系记录。报事人随时可以要求重办。"),
    ),
    Move.REOPEN: Manner(actions.reopen, _note(_("哪里还没好")), _as("reason"), _("还没好，请重办")),
    Move.RATE: Manner(
        actions.rate,
        lambda request, _matter: forms.RateForm(_data(request)),
        lambda data: {"stars": int(data["stars"]), "note": data["note"]},
        _("送出评价"),
    ),
    Move.FORWARD: Manner(
        actions.forward,
        _forward_form,
        lambda data: {"organisation_id": int(data["organisation"]), "ground": data["ground"]},
        _("转交"),
        _("转交后这里照样看得到进展，首接的人继续跟着。"),
    ),
    Move.TAKE_BACK: Manner(actions.take_back, _note(_("为什么收回")), _as("note"), _("收回")),
    Move.REFUSE: Manner(
        actions.refuse, lambda request, _matter: forms.RefuseForm(_data(request)), _same, _("不予受理")
    ),
    Move.WITHDRAW: Manner(
        actions.withdraw, _note(_("为什么撤回"), required=False), _as("reason"), _("撤回诉求")
    ),
    Move.MERGE: Manner(
        actions.merge,
        lambda request, _matter: forms.MergeForm(_data(request)),
        lambda data: {"into_id": data["number"]},
        _("并案"),
        _("报事人和“我也遇到”的邻居会一起转到那件诉求上。"),
    ),
    Move.CORRECT: Manner(actions.correct, _note(_("补充或更正什么")), _as("text"), _("补充说明")),
    Move.NOTE: Manner(
        actions.note,
        lambda request, _matter: forms.StaffNoteForm(_data(request)),
        lambda data: {"text": data["note"], "is_internal": data["is_internal"]},
        _("记一笔"),
    ),
    Move.NUDGE: Manner(
        actions.nudge,
        _note("", required=False),
        _nothing,
        _("催一下"),
        _("处理人和督办人都会收到，24 小时一次。"),
    ),
    Move.ATTEMPT: Manner(
        actions.attempt_contact,
        lambda request, _matter: forms.AttemptForm(_data(request)),
        _same,
        _("记下这次联系"),
    ),
    Move.RECLASSIFY: Manner(
        actions.reclassify,
        lambda request, matter: forms.CategoryForm(
            _data(request), initial={"category": matter.category, "danger": matter.danger}
        ),
        _same,
        _("改类别"),
        _("承诺的日子按新类别、从反映那天重新算，报事人会收到原因。"),
    ),
    Move.RESTORE: Manner(
        actions.restore_request,
        _note(_("为什么恢复")),
        _as("reason"),
        _("恢复显示"),
        _("原文和已公开的照片会重新让大家看到。"),
    ),
    Move.MODERATE: Manner(
        actions.moderate_request,
        _note(_("为什么隐藏")),
        _as("reason"),
        _("隐藏文字和照片"),
        _("公众看不到原文，原因留在记录里公开。"),
    ),
}


@require_http_methods(["GET", "POST"])
@access.signed_in
def move(request: ActorRequest, slug: str, request_id: int, move: str) -> HttpResponse:
    """Show the form of a move, or make it."""
    compound = stand_in(request, slug)
    chosen = next((item for item in MANNERS if item.value == move), None)
    if chosen is None:
        raise NotFound("no_such_move", "没有这一步。请回到诉求页面再选。")
    found = queries.detail(actor=request.actor, compound_id=compound.pk, request_id=request_id)
    manner = MANNERS[chosen]
    if chosen not in found.moves:
        policies.require_may(request.actor, chosen, found.request, compound.path, supports=found.supports)
    if request.method == "GET":
        next_status(chosen, Status(found.request.status))
    form = manner.form(request, found.request)
    here = reverse("requests:detail", kwargs={"slug": slug, "request_id": request_id})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            manner.act(
                actor=request.actor,
                request_id=request_id,
                **manner.arguments(form.cleaned_data),
                at=request.received_at,
            )
            return htmx.redirect(request, here)
        except (Invalid, Conflict) as refusal:  # a conflict, too, leaves what was typed in the form
            field = str(refusal.data.get("field", ""))
            form.refuse(refusal, field if field in form.fields else None)
            status = 409 if isinstance(refusal, Conflict) else status
    context = {
        "form": form,
        "matter": found.request,
        "manner": manner,
        "move": chosen,
        "title": gettext(RULES[chosen].words),
        "here": here,
    }
    return htmx.page(request, "requests/move.html", context, status=status)
