"""Organisations: who they are, whom they serve by contract, who sits in them, and who is on duty."""

from __future__ import annotations

import secrets

from django.db import models


def fresh_salt() -> bytes:
    """A salt, so that nobody finds a reason by guessing at its digest."""
    return secrets.token_bytes(16)


class OrganisationKind(models.TextChoices):
    PROPERTY_COMPANY = "property_company", "物业服务企业"
    OWNERS_COMMITTEE = "owners_committee", "业主委员会"
    RED_COMMITTEE = "red_committee", "红色业主委员会"
    PARTY_BRANCH = "party_branch", "党支部"
    PARTY_COMMITTEE = "party_committee", "党委"
    RESIDENTS_COMMITTEE = "residents_committee", "社区居民委员会"
    SUBDISTRICT_OFFICE = "subdistrict_office", "街道办事处"
    DISTRICT_OFFICE = "district_office", "区物业主管部门"
    PARTNER_UNIT = "partner_unit", "联动单位"


class Organisation(models.Model):
    """A body that acts. ``place`` is what it is responsible for: a compound, a community, a district.

    ``uscc`` is the unified social credit code (GB 32100-2015), empty for bodies without one.
    """

    LOGGED = (
        "kind",
        "name",
        "short_name",
        "uscc",
        "place_id",
        "parent_id",
        "phone",
        "hours",
        "closed_on",
    )

    kind = models.CharField(max_length=24, choices=OrganisationKind)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=24)
    uscc = models.CharField(max_length=18, blank=True)
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="organisations")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    phone = models.CharField(max_length=24, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "organisations_organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~models.Q(uscc=""), name="one_organisation_per_uscc"
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="organisations_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def log_id(self) -> int:
        """Organisations stand in the house's own log."""
        return 0


class ServiceContract(models.Model):
    """That a property company serves a compound, from a day until a day (民法典 art. 938).

    ``to_on`` is the first day on which it no longer does. ``agreed_to_on`` keeps the end that was agreed
    when a contract ends early, and ``end_reason`` says why.
    """

    LOGGED = (
        "compound_id",
        "company_id",
        "signed_on",
        "from_on",
        "to_on",
        "filed_on",
        "agreed_to_on",
        "end_reason",
    )

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="contracts")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    signed_on = models.DateField(null=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    filed_on = models.DateField(null=True)
    agreed_to_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organisations_contract"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_on=None) | models.Q(to_on__gt=models.F("from_on")),
                name="contract_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company_id} serves {self.compound_id}"

    @property
    def log_id(self) -> int:
        """The log that records this contract."""
        return self.compound_id


class Term(models.Model):
    """One term of a committee or party body: from the election until the day on which it is over.

    ``elected`` is how many seats were elected; ``agreed_to_on`` keeps the first end when the owners'
    assembly extended the term. ``basis`` says by what decision.
    """

    LOGGED = ("organisation_id", "from_on", "to_on", "agreed_to_on", "elected", "basis", "ended_reason")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    from_on = models.DateField()
    to_on = models.DateField()
    agreed_to_on = models.DateField(null=True)
    elected = models.SmallIntegerField()
    basis = models.CharField(max_length=200)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organisations_term"

    def __str__(self) -> str:
        return f"term of {self.organisation_id} from {self.from_on}"

    @property
    def log_id(self) -> int:
        """Terms stand in the house's own log."""
        return 0


class Seat(models.Model):
    """A seat in a committee or party body, for a term. The public sees only what was consented to.

    ``mandate`` names the owner that is no human and has authorised the member (Qingdao 34).
    """

    LOGGED = (
        "organisation_id",
        "term_id",
        "account_id",
        "position",
        "mandate",
        "from_on",
        "to_on",
        "ended_reason",
        "salt",
    )

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    term = models.ForeignKey(Term, null=True, on_delete=models.PROTECT, related_name="seats")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="seats")
    position = models.CharField(max_length=24)
    mandate = models.CharField(max_length=80, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "organisations_seat"

    def __str__(self) -> str:
        return f"{self.position} of {self.organisation_id}"

    @property
    def log_id(self) -> int:
        """Seats stand in the house's own log."""
        return 0


class Duty(models.Model):
    """Who of an organisation is at which post of a place, on a day between two hours (值班表).

    Hours are minutes since midnight (480 is 8:00). An end that is not after the beginning lies on the next
    day; from 0 to 0 is the whole day.
    """

    LOGGED = (
        "organisation_id",
        "place_id",
        "account_id",
        "on",
        "post",
        "phone",
        "from_minute",
        "to_minute",
        "note",
        "removed_reason",
        "salt",
    )

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="duties")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="duties")
    on = models.DateField()
    post = models.CharField(max_length=24, default="值班")
    phone = models.CharField(max_length=24, blank=True)
    from_minute = models.SmallIntegerField(default=0)
    to_minute = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=60, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=200, blank=True)
    salt = models.BinaryField(max_length=16, default=fresh_salt)

    class Meta:
        db_table = "organisations_duty"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "place", "account", "on", "from_minute"],
                condition=models.Q(removed_at=None),
                name="on_duty_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(from_minute__range=(0, 1439), to_minute__range=(0, 1439)),
                name="duty_hours_within_a_day",
            ),
        ]
        indexes = [models.Index(fields=["place", "on"], name="organisations_duty_day")]

    def __str__(self) -> str:
        return f"{self.account_id} on {self.on}"

    @property
    def log_id(self) -> int:
        """The roster stands in the house's own log."""
        return 0


class Change(models.Model):
    """One thing that was registered about an organisation: what, from what to what, why, and by whom.

    Never edited. ``log`` is the log in which the act stands, ``receipt`` the code it can be checked by.
    """

    LOGGED = ("organisation_id", "what", "before", "after", "reason", "account_id", "at", "salt")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=24)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=16, default=fresh_salt)
    log = models.BigIntegerField(default=0)
    receipt = models.CharField(max_length=96, blank=True)

    class Meta:
        db_table = "organisations_change"
        indexes = [models.Index(fields=["organisation", "-id"], name="organisations_history")]

    def __str__(self) -> str:
        return f"{self.what} of {self.organisation_id}"

    @property
    def log_id(self) -> int:
        """The log that records this change."""
        return self.log
