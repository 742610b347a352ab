"""Receipts, inclusion proofs and openings: what a person takes home about one act."""

from __future__ import annotations

from django.db import models

from linli.ground.journal.domain import digests, entries, receipts
from linli.ground.journal.models import Leaf
from linli.ground.journal.queries._checkpoints import last_checkpoint, leaf_hashes
from linli.ground.kernel import canonical, merkle
from linli.ground.kernel.errors import Conflict, NotFound


def receipt(log_id: int, index: int) -> receipts.Receipt:
    """The receipt of an act; refuses an index that the log does not have."""
    return receipts.Receipt(log_id, index, bytes(_leaf(log_id, index).hash))


def proof(log_id: int, index: int) -> str:
    """The proof that an act is in the published log, as the text of a ``.tlog-proof`` file.

    Refuses an act that no checkpoint covers yet; the next one is at most ten minutes away.
    """
    leaf, checkpoint = _leaf(log_id, index), last_checkpoint(log_id)
    if checkpoint is None or checkpoint.size <= index:
        raise Conflict("not_published_yet", "这一步还没有进入公布的核对点，最多等十分钟再来下载。")
    path = merkle.inclusion_proof(list(leaf_hashes(log_id, 0, checkpoint.size)), index)
    return receipts.proof_text(bytes(leaf.entry), index, path, checkpoint.note)


def opening(row: models.Model, *, log_id: int, index: int) -> bytes:
    """What shows that a row stood in the database like this when an act named it: its values and its salt.

    Put it into a bundle as ``rows/<index>/<table>/<key>.json``; the verifier checks it against the entry.
    Refuses when the row was changed since that act.
    """
    leaf = _leaf(log_id, index)
    table = row._meta.db_table
    values = [digests.plain(getattr(row, name)) for name in row.LOGGED]  # type: ignore[attr-defined]
    own_salt = digests.row_salt(bytes(leaf.salt), table, row.pk)
    digest = digests.opened_digest(table, row.pk, values, own_salt).hex()
    if entries.RowDigest(table, row.pk, digest) not in entries.decode_entry(bytes(leaf.entry)).rows:
        raise NotFound("row_not_in_act", "这一步里没有这样一行，或者这一行后来改过。")
    said = {"v": 1, "index": index, "table": table, "key": row.pk, "salt": own_salt.hex(), "values": values}
    return canonical.encode(said | {"columns": list(row.LOGGED)})  # type: ignore[attr-defined]


def _leaf(log_id: int, index: int) -> Leaf:
    leaf = Leaf.objects.filter(pk=(log_id, index)).first()
    if leaf is None:
        raise NotFound("no_such_act", "日志里没有这一条。")
    return leaf
