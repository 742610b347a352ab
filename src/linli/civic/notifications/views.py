"""Notices for everybody, the inbox for oneself, the outbox for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.civic.notifications import actions, forms, policies, queries
from linli.civic.notifications.domain import wording
from linli.ground.kernel.actor import RoleName
from linli.ground.kernel.errors import Invalid, NotAllowed, NotFound
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.organisations import queries as organisations
from linli.registry.people import queries as people
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from linli.civic.notifications.models import Announcement
    from linli.registry.places.models import Place

ANNOUNCERS = tuple(sorted(policies.ANNOUNCERS))


def _stand_in(request: ActorRequest, slug: str) -> Place:
    compound = places.compound_by_slug(slug)
    request.place = compound
    return compound


def _before(request: ActorRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


@require_GET
@access.public
def announcements(request: ActorRequest, slug: str) -> HttpResponse:
    """The compound's notices, newest first."""
    compound = _stand_in(request, slug)
    found = list(queries.announcements(compound_id=compound.pk, before_id=_before(request)))
    shown = found[: queries.PAGE]
    context = {
        "notices_shown": shown,
        "following": shown[-1].pk if len(found) > queries.PAGE else None,
        "may_announce": bool(_bodies(request, compound)),
    }
    return htmx.page(request, "notifications/announcements.html", context)


def _bodies(request: ActorRequest, compound: Place) -> list[tuple[str, str]]:
    """The bodies in whose name the reader may announce here."""
    return [
        (str(body.pk), body.name)
        for body in organisations.speaking_organisations(compound.pk, localdate(request.received_at))
        if policies.may_announce(request.actor, body.pk, compound.path)
    ]


def _one(request: ActorRequest, slug: str, announcement_id: int) -> Announcement:
    compound = _stand_in(request, slug)
    return queries.announcement(compound_id=compound.pk, announcement_id=announcement_id)


@require_GET
@access.public
def announcement(request: ActorRequest, slug: str, announcement_id: int) -> HttpResponse:
    """One notice; a signed-in reader is counted once."""
    notice = _one(request, slug, announcement_id)
    actions.mark_announcement_read(actor=request.actor, announcement_id=notice.pk, at=request.received_at)
    may = policies.may_announce(request.actor, notice.organisation_id, notice.compound.path)
    context = {"notice": notice, "may_withdraw": may and notice.withdrawn_at is None}
    return htmx.page(request, "notifications/announcement.html", context)


@require_GET
@access.public
def announcement_print(request: ActorRequest, slug: str, announcement_id: int) -> HttpResponse:
    """The notice as a sheet for the board, with number, QR code and a place for the seal."""
    notice = _one(request, slug, announcement_id)
    address = request.build_absolute_uri(
        reverse("notifications:announcement", kwargs={"slug": slug, "announcement_id": notice.pk})
    )
    return htmx.page(request, "notifications/print.html", {"notice": notice, "address": address})


@require_http_methods(["GET", "POST"])
@access.roles(*ANNOUNCERS)
@rate.limit("announce", 20, 3600)
def announce(request: ActorRequest, slug: str) -> HttpResponse:
    """Write and publish a notice."""
    compound = _stand_in(request, slug)
    bodies = _bodies(request, compound)
    if not bodies:
        raise NotAllowed("may_not_announce", "您不能以这个小区里单位的名义发公告。")
    spots = [(str(compound.pk), _("全小区"))]
    spots += [(str(place.pk), place.name) for place in places.places_of(compound.pk)]
    form = forms.AnnounceForm(request.POST or None, organisations=bodies, places=spots)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.announce(
                actor=request.actor,
                compound_id=compound.pk,
                place_id=int(data["place"]),
                organisation_id=int(data["organisation"]),
                title=data["title"],
                text=data["text"],
                urgent=data["urgent"],
                expires_on=data["expires_on"],
                at=request.received_at,
            )
            to = reverse("notifications:announcement", kwargs={"slug": slug, "announcement_id": made.pk})
            return htmx.redirect(request, to)
        except Invalid as refusal:
            field = str(refusal.data.get("field", ""))
            form.refuse(refusal, field if field in form.fields else None)
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "notifications/announce.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*ANNOUNCERS)
def withdraw(request: ActorRequest, slug: str, announcement_id: int) -> HttpResponse:
    """Take a notice down with a reason."""
    notice = _one(request, slug, announcement_id)
    policies.require_may_announce(request.actor, notice.organisation_id, notice.compound.path)
    form = forms.WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_announcement(
            actor=request.actor,
            announcement_id=notice.pk,
            reason=form.cleaned_data["reason"],
            at=request.received_at,
        )
        to = reverse("notifications:announcement", kwargs={"slug": slug, "announcement_id": notice.pk})
        return htmx.redirect(request, to)
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "notifications/withdraw.html", {"form": form, "notice": notice}, status=status)


@require_GET
@access.signed_in
def inbox(request: ActorRequest) -> HttpResponse:
    """What the reader was told, newest first."""
    found = list(queries.inbox(actor=request.actor, before_id=_before(request)))
    shown = found[: queries.PAGE]
    lines = [
        {
            "item": item,
            "subject": wording.fill(_(item.message.subject), item.message.data),
            "text": wording.fill(_(item.message.text), item.message.data),
        }
        for item in shown
    ]
    context = {"lines": lines, "following": shown[-1].pk if len(found) > queries.PAGE else None}
    return htmx.page(request, "notifications/inbox.html", context)


@require_POST
@access.signed_in
def open_item(request: ActorRequest, item_id: int) -> HttpResponse:
    """Mark one item as read and lead to what it is about."""
    item = actions.mark_read(actor=request.actor, item_id=item_id, at=request.received_at)
    if item is None:
        raise NotFound("no_such_message", "没有找到这条消息。")
    return htmx.redirect(request, item.message.link)


@require_POST
@access.signed_in
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(actor=request.actor, at=request.received_at)
    return htmx.redirect(request, reverse("notifications:inbox"))


@require_http_methods(["GET", "POST"])
@access.signed_in
def preferences(request: ActorRequest) -> HttpResponse:
    """By which channels the reader wants to hear."""
    kept = queries.preference(actor=request.actor)
    email = people.own_account(request.actor).email or ""
    start = {"sms": kept.sms, "mail": kept.mail, "wechat": kept.wechat, "email": email}
    form = forms.ChannelsForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        actions.choose_channels(actor=request.actor, muted=kept.muted, **form.cleaned_data)
        messages.success(request, _("已保存。紧急消息始终会发短信。"))
        return htmx.redirect(request, reverse("notifications:preferences"))
    return htmx.page(request, "notifications/preferences.html", {"form": form})


@require_GET
@access.roles(RoleName.OPERATOR)
def outbox(request: ActorRequest) -> HttpResponse:
    """What could not be delivered, and why."""
    return htmx.page(request, "notifications/outbox.html", {"troubles": queries.outbox_troubles()})


@require_POST
@access.roles(RoleName.OPERATOR)
def retry(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Try a given-up delivery anew."""
    actions.retry_failed(actor=request.actor, delivery_id=delivery_id, at=request.received_at)
    return htmx.redirect(request, reverse("notifications:outbox"))
