"""Checks that hold between the parts of a law book: times, parents, names and matters fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from linli.ground.kernel.errors import Invalid
from linli.registry.regulations.domain.profiles import LAST_DAY, Jurisdiction, Matter, Version


def faults_between(
    jurisdictions: Mapping[str, Jurisdiction], versions: Sequence[Version], matters: Mapping[str, Matter]
) -> Iterator[Invalid]:
    """Every contradiction between the parts, by its place."""
    yield from _wrong_parents(jurisdictions)
    yield from _repeated_names(jurisdictions, versions)
    yield from _unknown_matters(versions, matters)
    for code in jurisdictions:
        yield from _wrong_times([version for version in versions if version.jurisdiction == code])


def _wrong_parents(jurisdictions: Mapping[str, Jurisdiction]) -> Iterator[Invalid]:
    for place in jurisdictions.values():
        seen = [place.code]
        parent = place.parent
        while parent is not None:
            if parent not in jurisdictions:
                yield _fault(f"地区 {seen[-1]}", f"上级“{parent}”没有收录。")
                break
            if parent in seen:
                yield _fault(f"地区 {place.code}", f"上级绕成了圈：{' → '.join([*seen, parent])}。")
                break
            seen.append(parent)
            parent = jurisdictions[parent].parent


def _repeated_names(
    jurisdictions: Mapping[str, Jurisdiction], versions: Sequence[Version]
) -> Iterator[Invalid]:
    taken = set(jurisdictions)
    for version in versions:
        if version.profile in taken:
            yield _fault(f"版本 {version.profile}", "这个名字已经用过了。")
        taken.add(version.profile)


def _unknown_matters(versions: Sequence[Version], matters: Mapping[str, Matter]) -> Iterator[Invalid]:
    for matter in matters.values():
        if matter.otherwise is not None and matter.otherwise not in matters:
            yield _fault(f"事项 {matter.code} 的 otherwise", f"没有“{matter.otherwise}”这样的表决事项。")
    for version in versions:
        for code in version.matters:
            if code not in matters:
                yield _fault(f"版本 {version.profile} 的 matters.{code}", f"没有“{code}”这样的表决事项。")


def _wrong_times(versions: Sequence[Version]) -> Iterator[Invalid]:
    """Versions of one jurisdiction follow each other day by day, without a gap and without an overlap."""
    for earlier, later in pairwise(sorted(versions, key=lambda version: version.in_force_from)):
        names = f"版本 {earlier.profile} 与 {later.profile}"
        if earlier.in_force_to >= later.in_force_from:
            until = "（没有写 to）" if earlier.in_force_to == LAST_DAY else f"到 {earlier.in_force_to}"
            yield _fault(names, f"施行时间重叠：前者{until}，后者从 {later.in_force_from} 起。")
        elif earlier.in_force_to + timedelta(days=1) < later.in_force_from:
            yield _fault(
                names, f"施行时间有空档：前者到 {earlier.in_force_to}，后者从 {later.in_force_from} 起。"
            )


def _fault(path: str, what: str) -> Invalid:
    return Invalid("profile_fault", "{path}：{what}", path=path, what=what)
