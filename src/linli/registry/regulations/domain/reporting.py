"""Rules and dates as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from linli.registry.regulations.domain.clocks import Deadline
from linli.registry.regulations.domain.explaining import CLASSES
from linli.registry.regulations.domain.facts import FACTS, FactValue
from linli.registry.regulations.domain.profiles import (
    LAST_DAY,
    Citation,
    Fact,
    LawBook,
    Profile,
    Ruling,
    Version,
)
from linli.registry.regulations.domain.thresholds import Threshold


def told_threshold(threshold: Threshold) -> dict[str, Any]:
    """A share: ``{"fraction": "2/3", "bound": "inclusive", "words": "三分之二以上"}``."""
    bound = "inclusive" if threshold.inclusive else "strict"
    return {"fraction": threshold.fraction, "bound": bound, "words": threshold.words}


def told_citation(citation: Citation) -> dict[str, str]:
    """Where a rule stands."""
    return {"source": citation.source, "article": citation.article, "confidence": citation.confidence}


def basis(ruling: Ruling) -> dict[str, Any]:
    """What a count rests on: the regime, the class of the matter, the shares and the articles."""
    return {
        "item": ruling.item,
        "item_name": ruling.item_name,
        "counts_as": ruling.counts_as,
        "class": ruling.kind,
        "regime": ruling.regime,
        "base": ruling.base,
        "quorum": told_threshold(ruling.quorum),
        "approval": told_threshold(ruling.approval),
        "count_parking_area": ruling.count_parking_area,
        "articles": [told_citation(citation) for citation in ruling.citations],
    }


def explained(profile: Profile, ruling: Ruling) -> dict[str, Any]:
    """The answer of ``linli law explain``."""
    facts = {name: _told_fact(fact) for name in FACTS if (fact := profile.fact(name)) is not None}
    return {
        "profile": profile.name,
        "jurisdiction": profile.jurisdiction.code,
        "on": profile.on.isoformat(),
        **basis(ruling),
        "decided_by": "owners_jointly",
        "facts": facts,
        "versions": [_told_version(version) for version in profile.versions],
        "warnings": list(ruling.warnings),
    }


def _told_fact(fact: Fact) -> dict[str, Any]:
    return {"value": _value(fact.value), **told_citation(fact.citation), "note": fact.note}


def _value(value: FactValue) -> Any:
    return told_threshold(value) if isinstance(value, Threshold) else value


def _told_version(version: Version) -> dict[str, Any]:
    until = None if version.in_force_to == LAST_DAY else version.in_force_to.isoformat()
    return {
        "profile": version.profile,
        "title": version.title,
        "jurisdiction": version.jurisdiction,
        "in_force_from": version.in_force_from.isoformat(),
        "in_force_to": until,
        "verified_on": version.verified_on.isoformat(),
        "confidence": version.confidence,
    }


def dated(profile: Profile, meeting: date, found: Iterable[Deadline]) -> dict[str, Any]:
    """The answer of ``linli law deadlines``."""
    return {
        "profile": profile.name,
        "meeting": meeting.isoformat(),
        "deadlines": [_told_deadline(deadline) for deadline in found],
        "warnings": list(profile.warnings),
    }


def _told_deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "code": deadline.code,
        "date": deadline.on.isoformat(),
        "duty": deadline.duty,
        "from": deadline.start.isoformat(),
        "count": deadline.count,
        "unit": deadline.unit,
        "direction": deadline.direction,
        "moved_from": deadline.counted_to.isoformat() if deadline.moved else None,
        "rest_day": deadline.rest_day,
        "provisional": deadline.provisional,
        "items": list(deadline.items),
        **told_citation(deadline.fact.citation),
    }


def listed(book: LawBook) -> dict[str, Any]:
    """The answer of ``linli law list``."""
    return {
        "jurisdictions": [
            {"code": place.code, "name": place.name, "parent": place.parent}
            for place in book.jurisdictions.values()
        ],
        "versions": [_told_version(version) for version in book.versions],
        "matters": [{"code": matter.code, "name": matter.name} for matter in book.matters.values()],
    }


def list_lines(book: LawBook) -> Iterator[str]:
    """The same for reading."""
    yield "规则："
    for version in book.versions:
        until = "今" if version.in_force_to == LAST_DAY else version.in_force_to.isoformat()
        yield f"  {version.profile}  {version.title}，{version.in_force_from.isoformat()} 至{until}"
    yield "地区："
    yield from (f"  {place.code}  {place.name}" for place in book.jurisdictions.values())
    yield "表决事项："
    kinds = "、".join(CLASSES.values())
    yield from (f"  {matter.code}  {matter.name}" for matter in book.matters.values())
    yield f"各事项属于{kinds}中的哪一类，随地方和日期而定，见 linli law explain。"
