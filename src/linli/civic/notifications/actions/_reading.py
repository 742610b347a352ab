"""Reading the inbox, and choosing how to be told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from linli.civic.notifications.models import InboxItem, Preference
from linli.ground.kernel.actor import Actor
from linli.registry.people import actions as people


@transaction.atomic
def mark_read(*, actor: Actor, item_id: int, at: datetime) -> InboxItem | None:
    """Mark one of the actor's own items as read; somebody else's does not exist for them."""
    item = InboxItem.objects.select_related("message").filter(pk=item_id, account_id=actor.me).first()
    if item is not None and item.read_at is None:
        item.read_at = at
        item.save(update_fields=["read_at"])
    return item


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Mark everything in the actor's inbox as read."""
    return InboxItem.objects.filter(account_id=actor.me, read_at=None).update(read_at=at)


@transaction.atomic
def choose_channels(
    *, actor: Actor, sms: bool, mail: bool, wechat: bool, muted: Collection[str], email: str = ""
) -> Preference:
    """Keep by which channels the actor wants to hear, of what not, and where mail goes."""
    people.keep_email(actor=actor, email=email)
    wish, _ = Preference.objects.update_or_create(
        account_id=actor.me,
        defaults={"sms": sms, "mail": mail, "wechat": wechat, "muted": sorted(muted)},
    )
    return wish
