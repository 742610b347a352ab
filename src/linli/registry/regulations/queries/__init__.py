"""Asks the law book that the product ships. Reads package data, starts no framework.

The working days that staff entered stand in the database and are asked for in ``queries.holidays``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from linli.registry.regulations.domain.profiles import LawBook
from linli.registry.regulations.domain.reading import read_law_book


@cache
def law_book() -> LawBook:
    """The shipped rules: the nation, Shandong, Qingdao, Huangdao."""
    shipped = files("linli.registry.regulations").joinpath("data")
    found = {
        entry.name: entry.read_text("utf-8") for entry in shipped.iterdir() if entry.name.endswith(".toml")
    }
    return read_law_book({name: found[name] for name in sorted(found)})


def law_book_with(own_files: Mapping[str, str]) -> LawBook:
    """The shipped rules and rules of one's own, e.g. those an assembly has adopted (name to text)."""
    return read_law_book(own_files, onto=law_book()) if own_files else law_book()
