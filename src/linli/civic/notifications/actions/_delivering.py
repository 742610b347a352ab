"""Carrying messages: into inboxes, and out by SMS, mail and WeChat, at least once, visibly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from linli.civic.notifications import policies
from linli.civic.notifications.adapters import CannotDeliver, Letter, Outlet
from linli.civic.notifications.domain import retrying, wording
from linli.civic.notifications.models import Delivery, InboxItem, Message, Preference
from linli.ground.kernel.actor import Actor, RoleName
from linli.registry.people import queries as people

BATCH = 200


@transaction.atomic
def expand_messages(*, at: datetime) -> int:
    """Put the messages that wait into the inboxes of those concerned; returns how many messages."""
    waiting = list(
        Message.objects.select_for_update(skip_locked=True).filter(expanded_at=None).order_by("id")[:BATCH]
    )
    for message in waiting:
        _expand(message, at)
    return len(waiting)


def _expand(message: Message, at: datetime) -> None:
    readers = _readers(message, at)
    InboxItem.objects.bulk_create(
        [InboxItem(message=message, account_id=reader, at=message.at) for reader in readers],
        ignore_conflicts=True,
    )
    wishes = {wish.account_id: wish for wish in Preference.objects.filter(account_id__in=readers)}
    deliveries = [
        Delivery(message=message, account_id=reader, channel=channel, next_try_at=at)
        for reader in readers
        for channel in _channels(message, wishes.get(reader))
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    message.expanded_at = at
    message.save(update_fields=["expanded_at"])


def _readers(message: Message, at: datetime) -> list[int]:
    readers = set(message.accounts)
    if message.roles:
        names = [RoleName(name) for name in message.roles]
        readers |= {
            member.account_id
            for member in people.staff_of(path=message.place_path, roles=names, on=localdate(at))
        }
    return sorted(readers - {message.except_account})


def _channels(message: Message, wish: Preference | None) -> list[str]:
    if message.urgent:
        return [Delivery.Channel.SMS]
    if wish is None or message.kind in wish.muted:
        return []
    chosen = {
        Delivery.Channel.SMS: wish.sms,
        Delivery.Channel.MAIL: wish.mail,
        Delivery.Channel.WECHAT: wish.wechat,
    }
    return [channel for channel, wanted in chosen.items() if wanted]


def deliver_due(*, outlets: Callable[[str], Outlet], at: datetime) -> tuple[int, int]:
    """Send what is due, each delivery in its own transaction; returns how many were sent and how many failed."""
    sent = failed = 0
    due = Delivery.objects.filter(status=Delivery.Status.WAITING, next_try_at__lte=at).order_by("id")
    for delivery_id in list(due.values_list("pk", flat=True)[:BATCH]):
        outcome = _deliver(delivery_id, outlets, at)
        sent, failed = sent + (outcome is True), failed + (outcome is False)
    return sent, failed


@transaction.atomic
def _deliver(delivery_id: int, outlets: Callable[[str], Outlet], at: datetime) -> bool | None:
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message", "account")
        .filter(pk=delivery_id, status=Delivery.Status.WAITING)
        .first()
    )
    if delivery is None:
        return None
    delivery.tries += 1
    try:
        outlets(delivery.channel).send(_letter(delivery))
    except CannotDeliver as problem:
        _try_later(delivery, str(problem), at)
        return False
    delivery.status, delivery.sent_at, delivery.last_error = Delivery.Status.SENT, at, ""
    delivery.save()
    return True


def _letter(delivery: Delivery) -> Letter:
    message, account = delivery.message, delivery.account
    address = account.email if delivery.channel == Delivery.Channel.MAIL else account.phone
    if not address:
        raise CannotDeliver("没有登记可用的号码或邮箱")
    with override(account.language):
        subject = wording.fill(gettext(message.subject), message.data)
        text = wording.fill(gettext(message.text), message.data)
    return Letter(
        address=address,
        subject=subject,
        text=text,
        link=f"https://{settings.LINLI_ORIGIN}{message.link}",
        key=f"{message.pk}-{account.pk}-{delivery.channel}",
        channel=delivery.channel,
    )


def _try_later(delivery: Delivery, problem: str, at: datetime) -> None:
    pause = retrying.pause_after(delivery.tries)
    delivery.last_error = problem[:300]
    if pause is None:
        delivery.status = Delivery.Status.FAILED
    else:
        delivery.next_try_at = at + pause
    delivery.save()


@transaction.atomic
def retry_failed(*, actor: Actor, delivery_id: int, at: datetime) -> None:
    """Try a given-up delivery anew, because the number or the gateway was put right."""
    policies.require_may_run_the_outbox(actor)
    Delivery.objects.filter(pk=delivery_id, status=Delivery.Status.FAILED).update(
        status=Delivery.Status.WAITING, tries=0, next_try_at=at
    )
