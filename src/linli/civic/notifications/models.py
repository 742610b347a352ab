"""Messages to people, the inbox they read them in, and the outbox that carries them outside."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    """One thing to tell: to named accounts, and to whoever holds these roles over this place.

    ``subject`` and ``text`` are Chinese templates with ``{name}`` places filled from ``data``, so that
    each reader gets their own language. A job expands a message into inbox items and deliveries.
    """

    compound = models.ForeignKey("places.Place", null=True, on_delete=models.PROTECT, related_name="+")
    stream = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    text = models.CharField(max_length=600)
    data = models.JSONField(default=dict)
    link = models.CharField(max_length=200)
    accounts = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    place_path = models.CharField(max_length=120, blank=True)
    except_account = models.BigIntegerField(null=True)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    expanded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_message"
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(expanded_at__isnull=True), name="notifications_to_expand"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class InboxItem(models.Model):
    """A message in one person's inbox."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="items")
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="inbox")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_item"
        constraints = [models.UniqueConstraint(fields=["message", "account"], name="told_once")]
        indexes = [models.Index(fields=["account", "-id"], name="notifications_inbox")]

    def __str__(self) -> str:
        return f"{self.message_id} for {self.account_id}"


class Delivery(models.Model):
    """A message on its way outside: tried, retried with growing pauses, delivered or given up; visible."""

    class Channel(models.TextChoices):
        SMS = "sms", "短信"
        MAIL = "mail", "邮件"
        WECHAT = "wechat", "微信"

    class Status(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已送出"
        FAILED = "failed", "发送失败"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    tries = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_delivery"
        constraints = [
            models.UniqueConstraint(fields=["message", "account", "channel"], name="delivered_once")
        ]
        indexes = [models.Index(fields=["status", "next_try_at"], name="notifications_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"


class Preference(models.Model):
    """By which channels a person wants to hear, besides the inbox. Urgent messages always go by SMS."""

    account = models.OneToOneField(
        "people.Account", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    sms = models.BooleanField(default=True)
    mail = models.BooleanField(default=False)
    wechat = models.BooleanField(default=False)
    muted = models.JSONField(default=list)

    class Meta:
        db_table = "notifications_preference"

    def __str__(self) -> str:
        return f"preference of {self.account_id}"


class Announcement(models.Model):
    """A simple notice from the committee or the company to a compound, a building or an entrance."""

    LOGGED = (
        "compound_id",
        "place_id",
        "organisation_id",
        "title",
        "text",
        "urgent",
        "published_at",
        "withdrawn_at",
    )

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="announcements")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=4000)
    urgent = models.BooleanField(default=False)
    author = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notifications_announcement"
        indexes = [models.Index(fields=["compound", "-published_at"], name="notifications_newest")]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """The number on the printed sheet."""
        return f"公告〔{self.published_at:%Y}〕{self.pk}号"

    @property
    def log_id(self) -> int:
        """The log that records this announcement."""
        return self.compound_id


class AnnouncementRead(models.Model):
    """That an account has opened an announcement; only the count is shown."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reads")
    account = models.ForeignKey("people.Account", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "notifications_read"
        constraints = [models.UniqueConstraint(fields=["announcement", "account"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.account_id} read {self.announcement_id}"
