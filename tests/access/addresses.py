"""Every address that the house answers, read from its URL table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from linli.ground.web import access


@dataclass(frozen=True, slots=True)
class Address:
    """One route: ``people:unit``, the names of what stands in its path, and the view's decision."""

    name: str
    route: str
    parameters: tuple[str, ...]
    decision: access.Decision | None


def addresses() -> list[Address]:
    """All routes, in the order in which they are tried."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern), inner)
        else:
            yield _address(pattern, prefix, namespace)


def _address(pattern: URLPattern, prefix: str, namespace: str) -> Address:
    route = prefix + str(pattern.pattern)
    return Address(
        name=f"{namespace}{pattern.name}" if pattern.name else route,
        route=route,
        parameters=tuple(pattern.pattern.converters),
        decision=access.decision_of(pattern.callback),
    )
