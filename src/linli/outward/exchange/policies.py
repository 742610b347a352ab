"""Who may take a roll over from a file, and see what is in it."""

from __future__ import annotations

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.errors import NotAllowed
from linli.registry.people.domain.roles import ROLL_IMPORTERS

READERS = ROLL_IMPORTERS - {RoleName.SUBDISTRICT_OFFICER}
"""Who sees the names of the register in full; the street sees counts."""


def require_may_import(actor: Actor, compound_path: str) -> None:
    """Refuse whoever does not keep the compound's register."""
    if not (actor.is_system or actor.holds(ROLL_IMPORTERS, compound_path)):
        raise NotAllowed("may_not_import", "名册只能由本小区的物业、业委会、社区或街道导入。")


def may_see_names(actor: Actor, compound_path: str) -> bool:
    """Whether the names of owners who leave are told."""
    return actor.is_system or actor.holds(READERS, compound_path)
