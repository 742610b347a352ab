"""The register of owners and occupants: one entry per person and compound."""

from __future__ import annotations

from django.db import models

from linli.ground.db.fields import EncryptedTextField
from linli.registry.people.models._salt import fresh_salt


class PersonKind(models.TextChoices):
    NATURAL = "natural", "自然人"
    ORGANISATION = "organisation", "单位"
    DEVELOPER = "developer", "建设单位"


class Relation(models.TextChoices):
    TENANT = "tenant", "承租人"
    FAMILY = "family", "家属"


class Person(models.Model):
    """One person or organisation in one compound's register.

    A human who owns in two compounds has two entries and one account: neighbours' registers do not
    leak into each other. ``salt`` is one of the logged columns, so that erasing a person (a new
    salt, empty columns) leaves nothing in the log that could be guessed back. ``phone_index`` finds
    a phone without decrypting; ``document_index`` and ``document_tail`` stand for an ID number that
    is not kept itself.
    """

    LOGGED = (
        "compound_id",
        "kind",
        "name",
        "phone_index",
        "document_index",
        "account_id",
        "erased_at",
        "salt",
    )

    compound = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, related_name="people", db_index=False
    )
    kind = models.CharField(max_length=16, choices=PersonKind, default=PersonKind.NATURAL)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=120, blank=True)
    phone = EncryptedTextField(null=True)
    phone_index = models.CharField(max_length=32, null=True)  # noqa: DJ001
    document_index = models.CharField(max_length=32, null=True)  # noqa: DJ001
    document_tail = models.CharField(max_length=4, blank=True)
    account = models.ForeignKey(
        "people.Account", null=True, on_delete=models.SET_NULL, related_name="people", db_index=False
    )
    erased_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "people_person"
        indexes = [
            models.Index(fields=["compound", "name"], name="people_person_name"),
            models.Index(fields=["phone_index"], name="people_person_phone"),
            models.Index(
                fields=["account"], condition=models.Q(account__isnull=False), name="people_person_account"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def log_id(self) -> int:
        """The log that records this person."""
        return self.compound_id


class Ownership(models.Model):
    """That a person owns a unit from a day on, and until when. Several rows on a unit are co-owners.

    ``to_on`` is the first day on which they no longer own it, the day of the new owner.

    The owner group (产权人组) of a unit is the set of its present owners; units with the same set
    are one head. Source: 建筑物区分所有权解释 arts. 8–9; Qingdao 17.
    """

    LOGGED = ("compound_id", "unit_id", "person_id", "from_on", "to_on", "ground")

    # A copy of its unit's compound, as the unit's is of its place's; see docs/decisions/0004.
    compound = models.ForeignKey(
        "places.Place", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="ownerships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ownerships")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    ground = models.CharField(max_length=120, blank=True)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "people_ownership"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person"], condition=models.Q(to_on__isnull=True), name="owns_a_unit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} owns {self.unit_id}"

    @property
    def log_id(self) -> int:
        """The log that records this ownership."""
        return self.compound_id


class Occupancy(models.Model):
    """That a person lives in a unit without owning it: a tenant or a member of the family.

    ``to_on`` is the first day on which they no longer do.
    """

    LOGGED = ("compound_id", "unit_id", "person_id", "relation", "from_on", "to_on")

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="occupancies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="occupancies")
    relation = models.CharField(max_length=8, choices=Relation)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "people_occupancy"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "person"], condition=models.Q(to_on__isnull=True), name="lives_in_a_unit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} lives in {self.unit_id}"

    @property
    def log_id(self) -> int:
        """The log that records this occupancy."""
        return self.compound_id


class HomeClaim(models.Model):
    """A signed-in person says "this home is mine"; staff look at the proof and answer with a reason.

    ``proof`` is the private upload that shows it, deleted when the account is erased.
    """

    LOGGED = ("compound_id", "unit_id", "account_id", "relation", "status", "answered_by_id")

    class Status(models.TextChoices):
        WAITING = "waiting", "待核对"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="claims")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="claims")
    relation = models.CharField(max_length=8, choices=[("owner", "业主"), *Relation.choices])
    name = EncryptedTextField()
    note = models.CharField(max_length=300, blank=True)
    proof = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.WAITING)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_claim"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "account"],
                condition=models.Q(status="waiting"),
                name="one_open_claim_per_home",
            )
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} {self.status}"

    @property
    def log_id(self) -> int:
        """The log that records this claim."""
        return self.compound_id


class RegisterChange(models.Model):
    """Why an entry of the register is another than before: on what ground, by whom, with what reason.

    The ownerships themselves keep their rows with first and last day; this is the story beside them.
    """

    LOGGED = ("compound_id", "unit_id", "person_id", "kind", "on", "reason", "by_account_id", "at", "salt")

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(
        "places.Unit", null=True, on_delete=models.PROTECT, related_name="register_changes"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="register_changes")
    kind = models.CharField(max_length=24)
    on = models.DateField()
    reason = models.CharField(max_length=200)
    by_account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "people_register_change"
        indexes = [models.Index(fields=["compound", "at"], name="people_change_compound")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id or self.person_id}"

    @property
    def log_id(self) -> int:
        """The log that records this change."""
        return self.compound_id


class ImportBatch(models.Model):
    """One confirmed import of a roll: what file, what it changed, and what is needed to undo it.

    The rows that it made or changed carry its ``leaf``; ``inverse`` holds what the changed ones were.
    """

    LOGGED = ("compound_id", "file_sha256", "created_count", "changed_count", "ended_count", "undone_at")

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+", db_index=False)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    created_count = models.IntegerField()
    changed_count = models.IntegerField()
    ended_count = models.IntegerField()
    inverse = models.JSONField()
    by_account = models.ForeignKey("people.Account", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "people_import"
        indexes = [models.Index(fields=["compound", "-id"], name="people_import_latest")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def log_id(self) -> int:
        """The log that records this import."""
        return self.compound_id
