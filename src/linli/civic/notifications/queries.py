"""Every read of notifications: the inbox, announcements, the outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from linli.civic.notifications.domain import wording
from linli.civic.notifications.models import Announcement, Delivery, InboxItem, Message, Preference
from linli.ground.db.statements import all_rows
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import NotFound

PAGE = 20
_UNREAD = "SELECT count(*) FROM (SELECT 1 FROM notifications_item WHERE account_id = %s AND read_at IS NULL LIMIT 99) few"
"""Written out, for every page asks."""


def inbox(*, actor: Actor, before_id: int | None = None) -> QuerySet[InboxItem]:
    """The actor's items, newest first; one more than a page."""
    items = InboxItem.objects.filter(account_id=actor.me).select_related("message")
    if before_id is not None:
        items = items.filter(pk__lt=before_id)
    return items.order_by("-id")[: PAGE + 1]


def unread_count(*, actor: Actor) -> int:
    """How many items the actor has not opened, counted to at most 99."""
    if actor.account_id is None:
        return 0
    [(count,)] = all_rows(_UNREAD, [actor.me])
    return int(count)


def preference(*, actor: Actor) -> Preference:
    """How the actor wants to be told; the default if they never chose."""
    assert actor.account_id is not None
    found = Preference.objects.filter(account_id=actor.me).first()
    return found or Preference(account_id=actor.me, sms=False)


def announcements(*, compound_id: int, before_id: int | None = None) -> QuerySet[Announcement]:
    """The notices of a compound, newest first; one more than a page."""
    notices = Announcement.objects.filter(compound_id=compound_id).select_related("organisation", "place")
    if before_id is not None:
        notices = notices.filter(pk__lt=before_id)
    return notices.order_by("-id")[: PAGE + 1]


def announcement(*, compound_id: int, announcement_id: int) -> Announcement:
    """One notice with the number of its readers."""
    found = (
        Announcement.objects.filter(compound_id=compound_id, pk=announcement_id)
        .select_related("organisation", "place", "compound")
        .annotate(readers=Count("reads"))
        .first()
    )
    if found is None:
        raise NotFound("no_such_announcement", "没有找到这份公告。")
    return found


def streams_told(kind: str, streams: Collection[str]) -> set[str]:
    """Of which of these matters a message of this kind was written already."""
    told = Message.objects.filter(kind=kind, stream__in=streams)
    return set(told.values_list("stream", flat=True))


def own_data(account_id: int) -> Mapping[str, Sequence[dict[str, object]]]:
    """The inbox and the wishes of an account, as the copy of one's own data holds them."""
    items = InboxItem.objects.filter(account_id=account_id).select_related("message").order_by("pk")
    wish = Preference.objects.filter(account_id=account_id).first() or Preference(sms=False)
    return {
        "收到的消息": [
            {
                "时间": item.at,
                "标题": wording.fill(item.message.subject, item.message.data),
                "内容": wording.fill(item.message.text, item.message.data),
                "读过": item.read_at,
            }
            for item in items
        ],
        "通知方式": [{"短信": wish.sms, "邮件": wish.mail, "微信": wish.wechat}],
    }


def outbox_troubles() -> QuerySet[Delivery]:
    """Deliveries that failed at least once and are not sent, the given-up ones first."""
    return (
        Delivery.objects.filter(~Q(status=Delivery.Status.SENT), tries__gt=0)
        .select_related("message", "account")
        .order_by("status", "-id")[:200]
    )
