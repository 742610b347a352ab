"""What nobody needs any more: messages of years ago, and how they were carried outside.

No law names the days for either; the shortest that serve are to be chosen and told (PIPL 17, 19), so they
are settings of the installation and stand on the page about privacy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from linli.civic.notifications.models import Delivery, InboxItem, Message

_AT_ONCE = 1000
"""So many rows go in one transaction, so that nobody waits long for the house."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many went."""

    messages: int
    deliveries: int


def forget_old(*, at: datetime) -> Forgotten:
    """Delete messages with all that hangs on them, and deliveries that are over, each after its days.

    A delivery that still waits stays as long as its message does.
    """
    over = (Delivery.Status.SENT, Delivery.Status.FAILED)
    carried = at - timedelta(days=settings.LINLI_DELIVERIES_KEPT_DAYS)
    deliveries = _delete_deliveries(status__in=over, message__at__lt=carried)
    return Forgotten(_delete_messages(at - timedelta(days=settings.LINLI_MESSAGES_KEPT_DAYS)), deliveries)


def _delete_deliveries(**which: object) -> int:
    gone = 0
    while keys := list(Delivery.objects.filter(**which).values_list("pk", flat=True)[:_AT_ONCE]):
        gone += Delivery.objects.filter(pk__in=keys).delete()[0]
    return gone


def _delete_messages(before: datetime) -> int:
    gone = 0
    while keys := list(Message.objects.filter(at__lt=before).values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            InboxItem.objects.filter(message_id__in=keys).delete()
            Delivery.objects.filter(message_id__in=keys).delete()
            Message.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone
