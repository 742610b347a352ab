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
    """One act. ``entry`` is what is hashed; ``salt`` opens the row digests and is never in the log.

    ``aid`` is the finding aid of a bulk act (see ``domain.bulk``): which rows it covers.
    """

    pk = models.CompositePrimaryKey("log_id", "index")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    index = models.BigIntegerField()
    stream = models.CharField(max_length=64)
    kind = models.CharField(max_length=48)
    at = models.DateTimeField()
    entry = models.BinaryField()
    hash = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    aid = models.BinaryField(null=True)

    class Meta:
        db_table = "journal_leaf"
        indexes = [models.Index(fields=["log", "stream", "index"], name="journal_leaf_stream")]

    def __str__(self) -> str:
        return f"{self.log_id}:{self.index} {self.kind}"


class TakenOut(models.Model):
    """A row that one bulk act covered (``leaf``) and another bulk act took out of it (``by_leaf``).

    ``digest`` is what stood for the row; the entry at ``by_leaf`` holds the root over all of these.
    """

    pk = models.CompositePrimaryKey("log_id", "leaf", "table", "key")
    log = models.ForeignKey(Log, on_delete=models.PROTECT, db_index=False)
    leaf = models.BigIntegerField()
    table = models.CharField(max_length=63)
    key = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    by_leaf = models.BigIntegerField()

    class Meta:
        db_table = "journal_taken_out"

    def __str__(self) -> str:
        return f"{self.log_id}:{self.by_leaf} took {self.table} {self.key} out of {self.leaf}"


class Checkpoint(models.Model):
    """A signed statement that the log had this root at this size; never two roots for one size.

    ``origin`` is the log's name in public. ``frontier`` is what must be kept of the tree to go on from
    here (see ``kernel.merkle``).
    """

    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="checkpoints")
    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    frontier = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "journal_checkpoint"
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="one_root_per_size")]

    def __str__(self) -> str:
        return f"{self.log_id}@{self.size}"
