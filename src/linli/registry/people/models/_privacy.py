"""What a person agreed to, and who looked at what."""

from __future__ import annotations

from django.db import models

from linli.registry.people.models._salt import fresh_salt


class Consent(models.Model):
    """One separate, revocable consent. Granting again makes a new row; history is never edited.

    Source: 个人信息保护法 arts. 14–16, 25, 29.
    """

    LOGGED = ("account_id", "purpose", "text_sha256", "granted_at", "withdrawn_at", "salt")

    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    text_sha256 = models.CharField(max_length=64)
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "people_consent"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_consent_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.purpose} of {self.account_id}"


class AccessRecord(models.Model):
    """That somebody looked at protected data: who, whose, what, why, when. Never edited.

    ``person`` is empty when it was a list of the ``compound``: an export, a print, a search.
    """

    LOGGED = ("account_id", "person_id", "compound_id", "what", "reason", "at", "salt")

    account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="looks")
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.PROTECT, related_name="looked_at", db_index=False
    )
    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "people_access_record"
        indexes = [
            models.Index(fields=["person", "at"], name="people_access_person"),
            models.Index(fields=["compound", "at"], name="people_access_compound"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"

    @property
    def log_id(self) -> int:
        """The log that records this look."""
        return self.compound_id
