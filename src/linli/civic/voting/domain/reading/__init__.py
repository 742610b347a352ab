"""Reads rolls, ballots and the small lists beside them out of csv lines: rows, and every fault by its row."""

from linli.civic.voting.domain.reading._ballots import parse_instant, read_ballots, read_closing
from linli.civic.voting.domain.reading._rolls import (
    read_candidates,
    read_deliveries,
    read_roll,
    read_scope,
)
from linli.civic.voting.domain.reading._table import Table, TableFaults, read_table

__all__ = [
    "Table",
    "TableFaults",
    "parse_instant",
    "read_ballots",
    "read_candidates",
    "read_closing",
    "read_deliveries",
    "read_roll",
    "read_scope",
    "read_table",
]
