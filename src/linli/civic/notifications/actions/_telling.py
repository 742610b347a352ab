"""Telling people: one row in the teller's transaction; reaching them is a job's work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.civic.notifications.models import AnnouncementRead, Delivery, InboxItem, Message, Preference
from linli.ground.db.rows import insert
from linli.ground.kernel.actor import RoleName


@dataclass(frozen=True, slots=True)
class Audience:
    """Who shall hear: these accounts, and whoever holds one of the roles over the place at expansion.

    ``except_account`` is the one who acted and need not be told.
    """

    accounts: Collection[int] = ()
    roles: Collection[RoleName] = ()
    place_path: str = ""
    except_account: int | None = None


@transaction.atomic
def forget_words(*, stream: str, title: str, at: datetime) -> None:
    """Take people's words out of every message about a matter; ``title`` is what it is called from now on."""
    for message in Message.objects.filter(stream=stream, at__lte=at):
        words = {name: "" for name in ("note", "spot", "who") if name in message.data}
        message.data = message.data | words | {"title": title}
        message.save(update_fields=["data"])


@transaction.atomic
def forget_account(*, account_id: int, at: datetime) -> None:
    """An account is erased: its inbox, deliveries and wishes go."""
    InboxItem.objects.filter(account_id=account_id, at__lte=at).delete()
    for rows in (Delivery, AnnouncementRead, Preference):
        rows.objects.filter(account_id=account_id).delete()


def tell(
    *,
    audience: Audience,
    kind: str,
    subject: str,
    text: str,
    link: str,
    data: Mapping[str, str | int] | None = None,
    compound_id: int | None = None,
    stream: str = "",
    urgent: bool = False,
    at: datetime,
) -> Message:
    """Write down what to tell whom; call it inside the action whose news it is."""
    return insert(
        Message(
            compound_id=compound_id,
            stream=stream,
            kind=kind,
            subject=subject,
            text=text,
            data=dict(data or {}),
            link=link,
            accounts=sorted(audience.accounts),
            roles=sorted(audience.roles),
            place_path=audience.place_path,
            except_account=audience.except_account,
            urgent=urgent,
            at=at,
        )
    )
