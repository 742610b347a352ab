"""How one request is laid out on its page: buttons, pictures, who is responsible."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.civic.requests import queries
from linli.civic.requests.domain import notes, workflow
from linli.civic.requests.domain.workflow import RULES, Move, Status


@dataclass(frozen=True, slots=True)
class Button:
    """One thing the reader may do: ``direct`` acts at once, others open the move's form."""

    move: Move
    words: str
    kind: str = "l"
    icon: str = ""
    direct: bool = False


def _table() -> tuple[Button, ...]:
    """Every move that has a button, the most wanted first."""
    return (
        Button(Move.CONFIRM, _("修好了"), "p", "check", True),
        Button(Move.REOPEN, _("还没好"), "l", "undo"),
        Button(Move.RATE, _("评价一下"), "p", "star"),
        Button(Move.ACCEPT, _("接单"), "p", "check", True),
        Button(Move.ARRIVE, _("我已到场"), "p", "pin", True),
        Button(Move.RESUME, _("继续处理"), "p", "play", True),
        Button(Move.FINISH, _("办完了，拍照"), "p", "camera"),
        Button(Move.DISPATCH, _("派单"), "p", "send"),
        Button(Move.WAIT, _("暂停等待"), "l", "clock"),
        Button(Move.RETURN_ORDER, _("退单"), "l", "undo"),
        Button(Move.NUDGE, _("催一下"), "soft", "bell", True),
        Button(Move.CORRECT, _("补充说明"), "l", "edit"),
        Button(Move.FORWARD, _("转交外单位"), "l", "share"),
        Button(Move.TAKE_BACK, _("收回转交"), "l", "undo"),
        Button(Move.MERGE, _("并到另一件"), "l", "link"),
        Button(Move.REFUSE, _("不予受理"), "l", "stop"),
        Button(Move.ATTEMPT, _("记下联系报事人"), "l", "phone"),
        Button(Move.CLOSE_UNREACHED, _("联系不上，办结"), "l", "stop"),
        Button(Move.RECLASSIFY, _("改类别"), "l", "edit"),
        Button(Move.NOTE, _("记一笔"), "l", "edit"),
        Button(Move.MODERATE, _("隐藏文字和照片"), "l", "hide"),
        Button(Move.RESTORE, _("恢复显示"), "l", "undo"),
        Button(Move.WITHDRAW, _("撤回诉求"), "l", "close"),
    )


def buttons(found: queries.Detail) -> list[Button]:
    """What this reader may do now; one red button, the first that is meant to be pressed."""
    offered = [button for button in _table() if button.move in found.moves]
    if found.request.rating is not None:
        offered = [button for button in offered if button.move != Move.RATE]
    shown, has_main = [], False
    for button in offered:
        kind = button.kind if button.kind != "p" or not has_main else "l"
        has_main = has_main or button.kind == "p"
        direct = button.direct and not (button.move == Move.CONFIRM and not found.is_reporter)
        shown.append(Button(button.move, button.words, kind, button.icon, direct))
    return shown


def pictures(found: queries.Detail) -> list[tuple[str, str, str]]:
    """Thumbnail, full picture and words of each photo, in the version the reader may see."""
    items = []
    for picture in found.pictures:
        name = "requests:original" if found.is_staff or found.is_reporter else "requests:picture"
        address = reverse(
            name,
            kwargs={
                "slug": found.request.compound.slug,
                "request_id": found.request.pk,
                "picture_id": picture.pk,
            },
        )
        words = _("处理后的照片") if picture.moment == "after" else _("现场照片")
        items.append((f"{address}?size=thumb", address, words))
    return items


def responsible(found: queries.Detail) -> list[tuple[str, str]]:
    """Who handles it, who watches over it, and what it waits for."""
    matter = found.request
    handled_by = " · ".join(
        part
        for part in (
            matter.organisation.short_name if matter.organisation else "",
            matter.handler.name if matter.handler else "",
        )
        if part
    )
    rows = [(_("承办"), handled_by or _("待派单"))]
    if matter.waiting_for:
        rows.append((_("在等"), _(matter.get_waiting_for_display())))
    rows.append((_("督办"), _("红色业委会")))
    rows.append((_("来源"), _(matter.get_channel_display())))
    return rows


def said(note: str) -> str:
    """A note as the reader's language has it: the house's own sentences are translated, people's words are not."""
    found = notes.house_note(note)
    return _(found[0]).format(**found[1]) if found else note


def bar(status: str) -> tuple[list[str], int]:
    """The five-step bar's words and the step in progress; all done when the request is closed."""
    states = workflow.step_states(Status(status))
    now = next((place for place, (_word, state) in enumerate(states) if state == "now"), len(states))
    return [_(word) for word, _state in states], now


MOVE_WORDS = {move.value: rule.words for move, rule in RULES.items()}
