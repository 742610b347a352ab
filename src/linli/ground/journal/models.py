"""The log's tables: one head row per compound, its leaves, its signed checkpoints."""

from __future__ import annotations

from django.db import models

HOUSE_LOG = 0
"""The log of what belongs to no single compound: organisations, staff, the district."""


class Log(models.Model):
    """The head of one compound's log. Its row is the lock that orders the compound's writes."""

    id = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        db_table = "journal_log"

    def __str__(self) -> str:
        return f"log {self.id}, {self.size} leaves"


class Leaf(models.Model):
    """One act. ``entry`` is what is hashed; ``salt`` opens the row digests and is never in the log."""

    pk = models.CompositePrimaryKey("log_id", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()
    stream = models.CharField(max_length=64)
    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    entry = models.BinaryField()
    hash = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)

    class Meta:
        db_table = "journal_leaf"
        indexes = [models.Index(fields=["log", "stream", "index"], name="journal_leaf_stream")]

    def __str__(self) -> str:
        return f"{self.log_id}:{self.index} {self.kind}"


class Checkpoint(models.Model):
    """A signed statement that the log had this root at this size; never two roots for one size."""

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "journal_checkpoint"
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_root_per_size")]

    def __str__(self) -> str:
        return f"{self.log_id}@{self.size}"
