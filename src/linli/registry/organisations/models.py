"""Organisations: who they are, whom they serve by contract, who sits in them, and who is on duty."""

from __future__ import annotations

from django.db import models


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

    LOGGED = ("kind", "name", "short_name", "uscc", "place_id", "parent_id", "phone", "closed_on")

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

    def __str__(self) -> str:
        return self.name

    @property
    def log_id(self) -> int:
        """Organisations stand in the house's own log."""
        return 0


class ServiceContract(models.Model):
    """That a property company serves a compound, from a day until a day (民法典 art. 938)."""

    LOGGED = ("compound_id", "company_id", "from_on", "to_on", "filed_on")

    compound = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="contracts")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contracts")
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    filed_on = models.DateField(null=True)

    class Meta:
        db_table = "organisations_contract"

    def __str__(self) -> str:
        return f"{self.company_id} serves {self.compound_id}"

    @property
    def log_id(self) -> int:
        """The log that records this contract."""
        return self.compound_id


class Seat(models.Model):
    """A seat in a committee or party body, for a term. The public sees only what was consented to."""

    LOGGED = ("organisation_id", "account_id", "position", "from_on", "to_on", "ended_reason")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="seats")
    position = models.CharField(max_length=24)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organisations_seat"

    def __str__(self) -> str:
        return f"{self.position} of {self.organisation_id}"


class Duty(models.Model):
    """Who of an organisation is on duty at a place on a day (值班表)."""

    LOGGED = ("organisation_id", "place_id", "account_id", "on", "note")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="duties")
    place = models.ForeignKey("places.Place", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="duties")
    on = models.DateField()
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "organisations_duty"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "place", "account", "on"], name="on_duty_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} on {self.on}"
