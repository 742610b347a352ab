"""Simple notices from the committee and the company."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.civic.notifications import policies
from linli.civic.notifications.actions._telling import Audience, tell
from linli.civic.notifications.models import Announcement, AnnouncementRead
from linli.ground.db.rows import insert
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import Actor
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.registry.organisations import queries as organisations
from linli.registry.people import queries as people
from linli.registry.places import queries as places


@transaction.atomic
def announce(
    *,
    actor: Actor,
    compound_id: int,
    place_id: int,
    organisation_id: int,
    title: str,
    text: str,
    urgent: bool = False,
    expires_on: date | None = None,
    at: datetime,
) -> Announcement:
    """Publish a notice to a compound, a building or an entrance, and tell everybody who lives there.

    Refuses a body that does not serve the compound, an actor who does not act for it, an empty title.
    """
    compound = places.compound(compound_id)
    organisation = organisations.speaking(compound_id=compound_id, organisation_id=organisation_id)
    policies.require_may_announce(actor, organisation.pk, compound.path)
    place = places.place_inside(compound_id=compound_id, place_id=place_id)
    _check_words(title, text)
    if expires_on is not None and expires_on < localdate(at):
        raise Invalid("expires_in_the_past", "截止日期已经过了，请重新选。", field="expires_on")
    notice = insert(
        Announcement(
            compound_id=compound_id,
            place=place,
            organisation=organisation,
            title=title.strip(),
            text=text.strip(),
            urgent=urgent,
            author_id=actor.me,
            published_at=at,
            expires_on=expires_on,
        )
    )
    _tell_residents(notice, compound.slug or "", actor, at)
    journal.append(
        compound_id=compound_id,
        stream=f"announcement/{notice.pk}",
        kind="announcement.publish",
        body={"announcement": notice.pk, "place": place.pk, "organisation": organisation.pk},
        rows=[notice],
        by=actor,
        at=at,
    )
    return notice


def _tell_residents(notice: Announcement, slug: str, actor: Actor, at: datetime) -> None:
    tell(
        audience=Audience(
            accounts=people.accounts_living_at(place_path=notice.place.path, on=localdate(at)),
            except_account=actor.account_id,
        ),
        kind="announcement",
        subject="{body}：{title}",
        text="{text}",
        data={"body": notice.organisation.short_name, "title": notice.title, "text": notice.text[:120]},
        link=reverse("notifications:announcement", kwargs={"slug": slug, "announcement_id": notice.pk}),
        compound_id=notice.compound_id,
        urgent=notice.urgent,
        at=at,
    )


def _check_words(title: str, text: str) -> None:
    if not title.strip():
        raise Invalid("title_missing", "请写公告的标题。", field="title")
    if len(title.strip()) > 80:
        raise Invalid("title_too_long", "标题最多 80 个字，请写短些。", field="title")
    if not text.strip():
        raise Invalid("text_missing", "请写公告的内容。", field="text")
    if len(text.strip()) > 4000:
        raise Invalid("text_too_long", "内容最多 4000 个字，请写短些，长文件请打印张贴。", field="text")


@transaction.atomic
def withdraw_announcement(*, actor: Actor, announcement_id: int, reason: str, at: datetime) -> Announcement:
    """Take a notice down with a reason; it stays readable with the reason above it."""
    notice = (
        Announcement.objects.select_for_update(of=("self",))
        .select_related("compound")
        .filter(pk=announcement_id)
        .first()
    )
    if notice is None:
        raise NotFound("no_such_announcement", "没有找到这份公告。")
    policies.require_may_announce(actor, notice.organisation_id, notice.compound.path)
    if notice.withdrawn_at is not None:
        raise Conflict("withdrawn_already", "这份公告已经撤下了。")
    if not reason.strip():
        raise Invalid("reason_missing", "请写明撤下的原因，居民会看到。", field="reason")
    notice.withdrawn_at, notice.withdrawn_reason = at, reason.strip()[:200]
    notice.save()
    journal.append(
        compound_id=notice.compound_id,
        stream=f"announcement/{notice.pk}",
        kind="announcement.withdraw",
        body={"announcement": notice.pk},
        rows=[notice],
        by=actor,
        at=at,
    )
    return notice


@transaction.atomic
def mark_announcement_read(*, actor: Actor, announcement_id: int, at: datetime) -> None:
    """Count a reader once; who read is shown to nobody."""
    if actor.account_id is not None:
        AnnouncementRead.objects.get_or_create(
            announcement_id=announcement_id, account_id=actor.account_id, defaults={"at": at}
        )
