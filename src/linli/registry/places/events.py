"""What the house is told about places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UnitAreaCorrected:
    """A unit's area was corrected; whoever counts by area looks again."""

    unit_id: int
    compound_id: int
    before_dm2: int | None
    after_dm2: int
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitClosing:
    """A unit is about to be closed; whoever knows that somebody still needs it refuses."""

    unit_id: int
    compound_id: int
    at: datetime
