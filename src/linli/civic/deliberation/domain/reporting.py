"""What was found, as plain data and for reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linli.civic.deliberation.domain.common_ground import Finding, Opinions, Voices


def told_opinions(found: Opinions, wording: Mapping[str, str]) -> dict[str, Any]:
    """The findings as plain data."""
    return {
        "people": len(found.people),
        "statements": len(found.statements),
        "answers": found.answers,
        "separation": round(found.separation, 6),
        "camps": [
            {"name": camp.name, "size": len(camp.members), "members": list(camp.members)}
            for camp in found.camps
        ],
        "unplaced": list(found.unplaced),
        "common_ground": [_told(one, wording) for one in found.common_ground],
        "common_objection": [_told(one, wording) for one in found.common_objection],
        "divisive": [_told(one, wording) for one in found.divisive],
    }


def _told(one: Finding, wording: Mapping[str, str]) -> dict[str, Any]:
    return {
        "statement_id": one.statement_id,
        "text": wording.get(one.statement_id, ""),
        "reason": one.reason,
        "camps": {name: _told_voices(voices) for name, voices in one.voices.items()},
    }


def _told_voices(voices: Voices) -> dict[str, int]:
    return {"agree": voices.agree, "disagree": voices.disagree, "pass": voices.passed}


def opinion_lines(found: Opinions, wording: Mapping[str, str]) -> Iterator[str]:
    """The findings for reading."""
    yield f"{len(found.people):,} 人对 {len(found.statements):,} 条意见表态 {found.answers:,} 次"
    if len(found.camps) > 1:
        sizes = "，".join(f"{camp.name}营 {len(camp.members):,} 人" for camp in found.camps)
        yield f"大家分成 {len(found.camps)} 个营垒：{sizes}"
    else:
        yield "看不出成形的营垒，按一个整体来看"
    if found.unplaced:
        yield f"{len(found.unplaced):,} 人表态太少，没有归入营垒"
    headings = {
        "共识：每个营垒都同意": found.common_ground,
        "共同反对：每个营垒都不同意": found.common_objection,
        "分歧：一边同意，一边不同意": found.divisive,
    }
    for heading, findings in headings.items():
        yield heading
        for one in findings:
            yield f"  {wording.get(one.statement_id, one.statement_id)}"
            yield f"    {one.reason}"
        if not findings:
            yield "  没有"
    yield "算法：按表态的相像程度分营垒，不看是谁；同一份表态谁来算结果都一样。"
