"""What the door remembers: which forms were already answered, and how often somebody knocked."""

from __future__ import annotations

from django.db import models


class AnsweredForm(models.Model):
    """A form that was sent in, by its idempotency key, with the answer that a second sending gets."""

    scope = models.CharField(max_length=64)
    token = models.CharField(max_length=64)
    path = models.CharField(max_length=400)
    body_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    location = models.CharField(max_length=800, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "web_answered_form"
        constraints = [models.UniqueConstraint(fields=["scope", "token"], name="web_form_is_answered_once")]

    def __str__(self) -> str:
        return f"{self.path} {self.status}"


class RateCounter(models.Model):
    """How often something was done by somebody in one fixed window of time."""

    name = models.CharField(max_length=60)
    who = models.CharField(max_length=64)
    window_at = models.BigIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        db_table = "web_rate_counter"
        indexes = [models.Index(fields=["window_at"], name="web_rate_window")]
        constraints = [
            models.UniqueConstraint(fields=["name", "who", "window_at"], name="web_rate_one_counter")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.count}"
