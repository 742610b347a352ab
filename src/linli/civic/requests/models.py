"""The request and everything said, shown and done about it."""

from __future__ import annotations

import secrets

from django.db import models

from linli.civic.requests.domain.categories import CATEGORIES
from linli.civic.requests.domain.workflow import STATUS_WORDS, Move
from linli.ground.db.fields import EncryptedTextField


def fresh_salt() -> bytes:
    """Sixteen random bytes, drawn anew when a row is emptied, so that the log leaves nothing to guess."""
    return secrets.token_bytes(16)


class Channel(models.TextChoices):
    APP = "app", "手机上报"
    QR = "qr", "扫码上报"
    PHONE = "phone", "来电登记"
    COUNTER = "counter", "窗口登记"
    DOOR = "door", "上门登记"
    PATROL = "patrol", "巡查发现"


class WaitingFor(models.TextChoices):
    RESIDENT = "resident", "等报事人配合"
    MATERIAL = "material", "等材料配件"
    OWNERS_DECISION = "owners_decision", "等业主共同决定"
    OUTSIDE_UNIT = "outside_unit", "等外单位"
    WEATHER = "weather", "等天气"


class Request(models.Model):
    """One resident's problem. ``due_at`` is the promised end; ``rating`` is 1 to 5, null until rated.

    ``text`` is what people read; a hidden text stays here but is shown to nobody but staff. The
    reporter is known to those who handle it and is never shown in public.
    """

    LOGGED = (
        "compound_id",
        "category",
        "status",
        "danger",
        "title",
        "text",
        "place_id",
        "unit_id",
        "facility_id",
        "spot",
        "is_public",
        "channel",
        "reporter_id",
        "entered_by_id",
        "organisation_id",
        "handler_id",
        "waiting_for",
        "merged_into_id",
        "reported_at",
        "due_at",
        "due_provisional",
        "done_at",
        "closed_at",
        "reopen_count",
        "rating",
        "text_hidden",
        "salt",
    )

    compound = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, related_name="requests", db_index=False
    )
    category = models.CharField(max_length=16, choices=[(item.code, item.name) for item in CATEGORIES])
    status = models.CharField(
        max_length=12, choices=[(code.value, words) for code, words in STATUS_WORDS.items()]
    )
    danger = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=2000)
    place = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, related_name="requests_here", db_index=False
    )
    unit = models.ForeignKey("places.Unit", null=True, on_delete=models.PROTECT, related_name="requests")
    facility = models.ForeignKey(
        "places.Facility", null=True, on_delete=models.PROTECT, related_name="requests"
    )
    spot = models.CharField(max_length=120, blank=True)
    is_public = models.BooleanField(default=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.APP)
    reporter = models.ForeignKey(
        "people.Account", null=True, on_delete=models.PROTECT, related_name="requests"
    )
    entered_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    caller_name = EncryptedTextField(null=True)
    caller_phone = EncryptedTextField(null=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="requests"
    )
    handler = models.ForeignKey(
        "people.Account", null=True, on_delete=models.PROTECT, related_name="handled_requests"
    )
    waiting_for = models.CharField(max_length=16, choices=WaitingFor, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_provisional = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopen_count = models.SmallIntegerField(default=0)
    support_count = models.IntegerField(default=0)
    rating = models.SmallIntegerField(null=True)
    text_hidden = models.BooleanField(default=False)
    nudged_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "requests_request"
        indexes = [
            models.Index(fields=["compound", "-reported_at", "-id"], name="requests_newest"),
            models.Index(fields=["compound", "status", "due_at", "id"], name="requests_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="rating_one_to_five",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number people say on the phone: the day it was reported and a running number."""
        return request_number(self.pk, self.reported_at)

    @property
    def stream(self) -> str:
        """The matter's stream in the log; everything that follows from this report joins it."""
        return f"request/{self.pk}"

    @property
    def log_id(self) -> int:
        """The log that records this request."""
        return self.compound_id


def request_number(key: int, reported_at: object) -> str:
    """``20261120-1042`` for request 1042 reported on that day in China."""
    from linli.civic.requests.domain.sla import CHINA

    return f"{reported_at.astimezone(CHINA):%Y%m%d}-{key}"  # type: ignore[attr-defined]


class Step(models.Model):
    """One thing that happened to a request; rows are only ever added.

    ``who`` is how the actor is shown in public ("隆祺物业 · 刘师傅"); ``is_internal`` steps are for staff.
    """

    LOGGED = (
        "request_id",
        "move",
        "status",
        "account_id",
        "who",
        "note",
        "is_internal",
        "at",
        "hidden",
        "salt",
    )

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=16, choices=[(move.value, move.value) for move in Move])
    status = models.CharField(max_length=12)
    account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=80)
    note = models.TextField(max_length=2000, blank=True)
    is_internal = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "requests_step"

    def __str__(self) -> str:
        return f"{self.request_id} {self.move}"


class Picture(models.Model):
    """A photo of a request. Strangers see ``public_file`` only, the copy staff have looked through.

    ``boxes`` are the rectangles drawn over faces and plates, as per-mille of width and height.
    """

    class Moment(models.TextChoices):
        BEFORE = "before", "处理前"
        AFTER = "after", "处理后"

    LOGGED = ("request_id", "moment", "file", "public_file", "cleared_by_id", "cleared_at")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="pictures")
    moment = models.CharField(max_length=8, choices=Moment)
    file = models.CharField(max_length=64)
    public_file = models.CharField(max_length=64, blank=True)
    boxes = models.JSONField(default=list)
    added_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    cleared_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "requests_picture"

    def __str__(self) -> str:
        return f"{self.request_id} {self.moment}"


class Support(models.Model):
    """ "我也遇到": that a neighbour has the same problem, and follows this one."""

    LOGGED = ("request_id", "account_id", "at", "ended_at")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="supports")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="supports")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "requests_support"
        constraints = [models.UniqueConstraint(fields=["request", "account"], name="supports_once")]

    def __str__(self) -> str:
        return f"{self.account_id} supports {self.request_id}"


class AbuseReport(models.Model):
    """That somebody finds a text or photo of a request abusive; staff answer with a reason."""

    LOGGED = ("request_id", "reason", "at", "answer", "answered_at")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="abuse_reports")
    step = models.ForeignKey(Step, null=True, on_delete=models.PROTECT, related_name="abuse_reports")
    account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "requests_abuse"

    def __str__(self) -> str:
        return f"abuse {self.pk}"
