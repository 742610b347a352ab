"""What the house is told about requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """A request was reported or moved on; ``move`` and ``status`` as in ``domain.workflow``."""

    request_id: int
    compound_id: int
    move: str
    status: str
    at: datetime
