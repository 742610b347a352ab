"""Photos of a request: of what was wrong, and of what was done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linli.civic.requests.models import Picture, Request
from linli.ground.db.rows import insert
from linli.ground.kernel.actor import Actor


def add_pictures(
    request: Request, files: Iterable[str], *, moment: Picture.Moment, actor: Actor, at: datetime
) -> list[Picture]:
    """Write down which stored photos belong to the request, and who added them."""
    return [
        insert(Picture(request=request, moment=moment, file=name, added_by_id=actor.account_id, added_at=at))
        for name in files
    ]
