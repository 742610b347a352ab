"""Accounts: a human's phone number, devices, second factor, and the duties assigned to them."""

from __future__ import annotations

from django.db import models

from linli.ground.db.fields import EncryptedTextField
from linli.ground.kernel.actor import RoleName
from linli.registry.people.models._salt import fresh_salt


class Account(models.Model):
    """One human who can sign in. The phone is the login; ``name`` is how the house addresses them.

    ``totp_secret`` counts only from ``totp_since`` on; before that its set-up is not finished.
    ``seen_at`` tells a number that was silent for long, and may be somebody else's now.
    """

    LOGGED = ("phone_index", "suspended_at", "closed_at", "salt")

    name = models.CharField(max_length=40)
    phone = EncryptedTextField(null=True)
    phone_index = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001
    email = EncryptedTextField(null=True)
    totp_secret = EncryptedTextField(null=True)
    totp_since = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    care_mode = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="zh-hans")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspended_reason = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "people_account"

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def log_id(self) -> int:
        """Accounts stand in the house's own log."""
        return 0


class Session(models.Model):
    """One signed-in device. The cookie holds a random token, the table its SHA-256.

    ``strong`` says that the second factor was given on this device. While ``waits_for`` names what is
    still due (the second ``factor``, the ``name`` of whom the number belonged to), nobody is signed in;
    ``tries`` counts the attempts at it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=120, blank=True)
    strong = models.BooleanField(default=False)
    waits_for = models.CharField(max_length=8, blank=True)
    tries = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_session"

    def __str__(self) -> str:
        return f"session {self.pk}"


class LoginCode(models.Model):
    """A code sent by SMS: kept only as a keyed hash, used once, with few tries, for a few minutes.

    ``ticket_hash`` binds it to the browser that asked for it. ``account`` is set when a signed-in
    person proves a new number, and empty for a sign-in.
    """

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=32)
    ticket_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_login_code"
        indexes = [models.Index(fields=["phone_index", "sent_at"], name="people_code_phone")]

    def __str__(self) -> str:
        return f"code {self.pk}"


class RecoveryCode(models.Model):
    """A paper code that stands in for the second factor once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_recovery_code"

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


class RoleAssignment(models.Model):
    """A duty of an account for a place, from a day until a day; it ends by date, never by deletion.

    ``to_on`` is the first day on which the duty no longer holds, so that it can end at once;
    ``handed_over_at`` is when the house was told of the end and the open work found other hands.
    ``organisation_id`` names whom they act for; it is a plain number, because organisations stand one
    floor above people.
    """

    LOGGED = ("account_id", "role", "place_id", "organisation_id", "from_on", "to_on", "ended_reason", "salt")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in RoleName])
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="assignments")
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    title = models.CharField(max_length=40, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    handed_over_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "people_role"
        indexes = [models.Index(fields=["place", "role"], name="people_role_place")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="role_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}@{self.place_id}"


class PhoneChange(models.Model):
    """A signed-in person proved a new number and waits for staff, who know them, to confirm the change."""

    LOGGED = ("account_id", "status", "answered_by_id")

    class Status(models.TextChoices):
        WAITING = "waiting", "待核对"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="phone_changes")
    phone = EncryptedTextField(null=True)
    phone_index = models.CharField(max_length=32, null=True)  # noqa: DJ001
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_phone_change"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(status="waiting"), name="one_open_phone_change"
            )
        ]

    def __str__(self) -> str:
        return f"phone change {self.pk} {self.status}"

    @property
    def log_id(self) -> int:
        """Accounts stand in the house's own log."""
        return 0
