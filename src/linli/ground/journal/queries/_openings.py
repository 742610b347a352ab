"""What the capabilities above put into a bundle beside the log, and the names of logs; wired by the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from linli.ground.kernel.errors import NotFound

Provider = Callable[[int], Iterable[tuple[str, bytes]]]
"""Given a log, the public files it belongs with: path and content."""

_providers: dict[str, Provider] = {}
_namers: list[Callable[[str], int | None]] = []
_PATH = re.compile(r"[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*")
LONGEST_PATH = 200


def provide_openings(name: str, provider: Provider) -> None:
    """Let a capability put public files into bundles, under ``<name>/``; called from the wiring table."""
    _providers[name] = provider


def name_logs(find: Callable[[str], int | None]) -> None:
    """Say how the name of a compound leads to its log; called from the wiring table."""
    if find not in _namers:
        _namers.append(find)


def log_named(name: str) -> int:
    """The log of a compound by its name in addresses, or by the log's number. Refuses an unknown name."""
    for find in _namers:
        found = find(name)
        if found is not None:
            return found
    if name.isascii() and name.isdigit():
        return int(name)
    raise NotFound("no_such_compound", "没有叫“{name}”的小区。", name=name)


def openings(log_id: int) -> Iterator[tuple[str, bytes]]:
    """Everything public that belongs with a log, ordered by path; each path once."""
    files: dict[str, bytes] = {}
    for name, provider in _providers.items():
        for path, content in provider(log_id):
            full = f"{name}/{path}"
            assert _PATH.fullmatch(full), f"not a path for a bundle: {full}"
            assert len(full) <= LONGEST_PATH, f"too long a path for a bundle: {full}"
            assert full not in files, f"a path twice in a bundle: {full}"
            files[full] = content
    yield from sorted(files.items())
