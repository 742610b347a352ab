"""The yearly holiday tables that staff enter once the State Council's notice is out."""

from __future__ import annotations

from django.db import models


class HolidayYear(models.Model):
    """One year's table: the dates that are off and the weekend days that are worked.

    ``days`` maps ISO dates to true (off) or false (worked), ``names`` to the holiday. Entering a year again replaces the table;
    the log keeps the digest of each version. Source: 全国年节及纪念日放假办法 and the yearly notice.
    """

    LOGGED = ("year", "days_sha256", "source", "entered_at")

    year = models.IntegerField(unique=True)
    days = models.JSONField()
    names = models.JSONField(default=dict)
    days_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    entered_by_id = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "regulations_holidays"

    def __str__(self) -> str:
        return str(self.year)

    @property
    def log_id(self) -> int:
        """Holiday tables stand in the house's own log."""
        return 0
