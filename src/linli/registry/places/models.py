"""The tree of places down to the entrance, the units behind the doors, and the common facilities."""

from __future__ import annotations

from django.db import models


class PlaceKind(models.TextChoices):
    DISTRICT = "district", "区"
    SUBDISTRICT = "subdistrict", "街道"
    COMMUNITY = "community", "社区"
    COMPOUND = "compound", "小区"
    BUILDING = "building", "楼栋"
    ENTRANCE = "entrance", "单元"
    AREA = "area", "公共区域"


class UnitKind(models.TextChoices):
    HOME = "home", "住宅"
    SHOP = "shop", "商铺"
    GARAGE = "garage", "车库"
    STORAGE = "storage", "储藏室"
    OTHER = "other", "其他"


class AreaSource(models.TextChoices):
    """Where an area comes from; the register goes before the survey, the survey before the contract.

    Source: 建筑物区分所有权解释 art. 8.
    """

    PROPERTY_REGISTER = "property_register", "不动产登记簿"
    SURVEY = "survey", "测绘实测"
    CONTRACT = "contract", "买卖合同"
    UNKNOWN = "unknown", "来源未注明"


class FacilityKind(models.TextChoices):
    DOOR = "door", "单元门"
    LIFT = "lift", "电梯"
    BENCH = "bench", "长椅"
    RAMP = "ramp", "坡道"
    LAMP = "lamp", "路灯"
    FITNESS = "fitness", "健身器材"
    GATE = "gate", "大门道闸"
    PLAYGROUND = "playground", "儿童乐园"
    FIRE = "fire", "消防设施"
    WATER = "water", "给排水设施"
    OTHER = "other", "其他设施"


class Place(models.Model):
    """A node of the tree. ``path`` is the ids from the root down to itself, e.g. ``/1/4/17/``.

    A place covers another if its path is a prefix of the other's. ``sort_key`` sorts as people
    read: 2号楼 before 10号楼. ``slug`` is the address of a compound's pages.
    """

    LOGGED = ("parent_id", "compound_id", "kind", "name", "path", "slug", "closed_on")

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    compound = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="inside")
    kind = models.CharField(max_length=16, choices=PlaceKind)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=240)
    slug = models.SlugField(max_length=40, null=True, unique=True)  # noqa: DJ001
    closed_on = models.DateField(null=True)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "places_place"
        constraints = [
            models.UniqueConstraint(fields=["parent", "code"], name="one_place_per_code"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(parent__isnull=True), name="one_district_per_code"
            ),
            models.CheckConstraint(
                condition=models.Q(slug__isnull=True) | models.Q(kind=PlaceKind.COMPOUND),
                name="only_compounds_have_slugs",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="places_place_path"),
            models.Index(fields=["compound", "sort_key"], name="places_place_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def log_id(self) -> int:
        """The log that records this place: its compound's, or the house's above compounds."""
        return self.compound_id or (self.pk if self.kind == PlaceKind.COMPOUND else 0)


class Unit(models.Model):
    """One exclusive part (专有部分): a home, a shop, a garage. ``code`` is unique in its compound.

    ``area_dm2`` is the gross building area in 0.01 m²; null as long as nobody has given it.
    """

    LOGGED = (
        "compound_id",
        "place_id",
        "kind",
        "code",
        "label",
        "area_dm2",
        "area_source",
        "area_on",
        "delivered_on",
        "closed_on",
    )

    # A copy of its place's compound. The foreign key that counts is the place's; see docs/decisions/0004.
    compound = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="units", db_index=False, db_constraint=False
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="units_here")
    kind = models.CharField(max_length=8, choices=UnitKind, default=UnitKind.HOME)
    code = models.CharField(max_length=32)
    label = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=120)
    area_dm2 = models.BigIntegerField(null=True)
    area_source = models.CharField(max_length=20, choices=AreaSource, default=AreaSource.UNKNOWN)
    area_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "places_unit"
        constraints = [
            models.UniqueConstraint(fields=["compound", "code"], name="one_unit_per_code"),
            models.CheckConstraint(
                condition=models.Q(area_dm2__isnull=True) | models.Q(area_dm2__gt=0),
                name="unit_area_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def log_id(self) -> int:
        """The log that records this unit."""
        return self.compound_id


class Facility(models.Model):
    """A common facility with an asset number, found by the QR label on it (door, bench, ramp, lamp)."""

    LOGGED = ("compound_id", "place_id", "kind", "asset_no", "name", "spot", "retired_on")

    compound = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facilities", db_index=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="facilities_here")
    kind = models.CharField(max_length=16, choices=FacilityKind)
    asset_no = models.CharField(max_length=24)
    sort_key = models.CharField(max_length=120)
    name = models.CharField(max_length=60)
    spot = models.CharField(max_length=120, blank=True)
    retired_on = models.DateField(null=True)

    class Meta:
        db_table = "places_facility"
        constraints = [
            models.UniqueConstraint(fields=["compound", "asset_no"], name="one_facility_per_number")
        ]
        indexes = [models.Index(fields=["compound", "sort_key"], name="places_facility_order")]

    def __str__(self) -> str:
        return f"{self.asset_no} {self.name}"

    @property
    def log_id(self) -> int:
        """The log that records this facility."""
        return self.compound_id


class Change(models.Model):
    """A correction of the register of places: what it was, what it is, why, and by whom. Never edited.

    ``account_id`` is a plain number: accounts stand one floor above places.
    """

    LOGGED = (
        "compound_id",
        "subject",
        "key",
        "what",
        "before",
        "after",
        "reason",
        "account_id",
        "at",
        "salt",
    )

    compound = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=12)
    key = models.BigIntegerField()
    what = models.CharField(max_length=24)
    before = models.CharField(max_length=120)
    after = models.CharField(max_length=120)
    reason = models.CharField(max_length=200)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=16)
    leaf = models.BigIntegerField(null=True)

    class Meta:
        db_table = "places_change"
        indexes = [models.Index(fields=["subject", "key", "-id"], name="places_change_history")]

    def __str__(self) -> str:
        return f"{self.subject} {self.key} {self.what}"

    @property
    def log_id(self) -> int:
        """The log that records this correction."""
        return self.compound_id or 0
