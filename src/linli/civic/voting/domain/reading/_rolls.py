"""Reads the roll of owners, the scope, the deliveries and the candidates."""

from __future__ import annotations

from collections.abc import Iterable

from linli.civic.voting.domain.deeming import Delivery
from linli.civic.voting.domain.election import Candidate
from linli.civic.voting.domain.entitlement import Unit
from linli.civic.voting.domain.reading._ballots import instants
from linli.civic.voting.domain.reading._table import Table, read_table
from linli.ground.kernel.area import LARGEST_AREA_DM2, parse_area
from linli.ground.kernel.calendar import parse_day
from linli.ground.kernel.decimals import read_decimal
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown

ROLL_COLUMNS = ("unit_code", "area_m2", "owner_ids", "holder")
HOLDERS = ("owner", "developer")


def read_roll(lines: Iterable[str], *, what: str = "名册") -> tuple[list[Unit], Table]:
    """The units of a roll: ``unit_code,area_m2,owner_ids,holder`` and perhaps ``parking_area_m2``.

    The faults and the columns left out stand in the table.
    """
    table = read_table(lines, what=what, required=ROLL_COLUMNS, optional=("parking_area_m2",))
    if table.faults:
        return [], table
    table.require_filled("unit_code")
    table.require_one_of("holder", HOLDERS)
    table.require_distinct("unit_code")
    areas = table.parsed("area_m2", parse_area, 0)
    owners = _all_owners(table)
    table.columns.setdefault("parking_area_m2", [""] * len(table))
    parking = table.parsed("parking_area_m2", _parking_area, 0)
    if not table.faults and not len(table):
        table.fault(None, "里面没有任何房屋。")
    columns = table.columns
    units = map(
        Unit._make,
        zip(table.rows, columns["unit_code"], areas, owners, columns["holder"], parking, strict=True),
    )
    return list(units), table


def _all_owners(table: Table) -> list[tuple[str, ...]]:
    """The owners of every unit; most have one, whose cell is taken as it stands."""
    column = table.columns["owner_ids"]
    joint = {cell: tuple(sorted(_split(cell))) for cell in set(column) if not cell or ";" in cell}
    if () in joint.values():
        for row, cell in zip(table.rows, column, strict=True):
            if joint.get(cell) == ():
                table.fault(row, "owner_ids 里没有业主。")
    return [(cell,) if cell and ";" not in cell else joint[cell] for cell in column]


def _split(cell: str) -> set[str]:
    return {part.strip() for part in cell.split(";")} - {""}


def _parking_area(text: str) -> int:
    """The area of parking places that belong to the unit; blank and 0 are none."""
    if not text:
        return 0
    dm2 = read_decimal(text, what="车位面积", places=2)
    if not 0 <= dm2 <= LARGEST_AREA_DM2:
        raise Invalid("parking_area_wrong", "车位面积“{text}”不对，请核对。", text=shown(text))
    return dm2


def read_scope(lines: Iterable[str], *, what: str = "列支范围") -> tuple[list[str], Table]:
    """The units concerned: a column ``unit_code``."""
    table = read_table(lines, what=what, required=("unit_code",))
    if table.faults:
        return [], table
    table.require_filled("unit_code")
    table.require_distinct("unit_code")
    if not table.faults and not len(table):
        table.fault(None, "里面没有任何房屋。")
    return table.columns["unit_code"], table


def read_deliveries(lines: Iterable[str], *, what: str = "送达表") -> tuple[list[Delivery], Table]:
    """Ballots delivered: ``unit_code,delivered_at``."""
    table = read_table(lines, what=what, required=("unit_code", "delivered_at"))
    if table.faults:
        return [], table
    table.require_filled("unit_code")
    times = instants(table, "delivered_at")
    rows = zip(table.rows, table.columns["unit_code"], times, strict=True)
    return [Delivery(*row) for row in rows], table


def read_candidates(lines: Iterable[str], *, what: str = "候选人名单") -> tuple[list[Candidate], Table]:
    """Candidates: ``candidate_id``, and perhaps ``name,owner_id,represents,kind,born_on,objection``.

    ``owner_id`` is the id on the roll where it differs; ``represents`` the organisation-owner that has
    authorised the person; ``kind`` ``person`` or ``organisation``; ``objection`` a fault that was found.
    """
    optional = ("name", "owner_id", "represents", "kind", "born_on", "objection")
    table = read_table(lines, what=what, required=("candidate_id",), optional=optional)
    if table.faults:
        return [], table
    table.require_filled("candidate_id")
    table.require_distinct("candidate_id")
    for name in optional:
        table.columns.setdefault(name, [""] * len(table))
    table.require_one_of("kind", ("person", "organisation", ""))
    born = table.parsed("born_on", lambda text: parse_day(text, what="born_on") if text else None, None)
    if not table.faults and not len(table):
        table.fault(None, "里面没有任何候选人。")
    names = ("candidate_id", "name", "owner_id", "represents", "kind", "objection")
    cells = zip(table.rows, *(table.columns[name] for name in names), born, strict=True)
    return [Candidate(*cell) for cell in cells], table
